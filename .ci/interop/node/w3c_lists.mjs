// What other people's libraries read in W3C status lists: the entries of one credential, and all of a list.

import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import { Bitstring } from "@digitalbazaar/bitstring";
import * as bitstring from "@digitalbazaar/vc-bitstring-status-list";
import * as revocationList2020 from "@digitalbazaar/vc-revocation-list";
import * as statusList2021 from "@digitalbazaar/vc-status-list";

const V1 = "https://www.w3.org/2018/credentials/v1";
const V2 = "https://www.w3.org/ns/credentials/v2";

/** The status that a purpose shows as set. */
const SHOWN = { revocation: 1, suspension: 2 };

/** The fewest entries of a list, in all three specifications. */
const FEWEST = 131_072;

/** Each family of formats: its type of entries, the contexts of a credential, and its library. */
export const FAMILIES = [
  {
    name: "bitstring",
    entry: "BitstringStatusListEntry",
    contexts: [V2],
    unverified: { verifyBitstringStatusListCredential: false },
    checkStatus: bitstring.checkStatus,
    /** The entries found, by purpose: whether each is set. */
    found: ({ results }) => results.map(({ credentialStatus, status }) => [credentialStatus.statusPurpose, status]),
    decode: async ({ encodedList }) => values(await bitstring.decodeList({ encodedList }), "getStatus"),
  },
  {
    name: "statuslist2021",
    entry: "StatusList2021Entry",
    contexts: [V1, "https://w3id.org/vc/status-list/2021/v1"],
    unverified: { verifyStatusListCredential: false },
    checkStatus: statusList2021.checkStatus,
    // This library calls a credential verified if its entry is clear.
    found: ({ results }) =>
      results.map(({ credentialStatus, verified }) => [credentialStatus.statusPurpose, !verified]),
    decode: async ({ encodedList }) => values(await statusList2021.decodeList({ encodedList }), "getStatus"),
  },
  {
    name: "revocationlist2020",
    entry: "RevocationList2020Status",
    contexts: [V1, "https://w3id.org/vc-revocation-list-2020/v1"],
    unverified: { verifyRevocationListCredential: false },
    checkStatus: revocationList2020.checkStatus,
    found: ({ verified }) => [["revocation", !verified]],
    decode: async ({ encodedList }) => values(await revocationList2020.decodeList({ encodedList }), "isRevoked"),
  },
];

/** The family of a list credential. */
export function familyOf(list) {
  return FAMILIES.find(({ entry }) => list.type.includes(entry.replace(/(Entry|Status)$/, "Credential")));
}

/** Makes what an issuer would sign, with those references of an entry that belong to a family, if there are any. */
export function credentialOf(family, issuer, { credentialStatus }) {
  const references = credentialStatus.filter(({ type }) => type === family.entry);
  return (
    references.length > 0 && {
      "@context": family.contexts,
      type: ["VerifiableCredential"],
      issuer,
      ...(family.contexts[0] === V1 && { issuanceDate: "2026-01-01T00:00:00Z" }),
      credentialSubject: { id: "did:example:holder" },
      // The verifier of RevocationList2020 reads no array.
      credentialStatus: references.length > 1 ? references : references[0],
    }
  );
}

/** Fails unless a library found of a credential what its entry was set to, for each purpose. */
export function assertFound(family, credential, entry, statusResult) {
  assert.equal(statusResult.error, undefined);
  const references = [credential.credentialStatus].flat();
  const expected = references.map(({ statusPurpose = "revocation" }) => [
    statusPurpose,
    entry.status === SHOWN[statusPurpose],
  ]);
  assert.deepEqual(family.found(statusResult), expected, `entry ${entry.index} with status ${entry.status}`);
}

/** Fails unless every entry of a list is as its series says, as a library reads it. */
export async function assertEntries(list, [series, entries]) {
  const { credentialSubject: subject } = list;
  const purpose = subject.statusPurpose ?? "revocation";
  const size = subject.statusSize ?? 1;
  const bits = await (series === "lsb" ? decodeAsBefore2023(subject) : familyOf(list).decode(subject));
  assert.equal(bits.length, FEWEST * size);
  const expected = new Map(
    entries.map(({ index, status }) => [index, purpose === "message" ? status : Number(status === SHOWN[purpose])]),
  );
  for (let index = 0; index < FEWEST; index++) {
    // The libraries take an entry for one bit, whatever its statusSize: wider ones are put together here, the most
    // significant bit first.
    const value = bits.slice(index * size, (index + 1) * size).reduce((high, bit) => 2 * high + Number(bit), 0);
    assert.equal(value, expected.get(index) ?? 0, `${list.id}, entry ${index}`);
  }
}

/** Returns the list with the first entry that is set cleared, and all else, the proof too, as it was. */
export function withClearedEntry(list) {
  const [, prefix, encoded] = /^(u?)(H4sI.*)$/.exec(list.credentialSubject.encodedList);
  const bits = gunzipSync(Buffer.from(encoded, "base64url"));
  bits[bits.findIndex((byte) => byte !== 0)] = 0;
  const changed = structuredClone(list);
  changed.credentialSubject.encodedList = prefix + gzipSync(bits).toString("base64url");
  return changed;
}

/** Reads the order that the libraries for the two old formats had until 2023. */
async function decodeAsBefore2023({ encodedList }) {
  const buffer = await Bitstring.decodeBits({ encoded: encodedList });
  return values(new Bitstring({ buffer, leftToRightIndexing: false }), "get");
}

function values(list, read) {
  return Array.from({ length: list.length }, (_, index) => list[read](index));
}

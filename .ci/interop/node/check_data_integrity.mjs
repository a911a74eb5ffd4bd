// Checks W3C lists that have a proof in them with the libraries of Digital Bazaar.
// Usage: node check_data_integrity.mjs CONTEXTS CASE.json...

import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import * as vc from "@digitalbazaar/vc";
import { forEachCase } from "./cases.mjs";
import { SUITES } from "./suites.mjs";
import { checkContexts, documentLoader, multikeyLibrary } from "./w3c_documents.mjs";
import { FAMILIES, assertEntries, assertFound, credentialOf, familyOf, withClearedEntry } from "./w3c_lists.mjs";

/** Fails unless each list and each entry is what the case says, and no list can be changed. */
async function check({ issuer, privateKey, proof, published, series }) {
  const lists = Object.fromEntries(
    Object.entries(published).map(([url, base64]) => [url, JSON.parse(Buffer.from(base64, "base64"))]),
  );
  const suite = new DataIntegrityProof({ cryptosuite: SUITES[proof].verify });
  const signer = await signerOf(issuer, privateKey);
  const signing = new DataIntegrityProof({ cryptosuite: SUITES[proof].sign, signer });
  const verify = (credential, documents, family) =>
    vc.verifyCredential({
      credential,
      suite,
      documentLoader: documentLoader(documents),
      checkStatus: family?.checkStatus,
    });

  for (const entry of series.purposes.concat(series["2020"])) {
    for (const family of FAMILIES) {
      const unsigned = credentialOf(family, issuer, entry);
      if (!unsigned) continue;
      // Signed elsewhere with the same key, so that it is read as a whole, with our references in it.
      const credential = await vc.issue({ credential: unsigned, suite: signing, documentLoader: documentLoader({}) });
      const result = await verify(credential, lists, family);
      assert.ok(result.results?.[0].verified, result.error);
      assertFound(family, credential, entry, result.statusResult);
      await assertChangedListsAreRefused(verify, family, credential, lists);
    }
  }

  for (const named of Object.entries(series)) {
    const ofSeries = Object.values(lists).filter(({ id }) => id.includes(`/${named[0]}/`));
    assert.notEqual(ofSeries.length, 0);
    for (const list of ofSeries) {
      await assertEntries(list, named);
      const { error, verified } = await verify(list, {});
      assert.ok(verified, error?.errors?.[0] ?? error);
      for (const changed of changes(list)) {
        assert.equal((await verify(changed, {})).verified, false, JSON.stringify(changed));
      }
    }
  }
}

/** Fails unless a status is refused, and not taken for clear, if any of its lists was changed. */
async function assertChangedListsAreRefused(verify, family, credential, lists) {
  for (const { revocationListCredential, statusListCredential } of [credential.credentialStatus].flat()) {
    const url = statusListCredential ?? revocationListCredential;
    const { statusResult } = await verify(credential, { ...lists, [url]: withClearedEntry(lists[url]) }, family);
    assert.equal(statusResult.verified, false);
    assert.match(statusResult.error.message, /Credential" not verified/);
    assert.match(statusResult.error.cause.errors[0].message, /Invalid signature/);
  }
}

/** Each copy of a document in which one text or number is another. */
function* changes(value) {
  if (typeof value === "object") {
    for (const [name, member] of Object.entries(value)) {
      for (const changed of changes(member)) {
        yield Array.isArray(value) ? value.with(name, changed) : { ...value, [name]: changed };
      }
    }
  } else if (typeof value === "string") {
    const place = value.length >> 1;
    yield value.slice(0, place) + String.fromCharCode(value.charCodeAt(place) ^ 1) + value.slice(place + 1);
  } else {
    yield value + 1;
  }
}

/** The signer of a key that the binary made. */
async function signerOf(did, pem) {
  const jwk = createPrivateKey(pem).export({ format: "jwk" });
  const multikey = did.slice("did:key:".length);
  const options = { jwk, secretKey: true, id: `${did}#${multikey}`, controller: did };
  const pair = await multikeyLibrary(did).fromJwk(options);
  assert.equal(pair.publicKeyMultibase, multikey);
  return pair.signer();
}

const [contexts, ...paths] = process.argv.slice(2);
checkContexts(contexts);
await forEachCase(paths, check);

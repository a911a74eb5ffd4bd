// Makes lists that are genuine and lists that are forged, and writes down which of them the libraries of Digital
// Bazaar (embedded proofs) and jose (JWTs) accept with the issuer's key. Usage: node make_verdicts.mjs CONTEXTS FOLDER

import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import * as EcdsaMultikey from "@digitalbazaar/ecdsa-multikey";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import * as vc from "@digitalbazaar/vc";
import { SignJWT, importJWK, jwtVerify } from "jose";
import { SUITES } from "./suites.mjs";
import { checkContexts, documentLoader } from "./w3c_documents.mjs";

const [contexts, folder] = process.argv.slice(2);
checkContexts(contexts);

const V1 = "https://www.w3.org/2018/credentials/v1";
const V2 = "https://www.w3.org/ns/credentials/v2";
const DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2";
const FAMILIES = {
  BitstringStatusList: [V2],
  StatusList2021: [V1, "https://w3id.org/vc/status-list/2021/v1", DATA_INTEGRITY],
  RevocationList2020: [V1, "https://w3id.org/vc-revocation-list-2020/v1", DATA_INTEGRITY],
};
const CURVES = { ES256: "P-256", ES384: "P-384", EdDSA: "Ed25519" };
const VALID = ["validFrom", "validUntil"];
const VALID_V1 = ["issuanceDate", "expirationDate"];
const time = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d+/, "");

const verdicts = [];

/** Writes something published, and what the library said of it, which must be what was meant. */
function write(name, key, text, accepted, meant) {
  assert.equal(accepted, meant, name);
  const file = `node-${verdicts.length}`;
  writeFileSync(join(folder, file), text);
  const options = [["--key", key.pem], ["--jwks", key.jwks], ["--did-document", key.document]];
  verdicts.push({ name, file, options: options[verdicts.length % options.length], accepted });
}

/** A key, its did:key, and the files in which it is given. */
async function makeKey(algorithm, name) {
  const library = algorithm === "EdDSA" ? Ed25519Multikey : EcdsaMultikey;
  const namedCurve = CURVES[algorithm];
  const kind = algorithm === "EdDSA" ? "ed25519" : "ec";
  const { privateKey } = generateKeyPairSync(kind, { namedCurve });
  const publicKey = createPublicKey(privateKey);
  const jwk = publicKey.export({ format: "jwk" });
  const { publicKeyMultibase } = await library.fromJwk({ jwk });
  const did = `did:key:${publicKeyMultibase}`;
  const id = `${did}#${publicKeyMultibase}`;
  const files = ["pem", "jwks", "document"].map((kind) => [kind, `${name}-${kind}`]);
  const key = { algorithm, did, id, privateKey, publicKey, jwk, ...Object.fromEntries(files) };
  const secret = privateKey.export({ format: "jwk" });
  key.pair = await library.fromJwk({ jwk: secret, secretKey: true, id, controller: did });
  writeFileSync(join(folder, key.pem), publicKey.export({ format: "pem", type: "spki" }));
  writeFileSync(join(folder, key.jwks), JSON.stringify({ keys: [jwk] }));
  const method = { id, type: "Multikey", controller: did, publicKeyMultibase };
  const document = { id: did, verificationMethod: [method], assertionMethod: [id] };
  writeFileSync(join(folder, key.document), JSON.stringify(document));
  return key;
}

/** A list of 131,072 entries in which these are set. */
function encodedList(family, indexes) {
  const bits = Buffer.alloc(16_384);
  for (const index of indexes) bits[index >> 3] |= 0x80 >> (index & 7);
  return (family === "BitstringStatusList" ? "u" : "") + gzipSync(bits).toString("base64url");
}

/** A list without a proof. */
function makeList(family, issuer, more = {}) {
  const id = "https://status.example/lists/3";
  const [from, until] = family === "BitstringStatusList" ? VALID : VALID_V1;
  return {
    "@context": FAMILIES[family],
    id,
    type: ["VerifiableCredential", `${family}Credential`],
    issuer,
    [from]: time(-1),
    [until]: time(24),
    ...more,
    credentialSubject: {
      id: `${id}#list`,
      type: family,
      ...(family !== "RevocationList2020" && { statusPurpose: "revocation" }),
      encodedList: encodedList(family, [7, 94_567]),
    },
  };
}

/** The same list with nothing revoked: what a forger wants. */
function emptied(list) {
  const { credentialSubject: subject } = list;
  return { ...list, credentialSubject: { ...subject, encodedList: encodedList(subject.type, []) } };
}

/** Members that a list may have for people. */
const texts = (did) => [
  {},
  { name: "A list", description: 'Of credentials that say "no",\nor nothing \\ für alle' },
  {
    name: { "@value": "A list", "@language": "en" },
    description: ["A register", { "@value": "Eine Liste", "@language": "de-at" }],
  },
  { issuer: { id: did, name: "An issuer", description: [{ "@value": "Ein Amt", "@language": "de" }] } },
];

/** Whether the libraries of Digital Bazaar accept a list. */
async function accepts(credential) {
  const suite = Object.values(SUITES).map(({ verify }) => new DataIntegrityProof({ cryptosuite: verify }));
  const result = await vc.verifyCredential({ credential, suite, documentLoader: documentLoader({}) });
  return result.verified;
}

async function prove(list, suite, key) {
  const signing = new DataIntegrityProof({ cryptosuite: SUITES[suite].sign, signer: key.pair.signer() });
  return vc.issue({ credential: list, suite: signing, documentLoader: documentLoader({}) });
}

/** Every way to hide or spoil a proof, and a list that says more than was signed. */
async function forgedProofs(list, suite, stranger, key) {
  const empty = emptied(list);
  const { proof } = list;
  const { proofValue, ...withoutValue } = proof;
  const { proof: _, ...without } = empty;
  const { proof: foreign } = await prove({ ...without, issuer: stranger.did }, suite, stranger);
  const withProof = (changed) => ({ ...empty, proof: changed });
  return {
    "as it was": empty,
    "no proof": without,
    "no proofs": withProof([]),
    "no value": withProof(withoutValue),
    "a junk value": withProof({ ...proof, proofValue: `${proofValue.slice(0, -4)}zzzz` }),
    "an unknown cryptosuite": withProof({ ...proof, cryptosuite: "unknown-2026" }),
    "an unknown type": withProof({ ...proof, type: "UnknownSignature2026" }),
    "another key": withProof(foreign),
    "another key under this name": withProof({ ...foreign, verificationMethod: key.id }),
    "a bare did:key": withProof({ ...proof, verificationMethod: key.did }),
    "another purpose": withProof({ ...proof, proofPurpose: "authentication" }),
    "another name": { ...list, name: "Another list" },
    "another description": { ...list, description: "Another list" },
    "another issuer's name": { ...list, issuer: { id: key.did, name: "Another issuer" } },
    "another end": { ...list, [list.validUntil ? "validUntil" : "expirationDate"]: time(1000) },
  };
}

for (const suite of Object.keys(SUITES)) {
  for (const algorithm of suite.startsWith("ecdsa") ? ["ES256", "ES384"] : ["EdDSA"]) {
    const key = await makeKey(algorithm, `${suite}-${algorithm}`);
    const stranger = await makeKey(algorithm, `${suite}-${algorithm}-stranger`);
    const lists = texts(key.did).map((more) => makeList("BitstringStatusList", key.did, more));
    const plain = (family) => makeList(family, key.did, { name: "A list", description: "Of entries" });
    for (const list of [...lists, plain("StatusList2021"), plain("RevocationList2020")]) {
      const signed = await prove(list, suite, key);
      const name = `${suite} ${algorithm} ${list.type[1]} ${Object.keys(list)}`;
      write(name, key, JSON.stringify(signed), await accepts(structuredClone(signed)), true);
      for (const [how, forged] of Object.entries(await forgedProofs(signed, suite, stranger, key))) {
        write(`${name}: ${how}`, key, JSON.stringify(forged), await accepts(structuredClone(forged)), false);
      }
    }
  }
}

/** Whether jose accepts a token. */
async function verifies(compact, key, typ) {
  const publicKey = await importJWK(key.jwk, key.algorithm);
  return jwtVerify(compact, publicKey, { algorithms: [key.algorithm], typ }).then(
    () => true,
    () => false,
  );
}

const write64 = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Every way to hide or spoil the signature of a JWT. */
async function forgedJwts(compact, payload, key, stranger) {
  const [header, , signature] = compact.split(".");
  const read = JSON.parse(Buffer.from(header, "base64url"));
  const changed = write64(payload);
  const by = (extra) => new SignJWT(payload).setProtectedHeader({ ...read, ...extra }).sign(stranger.privateKey);
  return {
    "as it was": `${header}.${changed}.${signature}`,
    "no signature": `${header}.${changed}.`,
    "alg none": `${write64({ ...read, alg: "none" })}.${changed}.`,
    "two parts": `${header}.${changed}`,
    "four parts": `${header}.${changed}.${signature}.${signature}`,
    "another key": await by({}),
    "another key that it brings": await by({ jwk: stranger.jwk, kid: stranger.id }),
    "an unknown demand": `${write64({ ...read, crit: ["unknown"], unknown: 1 })}.${changed}.${signature}`,
  };
}

for (const algorithm of Object.keys(CURVES)) {
  const key = await makeKey(algorithm, `jose-${algorithm}`);
  const stranger = await makeKey(algorithm, `jose-${algorithm}-stranger`);
  for (const more of texts(key.did)) {
    const list = makeList("BitstringStatusList", key.did, more);
    const header = { alg: algorithm, kid: key.id, typ: "vc+jwt", cty: "vc" };
    const compact = await new SignJWT(list).setProtectedHeader(header).sign(key.privateKey);
    const name = `vc+jwt ${algorithm} ${Object.keys(list)}`;
    write(name, key, compact, await verifies(compact, key, "vc+jwt"), true);
    const type = "EnvelopedVerifiableCredential";
    const enveloped = (token) => JSON.stringify({ "@context": [V2], id: `data:application/vc+jwt,${token}`, type });
    write(`enveloped ${name}`, key, enveloped(compact), true, true);
    for (const [how, forged] of Object.entries(await forgedJwts(compact, emptied(list), key, stranger))) {
      const accepted = await verifies(forged, key, "vc+jwt");
      write(`${name}: ${how}`, key, forged, accepted, false);
      write(`enveloped ${name}: ${how}`, key, enveloped(forged), accepted, false);
    }
  }
}

writeFileSync(join(folder, "node-verdicts.json"), JSON.stringify(verdicts));
console.log(`node: ${verdicts.length} lists made`);

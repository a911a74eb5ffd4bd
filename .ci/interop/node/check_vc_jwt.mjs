// Checks W3C lists that are JWTs: the signatures with jose, the entries with the libraries of Digital Bazaar.
// Usage: node check_vc_jwt.mjs CASE.json...

import assert from "node:assert/strict";
import { importJWK, jwtVerify } from "jose";
import { forEachCase } from "./cases.mjs";
import { documentLoader, multikeyLibrary } from "./w3c_documents.mjs";
import { FAMILIES, assertEntries, assertFound, credentialOf } from "./w3c_lists.mjs";

/** Fails unless each list and each entry is what the case says, and no list can be changed. */
async function check({ algorithm, issuer, key, published, series }) {
  const method = `${issuer}#${issuer.slice("did:key:".length)}`;
  const jwk = await keyOf(method);
  assert.deepEqual({ ...key, ...jwk }, key);
  const publicKey = await importJWK(jwk, algorithm);
  const verify = async (compact) => {
    const { payload, protectedHeader } = await jwtVerify(compact, publicKey, { algorithms: [algorithm] });
    assert.equal(protectedHeader.kid, method);
    return credentialIn(payload, protectedHeader);
  };

  const lists = {};
  for (const [url, base64] of Object.entries(published)) {
    const compact = Buffer.from(base64, "base64").toString();
    lists[url] = await verify(compact);
    assert.equal(lists[url].id, url);
    assert.equal(lists[url].issuer, issuer);
    for (const part of [0, 1, 2]) {
      await assert.rejects(verify(withFlippedBit(compact, part)));
    }
  }

  for (const named of Object.entries(series)) {
    const ofSeries = Object.values(lists).filter(({ id }) => id.includes(`/${named[0]}/`));
    assert.notEqual(ofSeries.length, 0);
    for (const list of ofSeries) {
      await assertEntries(list, named);
    }
  }
  for (const entry of series.purposes.concat(series["2020"])) {
    for (const family of FAMILIES) {
      const credential = credentialOf(family, issuer, entry);
      // These libraries verify proofs that stand in a credential alone: here jose has verified the lists.
      const options = { credential, documentLoader: documentLoader(lists), ...family.unverified };
      if (credential) assertFound(family, credential, entry, await family.checkStatus(options));
    }
  }
}

/** Returns the credential of a token, which is in one of two forms. */
function credentialIn(payload, { cty, typ }) {
  if (typ === "vc+jwt") {
    // VC-JOSE-COSE: the payload is the credential.
    assert.equal(cty, "vc");
    assert.equal(payload.vc, undefined);
    assert.equal(payload["@context"][0], "https://www.w3.org/ns/credentials/v2");
    return payload;
  }
  // Verifiable Credentials Data Model 1.1, section 6.3.1: claims say again what the credential says.
  const { exp, iss, jti, nbf, sub, vc } = payload;
  assert.equal(typ, "JWT");
  assert.equal(vc["@context"][0], "https://www.w3.org/2018/credentials/v1");
  assert.deepEqual([iss, jti, sub], [vc.issuer, vc.id, vc.credentialSubject.id]);
  assert.deepEqual([nbf, exp], [Date.parse(vc.issuanceDate) / 1000, Date.parse(vc.expirationDate) / 1000]);
  return vc;
}

/** Returns the key of a did:key as a JWK, as its own library reads it. */
async function keyOf(method) {
  const { document } = await documentLoader({})(method);
  const library = multikeyLibrary(method);
  const { kty, crv, x, y } = await library.toJwk({ keyPair: await library.from(document) });
  return { kty, crv, x, ...(y && { y }) };
}

/** Returns a token with one bit in the middle of its header (0), payload (1) or signature (2) changed. */
function withFlippedBit(compact, part) {
  const parts = compact.split(".");
  const changed = Buffer.from(parts[part], "base64url");
  changed[changed.length >> 1] ^= 1;
  return parts.with(part, changed.toString("base64url")).join(".");
}

await forEachCase(process.argv.slice(2), check);

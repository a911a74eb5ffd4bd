// What verifiers of W3C credentials load by url. Nothing is fetched: contexts come from npm packages, did:key
// from the identifier itself, lists from the case.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { named } from "@digitalbazaar/credentials-context";
import { contexts as dataIntegrity } from "@digitalbazaar/data-integrity-context";
import { driver } from "@digitalbazaar/did-method-key";
import * as EcdsaMultikey from "@digitalbazaar/ecdsa-multikey";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import { contexts as multikey } from "@digitalbazaar/multikey-context";
import { contexts as statusList2021 } from "@digitalbazaar/vc-status-list-context";
import revocationList2020 from "vc-revocation-list-context";

/** Each context that a list or a credential may name: its url, its text, and its file among the pinned ones. */
const CONTEXTS = [
  ["https://www.w3.org/2018/credentials/v1", named.get("v1").context, "credentials-v1.json"],
  ["https://www.w3.org/ns/credentials/v2", named.get("v2").context, "credentials-v2.json"],
  ["https://w3id.org/security/data-integrity/v2", dataIntegrity, "data-integrity-v2.json"],
  ["https://w3id.org/security/multikey/v1", multikey, "multikey-v1.json"],
  ["https://w3id.org/vc/status-list/2021/v1", statusList2021, "status-list-2021-v1.json"],
  ["https://w3id.org/vc-revocation-list-2020/v1", revocationList2020.contexts, "rl2020-v1.json"],
].map(([url, found, file]) => ({ url, context: found instanceof Map ? found.get(url) : found, file }));

/** The first characters of keys in Multikey form, and the library that reads those. */
const MULTIKEYS = { zDna: EcdsaMultikey, z82L: EcdsaMultikey, z2J9: EcdsaMultikey, z6Mk: Ed25519Multikey };

const didKeys = driver();
for (const [multibaseMultikeyHeader, library] of Object.entries(MULTIKEYS)) {
  didKeys.use({ multibaseMultikeyHeader, fromMultibase: library.from });
}

/** Fails unless the contexts of the packages are those in the folder, where there is such a folder. */
export function checkContexts(folder) {
  if (!existsSync(folder)) {
    console.log(`node: no pinned contexts in ${folder}: those of the npm packages are taken as they are`);
    return;
  }
  for (const { url, context, file } of CONTEXTS) {
    assert.deepEqual(context, JSON.parse(readFileSync(join(folder, file), "utf8")), url);
  }
}

/** The library for the key of a did:key. */
export function multikeyLibrary(did) {
  return MULTIKEYS[did.slice("did:key:".length).slice(0, 4)];
}

/** Makes a document loader that knows these documents by url, the contexts and did:key, and nothing else. */
export function documentLoader(published) {
  return async (url) => {
    const context = CONTEXTS.find((known) => known.url === url)?.context;
    const key = url.startsWith("did:key:") ? await didKeys.get({ url }) : undefined;
    const document = context ?? key ?? published[url];
    if (document === undefined) {
      throw new Error(`nothing is fetched, and ${url} is not here`);
    }
    // Some verifiers change what they are given.
    return { contextUrl: null, documentUrl: url, document: structuredClone(document) };
  };
}

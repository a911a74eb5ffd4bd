// Checks published tokens with jose and @sd-jwt/jwt-status-list. Usage: node check_jwt.mjs CASE.json...

import assert from "node:assert/strict";
import { getListFromStatusListJWT } from "@sd-jwt/jwt-status-list";
import { importJWK, jwtVerify } from "jose";
import { forEachCase } from "./cases.mjs";

/** Fails unless the token is genuine and every entry of the list is as the case says. */
async function check({ bits, jwt: { token, uri }, key, size, statuses }) {
  const publicKey = await importJWK(key, key.alg);
  assert.equal(publicKey.type, "public");
  const verify = (compact) =>
    jwtVerify(compact, publicKey, {
      algorithms: [key.alg],
      requiredClaims: ["sub", "iat", "exp", "ttl"],
      subject: uri,
      typ: "statuslist+jwt",
    });

  const { payload, protectedHeader } = await verify(token);
  assert.equal(protectedHeader.kid, key.kid);
  assert.equal(payload.status_list.bits, bits);

  const list = getListFromStatusListJWT(token);
  assert.equal(list.getBitsPerStatus(), bits);
  assert.equal(list.statusList.length, (Math.ceil((size * bits) / 8) * 8) / bits);
  for (let index = 0; index < list.statusList.length; index++) {
    assert.equal(list.getStatus(index), statuses[index] ?? 0, `entry ${index}`);
  }

  await assert.rejects(verify(withFlippedSignatureBit(token)), { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
}

/** Returns the same token with one bit of its signature changed. */
function withFlippedSignatureBit(token) {
  const [header, payload, signature] = token.split(".");
  const changed = Buffer.from(signature, "base64url");
  changed[changed.length >> 1] ^= 1;
  return [header, payload, changed.toString("base64url")].join(".");
}

await forEachCase(process.argv.slice(2), check);

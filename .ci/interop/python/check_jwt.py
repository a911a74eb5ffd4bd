"""Checks published JWTs with PyJWT and zlib. Usage: check_jwt.py CASE.json..."""

import base64
import json
import re
import sys
import zlib
from pathlib import Path

import jwt
from lists import check_entries


def check(case):
    """Fails unless the token is genuine and every entry of the list is as the case says."""
    token = case["jwt"]["token"]
    verified = decode(case, token)
    header, claims = verified["header"], verified["payload"]
    assert header["typ"] == "statuslist+jwt", header
    assert header.get("kid") == case["key"].get("kid"), header
    assert claims["iat"] < claims["exp"] and claims["ttl"] > 0, claims
    assert claims["status_list"]["bits"] == case["bits"], claims["status_list"]["bits"]
    check_entries(case, decode_base64url(claims["status_list"]["lst"]))

    try:
        decode(case, with_flipped_signature_bit(token))
    except jwt.InvalidSignatureError:
        return
    raise AssertionError("a false signature was accepted")


def decode(case, token):
    """Verifies signature, times and subject."""
    algorithm = case["key"]["alg"]
    return jwt.decode_complete(
        token,
        jwt.PyJWK(case["key"], algorithm),
        algorithms=[algorithm],
        subject=case["jwt"]["uri"],
        options={"require": ["sub", "iat", "exp", "ttl"]},
    )


def decode_base64url(text):
    """Undoes base64url without padding, and tolerates nothing between."""
    assert re.fullmatch("[A-Za-z0-9_-]+", text), "lst is not base64url without padding"
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def with_flipped_signature_bit(token):
    """Returns the same token with one bit of its signature changed."""
    signed, _, signature = token.rpartition(".")
    changed = bytearray(decode_base64url(signature))
    changed[len(changed) // 2] ^= 1
    return f"{signed}.{base64.urlsafe_b64encode(changed).rstrip(b'=').decode()}"


for path in map(Path, sys.argv[1:]):
    try:
        check(json.loads(path.read_text()))
    except (AssertionError, KeyError, ValueError, jwt.PyJWTError, zlib.error) as error:
        sys.exit(f"python: {path.stem}: jwt: {type(error).__name__}: {error}")
    print(f"python: {path.stem}: jwt: ok")

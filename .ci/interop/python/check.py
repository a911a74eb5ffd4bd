"""Checks published tokens with PyJWT and zlib. Usage: check.py CASE.json..."""

import base64
import json
import re
import sys
import zlib
from pathlib import Path

import jwt


def check(case):
    """Fails unless the token is genuine and every entry of the list is as the case says."""
    bits, size, token = case["bits"], case["size"], case["token"]
    verified = decode(case, token)
    header, claims = verified["header"], verified["payload"]
    assert header["typ"] == "statuslist+jwt", header
    assert header.get("kid") == case["key"].get("kid"), header
    assert claims["iat"] < claims["exp"] and claims["ttl"] > 0, claims
    assert claims["status_list"]["bits"] == bits, claims["status_list"]["bits"]

    packed = inflate(claims["status_list"]["lst"])
    assert len(packed) == (size * bits + 7) // 8, f"{len(packed)} bytes"
    per_byte = 8 // bits
    for index in range(len(packed) * per_byte):
        found = packed[index // per_byte] >> (index % per_byte * bits) & ((1 << bits) - 1)
        expected = case["statuses"].get(str(index), 0)
        assert found == expected, f"entry {index} is {found}, not {expected}"

    try:
        decode(case, with_flipped_signature_bit(token))
    except jwt.InvalidSignatureError:
        return
    raise AssertionError("a false signature was accepted")


def decode(case, token):
    """Verifies signature, times and subject."""
    return jwt.decode_complete(
        token,
        jwt.PyJWK(case["key"], "ES256"),
        algorithms=["ES256"],
        subject=case["uri"],
        options={"require": ["sub", "iat", "exp", "ttl"]},
    )


def inflate(lst):
    """Undoes base64url without padding and zlib, and tolerates nothing before, between or after."""
    assert re.fullmatch("[A-Za-z0-9_-]+", lst), "lst is not base64url without padding"
    stream = base64.urlsafe_b64decode(lst + "=" * (-len(lst) % 4))
    inflater = zlib.decompressobj()
    packed = inflater.decompress(stream)
    assert inflater.eof and not inflater.unused_data, "not one whole zlib stream"
    return packed


def with_flipped_signature_bit(token):
    """Returns the same token with one bit of its signature changed."""
    signed, _, signature = token.rpartition(".")
    changed = bytearray(base64.urlsafe_b64decode(signature + "=="))
    changed[len(changed) // 2] ^= 1
    return f"{signed}.{base64.urlsafe_b64encode(changed).rstrip(b'=').decode()}"


for path in map(Path, sys.argv[1:]):
    try:
        check(json.loads(path.read_text()))
    except (AssertionError, KeyError, ValueError, jwt.PyJWTError, zlib.error) as error:
        sys.exit(f"python: {path.stem}: {type(error).__name__}: {error}")
    print(f"python: {path.stem}: ok")

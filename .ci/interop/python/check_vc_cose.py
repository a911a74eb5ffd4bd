"""Checks W3C lists in COSE with python-cwt, gzip and json. Usage: check_vc_cose.py CASE.json..."""

import base64
import gzip
import json
import sys
from pathlib import Path

import cwt

# RFC 9052 and RFC 9596.
ALG, CONTENT_TYPE, KID, TYP = 1, 3, 4, 16
ALGORITHMS = {"ES256": -7, "ES384": -35, "ES512": -36, "EdDSA": -8}
# The fewest entries of a list, and the status that each purpose shows as set.
FEWEST = 131_072
SHOWN = {"revocation": 1, "suspension": 2}


def check(case):
    """Fails unless each list is genuine and every entry is as the case says."""
    method = f"{case['issuer']}#{case['issuer'].removeprefix('did:key:')}"
    key = cwt.COSEKey.from_jwk(case["key"] | {"kid": method})
    purposes = set()
    for uri, encoded in case["published"].items():
        token = base64.b64decode(encoded)
        credential = verified(case, key, token)
        subject = credential["credentialSubject"]
        assert credential["id"] == uri and credential["issuer"] == case["issuer"], credential
        purposes.add(subject["statusPurpose"])
        series = "messages" if subject["statusPurpose"] == "message" else "purposes"
        check_entries(subject, case["series"][series])

        for place in range(len(token)):
            changed = bytearray(token)
            changed[place] ^= 1
            assert not verifies(key, bytes(changed)), f"byte {place} may be changed"
    assert purposes == {"revocation", "suspension", "message"}, purposes


def verified(case, key, token):
    """Verifies a token, and returns the credential in it (VC-JOSE-COSE, section 3.3)."""
    header, unprotected, payload = cwt.COSE.new(verify_kid=True).decode_with_headers(token, key)
    assert header == {
        ALG: ALGORITHMS[case["algorithm"]],
        CONTENT_TYPE: "application/vc",
        KID: key.kid,
        TYP: "application/vc+cose",
    }, header
    assert unprotected == {}, unprotected
    return json.loads(payload)


def verifies(key, token):
    """Whether python-cwt takes the token; what it says of a changed one may be any error."""
    try:
        cwt.COSE.new(verify_kid=True).decode_with_headers(token, key)
    except Exception:
        return False
    return True


def check_entries(subject, entries):
    """Compares every entry: the first is the most significant bits of the first byte."""
    purpose, size = subject["statusPurpose"], subject.get("statusSize", 1)
    multibase, encoded = subject["encodedList"][0], subject["encodedList"][1:]
    assert multibase == "u", multibase
    packed = gzip.decompress(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    assert len(packed) == FEWEST * size // 8, len(packed)
    bits = "".join(f"{byte:08b}" for byte in packed)
    found = {
        index: int(bits[index * size : (index + 1) * size], 2)
        for index in range(FEWEST)
        if "1" in bits[index * size : (index + 1) * size]
    }
    expected = {
        entry["index"]: entry["status"] if purpose == "message" else 1
        for entry in entries
        if (entry["status"] != 0 if purpose == "message" else entry["status"] == SHOWN[purpose])
    }
    assert found == expected, f"{purpose}: {found}, not {expected}"


for path in map(Path, sys.argv[1:]):
    try:
        check(json.loads(path.read_text()))
    except (AssertionError, KeyError, ValueError, cwt.CWTError) as error:
        sys.exit(f"python: {path.stem}: {type(error).__name__}: {error}")
    print(f"python: {path.stem}: ok")

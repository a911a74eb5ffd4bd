"""Checks published CWTs with python-cwt, cbor2 and zlib. Usage: check_cwt.py CASE.json..."""

import json
import sys
import zlib
from pathlib import Path

import cbor2
import cwt
from lists import check_entries

# RFC 9052, RFC 9596, RFC 8392, and draft-ietf-oauth-status-list.
COSE_SIGN1 = 18
ALG, KID, TYP = 1, 4, 16
ISS, SUB, EXP, IAT = 1, 2, 4, 6
STATUS_LIST, TTL = 65533, 65534
ALGORITHMS = {"ES256": -7, "ES384": -35, "ES512": -36, "EdDSA": -8}


def check(case):
    """Fails unless the token is genuine and every entry of the list is as the case says."""
    token = bytes.fromhex(case["cwt"]["token_hex"])
    key = cwt.COSEKey.from_jwk(case["key"])
    check_form(case, token)
    claims = cwt.decode(token, key)
    _, _, payload = cwt.COSE.new(verify_kid=True).decode_with_headers(token, key)
    assert cbor2.loads(payload) == claims
    check_claims(case, claims)
    check_entries(case, claims[STATUS_LIST]["lst"])

    for place in range(len(token)):
        changed = bytearray(token)
        changed[place] ^= 1
        assert not verifies(bytes(changed), key), f"byte {place} may be changed"


def check_form(case, token):
    """Takes the token apart without the help of a library that knows COSE."""
    assert token[:2] == b"\xd2\x84", token[:2].hex()
    message = cbor2.loads(token)
    assert message.tag == COSE_SIGN1
    protected, unprotected, payload, signature = message.value
    kid = case["key"]["kid"].encode()
    expected = {ALG: ALGORITHMS[case["key"]["alg"]], KID: kid, TYP: "application/statuslist+cwt"}
    assert cbor2.loads(protected) == expected, cbor2.loads(protected)
    assert unprotected == {}, unprotected
    # Nothing behind it, no number or length longer than it must be, and keys in this order.
    claims = cbor2.loads(payload)
    assert list(claims) == [SUB, ISS, IAT, EXP, TTL, STATUS_LIST], list(claims)
    assert cbor2.dumps(claims) == payload
    assert cbor2.dumps(message) == token
    assert len(signature) == {"ES384": 96, "ES512": 132}.get(case["key"]["alg"], 64)


def check_claims(case, claims):
    """Checks all claims but the entries."""
    assert claims[SUB] == case["cwt"]["uri"], claims[SUB]
    assert claims[ISS] == case["issuer"], claims[ISS]
    assert claims[IAT] < claims[EXP], claims
    assert type(claims[TTL]) is int and claims[TTL] > 0, claims[TTL]
    assert set(claims[STATUS_LIST]) == {"bits", "lst"}, claims[STATUS_LIST]
    assert claims[STATUS_LIST]["bits"] == case["bits"], claims[STATUS_LIST]["bits"]

    # What a credential embeds: the status of an entry.
    reference = cbor2.loads(bytes.fromhex(case["cwt"]["reference_hex"]))
    expected = {"status_list": {"idx": case["reference_index"], "uri": case["cwt"]["uri"]}}
    assert reference == expected, reference


def verifies(token, key):
    """Whether python-cwt takes the token; what it says of a changed one may be any error."""
    try:
        cwt.COSE.new(verify_kid=True).decode_with_headers(token, key)
    except Exception:
        return False
    return True


for path in map(Path, sys.argv[1:]):
    try:
        check(json.loads(path.read_text()))
    except (AssertionError, KeyError, ValueError, cwt.CWTError, zlib.error) as error:
        sys.exit(f"python: {path.stem}: cwt: {type(error).__name__}: {error}")
    print(f"python: {path.stem}: cwt: ok")

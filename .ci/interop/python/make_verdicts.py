"""Makes Status List Tokens and lists in COSE that are genuine or forged, and writes down which of them PyJWT and
python-cwt accept with the issuer's key. Usage: make_verdicts.py FOLDER"""

import base64
import gzip
import json
import sys
import time
import zlib
from pathlib import Path

import cbor2
import cwt
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

FOLDER = Path(sys.argv[1])
ALG, CONTENT_TYPE, KID, TYP = 1, 3, 4, 16
ALGORITHMS = {
    "ES256": (-7, ec.SECP256R1),
    "ES384": (-35, ec.SECP384R1),
    "ES512": (-36, ec.SECP521R1),
    "EdDSA": (-8, None),
}
NOW = int(time.time())
URI = "https://status.example/lists/0"
verdicts = []


class Key:
    """A key, and the files in which it is given."""

    def __init__(self, algorithm, name):
        self.algorithm = algorithm
        self.number, curve = ALGORITHMS[algorithm]
        self.private = ec.generate_private_key(curve()) if curve else ed25519.Ed25519PrivateKey.generate()
        self.public = self.private.public_key()
        self.pem = f"{name}-{algorithm}.pem"
        (FOLDER / self.pem).write_bytes(
            self.public.public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
        signer = jwt.get_algorithm_by_name(algorithm)
        self.jwk = json.loads(signer.to_jwk(self.public)) | {"kid": "issuer"}
        self.jwks = f"{name}-{algorithm}.json"
        (FOLDER / self.jwks).write_text(json.dumps({"keys": [self.jwk]}))
        secret = json.loads(signer.to_jwk(self.private)) | {"kid": "issuer", "alg": algorithm}
        self.cose = cwt.COSEKey.from_jwk(secret)
        self.cose_public = cwt.COSEKey.from_jwk(self.jwk | {"alg": algorithm})


def write(name, key, published, accepted, meant):
    """Writes something published, and what the library said of it, which must be what was meant."""
    assert accepted == meant, name
    file = f"python-{len(verdicts)}"
    (FOLDER / file).write_bytes(published)
    options = ["--key", key.pem] if len(verdicts) % 2 else ["--jwks", key.jwks]
    verdicts.append({"name": name, "file": file, "options": options, "accepted": accepted})


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def write64(value):
    return base64url(json.dumps(value).encode())


def claims(bits, revoked):
    """The claims of a list in which some entries are set, or none."""
    packed = bytes(1000 - 1) + (b"\x01" if revoked else b"\0")
    lst = base64url(zlib.compress(packed, 9))
    return {
        "sub": URI,
        "iat": NOW - 60,
        "exp": NOW + 86_400,
        "ttl": 3600,
        "status_list": {"bits": bits, "lst": lst},
    }


def in_cbor(found):
    """The same claims with the numbers that they have in a CWT."""
    status_list = found["status_list"]
    lst = base64.urlsafe_b64decode(status_list["lst"] + "==")
    numbers = {2: found["sub"], 6: found["iat"], 4: found["exp"], 65534: found["ttl"]}
    return cbor2.dumps(numbers | {65533: {"bits": status_list["bits"], "lst": lst}})


def jwt_accepted(key, token):
    try:
        jwt.decode(token, jwt.PyJWK(key.jwk, key.algorithm), algorithms=[key.algorithm], subject=URI)
    except jwt.PyJWTError:
        return False
    return True


def forged_jwts(token, empty, key, stranger):
    header, _, signature = token.split(".")
    read = json.loads(base64.urlsafe_b64decode(header + "=="))
    payload = write64(empty)
    without = {name: value for name, value in read.items() if name != "alg"}
    by = jwt.encode(empty, stranger.private, key.algorithm, without)
    yield "as it was", f"{header}.{payload}.{signature}"
    yield "no signature", f"{header}.{payload}."
    yield "alg none", f"{write64(read | {'alg': 'none'})}.{payload}."
    yield "alg NONE with a signature", f"{write64(read | {'alg': 'NONE'})}.{payload}.{signature}"
    yield "alg HS256", f"{write64(read | {'alg': 'HS256'})}.{payload}.{signature}"
    yield "two parts", f"{header}.{payload}"
    yield "a part more", f"{header}.{payload}.{signature}.{signature}"
    yield "another key", by
    other = without | {"jwk": stranger.jwk}
    yield "another key that it brings", jwt.encode(empty, stranger.private, key.algorithm, other)


def make_jwts(key, stranger):
    for bits in (1, 2, 4, 8):
        header = {"typ": "statuslist+jwt", "kid": "issuer"}
        token = jwt.encode(claims(bits, True), key.private, key.algorithm, header)
        name = f"jwt {key.algorithm} {bits} bits"
        write(name, key, token.encode(), jwt_accepted(key, token), True)
        for how, forged in forged_jwts(token, claims(bits, False), key, stranger):
            write(f"{name}: {how}", key, forged.encode(), jwt_accepted(key, forged), False)


def cose_accepted(key, message):
    """Whether python-cwt takes the message; what it says of another one may be any error."""
    try:
        cwt.COSE.new(verify_kid=True).decode_with_headers(message, key.cose_public)
    except Exception:
        return False
    return True


def sign(key, protected, payload):
    return cwt.COSE.new().encode(payload, key.cose, protected=protected)


def forged_messages(message, empty, protected, stranger):
    header, unprotected, _, signature = cbor2.loads(message).value
    parts = [header, unprotected, empty, signature]

    def tagged(number, parts):
        return cbor2.dumps(cbor2.CBORTag(number, parts))

    yield "as it was", tagged(18, parts)
    yield "no signature", tagged(18, [*parts[:3], b""])
    yield "a signature of zeros", tagged(18, [*parts[:3], bytes(len(signature))])
    yield "no header", tagged(18, [b"", *parts[1:]])
    yield "the tag of MACs", tagged(17, parts)
    yield "a part more", tagged(18, [*parts, signature])
    yield "an unknown algorithm", tagged(18, [cbor2.dumps(protected | {ALG: -999}), *parts[1:]])
    yield "another key", sign(stranger, protected, empty)


def make_messages(kind, key, stranger, protected, payload, empty):
    protected = {ALG: key.number, KID: b"issuer"} | protected
    message = sign(key, protected, payload)
    name = f"{kind} {key.algorithm}"
    write(name, key, message, cose_accepted(key, message), True)
    for how, forged in forged_messages(message, empty, protected, stranger):
        write(f"{name}: {how}", key, forged, cose_accepted(key, forged), False)


def credential(indexes):
    """A list as a W3C credential in which these entries are set."""
    packed = bytearray(16_384)
    for index in indexes:
        packed[index >> 3] |= 0x80 >> (index & 7)
    moment = lambda seconds: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW + seconds))
    return json.dumps(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": URI,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": "https://status.example",
            "name": "A list",
            "validFrom": moment(-60),
            "validUntil": moment(86_400),
            "credentialSubject": {
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": "u" + base64url(gzip.compress(bytes(packed))),
            },
        }
    ).encode()


for algorithm in ALGORITHMS:
    key, stranger = Key(algorithm, "python"), Key(algorithm, "python-stranger")
    make_jwts(key, stranger)
    for bits in (1, 2, 4, 8):
        payloads = in_cbor(claims(bits, True)), in_cbor(claims(bits, False))
        protected = {TYP: "application/statuslist+cwt"}
        make_messages(f"cwt {bits} bits", key, stranger, protected, *payloads)
    protected = {TYP: "application/vc+cose", CONTENT_TYPE: "application/vc"}
    make_messages("vc+cose", key, stranger, protected, credential([7, 94_567]), credential([]))

(FOLDER / "python-verdicts.json").write_text(json.dumps(verdicts))
print(f"python: {len(verdicts)} lists made")

"""A reader that remembers what it was told, and says what no reader may be told after that."""

import base64
import http.client
import json
import threading
import time
import zlib

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

STATUS_LIST = 65533
SUB, EXP, IAT = 2, 4, 6


class Memory:
    """What all readers together were told of each uri: the newest `iat`, and every entry that was revoked."""

    def __init__(self):
        self.lock = threading.Lock()
        self.newest = {}
        self.revoked = {}

    def of(self, uri):
        with self.lock:
            return self.newest.get(uri, 0), self.revoked.get(uri, 0)

    def learn(self, uri, issued_at, revoked):
        with self.lock:
            self.newest[uri] = max(self.newest.get(uri, 0), issued_at)
            self.revoked[uri] = self.revoked.get(uri, 0) | revoked


class Reader:
    """Fetches tokens over one connection, and judges them."""

    def __init__(self, port, public_key, memory):
        self.port, self.key, self.memory = port, public_key, memory
        self.connection = None

    def read(self, uri):
        """Returns the name of what is wrong with what is served, or nothing."""
        # Whatever any reader knew before this one asked, holds for it too.
        newest, revoked = self.memory.of(uri)
        status, length, body = self.fetch(uri)
        if status != 200:
            return f"status {status}"
        if length != len(body):
            return "torn"
        try:
            subject, issued_at, expires_at, entries = self.verify(uri, body)
        except (InvalidSignature, ValueError, KeyError, zlib.error, EOFError):
            return "torn"
        if subject != uri:
            return "another token"
        if expires_at <= time.time():
            return "expired"
        if issued_at < newest:
            return "older"
        seen = revoked_of(entries)
        if revoked & ~seen:
            return "un-revoked"
        self.memory.learn(uri, issued_at, seen)
        return None

    def fetch(self, uri):
        path = "/" + uri.split("/", 3)[3]
        for _ in range(2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                self.connection.request("GET", path)
                answer = self.connection.getresponse()
                length = int(answer.getheader("content-length", -1))
                try:
                    return answer.status, length, answer.read()
                except http.client.IncompleteRead as error:
                    self.connection = None
                    return answer.status, length, error.partial
            except (http.client.BadStatusLine, ConnectionError):
                # A connection that was kept open for long is closed by the host.
                self.connection = None
        raise ConnectionError(uri)

    def verify(self, uri, body):
        """Returns subject, times and packed entries of a genuine token."""
        if uri.endswith(".cwt"):
            protected, _, payload, signature = cbor2.loads(body).value
            signed = cbor2.dumps(["Signature1", protected, b"", payload])
            self.check(signature, signed)
            claims = cbor2.loads(payload)
            return claims[SUB], claims[IAT], claims[EXP], zlib.decompress(claims[STATUS_LIST]["lst"])
        header, payload, signature = body.split(b".")
        self.check(decode(signature), header + b"." + payload)
        claims = json.loads(decode(payload))
        entries = zlib.decompress(decode(claims["status_list"]["lst"].encode()))
        return claims["sub"], claims["iat"], claims["exp"], entries

    def check(self, signature, signed):
        if len(signature) != 64:
            raise InvalidSignature
        numbers = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        self.key.verify(encode_dss_signature(*numbers), signed, ec.ECDSA(SHA256()))


def decode(text):
    return base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)


# Of two bits: the low bit of an entry whose high bit is clear, so that 1 alone is found.
def revoked_of(entries):
    """The entries of two bits that are 1, each by its low bit."""
    packed = int.from_bytes(entries, "little")
    low = int.from_bytes(b"\x55" * len(entries), "little")
    return packed & low & ~(packed >> 1)

"""Shows that a reader of the race sees each fault. Usage: selftest.py BINARY"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from reader import Memory, Reader
from site_of_race import Site


def main(binary):
    with tempfile.TemporaryDirectory() as folder, Site(binary, folder, "5s") as site:
        reader = Reader(site.port, site.key, Memory())
        tokens = [Path(folder, "site", uri.split("/", 3)[3]) for uri in site.uris]

        def expect(fault, uri):
            found = reader.read(uri)
            assert found == fault, f"{uri}: {found}, and it should be {fault}"

        for uri, token in zip(site.uris, tokens):
            expect(None, uri)
            # A writer that writes in place leaves half of it at first.
            whole = token.read_bytes()
            token.write_bytes(whole[: len(whole) // 2])
            expect("torn", uri)
            token.write_bytes(b"")
            expect("torn", uri)
            token.write_bytes(whole)
            expect(None, uri)
            # The token of another list.
            other = tokens[2 if token.suffix == ".jwt" and token != tokens[2] else 0]
            if other.suffix == token.suffix:
                token.write_bytes(other.read_bytes())
                expect("another token", uri)
                token.write_bytes(whole)
            token.unlink()
            expect("status 404", uri)
            token.write_bytes(whole)

        # An older one that is put back, and one that nobody renewed.
        old = [token.read_bytes() for token in tokens]
        entry = site.allocate("a.slist", 1)[0]
        time.sleep(1.1)
        site.publish("--renew")
        for uri, token, before in zip(site.uris, tokens, old):
            expect(None, uri)
            now = token.read_bytes()
            token.write_bytes(before)
            expect("older", uri)
            token.write_bytes(now)
        # A revocation that is taken back, in a token that is newer.
        shutil.copy(Path(folder, "a.slist"), Path(folder, "copy.slist"))
        site.run("set", "a.slist", f"0/{entry}", "revoked")
        site.publish("--renew")
        for uri in site.uris:
            expect(None, uri)
        site.publish("--allow-rollback", "--unrevoke", "--renew", files=["copy.slist"])
        for uri in site.uris[:2]:
            expect("un-revoked", uri)
        time.sleep(5)
        for uri in site.uris:
            expect("expired", uri)
    print("the readers of the race see torn, expired, older, other and un-revoked tokens")


if __name__ == "__main__":
    main(sys.argv[1])

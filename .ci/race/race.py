"""4 publishers and 4 writers work on one site, and 8 readers fetch its tokens meanwhile.

Usage: race.py BINARY SECONDS

No reader may get a torn or expired token, one that is older than what any reader got before, or one that takes a
revocation back; and in the end the tokens show every change that was acknowledged.
"""

import collections
import itertools
import json
import random
import sys
import tempfile
import threading
import time

from reader import Memory, Reader, revoked_of
from site_of_race import Site

PUBLISHERS, WRITERS, READERS = 4, 4, 8


class Race:
    def __init__(self, site, seconds):
        self.site = site
        self.end = time.monotonic() + seconds
        self.lock = threading.Lock()
        self.counts = collections.Counter()
        self.violations = collections.Counter()
        self.failures = []
        self.revoked = {"a.slist": set(), "b.slist": set()}

    def work(self, role, step):
        """Repeats a step until the end, or until something fails."""
        try:
            while time.monotonic() < self.end and not self.failures:
                step()
                with self.lock:
                    self.counts[role] += 1
        except Exception as error:
            self.failures.append(f"{role}: {error!r}")

    def publisher(self, number):
        chosen = random.Random(number)

        def step():
            files = chosen.choice([("a.slist", "b.slist"), ("a.slist",), ("b.slist", "a.slist")])
            done = self.site.publish(*(["--renew"] if chosen.random() < 0.1 else []), files=files)
            if not done.stderr.startswith("0 files written"):
                with self.lock:
                    self.counts["publications that wrote"] += 1

        self.work("publications", step)

    def writer(self, number):
        chosen = random.Random(100 + number)
        own = {file: self.site.allocate(file, 40) for file in self.revoked}

        def step():
            file = chosen.choice(list(own))
            what = chosen.random()
            if what < 0.2 or not own[file]:
                own[file] += self.site.allocate(file, 5)
            elif what < 0.5:
                self.revoke(file, [own[file].pop(chosen.randrange(len(own[file])))])
            elif what < 0.8:
                entry = chosen.choice(own[file])
                self.site.run("set", file, f"0/{entry}", chosen.choice(["suspended", "valid"]))
            else:
                chosen.shuffle(own[file])
                batch, own[file] = own[file][:3], own[file][3:]
                lines = [json.dumps({"op": "update", "listId": "0", "idx": idx, "status": 1}) for idx in batch]
                self.site.run("batch", file, "-", stdin="\n".join(lines) + "\n")
                with self.lock:
                    self.revoked[file].update(batch)

        self.work("changes", step)

    def revoke(self, file, entries):
        self.site.run("set", file, *(f"0/{entry}" for entry in entries), "revoked")
        with self.lock:
            self.revoked[file].update(entries)

    def reader(self, memory, number):
        reader = Reader(self.site.port, self.site.key, memory)
        turn = itertools.cycle(self.site.uris)
        for _ in range(number):
            next(turn)

        def step():
            fault = reader.read(next(turn))
            if fault:
                with self.lock:
                    self.violations[fault] += 1

        self.work("reads", step)

    def run(self):
        memory = Memory()
        threads = [threading.Thread(target=self.publisher, args=[n]) for n in range(PUBLISHERS)]
        threads += [threading.Thread(target=self.writer, args=[n]) for n in range(WRITERS)]
        threads += [threading.Thread(target=self.reader, args=[memory, n]) for n in range(READERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def check_the_end(self):
        """Publishes once more, and compares the tokens with every revocation that was acknowledged."""
        self.site.publish()
        reader = Reader(self.site.port, self.site.key, Memory())
        for uri in self.site.uris:
            _, _, body = reader.fetch(uri)
            *_, entries = reader.verify(uri, body)
            shown = revoked_of(entries)
            file = "a.slist" if "/a/" in uri else "b.slist"
            lost = [entry for entry in self.revoked[file] if not shown >> (2 * entry) & 1]
            assert not lost, f"{uri} does not show the revocations of {lost}"
            assert shown.bit_count() == len(self.revoked[file]), uri
        for file in self.revoked:
            self.site.run("inspect", file)


def main(binary, seconds):
    with tempfile.TemporaryDirectory() as folder, Site(binary, folder, "20s") as site:
        race = Race(site, seconds)
        race.run()
        assert not race.failures, race.failures
        race.check_the_end()
        revoked = sum(len(entries) for entries in race.revoked.values())
        print(
            f"{seconds} s: {race.counts['publications']} publications"
            f" ({race.counts['publications that wrote']} wrote), {race.counts['changes']} changes"
            f" ({revoked} entries revoked), {race.counts['reads']} reads,"
            f" {sum(race.violations.values())} violations {dict(race.violations) or ''}".rstrip()
        )
        for role in ("publications", "changes", "reads"):
            assert race.counts[role] > seconds, f"too few {role} to say anything"
        assert not race.violations, race.violations


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

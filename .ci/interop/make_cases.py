"""Makes one list per width with the binary, publishes it with a key of each algorithm, and writes down
what every entry must be.

Usage: make_cases.py BINARY FOLDER

Each FOLDER/N-bit-ALGORITHM.json holds the published tokens, the public key, and the status of every entry
that `statuslist get` reports as other than 0.
"""

import json
import random
import subprocess
import sys
from functools import partial
from pathlib import Path

ORIGIN = "https://status.example"
# Not a multiple of 8, so that the last byte of a narrow list is only partly used.
SIZE = 20_001
ALLOCATIONS = 50
ALGORITHMS = ("ES256", "ES384", "ES512", "EdDSA")


def main(binary, folder):
    for bits in (1, 2, 4, 8):
        place = folder / f"{bits}-bit"
        place.mkdir()
        statuslist = partial(run, binary, place)
        case = make_case(statuslist, bits)
        for algorithm in ALGORITHMS:
            published = publish(statuslist, place, algorithm, case)
            (folder / f"{bits}-bit-{algorithm}.json").write_text(json.dumps(published))


def make_case(statuslist, bits):
    """Runs the whole life of a list."""
    statuslist(
        *("init", "list.slist", "--uri", ORIGIN + "/lists/{n}.jwt"),
        *("--bits", str(bits), "--size", str(SIZE), "--final", "none"),
    )
    statuslist("configure", "list.slist", "--add-view", "cwt")
    allocated = json.loads(
        statuslist("allocate", "list.slist", "--count", str(ALLOCATIONS), "--json")
    )["allocations"]
    indexes = [entry["idx"] for entry in allocated]
    assert len(set(indexes)) == ALLOCATIONS, "an index was given twice"

    highest = (1 << bits) - 1
    chosen = random.Random(bits)
    for position, index in enumerate(indexes):
        status = highest if position == 0 else chosen.randint(0, highest)
        if status != 0:
            statuslist("set", "list.slist", f"0/{index}", str(status))
    # What was set can be taken back.
    statuslist("set", "list.slist", f"0/{indexes[1]}", str(highest))
    statuslist("set", "list.slist", f"0/{indexes[1]}", "0")

    statuses = {}
    for index in indexes:
        entry = json.loads(statuslist("get", "list.slist", f"0/{index}", "--json"))
        assert entry["idx"] == index
        if entry["status"] != 0:
            statuses[index] = entry["status"]
    assert highest in statuses.values(), "no entry has the highest status"
    return {
        "bits": bits,
        "size": SIZE,
        "issuer": ORIGIN,
        "statuses": statuses,
        "reference_index": indexes[0],
        "jwt": {"uri": ORIGIN + "/lists/0.jwt"},
        "cwt": {
            "uri": ORIGIN + "/lists/0.cwt",
            "reference_hex": allocated[0]["claims"]["cwt"]["status_hex"],
        },
    }


def publish(statuslist, place, algorithm, case):
    """Publishes the list with a new key, and adds the key and the tokens to the case."""
    key = json.loads(statuslist("keygen", "--alg", algorithm, f"{algorithm}.pem"))
    assert key["alg"] == algorithm
    site = f"site-{algorithm}"
    statuslist("publish", "list.slist", "--to", site, "--key", f"{algorithm}.pem")
    token = {
        view: (place / site / case[view]["uri"].removeprefix(ORIGIN + "/")).read_bytes()
        for view in ("jwt", "cwt")
    }
    return case | {
        "key": key,
        "jwt": case["jwt"] | {"token": token["jwt"].decode()},
        "cwt": case["cwt"] | {"token_hex": token["cwt"].hex()},
    }


def run(binary, place, *args):
    """Runs the binary in the folder `place` and returns its standard output."""
    done = subprocess.run(
        [binary, *args], cwd=place, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode != 0:
        sys.exit(f"statuslist {' '.join(args)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

"""Makes and publishes one list per width with the binary, and writes down what every entry must be.

Usage: make_cases.py BINARY FOLDER

Each FOLDER/N-bit.json holds the published token, the public key, and the status of every entry that
`statuslist get` reports as other than 0.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

ORIGIN = "https://status.example"
# Not a multiple of 8, so that the last byte of a narrow list is only partly used.
SIZE = 20_001
ALLOCATIONS = 50


def main(binary, folder):
    for bits in (1, 2, 4, 8):
        place = folder / f"{bits}-bit"
        place.mkdir()
        case = make_case(lambda *args: run(binary, place, *args), place, bits)
        (folder / f"{bits}-bit.json").write_text(json.dumps(case))


def make_case(statuslist, place, bits):
    """Runs the whole life of a list in the folder `place`."""
    key = json.loads(statuslist("keygen", "key.pem"))
    statuslist(
        *("init", "list.slist", "--uri", ORIGIN + "/lists/{n}.jwt"),
        *("--bits", str(bits), "--size", str(SIZE), "--final", "none"),
    )
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

    statuslist("publish", "list.slist", "--to", "site", "--key", "key.pem")
    uri = allocated[0]["uri"]
    token = (place / "site" / uri.removeprefix(ORIGIN + "/")).read_text()
    return {
        "bits": bits,
        "key": key,
        "size": SIZE,
        "statuses": statuses,
        "token": token,
        "uri": uri,
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

"""Fails unless `inspect` with the issuer's key accepts exactly the lists that other people's verifiers accept.

Usage: compare_verdicts.py BINARY FOLDER

Each FOLDER/*-verdicts.json names lists in the folder, the options that give the key, and what a verifier said.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Fewer prove little.
FEWEST = 60


def main(binary, folder):
    cases = [case for path in sorted(folder.glob("*-verdicts.json")) for case in json.loads(path.read_text())]
    with ThreadPoolExecutor(4) as pool:
        faults = [fault for fault in pool.map(lambda case: fault_of(binary, folder, case), cases) if fault]
    if faults:
        sys.exit("\n".join(faults[:20] + [f"{len(faults)} verdicts differ"]))
    genuine = sum(case["accepted"] for case in cases)
    forged = len(cases) - genuine
    assert genuine >= FEWEST and forged >= FEWEST, (genuine, forged)
    print(f"inspect: {genuine} genuine lists accepted, {forged} forged ones refused, as by others: ok")


def fault_of(binary, folder, case):
    """Says what differs, if anything does: accepted is 0, refused is 1, and nothing else is either."""
    command = [binary, "inspect", case["file"], *case["options"]]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == (0 if case["accepted"] else 1):
        return None
    verdict = "accepted" if case["accepted"] else "refused"
    return f"{case['name']}: {verdict} by others, but exit code {done.returncode}\n{done.stdout}{done.stderr}"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

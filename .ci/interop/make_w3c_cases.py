"""Makes lists in every W3C format with the binary, and writes down what every entry must be.

Usage: make_w3c_cases.py BINARY FOLDER

Each FOLDER/ALGORITHM-PROOF.json holds a key, what was published with it, by uri, and for each series the
entries that were handed out: index, status, and what the credential embeds.
"""

import base64
import json
import sys
from functools import partial
from pathlib import Path

from make_cases import ORIGIN, run

# What secures credentials with a key of each algorithm; no cryptosuite takes ES512.
PROOFS = {
    "ES256": ("ecdsa-jcs-2019", "ecdsa-rdfc-2019", "jwt", "cose"),
    "ES384": ("ecdsa-jcs-2019", "ecdsa-rdfc-2019", "jwt", "cose"),
    "ES512": ("jwt", "cose"),
    "EdDSA": ("eddsa-jcs-2022", "eddsa-rdfc-2022", "jwt", "cose"),
}
# What entries are set to.
INVALID, SUSPENDED = 1, 2
# Not a multiple of 8, and below the 131,072 entries that a W3C list must have.
SIZE = "20001"


def main(binary, folder):
    for algorithm, proofs in PROOFS.items():
        for proof in proofs:
            place = folder / f"{algorithm}-{proof}"
            place.mkdir()
            case = make_case(partial(run, binary, place), place, algorithm, proof)
            (folder / f"{place.name}.json").write_text(json.dumps(case))


def make_case(statuslist, place, algorithm, proof):
    """Makes one series for each set of views that can be together, and publishes all."""
    key = json.loads(statuslist("keygen", "key.pem", "--alg", algorithm, "--json"))
    init = ("--issuer", key["didKey"], "--proof", proof, "--size", SIZE, "--spare", "0")
    make = partial(make_series, statuslist, init)
    # VC-JOSE-COSE secures credentials of VCDM 2.0 alone.
    old_families = proof != "cose"
    series = {
        "purposes": make(
            *("purposes", (0, INVALID, SUSPENDED, 0)),
            *("--as", "bitstring,statuslist2021" if old_families else "bitstring"),
            *("--purpose", "revocation,suspension", "--bits", "2"),
        )
    }
    if old_families:
        series["2020"] = make("2020", (0, INVALID, 0), "--as", "revocationlist2020")
        series["lsb"] = make(
            *("lsb", (0, INVALID, 0)),
            *("--as", "revocationlist2020,statuslist2021", "--bit-order", "lsb"),
        )
    # RDF has no terms for messages.
    if "rdfc" not in proof:
        series["messages"] = make(
            *("messages", (0, INVALID, SUSPENDED, 9, 15)),
            *("--as", "bitstring.message", "--bits", "4"),
            *("--message", "0=fine", "--message", "9=lost"),
        )

    site = place / "site"
    list_files = (f"{name}.slist" for name in series)
    statuslist("publish", *list_files, "--to", site.name, "--key", "key.pem")
    return {
        "algorithm": algorithm,
        "proof": proof,
        "issuer": key["didKey"],
        "key": key["publicKey"],
        "privateKey": (place / "key.pem").read_text(),
        "series": series,
        "published": {
            f"{ORIGIN}/{file.relative_to(site)}": base64.b64encode(file.read_bytes()).decode()
            for file in (site / "lists").rglob("*")
            if file.is_file()
        },
    }


def make_series(statuslist, init, name, statuses, *options):
    """Makes a series with an entry for each of the statuses, and returns the entries."""
    file = f"{name}.slist"
    uri = f"{ORIGIN}/lists/{name}/{{n}}/{{view}}"
    statuslist("init", file, "--uri", uri, *init, *options)
    allocated = json.loads(statuslist("allocate", file, "--count", str(len(statuses)), "--json"))
    entries = []
    for entry, status in zip(allocated["allocations"], statuses, strict=True):
        if status != 0:
            statuslist("set", file, f"0/{entry['idx']}", str(status))
        entries.append(
            {
                "index": entry["idx"],
                "status": status,
                "credentialStatus": entry["claims"]["credentialStatus"],
            }
        )
    return entries


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

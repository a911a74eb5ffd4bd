"""Reads what `check --metrics` prints with the parser of Prometheus's own client.

Usage: check_metrics.py BINARY SCRATCH
"""

import subprocess
import sys
import time
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

# The status-issuer integration guide's names, and those beside them; the parser takes `_total` off a counter.
GUIDE = {
    "allocations": "counter",
    "allocations_rate": "gauge",
    "updates": "counter",
    "updates_by_status": "gauge",
    "list_utilization": "gauge",
    "regeneration_latency": "gauge",
    "api_latency": "gauge",
}
OTHERS = {
    "up", "healthy", "findings", "check_timestamp_seconds", "entries_left", "spare_lists",
    "unpublished_change_age_seconds", "token_expiry_timestamp_seconds", "token_due_timestamp_seconds",
    "certificate_expiry_timestamp_seconds",
}


def main() -> None:
    binary, scratch = sys.argv[1], Path(sys.argv[2])

    def run(*arguments: str, status: int = 0) -> str:
        done = subprocess.run([binary, *arguments], cwd=scratch, capture_output=True, text=True)
        assert done.returncode == status, (arguments, done.stderr)
        return done.stdout

    # What labels must be escaped for.
    name = 'a "list" \\ of\nmany lines.slist'
    run("keygen", "key.pem")
    run("init", name, "--uri", "https://example.com/{n}.jwt", "--bits", "2", "--size", "1000")
    run("publish", name, "--to", "site", "--key", "key.pem")
    run("allocate", name, "--count", "10")
    run("allocate", name, "--token-id", "a", "--token-id", "b")
    # Publications of one second are one on record.
    time.sleep(1.1)
    run("set", name, "id:a", "revoked")
    run("publish", name, "--to", "site", "--key", "key.pem")
    run("set", name, "id:b", "suspended")

    # Nobody is there: the guide's latency of hosts is measured where there is one.
    families = {}
    for text in (run("check", name, "--to", "site", "--metrics"), run("check", "nothing", "--metrics", status=4)):
        seen = set()
        for family in text_string_to_metric_families(text):
            short = family.name.removeprefix("statuslist_")
            assert short != family.name, f"{family.name} has not our prefix"
            assert short not in seen, f"{short} stands twice"
            assert family.documentation, f"{short} has no help"
            labels = [tuple(sorted(sample.labels.items())) for sample in family.samples]
            assert len(labels) == len(set(labels)), f"{short} has two samples with the same labels"
            seen.add(short)
            families.setdefault(short, family)
    for short, family in families.items():
        assert short in GUIDE or short in OTHERS, f"{short} is not known"
        assert family.type == GUIDE.get(short, "gauge"), f"{short} is a {family.type}"
    missing = GUIDE.keys() - families.keys() - {"api_latency"}
    assert not missing, f"{missing} are missing"
    targets = {sample.labels["target"] for sample in families["allocations"].samples}
    assert targets == {name}, targets
    assert [sample.value for sample in families["allocations"].samples] == [12.0]
    by_status = {sample.labels["status"]: sample.value for sample in families["updates_by_status"].samples}
    assert by_status == {"invalid": 1.0, "suspended": 1.0}, by_status
    print(f"metrics: {len(families)} are as Prometheus reads them")


if __name__ == "__main__":
    main()

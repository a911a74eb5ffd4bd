#!/bin/sh
# Measures a series of ten lists of 10^6 entries, each with a token id: what it costs to fill, what a day costs (0.01 %
# of the entries change, and are published), and what a single allocation and a single change cost, beside the same in
# a series of one list and in one of 1,000 lists. 10^9 credentials are a hundred such series, in ten list files of 100
# lists each: what follows for them is printed apart, and is reckoned, not measured.
#
# Usage: cargo build --release && sh examples/benchmark-series.sh [LISTS]
#
# Needs GNU time (/usr/bin/time), python3 and about 2 GB.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
binary=${CARGO_TARGET_DIR:-$root/target}/release/statuslist
[ -x "$binary" ] || { echo "benchmark-series: there is no $binary: cargo build --release" >&2; exit 1; }
lists=${1:-10}
place=$(mktemp -d)
trap 'rm -rf -- "$place"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd -- "$place"
for name in $(env | sed -n 's/^\(STATUSLIST_[A-Z_]*\)=.*/\1/p'); do
  unset "$name"
done

# Prints what a command takes: wall time in seconds, peak memory in MiB.
measure() {
  label=$1
  shift
  /usr/bin/time -f '%e %M' -o time.txt "$@" >out.txt 2>err.txt || { cat err.txt >&2; exit 1; }
  awk -v label="$label" '{ printf "%-44s %8.2f s %6.0f MiB\n", label, $1, $2 / 1024 }' time.txt
}

# Prints the median of 21 runs of a command, in milliseconds. {} stands for the number of the run.
median() {
  label=$1
  shift
  python3 - "$label" "$@" <<'END'
import statistics, subprocess, sys, time
label, command = sys.argv[1], sys.argv[2:]
times = []
for run in range(21):
    words = [word.replace("{}", str(run)) for word in command]
    start = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    times.append((time.perf_counter() - start) * 1000)
print(f"{label:44} {statistics.median(times):8.2f} ms")
END
}

uri='https://example.com/{n}.jwt'
"$binary" keygen key.pem >key.jwk 2>/dev/null
"$binary" init many.slist --uri "$uri" --size 1000000 --quiet >settings.txt 2>&1

list=0
while [ "$list" -lt "$lists" ]; do
  python3 - "$list" >ops.jsonl <<'END'
import sys, uuid
part = int(sys.argv[1])
for n in range(1_000_000):
    print('{"op":"allocate","tokenId":"%s"}' % uuid.UUID(int=part * 1_000_000 + n))
END
  measure "10^6 allocations with UUIDs, list $list" "$binary" batch many.slist ops.jsonl --quiet
  list=$((list + 1))
done
size=$(wc -c <many.slist)
echo "list file: $((size / 1000000)) MB"
measure "first publication" "$binary" publish many.slist --to site --key key.pem --quiet

python3 - "$lists" >changes.jsonl <<'END'
import random, sys, uuid
entries = int(sys.argv[1]) * 1_000_000
random.seed(1)
for n in random.sample(range(entries), entries // 10_000):
    print('{"op":"set","tokenId":"%s","status":"revoked"}' % uuid.UUID(int=n))
END
echo "a day:"
measure "0.01 % of the entries change" "$binary" batch many.slist changes.jsonl --quiet
measure "publication" "$binary" publish many.slist --to site --key key.pem --quiet
measure "publication with nothing changed" "$binary" publish many.slist --to site --key key.pem --quiet

echo "single commands (median of 21):"
"$binary" init one.slist --uri "$uri" --size 1000000 --spare 0 --quiet >settings.txt 2>&1
"$binary" allocate one.slist --token-id known --quiet >out.txt 2>&1
"$binary" init thousand.slist --uri "$uri" --size 1000000 --open 1 --spare 999 --quiet >settings.txt 2>&1
"$binary" allocate thousand.slist --token-id known --quiet >out.txt 2>&1
for file in one thousand many; do
  known=known
  if [ "$file" = many ]; then known=00000000-0000-0000-0000-000000000001; fi
  median "$file: allocate" "$binary" allocate $file.slist --token-id "new-{}" --quiet
  median "$file: set" "$binary" set $file.slist "id:$known" revoked --note "{}" --quiet
done

awk -v size="$size" -v lists="$lists" 'BEGIN {
  printf "reckoned for 10^9 credentials, 1,000 lists in 10 files: %.0f GB of list files\n", size / lists * 1000 / 1e9
}'

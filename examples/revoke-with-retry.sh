#!/bin/sh
# Revokes every entry that a file names, one per line, and tries again where that is safe.
#
#   sh examples/revoke-with-retry.sh LIST.slist ENTRIES.txt [REASON]
#
# All tries of a run have the same operation id, so whatever became of an earlier one, the entries
# are revoked once, and the results of the first success are printed. The next run has another id,
# so that it revokes what was reinstated since. To go on with a run that was broken off, give its
# id: RUN_ID=revoke-… sh examples/revoke-with-retry.sh …
#
#   exit 3 (busy)    somebody else holds the file: wait, and try again
#   exit 4 (failed)  if the outcome is `none`, nothing was done and the cause stays: stop;
#                    if it is `unknown` or `committed`, repeat a few times to learn what happened
#   anything else    done, refused or wrong: stop
set -u

if [ $# -lt 2 ]; then
    echo "usage: $0 LIST.slist ENTRIES.txt [REASON]" >&2
    exit 2
fi
list=$1
entries=$2
reason=${3:-unspecified}
statuslist=${STATUSLIST:-statuslist}
pause=${RETRY_PAUSE:-2}
failures_left=3
busy_left=${RETRY_BUSY:-100}

id=${RUN_ID:-revoke-$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')}
if [ "$id" = revoke- ]; then
    echo "$0: no random bytes: name the run with RUN_ID" >&2
    exit 4
fi
echo "this run is $id" >&2
errors=$(mktemp) || exit 4
trap 'rm -f "$errors"' EXIT
trap 'exit 130' INT TERM

while :; do
    "$statuslist" --json batch "$list" "$entries" \
        --input entries --status revoked --reason "$reason" --op-id "$id" 2>"$errors"
    code=$?
    case $code in
    3)
        busy_left=$((busy_left - 1))
        [ "$busy_left" -gt 0 ] || break
        ;;
    4)
        # Without an outcome nobody knows, so it is worth asking again.
        grep -q '"outcome":"none"' "$errors" && break
        failures_left=$((failures_left - 1))
        [ "$failures_left" -gt 0 ] || break
        ;;
    *) break ;;
    esac
    echo "exit code $code: trying again" >&2
    sleep "$pause"
done
cat "$errors" >&2
exit "$code"

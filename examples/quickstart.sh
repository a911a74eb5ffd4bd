#!/bin/sh
# From a fresh clone to a signed status list: makes a key and a list of 1,048,576 entries, hands entries
# out, revokes one, suspends one, publishes to a folder, and reads the token back as a verifier would.
#
# Usage: sh examples/quickstart.sh [FOLDER]
#
# Needs Rust and a C compiler. Everything is written to FOLDER, which must be new or empty; without it to
# a temporary folder, which is removed at the end.
set -eu

# Settings of the person or machine must not change what is shown here.
for name in $(env | sed -n 's/^\(STATUSLIST_[A-Z_]*\)=.*/\1/p'); do
  unset "$name"
done

say() { printf '\n# %s\n' "$*"; }

fail() {
  printf 'quickstart: %s\n' "$*" >&2
  exit 1
}

# Shows a command as it would be typed, and runs it.
run() {
  printf '$'
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./:=^-]*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  "$@"
}

# The command under this name, wherever cargo puts it.
statuslist() { "$binary" "$@"; }

case ${1-} in
  '')
    place=$(mktemp -d)
    keep=
    ;;
  *)
    mkdir -p -- "$1"
    place=$(CDPATH='' cd -- "$1" && pwd)
    [ -z "$(ls -A -- "$place")" ] || fail "$place is not empty"
    keep=yes
    ;;
esac

finish() {
  status=$?
  if [ "$status" -ne 0 ]; then
    rmdir -- "$place" 2>/dev/null || printf 'quickstart: failed; what it made so far is in %s\n' "$place" >&2
  elif [ -z "$keep" ]; then
    rm -rf -- "$place"
  fi
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

say "Build the program."
cd -- "$root"
run cargo build --release --locked
target=${CARGO_TARGET_DIR:-target}
case $target in
  /*) ;;
  *) target=$root/$target ;;
esac
binary=$target/release/statuslist
[ -x "$binary" ] || fail "cargo built no $binary"
cd -- "$place"

say "Make a signing key. Its public half goes to key.jwk, for verifiers."
printf '%s\n' '$ statuslist keygen key.pem >key.jwk'
statuslist keygen key.pem >key.jwk

say "Make a list of 2^20 entries. Two bits per entry, so that a credential can be suspended."
run statuslist init list.slist --uri 'https://example.com/statuslists/{n}.jwt' --bits 2 --size 2^20

say "Hand out entries: one each for two credentials that have a name, and ten without."
run statuslist allocate list.slist --token-id diploma-17 --token-id diploma-18
run statuslist allocate list.slist --count 10

say "Revoke one, and record why."
run statuslist set list.slist id:diploma-17 revoked --reason keyCompromise --note 'ticket 4711'

say "Suspend the other."
run statuslist set list.slist id:diploma-18 suspended

say "Publish to a folder, which any web server can serve as it is."
run statuslist publish list.slist --to site --key key.pem

say "Read the token as a verifier: check its signature, and look at the revoked entry."
entry=$(statuslist get list.slist id:diploma-17 --json | sed -n 's/.*"idx":\([0-9]*\).*/\1/p')
[ -n "$entry" ] || fail "get --json shows no idx"
run statuslist inspect site/statuslists/0.jwt --key key.jwk --entry "$entry" >inspected
cat inspected
grep -q '^verdict: *valid$' inspected || fail "the token is not valid"
grep -q "^entry: *$entry is invalid" inspected || fail "the revoked entry is not revoked in the token"

say "The list file knows when, why and by whom an entry was changed."
run statuslist get list.slist id:diploma-17 --history
statuslist get list.slist id:diploma-18 --is suspended --quiet >/dev/null

if [ -n "$keep" ]; then
  say "Done. Everything is in $place: list.slist and key.pem are secret, site is public."
else
  say "Done. To keep what was made: sh examples/quickstart.sh FOLDER"
fi

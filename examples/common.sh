# What the quickstarts have in common: they read this file (`.`). It builds the program, and goes to the folder
# that is the script's first argument, which must be new or empty; without one to a temporary folder, which is
# removed at the end.

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

# Prints the index that a token id has in list.slist.
index_of() {
  index=$(statuslist get list.slist "id:$1" --json | sed -n 's/.*"idx":\([0-9]*\).*/\1/p')
  [ -n "$index" ] || fail "get --json shows no idx"
  printf '%s\n' "$index"
}

done_at_last() {
  if [ -n "$keep" ]; then
    say "Done. Everything is in $place: list.slist and key.pem are secret, site is public."
  else
    say "Done. To keep what was made: sh examples/$(basename -- "$0") FOLDER"
  fi
}

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
cd -- "$root" || exit
run cargo build --locked
target=${CARGO_TARGET_DIR:-target}
case $target in
  /*) ;;
  *) target=$root/$target ;;
esac
binary=$target/debug/statuslist
[ -x "$binary" ] || fail "cargo built no $binary"
cd -- "$place" || exit

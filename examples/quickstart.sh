#!/bin/sh
# From a fresh clone to a signed status list: makes a key and a list of 1,048,576 entries, hands entries
# out, revokes one, suspends one, publishes to a folder, and reads the token back as a verifier would.
#
# Usage: sh examples/quickstart.sh [FOLDER]
#
# Needs Rust and a C compiler. Everything is written to FOLDER, which must be new or empty; without it to
# a temporary folder, which is removed at the end.
set -eu

. "$(dirname -- "$0")/common.sh"

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
entry=$(index_of diploma-17)
run statuslist inspect site/statuslists/0.jwt --key key.jwk --entry "$entry" >inspected
cat inspected
grep -q '^verdict: *valid$' inspected || fail "the token is not valid"
grep -q "^entry: *$entry is invalid" inspected || fail "the revoked entry is not revoked in the token"

say "The list file knows when, why and by whom an entry was changed."
run statuslist get list.slist id:diploma-17 --history
statuslist get list.slist id:diploma-18 --is suspended --quiet >/dev/null

done_at_last

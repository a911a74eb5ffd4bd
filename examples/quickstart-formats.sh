#!/bin/sh
# One list in four formats: revokes one credential, suspends another, and shows what readers of the JWT, the CWT,
# the W3C Bitstring Status List and its predecessor StatusList2021 see of both.
#
# Usage: sh examples/quickstart-formats.sh [FOLDER]
#
# Needs Rust and a C compiler. Everything is written to FOLDER, which must be new or empty; without it to
# a temporary folder, which is removed at the end.
set -eu

. "$(dirname -- "$0")/common.sh"

# expect ENTRY FILE SEEN: shows what a reader of the file is told of the entry, with the signature checked, and
# fails unless that is SEEN.
expect() {
  run statuslist inspect "site/statuslists/$2" --key key.jwk --entry "$1" >inspected
  grep -E '^(\$|verdict:|entry:)' inspected
  grep -q '^verdict: *valid$' inspected || fail "$2 is not valid"
  grep -q "^entry: *$1 is $3\$" inspected || fail "$2 does not show entry $1 as $3"
}

say "Make a signing key. Its public half goes to key.jwk, for verifiers."
printf '%s\n' '$ statuslist keygen key.pem >key.jwk'
statuslist keygen key.pem >key.jwk

say "Make a list that is published in all four formats. A W3C list says one thing, so there is one for each purpose."
run statuslist init list.slist --uri 'https://example.com/statuslists/{n}.jwt' \
  --as jwt,cwt,bitstring,statuslist2021 --purpose revocation,suspension --issuer did:web:example.com

say "Hand out entries. Credentials in whatever format embed what \`allocate --claim\` prints, all with one index."
run statuslist allocate list.slist --token-id diploma-17 --claim jwt
run statuslist allocate list.slist --token-id diploma-17 --or-existing --claim cwt
run statuslist allocate list.slist --token-id diploma-17 --or-existing --claim bitstring
run statuslist allocate list.slist --token-id diploma-17 --or-existing --claim statuslist2021
run statuslist allocate list.slist --token-id diploma-18 --token-id diploma-19

say "Revoke one, and suspend another."
run statuslist set list.slist id:diploma-17 revoked --reason keyCompromise
run statuslist set list.slist id:diploma-18 suspended

say "Publish to a folder: every format is a file of its own, with a uri of its own."
run statuslist publish list.slist --to site --key key.pem

revoked=$(index_of diploma-17)
suspended=$(index_of diploma-18)
neither=$(index_of diploma-19)

say "Readers of Token Status Lists see one value for each entry."
for file in 0.jwt 0.cwt; do
  expect "$revoked" "$file" 'invalid (1)'
  expect "$suspended" "$file" 'suspended (2)'
  expect "$neither" "$file" 'valid (0)'
done

say "Readers of W3C lists look at the list of revocations, and at that of suspensions."
for list in 0 0.2021; do
  expect "$revoked" "$list.revocation.json" '1, set'
  expect "$revoked" "$list.suspension.json" '0, unset'
  expect "$suspended" "$list.revocation.json" '0, unset'
  expect "$suspended" "$list.suspension.json" '1, set'
  expect "$neither" "$list.revocation.json" '0, unset'
  expect "$neither" "$list.suspension.json" '0, unset'
done

done_at_last

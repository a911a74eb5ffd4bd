#!/bin/sh
# Publishes a list with keys that statuslist never sees: openssl makes them, and alone signs with them.
#
#   sh examples/sign-with-openssl.sh [FOLDER]
#
# Everything is written to FOLDER, which must be new or empty; without it to a temporary folder, which is
# removed at the end. Any program can stand in the place of openssl that reads what is to be signed and
# prints the signature: a client of a key management service, or a tool for smart cards and HSMs.
set -eu

statuslist=${STATUSLIST:-statuslist}
case ${1-} in
'')
    place=$(mktemp -d)
    trap 'rm -rf -- "$place"' EXIT
    trap 'exit 130' INT TERM
    ;;
*)
    place=$1
    mkdir -p -- "$place"
    [ -z "$(ls -A -- "$place")" ] || { echo "$place is not empty" >&2; exit 1; }
    ;;
esac
cd -- "$place"

# Checks a token as a verifier does, who has the public key alone.
check() {
    "$statuslist" inspect "$1" --key "$2" >inspected
    grep -E '^(verdict|signature|header):' inspected
    grep -q '^verdict: *valid$' inspected
}

"$statuslist" --quiet init list.slist --uri 'https://example.com/statuslists/{n}.jwt'

echo '# ES256: a command signs whenever a token is due'
(umask 077 && openssl ecparam -name prime256v1 -genkey -noout -out private.pem)
openssl pkey -in private.pem -pubout -out public.pem
"$statuslist" publish list.slist --to site --key public.pem \
    --signer-command 'openssl dgst -sha256 -sign private.pem'
check site/statuslists/0.jwt public.pem

echo '# ES256 in two steps: what is to be signed goes to where the key is, and the signature comes back'
"$statuslist" sign list.slist --key public.pem --prepare prepared.json -o message
openssl dgst -sha256 -sign private.pem -out signature message
"$statuslist" sign --attach prepared.json --signature signature --key public.pem -o token.jwt
check token.jwt public.pem

echo '# EdDSA: openssl wants a file, because it reads the message twice'
cat >sign-ed25519 <<'END'
message=$(mktemp) && trap 'rm -f "$message"' EXIT && cat >"$message" &&
    openssl pkeyutl -sign -rawin -inkey private-ed25519.pem -in "$message"
END
(umask 077 && openssl genpkey -algorithm ed25519 -out private-ed25519.pem)
openssl pkey -in private-ed25519.pem -pubout -out public-ed25519.pem
"$statuslist" sign list.slist --key public-ed25519.pem --signer-command 'sh sign-ed25519' -o ed25519.jwt
check ed25519.jwt public-ed25519.pem

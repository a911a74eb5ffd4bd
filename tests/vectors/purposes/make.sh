#!/bin/sh
# Makes the certificates of this folder anew: sh tests/vectors/purposes/make.sh
#
# Leaves for the purpose 1.3.6.1.4.1.32473.1, with the key tests/keys/test-p256-pkcs8.pem, each with its issuers: an
# authority that is limited to other purposes (limited), to this one among others (meant), or to none (any); and one
# for this purpose below one that is limited to others (two). The keys of the authorities are thrown away.
# Needs OpenSSL 3.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -f ./*.pem

cat >"$work/openssl.cnf" <<'END'
[ca]
default_ca = authority
[authority]
database = $ENV::WORK/index.txt
new_certs_dir = $ENV::WORK
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
email_in_dn = no
[any]
commonName = supplied
organizationName = optional
[req]
distinguished_name = name
prompt = no
[name]
CN = never used
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[limited]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
extendedKeyUsage = serverAuth,clientAuth
[meant]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
extendedKeyUsage = 1.3.6.1.4.1.32473.1,serverAuth
[any_purpose]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
extendedKeyUsage = anyExtendedKeyUsage
[leaf]
keyUsage = critical,digitalSignature
extendedKeyUsage = 1.3.6.1.4.1.32473.1
END
export WORK="$work"
: >"$work/index.txt"

certify() { # NAME KEY EXTENSIONS ISSUER, which is NAME for a self-signed one
  openssl req -new -config "$work/openssl.cnf" -key "$2" -subj "/O=Example/CN=Test $1" -out "$work/$1.csr"
  if [ "$4" = "$1" ]; then
    by="-selfsign -keyfile $2"
  else
    by="-cert $work/$4.pem -keyfile $work/$4.key"
  fi
  # shellcheck disable=SC2086
  openssl ca -batch -notext -config "$work/openssl.cnf" $by -preserveDN -in "$work/$1.csr" -out "$work/$1.pem" \
    -extensions "$3" -startdate 20250101000000Z -enddate 20450101000000Z 2>"$work/log" ||
    { cat "$work/log" >&2; exit 1; }
}

authority() { # NAME EXTENSIONS ISSUER
  openssl genpkey -out "$work/$1.key" -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null
  certify "$1" "$work/$1.key" "$2" "$3"
}

chain() { # NAME ISSUERS...: a leaf below the first, and the issuers
  name=$1
  shift
  certify leaf ../../keys/test-p256-pkcs8.pem leaf "$1"
  cp "$work/leaf.pem" "$name.pem"
  for issuer in "$@"; do cat "$work/$issuer.pem" >>"$name.pem"; done
}

authority root root root
cp "$work/root.pem" root.pem
authority limited limited root
authority meant meant root
authority any any_purpose root
authority below meant limited
chain limited limited
chain meant meant
chain any any
chain two below limited

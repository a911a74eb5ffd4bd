#!/bin/sh
# Makes the certificates of this folder anew: sh tests/vectors/profiles/make.sh
#
# They are for the key tests/keys/test-p256-pkcs8.pem, of one authority whose key is thrown away,
# and differ in what ISO/IEC 18013-5 says of the certificates that sign status lists. Needs
# OpenSSL 3.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key=../../keys/test-p256-pkcs8.pem
rm -f ./*.pem

cat >"$work/openssl.cnf" <<'END'
[ca]
default_ca = authority
[authority]
database = $ENV::WORK/index.txt
new_certs_dir = $ENV::WORK
serial = $ENV::WORK/serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
CN = never used
[authority_extensions]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[signer]
keyUsage = critical,digitalSignature
[purpose]
keyUsage = critical,digitalSignature
extendedKeyUsage = 1.3.6.1.4.1.32473.1
[critical_purpose]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,1.3.6.1.4.1.32473.1
[bare]
subjectKeyIdentifier = hash
END
export WORK="$work"
: >"$work/index.txt"
echo 2001 >"$work/serial"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/authority.key" \
  -out "$work/authority.pem" -subj "/CN=Test IACA" -days 20000 -config "$work/openssl.cnf" \
  -extensions authority_extensions 2>/dev/null

certify() { # NAME EXTENSIONS END
  openssl req -new -config "$work/openssl.cnf" -key "$key" -subj "/CN=$1" -out "$work/$1.csr"
  openssl ca -batch -notext -config "$work/openssl.cnf" -cert "$work/authority.pem" \
    -keyfile "$work/authority.key" -in "$work/$1.csr" -extensions "$2" \
    -startdate 20250101000000Z -enddate "$3" -out "$1.pem" 2>/dev/null
}

# 1,187 days, and one more.
certify signer signer 20280402000000Z
certify signer-1188-days signer 20280403000000Z
certify signer-purpose purpose 20280402000000Z
certify signer-critical-purpose critical_purpose 20280402000000Z
certify signer-bare bare 20280402000000Z

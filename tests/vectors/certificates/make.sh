#!/bin/sh
# Makes the certificates of this folder anew: sh tests/vectors/certificates/make.sh
#
# The leaves are for the keys in tests/keys. The keys of the authorities are thrown away, so the
# certificates can only be made together; OpenSSL's ECDSA is random, so they are committed.
# Needs OpenSSL 3.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
keys=../../keys
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
email_in_dn = no
copy_extensions = none
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
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[authority_0]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[authority_no_sign]
basicConstraints = critical,CA:TRUE
keyUsage = critical,cRLSign
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = URI:https://example.com,DNS:example.com
[leaf_purpose]
keyUsage = critical,digitalSignature
extendedKeyUsage = 1.3.6.1.4.1.32473.1,1.3.6.1.5.5.7.3.2
[leaf_any_purpose]
keyUsage = critical,digitalSignature
extendedKeyUsage = anyExtendedKeyUsage
[leaf_key_agreement]
keyUsage = critical,keyAgreement
[leaf_bare]
subjectKeyIdentifier = hash
[leaf_version_1]
[leaf_authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,digitalSignature,keyCertSign
[leaf_critical]
keyUsage = critical,digitalSignature
1.3.6.1.4.1.32473.2 = critical,ASN1:NULL
[leaf_control]
subjectAltName = DER:30:0b:86:09:68:74:74:70:73:3a:1b:5b:6d
END
export WORK="$work"
: >"$work/index.txt"
echo 1001 >"$work/serial"

new_key() { # NAME, and what openssl genpkey takes
  name=$1
  shift
  openssl genpkey -out "$work/$name.key" "$@" 2>/dev/null
}

# NAME SUBJECT KEY EXTENSIONS ISSUER [START END [HASH]]; ISSUER is NAME for a self-signed one.
certify() {
  openssl req -new -config "$work/openssl.cnf" -key "$3" -subj "$2" -utf8 -out "$work/$1.csr"
  if [ "$5" = "$1" ]; then
    by="-selfsign -keyfile $3"
  else
    by="-cert $5.pem -keyfile $work/$5.key"
  fi
  # shellcheck disable=SC2086
  openssl ca -batch -notext -config "$work/openssl.cnf" $by -utf8 -preserveDN \
    -in "$work/$1.csr" -out "$work/$1.pem" -extensions "$4" \
    -startdate "${6:-20250101000000Z}" -enddate "${7:-20450101000000Z}" -md "${8:-sha256}" 2>"$work/log" ||
    { cat "$work/log" >&2; exit 1; }
  cp "$work/$1.pem" "$1.pem"
  [ -e "$work/$1.key" ] || cp "$3" "$work/$1.key"
}

p256=$keys/test-p256-pkcs8.pem
p384=$keys/test-p384-pkcs8.pem
ed25519=$keys/test-ed25519-pkcs8.pem
rsa=$keys/test-rsa-pkcs8.pem

new_key root -algorithm EC -pkeyopt ec_paramgen_curve:P-256
new_key other-root -algorithm EC -pkeyopt ec_paramgen_curve:P-256
new_key same-name-root -algorithm EC -pkeyopt ec_paramgen_curve:P-256
new_key expired-root -algorithm EC -pkeyopt ec_paramgen_curve:P-256
new_key ed25519-root -algorithm ED25519
new_key rsa-root -algorithm RSA -pkeyopt rsa_keygen_bits:2048
new_key secp256k1-root -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1
new_key p521-root -algorithm EC -pkeyopt ec_paramgen_curve:P-521
new_key intermediate -algorithm EC -pkeyopt ec_paramgen_curve:P-384
new_key sub-intermediate -algorithm EC -pkeyopt ec_paramgen_curve:P-256
new_key no-sign-intermediate -algorithm EC -pkeyopt ec_paramgen_curve:P-256

# Beyond 2049 times are written in another form.
for name in root other-root ed25519-root rsa-root p521-root secp256k1-root; do
  certify "$name" "/O=Example/CN=Test $name" "$work/$name.key" root "$name" 20200101000000Z 20700101000000Z \
    "$([ "$name" = ed25519-root ] && echo default || echo sha256)"
done
certify same-name-root "/O=Example/CN=Test root" "$work/same-name-root.key" root same-name-root
certify expired-root "/O=Example/CN=Test expired-root" "$work/expired-root.key" root expired-root 20200101000000Z 20250601000000Z

# Hash and curve need not belong together.
certify intermediate "/O=Example/CN=Test intermediate" "$work/intermediate.key" authority_0 root 20200101000000Z 20500101000000Z sha384
certify sub-intermediate "/O=Example/CN=Test sub-intermediate" "$work/sub-intermediate.key" authority_0 intermediate
certify no-sign-intermediate "/O=Example/CN=Test no-sign-intermediate" "$work/no-sign-intermediate.key" authority_no_sign root

# Tests know the serial number of the first leaf.
echo 2001 >"$work/serial"
certify leaf "/O=Example/CN=Test leaf" "$p256" leaf intermediate
certify leaf-renewed "/O=Example/CN=Test leaf" "$p256" leaf intermediate 20251201000000Z
certify leaf-p384 "/O=Example/CN=Test leaf-p384" "$p384" leaf intermediate "" "" sha512
certify leaf-ed25519 "/O=Example/CN=Test leaf-ed25519" "$ed25519" leaf root
certify leaf-rsa "/O=Example/CN=Test leaf-rsa" "$rsa" leaf root
certify leaf-of-root "/O=Example/CN=Test leaf-of-root" "$p256" leaf root "" "" sha512
certify leaf-of-other-root "/O=Example/CN=Test leaf-of-other-root" "$p256" leaf other-root
certify leaf-of-ed25519-root "/O=Example/CN=Test leaf-of-ed25519-root" "$p256" leaf ed25519-root "" "" default
certify leaf-of-rsa-root "/O=Example/CN=Test leaf-of-rsa-root" "$p256" leaf rsa-root
certify leaf-of-p521-root "/O=Example/CN=Test leaf-of-p521-root" "$p256" leaf p521-root
certify leaf-of-expired-root "/O=Example/CN=Test leaf-of-expired-root" "$p256" leaf expired-root
certify leaf-of-sub-intermediate "/O=Example/CN=Test leaf-of-sub-intermediate" "$p256" leaf sub-intermediate
certify leaf-of-no-sign-intermediate "/O=Example/CN=Test leaf-of-no-sign-intermediate" "$p256" leaf no-sign-intermediate
certify leaf-expired "/O=Example/CN=Test leaf-expired" "$p256" leaf intermediate 20240101000000Z 20250101000000Z
certify leaf-not-yet "/O=Example/CN=Test leaf-not-yet" "$p256" leaf intermediate 20270101000000Z
certify leaf-short "/O=Example/CN=Test leaf-short" "$p256" leaf intermediate 20250101000000Z 20260103000000Z
certify leaf-purpose "/O=Example/CN=Test leaf-purpose" "$p256" leaf_purpose intermediate
certify leaf-any-purpose "/O=Example/CN=Test leaf-any-purpose" "$p256" leaf_any_purpose intermediate
certify leaf-key-agreement "/O=Example/CN=Test leaf-key-agreement" "$p256" leaf_key_agreement intermediate
certify leaf-bare "/O=Example/CN=Test leaf-bare" "$p256" leaf_bare intermediate
certify leaf-version-1 "/O=Example/CN=Test leaf-version-1" "$p256" leaf_version_1 intermediate
certify leaf-critical "/O=Example/CN=Test leaf-critical" "$p256" leaf_critical intermediate
certify leaf-authority "/O=Example/CN=Test leaf-authority" "$p256" leaf_authority intermediate
certify leaf-control "/O=Example/CN=Test leaf-control" "$p256" leaf_control intermediate
certify leaf-of-leaf "/O=Example/CN=Test leaf-of-leaf" "$p384" leaf leaf-of-root
# The key whose 32 bytes are all 1.
ones=$(printf '\\001%.0s' $(seq 32))
{
  printf '\060\061\002\001\001\004\040'
  # shellcheck disable=SC2059
  printf "$ones"
  printf '\240\012\006\010\052\206\110\316\075\003\001\007'
} | openssl ec -inform DER -out "$work/ones.pem" 2>/dev/null
certify leaf-ones "/O=Example/CN=Test leaf-ones" "$work/ones.pem" leaf intermediate
certify self-signed "/O=Example/CN=Test self-signed" "$p256" leaf self-signed
certify self-signed-authority "/O=Example/CN=Test self-signed-authority" "$p256" leaf_authority self-signed-authority

//! `--cert`: the key's certificates in its tokens.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use coset::cbor::Value as Cbor;
use serde_json::Value;
use snapbox::str;
use statuslist::sign::cose::{Placement, label, parse_sign1};

use crate::harness::Place;

const SIGN: &str = "sign list.slist --key key.pem --cert chain.pem";
const PUBLISH: &str = "publish list.slist --to site --key key.pem --cert chain.pem";

/// Joins certificates of `tests/vectors/certificates` in a file.
pub(crate) fn write_chain(place: &Place, file: &str, names: &[&str]) {
    let pem: String = names.iter().map(|name| certificate(name)).collect();
    place.write(file, pem);
}

fn certificate(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/certificates");
    std::fs::read_to_string(format!("{folder}/{name}.pem")).unwrap()
}

/// A place with a list, its key, and these certificates in `chain.pem`.
pub(crate) fn with_chain(names: &[&str]) -> Place {
    let place = Place::with_list();
    write_chain(&place, "chain.pem", names);
    place
}

pub(crate) fn header(token: &str) -> Value {
    let part = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// What `x5c` should be: the base64 of the PEM blocks, without their line breaks.
fn x5c(names: &[&str]) -> Value {
    let body = |name: &&str| -> String {
        let pem = certificate(name);
        let lines: Vec<_> = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let body = lines.concat();
        assert!(STANDARD.decode(&body).is_ok());
        body
    };
    names.iter().map(body).collect()
}

#[test]
fn the_certificates_stand_in_the_header_without_the_anchor() {
    for (names, embedded) in [
        (&["leaf", "intermediate"][..], 2),
        (&["leaf", "intermediate", "root"][..], 2),
        (&["leaf-of-root"][..], 1),
    ] {
        let place = with_chain(names);
        let token = place.done(SIGN);
        let mut expected = header(&place.done("sign list.slist --key key.pem"));
        expected["x5c"] = x5c(&names[..embedded]);
        assert_eq!(header(&token), expected);
        assert_eq!(token, place.done(SIGN), "the same bytes");
        place.done(PUBLISH);
        assert_eq!(token.as_bytes(), place.read("site/statuslists/0.jwt"));
    }
}

/// One certificate stands alone, several in an array (RFC 9360, section 2).
#[test]
fn the_certificates_stand_in_the_protected_header_of_a_cwt() {
    let place = with_chain(&["leaf", "intermediate", "root"]);
    place.done("configure list.slist --add-view cwt");
    let certificates = |name: &str| {
        place.done(&format!("{SIGN} --as cwt -o {name}"));
        let token = parse_sign1(&place.read(name)).unwrap();
        let (value, placement) = token.parameter(label::CERTIFICATES).unwrap();
        assert_eq!(placement, Placement::Protected);
        let base64 = |der: &Cbor| Value::from(STANDARD.encode(der.as_bytes().unwrap()));
        match value {
            Cbor::Array(several) => several.iter().map(base64).collect(),
            only => base64(only),
        }
    };
    assert_eq!(certificates("chain.cwt"), x5c(&["leaf", "intermediate"]));
    write_chain(&place, "chain.pem", &["leaf"]);
    assert_eq!(certificates("leaf.cwt"), x5c(&["leaf"])[0]);
}

#[test]
fn what_is_left_out_is_said() {
    let place = with_chain(&["leaf", "intermediate", "root"]);
    place.shows(
        "sign list.slist --key key.pem --cert chain.pem -o token.jwt",
        str![[r#"
--- stderr
wrote 2170 bytes to 'token.jwt'
the trust anchor CN=Test root,O=Example is left out of the token

"#]],
    );
    place.shows(
        PUBLISH,
        str![[r#"
written    statuslists/0.jwt (2170 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest
the trust anchor CN=Test root,O=Example is left out of the token

"#]],
    );
    place.shows(
        PUBLISH,
        str![[r#"
unchanged  statuslists/0.jwt
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 1 unchanged

"#]],
    );
    write_chain(&place, "chain.pem", &["self-signed"]);
    place.shows(
        PUBLISH,
        str![[r#"
written    statuslists/0.jwt (1238 bytes, expires 2026-01-08T00:00:00Z): its certificates changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest
the certificate is self-signed: readers that rely on authorities refuse it

"#]],
    );
}

#[test]
fn the_file_may_be_named_elsewhere() {
    let place = with_chain(&["leaf", "intermediate"]);
    let expected = place.done(SIGN);
    let pem = place.read("chain.pem");
    let run = place.run_with_input(
        &["sign", "list.slist", "--key", "key.pem", "--cert", "-"],
        &pem,
    );
    assert_eq!(run.stdout, expected, "{}", run.stderr);
    let output = place
        .command()
        .args(["sign", "list.slist", "--key", "key.pem"])
        .env("STATUSLIST_CERT", "chain.pem")
        .output()
        .unwrap();
    assert_eq!(output.stdout, expected.as_bytes());
    std::fs::create_dir(place.path("keys")).unwrap();
    place.write("keys/chain.pem", &pem);
    place.write(
        "statuslist.toml",
        "[keys]\nsigning = 'key.pem'\ncert = 'keys/chain.pem'\n",
    );
    assert_eq!(place.done("sign list.slist"), expected);
    place.write(
        "statuslist.toml",
        "[keys]\nsigning = 'key.pem'\ncert = 'keys/chain.pem'\neku = '1.3.6.1.4.1.32473.1'\n",
    );
    place.refuses(
        "sign list.slist",
        str![[r#"
--- stderr
error: the certificate in 'keys/chain.pem' lacks the extended key usage 1.3.6.1.4.1.32473.1
because: it has none
hint: a certificate that was issued for it, or another --eku
--- exit 1

"#]],
    );
    place.write("statuslist.toml", "[keys]\neku = 'status'\n");
    place.refuses(
        SIGN,
        str![[r#"
--- stderr
error: cannot use keys.eku of the settings file
because: 'status' is not an object identifier, such as 1.3.6.1.4.1.32473.1
--- exit 1

"#]],
    );
}

#[test]
fn certificates_of_another_key() {
    let place = with_chain(&["leaf-p384", "intermediate"]);
    place.refuses(
        SIGN,
        str![[r#"
--- stderr
error: cannot use the certificates in 'chain.pem'
because: the first certificate, CN=Test leaf-p384,O=Example, is for another key
--- exit 4

"#]],
    );
    write_chain(&place, "chain.pem", &["intermediate", "leaf"]);
    place.refuses(
        SIGN,
        str![[r#"
--- stderr
error: cannot use the certificates in 'chain.pem'
because: the key's certificate is number 2, but it must come first, then its issuers
--- exit 4

"#]],
    );
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: cannot use the certificates in 'chain.pem'
because: the key's certificate is number 2, but it must come first, then its issuers
--- exit 4

"#]],
    );
}

#[test]
fn certificates_that_do_not_belong_together() {
    let place = with_chain(&["leaf", "root"]);
    place.refuses(SIGN, str![[r#"
--- stderr
error: cannot use the certificates in 'chain.pem'
because: certificate 1 was issued by CN=Test intermediate,O=Example, but number 2 is that of CN=Test root,O=Example
--- exit 4

"#]]);
    write_chain(
        &place,
        "chain.pem",
        &["leaf", "intermediate", "same-name-root"],
    );
    place.refuses(
        SIGN,
        str![[r#"
--- stderr
error: cannot use the certificates in 'chain.pem'
because: certificate 2 is not signed with the key of number 3
--- exit 4

"#]],
    );
    write_chain(&place, "chain.pem", &["leaf-key-agreement", "intermediate"]);
    place.refuses(SIGN, str![[r#"
--- stderr
error: cannot use the certificates in 'chain.pem'
because: the key usage of the first certificate, CN=Test leaf-key-agreement,O=Example, does not allow signatures
--- exit 4

"#]]);
}

#[test]
fn files_that_hold_no_certificates() {
    let place = with_chain(&[]);
    place.refuses(
        SIGN,
        str![[r#"
--- stderr
error: cannot use the certificates in 'chain.pem'
because: this is no PEM file with certificates
--- exit 4

"#]],
    );
    place.refuses(
        "sign list.slist --key key.pem --cert key.pem",
        str![[r#"
--- stderr
error: cannot use the certificates in 'key.pem'
because: a private key was given where certificates belong
--- exit 4

"#]],
    );
    place.refuses(
        "sign list.slist --key key.pem --cert missing.pem",
        str![[r#"
--- stderr
error: cannot open 'missing.pem'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
    place.write(
        "chain.pem",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    );
    place.refuses(
        SIGN,
        str![[r#"
--- stderr
error: cannot use the certificates in 'chain.pem'
because: the certificate is damaged
because: ASN.1 DER message is incomplete: expected 4, actual 3 at DER byte 3
--- exit 4

"#]],
    );
}

#[test]
fn certificates_that_are_not_in_force() {
    let place = with_chain(&["leaf-expired", "intermediate"]);
    place.refuses(
        SIGN,
        str![[r#"
--- stderr
error: the certificate in 'chain.pem' is not in force at 2026-01-01T00:00:00Z
because: expired at 2025-01-01T00:00:00Z
hint: give one that is, or leave out --cert
--- exit 1

"#]],
    );
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: the certificate in 'chain.pem' is not in force at 2026-01-01T00:00:00Z
because: expired at 2025-01-01T00:00:00Z
hint: give one that is, or leave out --cert
--- exit 1

"#]],
    );
    write_chain(&place, "chain.pem", &["leaf-not-yet", "intermediate"]);
    place.refuses(
        SIGN,
        str![[r#"
--- stderr
error: the certificate in 'chain.pem' is not in force at 2026-01-01T00:00:00Z
because: not in force before 2027-01-01T00:00:00Z
hint: give one that is, or leave out --cert
--- exit 1

"#]],
    );
    place.done(&format!("{SIGN} --now 2027-01-01T00:00:00Z"));
}

#[test]
fn a_certificate_that_ends_before_the_token_does() {
    let place = with_chain(&["leaf-short", "intermediate"]);
    place.shows(
        "sign list.slist --key key.pem --cert chain.pem -o token.jwt",
        str![[r#"
--- stderr
warning: the certificate in 'chain.pem' ends at 2026-01-03T00:00:00Z, before the token does at 2026-01-08T00:00:00Z: readers refuse the token from then on
wrote 2181 bytes to 'token.jwt'

"#]],
    );
    place.shows(PUBLISH, str![[r#"
written    statuslists/0.jwt (2181 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
warning: the certificate in 'chain.pem' ends at 2026-01-03T00:00:00Z, before the token does at 2026-01-08T00:00:00Z: readers refuse the token from then on
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]]);
    let quiet = place.line(&format!("{SIGN} --valid-for 2d"));
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
    assert_ne!(
        place.line(&format!("{SIGN} --valid-for 172801s")).stderr,
        ""
    );
}

#[test]
fn a_purpose_that_is_wanted() {
    let place = with_chain(&["leaf-purpose", "intermediate"]);
    place.done(&format!("{SIGN} --eku 1.3.6.1.4.1.32473.1"));
    place.done(&format!("{SIGN} --eku 1.3.6.1.5.5.7.3.2"));
    place.refuses(
        &format!("{SIGN} --eku 1.3.6.1.5.5.7.3.1"),
        str![[r#"
--- stderr
error: the certificate in 'chain.pem' lacks the extended key usage 1.3.6.1.5.5.7.3.1
because: it has 1.3.6.1.4.1.32473.1, 1.3.6.1.5.5.7.3.2
hint: a certificate that was issued for it, or another --eku
--- exit 1

"#]],
    );
    place.refuses(&format!("{SIGN} --eku oauthStatusSigning"), str![[r#"
--- stderr
error: invalid value 'oauthStatusSigning' for '--eku <OID>': 'oauthStatusSigning' is not an object identifier, such as 1.3.6.1.4.1.32473.1

For more information, try '--help'.
--- exit 2

"#]]);
    place.refuses(
        "sign list.slist --key key.pem --eku 1.3.6.1.4.1.32473.1",
        str![[r#"
--- stderr
error: an extended key usage is wanted, but no certificate was named
hint: --cert FILE
--- exit 1

"#]],
    );
    write_chain(&place, "chain.pem", &["leaf", "intermediate"]);
    place.refuses(
        &format!("{SIGN} --eku 1.3.6.1.4.1.32473.1"),
        str![[r#"
--- stderr
error: the certificate in 'chain.pem' lacks the extended key usage 1.3.6.1.4.1.32473.1
because: it has none
hint: a certificate that was issued for it, or another --eku
--- exit 1

"#]],
    );
}

#[test]
fn a_renewed_certificate_is_published_with_the_next_publication() {
    let place = with_chain(&["leaf", "intermediate"]);
    place.shows(
        "publish list.slist --to site --key key.pem",
        str![[r#"
written    statuslists/0.jwt (434 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    place.shows(
        PUBLISH,
        str![[r#"
written    statuslists/0.jwt (2170 bytes, expires 2026-01-08T00:00:00Z): its certificates changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    place.shows(
        PUBLISH,
        str![[r#"
unchanged  statuslists/0.jwt
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 1 unchanged

"#]],
    );
    write_chain(&place, "chain.pem", &["leaf-renewed", "intermediate"]);
    place.shows(
        PUBLISH,
        str![[r#"
written    statuslists/0.jwt (2170 bytes, expires 2026-01-08T00:00:00Z): its certificates changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    let token = String::from_utf8(place.read("site/statuslists/0.jwt")).unwrap();
    assert_eq!(
        header(&token)["x5c"],
        x5c(&["leaf-renewed", "intermediate"])
    );
    place.shows(
        "publish list.slist --to site --key key.pem",
        str![[r#"
written    statuslists/0.jwt (434 bytes, expires 2026-01-08T00:00:00Z): its certificates changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    let token = String::from_utf8(place.read("site/statuslists/0.jwt")).unwrap();
    assert_eq!(header(&token).get("x5c"), None);
}

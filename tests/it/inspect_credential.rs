//! `inspect` of W3C credentials with a status list: what is shown, and what may be asked.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use snapbox::str;
use statuslist::sign::{Cryptosuite, DidWeb, PrivateKey, ProofOptions, PublicKey};
use statuslist::token::w3c::envelope::envelop_jwt;

use crate::credential_rules::{
    P256, embedded, header, jwt, prove, public, unsigned, unsigned_2020, unsigned_2021,
};
use crate::harness::{Place, from_hex};
use crate::shapes;

/// The examples of the specification.
const BITSTRING: &str = include_str!("../vectors/w3c/bitstring.json");

/// The key of its JWT and COSE examples, which it does not print: it was found from their
/// signatures, and fits all of them.
const EXAMPLE_KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"3SJ723UHNu0-RVV3afyLr-Yia_dMaI-5Xa9uNWLlpls","y":"a4mrcC1NnZFw8WcHXr6-HRYwTABK5PW1VHUzaIEnehg"}"#;

/// A place with `list`, in force and signed by its issuer, who is a `did:key`.
fn place() -> Place {
    place_with(&embedded(unsigned(), |_| {}).to_string())
}

fn place_with(list: &str) -> Place {
    let place = Place::new();
    place.write("list", list);
    place
}

#[test]
fn an_embedded_proof() {
    place().shows(
        "inspect list --entry https://example.com/status/3#94567 --purpose revocation",
        str![[r#"
credential: BitstringStatusList, embedded proof, 943 bytes
verdict:    valid
signature:  valid, by the issuer's did:key
proof:      ecdsa-jcs-2019 by did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, created 2026-01-01T00:00:00Z
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3
entry:      94567 is 1, set

"#]],
    );
}

#[test]
fn a_jwt() {
    place_with(&jwt(&header(), &unsigned())).shows("inspect list --entry 1", str![[r#"
credential: BitstringStatusList, vc+jwt, 992 bytes
verdict:    valid
signature:  valid, by the issuer's did:key
header:     alg ES256, kid did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, typ vc+jwt, cty vc
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3
entry:      1 is 0, unset

"#]]);
}

#[test]
fn an_envelope() {
    let envelope = envelop_jwt(&jwt(&header(), &unsigned()));
    place_with(&envelope.to_string()).shows("inspect list", str![[r#"
credential: BitstringStatusList, vc+jwt, enveloped, 1114 bytes
verdict:    valid
signature:  valid, by the issuer's did:key
header:     alg ES256, kid did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, typ vc+jwt, cty vc
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3

"#]]);
}

#[test]
fn on_standard_input() {
    let list = embedded(unsigned(), |_| {}).to_string();
    let place = Place::new();
    let run = place.run_with_input(&["inspect", "-", "--entry", "9", "--json"], list.as_bytes());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let credential: shapes::Credential = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(credential.entries[0].value, 1);
}

#[test]
fn for_programs() {
    let credential: shapes::Credential = place().decode("inspect list --entry 0 --bit-order both");
    assert_eq!(credential.kind, "vc");
    assert_eq!(credential.verdict, "valid");
    assert_eq!(credential.signature.by, ["the issuer's did:key"]);
    assert_eq!(credential.list_type.as_deref(), Some("BitstringStatusList"));
    let list = credential.list.unwrap();
    assert_eq!((list.bits, list.entries), (1, 131_072));
    assert_eq!(list.set[0].indexes, [0, 9, 94_567]);
    assert_eq!(list.set[1].indexes, [7, 14, 94_560]);
    let entries: Vec<_> = credential
        .entries
        .iter()
        .map(|entry| (entry.idx, entry.bit_order.as_str(), entry.value))
        .collect();
    assert_eq!(entries, [(0, "msb", 1), (0, "lsb", 0)]);
    assert_eq!(credential.findings, []);
}

#[test]
fn either_order_of_the_bits() {
    for (credential, order) in [(unsigned_2021(), "lsb"), (unsigned_2020(), "both")] {
        let place = place_with(&embedded(credential, |_| {}).to_string());
        let json: shapes::Credential =
            place.decode(&format!("inspect list --entry 7 --bit-order {order}"));
        let last = json.entries.last().unwrap();
        assert_eq!((last.bit_order.as_str(), last.value), ("lsb", 1));
    }
    let place = place_with(&embedded(unsigned_2020(), |_| {}).to_string());
    place.shows("inspect list --entry 7 --bit-order both", str![[r#"
credential: RevocationList2020, embedded proof, 1091 bytes
verdict:    valid
signature:  valid, by the issuer's did:key
proof:      ecdsa-jcs-2019 by did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, created 2026-01-01T00:00:00Z
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3
set, msb first: 0, 9, 94567
set, lsb first: 7, 14, 94560
entry:      7 is 0, unset (msb first)
entry:      7 is 1, set (lsb first)

"#]]);
}

#[test]
fn messages() {
    let list = embedded(unsigned(), |credential| {
        let subject = &mut credential["credentialSubject"];
        subject["statusPurpose"] = "message".into();
        subject["statusSize"] = 1.into();
        subject["statusMessages"] = json!([
            {"status": "0x0", "message": "granted"},
            {"status": "0x1", "message": "on \u{1b}[31mhold"},
        ]);
    });
    place_with(&list.to_string()).shows("inspect list --entry 9", str![[r#"
credential: BitstringStatusList, embedded proof, 1058 bytes
verdict:    valid
signature:  valid, by the issuer's did:key
proof:      ecdsa-jcs-2019 by did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, created 2026-01-01T00:00:00Z
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    message
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (granted)              131069
  1 (on \u{1b}[31mhold)    3
entry:      9 is 1, on \u{1b}[31mhold

"#]]);
}

#[test]
fn the_document_of_the_issuer() {
    let web: DidWeb = "did:web:example.com".parse().unwrap();
    let mut list = unsigned();
    list["issuer"] = web.did().into();
    let options = ProofOptions::new(
        Cryptosuite::EcdsaJcs2019,
        &web.multikey_method(&public(P256)),
    )
    .unwrap();
    let place = place_with(&prove(list, P256, options).to_string());
    place.write("did.json", web.document(&[public(P256)]).to_string());
    let credential: shapes::Credential = place.decode("inspect list");
    assert_eq!(credential.verdict, "unverified");
    place.shows("inspect list --did-document did.json", str![[r#"
credential: BitstringStatusList, embedded proof, 834 bytes
verdict:    valid
signature:  valid, by did:web:example.com#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP of the issuer's document
proof:      ecdsa-jcs-2019 by did:web:example.com#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
id:         https://example.com/status/3
issuer:     did:web:example.com
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3

"#]]);
    place.write("did.json", "{}");
    place.refuses(
        "inspect list --did-document did.json",
        str![[r#"
--- stderr
error: cannot use the document in 'did.json'
because: the document is not a controlled identifier document: it has no text member `id`
--- exit 4

"#]],
    );
    place.refuses(
        "inspect list --did-document did.json --jwks jwks.json",
        str![[r#"
--- stderr
error: the argument '--did-document <FILE>' cannot be used with '--jwks <FILE>'

Usage: statuslist inspect --did-document <FILE> --now <TIME> <TARGET>

For more information, try '--help'.
--- exit 2

"#]],
    );
}

#[test]
fn a_key_that_was_given() {
    let place = place();
    let jwk = public(P256).to_jwk();
    place.write("key.jwk", jwk.to_string());
    place.write("jwks.json", json!({"keys": [jwk]}).to_string());
    for option in ["--key key.jwk", "--jwks jwks.json"] {
        let credential: shapes::Credential = place.decode(&format!("inspect list {option}"));
        assert_eq!(credential.verdict, "valid");
        let by = format!("key {}", public(P256).key_id());
        assert_eq!(credential.signature.by, [by]);
    }
    place.copy_key("test-p256-public.pem", "other.pem");
    place.refuses("inspect list --key other.pem", str![[r#"
credential: BitstringStatusList, embedded proof, 943 bytes
verdict:    must be rejected
signature:  does not verify
proof:      ecdsa-jcs-2019 by did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, created 2026-01-01T00:00:00Z
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3
error:      the signature does not verify with this key (STATUS_VERIFICATION_ERROR, Data Integrity 1.0, section 4.4)
--- stderr
error: 'list' must be rejected
because: the signature does not verify with this key (STATUS_VERIFICATION_ERROR, Data Integrity 1.0, section 4.4)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn another_uri_than_credentials_name() {
    place().refuses(
        "inspect list --entry https://example.com/status/4#1",
        str![[r#"
credential: BitstringStatusList, embedded proof, 943 bytes
verdict:    must be rejected
signature:  valid, by the issuer's did:key
proof:      ecdsa-jcs-2019 by did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, created 2026-01-01T00:00:00Z
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3
error:      id is "https://example.com/status/3", not the uri "https://example.com/status/4" (STATUS_VERIFICATION_ERROR, Bitstring Status List v1.0, section 2.2)
--- stderr
error: 'list' must be rejected
because: id is "https://example.com/status/3", not the uri "https://example.com/status/4" (STATUS_VERIFICATION_ERROR, Bitstring Status List v1.0, section 2.2)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
}

#[test]
fn another_purpose_than_that_of_the_entry() {
    place().refuses("inspect list --purpose suspension", str![[r#"
credential: BitstringStatusList, embedded proof, 943 bytes
verdict:    must be rejected
signature:  valid, by the issuer's did:key
proof:      ecdsa-jcs-2019 by did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, created 2026-01-01T00:00:00Z
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3
error:      the list is for revocation, not for "suspension" (STATUS_VERIFICATION_ERROR, Bitstring Status List v1.0, section 3.2)
--- stderr
error: 'list' must be rejected
because: the list is for revocation, not for "suspension" (STATUS_VERIFICATION_ERROR, Bitstring Status List v1.0, section 3.2)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn an_index_beyond_the_list() {
    let place = place();
    place.refuses("inspect list --entry 131072", str![[r#"
credential: BitstringStatusList, embedded proof, 943 bytes
verdict:    valid
signature:  valid, by the issuer's did:key
proof:      ecdsa-jcs-2019 by did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, created 2026-01-01T00:00:00Z
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
entries:    131072 of 1 bit
list:       16384 bytes, 55 compressed
  0 (unset)                131069
  1 (set)                  3
--- stderr
error: 'list' says nothing of index 131072
because: index 131072 is outside the list, which has 131072 entries (RANGE_ERROR, Bitstring Status List v1.0, section 3.2)
hint: a credential with this index must be rejected
--- exit 1

"#]]);
    let error = place.line("inspect list --entry 131072 --json").error();
    assert_eq!(error.code, "INDEX_NOT_FOUND");
    assert_eq!(
        error.details["problem"],
        json!({"name": "RANGE_ERROR", "type": "https://www.w3.org/TR/vc-data-model#RANGE_ERROR"})
    );
}

#[test]
fn the_problem_that_a_finding_is() {
    let list = embedded(unsigned(), |credential| {
        credential["credentialSubject"]["encodedList"] = "uH4sIAAAAAAAAAwMAAAAAAAAAAAA".into();
    });
    let place = place_with(&list.to_string());
    let error = place.line("inspect list --json").error();
    assert_eq!(
        error.details["findings"][0]["problem"],
        json!({
            "name": "STATUS_LIST_LENGTH_ERROR",
            "type": "https://www.w3.org/ns/credentials/status-list#STATUS_LIST_LENGTH_ERROR",
        })
    );
}

#[test]
fn a_credential_that_is_no_list() {
    let credential = embedded(unsigned(), |credential| {
        credential["type"] = json!(["VerifiableCredential"]);
        credential["credentialSubject"] = json!({"id": "did:example:1"});
        credential["credentialStatus"] = json!({
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": "https://example.com/status/3",
        });
    });
    place_with(&credential.to_string()).refuses("inspect list", str![[r#"
credential: no status list, embedded proof, 891 bytes
verdict:    must be rejected
signature:  valid, by the issuer's did:key
proof:      ecdsa-jcs-2019 by did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, created 2026-01-01T00:00:00Z
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
error:      it is a credential, whose status is entry 94567 of https://example.com/status/3 (Bitstring Status List v1.0, section 2.1)
--- stderr
error: 'list' is a credential, not a status list
because: it is a credential, whose status is entry 94567 of https://example.com/status/3 (Bitstring Status List v1.0, section 2.1)
hint: fetch that list, and inspect it with: --entry 'https://example.com/status/3#94567'
--- exit 1

"#]]);
}

#[test]
fn json_that_is_cut_off() {
    let text = embedded(unsigned(), |_| {}).to_string();
    place_with(&text[..text.len() - 9]).refuses("inspect list", str![[r#"
--- stderr
error: 'list' must be rejected
because: it is not valid JSON: EOF while parsing a string (line 1, column 934) (MALFORMED_VALUE_ERROR, RFC 8259, section 4)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn what_is_asked_of_other_tokens() {
    let place = place();
    place.refuses(
        "inspect list --audience me",
        str![[r#"
--- stderr
error: --audience is for Status List Tokens, and 'list' is a W3C credential
hint: leave it out
--- exit 1

"#]],
    );
    place.refuses(
        "inspect list --entry id:a",
        str![[r#"
--- stderr
error: a credential does not know what 'id:a' is
hint: --entry INDEX or --entry URI#INDEX
--- exit 1

"#]],
    );
    place.write("other", "a.b.c");
    place.refuses(
        "inspect other --bit-order lsb",
        str![[r#"
--- stderr
error: --bit-order is for W3C credentials, and 'other' is none
hint: leave it out
--- exit 1

"#]],
    );
    let place = Place::with_list();
    place.refuses(
        "inspect list.slist --purpose revocation",
        str![[r#"
--- stderr
error: --purpose is for tokens, and 'list.slist' is a list file
hint: leave it out, or name a published token
--- exit 1

"#]],
    );
}

/// 64 MiB of zeros take 64 KiB.
#[test]
fn a_list_that_inflates_to_too_much() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; 64 << 20]).unwrap();
    let bomb = encoder.finish().unwrap();
    let list = embedded(unsigned(), |credential| {
        credential["credentialSubject"]["encodedList"] =
            format!("u{}", URL_SAFE_NO_PAD.encode(bomb)).into();
    });
    let place = place_with(&list.to_string());
    let run = place.line("inspect list --max-inflated 1Mi");
    assert_eq!(run.code, 1, "{}", run.stderr);
    run.shows(&place, str![[r#"
credential: BitstringStatusList, embedded proof, 87869 bytes
verdict:    must be rejected
signature:  valid, by the issuer's did:key
proof:      ecdsa-jcs-2019 by did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP, created 2026-01-01T00:00:00Z
id:         https://example.com/status/3
issuer:     did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP
purpose:    revocation
from:       2026-01-01T00:00:00Z, now
until:      2026-01-08T00:00:00Z, in 7d
ttl:        3600000 milliseconds (1h)
error:      encodedList does not inflate: a gzip stream that inflates to more than 1048576 bytes (MALFORMED_VALUE_ERROR, Bitstring Status List v1.0, section 3.4)
--- stderr
error: 'list' must be rejected
because: encodedList does not inflate: a gzip stream that inflates to more than 1048576 bytes (MALFORMED_VALUE_ERROR, Bitstring Status List v1.0, section 3.4)
hint: if the list is known to be so large: --max-inflated BYTES
--- exit 1

"#]]);
}

fn example(name: &str, place: usize) -> Value {
    let examples: Value = serde_json::from_str(BITSTRING).unwrap();
    examples[name][place].clone()
}

/// The issuer of the examples is no `did:key`, but their keys are, and without the `#` part.
fn check_proof_example(place: usize) -> Place {
    let document = example("rec_signed_examples", place)["document"].clone();
    let method = document["proof"]["verificationMethod"].as_str().unwrap();
    let key = PublicKey::from_multikey(method.strip_prefix("did:key:").unwrap()).unwrap();
    let place = place_with(&document.to_string());
    place.write("key.jwk", key.to_jwk().to_string());
    place
}

#[test]
fn bitstring_example_5_ecdsa_rdfc() {
    let place = check_proof_example(2);
    place.refuses("inspect list --key key.jwk", str![[r#"
credential: BitstringStatusList, embedded proof, 806 bytes
verdict:    must be rejected
signature:  not checked
proof:      ecdsa-rdfc-2019 by did:key:zDnaewCdcZ4ERAPqpnobQrwXcCRqCw7tWR95DSnQPaMhwJJnv, created 2025-04-27T20:53:40Z
id:         https://example.com/credentials/status/3
issuer:     did:example:12345
purpose:    revocation
from:       2021-04-05T14:27:40Z, 1731d 9h 32m 20s ago
entries:    131072 of 1 bit
list:       16384 bytes, 51 compressed
  0 (unset)                131072
error:      the did:key names no verification method: it lacks its `#` part (STATUS_VERIFICATION_ERROR, Controlled Identifiers 1.0, section 2.2)
warning:    there is no validUntil: an old copy can be replayed for ever (VCDM 2.0, section 4.9)
note:       there is no ttl: readers guess how long to keep a copy (Bitstring Status List v1.0, section 2.2)
--- stderr
error: 'list' must be rejected
because: the did:key names no verification method: it lacks its `#` part (STATUS_VERIFICATION_ERROR, Controlled Identifiers 1.0, section 2.2)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
    place.refuses("inspect list", str![[r#"
credential: BitstringStatusList, embedded proof, 806 bytes
verdict:    must be rejected
signature:  not checked (--key, --jwks or --did-document)
proof:      ecdsa-rdfc-2019 by did:key:zDnaewCdcZ4ERAPqpnobQrwXcCRqCw7tWR95DSnQPaMhwJJnv, created 2025-04-27T20:53:40Z
id:         https://example.com/credentials/status/3
issuer:     did:example:12345
purpose:    revocation
from:       2021-04-05T14:27:40Z, 1731d 9h 32m 20s ago
entries:    131072 of 1 bit
list:       16384 bytes, 51 compressed
  0 (unset)                131072
error:      the did:key names no verification method: it lacks its `#` part (STATUS_VERIFICATION_ERROR, Controlled Identifiers 1.0, section 2.2)
warning:    there is no validUntil: an old copy can be replayed for ever (VCDM 2.0, section 4.9)
note:       there is no ttl: readers guess how long to keep a copy (Bitstring Status List v1.0, section 2.2)
--- stderr
error: 'list' must be rejected
because: the did:key names no verification method: it lacks its `#` part (STATUS_VERIFICATION_ERROR, Controlled Identifiers 1.0, section 2.2)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn bitstring_example_5_eddsa_rdfc() {
    // As with ECDSA: the signature is right, and its key has no name.
    let run = check_proof_example(3).line("inspect list --key key.jwk");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("it lacks its `#` part"),
        "{}",
        run.stderr
    );
}

#[test]
fn bitstring_example_as_jwt() {
    let token = example("rec_jwt_examples", 1);
    let place = place_with(token.as_str().unwrap());
    place.write("key.jwk", EXAMPLE_KEY);
    place.shows("inspect list --key key.jwk", str![[r#"
credential: BitstringStatusList, vc+jwt, 824 bytes
verdict:    valid
signature:  valid, by key MrWGC4EytCbleFNMkE2KEbaQdoD0oaXOrsqVGd92h3U
header:     kid ExHkBMW9fmbkvV266mRpuP2sUY_N_EWIN1lapUzO8ro, alg ES256
id:         https://example.com/credentials/status/3
issuer:     did:example:12345
purpose:    revocation
from:       2021-04-05T14:27:40Z, 1731d 9h 32m 20s ago
entries:    131072 of 1 bit
list:       16384 bytes, 51 compressed
  0 (unset)                131072
warning:    there is no validUntil: an old copy can be replayed for ever (VCDM 2.0, section 4.9)
warning:    the header has no typ: it should be vc+jwt (VC-JOSE-COSE, section 3.1.1)
warning:    kid is "ExHkBMW9fmbkvV266mRpuP2sUY_N_EWIN1lapUzO8ro", not the url of a key of the issuer (VC-JOSE-COSE, section 4.3)
note:       there is no ttl: readers guess how long to keep a copy (Bitstring Status List v1.0, section 2.2)

"#]]);
}

#[test]
fn bitstring_example_in_cose() {
    let message = example("rec_cose_examples_hex", 1);
    let place = Place::new();
    place.write("list", from_hex(message.as_str().unwrap()));
    place.write("key.jwk", EXAMPLE_KEY);
    place.shows("inspect list --key key.jwk", str![[r#"
credential: BitstringStatusList, vc+cose, 560 bytes
verdict:    valid
signature:  valid, by key MrWGC4EytCbleFNMkE2KEbaQdoD0oaXOrsqVGd92h3U
header:     alg ES256
id:         https://example.com/credentials/status/3
issuer:     did:example:12345
purpose:    revocation
from:       2021-04-05T14:27:40Z, 1731d 9h 32m 20s ago
entries:    131072 of 1 bit
list:       16384 bytes, 51 compressed
  0 (unset)                131072
warning:    there is no validUntil: an old copy can be replayed for ever (VCDM 2.0, section 4.9)
warning:    the header has no typ: it should be application/vc+cose (VC-JOSE-COSE, section 3.3)
warning:    the content type in the header is not application/vc (VC-JOSE-COSE, section 3.3)
warning:    the issuer is a DID, but no kid says which of its keys it is (VC-JOSE-COSE, section 4.1.1)
note:       there is no ttl: readers guess how long to keep a copy (Bitstring Status List v1.0, section 2.2)

"#]]);
}

/// What is published here breaks no rule, in whatever way it is secured.
#[test]
fn what_sign_writes() {
    let web: DidWeb = "did:web:example.com".parse().unwrap();
    let place = Place::new();
    place.write("seed", crate::harness::SEED);
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    let pem = place.read("key.pem");
    let key = PrivateKey::parse(&pem).unwrap();
    place.write(
        "did.json",
        web.document(&[key.public().clone()]).to_string(),
    );
    for (proof, kind, older) in [
        ("ecdsa-jcs-2019", "vc", "vc"),
        ("ecdsa-rdfc-2019", "vc", "vc"),
        ("jwt", "vc+jwt", "vc-jwt"),
    ] {
        place.done(&format!(
            "init {proof}.slist --uri https://example.com/{{n}} --issuer did:web:example.com \
             --as bitstring.revocation,statuslist2021.revocation,revocationlist2020 \
             --proof {proof} --seed-file seed -q"
        ));
        for (view, kind) in [
            ("bitstring.revocation", kind),
            ("statuslist2021.revocation", older),
            ("revocationlist2020", older),
        ] {
            place.done(&format!(
                "sign {proof}.slist --as {view} --key key.pem -o {proof}.{view} -q"
            ));
            let credential: shapes::Credential = place.decode(&format!(
                "inspect {proof}.{view} --did-document did.json --purpose revocation"
            ));
            assert_eq!(
                (credential.verdict.as_str(), credential.kind.as_str()),
                ("valid", kind)
            );
            assert_eq!(credential.findings, [], "{proof} {view}");
        }
    }
    place.done(
        "init cose.slist --uri https://example.com/{n} --issuer did:web:example.com \
         --as bitstring.revocation --proof cose --seed-file seed -q",
    );
    place.done("sign cose.slist --as bitstring.revocation --key key.pem -o cose -q");
    let credential: shapes::Credential = place.decode("inspect cose --did-document did.json");
    assert_eq!(
        (credential.verdict.as_str(), credential.kind.as_str()),
        ("valid", "vc+cose")
    );
    assert_eq!(credential.findings, []);
}

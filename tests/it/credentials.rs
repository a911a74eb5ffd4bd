//! W3C views: what they demand of a series, what credentials refer to, and what is published.

use snapbox::str;

use crate::harness::Place;

const URI: &str = "--uri https://example.com/status/{n}.jwt --seed-file seed -q";
const PUBLISH: &str = "publish list.slist --to site --key key.pem";

fn place() -> Place {
    let place = Place::new();
    place.write("seed", crate::harness::SEED);
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    place
}

/// A series with the JWT and with lists of revocations and suspensions.
fn with_both(options: &str) -> Place {
    let place = place();
    place.done(&format!(
        "init list.slist {URI} --issuer did:web:example.com --as jwt,bitstring,statuslist2021 \
         --purpose revocation,suspension {options}"
    ));
    place
}

#[test]
fn a_list_of_suspensions_has_two_bits() {
    let place = place();
    place.shows(
        &format!("init list.slist {URI} --as bitstring.suspension --issuer did:web:example.com"),
        str![[r#"
list:       0
uri:        https://example.com/status/0.jwt
entries:    131072 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     did:web:example.com
ttl:        1h
valid for:  7d
--- stderr
warning: view bitstring.suspension is published at https://example.com/status/{n}.jwt, which hosts take for jwt

"#]],
    );
    place.refuses(
        &format!(
            "init b {URI} --as bitstring --purpose suspension --bits 1 --issuer https://e.example"
        ),
        str![[r#"
--- stderr
error: view bitstring.suspension needs entries of 2 bits: 1 bit cannot tell suspended from invalid
hint: --bits 2
--- exit 1

"#]],
    );
}

#[test]
fn series_that_make_no_sense_are_refused() {
    let place = place();
    for (options, expected) in [
        (
            "--as bitstring",
            str![[r#"
--- stderr
error: view bitstring.revocation needs an issuer
because: verifiers compare it with the key that the list is signed with
hint: --issuer URI: a did:key, a did:web or an https uri
--- exit 1

"#]],
        ),
        (
            "--as bitstring.refresh,jwt --issuer https://e.example",
            str![[r#"
--- stderr
error: bitstring.refresh needs a series of its own, of 1 bit, with default status valid and final status invalid
--- exit 1

"#]],
        ),
        (
            "--as bitstring.message --bits 2 --proof ecdsa-rdfc-2019 --issuer https://e.example",
            str![[r#"
--- stderr
error: bitstring.message cannot be secured with ecdsa-rdfc-2019: RDF loses statusSize and statusMessages
hint: --proof ecdsa-jcs-2019, eddsa-jcs-2022, jwt or cose
--- exit 1

"#]],
        ),
        (
            "--as statuslist2021 --proof cose --issuer https://e.example",
            str![[r#"
--- stderr
error: view statuslist2021.revocation cannot be secured with cose, which is defined for VCDM 2.0 alone
hint: --proof jwt, or one that stands in the credential
--- exit 1

"#]],
        ),
        (
            "--as statuslist2021 --purpose message --issuer https://e.example",
            str![[r#"
--- stderr
error: view statuslist2021 has no purpose message
--- exit 1

"#]],
        ),
        (
            "--as jwt,jwt",
            str![[r#"
--- stderr
error: two views cannot be published there
because: two files would have the path 'status/0.jwt'
hint: {view} or {purpose} in the template, or --uri VIEW=TEMPLATE
--- exit 1

"#]],
        ),
        (
            "--as jwt --uri cwt=https://e.example/{n}.cwt",
            str![[r#"
--- stderr
error: a uri for view cwt, which is not asked for
hint: --as cwt
--- exit 1

"#]],
        ),
        (
            "--as jwt,cwt --uri cwt=https://example.com/status/{n}.jwt",
            str![[r#"
--- stderr
error: two views cannot be published there
because: two files would have the path 'status/0.jwt'
hint: {view} or {purpose} in the template, or --uri VIEW=TEMPLATE
--- exit 1

"#]],
        ),
    ] {
        place.refuses(&format!("init list.slist {URI} {options}"), expected);
    }
}

#[test]
fn no_view_may_fail_open() {
    let place = place();
    place.done(&format!(
        "init list.slist {URI} --bits 2 --as jwt,revocationlist2020 --issuer did:web:example.com"
    ));
    place.done("allocate list.slist --token-id a");
    place.refuses("set list.slist id:a suspended", str![[r#"
--- stderr
error: view revocationlist2020 does not show status suspended (2): its readers would take the entry for valid
hint: add a view that shows it, or consent: statuslist configure FILE --blind revocationlist2020=2
--- exit 1

"#]]);
    place.done("configure list.slist --blind revocationlist2020=suspended");
    place.done("set list.slist id:a suspended");
}

#[test]
fn a_new_view_shows_what_is_set_already() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a suspended");
    place.refuses(
        "configure list.slist --add-view bitstring",
        str![[r#"
--- stderr
error: view bitstring.revocation needs an issuer
because: verifiers compare it with the key that the list is signed with
hint: --issuer URI: a did:key, a did:web or an https uri
--- exit 1

"#]],
    );
    let add = "configure list.slist --issuer did:web:example.com --add-view revocationlist2020";
    place.refuses(add, str![[r#"
--- stderr
error: view revocationlist2020 does not show status suspended (2): its readers would take the entry for valid
hint: add a view that shows it, or consent: statuslist configure FILE --blind revocationlist2020=2
--- exit 1

"#]]);
    place.done(&format!("{add} --blind revocationlist2020=suspended"));
}

#[test]
fn one_allocation_serves_every_view() {
    let place = with_both("");
    place.shows("allocate list.slist --claim bitstring", str![[r#"
[{"id":"https://example.com/status/0.revocation.json#51042","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"51042","statusListCredential":"https://example.com/status/0.revocation.json"},{"id":"https://example.com/status/0.suspension.json#51042","type":"BitstringStatusListEntry","statusPurpose":"suspension","statusListIndex":"51042","statusListCredential":"https://example.com/status/0.suspension.json"}]
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 1 entry of list 0 (131071 left), revision 2

"#]]);
    place.shows(
        "allocate list.slist --claim statuslist2021.revocation -q",
        str![[r#"
{"id":"https://example.com/status/0.2021.revocation.json#125268","type":"StatusList2021Entry","statusPurpose":"revocation","statusListIndex":"125268","statusListCredential":"https://example.com/status/0.2021.revocation.json"}
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used

"#]],
    );
    place.shows("allocate list.slist --json -q", str![[r#"
{"schema":1,"listId":"0","idx":17766,"uri":"https://example.com/status/0.jwt","status":0,"allocatedAt":"2026-01-01T00:00:00Z","existing":false,"published":false,"claims":{"jwt":{"status":{"status_list":{"idx":17766,"uri":"https://example.com/status/0.jwt"}}},"credentialStatus":[{"id":"https://example.com/status/0.revocation.json#17766","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"17766","statusListCredential":"https://example.com/status/0.revocation.json"},{"id":"https://example.com/status/0.suspension.json#17766","type":"BitstringStatusListEntry","statusPurpose":"suspension","statusListIndex":"17766","statusListCredential":"https://example.com/status/0.suspension.json"},{"id":"https://example.com/status/0.2021.revocation.json#17766","type":"StatusList2021Entry","statusPurpose":"revocation","statusListIndex":"17766","statusListCredential":"https://example.com/status/0.2021.revocation.json"},{"id":"https://example.com/status/0.2021.suspension.json#17766","type":"StatusList2021Entry","statusPurpose":"suspension","statusListIndex":"17766","statusListCredential":"https://example.com/status/0.2021.suspension.json"}]},"revision":4}
--- stderr
{"warning":"no site is known to have list 0: publish it before credentials with these entries are used","timestamp":"2026-01-01T00:00:00Z","requestId":"[..]"}

"#]]);
}

#[test]
fn messages_go_with_the_entry_and_the_list() {
    let place = place();
    place.done(&format!(
        "init list.slist {URI} --bits 2 --as bitstring.message --issuer did:web:example.com \
         --message 3=renewal-due"
    ));
    place.shows("allocate list.slist --claim bitstring -q", str![[r#"
{"id":"https://example.com/status/0.jwt#51042","type":"BitstringStatusListEntry","statusPurpose":"message","statusListIndex":"51042","statusListCredential":"https://example.com/status/0.jwt","statusSize":2,"statusMessage":[{"status":"0x0","message":"valid"},{"status":"0x1","message":"invalid"},{"status":"0x2","message":"suspended"},{"status":"0x3","message":"renewal-due"}]}
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used

"#]]);
    let signed = place.bytes("sign list.slist --key key.pem");
    let credential: serde_json::Value = serde_json::from_slice(&signed).unwrap();
    let subject = &credential["credentialSubject"];
    assert_eq!(subject["statusSize"], 2);
    assert_eq!(subject["statusMessages"][3]["status"], "0x3");
    assert_eq!(subject["statusMessages"][3]["message"], "renewal-due");
}

#[test]
fn the_same_state_gives_the_same_credential() {
    let place = with_both("");
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked");
    place.shows(
        "sign list.slist --as bitstring.revocation --key key.pem",
        str![[r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"https://example.com/status/0.revocation.json","type":["VerifiableCredential","BitstringStatusListCredential"],"issuer":"did:web:example.com","validFrom":"2026-01-01T00:00:00Z","validUntil":"2026-01-08T00:00:00Z","credentialSubject":{"id":"https://example.com/status/0.revocation.json#list","type":"BitstringStatusList","statusPurpose":"revocation","ttl":3600000,"encodedList":"uH4sIAAAAAAAAA-3BAQ0AAAwCIKPYP6U5_gEBAAAAAAA4rAEAAAAAAAAAAIAfBnhLmScAQAAA"},"proof":{"type":"DataIntegrityProof","cryptosuite":"ecdsa-jcs-2019","created":"2026-01-01T00:00:00Z","verificationMethod":"did:web:example.com#zDnaebJpsy5bxjEa4Q6TxBLyi1MZqBz4isYPUzv9HbUeccuTR","proofPurpose":"assertionMethod","@context":["https://www.w3.org/ns/credentials/v2"],"proofValue":"z2euwPDP6GEyG9dT7E333KQ56MK23iVna2xiy9TxY49crf2umtxLwCDouJkHiqmBVTGuRJYTBhmqjdzzZXoUUJvMP"}}"#]],
    );
    place.refuses(
        "sign list.slist --as bitstring --key key.pem",
        str![[r#"
--- stderr
error: bitstring stands for several views
because: they are bitstring.revocation, bitstring.suspension
hint: name one of them
--- exit 1

"#]],
    );
}

#[test]
fn a_did_key_issuer_is_the_signing_key() {
    let place = place();
    place.done(&format!(
        "init list.slist {URI} --as bitstring \
         --issuer did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
    ));
    place.refuses("sign list.slist --key key.pem", str![[r#"
--- stderr
error: the key is not the one that the issuer names
because: the issuer is did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv, and the key is did:key:zDnaebJpsy5bxjEa4Q6TxBLyi1MZqBz4isYPUzv9HbUeccuTR
hint: check --key; or: statuslist configure FILE --issuer URI
--- exit 4

"#]]);
}

#[test]
fn a_key_must_fit_the_proof() {
    let place = with_both("--proof eddsa-jcs-2022");
    place.refuses(
        "sign list.slist --as bitstring.revocation --key key.pem",
        str![[r#"
--- stderr
error: the key signs with ES256, and eddsa-jcs-2022 does not go with it
hint: another key, or a series with --proof jwt
--- exit 4

"#]],
    );
}

#[test]
fn keys_that_a_killed_run_replaced_are_entered_by_the_next() {
    let place = with_both("");
    place.done(PUBLISH);
    let before = place.read("site/statuslist-manifest.json");
    place.copy_key("test-p384-pkcs8.pem", "other.pem");
    let other = "publish list.slist --to site --key other.pem";
    place.done(&format!("{other} --new-key"));
    // Killed behind the last file and before the manifest.
    place.write("site/statuslist-manifest.json", before);
    let next = place.done(&format!("{other} --new-key"));
    assert!(next.contains("written    jwks.json"), "{next}");
    assert!(next.contains("written    .well-known/did.json"), "{next}");
    let next = place.done(other);
    assert!(next.contains("unchanged  jwks.json"), "{next}");
    place.done("keygen third.pem");
    place.done("publish list.slist --to site --key third.pem --new-key");
}

#[test]
fn a_site_gets_the_credentials_and_what_their_readers_need() {
    let place = with_both("");
    place.done("allocate list.slist --token-id a");
    place.shows(PUBLISH, str![[r#"
written    status/0.2021.revocation.json (1064 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    status/0.2021.suspension.json (1064 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    status/0.jwt (500 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    status/0.revocation.json (892 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    status/0.suspension.json (892 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    .well-known/did.json (882 bytes)
written    jwks.json (216 bytes)
--- stderr
warning: status/0.2021.revocation.json has expired by the real clock: readers refuse it
5 files written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]]);
    place.shows(
        PUBLISH,
        str![[r#"
unchanged  status/0.2021.revocation.json
unchanged  status/0.2021.suspension.json
unchanged  status/0.jwt
unchanged  status/0.revocation.json
unchanged  status/0.suspension.json
unchanged  .well-known/did.json (882 bytes)
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 5 unchanged

"#]],
    );
    place.done("set list.slist id:a suspended");
    place.shows(&format!("{PUBLISH} -q"), str![[r#"
unchanged  status/0.2021.revocation.json
written    status/0.2021.suspension.json (1068 bytes, expires 2026-01-08T00:00:00Z): the list changed
written    status/0.jwt (511 bytes, expires 2026-01-08T00:00:00Z): the list changed
unchanged  status/0.revocation.json
written    status/0.suspension.json (896 bytes, expires 2026-01-08T00:00:00Z): the list changed
unchanged  .well-known/did.json (882 bytes)
unchanged  jwks.json (216 bytes)
--- stderr
warning: status/0.2021.suspension.json has expired by the real clock: readers refuse it

"#]]);
    place.copy_key("test-p384-pkcs8.pem", "other.pem");
    place.refuses(
        "publish list.slist --to site --key other.pem",
        str![[r#"
--- stderr
error: 'status/0.revocation.json' must not be replaced
because: another key signed what is there
because: readers that know that key would not be able to verify this one's signature
hint: check --key; if the key is to change: --new-key
--- exit 1

"#]],
    );
    place.done("publish list.slist --to site --key other.pem --new-key");
    let keys: serde_json::Value = serde_json::from_slice(&place.read("site/jwks.json")).unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    let document = String::from_utf8(place.read("site/.well-known/did.json")).unwrap();
    assert!(
        document.contains("\"id\":\"did:web:example.com\""),
        "{document}"
    );
}

#[test]
fn every_way_to_secure_credentials_is_read_again() {
    for (proof, key) in [
        ("ecdsa-jcs-2019", "test-p384-pkcs8.pem"),
        ("ecdsa-rdfc-2019", "test-p256-pkcs8.pem"),
        ("eddsa-jcs-2022", "test-ed25519-pkcs8.pem"),
        ("eddsa-rdfc-2022", "test-ed25519-pkcs8.pem"),
        ("jwt", "test-p256-pkcs8.pem"),
    ] {
        let place = with_both(&format!("--proof {proof}"));
        place.copy_key(key, "this.pem");
        let publish = "publish list.slist --to site --key this.pem";
        let first: serde_json::Value = place.decode(publish);
        assert_eq!(first["written"], 5, "{proof}");
        let again: serde_json::Value = place.decode(publish);
        assert_eq!(again["unchanged"], 5, "{proof}");
    }
}

#[test]
fn a_file_that_somebody_else_wrote_stays() {
    let place = with_both("");
    std::fs::create_dir(place.path("site")).unwrap();
    place.write("site/jwks.json", "{\"keys\":[]}");
    place.refuses(
        PUBLISH,
        str![[r#"
--- stderr
error: 'jwks.json' must not be replaced
because: it is not the file that the site's manifest describes
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
    assert_eq!(place.read("site/jwks.json"), b"{\"keys\":[]}");
    assert!(!place.path("site/status").exists());
}

#[test]
fn envelopes_lie_beside_what_they_hold() {
    let place = place();
    place.done(
        "init list.slist --uri https://example.com/status/{n} --seed-file seed -q \
         --as bitstring --proof cose --issuer did:web:example.com",
    );
    place.shows(
        &format!("{PUBLISH} --enveloped -q"),
        str![[r#"
written    status/0 (655 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    .well-known/did.json (882 bytes)
written    jwks.json (216 bytes)
written    status/0.json (1007 bytes)
--- stderr
warning: status/0 has expired by the real clock: readers refuse it

"#]],
    );
    let envelope = String::from_utf8(place.read("site/status/0.json")).unwrap();
    assert!(
        envelope.starts_with(
            "{\"@context\":\"https://www.w3.org/ns/credentials/v2\",\
             \"id\":\"data:application/vc+cose;base64,0o"
        ),
        "{envelope}"
    );
}

#[test]
fn an_envelope_meets_no_other_file() {
    let place = place();
    place.done(
        "init list.slist --uri https://example.com/status/{n} --seed-file seed -q \
         --uri bitstring.suspension=https://example.com/status/{n}.json \
         --as bitstring --purpose revocation,suspension --proof jwt --issuer did:web:example.com",
    );
    place.refuses(
        &format!("{PUBLISH} --enveloped"),
        str![[r#"
--- stderr
error: two files cannot be published there
because: two files would have the path 'status/0.json'
--- exit 1

"#]],
    );
    assert!(!place.path("site/status").exists());
}

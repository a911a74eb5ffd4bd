//! The view `cwt`: the same entries, in CBOR.

use coset::cbor::{Value, from_reader};
use snapbox::str;
use statuslist::list::Width;
use statuslist::sign::cose::{Sign1, Typ, parse_sign1};
use statuslist::sign::{Algorithm, PrivateKey, PublicKey};
use statuslist::token::{InflateLimit, StatusList, cwt, jwt};

use crate::harness::{NOW, Place, from_hex};
use crate::shapes;

const PUBLISH: &str = "publish list.slist --to site --key key.pem";
const URI: &str = "https://example.com/statuslists/0.cwt";

/// A place with a list that has both forms.
fn with_both() -> Place {
    let place = Place::with_list();
    place.done("configure list.slist --add-view cwt");
    place
}

fn public_key(place: &Place, name: &str) -> PublicKey {
    let key = PrivateKey::parse(&place.read(name)).unwrap();
    key.public().clone()
}

/// A token that was published or signed with `key.pem`.
fn genuine(place: &Place, token: &[u8]) -> Sign1 {
    let token = parse_sign1(token).unwrap();
    assert_eq!(token.verify(&public_key(place, "key.pem")), Ok(()));
    token
}

fn claim(token: &Sign1, key: u64) -> &Value {
    cwt::claim(token.payload(), key).unwrap()
}

fn entries(token: &Sign1) -> StatusList {
    cwt::decode_list(claim(token, cwt::key::STATUS_LIST), InflateLimit::default()).unwrap()
}

#[test]
fn a_token_says_what_the_list_file_says() {
    let place = with_both();
    place.done("configure list.slist --aggregation-uri https://example.com/all");
    let token = place.bytes("sign list.slist --as cwt --key key.pem");
    // The tag of COSE_Sign1 stands first, and that of CBOR Web Tokens nowhere.
    assert_eq!(token[..2], [0xd2, 0x84]);
    let token = genuine(&place, &token);
    let kid = public_key(&place, "key.pem").key_id().to_owned();
    assert_eq!(token.algorithm(), Ok(Algorithm::Es256));
    assert_eq!(token.key_id(), Ok(Some(kid.as_bytes())));
    let typ = Typ::Text("application/statuslist+cwt");
    assert_eq!(token.typ(), Ok(Some(typ)));
    assert_eq!(token.unprotected().len(), 0);

    let keys: Vec<_> = token.payload().iter().map(|(key, _)| key.clone()).collect();
    assert_eq!(keys, [2, 1, 6, 4, 65534, 65533].map(Value::from));
    assert_eq!(claim(&token, cwt::key::SUBJECT), &URI.into());
    assert_eq!(
        claim(&token, cwt::key::ISSUER),
        &"https://example.com".into()
    );
    assert_eq!(
        claim(&token, cwt::key::ISSUED_AT),
        &1_767_225_600.into(),
        "{NOW}"
    );
    assert_eq!(
        claim(&token, cwt::key::EXPIRES_AT),
        &(1_767_225_600 + 7 * 86_400).into()
    );
    assert_eq!(claim(&token, cwt::key::TIME_TO_LIVE), &3600.into());
    assert_eq!(
        cwt::aggregation_uri(claim(&token, cwt::key::STATUS_LIST)),
        Ok(Some("https://example.com/all"))
    );
    assert_eq!(entries(&token).width, Width::Two);
    assert_eq!(entries(&token).bytes, [0; 250]);
}

#[test]
fn the_same_list_key_and_time_give_the_same_bytes() {
    let place = with_both();
    let token = place.bytes("sign list.slist --as cwt --key key.pem");
    assert_eq!(
        token,
        place.bytes("sign list.slist --as cwt --key key.pem -o -")
    );
    let later = "sign list.slist --as cwt --key key.pem --now 2026-01-01T00:00:01Z";
    assert_ne!(token, place.bytes(later));
    place.done(PUBLISH);
    assert_eq!(token, place.read("site/statuslists/0.cwt"));
    place.shows(
        "sign list.slist --as cwt --key key.pem -o token.cwt",
        str![[r#"
--- stderr
wrote 257 bytes to 'token.cwt'

"#]],
    );
    assert_eq!(token, place.read("token.cwt"));
}

#[test]
fn what_is_published_is_judged_before_it_is_replaced() {
    let place = with_both();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.copy_key("test-ed25519-pkcs8.pem", "other.pem");
    let published = |line: &str| -> String {
        let published: shapes::Published = place.decode(line);
        let mut files = published.files.into_iter();
        let file = files.find(|file| file.uri == URI).unwrap();
        format!("{}: {}", file.action, file.because)
    };
    assert_eq!(published(PUBLISH), "written: it was not there");
    place.shows(
        "inspect site/statuslists/0.cwt --key public.pem --entry 999",
        str![[r#"
token:      CWT, 257 bytes
verdict:    valid
signature:  valid, with key mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ application/statuslist+cwt
sub (2):    https://example.com/statuslists/0.cwt
iss (1):    https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
entry:      999 is valid (0)

"#]],
    );
    let on = |day: u8| format!("{PUBLISH} --now 2026-01-0{day}T00:00:00Z");
    assert_eq!(
        published(&on(2)),
        "unchanged: nothing changed, and it is fresh"
    );
    let renewed = "written: half of its validity has passed";
    assert_eq!(published(&on(5)), renewed);
    let other = on(5).replace("key.pem", "other.pem");
    assert_eq!(place.line(&other).code, 1);
    let changed = published(&format!("{other} --new-key"));
    assert_eq!(changed, "written: the key changed");
}

#[test]
fn for_programs_a_token_is_hexadecimal_digits() {
    let place = with_both();
    let token = place.bytes("sign list.slist --as cwt --key key.pem");
    let signed: shapes::Signed = place.decode("sign list.slist --as cwt --key key.pem");
    assert_eq!(signed.view, "cwt");
    assert_eq!(signed.uri, URI);
    assert_eq!(signed.bytes, token.len());
    assert_eq!(signed.token, None);
    assert_eq!(from_hex(&signed.token_hex.unwrap()), token);
}

#[test]
fn keys_of_every_algorithm() {
    let place = with_both();
    for key in [
        "test-p256-pkcs8.pem",
        "test-p384-pkcs8.pem",
        "test-p521-pkcs8.pem",
        "test-ed25519-pkcs8.pem",
    ] {
        place.copy_key(key, key);
        let token = place.bytes(&format!("sign list.slist --as cwt --key {key}"));
        let token = parse_sign1(&token).unwrap();
        let key = public_key(&place, key);
        assert_eq!(token.algorithm(), Ok(key.algorithm()));
        assert_eq!(token.verify(&key), Ok(()));
    }
}

#[test]
fn credentials_of_both_kinds_point_to_one_entry() {
    let place = with_both();
    let one: shapes::One = place.decode("allocate list.slist --token-id a");
    let hex = one.claims["cwt"]["status_hex"].as_str().unwrap();
    let status: Value = from_reader(from_hex(hex).as_slice()).unwrap();
    let entry = vec![("idx".into(), one.idx.into()), ("uri".into(), URI.into())];
    let expected = Value::Map(vec![("status_list".into(), Value::Map(entry))]);
    assert_eq!(status, expected);
    let jwt = &one.claims["jwt"]["status"]["status_list"];
    assert_eq!(jwt["idx"], one.idx);
    assert_eq!(jwt["uri"], "https://example.com/statuslists/0.jwt");

    place.shows(
        "allocate list.slist --token-id a --or-existing --claim cwt -q",
        str![[r#"
{"status_hex":"a16b7374617475735f6c697374a26369647819033a63757269782568747470733a2f2f6578616d706c652e636f6d2f7374617475736c697374732f302e637774"}
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used

"#]],
    );

    place.done("set list.slist id:a suspended");
    place.done(PUBLISH);
    let token = genuine(&place, &place.read("site/statuslists/0.cwt"));
    assert_eq!(entries(&token).status(one.idx), Some(2));
    let jwt = place.read("site/statuslists/0.jwt");
    let jwt = statuslist::sign::parse_compact(&jwt).unwrap();
    let list = jwt::decode_list(&jwt.payload()["status_list"], InflateLimit::default());
    assert_eq!(list, Ok(entries(&token)));
}

#[test]
fn a_series_may_have_this_form_alone() {
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.write("seed", crate::harness::SEED);
    place.shows(
        "init list.slist --as cwt --uri https://example.com/{n}.cwt --size 1000 --seed-file seed",
        str![[r#"
list:       0
uri:        https://example.com/0.cwt
entries:    1000 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'list.slist' --bits 2

"#]],
    );
    place.shows("allocate list.slist --claim cwt -q", str![[r#"
{"status_hex":"a16b7374617475735f6c697374a26369647819033a63757269781968747470733a2f2f6578616d706c652e636f6d2f302e637774"}
--- stderr
warning: no site is known to have list 0: publish it before credentials with these entries are used

"#]]);
    let one: shapes::One = place.decode("allocate list.slist");
    assert_eq!(one.uri, "https://example.com/0.cwt");
    let forms: Vec<_> = one.claims.as_object().unwrap().keys().collect();
    assert_eq!(forms, ["cwt"]);
    place.shows(
        PUBLISH,
        str![[r#"
written    0.cwt (245 bytes, expires 2026-01-08T00:00:00Z): it was not there
written    jwks.json (216 bytes)
--- stderr
warning: 0.cwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    let token = place.bytes("sign list.slist --key key.pem");
    assert_eq!(token, place.read("site/0.cwt"));
    genuine(&place, &token);
}

#[test]
fn a_form_that_is_added_is_published_beside_the_other() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done(PUBLISH);
    place.shows(
        "configure list.slist --add-view cwt",
        str![[r#"
--- stderr
configured, revision 3; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    place.shows(
        PUBLISH,
        str![[r#"
written    statuslists/0.cwt (257 bytes, expires 2026-01-08T00:00:00Z): it was not there
unchanged  statuslists/0.jwt
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.cwt has expired by the real clock: readers refuse it
1 file written, 1 unchanged

"#]],
    );
    place.shows(
        PUBLISH,
        str![[r#"
unchanged  statuslists/0.cwt
unchanged  statuslists/0.jwt
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 2 unchanged

"#]],
    );
    let manifest = place.read("site/statuslist-manifest.json");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert!(manifest.to_string().contains(cwt::MEDIA_TYPE));
    place.done("set list.slist id:a revoked");
    place.shows(
        &format!("{PUBLISH} --as cwt"),
        str![[r#"
written    statuslists/0.cwt (260 bytes, expires 2026-01-08T00:00:00Z): the list changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.cwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    place.shows(
        PUBLISH,
        str![[r#"
unchanged  statuslists/0.cwt
written    statuslists/0.jwt (439 bytes, expires 2026-01-08T00:00:00Z): the list changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 1 unchanged

"#]],
    );
}

#[test]
fn an_interrupted_publication_goes_on() {
    let place = with_both();
    place.done("allocate list.slist --token-id a");
    place.done(PUBLISH);
    let manifest = place.read("site/statuslist-manifest.json");
    place.done("set list.slist id:a suspended");
    place.done(&format!("{PUBLISH} --now 2026-01-01T00:00:01Z"));
    // The tokens are new, and the manifest is not.
    place.write("site/statuslist-manifest.json", &manifest);
    place.shows(
        &format!("{PUBLISH} --now 2026-01-01T00:00:02Z"),
        str![[r#"
written    statuslists/0.cwt (260 bytes, expires 2026-01-08T00:00:02Z): the manifest did not know it
written    statuslists/0.jwt (439 bytes, expires 2026-01-08T00:00:02Z): the manifest did not know it
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.cwt has expired by the real clock: readers refuse it
2 files written, 0 unchanged
publish again by 2026-01-04T12:00:02Z at the latest

"#]],
    );
    place.refuses(
        &format!("{PUBLISH} --as cwt"),
        str![[r#"
--- stderr
error: 'statuslists/0.cwt' must not be replaced
because: what is there is newer
because: it was issued at 2026-01-01T00:00:02Z, and now is 2026-01-01T00:00:00Z
hint: check the clock or --now; to go back all the same: --allow-rollback
--- exit 1

"#]],
    );
}

#[test]
fn what_somebody_else_put_there_is_not_replaced() {
    let place = with_both();
    place.done(PUBLISH);
    let token = place.read("site/statuslists/0.cwt");
    let publish = format!("{PUBLISH} --as cwt");
    for foreign in [
        &b""[..],
        b"not a token",
        &token[..100],
        b"\xd2\x84\x40\xa0\x41\xa0\x40",
    ] {
        place.write("site/statuslists/0.cwt", foreign);
        assert_eq!(
            place.line(&format!("{publish} --json")).error().code,
            "CONFLICT"
        );
    }
    place.refuses(
        &publish,
        str![[r#"
--- stderr
error: 'statuslists/0.cwt' must not be replaced
because: it is not the file that the site's manifest describes
hint: find out who wrote it; to replace it all the same: --allow-rollback
--- exit 1

"#]],
    );
    // The tag is not signed, so without it the token is still ours.
    place.write("site/statuslists/0.cwt", &token[1..]);
    place.shows(
        &publish,
        str![[r#"
written    statuslists/0.cwt (257 bytes, expires 2026-01-08T00:00:00Z): the manifest did not know it
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.cwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:00:00Z at the latest

"#]],
    );
    assert_eq!(place.read("site/statuslists/0.cwt"), token);
}

//! Tokens that somebody broke on purpose: none is called valid, none is called revoked, and none
//! takes memory or drives a terminal.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::{Value, json};
use snapbox::str;

use crate::harness::Place;
use crate::shapes;

const HEADER: &str = r#"{"alg":"ES256","typ":"statuslist+jwt"}"#;

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn claims() -> Value {
    json!({
        "sub": "https://example.com/0.jwt",
        "iss": "https://example.com",
        "iat": 1_767_225_600,
        "exp": 1_767_830_400,
        "ttl": 3600,
        "status_list": {"bits": 1, "lst": encode(zlib(&[0xB9, 0xA3]))},
    })
}

/// A token with a signature of the right length that nobody made.
fn token(header: &str, payload: &str) -> String {
    format!("{}.{}.{}", encode(header), encode(payload), encode([1; 64]))
}

fn with(change: impl FnOnce(&mut Value)) -> String {
    let mut claims = claims();
    change(&mut claims);
    token(HEADER, &claims.to_string())
}

/// What `inspect` says is wrong with a token: the first fault, for which it must be rejected.
fn fault(text: &str) -> String {
    let place = Place::new();
    place.write("token", text);
    let run = place.line("inspect token --json");
    let error = run.error();
    assert_eq!(
        (run.code, error.code.as_str()),
        (1, "BAD_TOKEN"),
        "{}",
        run.stderr
    );
    if !run.stdout.is_empty() {
        let token: shapes::Token = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(token.verdict, "rejected");
    }
    error.message + "\n"
}

#[test]
fn a_good_one_is_only_unverified() {
    let place = Place::new();
    place.write("token", with(|_| {}));
    place.shows(
        "inspect token --entry 3",
        str![[r#"
token:      JWT, 347 bytes
verdict:    no fault found, but the signature was not checked
signature:  not checked (--key or --jwks)
header:     alg ES256, typ statuslist+jwt
sub:        https://example.com/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
entry:      3 is invalid (1)

"#]],
    );
    place.shows(
        "inspect token --entry 99",
        str![[r#"
token:      JWT, 347 bytes
verdict:    no fault found, but the signature was not checked
signature:  not checked (--key or --jwks)
header:     alg ES256, typ statuslist+jwt
sub:        https://example.com/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
--- stderr
error: 'token' says nothing of index 99
because: index 99 is outside the list, which has 16 entries (draft-ietf-oauth-status-list-21, section 8.3)
hint: a credential with this index must be rejected
--- exit 1

"#]],
    );
    let token: shapes::Token = place.decode("inspect token");
    assert_eq!(
        (token.verdict.as_str(), token.signature.checked),
        ("unverified", false)
    );
}

#[test]
fn what_is_no_jwt() {
    let good = with(|_| {});
    let mut all = String::new();
    for text in [
        "",
        "hello",
        "a.b",
        "a.b.c.d",
        &good[..good.len() / 2],
        "{\"sub\":1}",
    ] {
        all += &fault(text);
    }
    snapbox::assert_data_eq!(
        all,
        str![[r#"
'token' is no list file, and no token that can be read: the token does not have 3 parts between full stops, but 1 (RFC 7515, section 7.1)
'token' is no list file, and no token that can be read: the token does not have 3 parts between full stops, but 1 (RFC 7515, section 7.1)
'token' is no list file, and no token that can be read: the token does not have 3 parts between full stops, but 2 (RFC 7515, section 7.1)
'token' is no list file, and no token that can be read: the token does not have 3 parts between full stops, but 4 (RFC 7515, section 7.1)
'token' is no list file, and no token that can be read: the token does not have 3 parts between full stops, but 2 (RFC 7515, section 7.1)
'token' is no list file, and no token that can be read: the token does not have 3 parts between full stops, but 1 (RFC 7515, section 7.1)

"#]]
    );
}

#[test]
fn headers_that_must_be_rejected() {
    let payload = claims().to_string();
    let mut all = String::new();
    for header in [
        r#"{"alg":"none","typ":"statuslist+jwt"}"#,
        r#"{"alg":"HS256","typ":"statuslist+jwt"}"#,
        r#"{"alg":"ES256","typ":"JWT"}"#,
        r#"{"alg":"ES256"}"#,
        r#"{"alg":"ES256","typ":"statuslist+jwt","crit":["x"],"x":1}"#,
        r#"{"alg":"ES256","alg":"ES256","typ":"statuslist+jwt"}"#,
    ] {
        all += &fault(&token(header, &payload));
    }
    snapbox::assert_data_eq!(
        all,
        str![[r#"
'token' must be rejected: the token is not signed: its algorithm is `none` (RFC 8725, section 3.2)
'token' must be rejected: it has a MAC instead of a signature: no public key can check it (draft-ietf-oauth-status-list-21, section 11.6)
'token' must be rejected: typ is "JWT", not "statuslist+jwt" (draft-ietf-oauth-status-list-21, section 5.1)
'token' must be rejected: the header has no typ (draft-ietf-oauth-status-list-21, section 5.1)
'token' must be rejected: the header demands an extension that is not known: x (RFC 7515, section 4.1.11)
'token' is no list file, and no token that can be read: the header is not valid JSON: the member `alg` stands twice (line 1, column 20) (RFC 7515, section 4)

"#]]
    );
}

#[test]
fn claims_that_must_be_rejected() {
    let mut all = String::new();
    for (name, value) in [
        ("exp", json!(1_767_225_600)),
        ("exp", json!("soon")),
        ("iat", json!(1_767_999_999)),
        ("nbf", json!(1_767_999_999)),
        ("ttl", json!(0)),
        ("ttl", json!(-1)),
        ("ttl", json!("1h")),
        ("sub", json!(7)),
        ("status_list", json!([])),
    ] {
        all += &format!("{name}: {}", fault(&with(|claims| claims[name] = value)));
    }
    for name in ["sub", "iat", "status_list"] {
        let gone = with(|claims| drop(claims.as_object_mut().unwrap().remove(name)));
        all += &format!("{name}: {}", fault(&gone));
    }
    snapbox::assert_data_eq!(
        all,
        str![[r#"
exp: 'token' must be rejected: it expired at 2026-01-01T00:00:00Z (draft-ietf-oauth-status-list-21, section 8.3)
exp: 'token' must be rejected: exp is a string instead of a number of seconds (RFC 7519, section 4.1.4)
iat: 'token' must be rejected: it was issued in the future, at 2026-01-09T23:06:39Z (draft-ietf-oauth-status-list-21, section 8.3)
nbf: 'token' must be rejected: it is not valid before 2026-01-09T23:06:39Z (RFC 7519, section 4.1.5)
ttl: 'token' must be rejected: ttl is 0 seconds, which is not more than 0 (draft-ietf-oauth-status-list-21, section 5.1)
ttl: 'token' must be rejected: ttl is -1 seconds, which is not more than 0 (draft-ietf-oauth-status-list-21, section 5.1)
ttl: 'token' must be rejected: ttl is a string instead of a number of seconds (draft-ietf-oauth-status-list-21, section 5.1)
sub: 'token' must be rejected: sub is the number 7, not a string (draft-ietf-oauth-status-list-21, section 5.1)
status_list: 'token' must be rejected: status_list is an array, not an object (draft-ietf-oauth-status-list-21, section 4.2)
sub: 'token' must be rejected: there is no sub (draft-ietf-oauth-status-list-21, section 5.1)
iat: 'token' must be rejected: there is no iat (draft-ietf-oauth-status-list-21, section 5.1)
status_list: 'token' must be rejected: there is no status_list (draft-ietf-oauth-status-list-21, section 5.1)

"#]]
    );
}

#[test]
fn lists_that_must_be_rejected() {
    let good = zlib(&[0xB9, 0xA3]);
    let mut wrong_sum = good.clone();
    *wrong_sum.last_mut().unwrap() ^= 1;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&[0xB9, 0xA3]).unwrap();
    let mut trailing = good.clone();
    trailing.push(0);
    let mut all = String::new();
    for (bits, lst) in [
        (3, encode(&good)),
        (0, encode(&good)),
        (16, encode(&good)),
        (1, format!("{}==", encode(&good))),
        (1, "+/+/".to_owned()),
        (1, String::new()),
        (1, encode(gzip.finish().unwrap())),
        (1, encode(&wrong_sum)),
        (1, encode(&good[..good.len() - 2])),
        (1, encode(&trailing)),
        (1, encode([0xB9, 0xA3])),
    ] {
        all += &fault(&with(|claims| {
            claims["status_list"] = json!({"bits": bits, "lst": lst});
        }));
    }
    snapbox::assert_data_eq!(
        all,
        str![[r#"
'token' must be rejected: bits is wrong: 3 bits per entry: a list has 1, 2, 4 or 8 (draft-ietf-oauth-status-list-21, section 4.2)
'token' must be rejected: bits is wrong: 0 bits per entry: a list has 1, 2, 4 or 8 (draft-ietf-oauth-status-list-21, section 4.2)
'token' must be rejected: bits is wrong: 16 bits per entry: a list has 1, 2, 4 or 8 (draft-ietf-oauth-status-list-21, section 4.2)
'token' must be rejected: lst is not base64url without padding: padding (=) at byte 14: base64url is written without it here (draft-ietf-oauth-status-list-21, section 4.2)
'token' must be rejected: lst is not base64url without padding: '+' at byte 0 is of the standard base64 alphabet, not of base64url (draft-ietf-oauth-status-list-21, section 4.2)
'token' must be rejected: lst does not inflate: a zlib stream of 0 bytes: not even its header is there (draft-ietf-oauth-status-list-21, section 4.1)
'token' must be rejected: lst does not inflate: a gzip stream (1f8b), not a zlib stream (draft-ietf-oauth-status-list-21, section 4.1)
'token' must be rejected: lst does not inflate: a zlib stream with a wrong checksum: Adler-32 is 0217015d, not 0217015c (draft-ietf-oauth-status-list-21, section 4.1)
'token' must be rejected: lst does not inflate: a zlib stream that is cut short (draft-ietf-oauth-status-list-21, section 4.1)
'token' must be rejected: lst does not inflate: a zlib stream with something after its end (bytes: 1) (draft-ietf-oauth-status-list-21, section 4.1)
'token' must be rejected: lst does not inflate: not a zlib stream: compression method 9, not 8 (draft-ietf-oauth-status-list-21, section 4.1)

"#]]
    );
}

#[test]
fn a_list_that_inflates_beyond_the_limit() {
    let place = Place::new();
    let large = encode(zlib(&vec![0; 1 << 20]));
    place.write(
        "token",
        with(|claims| claims["status_list"]["lst"] = large.into()),
    );
    assert_eq!(place.line("inspect token").code, 0);
    let run = place.line("inspect token --max-inflated 64Ki");
    assert_eq!(run.code, 1);
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
error: 'token' must be rejected
because: lst does not inflate: a zlib stream that inflates to more than 65536 bytes (draft-ietf-oauth-status-list-21, section 4.1)
hint: if the list is known to be so large: --max-inflated BYTES

"#]]
    );
}

#[test]
fn members_twice_and_json_without_end() {
    let twice = r#"{"sub":"a","sub":"b"}"#;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let large = format!("{{\"sub\":{}}}", "9".repeat(100_000));
    let mut all = fault(&token(HEADER, twice));
    all += &fault(&token(HEADER, &format!("{{\"sub\":{deep}}}")));
    all += &fault(&token(HEADER, &large));
    all += &fault(&token(&deep, "{}"));
    all += &fault(&token(HEADER, "[]"));
    all += &fault(&token(HEADER, "{} {}"));
    snapbox::assert_data_eq!(
        all,
        str![[r#"
'token' is no list file, and no token that can be read: the payload is not valid JSON: the member `sub` stands twice (line 1, column 16) (RFC 7519, section 4)
'token' is no list file, and no token that can be read: the payload is not valid JSON: recursion limit exceeded (line 1, column 134) (RFC 7519, section 7.2)
'token' is no list file, and no token that can be read: the payload is not valid JSON: number out of range (line 1, column 100007) (RFC 7519, section 7.2)
'token' is no list file, and no token that can be read: the header is not valid JSON: recursion limit exceeded (line 1, column 128) (RFC 7515, section 5.2)
'token' is no list file, and no token that can be read: the payload is not a JSON object (RFC 7519, section 7.2)
'token' is no list file, and no token that can be read: the payload is not valid JSON: something follows the end of the JSON value (line 1, column 4) (RFC 7519, section 7.2)

"#]]
    );
}

#[test]
fn nothing_in_a_claim_drives_a_terminal() {
    let place = Place::new();
    place.write(
        "token",
        token(
            "{\"alg\":\"ES256\",\"typ\":\"statuslist+jwt\",\"kid\":\"\\u001b[31m\"}",
            &{
                let mut claims = claims();
                claims["iss"] = "\u{1b}]0;owned\u{7}\r\n\u{202e}".into();
                claims["\u{1b}[2J"] = json!({"\u{9b}": ["\u{1b}c"]});
                claims["sub"] = "x\u{1b}[1A".into();
                claims.to_string()
            },
        ),
    );
    let run = place.line("inspect token --uri https://example.com/0.jwt");
    for text in [&run.stdout, &run.stderr] {
        let bad = text
            .chars()
            .find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
        assert_eq!(bad, None, "{text}");
    }
    run.shows(
        &place,
        str![[r#"
token:      JWT, 404 bytes
verdict:    must be rejected
signature:  not checked (--key or --jwks)
header:     alg ES256, typ statuslist+jwt, kid \u{1b}[31m
sub:        x\u{1b}[1A
iss:        \u{1b}]0;owned\u{7}\u{d}\u{a}\u{202e}
\u{1b}[2J:  {"\u{9b}":["\u001bc"]}
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
error:      sub is "x\u{1b}[1A", which is no uri (draft-ietf-oauth-status-list-21, section 5.1)
error:      sub is "x\u{1b}[1A", not the uri "https://example.com/0.jwt" (draft-ietf-oauth-status-list-21, section 8.3)
note:       it has further claims: \u{1b}[2J (draft-ietf-oauth-status-list-21, section 5.1)
--- stderr
error: 'token' must be rejected
because: sub is "x\u{1b}[1A", which is no uri (draft-ietf-oauth-status-list-21, section 5.1)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
}

#[test]
fn signatures() {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.copy_key("test-p384-public.pem", "other.pem");
    place.done("sign list.slist --key key.pem -o good");
    place.shows(
        "inspect good --key public.pem",
        str![[r#"
token:      JWT, 434 bytes
verdict:    valid
signature:  valid, with key mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000

"#]],
    );
    let good = String::from_utf8(place.read("good")).unwrap();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    bytes[7] ^= 1;
    place.write("forged", format!("{signed}.{}", encode(&bytes)));
    place.refuses(
        "inspect forged --key public.pem -q",
        str![[r#"
token:      JWT, 434 bytes
verdict:    must be rejected
signature:  does not verify
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      the signature does not verify (RFC 7515, section 5.2)
--- stderr
error: 'forged' must be rejected
because: the signature does not verify (RFC 7515, section 5.2)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
    place.refuses(
        "inspect good --key other.pem -q",
        str![[r#"
token:      JWT, 434 bytes
verdict:    must be rejected
signature:  does not verify
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      the token is signed with ES256, but the key is for ES384 (RFC 7515, section 5.2)
--- stderr
error: 'good' must be rejected
because: the token is signed with ES256, but the key is for ES384 (RFC 7515, section 5.2)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
    place.write("unsigned", format!("{signed}."));
    place.refuses(
        "inspect unsigned --key public.pem -q",
        str![[r#"
token:      JWT, 348 bytes
verdict:    must be rejected
signature:  does not verify
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      the signature does not verify (RFC 7515, section 5.2)
--- stderr
error: 'unsigned' must be rejected
because: the signature does not verify (RFC 7515, section 5.2)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
    place.refuses(
        "inspect good --key public.pem --uri https://example.com/1.jwt",
        str![[r#"
token:      JWT, 434 bytes
verdict:    must be rejected
signature:  valid, with key mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      sub is "https://example.com/statuslists/0.jwt", not the uri "https://example.com/1.jwt" (draft-ietf-oauth-status-list-21, section 8.3)
--- stderr
error: 'good' must be rejected
because: sub is "https://example.com/statuslists/0.jwt", not the uri "https://example.com/1.jwt" (draft-ietf-oauth-status-list-21, section 8.3)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
    place.write("surrounded", format!(" {good}\n"));
    assert_eq!(place.line("inspect surrounded --key public.pem").code, 0);
    let run = place.run_with_input(&["inspect", "-", "--key", "public.pem"], good.as_bytes());
    assert_eq!(run.code, 0);
    let token: shapes::Token = place.decode("inspect good --key public.pem --entry 5");
    assert_eq!(
        (token.verdict.as_str(), token.entry.unwrap().status),
        ("valid", 0)
    );
    let entry = "https://example.com/statuslists/0.jwt#5";
    assert_eq!(place.line(&format!("inspect good --entry {entry}")).code, 0);
    place.refuses(
        "inspect good --entry id:a",
        str![[r#"
--- stderr
error: a token does not know what 'id:a' is
hint: --entry INDEX or --entry URI#INDEX
--- exit 1

"#]],
    );
    place.refuses(
        "inspect good --entry https://example.com/9.jwt#5 -q",
        str![[r#"
token:      JWT, 434 bytes
verdict:    must be rejected
signature:  not checked (--key or --jwks)
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      sub is "https://example.com/statuslists/0.jwt", not the uri "https://example.com/9.jwt" (draft-ietf-oauth-status-list-21, section 8.3)
--- stderr
error: 'good' must be rejected
because: sub is "https://example.com/statuslists/0.jwt", not the uri "https://example.com/9.jwt" (draft-ietf-oauth-status-list-21, section 8.3)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
    std::fs::create_dir(place.path("folder")).unwrap();
    place.refuses(
        "inspect folder",
        str![[r#"
--- stderr
error: cannot use 'folder' as a list file
because: it is a folder without a list file
hint: name a file in it; or make a list file in it: statuslist init FILE --uri TEMPLATE
--- exit 4

"#]],
    );
    place.refuses(
        "inspect missing",
        str![[r#"
--- stderr
error: cannot open 'missing'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
    let run = place.run_with_input(&["inspect", "-"], &place.read("list.slist"));
    run.shows(
        &place,
        str![[r#"
--- stderr
error: standard input is a list file
hint: a list file is inspected by its name
--- exit 1

"#]],
    );
}

#[test]
fn enormous_numbers_are_neither_a_crash_nor_a_time() {
    let place = Place::new();
    place.write("token", with(|claims| claims["exp"] = json!(1e308)));
    place.shows(
        "inspect token",
        str![[r#"
token:      JWT, 342 bytes
verdict:    must be rejected
signature:  not checked (--key or --jwks)
header:     alg ES256, typ statuslist+jwt
sub:        https://example.com/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    @9223372036854775807, more than a century away
ttl:        3600 seconds (1h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
error:      exp lies beyond the year 9999 (RFC 7519, section 2)
warning:    its validity is longer than 366 days (draft-ietf-oauth-status-list-21, section 11.5)
--- stderr
error: 'token' must be rejected
because: exp lies beyond the year 9999 (RFC 7519, section 2)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
    place.write("token", with(|claims| claims["iat"] = json!(-1e300)));
    place.shows(
        "inspect token",
        str![[r#"
token:      JWT, 343 bytes
verdict:    must be rejected
signature:  not checked (--key or --jwks)
header:     alg ES256, typ statuslist+jwt
sub:        https://example.com/0.jwt
iss:        https://example.com
issued:     @-9223372036854775808, more than a century away
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
error:      iat lies beyond the year 9999 (RFC 7519, section 2)
warning:    its validity is longer than 366 days (draft-ietf-oauth-status-list-21, section 11.5)
--- stderr
error: 'token' must be rejected
because: iat lies beyond the year 9999 (RFC 7519, section 2)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
    place.write("token", with(|claims| claims["ttl"] = json!(1e300)));
    place.shows(
        "inspect token",
        str![[r#"
token:      JWT, 350 bytes
verdict:    no fault found, but the signature was not checked
signature:  not checked (--key or --jwks)
header:     alg ES256, typ statuslist+jwt
sub:        https://example.com/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        18446744073709551615 seconds
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
warning:    ttl is longer than 366 days (draft-ietf-oauth-status-list-21, section 11.5)
warning:    ttl is longer than the token is valid (draft-ietf-oauth-status-list-21, section 13.7)

"#]],
    );
    place.write("token", with(|claims| claims["ttl"] = json!(0.5)));
    place.shows(
        "inspect token",
        str![[r#"
token:      JWT, 346 bytes
verdict:    no fault found, but the signature was not checked
signature:  not checked (--key or --jwks)
header:     alg ES256, typ statuslist+jwt
sub:        https://example.com/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        0 seconds
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
warning:    ttl is shorter than 10 seconds (draft-ietf-oauth-status-list-21, section 11.5)

"#]],
    );
}

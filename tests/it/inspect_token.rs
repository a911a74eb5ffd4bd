//! `inspect` of tokens: what may be asked of them, and which keys may check them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use snapbox::str;

use crate::harness::Place;
use crate::shapes;
use crate::vectors_ietf::vectors;

/// A place with `token`, in force from `NOW` on for a week, and the key that signed it.
fn place() -> Place {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done("sign list.slist --key key.pem -o token");
    place
}

/// Changes the claims of `token`; nobody signs it again.
fn change(place: &Place, change: impl FnOnce(&mut Value)) {
    let text = String::from_utf8(place.read("token")).unwrap();
    let mut parts: Vec<String> = text.split('.').map(str::to_owned).collect();
    let mut claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&parts[1]).unwrap()).unwrap();
    change(&mut claims);
    parts[1] = URL_SAFE_NO_PAD.encode(claims.to_string());
    place.write("token", parts.join("."));
}

#[test]
fn a_past_moment() {
    let place = place();
    for moment in ["2026-01-01T00:00:00Z", "2026-01-05", "2026-01-07T23:59:59Z"] {
        let line =
            format!("inspect token --key public.pem --now 2027-01-01T00:00:00Z --at {moment}");
        let token: shapes::Token = place.decode(&line);
        assert_eq!(token.verdict, "valid");
    }
    place.refuses("inspect token --at 2025-12-31T23:59:59Z", str![[r#"
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
error:      it was issued after 2025-12-31T23:59:59Z, at 2026-01-01T00:00:00Z (draft-ietf-oauth-status-list-21, section 8.4)
--- stderr
error: 'token' must be rejected
because: it was issued after 2025-12-31T23:59:59Z, at 2026-01-01T00:00:00Z (draft-ietf-oauth-status-list-21, section 8.4)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
    place.refuses("inspect token --at 2026-01-08 -q", str![[r#"
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
error:      it had expired by 2026-01-08T00:00:00Z, at 2026-01-08T00:00:00Z (draft-ietf-oauth-status-list-21, section 8.4)
--- stderr
error: 'token' must be rejected
because: it had expired by 2026-01-08T00:00:00Z, at 2026-01-08T00:00:00Z (draft-ietf-oauth-status-list-21, section 8.4)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn an_age_that_is_too_much() {
    let place = place();
    let line = "inspect token --now 2026-01-01T02:00:00Z --max-age";
    place.done(&format!("{line} 2h"));
    place.refuses(&format!("{line} 7199"), str![[r#"
token:      JWT, 434 bytes
verdict:    must be rejected
signature:  not checked (--key or --jwks)
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, 2h ago
expires:    2026-01-08T00:00:00Z, in 6d 22h
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      it was issued more than 1h 59m 59s ago, at 2026-01-01T00:00:00Z (draft-ietf-oauth-status-list-21, section 8.3)
--- stderr
error: 'token' must be rejected
because: it was issued more than 1h 59m 59s ago, at 2026-01-01T00:00:00Z (draft-ietf-oauth-status-list-21, section 8.3)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn readers_that_it_names() {
    let place = place();
    change(&place, |claims| {
        claims["aud"] = json!(["https://a.example", "https://b.example"]);
    });
    place.done("inspect token --audience https://b.example");
    place.refuses("inspect token --audience https://c.example", str![[r#"
token:      JWT, 498 bytes
verdict:    must be rejected
signature:  not checked (--key or --jwks)
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
aud:        ["https://a.example","https://b.example"]
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      aud names its only readers: https://a.example, https://b.example (RFC 7519, section 4.1.3)
--- stderr
error: 'token' must be rejected
because: aud names its only readers: https://a.example, https://b.example (RFC 7519, section 4.1.3)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
    place.refuses("inspect token", str![[r#"
token:      JWT, 498 bytes
verdict:    must be rejected
signature:  not checked (--key or --jwks)
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
aud:        ["https://a.example","https://b.example"]
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      aud names its only readers: https://a.example, https://b.example (RFC 7519, section 4.1.3)
--- stderr
error: 'token' must be rejected
because: aud names its only readers: https://a.example, https://b.example (RFC 7519, section 4.1.3)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn a_credential_is_no_list() {
    let place = place();
    change(&place, |claims| {
        claims.as_object_mut().unwrap().remove("status_list");
        claims["status"] = json!({"status_list": {"idx": 5, "uri": "https://example.com/a'b"}});
    });
    place.refuses("inspect token", str![[r#"
token:      JWT, 458 bytes
verdict:    must be rejected
signature:  not checked (--key or --jwks)
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
status:     {"status_list":{"idx":5,"uri":"https://example.com/a'b"}}
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
error:      there is no status_list: it is a credential, whose status is entry 5 of "https://example.com/a'b" (draft-ietf-oauth-status-list-21, section 5.1)
--- stderr
error: 'token' is a credential, not a status list
because: its status is entry 5 of "https://example.com/a'b"
hint: fetch that list, and inspect it with: --entry 'https://example.com/a'\''b#5'
--- exit 1

"#]]);
}

#[test]
fn questions_about_tokens_are_not_for_list_files() {
    let place = place();
    for option in ["--audience x", "--max-age 1h", "--at 2026-01-01"] {
        let run = place.line(&format!("inspect list.slist {option}"));
        assert_eq!(run.code, 1, "{option}");
        let name = option.split(' ').next().unwrap();
        let error = format!("error: {name} is for tokens, and 'list.slist' is a list file\n");
        assert!(run.stderr.starts_with(&error), "{}", run.stderr);
    }
}

#[test]
fn no_private_key_checks_a_token() {
    let place = place();
    let d = URL_SAFE_NO_PAD.encode([7; 32]);
    let mut private: Value = serde_json::from_str(&place.done("keygen made.pem --json")).unwrap();
    private = private["publicKey"].take();
    private["d"] = d.into();
    place.write("private.jwk", private.to_string());
    place.write("private.jwks", json!({"keys": [private]}).to_string());
    place.write("secret.jwk", json!({"kty": "oct", "k": "AQAB"}).to_string());
    place.copy_key("test-p384-sec1.pem", "sec1.pem");
    place.copy_key("test-p256-sec1-with-params.pem", "sec1-with-params.pem");
    place.copy_key("test-ed25519-pkcs8.pem", "ed25519.pem");
    place.copy_key("test-p256-pkcs8-encrypted.pem", "encrypted.pem");
    place.copy_key("test-rsa-pkcs1.pem", "rsa.pem");
    let mut all = String::new();
    for key in [
        "--key key.pem",
        "--key sec1.pem",
        "--key sec1-with-params.pem",
        "--key ed25519.pem",
        "--key encrypted.pem",
        "--key rsa.pem",
        "--key private.jwk",
        "--key secret.jwk",
        "--jwks private.jwks",
    ] {
        let run = place.line(&format!("inspect token {key}"));
        assert_eq!(run.code, 4, "{key}: {}", run.stderr);
        assert_eq!(run.stdout, "");
        all += &run.stderr;
    }
    snapbox::assert_data_eq!(
        all,
        str![[r#"
error: cannot use the key in 'key.pem'
because: a private key was given where a public one belongs
error: cannot use the key in 'sec1.pem'
because: a private key was given where a public one belongs
error: cannot use the key in 'sec1-with-params.pem'
because: a private key was given where a public one belongs
error: cannot use the key in 'ed25519.pem'
because: a private key was given where a public one belongs
error: cannot use the key in 'encrypted.pem'
because: a private key was given where a public one belongs
error: cannot use the key in 'rsa.pem'
because: a private key was given where a public one belongs
error: cannot use the key in 'private.jwk'
because: a private key was given where a public one belongs
error: cannot use the key in 'secret.jwk'
because: a private key was given where a public one belongs
error: cannot use the key in 'private.jwks'
because: a private key was given where a public one belongs

"#]]
    );
}

/// A place with the examples of the specification, and the key that signed them.
fn examples() -> Place {
    let place = Place::new();
    let vectors = vectors();
    let mut key = vectors["example_key_jwk"].clone();
    key.as_object_mut().unwrap().remove("d");
    place.write("key.jwk", key.to_string());
    let hex = |name: &str| vectors["tokens"][name]["hex"].as_str().unwrap();
    place.write("cwt.hex", hex("status_list_cwt_example_5.2"));
    place.write("cwt", from_hex(hex("status_list_cwt_example_5.2")));
    place.write("untagged", &place.read("cwt")[1..]);
    place.write("credential", from_hex(hex("referenced_token_cwt_6.3")));
    let jwt = &vectors["tokens"]["status_list_jwt_raw_8.2"]["compact"];
    place.write("jwt", jwt.as_str().unwrap());
    place
}

#[test]
fn the_examples_of_the_specification() {
    let place = examples();
    let options = "--key key.jwk --uri https://example.com/statuslists/1 --entry 3";
    place.shows(
        &format!("inspect jwt {options}"),
        str![[r#"
token:      JWT, 374 bytes
verdict:    valid
signature:  valid, with key 12
header:     alg ES256, kid 12, typ statuslist+jwt
iss:        https://example.com
sub:        https://example.com/statuslists/1
issued:     2023-06-16T12:56:10Z, 929d 11h 3m 50s ago
expires:    2042-08-15T12:56:10Z, in 6070d 12h 56m 10s
ttl:        43200 seconds (12h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
entry:      3 is invalid (1)
warning:    its validity is longer than 366 days (draft-ietf-oauth-status-list-21, section 11.5)

"#]],
    );
    place.shows(
        &format!("inspect cwt {options}"),
        str![[r#"
token:      CWT, 189 bytes
verdict:    valid
signature:  valid, with key 12
header:     alg ES256, typ application/statuslist+cwt; unprotected: kid 12
sub (2):    https://example.com/statuslists/1
issued:     2023-06-16T12:56:10Z, 929d 11h 3m 50s ago
expires:    2042-08-15T12:56:10Z, in 6070d 12h 56m 10s
ttl:        43200 seconds (12h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
entry:      3 is invalid (1)
warning:    its validity is longer than 366 days (draft-ietf-oauth-status-list-21, section 11.5)

"#]],
    );
    place.shows(&format!("inspect cwt.hex {options}"), str![[r#"
token:      CWT, 378 bytes
verdict:    valid
signature:  valid, with key 12
header:     alg ES256, typ application/statuslist+cwt; unprotected: kid 12
sub (2):    https://example.com/statuslists/1
issued:     2023-06-16T12:56:10Z, 929d 11h 3m 50s ago
expires:    2042-08-15T12:56:10Z, in 6070d 12h 56m 10s
ttl:        43200 seconds (12h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
entry:      3 is invalid (1)
warning:    it is written in hexadecimal digits: what is published must be the bytes themselves (draft-ietf-oauth-status-list-21, section 8.2)
warning:    its validity is longer than 366 days (draft-ietf-oauth-status-list-21, section 11.5)

"#]]);
    place.shows(&format!("inspect untagged {options}"), str![[r#"
token:      CWT, 188 bytes
verdict:    valid
signature:  valid, with key 12
header:     alg ES256, typ application/statuslist+cwt; unprotected: kid 12
sub (2):    https://example.com/statuslists/1
issued:     2023-06-16T12:56:10Z, 929d 11h 3m 50s ago
expires:    2042-08-15T12:56:10Z, in 6070d 12h 56m 10s
ttl:        43200 seconds (12h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
entry:      3 is invalid (1)
warning:    it has no tag, as in draft -14: since -15 it must have the tag 18 (draft-ietf-oauth-status-list-21, section 5.2)
warning:    its validity is longer than 366 days (draft-ietf-oauth-status-list-21, section 11.5)

"#]]);
    place.refuses("inspect credential --key key.jwk", str![[r#"
token:      CWT, 181 bytes
verdict:    must be rejected
signature:  valid, with key 12
header:     alg ES256; unprotected: kid 12
sub (2):    12345
iss (1):    https://example.com
status (65535): {"status_list":{"idx":0,"uri":"https://example.com/statuslists/1"}}
issued:     2023-06-16T12:56:10Z, 929d 11h 3m 50s ago
expires:    2042-08-15T12:56:10Z, in 6070d 12h 56m 10s
error:      the header has no typ (16) (draft-ietf-oauth-status-list-21, section 5.2)
error:      sub (2) is "12345", which is no uri (draft-ietf-oauth-status-list-21, section 5.2)
error:      there is no status_list (65533): it is a credential, whose status is entry 0 of "https://example.com/statuslists/1" (draft-ietf-oauth-status-list-21, section 5.2)
warning:    there is no ttl (65534): readers guess how long to keep a copy (draft-ietf-oauth-status-list-21, section 5.2)
warning:    its validity is longer than 366 days (draft-ietf-oauth-status-list-21, section 11.5)
--- stderr
error: 'credential' is a credential, not a status list
because: its status is entry 0 of "https://example.com/statuslists/1"
hint: fetch that list, and inspect it with: --entry 'https://example.com/statuslists/1#0'
--- exit 1

"#]]);
}

#[test]
fn a_cwt_for_programs() {
    let place = examples();
    let run = place.line("inspect cwt --key key.jwk --entry 3 --json");
    let token: shapes::Token = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (token.kind.as_str(), token.verdict.as_str()),
        ("cwt", "valid")
    );
    run.shows(&place, str![[r#"
{"schema":1,"kind":"cwt","bytes":189,"verdict":"valid","signature":{"checked":true,"valid":true,"keyId":"12"},"certificates":null,"header":{"alg":"ES256","typ":"application/statuslist+cwt"},"unprotectedHeader":{"kid":"12"},"claims":{"sub":"https://example.com/statuslists/1","iat":1686920170,"exp":2291720170,"ttl":43200,"status_list":{"bits":1}},"issuedAt":"2023-06-16T12:56:10Z","expiresAt":"2042-08-15T12:56:10Z","ttl":43200,"list":{"bits":1,"entries":16,"compressedBytes":10,"inflatedBytes":2,"zlibHeader":"78da","statuses":[{"status":0,"statusName":"valid","entries":7},{"status":1,"statusName":"invalid","entries":9}]},"entry":{"idx":3,"status":1,"statusName":"invalid"},"findings":[{"severity":"warning","source":"draft-ietf-oauth-status-list-21, section 11.5","text":"its validity is longer than 366 days"}]}

"#]]);
}

#[test]
fn a_cwt_from_standard_input() {
    let place = examples();
    for name in ["cwt", "cwt.hex"] {
        let run = place.run_with_input(&["inspect", "-", "--key", "key.jwk"], &place.read(name));
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(
            run.stdout.starts_with("token:      CWT, "),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_cwt_that_is_none() {
    let place = examples();
    let good = place.read("cwt");
    let mut forged = good.clone();
    *forged.last_mut().unwrap() ^= 1;
    place.write("forged", forged);
    place.refuses(
        "inspect forged --key key.jwk",
        str![[r#"
token:      CWT, 189 bytes
verdict:    must be rejected
signature:  does not verify
header:     alg ES256, typ application/statuslist+cwt; unprotected: kid 12
sub (2):    https://example.com/statuslists/1
issued:     2023-06-16T12:56:10Z, 929d 11h 3m 50s ago
expires:    2042-08-15T12:56:10Z, in 6070d 12h 56m 10s
ttl:        43200 seconds (12h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
error:      the signature does not verify (RFC 9052, section 4.4)
warning:    its validity is longer than 366 days (draft-ietf-oauth-status-list-21, section 11.5)
--- stderr
error: 'forged' must be rejected
because: the signature does not verify (RFC 9052, section 4.4)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
    place.write("cut", &good[..100]);
    place.refuses(
        "inspect cut",
        str![[r#"
--- stderr
error: 'cut' is no list file, and no token that can be read
because: the token is not valid CBOR: the bytes end in the middle of an item (RFC 8392, section 7.2)
hint: a Status List Token in JWT or CWT format is needed
--- exit 1

"#]],
    );
    place.write("mac", [&[0xd1], &good[1..]].concat());
    place.refuses("inspect mac --key key.jwk", str![[r#"
token:      CWT, 189 bytes
verdict:    must be rejected
signature:  does not verify
header:     alg ES256, typ application/statuslist+cwt; unprotected: kid 12
sub (2):    https://example.com/statuslists/1
issued:     2023-06-16T12:56:10Z, 929d 11h 3m 50s ago
expires:    2042-08-15T12:56:10Z, in 6070d 12h 56m 10s
ttl:        43200 seconds (12h)
entries:    16 of 1 bit
list:       2 bytes, 10 compressed, zlib header 78da
  valid (0)                7
  invalid (1)              9
error:      it has a MAC instead of a signature: no public key can check it (draft-ietf-oauth-status-list-21, section 11.6)
warning:    its validity is longer than 366 days (draft-ietf-oauth-status-list-21, section 11.5)
--- stderr
error: 'mac' must be rejected
because: it has a MAC instead of a signature: no public key can check it (draft-ietf-oauth-status-list-21, section 11.6)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|start| u8::from_str_radix(&text[start..start + 2], 16).unwrap())
        .collect()
}

//! `inspect --trust`: certificates that a token brings, and the anchors that they must lead to.

use serde_json::{Value, json};
use snapbox::str;

use crate::certificates::{with_chain, write_chain};
use crate::harness::Place;
use crate::shapes;

/// A place with a token that has these certificates, and with the anchor `root.pem`.
fn with_token(names: &[&str]) -> Place {
    let place = with_chain(names);
    write_chain(&place, "root.pem", &["root"]);
    place.done("sign list.slist --key key.pem --cert chain.pem -o token.jwt");
    place.copy_key("test-p256-public.pem", "public.pem");
    place
}

/// Replaces the header of `token.jwt` and signs again, as no `sign` would.
fn forge(place: &Place, change: impl FnOnce(&mut Value)) {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    use statuslist::sign::PrivateKey;

    let token = String::from_utf8(place.read("token.jwt")).unwrap();
    let mut parts = token.split('.');
    let (header, payload) = (parts.next().unwrap(), parts.next().unwrap());
    let mut header = serde_json::from_slice(&BASE64.decode(header).unwrap()).unwrap();
    change(&mut header);
    let signed = format!("{}.{payload}", BASE64.encode(header.to_string()));
    let key = PrivateKey::parse(&place.read("key.pem")).unwrap();
    let signature = BASE64.encode(key.sign(signed.as_bytes()));
    place.write("token.jwt", format!("{signed}.{signature}"));
}

#[test]
fn certificates_that_lead_to_an_anchor() {
    let place = with_token(&["leaf-purpose", "intermediate"]);
    place.shows(
        "inspect token.jwt --trust root.pem",
        str![[r#"
token:      JWT, 2133 bytes
verdict:    valid
signature:  valid, with key mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf-purpose,O=Example
  in force: 2025-01-01T00:00:00Z to 2045-01-01T00:00:00Z
  purposes: 1.3.6.1.4.1.32473.1, 1.3.6.1.5.5.7.3.2
  issuer:   CN=Test intermediate,O=Example
  anchor:   CN=Test root,O=Example
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000

"#]],
    );
    place.shows(
        "inspect token.jwt --trust root.pem --eku 1.3.6.1.4.1.32473.1 --key public.pem",
        str![[r#"
token:      JWT, 2133 bytes
verdict:    valid
signature:  valid, with key mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf-purpose,O=Example
  in force: 2025-01-01T00:00:00Z to 2045-01-01T00:00:00Z
  purposes: 1.3.6.1.4.1.32473.1, 1.3.6.1.5.5.7.3.2
  issuer:   CN=Test intermediate,O=Example
  anchor:   CN=Test root,O=Example
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000

"#]],
    );
    place.shows("inspect token.jwt", str![[r#"
token:      JWT, 2133 bytes
verdict:    no fault found, but the signature was not checked
signature:  not checked (--key, --jwks or --trust)
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf-purpose,O=Example
  in force: 2025-01-01T00:00:00Z to 2045-01-01T00:00:00Z
  purposes: 1.3.6.1.4.1.32473.1, 1.3.6.1.5.5.7.3.2
  issuer:   CN=Test intermediate,O=Example
  anchor:   none: not trusted
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
note:       the key that the header brings was not used, for it proves nothing by itself: x5c (draft-ietf-oauth-status-list-21, section 11.3)

"#]]);
}

#[test]
fn the_same_for_programs() {
    let place = with_token(&["leaf", "intermediate"]);
    let token: shapes::Token = place.decode("inspect token.jwt --trust root.pem");
    assert_eq!(token.verdict, "valid");
    assert_eq!(token.signature.valid, Some(true));
    let certificates = token.certificates.unwrap();
    assert!(certificates.trusted);
    assert_eq!(
        certificates.anchor.as_deref(),
        Some("CN=Test root,O=Example")
    );
    let [leaf, intermediate] = certificates.chain.as_slice() else {
        panic!("{certificates:?}");
    };
    assert_eq!(
        leaf,
        &shapes::Certificate {
            subject: "CN=Test leaf,O=Example".to_owned(),
            issuer: "CN=Test intermediate,O=Example".to_owned(),
            serial: "2001".to_owned(),
            not_before: "2025-01-01T00:00:00Z".to_owned(),
            not_after: "2045-01-01T00:00:00Z".to_owned(),
            names: vec![
                "URI:https://example.com".to_owned(),
                "DNS:example.com".to_owned()
            ],
            purposes: Vec::new(),
        }
    );
    assert_eq!(intermediate.not_after, "2050-01-01T00:00:00Z");
    assert!(token.header.contains_key("x5c"));
    let token: shapes::Token = place.decode("inspect token.jwt --key public.pem");
    let certificates = token.certificates.unwrap();
    assert!(!certificates.trusted && certificates.anchor.is_none());
    assert_eq!(token.verdict, "valid");
}

#[test]
fn a_cwt_likewise() {
    let place = with_token(&["leaf", "intermediate"]);
    place.done("configure list.slist --add-view cwt");
    place.done("sign list.slist --as cwt --key key.pem --cert chain.pem -o token.cwt");
    place.shows("inspect token.cwt --trust root.pem", str![[r#"
token:      CWT, 1230 bytes
verdict:    valid
signature:  valid, with key mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ application/statuslist+cwt
sub (2):    https://example.com/statuslists/0.cwt
iss (1):    https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf,O=Example
  in force: 2025-01-01T00:00:00Z to 2045-01-01T00:00:00Z
  names:    URI:https://example.com, DNS:example.com
  issuer:   CN=Test intermediate,O=Example
  anchor:   CN=Test root,O=Example
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000

"#]]);
    write_chain(&place, "root.pem", &["other-root"]);
    place.shows("inspect token.cwt --trust root.pem", str![[r#"
token:      CWT, 1230 bytes
verdict:    must be rejected
signature:  not checked: no trusted certificate
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ application/statuslist+cwt
sub (2):    https://example.com/statuslists/0.cwt
iss (1):    https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf,O=Example
  in force: 2025-01-01T00:00:00Z to 2045-01-01T00:00:00Z
  names:    URI:https://example.com, DNS:example.com
  issuer:   CN=Test intermediate,O=Example
  anchor:   none: not trusted
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      the certificates lead to CN=Test root,O=Example, which is not among the trust anchors (RFC 5280, section 6.1.3)
--- stderr
error: 'token.cwt' must be rejected
because: the certificates lead to CN=Test root,O=Example, which is not among the trust anchors (RFC 5280, section 6.1.3)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
    place.done("sign list.slist --as cwt --key key.pem -o token.cwt");
    place.shows("inspect token.cwt --trust root.pem", str![[r#"
token:      CWT, 257 bytes
verdict:    must be rejected
signature:  not checked: no trusted certificate
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ application/statuslist+cwt
sub (2):    https://example.com/statuslists/0.cwt
iss (1):    https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      the header has no x5chain: nothing leads to a trust anchor (draft-ietf-oauth-status-list-21, section 10)
--- stderr
error: 'token.cwt' must be rejected
because: the header has no x5chain: nothing leads to a trust anchor (draft-ietf-oauth-status-list-21, section 10)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn certificates_that_lead_nowhere() {
    let place = with_token(&["leaf", "intermediate"]);
    write_chain(&place, "other.pem", &["other-root"]);
    place.shows("inspect token.jwt --trust other.pem", str![[r#"
token:      JWT, 2170 bytes
verdict:    must be rejected
signature:  not checked: no trusted certificate
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf,O=Example
  in force: 2025-01-01T00:00:00Z to 2045-01-01T00:00:00Z
  names:    URI:https://example.com, DNS:example.com
  issuer:   CN=Test intermediate,O=Example
  anchor:   none: not trusted
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      the certificates lead to CN=Test root,O=Example, which is not among the trust anchors (RFC 5280, section 6.1.3)
--- stderr
error: 'token.jwt' must be rejected
because: the certificates lead to CN=Test root,O=Example, which is not among the trust anchors (RFC 5280, section 6.1.3)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
    // A trusted key is not enough where certificates are asked for.
    let token = place.line("inspect token.jwt --trust other.pem --key public.pem");
    assert_eq!(token.code, 1, "{}", token.stdout);
    place.done("sign list.slist --key key.pem -o token.jwt");
    place.shows("inspect token.jwt --trust root.pem", str![[r#"
token:      JWT, 434 bytes
verdict:    must be rejected
signature:  not checked: no trusted certificate
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      the header has no x5c: nothing leads to a trust anchor (draft-ietf-oauth-status-list-21, section 10)
--- stderr
error: 'token.jwt' must be rejected
because: the header has no x5c: nothing leads to a trust anchor (draft-ietf-oauth-status-list-21, section 10)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn a_trusted_certificate_of_another_key() {
    let place = with_token(&["leaf", "intermediate"]);
    write_chain(&place, "p384.pem", &["leaf-p384", "intermediate"]);
    place.copy_key("test-p384-pkcs8.pem", "p384-key.pem");
    let other = place.done("sign list.slist --key p384-key.pem --cert p384.pem");
    forge(&place, |header| {
        header["x5c"] = crate::certificates::header(&other)["x5c"].clone();
    });
    place.shows("inspect token.jwt --trust root.pem", str![[r#"
token:      JWT, 2229 bytes
verdict:    must be rejected
signature:  does not verify
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf-p384,O=Example
  in force: 2025-01-01T00:00:00Z to 2045-01-01T00:00:00Z
  names:    URI:https://example.com, DNS:example.com
  issuer:   CN=Test intermediate,O=Example
  anchor:   CN=Test root,O=Example
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      the token is signed with ES256, but the key of its certificate is for ES384 (RFC 7515, section 5.2)
--- stderr
error: 'token.jwt' must be rejected
because: the token is signed with ES256, but the key of its certificate is for ES384 (RFC 7515, section 5.2)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
    // The signature is good, but those who read the certificates will not find it so.
    place.shows("inspect token.jwt --key public.pem", str![[r#"
token:      JWT, 2229 bytes
verdict:    valid
signature:  valid, with key mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf-p384,O=Example
  in force: 2025-01-01T00:00:00Z to 2045-01-01T00:00:00Z
  names:    URI:https://example.com, DNS:example.com
  issuer:   CN=Test intermediate,O=Example
  anchor:   none: not trusted
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
warning:    the first certificate of x5c is not for the key that signed the token (RFC 7515, section 4.1.6)
note:       the key that the header brings was not used, for it proves nothing by itself: x5c (draft-ietf-oauth-status-list-21, section 11.3)

"#]]);
    // And a key that did not sign is not helped by a certificate that is for the one that did.
    let place = with_token(&["leaf", "intermediate"]);
    place.copy_key("test-ed25519-public.pem", "other.pem");
    let token = place.line("inspect token.jwt --trust root.pem --key other.pem");
    assert_eq!(token.code, 1, "{}", token.stdout);
    assert!(
        token.stdout.contains("signature:  does not verify\n"),
        "{}",
        token.stdout
    );
}

#[test]
fn certificates_that_cannot_be_read() {
    let place = with_token(&["leaf", "intermediate"]);
    for x5c in [
        json!("MIIB"),
        json!([]),
        json!(["MIIB"]),
        json!([7]),
        json!(["-_-_"]),
    ] {
        forge(&place, |header| header["x5c"] = x5c.clone());
        let trusting = place.line("inspect token.jwt --trust root.pem");
        assert_eq!(trusting.code, 1, "{x5c}");
        assert!(
            trusting.stdout.contains("error:      x5c: "),
            "{}",
            trusting.stdout
        );
        let other = place.line("inspect token.jwt --key public.pem");
        assert_eq!(other.code, 0, "{x5c}");
        assert!(
            other.stdout.contains("warning:    x5c: "),
            "{}",
            other.stdout
        );
    }
    place.shows("inspect token.jwt --trust root.pem", str![[r#"
token:      JWT, 454 bytes
verdict:    must be rejected
signature:  not checked: no trusted certificate
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt, x5c ["-_-_"]
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      x5c: certificate 1 is not base64 in the standard alphabet, with padding (RFC 7515, section 4.1.6)
--- stderr
error: 'token.jwt' must be rejected
because: x5c: certificate 1 is not base64 in the standard alphabet, with padding (RFC 7515, section 4.1.6)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]]);
}

#[test]
fn what_is_found_in_certificates() {
    let place = with_token(&["leaf-short", "intermediate"]);
    place.shows("inspect token.jwt --trust root.pem", str![[r#"
token:      JWT, 2181 bytes
verdict:    valid
signature:  valid, with key mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf-short,O=Example
  in force: 2025-01-01T00:00:00Z to 2026-01-03T00:00:00Z
  names:    URI:https://example.com, DNS:example.com
  issuer:   CN=Test intermediate,O=Example
  anchor:   CN=Test root,O=Example
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
warning:    the token is valid until 2026-01-08T00:00:00Z, but its certificate only until 2026-01-03T00:00:00Z (RFC 5280, section 4.1.2.5)

"#]]);
    place.shows(
        "inspect token.jwt --trust root.pem --now 2026-01-05T00:00:00Z",
        str![[r#"
token:      JWT, 2181 bytes
verdict:    must be rejected
signature:  not checked: no trusted certificate
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, 4d ago
expires:    2026-01-08T00:00:00Z, in 3d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf-short,O=Example
  in force: 2025-01-01T00:00:00Z to 2026-01-03T00:00:00Z
  names:    URI:https://example.com, DNS:example.com
  issuer:   CN=Test intermediate,O=Example
  anchor:   none: not trusted
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      at 2026-01-05T00:00:00Z: the certificate of CN=Test leaf-short,O=Example cannot be relied on: expired at 2026-01-03T00:00:00Z (RFC 5280, section 4.1.2.5)
warning:    the token is valid until 2026-01-08T00:00:00Z, but its certificate only until 2026-01-03T00:00:00Z (RFC 5280, section 4.1.2.5)
--- stderr
error: 'token.jwt' must be rejected
because: at 2026-01-05T00:00:00Z: the certificate of CN=Test leaf-short,O=Example cannot be relied on: expired at 2026-01-03T00:00:00Z (RFC 5280, section 4.1.2.5)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
    place.done(
        "inspect token.jwt --trust root.pem --now 2026-01-05T00:00:00Z --at 2026-01-02T00:00:00Z",
    );
    forge(&place, |header| {
        let chain = header["x5c"].as_array_mut().unwrap();
        chain.swap(0, 1);
    });
    place.shows("inspect token.jwt", str![[r#"
token:      JWT, 2181 bytes
verdict:    no fault found, but the signature was not checked
signature:  not checked (--key, --jwks or --trust)
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test intermediate,O=Example
  in force: 2020-01-01T00:00:00Z to 2050-01-01T00:00:00Z
  issuer:   CN=Test leaf-short,O=Example
  anchor:   none: not trusted
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
warning:    certificate 1 of x5c is not followed by its issuer's (RFC 7515, section 4.1.6)
warning:    the key usage of the leaf does not allow signatures (RFC 5280, section 4.2.1.3)
warning:    the first certificate of x5c is not for the key that signed the token (RFC 7515, section 4.1.6)
note:       the key that the header brings was not used, for it proves nothing by itself: x5c (draft-ietf-oauth-status-list-21, section 11.3)

"#]]);
    write_chain(&place, "chain.pem", &["self-signed"]);
    place.done("sign list.slist --key key.pem --cert chain.pem -o token.jwt");
    place.shows("inspect token.jwt", str![[r#"
token:      JWT, 1238 bytes
verdict:    no fault found, but the signature was not checked
signature:  not checked (--key, --jwks or --trust)
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test self-signed,O=Example
  in force: 2025-01-01T00:00:00Z to 2045-01-01T00:00:00Z
  names:    URI:https://example.com, DNS:example.com
  anchor:   none: not trusted
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
warning:    the certificate in x5c is self-signed (OpenID4VC HAIP 1.0, section 6.1)
note:       the key that the header brings was not used, for it proves nothing by itself: x5c (draft-ietf-oauth-status-list-21, section 11.3)

"#]]);
}

#[test]
fn a_purpose_that_the_certificate_lacks() {
    let place = with_token(&["leaf", "intermediate"]);
    place.shows(
        "inspect token.jwt --trust root.pem --eku 1.3.6.1.4.1.32473.1",
        str![[r#"
token:      JWT, 2170 bytes
verdict:    must be rejected
signature:  not checked: no trusted certificate
header:     alg ES256, kid mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo, typ statuslist+jwt
sub:        https://example.com/statuslists/0.jwt
iss:        https://example.com
issued:     2026-01-01T00:00:00Z, now
expires:    2026-01-08T00:00:00Z, in 7d
ttl:        3600 seconds (1h)
certified:  CN=Test leaf,O=Example
  in force: 2025-01-01T00:00:00Z to 2045-01-01T00:00:00Z
  names:    URI:https://example.com, DNS:example.com
  issuer:   CN=Test intermediate,O=Example
  anchor:   none: not trusted
entries:    1000 of 2 bits
list:       250 bytes, 11 compressed, zlib header 78da
  valid (0)                1000
error:      the leaf is not meant for the purpose 1.3.6.1.4.1.32473.1 (RFC 5280, section 4.2.1.12)
--- stderr
error: 'token.jwt' must be rejected
because: the leaf is not meant for the purpose 1.3.6.1.4.1.32473.1 (RFC 5280, section 4.2.1.12)
hint: readers must not rely on it: it says neither that a credential is valid nor that it is revoked
--- exit 1

"#]],
    );
    place.write("statuslist.toml", "[keys]\neku = '1.3.6.1.4.1.32473.1'\n");
    let settings = place.line("inspect token.jwt --trust root.pem");
    assert_eq!(settings.code, 1, "{}", settings.stdout);
    place.done("inspect token.jwt");
    place.shows(
        "inspect token.jwt --eku 1.3.6.1.4.1.32473.1",
        str![[r#"
--- stderr
error: the following required arguments were not provided:
  --trust <FILE>

Usage: statuslist inspect --trust <FILE> --eku <OID> --now <TIME> <TARGET>

For more information, try '--help'.
--- exit 2

"#]],
    );
}

#[test]
fn anchors_that_cannot_be_used() {
    let place = with_token(&["leaf", "intermediate"]);
    place.refuses(
        "inspect token.jwt --trust missing.pem",
        str![[r#"
--- stderr
error: cannot open 'missing.pem'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
    place.refuses(
        "inspect token.jwt --trust key.pem",
        str![[r#"
--- stderr
error: cannot use the trust anchors in 'key.pem'
because: a private key was given where certificates belong
--- exit 4

"#]],
    );
    place.refuses(
        "inspect token.jwt --trust token.jwt",
        str![[r#"
--- stderr
error: cannot use the trust anchors in 'token.jwt'
because: this is no PEM file with certificates
--- exit 4

"#]],
    );
    write_chain(&place, "root.pem", &["rsa-root"]);
    place.refuses("inspect token.jwt --trust root.pem", str![[r#"
--- stderr
error: cannot use the trust anchors in 'root.pem'
because: no certificate in it can be used as a trust anchor; that of CN=Test rsa-root,O=Example: RSA keys are not supported; use P-256, P-384, P-521 or Ed25519
--- exit 4

"#]]);
    place.refuses(
        "inspect list.slist --trust root.pem",
        str![[r#"
--- stderr
error: --trust is for tokens, and 'list.slist' is a list file
hint: leave it out, or name a published token
--- exit 1

"#]],
    );
}

#[test]
fn names_in_certificates_do_not_drive_a_terminal() {
    let place = with_token(&["leaf-control", "intermediate"]);
    let shown = place.done("inspect token.jwt --trust root.pem");
    assert!(shown.contains("URI:https:\\u{1b}[m"), "{shown}");
}

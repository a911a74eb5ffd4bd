//! Tokens in JWT format, made in parts so that one of them can be made wrong.

mod rejected;
mod tolerated;

use serde_json::{Value, json};

use super::{ENTRIES, NOW, TRUSTED, URI, base64url, lists, signature};

fn good_header() -> Value {
    json!({"alg": "ES256", "kid": "12", "typ": "statuslist+jwt"})
}

pub(super) fn good_claims() -> Value {
    json!({
        "sub": URI,
        "iss": "https://example.com",
        "iat": NOW - 3600,
        "exp": NOW + 86_400,
        "ttl": 43_200,
        "status_list": {"bits": 1, "lst": base64url(lists::zlib(&ENTRIES))},
    })
}

/// Signs two texts, whatever they are.
pub(super) fn signed(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    let input = format!("{}.{}", base64url(header), base64url(payload));
    let signature = signature(TRUSTED, input.as_bytes());
    format!("{input}.{}", base64url(signature))
}

pub(super) fn good_token() -> String {
    signed(good_header().to_string(), good_claims().to_string())
}

pub(super) fn header(change: impl FnOnce(&mut Value)) -> String {
    let mut header = good_header();
    change(&mut header);
    signed(header.to_string(), good_claims().to_string())
}

pub(super) fn claims(change: impl FnOnce(&mut Value)) -> String {
    let mut claims = good_claims();
    change(&mut claims);
    signed(good_header().to_string(), claims.to_string())
}

fn without(name: &str) -> String {
    claims(|claims| remove(claims, name))
}

fn list(name: &str, value: Value) -> String {
    claims(|claims| claims["status_list"][name] = value)
}

fn lst(stream: &[u8]) -> String {
    list("lst", base64url(stream).into())
}

fn remove(object: &mut Value, name: &str) {
    assert!(object.as_object_mut().unwrap().remove(name).is_some());
}

/// The good token with other bytes as its signature.
fn with_signature(change: impl FnOnce(&[u8], &[u8]) -> Vec<u8>) -> String {
    let token = good_token();
    let (input, _) = token.rsplit_once('.').unwrap();
    let signature = change(input.as_bytes(), &signature(TRUSTED, input.as_bytes()));
    format!("{input}.{}", base64url(signature))
}

/// The good token with one of its parts rewritten.
fn part(place: usize, change: impl FnOnce(&str) -> String) -> String {
    let token = good_token();
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[place] = change(&parts[place]);
    parts.join(".")
}

//! Tokens in CWT format, made in parts so that one of them can be made wrong.

mod rejected;
mod tolerated;

use coset::cbor::{Value, into_writer};

use super::{ENTRIES, NOW, TRUSTED, URI, lists, signature};

type Map = Vec<(Value, Value)>;

/// The value of a byte string.
fn bytes(bytes: impl Into<Vec<u8>>) -> Value {
    Value::Bytes(bytes.into())
}

fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    into_writer(value, &mut bytes).unwrap();
    bytes
}

fn tagged(tag: u64, message: &[u8]) -> Vec<u8> {
    let message = coset::cbor::from_reader(message).unwrap();
    encode(&Value::Tag(tag, Box::new(message)))
}

fn good_header() -> Map {
    vec![
        (1.into(), (-7).into()),
        (4.into(), bytes(*b"12")),
        (16.into(), "application/statuslist+cwt".into()),
    ]
}

fn good_claims() -> Map {
    let list = vec![
        ("bits".into(), 1.into()),
        ("lst".into(), bytes(lists::zlib(&ENTRIES))),
    ];
    vec![
        (2.into(), URI.into()),
        (1.into(), "https://example.com".into()),
        (6.into(), (NOW - 3600).into()),
        (4.into(), (NOW + 86_400).into()),
        (65534.into(), 43_200.into()),
        (65533.into(), Value::Map(list)),
    ]
}

pub(super) fn encoded_claims() -> Vec<u8> {
    encode(&Value::Map(good_claims()))
}

/// What is signed (RFC 9052, section 4.4).
fn signing_input(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let protected = bytes(protected);
    encode(&Value::Array(vec![
        "Signature1".into(),
        protected,
        bytes(vec![]),
        bytes(payload),
    ]))
}

/// The four parts, signed, whatever they hold.
fn parts(protected: &[u8], unprotected: Map, payload: &[u8]) -> Vec<Value> {
    let signature = signature(TRUSTED, &signing_input(protected, payload));
    vec![
        bytes(protected),
        Value::Map(unprotected),
        bytes(payload),
        bytes(signature),
    ]
}

fn good_parts() -> Vec<Value> {
    let header = encode(&Value::Map(good_header()));
    let claims = encoded_claims();
    parts(&header, vec![], &claims)
}

/// A message with the tag 18.
fn message(parts: Vec<Value>) -> Vec<u8> {
    encode(&Value::Tag(18, Box::new(Value::Array(parts))))
}

pub(super) fn good_token() -> Vec<u8> {
    message(good_parts())
}

/// The good token with its parts changed; nobody signs it again.
fn changed(change: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
    let mut parts = good_parts();
    change(&mut parts);
    message(parts)
}

/// The good token with another header, signed.
pub(super) fn header(change: impl FnOnce(&mut Map, &mut Map)) -> Vec<u8> {
    let (mut protected, mut unprotected) = (good_header(), vec![]);
    change(&mut protected, &mut unprotected);
    let protected = encode(&Value::Map(protected));
    message(parts(&protected, unprotected, &encoded_claims()))
}

fn parameter(label: i64, value: impl Into<Value>) -> Vec<u8> {
    header(|protected, _| set(protected, label, value))
}

/// The good token with another payload, signed.
pub(super) fn payload(payload: &[u8]) -> Vec<u8> {
    message(parts(&encode(&Value::Map(good_header())), vec![], payload))
}

fn claims(change: impl FnOnce(&mut Map)) -> Vec<u8> {
    let mut claims = good_claims();
    change(&mut claims);
    payload(&encode(&Value::Map(claims)))
}

fn claim(key: i64, value: impl Into<Value>) -> Vec<u8> {
    claims(|claims| set(claims, key, value))
}

fn without(key: i64) -> Vec<u8> {
    claims(|claims| {
        remove(claims, key);
    })
}

fn list(change: impl FnOnce(&mut Map)) -> Vec<u8> {
    claims(|claims| {
        let Value::Map(mut members) = remove(claims, 65533) else {
            panic!("the list is a map");
        };
        change(&mut members);
        set(claims, 65533, Value::Map(members));
    })
}

fn member(name: &str, value: impl Into<Value>) -> Vec<u8> {
    list(|members| set(members, name, value))
}

fn lst(stream: Vec<u8>) -> Vec<u8> {
    member("lst", bytes(stream))
}

/// Puts a value in the place of another, or at the end.
pub(super) fn set(map: &mut Map, key: impl Into<Value>, value: impl Into<Value>) {
    let (key, value) = (key.into(), value.into());
    match map.iter_mut().find(|(other, _)| *other == key) {
        Some((_, old)) => *old = value,
        None => map.push((key, value)),
    }
}

fn remove(map: &mut Map, key: impl Into<Value>) -> Value {
    let key = key.into();
    let place = map.iter().position(|(other, _)| *other == key).unwrap();
    map.remove(place).1
}

//! How much memory `inspect` takes of what somebody else published: it follows the limit of the list,
//! not what the token says.

use std::io::Write;
use std::process::Stdio;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use statuslist::token::w3c::envelope::{envelop_cose, envelop_jwt};

use crate::harness::Place;

const MIB: u64 = 1 << 20;

/// Inspects `token` with lists of so many MiB at most; returns the exit code, the most memory that
/// the process took, in bytes, and what it said.
fn inspect(place: &Place, most: u64) -> (i32, u64, String) {
    let mut command = place.command();
    command.args(["inspect", "token", "--max-inflated", &format!("{most}Mi")]);
    let errors = std::fs::File::create(place.path("stderr")).unwrap();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(errors)
        .spawn()
        .unwrap();
    // What the system says at the end counts what this process had when it made the other.
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    let code = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        memory = memory.max(kib.unwrap_or_default() << 10);
        if let Some(status) = child.try_wait().unwrap() {
            break status.code().unwrap();
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    };
    let said = String::from_utf8(place.read("stderr")).unwrap();
    assert!(
        memory > 0,
        "the system does not say how much memory a process takes"
    );
    (code, memory, said)
}

/// What must be refused, within three times a limit that lets a token of this length be read, and
/// 64 MiB.
#[track_caller]
fn is_refused(name: &str, token: &[u8], reason: &str) {
    // A token in text is up to twice as long as its list, a message of bytes is not.
    let times = if token.is_ascii() { 2 } else { 1 };
    let most = token.len() as u64 / (times * MIB) + 1;
    is_refused_with(most, name, token, reason);
}

/// The same with lists of so many MiB at most.
#[track_caller]
fn is_refused_with(most: u64, name: &str, token: &[u8], reason: &str) {
    let place = Place::new();
    place.write("token", token);
    let (code, memory, said) = inspect(&place, most);
    assert_eq!(code, 1, "{name}: {said}");
    assert!(said.contains(reason), "{name}: {said}");
    let bound = 3 * most * MIB + 64 * MIB;
    assert!(memory < bound, "{name}: {} MiB", memory / MIB);
}

fn jwt(header: &str, payload: &str) -> Vec<u8> {
    let (header, payload) = (BASE64.encode(header), BASE64.encode(payload));
    format!("{header}.{payload}.{}", BASE64.encode([1; 64])).into_bytes()
}

fn cbor_head(major: u8, length: usize) -> Vec<u8> {
    let length = u32::try_from(length).unwrap().to_be_bytes();
    [&[major << 5 | 0x1a], length.as_slice()].concat()
}

/// A COSE message with any payload.
fn message(payload: &[u8]) -> Vec<u8> {
    let head = [0xd2, 0x84, 0x43, 0xa1, 0x01, 0x26, 0xa0];
    let signature = [&[0x58, 64], [1; 64].as_slice()].concat();
    [&head[..], &cbor_head(2, payload.len()), payload, &signature].concat()
}

const VALUES: &str = "more than 16384 values";
const BYTES: &str = "names and texts have more than 4194304 bytes";
const LIST: &str = r#""@context":["https://www.w3.org/ns/credentials/v2"],"credentialSubject":{}"#;

#[test]
fn json_of_many_values_takes_no_memory() {
    let zeros = format!("[0{}]", ",0".repeat(5_000_000));
    let texts = format!("[\"a\"{}]", ",\"a\"".repeat(3_000_000));
    for (name, token) in [
        (
            "a credential",
            format!("{{{LIST},\"x\":{zeros}}}").into_bytes(),
        ),
        ("types", format!("{{{LIST},\"type\":{texts}}}").into_bytes()),
        (
            "a payload",
            jwt(r#"{"alg":"ES256"}"#, &format!("{{\"x\":{zeros}}}")),
        ),
        (
            "a header",
            jwt(&format!("{{\"alg\":\"ES256\",\"x\":{texts}}}"), "{}"),
        ),
        (
            "a vc",
            jwt(r#"{"typ":"vc+jwt"}"#, &format!("{{{LIST},\"x\":{zeros}}}")),
        ),
    ] {
        is_refused(name, &token, VALUES);
    }
    // What is not read as JSON is no list either.
    let in_cose = message(format!("{{{LIST},\"x\":{texts}}}").as_bytes());
    is_refused("a vc in COSE", &in_cose, "no token that can be read");
}

#[test]
fn json_of_long_texts_takes_no_memory() {
    let long = "x".repeat(24_000_000);
    let escaped = "\\u0061".repeat(5_000_000);
    for (name, token) in [
        ("a name", format!("{{{LIST},\"{long}\":1}}")),
        ("an id", format!("{{{LIST},\"id\":\"{long}\"}}")),
        ("escapes", format!("{{{LIST},\"id\":\"{escaped}\"}}")),
    ] {
        is_refused(name, token.as_bytes(), BYTES);
    }
    is_refused(
        "sub",
        &jwt(r#"{"alg":"ES256"}"#, &format!("{{\"sub\":\"{long}\"}}")),
        BYTES,
    );
    let envelope = format!(
        "{{\"@context\":\"{long}\",\"type\":\"EnvelopedVerifiableCredential\",\"id\":\"data:application/vc+jwt,a.b.c\"}}"
    );
    is_refused("an envelope", envelope.as_bytes(), BYTES);
}

#[test]
fn cbor_of_many_items_takes_no_memory() {
    let mut items = cbor_head(4, 10_000_000);
    items.resize(items.len() + 10_000_000, 0);
    let mut maps = cbor_head(4, 10_000_000);
    maps.resize(maps.len() + 10_000_000, 0xa0);
    let payload = |items: &[u8]| [&[0xa1, 0x18, 0x64], items].concat();
    for (name, token) in [
        ("items", message(&payload(&items))),
        ("maps", message(&payload(&maps))),
        ("outside of a message", items.clone()),
    ] {
        is_refused(name, &token, "too many items");
    }
    let text = [cbor_head(3, 24_000_000), vec![b'x'; 24_000_000]].concat();
    // `sub` is 2.
    let token = message(&[&[0xa1, 0x02], text.as_slice()].concat());
    is_refused("a text", &token, "strings have more than 4194304 bytes");
    // With a list of 12 MiB no message is that long.
    is_refused_with(12, "a text", &token, "at most (RFC 8949, section 10)");
}

/// A list as each format has it, unsigned or with a signature that nobody made.
fn lists(bytes: &[u8]) -> [(&'static str, Vec<u8>); 4] {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(bytes).unwrap();
    let stream = BASE64.encode(zlib.finish().unwrap());
    let claims = format!(
        "{{\"sub\":\"https://example.com/0\",\"iat\":1767225600,\"exp\":1767830400,\"ttl\":3600,\
         \"status_list\":{{\"bits\":8,\"lst\":\"{stream}\"}}}}"
    );
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    let list = format!(
        "{{\"@context\":[\"https://www.w3.org/ns/credentials/v2\"],\"id\":\"https://example.com/0\",\
         \"type\":[\"VerifiableCredential\",\"BitstringStatusListCredential\"],\
         \"issuer\":\"https://example.com\",\"validFrom\":\"2026-01-01T00:00:00Z\",\
         \"credentialSubject\":{{\"type\":\"BitstringStatusList\",\"statusPurpose\":\"revocation\",\
         \"encodedList\":\"u{}\"}}}}",
        BASE64.encode(gzip.finish().unwrap())
    );
    [
        (
            "jwt",
            jwt(r#"{"alg":"ES256","typ":"statuslist+jwt"}"#, &claims),
        ),
        ("vc+jwt", jwt(r#"{"alg":"ES256","typ":"vc+jwt"}"#, &list)),
        ("vc+cose", message(list.as_bytes())),
        ("json", list.into_bytes()),
    ]
}

/// Takes so many times the bytes of the list and 64 MiB at most.
fn check_lists(bytes: &[u8], times: u64) {
    for (format, token) in lists(bytes) {
        let place = Place::new();
        place.write("token", token);
        let (_, memory, said) = inspect(&place, 64);
        assert!(!said.contains("inflate"), "{format}: {said}");
        assert!(!said.contains("4194304"), "{format}: {said}");
        let bound = times * bytes.len() as u64 + 64 * MIB;
        assert!(memory < bound, "{format}: {} MiB", memory / MIB);
    }
}

#[test]
fn a_large_list_takes_three_times_its_bytes_at_most() {
    check_lists(&vec![0; 32 << 20], 3);
}

/// What is bounded beside a list is not the list, and not the token in an envelope.
#[test]
fn a_list_longer_than_all_else_may_be_is_read_in_every_form() {
    for (format, token) in lists(&random(6 << 20)) {
        let place = Place::new();
        let token = match format {
            "vc+jwt" => {
                let token = String::from_utf8(token).unwrap();
                envelop_jwt(&token).to_string().into_bytes()
            }
            "vc+cose" => envelop_cose(&token).to_string().into_bytes(),
            _ => token,
        };
        place.write("token", token);
        let run = place.line("inspect token");
        assert!(
            run.stdout.contains("list:       6291456 bytes"),
            "{format}: {}",
            run.stderr
        );
    }
}

/// A list that cannot be compressed is longer in text than it is in memory.
#[test]
fn a_list_that_cannot_be_compressed_takes_seven_times_its_bytes_at_most() {
    check_lists(&random(24 << 20), 7);
}

/// So many bytes that cannot be compressed.
fn random(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        bytes.extend_from_slice(&(state ^ state >> 29).to_be_bytes());
    }
    bytes
}

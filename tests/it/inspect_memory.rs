//! How much memory `inspect` takes of what somebody else published: it follows the limit of the list,
//! not what the token says. Only Linux tells how much a process took.

#![cfg(target_os = "linux")]

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
    let zeros = format!("[0{}]", ",0".repeat(1_000_000));
    let texts = format!("[\"a\"{}]", ",\"a\"".repeat(1_000_000));
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
    let long = "x".repeat(5_000_000);
    let escaped = "\\u0061".repeat(4_200_000);
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
    let mut items = cbor_head(4, 4_000_000);
    items.resize(items.len() + 4_000_000, 0);
    let mut maps = cbor_head(4, 4_000_000);
    maps.resize(maps.len() + 4_000_000, 0xa0);
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

/// The form of a list in a token, and the token: unsigned, or with signatures that nobody made.
type Published = (&'static str, Vec<u8>);

/// A list as each format has it.
fn lists(bytes: &[u8], compression: Compression) -> [Published; 5] {
    let stream = zlib(bytes, compression);
    let mut gzip = GzEncoder::new(Vec::new(), compression);
    gzip.write_all(bytes).unwrap();
    let list = credential(&BASE64.encode(gzip.finish().unwrap()), "");
    [
        ("jwt", status_list_jwt(&BASE64.encode(&stream))),
        ("cwt", status_list_cwt(&stream)),
        ("vc+jwt", jwt(r#"{"alg":"ES256","typ":"vc+jwt"}"#, &list)),
        ("vc+cose", message(list.as_bytes())),
        ("json", list.into_bytes()),
    ]
}

/// The forms that are longer, or that more is done with, of a list that is not compressed.
fn longer_forms(bytes: &[u8]) -> Vec<Published> {
    let [_, (_, cwt), (_, vc_jwt), (_, vc_cose), _] = lists(bytes, Compression::none());
    let text = BASE64.encode(zlib(bytes, Compression::none()));
    let envelope = envelop_jwt(&String::from_utf8(vc_jwt).unwrap());
    let digit = |half: u8| b"0123456789abcdef"[usize::from(half)];
    let hex = cwt
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    // A text with an escape in it is put together anew.
    let escaped = format!("\\u{:04x}{}", text.as_bytes()[0], &text[1..]);
    let mut forms = vec![
        ("jwt with escapes", status_list_jwt(&escaped)),
        ("cwt in hexadecimal digits", hex.collect()),
        ("cwt in base64", BASE64.encode(&cwt).into_bytes()),
        ("vc+jwt in an envelope", envelope.to_string().into_bytes()),
        (
            "vc+cose in an envelope",
            envelop_cose(&vc_cose).to_string().into_bytes(),
        ),
    ];
    for (name, suite) in [
        ("json with a proof by JCS", "eddsa-jcs-2022"),
        ("json with a proof by RDFC", "eddsa-rdfc-2022"),
    ] {
        let key = ISSUER.strip_prefix("did:key:").unwrap();
        let proof = format!(
            "\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"{suite}\",\
             \"verificationMethod\":\"{ISSUER}#{key}\",\"proofPurpose\":\"assertionMethod\",\
             \"proofValue\":\"z{}\"",
            "1".repeat(64)
        );
        let list = credential(&text, &format!(",\"proof\":{{{proof}}}"));
        forms.push((name, list.into_bytes()));
    }
    forms
}

/// Whoever has a name that is a key is believed by it, so that proofs are checked.
const ISSUER: &str = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

fn zlib(bytes: &[u8], compression: Compression) -> Vec<u8> {
    let mut zlib = ZlibEncoder::new(Vec::new(), compression);
    zlib.write_all(bytes).unwrap();
    zlib.finish().unwrap()
}

fn status_list_jwt(lst: &str) -> Vec<u8> {
    let claims = format!(
        "{{\"sub\":\"https://example.com/0\",\"iat\":1767225600,\"exp\":1767830400,\"ttl\":3600,\
         \"status_list\":{{\"bits\":8,\"lst\":\"{lst}\"}}}}"
    );
    jwt(r#"{"alg":"ES256","typ":"statuslist+jwt"}"#, &claims)
}

fn status_list_cwt(stream: &[u8]) -> Vec<u8> {
    // 65533, `status_list`, is a map of `bits` and `lst`.
    let claims = b"\xa1\x19\xff\xfd\xa2\x64bits\x08\x63lst";
    message(&[claims, cbor_head(2, stream.len()).as_slice(), stream].concat())
}

fn credential(list: &str, proof: &str) -> String {
    format!(
        "{{\"@context\":[\"https://www.w3.org/ns/credentials/v2\"],\"id\":\"https://example.com/0\",\
         \"type\":[\"VerifiableCredential\",\"BitstringStatusListCredential\"],\
         \"issuer\":\"{ISSUER}\",\"validFrom\":\"2026-01-01T00:00:00Z\",\
         \"credentialSubject\":{{\"type\":\"BitstringStatusList\",\"statusPurpose\":\"revocation\",\
         \"encodedList\":\"u{list}\"}}{proof}}}"
    )
}

/// What a process takes for a small token, in a build that is not optimised, with a little to spare.
const SMALL: u64 = 24 * MIB;

/// What is promised beside so many times the list.
const PROMISED: u64 = 64 * MIB;

/// Takes so many times the bytes of the list and so much beside it at most.
#[track_caller]
fn check(forms: impl IntoIterator<Item = Published>, length: usize, times: u64, beside: u64) {
    for (form, token) in forms {
        let place = Place::new();
        place.write("token", token);
        let (_, memory, said) = inspect(&place, 64);
        assert!(!said.contains("that can be read"), "{form}: {said}");
        assert!(!said.contains("inflate"), "{form}: {said}");
        assert!(!said.contains("4194304"), "{form}: {said}");
        let bound = times * length as u64 + beside;
        assert!(memory < bound, "{form}: {} MiB", memory / MIB);
    }
}

#[test]
fn a_list_takes_three_times_its_bytes_at_most() {
    let bytes = vec![0; 8 << 20];
    check(lists(&bytes, Compression::fast()), bytes.len(), 3, SMALL);
}

#[test]
#[ignore = "takes some seconds unless it is optimised"]
fn a_large_list_takes_three_times_its_bytes_at_most() {
    let bytes = vec![0; 64 << 20];
    check(lists(&bytes, Compression::fast()), bytes.len(), 3, PROMISED);
}

/// A list that cannot be compressed is longer in text than it is in memory.
#[test]
fn a_list_that_cannot_be_compressed_takes_five_times_its_bytes_at_most() {
    let bytes = random(4 << 20);
    check(lists(&bytes, Compression::none()), bytes.len(), 5, SMALL);
}

#[test]
fn a_list_in_no_form_takes_more_than_six_times_its_bytes() {
    // The others are tried with the large one.
    let worst = ["jwt with escapes", "vc+cose in an envelope"];
    let bytes = random(4 << 20);
    let forms = longer_forms(&bytes).into_iter();
    let forms = forms.filter(|(form, _)| worst.contains(form));
    check(forms, bytes.len(), 6, SMALL);
}

#[test]
#[ignore = "takes two minutes unless it is optimised"]
fn a_large_list_in_no_form_takes_more_than_six_times_its_bytes() {
    let bytes = random(60 << 20);
    check(lists(&bytes, Compression::none()), bytes.len(), 5, SMALL);
    check(longer_forms(&bytes), bytes.len(), 6, SMALL);
}

/// What is bounded beside a list is not the list, and not the token in an envelope.
#[test]
fn a_list_longer_than_all_else_may_be_is_read_in_every_form() {
    for (format, token) in lists(&random((4 << 20) + 4096), Compression::none()) {
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
            run.stdout.contains("list:       4198400 bytes"),
            "{format}: {}",
            run.stderr
        );
    }
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

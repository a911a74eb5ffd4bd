//! `sign --prepare` and `sign --attach`: the private key is somewhere else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use snapbox::str;

use crate::harness::{NOW, Place};
use crate::shapes;
use statuslist::sign::{Algorithm, PrivateKey};

/// Signs as whoever has the private key would.
pub(crate) fn signature(place: &Place, key: &str, message: &[u8]) -> Vec<u8> {
    PrivateKey::parse(&place.read(key)).unwrap().sign(message)
}

/// The same signature in DER.
pub(crate) fn in_der(raw: &[u8]) -> Vec<u8> {
    match raw.len() {
        64 => p256::ecdsa::Signature::from_slice(raw)
            .unwrap()
            .to_der()
            .as_bytes()
            .to_vec(),
        96 => p384::ecdsa::Signature::from_slice(raw)
            .unwrap()
            .to_der()
            .as_bytes()
            .to_vec(),
        _ => p521::ecdsa::Signature::from_slice(raw)
            .unwrap()
            .to_der()
            .as_bytes()
            .to_vec(),
    }
}

/// A place with a list, `key.pem` and `public.pem`, and what was prepared of it: `message`,
/// `prepared.json` and `signature`.
fn prepared() -> Place {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done("sign list.slist --key public.pem --prepare prepared.json -o message");
    let signature = signature(&place, "key.pem", &place.read("message"));
    place.write("signature", signature);
    place
}

const ATTACH: &str = "sign --attach prepared.json --signature signature --key public.pem";

/// Signs with `private.pem` in one step and in two, and compares.
fn two_steps_agree_with_one(place: &Place, sign: &str) {
    place.done(&format!("{sign} --key private.pem -o token"));
    let token = place.read("token");
    place.done(&format!(
        "{sign} --key public.pem --prepare prepared.json -o message"
    ));
    assert_eq!(place.mode("prepared.json"), 0o644);
    let raw = signature(place, "private.pem", &place.read("message"));
    place.write("signature", &raw);
    place.done(&format!("{ATTACH} -o completed"));
    assert!(place.read("completed") == token, "{sign}");
    let key = PrivateKey::parse(&place.read("private.pem")).unwrap();
    let der = match key.algorithm() {
        Algorithm::EdDsa => raw,
        _ => in_der(&raw),
    };
    let attach = ATTACH.replace("--signature signature", "--signature - -o of-der");
    let words: Vec<_> = attach.split(' ').collect();
    let run = place.run_with_input(&words, &der);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(place.read("of-der") == token, "{sign}");
}

fn copy_pair(place: &Place, name: &str) {
    place.copy_key(&format!("test-{name}-pkcs8.pem"), "private.pem");
    place.copy_key(&format!("test-{name}-public.pem"), "public.pem");
}

#[test]
fn two_steps_give_the_same_token_as_one() {
    let place = Place::with_list();
    place.done("configure list.slist --add-view cwt");
    for key in ["p256", "p384", "p521", "ed25519"] {
        copy_pair(&place, key);
        two_steps_agree_with_one(&place, "sign list.slist --as jwt");
        two_steps_agree_with_one(&place, "sign list.slist --as cwt");
    }
}

#[test]
fn two_steps_give_the_same_credential_as_one() {
    for (key, proof) in [
        ("p256", "ecdsa-jcs-2019"),
        ("p384", "ecdsa-rdfc-2019"),
        ("ed25519", "eddsa-jcs-2022"),
        ("ed25519", "eddsa-rdfc-2022"),
        ("p521", "jwt"),
        ("p256", "cose"),
    ] {
        let place = Place::new();
        copy_pair(&place, key);
        let series = "init list.slist --uri https://example.com/{n}.json --as bitstring.revocation";
        place.done(&format!(
            "{series} --issuer did:web:example.com --proof {proof}"
        ));
        two_steps_agree_with_one(&place, "sign list.slist");
    }
}

#[test]
fn what_is_printed_is_what_is_signed() {
    let place = prepared();
    let message = place.done("sign list.slist --key public.pem --prepare prepared.json");
    assert_eq!(message.as_bytes(), place.read("message"));
    let token = place.done("sign list.slist --key key.pem");
    assert_eq!(token.rsplit_once('.').unwrap().0, message);
}

#[test]
fn the_list_file_is_not_needed_any_more() {
    let place = prepared();
    let token = place.done("sign list.slist --key key.pem");
    place.done("allocate list.slist --status revoked");
    assert_ne!(token, place.done("sign list.slist --key key.pem"));
    assert_eq!(place.done(ATTACH), token);
    std::fs::remove_file(place.path("list.slist")).unwrap();
    assert_eq!(place.done(ATTACH), token);
}

#[test]
fn what_is_prepared_says_what_is_signed_and_tells_no_secret() {
    let place = prepared();
    place.refuses(
        "sign list.slist --key key.pem --prepare other.json",
        str![[r#"
--- stderr
error: cannot use the key in 'key.pem'
because: a private key was given where a public one belongs
hint: what signs elsewhere needs no private key here; its public half: openssl pkey -pubout
--- exit 4

"#]],
    );
    let text = String::from_utf8(place.read("prepared.json")).unwrap();
    snapbox::assert_data_eq!(
        &text,
        str![[r#"
{"schema":1,"view":"jwt","uri":"https://example.com/statuslists/0.jwt","issuedAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-08T00:00:00Z","algorithm":"ES256","keyId":"mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo","messageSha256":"550614ff4b1317beab8f32bcbe33cbb8bd54aefb14fb6d934ea76f076ce0e6a2","unsigned":{"compact":{"signingInput":"eyJhbGciOiJFUzI1NiIsImtpZCI6Im1Hb2o5b2d5N2F0d1Ffa2M3V2xYRjczM2xQUnVwR0xnblhNa01xdG81Ym8iLCJ0eXAiOiJzdGF0dXNsaXN0K2p3dCJ9.eyJzdWIiOiJodHRwczovL2V4YW1wbGUuY29tL3N0YXR1c2xpc3RzLzAuand0IiwiaXNzIjoiaHR0cHM6Ly9leGFtcGxlLmNvbSIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3ODMwNDAwLCJ0dGwiOjM2MDAsInN0YXR1c19saXN0Ijp7ImJpdHMiOjIsImxzdCI6ImVOcGpHTEVBQUFENkFBRSJ9fQ"}}}

"#]]
    );
    place.shows(
        "sign list.slist --key public.pem --prepare prepared.json",
        str![[r#"
eyJhbGciOiJFUzI1NiIsImtpZCI6Im1Hb2o5b2d5N2F0d1Ffa2M3V2xYRjczM2xQUnVwR0xnblhNa01xdG81Ym8iLCJ0eXAiOiJzdGF0dXNsaXN0K2p3dCJ9.eyJzdWIiOiJodHRwczovL2V4YW1wbGUuY29tL3N0YXR1c2xpc3RzLzAuand0IiwiaXNzIjoiaHR0cHM6Ly9leGFtcGxlLmNvbSIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3ODMwNDAwLCJ0dGwiOjM2MDAsInN0YXR1c19saXN0Ijp7ImJpdHMiOjIsImxzdCI6ImVOcGpHTEVBQUFENkFBRSJ9fQ--- stderr
once the 347 bytes on standard output are signed with ES256: statuslist sign --attach 'prepared.json' --signature FILE --key KEY

"#]],
    );
    place.shows(
        "sign list.slist --key public.pem --prepare - -o message",
        str![[r#"
{"schema":1,"view":"jwt","uri":"https://example.com/statuslists/0.jwt","issuedAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-08T00:00:00Z","algorithm":"ES256","keyId":"mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo","messageSha256":"550614ff4b1317beab8f32bcbe33cbb8bd54aefb14fb6d934ea76f076ce0e6a2","unsigned":{"compact":{"signingInput":"eyJhbGciOiJFUzI1NiIsImtpZCI6Im1Hb2o5b2d5N2F0d1Ffa2M3V2xYRjczM2xQUnVwR0xnblhNa01xdG81Ym8iLCJ0eXAiOiJzdGF0dXNsaXN0K2p3dCJ9.eyJzdWIiOiJodHRwczovL2V4YW1wbGUuY29tL3N0YXR1c2xpc3RzLzAuand0IiwiaXNzIjoiaHR0cHM6Ly9leGFtcGxlLmNvbSIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3ODMwNDAwLCJ0dGwiOjM2MDAsInN0YXR1c19saXN0Ijp7ImJpdHMiOjIsImxzdCI6ImVOcGpHTEVBQUFENkFBRSJ9fQ"}}}
--- stderr
once the 347 bytes in 'message' are signed with ES256: statuslist sign --attach FILE --signature FILE --key KEY

"#]],
    );
    place.shows(
        "sign list.slist --key public.pem --prepare prepared.json -o message",
        str![[r#"
--- stderr
once the 347 bytes in 'message' are signed with ES256: statuslist sign --attach 'prepared.json' --signature FILE --key KEY

"#]],
    );
    place.refuses(
        "sign list.slist --key public.pem --prepare -",
        str![[r#"
--- stderr
error: what is to be signed and what completes it cannot both go to standard output
hint: --prepare FILE, or -o FILE
--- exit 1

"#]],
    );
}

#[test]
fn the_same_for_programs() {
    let place = prepared();
    let message = place.read("message");
    let expected = |prepared: Option<&str>, message: Option<&str>| shapes::Prepared {
        schema: 1,
        view: "jwt".to_owned(),
        uri: "https://example.com/statuslists/0.jwt".to_owned(),
        issued_at: NOW.to_owned(),
        expires_at: "2026-01-08T00:00:00Z".to_owned(),
        algorithm: "ES256".to_owned(),
        key_id: "mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo".to_owned(),
        bytes: 347,
        // By sha256sum.
        message_sha256: "550614ff4b1317beab8f32bcbe33cbb8bd54aefb14fb6d934ea76f076ce0e6a2"
            .to_owned(),
        prepared: prepared.map(str::to_owned),
        message: message.map(str::to_owned),
        message_hex: None,
    };
    let line = "sign list.slist --key public.pem --prepare";
    let message = String::from_utf8(message).unwrap();
    assert_eq!(
        place.decode::<shapes::Prepared>(&format!("{line} prepared.json")),
        expected(Some("prepared.json"), Some(&message))
    );
    assert_eq!(
        place.decode::<shapes::Prepared>(&format!("{line} prepared.json -o message")),
        expected(Some("prepared.json"), None)
    );
    assert_eq!(
        place.decode::<shapes::Prepared>(&format!("{line} - -o message")),
        expected(None, None)
    );
    place.done("configure list.slist --add-view cwt");
    let binary: shapes::Prepared = place.decode(&format!("{line} prepared.cwt --as cwt"));
    place.done(&format!("{line} prepared.cwt --as cwt -o message"));
    assert_eq!(binary.message, None);
    assert_eq!(
        binary.message_hex,
        Some(statuslist::wire::hex(&place.read("message")))
    );
    let signed: shapes::Signed = place.decode(ATTACH);
    let here: shapes::Signed = place.decode("sign list.slist --key key.pem");
    assert_eq!(signed, here);
    place.shows(
        &format!("{ATTACH} -o token.jwt"),
        str![[r#"
--- stderr
wrote 434 bytes to 'token.jwt'

"#]],
    );
    assert_eq!(place.read("token.jwt"), here.token.unwrap().into_bytes());
}

#[test]
fn a_token_that_was_completed_too_late() {
    let place = prepared();
    let run = place.line(&format!("{ATTACH} --now 2026-01-08T00:00:00Z"));
    assert_eq!(run.code, 0);
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
warning: the token expired at 2026-01-08T00:00:00Z: readers refuse it

"#]]
    );
}

#[test]
fn nothing_is_completed_with_a_signature_that_does_not_verify() {
    let place = prepared();
    let right = place.read("signature");
    let other = PrivateKey::generate(Algorithm::Es256).unwrap();
    let attach = format!("{ATTACH} -o token.jwt");
    for wrong in [
        other.sign(&place.read("message")),
        signature(&place, "key.pem", b"another message"),
        in_der(&signature(&place, "key.pem", b"another message")),
        vec![0; 64],
    ] {
        place.write("signature", wrong);
        place.refuses(
            &attach,
            str![[r#"
--- stderr
error: cannot complete 'prepared.json'
because: the signature does not verify with the public key
hint: --key must be the public half of the key that signs
--- exit 4

"#]],
        );
    }
    place.write("signature", STANDARD.encode(&right));
    place.refuses(
        &attach,
        str![[r#"
--- stderr
error: cannot complete 'prepared.json'
because: 88 bytes are not a signature for ES256, which is 64 bytes, or DER
hint: the signature itself is needed, without base64, hex or a line break
--- exit 4

"#]],
    );
    place.write("signature", [&right[..], b"\n"].concat());
    assert_eq!(place.line(&attach).code, 4);
    place.write("signature", vec![0; 5000]);
    place.refuses(
        &attach,
        str![[r#"
--- stderr
error: 'signature' is larger than 4096 bytes
--- exit 4

"#]],
    );
    place.write("signature", &right);
    place.copy_key("test-ed25519-public.pem", "other.pem");
    place.refuses(
        &attach.replace("public.pem", "other.pem"),
        str![[r#"
--- stderr
error: cannot complete 'prepared.json'
because: the token is to be signed with ES256, but the key is for EdDSA
--- exit 4

"#]],
    );
    place.refuses(
        &attach.replace("public.pem", "key.pem"),
        str![[r#"
--- stderr
error: cannot use the key in 'key.pem'
because: a private key was given where a public one belongs
hint: what signs elsewhere needs no private key here; its public half: openssl pkey -pubout
--- exit 4

"#]],
    );
    place.refuses(
        &format!("{attach} --alg ES384"),
        str![[r#"
--- stderr
error: cannot use the key in 'public.pem'
because: a key on P-256 signs with ES256, and --alg is ES384
--- exit 4

"#]],
    );
    place.refuses(
        &attach.replace(" --key public.pem", ""),
        str![[r#"
--- stderr
error: no public key was named
because: every signature that is made elsewhere is checked
hint: --key FILE, with the public half of the key that signs
--- exit 1

"#]],
    );
    assert_eq!(place.line(&attach).code, 0);
}

#[test]
fn nothing_is_completed_that_was_changed() {
    let place = prepared();
    let prepared: Value = serde_json::from_slice(&place.read("prepared.json")).unwrap();
    let refused = |changed: &Value, expected: snapbox::data::Inline| {
        place.write("prepared.json", changed.to_string());
        place.refuses(&format!("{ATTACH} -o token.jwt"), expected);
    };
    let with = |pointer: &str, value: &str| {
        let mut changed = prepared.clone();
        *changed.pointer_mut(pointer).unwrap() = value.into();
        changed
    };
    let input = prepared["unsigned"]["compact"]["signingInput"]
        .as_str()
        .unwrap();
    let (header, payload) = input.split_once('.').unwrap();
    refused(
        &with("/unsigned/compact/signingInput", &format!("{header}.e30")),
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: it was changed
--- exit 4

"#]],
    );
    refused(
        &with("/unsigned/compact/signingInput", &format!("{input}.e30")),
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: the token does not have 3 parts between full stops, but 4
--- exit 4

"#]],
    );
    // alg: none
    refused(
        &with(
            "/unsigned/compact/signingInput",
            &format!("eyJhbGciOiJub25lIn0.{payload}"),
        ),
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: the token is not signed: its algorithm is `none`
--- exit 4

"#]],
    );
    refused(
        &with("/algorithm", "ES384"),
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: it was changed
--- exit 4

"#]],
    );
    refused(
        &with("/messageSha256", &"0".repeat(64)),
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: it was changed
--- exit 4

"#]],
    );
    refused(
        &with("/expiresAt", "soon\u{1b}[2J"),
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: 'soon\u{1b}[2J' is not a time
--- exit 4

"#]],
    );
    refused(
        &with("/view", "none"),
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: 'none' is not a view: jwt, cwt, bitstring.revocation, bitstring.suspension, bitstring.message, bitstring.refresh, statuslist2021.revocation, statuslist2021.suspension, revocationlist2020, oa-ocsp
--- exit 4

"#]],
    );
    let mut newer = prepared.clone();
    newer["schema"] = 2.into();
    refused(
        &newer,
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: it does not have the schema version of this program
--- exit 4

"#]],
    );
    let mut longer = prepared.clone();
    longer["note"] = "".into();
    refused(
        &longer,
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: unknown field `note`, expected one of `schema`, `view`, `uri`, `issuedAt`, `expiresAt`, `algorithm`, `keyId`, `messageSha256`, `unsigned`
--- exit 4

"#]],
    );
    // A CWT whose payload was changed.
    place.done("configure list.slist --add-view cwt");
    place.done("sign list.slist --as cwt --key public.pem --prepare cwt.json -o message");
    let mut cwt: Value = serde_json::from_slice(&place.read("cwt.json")).unwrap();
    let payload = cwt["unsigned"]["sign1"]["payload"].as_str().unwrap();
    cwt["unsigned"]["sign1"]["payload"] = format!("{payload}AA").into();
    refused(
        &cwt,
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: it was changed
--- exit 4

"#]],
    );
    cwt["unsigned"]["sign1"]["protected"] = "oA".into();
    refused(
        &cwt,
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: the header does not name an algorithm
--- exit 4

"#]],
    );
    cwt["unsigned"]["sign1"]["payload"] = "a===".into();
    refused(
        &cwt,
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: a part of the message is not base64url
--- exit 4

"#]],
    );
    place.write("prepared.json", place.read("list.slist"));
    place.refuses(
        ATTACH,
        str![[r#"
--- stderr
error: 'prepared.json' is not what --prepare wrote
because: the text is not UTF-8 from byte 98 on
--- exit 4

"#]],
    );
    place.refuses(
        "sign --attach missing.json --signature signature --key public.pem",
        str![[r#"
--- stderr
error: cannot open 'missing.json'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
}

#[test]
fn arguments_that_do_not_go_together() {
    let place = prepared();
    place.refuses(
        "sign --key public.pem",
        str![[r#"
--- stderr
error: the following required arguments were not provided:
  <FILE>

Usage: statuslist sign --key <KEY> --now <TIME> <FILE>

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        "sign --attach prepared.json --key public.pem",
        str![[r#"
--- stderr
error: the following required arguments were not provided:
  --signature <SIGNATURE>

Usage: statuslist sign --attach <PREPARED> --signature <SIGNATURE> --key <KEY> --now <TIME> [FILE]

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        "sign list.slist --signature signature --key key.pem",
        str![[r#"
--- stderr
error: the argument '[FILE]' cannot be used with '--signature <SIGNATURE>'

Usage: statuslist sign --key <KEY> --now <TIME> <FILE>

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        &format!("{ATTACH} list.slist"),
        str![[r#"
--- stderr
error: the argument '--attach <PREPARED>' cannot be used with '[FILE]'

Usage: statuslist sign --attach <PREPARED> --signature <SIGNATURE> --key <KEY> --now <TIME> [FILE]

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        &format!("{ATTACH} --prepare other.json"),
        str![[r#"
--- stderr
error: the argument '--attach <PREPARED>' cannot be used with '--prepare <PREPARED>'

Usage: statuslist sign --attach <PREPARED> --signature <SIGNATURE> --key <KEY> --now <TIME> [FILE]

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        "sign --attach - --signature - --key public.pem",
        str![[r#"
--- stderr
error: only one of --attach, --signature and --key can read standard input
--- exit 1

"#]],
    );
}

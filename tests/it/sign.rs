//! `sign`: one token to standard output, the same bytes for the same time.

use snapbox::str;

use crate::harness::{NOW, Place};
use crate::shapes;

#[test]
fn the_same_list_key_and_time_give_the_same_bytes() {
    let place = Place::with_list();
    place.shows("sign list.slist --key key.pem", str!["eyJhbGciOiJFUzI1NiIsImtpZCI6Im1Hb2o5b2d5N2F0d1Ffa2M3V2xYRjczM2xQUnVwR0xnblhNa01xdG81Ym8iLCJ0eXAiOiJzdGF0dXNsaXN0K2p3dCJ9.eyJzdWIiOiJodHRwczovL2V4YW1wbGUuY29tL3N0YXR1c2xpc3RzLzAuand0IiwiaXNzIjoiaHR0cHM6Ly9leGFtcGxlLmNvbSIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3ODMwNDAwLCJ0dGwiOjM2MDAsInN0YXR1c19saXN0Ijp7ImJpdHMiOjIsImxzdCI6ImVOcGpHTEVBQUFENkFBRSJ9fQ.XzByRwqt5CWYGX8EEGpCXYDw32JyfHv9dLKDYEOpH77KMcADiIpeyfDeoP9jsp0DK29He-zP-8x9rmKlme9TrA"]);
    let token = place.done("sign list.slist --key key.pem");
    assert!(!token.ends_with('\n'));
    assert_eq!(token, place.done("sign list.slist --key key.pem"));
    let later = place.done("sign list.slist --key key.pem --now 2026-01-01T00:00:01Z");
    assert_ne!(token, later);
    place.done("publish list.slist --to site --key key.pem");
    assert_eq!(token.as_bytes(), place.read("site/statuslists/0.jwt"));
}

#[test]
fn the_same_for_programs() {
    let place = Place::with_list();
    let signed: shapes::Signed = place.decode("sign list.slist --key key.pem");
    let token = place.done("sign list.slist --key key.pem");
    assert_eq!(
        signed,
        shapes::Signed {
            schema: 1,
            view: "jwt".to_owned(),
            uri: "https://example.com/statuslists/0.jwt".to_owned(),
            issued_at: NOW.to_owned(),
            expires_at: "2026-01-08T00:00:00Z".to_owned(),
            bytes: token.len(),
            token: Some(token),
            token_hex: None,
        }
    );
}

#[test]
fn a_token_in_a_file() {
    let place = Place::with_list();
    place.shows(
        "sign list.slist --key key.pem -o token.jwt",
        str![[r#"
--- stderr
wrote 434 bytes to 'token.jwt'

"#]],
    );
    assert_eq!(place.mode("token.jwt"), 0o644);
    let token = place.done("sign list.slist --key key.pem -o -");
    assert_eq!(token.as_bytes(), place.read("token.jwt"));
    place.refuses(
        "sign list.slist --key key.pem -o missing/token.jwt",
        str![[r#"
--- stderr
error: cannot write 'missing/token.jwt'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
}

#[test]
fn the_time_of_reproducible_builds() {
    let place = Place::with_list();
    let token = |variables: &[(&str, &str)]| {
        let mut command = place.command();
        command.env_remove("STATUSLIST_NOW");
        command.args(["sign", "list.slist", "--key", "key.pem"]);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        (output.status.code().unwrap(), output.stdout)
    };
    let fixed = token(&[("SOURCE_DATE_EPOCH", "1767225600")]);
    assert_eq!(
        fixed.1,
        place.done("sign list.slist --key key.pem").into_bytes()
    );
    let both = token(&[("SOURCE_DATE_EPOCH", "0"), ("STATUSLIST_NOW", NOW)]);
    assert_eq!(both.1, fixed.1);
    assert_eq!(token(&[("SOURCE_DATE_EPOCH", "soon")]).0, 1);
}

#[test]
fn keys_that_cannot_be_used() {
    let place = Place::with_list();
    place.refuses(
        "sign list.slist",
        str![[r#"
--- stderr
error: no signing key was named
hint: --key FILE; to make one: statuslist keygen FILE
--- exit 1

"#]],
    );
    place.refuses(
        "sign list.slist --key missing.pem",
        str![[r#"
--- stderr
error: cannot open 'missing.pem'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
    place.refuses(
        "sign list.slist --key list.slist",
        str![[r#"
--- stderr
error: cannot use the key in 'list.slist'
because: this is longer than any key or key set (limit: 65536 bytes)
--- exit 4

"#]],
    );
    place.refuses(
        "sign list.slist --key env:NOWHERE",
        str![[r#"
--- stderr
error: the environment variable NOWHERE is not set
--- exit 4

"#]],
    );
    place.write("empty.pem", "");
    place.refuses(
        "sign list.slist --key empty.pem",
        str![[r#"
--- stderr
error: cannot use the key in 'empty.pem'
because: this is neither a PEM key nor a JSON Web Key
--- exit 4

"#]],
    );
    for key in [
        "test-rsa-pkcs8.pem",
        "test-secp256k1-pkcs8.pem",
        "test-p256-public.pem",
        "test-p256-certificate.pem",
        "test-p256-pkcs8-encrypted.pem",
    ] {
        place.copy_key(key, key);
    }
    place.refuses(
        "sign list.slist --key test-rsa-pkcs8.pem",
        str![[r#"
--- stderr
error: cannot use the key in 'test-rsa-pkcs8.pem'
because: RSA keys are not supported; use P-256, P-384, P-521 or Ed25519
--- exit 4

"#]],
    );
    place.refuses(
        "sign list.slist --key test-secp256k1-pkcs8.pem",
        str![[r#"
--- stderr
error: cannot use the key in 'test-secp256k1-pkcs8.pem'
because: the curve secp256k1 is not supported; use P-256, P-384, P-521 or Ed25519
--- exit 4

"#]],
    );
    place.refuses(
        "sign list.slist --key test-p256-public.pem",
        str![[r#"
--- stderr
error: cannot use the key in 'test-p256-public.pem'
because: a public key was given where a private one belongs
--- exit 4

"#]],
    );
    place.refuses(
        "sign list.slist --key test-p256-certificate.pem",
        str![[r#"
--- stderr
error: cannot use the key in 'test-p256-certificate.pem'
because: a certificate was given where a key belongs
--- exit 4

"#]],
    );
    place.refuses(
        "sign list.slist --key test-p256-pkcs8-encrypted.pem",
        str![[r#"
--- stderr
error: cannot use the key in 'test-p256-pkcs8-encrypted.pem'
because: encrypted private keys are not supported; decrypt it first (openssl pkey)
--- exit 4

"#]],
    );
}

#[test]
fn a_key_on_the_command_line_is_not_repeated_in_the_error() {
    let place = Place::with_list();
    let key = String::from_utf8(place.read("key.pem")).unwrap();
    let run = place.run(&["sign", "list.slist", "--key", key.trim()]);
    run.shows(
        &place,
        str![[r#"
--- stderr
error: a key itself was given, which others can see in the list of processes: give its file, - or env:NAME
--- exit 2

"#]],
    );
    let body = key.lines().nth(1).unwrap();
    assert!(!run.stderr.contains(body), "the error shows the key");
}

#[test]
fn what_is_not_there_is_refused() {
    let place = Place::with_list();
    place.refuses(
        "sign list.slist --key key.pem --list 1",
        str![[r#"
--- stderr
error: the series has no list 1
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "sign list.slist --key key.pem --as cwt",
        str![[r#"
--- stderr
error: the series has no view cwt
because: its views are jwt
hint: statuslist configure FILE --add-view cwt
--- exit 1

"#]],
    );
    place.refuses(
        "sign list.slist --key key.pem --ttl 8d",
        str![[r#"
--- stderr
error: a ttl of 8d is longer than the validity of 7d
because: readers would keep a copy that has expired
hint: a shorter --ttl or a longer --valid-for
--- exit 1

"#]],
    );
}

/// Only who says it is warned: the list file's own lifetimes were warned of when they were set.
#[test]
fn lifetimes_without_time_for_renewal_are_warned_of_where_the_options_cause_them() {
    let place = Place::with_list();
    let warns = |line: &str| {
        place
            .line(line)
            .stderr
            .contains("there is no time for renewal")
    };
    for command in [
        "sign list.slist --key key.pem -o token",
        "sign list.slist --key test-public.pem --prepare request -o token",
        "publish list.slist --key key.pem --to site",
    ] {
        if command.contains("--prepare") {
            place.copy_key("test-p256-public.pem", "test-public.pem");
        }
        assert!(!warns(command), "{command}");
        assert!(
            warns(&format!("{command} --ttl 1h --valid-for 1h")),
            "{command}"
        );
        assert!(warns(&format!("{command} --valid-for 90m")), "{command}");
        assert!(!warns(&format!("{command} --valid-for 2h")), "{command}");
    }
    place.write(
        "statuslist.toml",
        "[status-list-token]\nttl = \"1h\"\nexpiration = \"1h\"\n",
    );
    assert!(warns("publish list.slist --key key.pem --to site"));
    place.done("configure list.slist --ttl 1h --valid-for 1h");
    for command in [
        "sign list.slist --key key.pem -o token",
        "publish list.slist --key key.pem --to site --renew",
    ] {
        assert!(!warns(command), "{command}");
    }
}

//! Keys of every algorithm, in every form and from every place.

use std::path::Path;

use snapbox::str;

use crate::harness::{Place, is_installed};
use crate::shapes;

/// An algorithm, its key in every form that is read, and the thumbprint of the key, which was
/// computed without this program (RFC 7638).
struct Kind {
    algorithm: &'static str,
    forms: &'static [&'static str],
    public: &'static str,
    thumbprint: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind {
        algorithm: "ES256",
        forms: &[
            "test-p256-pkcs8.pem",
            "test-p256-sec1-with-params.pem",
            "test-p256-private.jwk",
        ],
        public: "test-p256-public.pem",
        thumbprint: "mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo",
    },
    Kind {
        algorithm: "ES384",
        forms: &[
            "test-p384-pkcs8.pem",
            "test-p384-sec1.pem",
            "test-p384-private.jwk",
        ],
        public: "test-p384-public.pem",
        thumbprint: "USitO1uxPlJ6V8erfzEHQh6GK6FaKWlpxsNmWn53PA0",
    },
    Kind {
        algorithm: "ES512",
        forms: &["test-p521-pkcs8.pem", "test-p521-private.jwk"],
        public: "test-p521-public.pem",
        thumbprint: "3Y9thVIu3DaPD-RGaHMFlY8hMob5TnAdBBvIGWO5n-k",
    },
    Kind {
        algorithm: "EdDSA",
        forms: &["test-ed25519-pkcs8.pem", "test-ed25519-private.jwk"],
        public: "test-ed25519-public.pem",
        thumbprint: "vPxIufsidhXNOcOaQih_MFtIJ4Y5Mn1YcCUibC4dH5o",
    },
];

#[test]
fn every_form_of_a_key_signs_the_same_bytes() {
    let place = Place::with_list();
    for kind in &KINDS {
        place.copy_key(kind.public, kind.public);
        let mut tokens = Vec::new();
        for form in kind.forms {
            place.copy_key(form, form);
            let line = format!("sign list.slist --alg {}", kind.algorithm);
            tokens.push(place.done(&format!("{line} --key {form}")));
            let key = place.read(form);
            let words: Vec<_> = line.split(' ').chain(["--key", "-"]).collect();
            tokens.push(place.run_with_input(&words, &key).stdout);
            let output = place
                .command()
                .args(line.split(' '))
                .args(["--key", "env:SIGNING_KEY"])
                .env("SIGNING_KEY", String::from_utf8(key).unwrap())
                .output()
                .unwrap();
            tokens.push(String::from_utf8(output.stdout).unwrap());
        }
        place.write("token.jwt", &tokens[0]);
        tokens.dedup();
        assert_eq!(tokens.len(), 1, "{}", kind.algorithm);
        let token: shapes::Token =
            place.decode(&format!("inspect token.jwt --key {}", kind.public));
        assert_eq!(token.signature.valid, Some(true));
        assert_eq!(token.header["alg"], kind.algorithm);
        assert_eq!(token.header["kid"], kind.thumbprint);
    }
}

#[test]
fn a_made_key_signs_with_the_algorithm_that_was_asked_for() {
    let place = Place::with_list();
    for kind in &KINDS {
        let algorithm = kind.algorithm;
        let run = place.line(&format!("keygen {algorithm}.pem --alg {algorithm}"));
        place.write("public.jwk", run.stdout);
        place.done(&format!(
            "sign list.slist --key {algorithm}.pem -o token.jwt"
        ));
        let token: shapes::Token = place.decode("inspect token.jwt --key public.jwk");
        assert_eq!(token.signature.valid, Some(true));
        assert_eq!(token.header["alg"], algorithm);
    }
}

#[test]
fn made_keys_are_read_by_openssl() {
    if !is_installed("openssl", "keys made here, read there") {
        return;
    }
    let place = Place::new();
    for kind in &KINDS {
        let algorithm = kind.algorithm;
        let jwk: shapes::Key = place.decode(&format!("keygen {algorithm}.pem --alg {algorithm}"));
        let output = std::process::Command::new("openssl")
            .args([
                "pkey",
                "-in",
                &format!("{algorithm}.pem"),
                "-check",
                "-pubout",
            ])
            .current_dir(place.path("."))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        place.write("public.pem", output.stdout);
        place.done("init list.slist --uri https://example.com/0.jwt");
        place.done(&format!(
            "sign list.slist --key {algorithm}.pem -o token.jwt"
        ));
        let token: shapes::Token = place.decode("inspect token.jwt --key public.pem");
        assert_eq!(token.signature.valid, Some(true));
        assert_eq!(token.header["kid"], jwk.public_key["kid"]);
        std::fs::remove_file(place.path("list.slist")).unwrap();
    }
}

/// The name of a key: an option, else the JSON Web Key's own, else the thumbprint.
#[test]
fn what_the_key_is_called() {
    let place = Place::with_list();
    let kid = |options: &str| {
        place.done(&format!("sign list.slist -o token.jwt {options}"));
        let token: shapes::Token = place.decode("inspect token.jwt");
        token.header["kid"].as_str().unwrap().to_owned()
    };
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    let jwk = std::fs::read_to_string(keys.join("test-p256-private.jwk")).unwrap();
    place.write("named.jwk", jwk.replacen('{', "{\"kid\": \"2026-a\", ", 1));
    assert_eq!(kid("--key key.pem"), KINDS[0].thumbprint);
    assert_eq!(kid("--key named.jwk"), "2026-a");
    let own = "did:web:issuer.example#list-key";
    assert_eq!(kid(&format!("--key named.jwk --kid {own}")), own);
}

#[test]
fn a_key_for_another_algorithm_is_refused() {
    let place = Place::with_list();
    place.refuses(
        "sign list.slist --key key.pem --alg ES384",
        str![[r#"
--- stderr
error: cannot use the key in 'key.pem'
because: a key on P-256 signs with ES256, and --alg is ES384
--- exit 4

"#]],
    );
    place.copy_key("test-ed25519-private.jwk", "ed.jwk");
    place.refuses(
        "sign list.slist --key ed.jwk --alg ES256",
        str![[r#"
--- stderr
error: cannot use the key in 'ed.jwk'
because: a key on Ed25519 signs with EdDSA, and --alg is ES256
--- exit 4

"#]],
    );
    place.refuses(
        "publish list.slist --to site --key key.pem --alg EdDSA",
        str![[r#"
--- stderr
error: cannot use the key in 'key.pem'
because: a key on P-256 signs with ES256, and --alg is EdDSA
--- exit 4

"#]],
    );
    assert!(!place.path("site").exists());
    place.refuses("sign list.slist --key key.pem --alg RS256", str![[r#"
--- stderr
error: invalid value 'RS256' for '--alg <ALG>': unknown signature algorithm `RS256` (known: ES256, ES384, ES512, EdDSA)

For more information, try '--help'.
--- exit 2

"#]]);
    place.refuses("keygen other.pem --alg HS256", str![[r#"
--- stderr
error: invalid value 'HS256' for '--alg <ALG>': unknown signature algorithm `HS256` (known: ES256, ES384, ES512, EdDSA)

For more information, try '--help'.
--- exit 2

"#]]);
}

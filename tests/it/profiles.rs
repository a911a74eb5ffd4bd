//! `--profile`: for every rule what keeps it is done, and what breaks it is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use snapbox::str;

use crate::harness::{Place, SEED};
use crate::shapes;

const HAIP_CERTIFICATE: &str =
    "profile haip demands the key's certificate in the token (OpenID4VC HAIP 1.0, section 6.1)";
const EUDI_VALIDITY: &str =
    "profile eudi demands a validity of at most 1d (EUDI ARF, VCR_01, after ETSI EN 319 411-1)";
const EUDI_REVOCATION: &str =
    "profile eudi demands that what is revoked stays revoked (EUDI ARF, VCR_04)";
const MDOC: &str = "ISO/IEC 18013-5, second edition (working draft)";

/// One way to keep a rule, and one to break it.
struct Case {
    name: &'static str,
    /// The `init` of `list.slist`, behind the uri; nothing if the rule is about `init`.
    list: &'static str,
    accepted: &'static str,
    refused: &'static str,
    code: &'static str,
    found: &'static str,
    reason: String,
}

/// A place with keys and certificates, and nothing else.
fn place() -> Place {
    let place = Place::new();
    place.write("seed", SEED);
    for (key, name) in [
        ("test-p256-pkcs8.pem", "key.pem"),
        ("test-p384-pkcs8.pem", "p384.pem"),
        ("test-ed25519-pkcs8.pem", "ed25519.pem"),
    ] {
        place.copy_key(key, name);
    }
    let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    for path in [
        "certificates/leaf-of-root",
        "certificates/leaf-p384",
        "certificates/leaf-ed25519",
        "certificates/self-signed",
        "profiles/signer",
        "profiles/signer-1188-days",
        "profiles/signer-bare",
        "profiles/signer-purpose",
        "profiles/signer-critical-purpose",
    ] {
        let pem = std::fs::read(format!("{vectors}/{path}.pem")).unwrap();
        place.write(&format!("{}.crt", path.split_once('/').unwrap().1), pem);
    }
    place
}

/// The same with a list, and entries of the token ids a and b.
fn with_list(options: &str) -> Place {
    let place = place();
    place.done(&format!(
        "init list.slist --uri https://example.com/{{n}} --seed-file seed {options}"
    ));
    place.done("allocate list.slist --token-id a --token-id b");
    place
}

fn check(cases: &[Case]) {
    for case in cases {
        let ready = || match case.list {
            "" => place(),
            options => with_list(options),
        };
        let accepted = ready().line(case.accepted);
        assert_eq!(accepted.code, 0, "{}: {}", case.name, accepted.stderr);
        let place = ready();
        let before = place.files();
        let refused = place.line(&format!("{} --json", case.refused));
        assert_eq!(refused.code, 1, "{}: {}", case.name, refused.stdout);
        let error = refused.error();
        let message = format!("{}: {}", case.found, case.reason);
        assert_eq!(error.code, case.code, "{}", case.name);
        assert_eq!(error.message, message, "{}", case.name);
        assert!(error.details["hint"].is_string(), "{}", case.name);
        assert!(before == place.files(), "{}: a file changed", case.name);
    }
}

fn header(token: &str) -> Value {
    let part = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn ietf_rules() {
    check(&[
        Case {
            name: "a view of the specification",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile ietf --as cwt",
            refused: "init x.slist --uri https://example.com/{n} --profile ietf --as bitstring --issuer https://example.com",
            code: "REFUSED",
            found: "the series has no view jwt or cwt",
            reason: "profile ietf demands a view jwt or cwt (draft-ietf-oauth-status-list-21, section 5)".to_owned(),
        },
        Case {
            name: "statuses that are registered",
            list: "--profile ietf --bits 4",
            accepted: "set list.slist id:a 12",
            refused: "set list.slist id:a 4",
            code: "INVALID_STATUS",
            found: "status unassigned (4)",
            reason: "profile ietf demands one of the statuses 0, 1, 2, 3, 12, 13, 14, 15 (draft-ietf-oauth-status-list-21, sections 7.1 and 14.5)".to_owned(),
        },
    ]);
}

#[test]
fn haip_rules() {
    check(&[
        Case {
            name: "a view of the specification",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile haip --as jwt,cwt",
            refused: "init x.slist --uri https://example.com/{n} --profile haip --as bitstring --issuer https://example.com",
            code: "REFUSED",
            found: "the series has no view jwt or cwt",
            reason: "profile haip demands a view jwt or cwt (OpenID4VC HAIP 1.0, section 6.1)".to_owned(),
        },
        Case {
            name: "indexes that nobody can predict",
            list: "--profile haip",
            accepted: "allocate list.slist",
            refused: "allocate list.slist --index 5",
            code: "REFUSED",
            found: "the index was chosen",
            reason: "profile haip demands indexes that nobody can predict (OpenID4VC HAIP 1.0)".to_owned(),
        },
        Case {
            name: "a certificate, in a JWT",
            list: "--profile haip",
            accepted: "sign list.slist --key key.pem --cert leaf-of-root.crt -o -",
            refused: "sign list.slist --key key.pem",
            code: "REFUSED",
            found: "the token has no certificate",
            reason: HAIP_CERTIFICATE.to_owned(),
        },
        Case {
            name: "a certificate, in a CWT",
            list: "--profile haip --as cwt",
            accepted: "sign list.slist --key key.pem --cert leaf-of-root.crt --json",
            refused: "sign list.slist --key key.pem",
            code: "REFUSED",
            found: "the token has no certificate",
            reason: HAIP_CERTIFICATE.to_owned(),
        },
        Case {
            name: "a certificate of an authority",
            list: "--profile haip",
            accepted: "publish list.slist --to site --key key.pem --cert leaf-of-root.crt",
            refused: "publish list.slist --to site --key key.pem --cert self-signed.crt",
            code: "REFUSED",
            found: "the certificate is self-signed",
            reason: "profile haip demands a certificate that is not self-signed (OpenID4VC HAIP 1.0, section 6.1)".to_owned(),
        },
    ]);
}

#[test]
fn eudi_rules() {
    check(&[
        Case {
            name: "a view of the specification",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile eudi --as cwt",
            refused: "init x.slist --uri https://example.com/{n} --profile eudi --as bitstring --issuer https://example.com",
            code: "REFUSED",
            found: "the series has no view jwt or cwt",
            reason: "profile eudi demands a view jwt or cwt (EUDI ARF, VCR_11 and VCR_11a)".to_owned(),
        },
        Case {
            name: "revocations are final",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile eudi --bits 2 --final invalid,suspended",
            refused: "init x.slist --uri https://example.com/{n} --profile eudi --bits 2 --final suspended",
            code: "REFUSED",
            found: "status invalid (1) is not final",
            reason: EUDI_REVOCATION.to_owned(),
        },
        Case {
            name: "indexes that nobody can predict",
            list: "--profile eudi",
            accepted: "allocate list.slist",
            refused: "allocate list.slist --index 5",
            code: "REFUSED",
            found: "the index was chosen",
            reason: "profile eudi demands indexes that nobody can predict (EUDI ARF, VCR_17)".to_owned(),
        },
        Case {
            name: "24 hours, when the list is made",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile eudi --valid-for 24h",
            refused: "init x.slist --uri https://example.com/{n} --profile eudi --valid-for 25h",
            code: "REFUSED",
            found: "tokens are valid for 1d 1h",
            reason: EUDI_VALIDITY.to_owned(),
        },
        Case {
            name: "24 hours, when settings change",
            list: "--profile eudi",
            accepted: "configure list.slist --valid-for 12h",
            refused: "configure list.slist --valid-for 2d",
            code: "REFUSED",
            found: "tokens are valid for 2d",
            reason: EUDI_VALIDITY.to_owned(),
        },
        Case {
            name: "24 hours, when a token is signed",
            list: "--profile eudi",
            accepted: "sign list.slist --key key.pem --cert signer.crt --valid-for 12h",
            refused: "sign list.slist --key key.pem --cert signer.crt --valid-for 2d",
            code: "REFUSED",
            found: "the token is valid for 2d",
            reason: EUDI_VALIDITY.to_owned(),
        },
        Case {
            name: "algorithms",
            list: "--profile eudi",
            accepted: "sign list.slist --key p384.pem --cert leaf-p384.crt",
            refused: "sign list.slist --key ed25519.pem --cert leaf-ed25519.crt",
            code: "REFUSED",
            found: "the token is signed with EdDSA",
            reason: "profile eudi demands a signature with one of ES256, ES384, ES512 (EUDI TS3)".to_owned(),
        },
        Case {
            name: "a certificate",
            list: "--profile eudi",
            accepted: "sign list.slist --key key.pem --cert leaf-of-root.crt",
            refused: "sign list.slist --key key.pem",
            code: "REFUSED",
            found: "the token has no certificate",
            reason: HAIP_CERTIFICATE.replace("haip", "eudi"),
        },
        Case {
            name: "a certificate of an authority",
            list: "--profile eudi",
            accepted: "sign list.slist --key key.pem --cert leaf-of-root.crt",
            refused: "sign list.slist --key key.pem --cert self-signed.crt",
            code: "REFUSED",
            found: "the certificate is self-signed",
            reason: "profile eudi demands a certificate that is not self-signed (OpenID4VC HAIP 1.0, section 6.1)".to_owned(),
        },
    ]);
}

#[test]
fn iso_mdoc_rules() {
    let of =
        |demand: &str, place: &str| format!("profile iso-mdoc demands {demand} ({MDOC}, {place})");
    check(&[
        Case {
            name: "a CWT beside whatever else",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile iso-mdoc --as jwt,cwt",
            refused: "init x.slist --uri https://example.com/{n} --profile iso-mdoc --as jwt",
            code: "REFUSED",
            found: "the series has no view cwt",
            reason: of("a view cwt", "section 12.3.6"),
        },
        Case {
            name: "one bit, and so no status but valid and invalid",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile iso-mdoc --bits 1",
            refused: "init x.slist --uri https://example.com/{n} --profile iso-mdoc --bits 2",
            code: "REFUSED",
            found: "the entries have 2 bits",
            reason: of("entries of 1 bit", "section 12.3.6"),
        },
        Case {
            name: "revocations are final",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile iso-mdoc",
            refused: "init x.slist --uri https://example.com/{n} --profile iso-mdoc --final none",
            code: "REFUSED",
            found: "status invalid (1) is not final",
            reason: of("that what is revoked stays revoked", "section 12.3.6.1"),
        },
        Case {
            name: "a certificate",
            list: "--profile iso-mdoc",
            accepted: "sign list.slist --key key.pem --cert signer.crt --json",
            refused: "sign list.slist --key key.pem",
            code: "REFUSED",
            found: "the token has no certificate",
            reason: of("the key's certificate in the token", "section 12.3.6"),
        },
        Case {
            name: "1,187 days",
            list: "--profile iso-mdoc",
            accepted: "publish list.slist --key key.pem --cert signer.crt --to site",
            refused: "publish list.slist --key key.pem --cert signer-1188-days.crt --to site",
            code: "REFUSED",
            found: "the certificate is in force for 1188 days",
            reason: of("a certificate for at most 1187 days", "table B.9"),
        },
        Case {
            name: "a key usage",
            list: "--profile iso-mdoc",
            accepted: "sign list.slist --key key.pem --cert signer.crt --json",
            refused: "sign list.slist --key key.pem --cert signer-bare.crt",
            code: "REFUSED",
            found: "the certificate has no key usage digitalSignature",
            reason: of(
                "a certificate with the key usage digitalSignature",
                "table B.9",
            ),
        },
        Case {
            name: "an extended key usage that is not critical",
            list: "--profile iso-mdoc",
            accepted: "sign list.slist --key key.pem --cert signer-purpose.crt --json",
            refused: "sign list.slist --key key.pem --cert signer-critical-purpose.crt",
            code: "REFUSED",
            found: "the certificate has a critical extended key usage",
            reason: of(
                "an extended key usage that is not critical, or none",
                "table B.9",
            ),
        },
    ]);
}

#[test]
fn swiss_rules() {
    let of = |demand: &str| format!("profile swiss demands {demand} (Swiss Profile VC 1.0.0)");
    check(&[
        Case {
            name: "no other view, when the list is made",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile swiss",
            refused: "init x.slist --uri https://example.com/{n} --profile swiss --as jwt,cwt",
            code: "REFUSED",
            found: "the series has the view cwt",
            reason: of("the view jwt alone"),
        },
        Case {
            name: "no other view, later",
            list: "--profile swiss",
            accepted: "configure list.slist --ttl 10m",
            refused: "configure list.slist --add-view cwt",
            code: "REFUSED",
            found: "the series has the view cwt",
            reason: of("the view jwt alone"),
        },
        Case {
            name: "three statuses",
            list: "--profile swiss --bits 2",
            accepted: "set list.slist id:a suspended",
            refused: "set list.slist id:a 3",
            code: "INVALID_STATUS",
            found: "status application-specific (3)",
            reason: of("one of the statuses 0, 1, 2"),
        },
        Case {
            name: "three statuses, from the beginning",
            list: "--profile swiss --bits 2",
            accepted: "allocate list.slist --status suspended",
            refused: "allocate list.slist --status 3",
            code: "INVALID_STATUS",
            found: "status application-specific (3)",
            reason: of("one of the statuses 0, 1, 2"),
        },
        Case {
            name: "no aggregation, when the list is made",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile swiss",
            refused: "init x.slist --uri https://example.com/{n} --profile swiss --aggregation-uri https://example.com/all",
            code: "REFUSED",
            found: "tokens name the aggregation 'https://example.com/all'",
            reason: of("lists without an aggregation"),
        },
        Case {
            name: "no aggregation, later",
            list: "--profile swiss",
            accepted: "configure list.slist --aggregation-uri none",
            refused: "configure list.slist --aggregation-uri https://example.com/all",
            code: "REFUSED",
            found: "tokens name the aggregation 'https://example.com/all'",
            reason: of("lists without an aggregation"),
        },
        Case {
            name: "a key in a DID",
            list: "--profile swiss",
            accepted: "sign list.slist --key key.pem --kid did:example:issuer#key-1",
            refused: "sign list.slist --key key.pem --kid did:example:issuer",
            code: "REFUSED",
            found: "the key is called 'did:example:issuer'",
            reason: of("a key id that is a DID and its key's name"),
        },
        Case {
            name: "200 KB of statuses",
            list: "",
            accepted: "init x.slist --uri https://example.com/{n} --profile swiss --size 1600000",
            refused: "init x.slist --uri https://example.com/{n} --profile swiss --size 1600001",
            code: "REFUSED",
            found: "a list has 200001 bytes",
            reason: "profile swiss demands a list of at most 200000 bytes (swiyu status registry)"
                .to_owned(),
        },
    ]);
}

#[test]
fn a_swiss_token_is_not_too_long() {
    let place = with_list("--profile swiss");
    // Nothing else of a token can be made so long in a test.
    let kid = |length: usize| format!("did:example:{}#key", "x".repeat(length));
    let settings = |kid: &str| format!("[keys]\nsigning = 'key.pem'\nkid = '{kid}'\n");
    place.write("statuslist.toml", settings(&kid(149_000)));
    let token = place.done("sign list.slist");
    assert!(
        (198_000..=200_000).contains(&token.len()),
        "{}",
        token.len()
    );
    place.write("statuslist.toml", settings(&kid(150_000)));
    let run = place.line("sign list.slist");
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    let reason = "profile swiss demands a token of 201 to 200000 bytes (swiyu status registry)";
    assert!(run.stderr.contains(reason), "{}", run.stderr);
}

#[test]
fn nobody_undoes_a_revocation_under_eudi_and_iso_mdoc() {
    for profile in ["eudi", "iso-mdoc"] {
        let place = with_list(&format!("--profile {profile}"));
        place.done("set list.slist id:a invalid");
        place.done("set list.slist id:a invalid --reason keyCompromise");
        place.write(
            "undo.jsonl",
            r#"{"op":"set","tokenId":"a","status":"valid"}"#,
        );
        for line in [
            "set list.slist id:a valid",
            "set list.slist id:a valid --allow-final",
            "batch list.slist undo.jsonl",
            "batch list.slist undo.jsonl --allow-final",
        ] {
            let before = place.files();
            let run = place.line(&format!("{line} --json"));
            assert_eq!(
                (run.code, run.error().code.as_str()),
                (1, "FINAL_STATUS"),
                "{line}"
            );
            assert!(before == place.files(), "{line}");
        }
    }
    let place = with_list("--profile eudi");
    place.done("set list.slist id:a invalid");
    place.refuses(
        "set list.slist id:a valid --allow-final",
        str![[r#"
--- stderr
error: entry 0/51042: status invalid (1) is final
because: profile eudi demands that what is revoked stays revoked (EUDI ARF, VCR_04)
hint: issue another credential, with an entry of its own
--- exit 1

"#]],
    );
    place.write(
        "undo.jsonl",
        r#"{"op":"set","tokenId":"a","status":"valid"}"#,
    );
    place.refuses("batch list.slist undo.jsonl --allow-final", str![[r#"
--- stderr
undo.jsonl:1: entry 0/51042: status invalid (1) is final: profile eudi demands that what is revoked stays revoked (EUDI ARF, VCR_04), issue another credential, with an entry of its own
error: the batch has 1 fault: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
}

#[test]
fn other_statuses_can_be_left_and_other_profiles_allow_it_all() {
    let place = with_list("--profile eudi --bits 2 --final invalid,suspended");
    place.done("set list.slist id:a suspended");
    place.done("set list.slist id:a valid --allow-final");
    for profile in ["ietf", "haip", "swiss"] {
        let place = with_list(&format!("--profile {profile}"));
        place.done("set list.slist id:a invalid");
        place.done("set list.slist id:a valid --allow-final");
    }
}

#[test]
fn a_batch_has_the_statuses_of_the_profile() {
    let place = with_list("--profile swiss --bits 2");
    place.write(
        "set.jsonl",
        "{\"op\":\"set\",\"tokenId\":\"a\",\"status\":2}\n{\"op\":\"set\",\"tokenId\":\"b\",\"status\":3}\n{\"op\":\"allocate\",\"tokenId\":\"c\",\"status\":3}\n",
    );
    place.refuses("batch list.slist set.jsonl", str![[r#"
--- stderr
set.jsonl:2: status application-specific (3): profile swiss demands one of the statuses 0, 1, 2 (Swiss Profile VC 1.0.0), give another status
set.jsonl:3: status application-specific (3): profile swiss demands one of the statuses 0, 1, 2 (Swiss Profile VC 1.0.0), give another status
error: the batch has 2 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
}

#[test]
fn what_is_asked_for_is_warned_of() {
    let place = place();
    let init = |size: u64, name: &str| {
        let run = place.line(&format!(
            "init {name} --uri https://example.com/{{n}} --profile eudi --size {size}"
        ));
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stderr.contains(
            "warning: a list has 9999 entries: profile eudi asks for at least 10000 entries (EUDI TS3)",
        )
    };
    assert_eq!(
        (init(9_999, "a.slist"), init(10_000, "b.slist")),
        (true, false)
    );

    let place = with_list("--profile haip");
    let signed = |key: &str, certificate: &str| {
        let run = place.line(&format!("sign list.slist --key {key} --cert {certificate}"));
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stderr.contains(
            "warning: the token is signed with ES384: profile haip asks for a signature with ES256 (OpenID4VC HAIP 1.0, crypto suites)",
        )
    };
    assert!(!signed("key.pem", "leaf-of-root.crt"));
    assert!(signed("p384.pem", "leaf-p384.crt"));
    let run = place.line("publish list.slist --to site --key p384.pem --cert leaf-p384.crt");
    assert_eq!(
        run.stderr.matches("profile haip asks for").count(),
        1,
        "{}",
        run.stderr
    );
}

#[test]
fn the_swiss_header_names_the_version_and_no_other_does() {
    for profile in ["ietf", "haip", "eudi", "swiss"] {
        let place = with_list(&format!("--profile {profile}"));
        let token = place.done(
            "sign list.slist --key key.pem --cert leaf-of-root.crt --kid did:example:issuer#key-1",
        );
        let version = (profile == "swiss").then(|| Value::from("swiss-profile-vc:1.0.0"));
        assert_eq!(
            header(&token).get("profile_version"),
            version.as_ref(),
            "{profile}"
        );
        place.done(
            "publish list.slist --to site --key key.pem --cert leaf-of-root.crt --kid did:example:issuer#key-1",
        );
        assert_eq!(place.read("site/0"), token.as_bytes());
    }
}

#[test]
fn views_that_a_profile_does_not_have_are_not_judged() {
    let place = with_list("--profile iso-mdoc --as jwt,cwt --uri jwt=https://example.com/{n}.jwt");
    place.done("sign list.slist --as jwt --key key.pem");
    let run = place.line("publish list.slist --to site --key key.pem");
    assert_eq!(run.code, 1);
    assert!(!place.path("site/0.jwt").exists(), "all files or none");
}

#[test]
fn the_profile_is_shown_and_stays() {
    let place = place();
    place.shows(
        "init list.slist --uri https://example.com/{n}.cwt --profile iso-mdoc",
        str![[r#"
list:       0
uri:        https://example.com/0.cwt
profile:    iso-mdoc
entries:    131072 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI

"#]],
    );
    let file: shapes::ListFile = place.decode("inspect list.slist");
    assert_eq!(file.settings.profile.as_deref(), Some("iso-mdoc"));
    let shown = place.done("inspect list.slist");
    assert!(shown.contains("\nprofile:    iso-mdoc\n"), "{shown}");
    let made: shapes::Made =
        place.decode("init other.slist --uri https://example.com/{n}.jwt --profile haip");
    assert_eq!(
        (made.profile.as_deref(), made.valid_for),
        (Some("haip"), 86_400)
    );
    place.refuses("configure list.slist --profile haip", str![[r#"
--- stderr
error: unexpected argument '--profile' found

  tip: a similar argument exists: '--proof'

Usage: statuslist configure <--issuer <URI>|--ttl <DURATION>|--valid-for <DURATION>|--aggregation-uri <URI>|--meta <KEY=VALUE>|--add-view <VIEW>|--proof <PROOF>|--verification-method <URI>|--bit-order <ORDER>|--suspending <STATUS>|--message <STATUS=TEXT>|--blind <VIEW=STATUS>|--moved|--anywhere|--uri <[VIEW=]TEMPLATE>|--size <ENTRIES>|--open <N>|--spare <N>|--bits <N>|--bound-to <TYPE>> <FILE>

For more information, try '--help'.
--- exit 2

"#]]);
    place.refuses(
        "init third.slist --uri https://example.com/{n}.jwt --profile french",
        str![[r#"
--- stderr
error: invalid value 'french' for '--profile <PROFILE>': 'french' is not a profile: ietf, haip, eudi, iso-mdoc, swiss

For more information, try '--help'.
--- exit 2

"#]],
    );
}

/// What `inspect --profile` finds in a token: its exit code and the findings that name a profile.
fn found_in(place: &Place, token: &str, profile: &str) -> (i32, Vec<String>) {
    let run = place.line(&format!("inspect {token} --profile {profile} --json"));
    let shown: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = shown["findings"].as_array().unwrap().iter();
    let of_profile = findings.filter(|finding| {
        let text = finding["text"].as_str().unwrap();
        text.contains(&format!("profile {profile} "))
    });
    let lines = of_profile.map(|finding| {
        let part = |name: &str| finding[name].as_str().unwrap().to_owned();
        format!(
            "{}: {} ({})",
            part("severity"),
            part("text"),
            part("source")
        )
    });
    (run.code, lines.collect())
}

#[test]
fn inspect_finds_nothing_where_all_rules_are_kept() {
    for (profile, options, sign) in [
        ("ietf", "--as cwt", ""),
        ("haip", "", "--cert leaf-of-root.crt"),
        ("eudi", "", "--cert leaf-of-root.crt"),
        ("iso-mdoc", "", "--cert signer.crt"),
        ("swiss", "--bits 2", "--kid did:example:issuer#key-1"),
    ] {
        let place = with_list(&format!("--profile {profile} {options}"));
        place.done(&format!("sign list.slist --key key.pem {sign} -o token"));
        assert_eq!(
            found_in(&place, "token", profile),
            (0, Vec::new()),
            "{profile}"
        );
    }
}

#[test]
fn inspect_names_every_rule_that_is_broken() {
    let sign = |place: &Place, options: &str| {
        place.done(&format!("sign list.slist {options} -o token"));
    };
    let place = with_list("--bits 4");
    place.done("set list.slist id:a 4");
    sign(&place, "--key key.pem");
    assert_eq!(
        found_in(&place, "token", "ietf"),
        (1, vec!["error: status unassigned (4) occurs in the list, but profile ietf demands one of the statuses 0, 1, 2, 3, 12, 13, 14, 15 (draft-ietf-oauth-status-list-21, sections 7.1 and 14.5)".to_owned()])
    );

    let place = with_list("--size 8000");
    sign(&place, "--key ed25519.pem");
    let (code, findings) = found_in(&place, "token", "eudi");
    assert_eq!(code, 1);
    assert_eq!(
        findings.join("\n"),
        "\
error: the token is valid for 7d, but profile eudi demands a validity of at most 1d (EUDI ARF, VCR_01, after ETSI EN 319 411-1)
error: the token is signed with EdDSA, but profile eudi demands a signature with one of ES256, ES384, ES512 (EUDI TS3)
error: the token has no certificate, but profile eudi demands the key's certificate in the token (OpenID4VC HAIP 1.0, section 6.1)
warning: the list has 8000 entries, but profile eudi asks for at least 10000 entries (EUDI TS3)"
    );
    sign(&place, "--key p384.pem --cert leaf-p384.crt");
    assert_eq!(
        found_in(&place, "token", "haip"),
        (0, vec!["warning: the token is signed with ES384, but profile haip asks for a signature with ES256 (OpenID4VC HAIP 1.0, crypto suites)".to_owned()])
    );
    sign(&place, "--key key.pem --cert self-signed.crt");
    assert_eq!(
        found_in(&place, "token", "haip"),
        (1, vec!["error: the certificate is self-signed, but profile haip demands a certificate that is not self-signed (OpenID4VC HAIP 1.0, section 6.1)".to_owned()])
    );
    let (_, findings) = found_in(&place, "token", "iso-mdoc");
    assert_eq!(findings.len(), 1);
    assert!(
        findings[0]
            .starts_with("error: the token is a jwt, but profile iso-mdoc demands a view cwt")
    );

    let place = with_list("--as cwt --bits 2");
    for (certificate, found) in [
        (
            "signer-1188-days.crt",
            "the certificate is in force for 1188 days",
        ),
        (
            "signer-bare.crt",
            "the certificate has no key usage digitalSignature",
        ),
        (
            "signer-critical-purpose.crt",
            "the certificate has a critical extended key usage",
        ),
    ] {
        sign(&place, &format!("--key key.pem --cert {certificate}"));
        let (code, findings) = found_in(&place, "token", "iso-mdoc");
        assert_eq!((code, findings.len()), (1, 2), "{findings:?}");
        assert!(
            findings[0].starts_with("error: the entries have 2 bits"),
            "{findings:?}"
        );
        assert!(
            findings[1].starts_with(&format!("error: {found}")),
            "{findings:?}"
        );
    }

    let place = with_list("--bits 8 --size 300000 --aggregation-uri https://example.com/all");
    place.done("set list.slist id:a 3");
    sign(&place, "--key key.pem --kid key-1");
    let (code, findings) = found_in(&place, "token", "swiss");
    assert_eq!(code, 1);
    assert_eq!(
        findings.join("\n"),
        "\
error: status application-specific (3) occurs in the list, but profile swiss demands one of the statuses 0, 1, 2 (Swiss Profile VC 1.0.0)
error: the token names an aggregation, but profile swiss demands lists without an aggregation (Swiss Profile VC 1.0.0)
error: the key is called 'key-1', but profile swiss demands a key id that is a DID and its key's name (Swiss Profile VC 1.0.0)
error: the header has no profile_version, but profile swiss demands the header member profile_version with 'swiss-profile-vc:1.0.0' (Swiss Profile VC 1.0.0)
error: the list has 300000 bytes, but profile swiss demands a list of at most 200000 bytes (swiyu status registry)"
    );
}

#[test]
fn an_anchor_in_a_foreign_token_is_found() {
    let place = with_list("--profile haip");
    let token = place.done("sign list.slist --key key.pem --cert leaf-of-root.crt");
    let mut header = header(&token);
    let root = include_str!("../vectors/certificates/root.pem");
    let body: String = root.lines().filter(|line| !line.starts_with('-')).collect();
    header["x5c"].as_array_mut().unwrap().push(body.into());
    let (_, rest) = token.split_once('.').unwrap();
    let foreign = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()));
    place.write("token", foreign);
    assert_eq!(
        found_in(&place, "token", "haip"),
        (1, vec!["error: the trust anchor stands beside the certificate, but profile haip demands certificates without the trust anchor (OpenID4VC HAIP 1.0, section 6.1)".to_owned()])
    );
}

#[test]
fn a_list_file_names_its_profile_itself() {
    let place = with_list("--profile eudi --size 100");
    place.refuses(
        "inspect list.slist --profile haip",
        str![[r#"
--- stderr
error: --profile is for tokens, and 'list.slist' is a list file
hint: leave it out, or name a published token
--- exit 1

"#]],
    );
    let run = place.line("inspect list.slist");
    let warning = "warning: a list has 100 entries: profile eudi asks for at least 10000 entries (EUDI TS3)\n";
    assert!(run.stderr.contains(warning), "{}", run.stderr);
}

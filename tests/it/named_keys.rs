//! A key that is named counts, even where nothing is signed: it is read, and must be one that signs.

use snapbox::str;

use crate::harness::{Place, SEED};

const PUBLISH: &str = "publish list.slist --to site";

/// A place with a list file whose only view is published without a signature.
fn unsigned() -> Place {
    let place = Place::new();
    place.write("seed", SEED);
    place.done(
        "init list.slist --uri https://example.com/statuslists/{n}.ocsp --as oa-ocsp --bits 2 \
         --size 1000 --seed-file seed",
    );
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.copy_key("test-p256-public.pem", "public.pem");
    place.write("garbage.pem", "garbage");
    place
}

#[test]
fn a_key_that_is_not_there_or_no_key_is_not_passed_over() {
    let place = unsigned();
    for (key, code) in [
        ("missing.pem", "IO"),
        ("env:NOT_SET", "IO"),
        ("-", "BAD_KEY"),
        ("garbage.pem", "BAD_KEY"),
        ("public.pem", "BAD_KEY"),
        ("list.slist", "BAD_KEY"),
    ] {
        for dry in ["", " -n"] {
            let before = place.files();
            let run = place.line(&format!("{PUBLISH} --key {key}{dry} --json"));
            let error = run.error();
            assert_eq!((run.code, error.code.as_str()), (4, code), "{key}");
            assert_eq!(error.details["outcome"], "none", "{key}");
            assert_eq!(run.stdout, "");
            assert!(before == place.files(), "{key}: a file changed");
        }
    }
    place.refuses(
        &format!("{PUBLISH} --key garbage.pem"),
        str![[r#"
--- stderr
error: cannot use the key in 'garbage.pem'
because: this is neither a PEM key nor a JSON Web Key
--- exit 4

"#]],
    );
    place.done(PUBLISH);
    place.done(&format!("{PUBLISH} --key key.pem"));
}

#[test]
fn a_key_of_the_environment_or_the_settings_counts_too() {
    let place = unsigned();
    let run = place
        .command()
        .args(PUBLISH.split(' '))
        .env("STATUSLIST_KEY", "garbage.pem")
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(4));
    for keys in [
        "signing = 'missing.pem'",
        "signing = 'public.pem'",
        "signing = 'key.pem'\ncert = 'missing.pem'",
        "signing = 'key.pem'\ncert = 'garbage.pem'",
    ] {
        place.write("statuslist.toml", format!("[keys]\n{keys}\n"));
        let run = place.line(PUBLISH);
        assert_eq!(run.code, 4, "{keys}: {}", run.stderr);
        assert!(!place.path("site").exists());
    }
    place.write("statuslist.toml", "[keys]\nsigning = 'key.pem'\n");
    place.done(PUBLISH);
}

#[test]
fn what_is_said_of_a_key_needs_the_key() {
    let place = unsigned();
    for (said, code, reason) in [
        ("--alg ES256", 1, "no signing key was named"),
        ("--kid name", 1, "no signing key was named"),
        ("--cert garbage.pem", 1, "no signing key was named"),
        ("--eku 1.3.6.1.4.1.32473.1", 1, "no signing key was named"),
        ("--signer-command false", 1, "no public key was named"),
        ("--key key.pem --alg ES384", 4, "cannot use the key"),
        (
            "--key key.pem --signer-command false",
            4,
            "cannot use the key",
        ),
        ("--key key.pem --cert missing.pem", 4, "cannot open"),
        (
            "--key key.pem --cert garbage.pem",
            4,
            "cannot use the certificates",
        ),
        (
            "--key key.pem --eku 1.3.6.1.4.1.32473.1",
            1,
            "no certificate was named",
        ),
    ] {
        let run = place.line(&format!("{PUBLISH} {said}"));
        assert_eq!(run.code, code, "{said}: {}", run.stderr);
        assert!(run.stderr.contains(reason), "{said}: {}", run.stderr);
        assert!(!place.path("site").exists(), "{said}");
    }
}

#[test]
fn a_token_is_completed_only_with_what_was_said_of_its_key() {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.write("garbage.pem", "garbage");
    let prepare = "sign list.slist --prepare prepared.json -o message --key public.pem";
    place.done(&format!("{prepare} --kid one"));
    let attach = "sign --attach prepared.json --signature message --key public.pem";
    place.refuses(
        &format!("{attach} --kid two"),
        str![[r#"
--- stderr
error: the prepared token names another key than --kid
hint: prepare it anew with this --kid, or leave --kid out
--- exit 1

"#]],
    );
    let run = place.line(&format!("{attach} --cert garbage.pem"));
    assert!(
        run.stderr.contains("cannot use the certificates"),
        "{}",
        run.stderr
    );
    assert_eq!(run.code, 4);
}

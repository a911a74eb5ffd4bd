//! `--signer-command`: a program has the private key, and is not trusted.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use snapbox::str;

use crate::detached::{in_der, signature};
use crate::harness::Place;

/// A place with a list, `key.pem`, `public.pem`, and the signature of the list's token in
/// `signature`: that is what a command that has the key would print.
fn place() -> Place {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    let message = place.done("sign list.slist --key public.pem --prepare prepared.json");
    std::fs::remove_file(place.path("prepared.json")).unwrap();
    place.write(
        "signature",
        signature(&place, "key.pem", message.as_bytes()),
    );
    place
}

const SIGN: &str = "sign list.slist --key public.pem --signer-command";

/// Signs with a command that must be refused.
#[track_caller]
fn refused(place: &Place, command: &str, expected: impl snapbox::IntoData) {
    place.refuses(&format!("{SIGN} '{command}' -o token.jwt"), expected);
}

#[test]
fn a_command_signs_as_the_key_itself() {
    let place = place();
    let token = place.done("sign list.slist --key key.pem");
    assert_eq!(place.done(&format!("{SIGN} 'cat signature'")), token);
    place.write("signature", in_der(&place.read("signature")));
    assert_eq!(place.done(&format!("{SIGN} 'cat signature'")), token);
    place.done("publish list.slist --to site --key public.pem --signer-command 'cat signature'");
    assert_eq!(place.read("site/statuslists/0.jwt"), token.into_bytes());
    // What is fresh is not signed again.
    let line = "publish list.slist --to site --key public.pem --signer-command 'exit 1'";
    assert_eq!(place.line(line).code, 0);
}

#[test]
fn what_the_command_gets() {
    let place = place();
    let command = r#"cat >message; echo "$STATUSLIST_ALG $STATUSLIST_KID" >named; cat signature"#;
    let token = place.done(&format!("{SIGN} '{command}'"));
    assert_eq!(
        place.read("message"),
        token.rsplit_once('.').unwrap().0.as_bytes()
    );
    assert_eq!(
        place.read("named"),
        b"ES256 mGoj9ogy7atwQ_kc7WlXF733lPRupGLgnXMkMqto5bo\n"
    );
    // It signs something else than with the other name.
    let run = place.line(&format!("{SIGN} '{command}' --kid 2026-a"));
    assert_eq!(run.code, 4);
    assert_eq!(place.read("named"), b"ES256 2026-a\n");
}

#[test]
fn what_the_command_says_to_people_reaches_them() {
    let place = place();
    let run = place.line(&format!("{SIGN} 'echo touch the key >&2; cat signature'"));
    assert_eq!(run.code, 0);
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
touch the key

"#]]
    );
}

/// A message that no pipe holds.
#[test]
fn a_command_may_print_before_it_reads_or_not_read_at_all() {
    let place = Place::with_list_of(1, 1 << 20);
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done("allocate list.slist --count 100000 --status revoked");
    let message = place.done("sign list.slist --key public.pem --prepare prepared.json");
    assert!(message.len() > 1 << 16, "{}", message.len());
    place.write(
        "signature",
        signature(&place, "key.pem", message.as_bytes()),
    );
    let token = place.done("sign list.slist --key key.pem");
    for command in [
        "cat signature",
        "cat signature; cat >message",
        "cat >message; cat signature",
        "exec 0<&-; cat signature",
    ] {
        assert_eq!(
            place.done(&format!("{SIGN} '{command}'")),
            token,
            "{command}"
        );
    }
    assert_eq!(place.read("message"), message.as_bytes());
}

#[test]
fn a_command_that_fails() {
    let place = place();
    refused(
        &place,
        "cat signature; echo no token in slot 0 >&2; exit 7",
        str![[r#"
--- stderr
no token in slot 0
error: cannot sign
because: the signer command failed: exit status: 7
--- exit 4

"#]],
    );
    refused(
        &place,
        "kill -9 $$",
        str![[r#"
--- stderr
error: cannot sign
because: the signer command failed: signal: 9 (SIGKILL)
--- exit 4

"#]],
    );
    refused(
        &place,
        "exit 0",
        str![[r#"
--- stderr
error: cannot sign
because: 0 bytes are not a signature for ES256, which is 64 bytes, or DER
hint: the signature itself is needed, without base64, hex or a line break
--- exit 4

"#]],
    );
    assert_eq!(place.line(&format!("{SIGN} ./missing")).code, 4);
}

#[test]
fn a_command_that_prints_no_signature() {
    let place = place();
    refused(
        &place,
        "echo none",
        str![[r#"
--- stderr
error: cannot sign
because: 5 bytes are not a signature for ES256, which is 64 bytes, or DER
hint: the signature itself is needed, without base64, hex or a line break
--- exit 4

"#]],
    );
    refused(
        &place,
        "cat list.slist",
        str![[r#"
--- stderr
error: cannot sign
because: the signer command printed more than 4096 bytes, which is no signature
--- exit 4

"#]],
    );
    refused(
        &place,
        "cat /dev/zero",
        str![[r#"
--- stderr
error: cannot sign
because: the signer command printed more than 4096 bytes, which is no signature
--- exit 4

"#]],
    );
    refused(
        &place,
        "cat signature; echo",
        str![[r#"
--- stderr
error: cannot sign
because: 65 bytes are not a signature for ES256, which is 64 bytes, or DER
hint: the signature itself is needed, without base64, hex or a line break
--- exit 4

"#]],
    );
    refused(
        &place,
        "head -c 64 /dev/zero",
        str![[r#"
--- stderr
error: cannot sign
because: the signature does not verify with the public key
hint: --key must be the public half of the key that signs
--- exit 4

"#]],
    );
}

#[test]
fn a_command_that_signs_something_else_or_with_another_key() {
    let place = place();
    place.write("other", signature(&place, "key.pem", b"another message"));
    refused(
        &place,
        "cat other",
        str![[r#"
--- stderr
error: cannot sign
because: the signature does not verify with the public key
hint: --key must be the public half of the key that signs
--- exit 4

"#]],
    );
    let message = place.done("sign list.slist --key public.pem --prepare prepared.json");
    std::fs::remove_file(place.path("prepared.json")).unwrap();
    let other = statuslist::sign::PrivateKey::generate(statuslist::sign::Algorithm::Es256).unwrap();
    place.write("other", other.sign(message.as_bytes()));
    refused(
        &place,
        "cat other",
        str![[r#"
--- stderr
error: cannot sign
because: the signature does not verify with the public key
hint: --key must be the public half of the key that signs
--- exit 4

"#]],
    );
    place.write("other", in_der(&place.read("other")));
    refused(
        &place,
        "cat other",
        str![[r#"
--- stderr
error: cannot sign
because: the signature does not verify with the public key
hint: --key must be the public half of the key that signs
--- exit 4

"#]],
    );
}

#[test]
fn a_command_that_does_not_come_back() {
    let place = place();
    for command in [
        "exec sleep 60",
        "cat signature; exec sleep 60",
        "cat signature; exec >&-; exec sleep 60",
    ] {
        let started = Instant::now();
        refused(
            &place,
            &format!("{command}' --wait '1s"),
            str![[r#"
--- stderr
error: cannot sign
because: the signer command did not finish within 1 s
--- exit 4

"#]],
        );
        // Twice one second, and not sixty.
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}

#[test]
fn nothing_is_published_that_could_not_be_signed() {
    let place = place();
    place.done("publish list.slist --to site --key key.pem");
    place.done("allocate list.slist --status revoked");
    for command in ["exit 1", "cat signature", "echo none"] {
        let run =
            format!("publish list.slist --to site --key public.pem --signer-command '{command}'");
        let before = place.files();
        assert_eq!(place.line(&run).code, 4);
        assert!(before == place.files());
    }
}

#[test]
fn only_the_public_key_is_wanted_here() {
    let place = place();
    place.refuses(
        "sign list.slist --signer-command 'cat signature'",
        str![[r#"
--- stderr
error: no public key was named
because: every signature that is made elsewhere is checked
hint: --key FILE, with the public half of the key that signs
--- exit 1

"#]],
    );
    place.refuses(
        "sign list.slist --key key.pem --signer-command 'cat signature'",
        str![[r#"
--- stderr
error: cannot use the key in 'key.pem'
because: a private key was given where a public one belongs
hint: what signs elsewhere needs no private key here; its public half: openssl pkey -pubout
--- exit 4

"#]],
    );
    place.refuses(
        "sign list.slist --key public.pem",
        str![[r#"
--- stderr
error: cannot use the key in 'public.pem'
because: a public key was given where a private one belongs
--- exit 4

"#]],
    );
}

#[test]
fn the_command_is_an_option_before_a_variable_before_a_setting() {
    let place = place();
    place.write(
        "named.toml",
        "[keys]\nsigning = 'public.pem'\nsigner-command = 'echo setting >&2; cat signature'\n",
    );
    let said = |options: &[&str], variable: Option<&str>| {
        let mut command = place.command();
        command.args(["sign", "list.slist", "-o", "token.jwt", "-q"]);
        command.args(["--config", "named.toml"]);
        command.args(options);
        command.envs(variable.map(|value| ("STATUSLIST_SIGNER_COMMAND", value)));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let variable = Some("echo variable >&2; cat signature");
    assert_eq!(said(&[], None), "setting\n");
    assert_eq!(said(&[], variable), "variable\n");
    let option = ["--signer-command", "echo option >&2; cat signature"];
    assert_eq!(said(&option, variable), "option\n");
    // None at all: the key is in a file again.
    assert_eq!(
        said(&["--signer-command", "", "--key", "key.pem"], variable),
        ""
    );
}

/// Whoever prepares a folder could run commands as everybody who works there.
#[test]
fn a_settings_file_that_was_merely_found_runs_nothing() {
    let place = place();
    let settings = "[keys]\nsigning = 'public.pem'\nsigner-command = 'touch ran; cat signature'\n";
    place.write("statuslist.toml", settings);
    std::fs::set_permissions(
        place.path("statuslist.toml"),
        std::fs::Permissions::from_mode(0o600),
    )
    .unwrap();
    for line in [
        "sign list.slist",
        "publish list.slist --to site",
        "inspect list.slist",
        "set list.slist 0/826 revoked",
    ] {
        place.refuses(line, str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:3:18: signer-command: the file was found and not named, and this runs a program
hint: read it; if it can be trusted: --config 'statuslist.toml', or STATUSLIST_CONFIG='statuslist.toml'
--- exit 1

"#]]);
        assert!(!place.path("ran").exists());
    }
    place.done("sign list.slist --config statuslist.toml");
    assert!(place.path("ran").exists());
    std::fs::remove_file(place.path("ran")).unwrap();
    let mut command = place.command();
    command.env("STATUSLIST_CONFIG", "statuslist.toml");
    let output = command.args(["sign", "list.slist"]).output().unwrap();
    assert!(output.status.success() && place.path("ran").exists());
    // Without a command to run it stays harmless, whoever wrote it.
    for settings in ["", "signer-command = ''\n"] {
        let settings = format!("[keys]\nsigning = 'key.pem'\n{settings}");
        place.write("statuslist.toml", settings + "\n[publish]\nto = 'site'\n");
        place.done("sign list.slist");
        place.done("publish list.slist -n");
    }
}

#[test]
fn a_command_that_signs_gets_no_setting_of_ours_and_no_key() {
    let place = place();
    let public = String::from_utf8(place.read("public.pem")).unwrap();
    place.write("named.toml", "[keys]\nsigning = 'env:OF_SETTINGS'\n");
    let mut command = place.command();
    command
        .args([
            "sign",
            "list.slist",
            "--signer-command",
            "env >environment; cat signature",
        ])
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("STATUSLIST_CONFIG", "named.toml")
        .env("STATUSLIST_KEY", "env:OF_VARIABLE")
        .env("STATUSLIST_KID", "other")
        .env("STATUSLIST_FUTURE", "secret")
        .env("OF_VARIABLE", public)
        .env("OF_SETTINGS", "a private key")
        .env("PIN", "1234");
    let output = command.output().unwrap();
    let environment = String::from_utf8(place.read("environment")).unwrap();
    let mut names: Vec<_> = environment
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("STATUSLIST_") || name.starts_with("OF_") || *name == "PIN")
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["PIN", "STATUSLIST_ALG", "STATUSLIST_KID"],
        "{output:?}"
    );
    assert!(environment.contains("STATUSLIST_KID=other\n"));
    assert!(!environment.contains("private key") && !environment.contains("BEGIN"));
}

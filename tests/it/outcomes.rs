//! What a failure says of the files that were written before it.

use std::fs::{File, OpenOptions};

use serde_json::{Value, json};

use crate::harness::{Place, Run};

const PUBLISH: &str = "publish list.slist --to site --key key.pem";

/// Runs a command line for programs, whose answer has nowhere to go.
fn unheard(place: &Place, line: &str) -> Option<Run> {
    // Not every system has it.
    let full: File = OpenOptions::new().write(true).open("/dev/full").ok()?;
    let mut command = place.command();
    let words = line.split(' ').chain(["--json"]);
    Some(command.args(words).stdout(full).output().unwrap().into())
}

#[test]
fn files_that_are_written_are_committed_though_the_answer_is_lost() {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    for (line, written) in [
        (PUBLISH, json!(["jwks.json", "statuslists/0.jwt"])),
        ("backup list.slist copy.slist", json!(["copy.slist"])),
        ("keygen new.pem", json!(["new.pem"])),
        ("sign list.slist --key key.pem -o token", json!(["token"])),
        (
            "sign list.slist --key public.pem --prepare prepared",
            json!(["prepared"]),
        ),
        (
            "sign list.slist --key public.pem --prepare prepared -o message",
            json!(["prepared", "message"]),
        ),
        (
            "init other.slist --uri https://example.com/{n}.jwt",
            Value::Null,
        ),
    ] {
        let Some(run) = unheard(&place, line) else {
            return;
        };
        let error = run.error();
        assert_eq!((run.code, error.code.as_str()), (4, "IO"), "{line}");
        assert_eq!(error.details["outcome"], "committed", "{line}");
        let named = error.details.get("written").unwrap_or(&Value::Null);
        assert_eq!(*named, written, "{line}");
    }
    let run = unheard(&place, "generate .").unwrap();
    assert_eq!(run.error().details["outcome"], "committed");
}

#[test]
fn nothing_is_committed_where_nothing_was_written() {
    let place = Place::with_list();
    place.done(PUBLISH);
    for line in [
        PUBLISH,
        "publish list.slist --to site --key key.pem --renew -n",
        "publish list.slist --to other --key key.pem -n",
        "sign list.slist --key key.pem",
        "inspect list.slist",
    ] {
        let Some(run) = unheard(&place, line) else {
            return;
        };
        let error = run.error();
        assert_eq!(
            (run.code, &error.details["outcome"]),
            (4, &json!("none")),
            "{line}"
        );
        assert!(!error.details.contains_key("written"), "{line}");
    }
}

#[test]
fn a_site_that_is_half_written_says_so_and_is_finished_by_the_next_run() {
    let place = Place::with_list();
    place.done("init two.slist --uri https://example.com/two/{n}.jwt --bits 2 --seed-file seed");
    // Tokens are small, and the manifest of both is not.
    let publish = "publish list.slist two.slist --to site --key key.pem";
    let run = limited(&place, publish);
    let error = run.error();
    assert_eq!((run.code, error.code.as_str()), (4, "IO"), "{}", run.stderr);
    assert!(
        error.message.contains("statuslist-manifest.json"),
        "{}",
        run.stderr
    );
    assert_eq!(error.details["outcome"], "unknown");
    assert_eq!(
        error.details["written"],
        json!(["jwks.json", "statuslists/0.jwt", "two/0.jwt"])
    );
    assert!(place.path("site/two/0.jwt").exists());
    place.done(publish);
    assert!(place.line(publish).stderr.starts_with("0 files written"));

    // The token of a long uri does not fit: it is the second of three, which go by their uris.
    let long = "t".repeat(250);
    place.done(&format!(
        "init long.slist --uri https://example.com/{long}/{{n}}.jwt"
    ));
    let publish = "publish two.slist long.slist list.slist --to other --key key.pem";
    let error = limited(&place, publish).error();
    assert_eq!(error.details["outcome"], "unknown");
    assert_eq!(
        error.details["written"],
        json!(["jwks.json", "statuslists/0.jwt"])
    );
    // Nor does the manifest: what was written is known for ours by its signature.
    assert!(!place.path("other/statuslist-manifest.json").exists());
    place.done(publish);
    place.done("inspect other/two/0.jwt");
    // The first of two: only the key that they would have needed is there.
    let publish = "publish two.slist long.slist --to third --key key.pem";
    let error = limited(&place, publish).error();
    assert_eq!(error.details["outcome"], "unknown");
    assert_eq!(error.details["written"], json!(["jwks.json"]));
    place.done(publish);
}

/// Runs a command line for programs, which can write no file of more than 512 bytes.
fn limited(place: &Place, line: &str) -> Run {
    let words: Vec<_> = line.split(' ').chain(["--json"]).collect();
    crate::full_disk::limited(place, 1, &words)
}

#[test]
fn an_envelope_beside_a_token_that_the_manifest_does_not_know_is_written_anew() {
    let place = Place::with_list();
    place.done(
        "init w3c.slist --uri https://example.com/w/{n}.json --as bitstring --purpose revocation \
         --proof jwt --issuer https://example.com",
    );
    let publish = "publish w3c.slist --to site --key key.pem --enveloped";
    place.done(publish);
    let before = place.read("site/statuslist-manifest.json");
    place.done("allocate w3c.slist --token-id a");
    place.done("set w3c.slist id:a revoked");
    place.done(publish);
    // The manifest of the second run was not written.
    place.write("site/statuslist-manifest.json", before);
    let later = format!("{publish} --now 2026-01-01T00:00:05Z");
    let run = place.line(&later);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

//! What `inspect` must not answer for: a rule that cannot be evaluated, and the entry of another list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};

use crate::credential_rules::{embedded, unsigned};
use crate::harness::Place;
use crate::inspect_verdicts::vc_jwt;

#[test]
fn a_validity_of_8000_years_is_not_within_a_day() {
    let place = Place::with_list();
    place.done("sign list.slist --key key.pem -o token");
    let token = String::from_utf8(place.read("token")).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let mut claims: Value = serde_json::from_slice(&BASE64.decode(parts[1]).unwrap()).unwrap();
    for (exp, said) in [
        (
            json!(253_402_300_799_i64),
            "the token is valid for 251635075199 seconds",
        ),
        (
            json!(claims["iat"].as_i64().unwrap() - 1),
            "the token expires before it is issued",
        ),
        (json!("soon"), "how long the token is valid cannot be told"),
        (Value::Null, "how long the token is valid cannot be told"),
    ] {
        claims["exp"] = exp;
        let payload = BASE64.encode(claims.to_string());
        place.write("token", format!("{}.{payload}.{}", parts[0], parts[2]));
        let run = place.line("inspect token --profile eudi");
        assert_eq!(run.code, 1);
        let rule = format!("error:      {said}, but profile eudi demands a validity of at most 1d");
        assert!(run.stdout.contains(&rule), "{}", run.stdout);
    }
}

/// The entry of another list with the same number is no answer.
#[test]
fn the_entry_of_another_list_is_not_answered_for() {
    let place = Place::with_list();
    place.done("configure list.slist --add-view cwt");
    place.done("sign list.slist --key key.pem -o token");
    place.done("sign list.slist --as cwt --key key.pem -o cwt");
    let list = embedded(unsigned(), |_| {});
    place.write("list", list.to_string());
    let mut nameless = unsigned();
    nameless.as_object_mut().unwrap().shift_remove("id");
    place.write("nameless", embedded(nameless, |_| {}).to_string());
    place.write("vc-jwt", vc_jwt());
    let other = "https://example.com/other";
    for (target, own) in [
        ("token", "https://example.com/statuslists/0.jwt"),
        ("cwt", "https://example.com/statuslists/0.cwt"),
        ("list", "https://example.com/status/3"),
        ("vc-jwt", "https://example.com/status/3"),
        ("nameless", "no id"),
    ] {
        for options in [
            format!("--entry {other}#1"),
            format!("--entry {other}#1 --uri {other}"),
            format!("--entry 1 --uri {other}"),
        ] {
            let run = place.line(&format!("inspect {target} {options}"));
            assert_eq!(run.code, 1, "{target} {options}");
            assert!(!run.stdout.contains("\nentry:"), "{target} {options}");
            assert!(run.stderr.contains(other), "{}", run.stderr);
            assert!(run.stderr.contains(own), "{}", run.stderr);
            let run = place.line(&format!("inspect {target} {options} --json"));
            let shown: Value = serde_json::from_str(&run.stdout).unwrap();
            let is_empty = |value: &Value| value.as_array().is_none_or(Vec::is_empty);
            assert!(
                shown["entry"].is_null() && is_empty(&shown["entries"]),
                "{shown}"
            );
        }
        if target != "nameless" {
            // Two uris are no question, whichever of them is the list's.
            for (entry, uri) in [(own, other), (other, own)] {
                let run = place.line(&format!("inspect {target} --entry {entry}#1 --uri {uri}"));
                assert_eq!((run.code, run.stdout.as_str()), (1, ""));
                assert!(
                    run.stderr.contains(own) && run.stderr.contains(other),
                    "{}",
                    run.stderr
                );
            }
            let run = place.done(&format!("inspect {target} --entry {own}#1 --uri {own}"));
            assert!(run.contains("\nentry:"), "{run}");
        }
    }
    // A list file knows its own uris, and no other.
    let run = place.line(&format!("inspect list.slist --entry {other}#1"));
    assert_eq!(run.code, 1, "{}", run.stdout);
}

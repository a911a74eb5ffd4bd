//! `keygen`: a key for its owner alone, and its public half for everybody.

use snapbox::str;

use crate::harness::Place;
use crate::shapes;

#[test]
fn a_key_is_made_and_only_its_public_half_is_shown() {
    let place = Place::new();
    let run = place.line("keygen key.pem");
    assert_eq!(run.code, 0);
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
made 'key.pem', readable by you alone; its public half is on standard output

"#]]
    );
    assert_eq!(place.mode("key.pem"), 0o600);
    let jwk: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&run.stdout).unwrap();
    assert!(!jwk.contains_key("d"));
    assert_eq!((&jwk["kty"], &jwk["crv"]), (&"EC".into(), &"P-256".into()));
    let key: shapes::Key = place.decode("keygen other.pem");
    assert_eq!((key.schema, key.file.as_str()), (1, "other.pem"));
    assert!(!key.public_key.contains_key("d"));
    // What was printed checks what the key signs.
    place.write("public.json", run.stdout);
    place.done("init l --uri https://example.com/{n}.jwt");
    place.done("sign l --key key.pem -o token.jwt");
    let token: shapes::Token = place.decode("inspect token.jwt --key public.json");
    assert_eq!(
        (token.verdict.as_str(), token.signature.valid),
        ("valid", Some(true))
    );
}

#[test]
fn a_key_is_never_overwritten() {
    let place = Place::with_list();
    place.refuses(
        "keygen key.pem",
        str![[r#"
--- stderr
error: 'key.pem' exists
because: a key is never overwritten: what it signed could not be signed again
hint: choose another name
--- exit 1

"#]],
    );
    place.refuses(
        "keygen missing/key.pem",
        str![[r#"
--- stderr
error: cannot create 'missing/key.pem'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
}

//! `keygen`: a key for its owner alone, and its public half for everybody.

use serde_json::{Value, json};
use snapbox::str;
use statuslist::sign::DidKey;

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
as an issuer that is this key: did:key:zDn[..]

"#]]
    );
    assert_eq!(place.mode("key.pem"), 0o600);
    let jwk: serde_json::Map<String, Value> = serde_json::from_str(&run.stdout).unwrap();
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

/// The beginnings are those of Controlled Identifiers v1.0, section 2.2.2, and of The did:key Method.
#[test]
fn a_key_is_an_issuer_that_needs_no_host() {
    let place = Place::new();
    for (algorithm, beginning) in [
        ("ES256", "did:key:zDn"),
        ("ES384", "did:key:z82"),
        ("ES512", "did:key:z2J9"),
        ("EdDSA", "did:key:z6Mk"),
    ] {
        let file = format!("{algorithm}.pem");
        let key: shapes::Key = place.decode(&format!("keygen {file} --alg {algorithm}"));
        assert!(key.did_key.starts_with(beginning), "{}", key.did_key);
        let read = DidKey::parse(&key.did_key).unwrap();
        assert_eq!(read.key().to_jwk(), json!(key.public_key));
        let list = format!("{algorithm}.slist");
        place.done(&format!(
            "init {list} --uri https://example.com/{{n}} --as bitstring --issuer {} --proof jwt",
            key.did_key
        ));
        place.done(&format!("sign {list} --key {file} -o token"));
    }
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

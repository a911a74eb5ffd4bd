//! Manifests, read and written.

use std::error::Error as _;

use super::*;
use crate::site::{Folder, PublicJwk, path::MANIFEST_NAME};

const TEXT: &str = r#"{
  "schema": 2,
  "entries": {
    "a/0.jwt": {
      "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "bytes": 3,
      "iat": 1700000000,
      "exp": 1700604800,
      "mediaType": "application/statuslist+jwt",
      "chain": "0707070707070707070707070707070707070707070707070707070707070707",
      "key": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    },
    "jwks.json": {
      "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "bytes": 0,
      "iat": 1700000000,
      "mediaType": "application/jwk-set+json",
      "chain": "0707070707070707070707070707070707070707070707070707070707070707"
    }
  },
  "keys": [
    {
      "jwk": {
        "kid": "2026",
        "kty": "EC",
        "crv": "P-256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        "alg": "ES256",
        "use": "sig"
      },
      "since": 1690000000,
      "until": 1700604800
    },
    {
      "jwk": {
        "kid": "2027",
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "alg": "EdDSA",
        "use": "sig"
      },
      "since": 1690000000,
      "announced": 1690000000
    }
  ]
}
"#;

#[test]
fn is_written_sorted_and_read_back() {
    let (_keep, folder) = site();
    assert!(Manifest::load(&folder).unwrap().is_none());
    let mut manifest = example();
    manifest.save(&folder, Promise::Exclusive).unwrap();
    let written = std::fs::read_to_string(folder.root().join(MANIFEST_NAME)).unwrap();
    assert_eq!(written, TEXT);
    let read = Manifest::load(&folder).unwrap().unwrap();
    assert_eq!(read.entries, manifest.entries);
    assert_eq!(read.keys, manifest.keys);
}

#[test]
fn keeps_what_others_published() {
    let (_keep, folder) = site();
    example().save(&folder, Promise::Exclusive).unwrap();
    let mut manifest = Manifest::load(&folder).unwrap().unwrap();
    let entry = manifest.entries.values().next().unwrap().clone();
    manifest.entries.insert("b/0.jwt".parse().unwrap(), entry);
    manifest.save(&folder, Promise::Exclusive).unwrap();
    let manifest = Manifest::load(&folder).unwrap().unwrap();
    let paths: Vec<_> = manifest.entries.keys().map(SitePath::as_str).collect();
    assert_eq!(paths, ["a/0.jwt", "b/0.jwt", "jwks.json"]);
}

#[test]
fn replaces_only_the_manifest_that_it_was_read_from_where_others_may_publish() {
    let (_keep, folder) = site();
    example().save(&folder, Promise::Shared).unwrap();
    let one = Manifest::load(&folder).unwrap().unwrap();
    let mut other = one.clone();
    other.entries.clear();
    other.save(&folder, Promise::Shared).unwrap();
    for mut manifest in [one, example()] {
        let error = manifest.save(&folder, Promise::Shared).unwrap_err();
        assert!(
            matches!(error, ManifestError::Target(TargetError::Changed(_))),
            "{error}"
        );
    }
}

#[test]
fn an_entry_knows_its_bytes() {
    let manifest = example();
    let entry = &manifest.entries[&"a/0.jwt".parse().unwrap()];
    assert!(entry.matches(b"abc"));
    assert!(!entry.matches(b"abd"));
    assert!(!entry.matches(b"abcd"));
}

#[test]
fn a_newer_one_is_left_alone() {
    for text in [
        r#"{"schema": 3}"#,
        r#"{"files": [], "schema": 18446744073709551615}"#,
    ] {
        let error = parse(text).unwrap_err();
        assert!(matches!(error, ManifestError::Newer { .. }), "{error}");
    }
    assert_eq!(
        parse(r#"{"schema":3}"#).unwrap_err().to_string(),
        "manifest 'm' was written by a newer version of this tool (schema 3, known is 2)"
    );
}

#[test]
fn refuses_what_it_does_not_understand() {
    for (what, from, to) in [
        ("no schema", "\"schema\": 2,", ""),
        ("schema as text", "\"schema\": 2", "\"schema\": \"1\""),
        (
            "schema twice",
            "\"schema\": 2",
            "\"schema\": 2, \"schema\": 2",
        ),
        ("unknown member", "\"schema\": 2", "\"schema\": 2, \"x\": 1"),
        (
            "unknown member of an entry",
            "\"bytes\": 3",
            "\"bytes\": 3, \"x\": 1",
        ),
        ("missing member", "\"bytes\": 3,", ""),
        ("negative length", "\"bytes\": 3", "\"bytes\": -3"),
        ("fraction", "\"iat\": 17", "\"iat\": 0.17"),
        ("digest in upper case", "ba7816", "BA7816"),
        ("short digest", "ba7816", "ba781"),
        (
            "media type with line end",
            "statuslist+jwt",
            "x\\nSet-Cookie: a",
        ),
        ("path twice", "jwks.json", "a/0.jwt"),
        ("key named otherwise", "\"NzbLs", "\"Nzb+s"),
        ("short thumbprint", "\"NzbLs", "\"NzbL"),
        (
            "private key",
            "\"kty\": \"OKP\"",
            "\"kty\": \"OKP\", \"d\": \"AQAB\"",
        ),
        (
            "symmetric key",
            "\"kty\": \"OKP\"",
            "\"kty\": \"oct\", \"k\": \"AQAB\"",
        ),
        (
            "certificates",
            "\"kty\": \"OKP\"",
            "\"kty\": \"OKP\", \"x5c\": []",
        ),
        (
            "kid twice in a key",
            "\"kid\": \"2027\"",
            "\"kid\": \"2027\", \"kid\": \"x\"",
        ),
        ("empty kid", "\"kid\": \"2027\"", "\"kid\": \"\""),
        ("no base64url", "\"x\": \"11q", "\"x\": \"1+q"),
        (
            "unknown member of a key",
            "\"until\": 17",
            "\"revision\": 1, \"until\": 17",
        ),
        ("fraction in a key", "\"until\": 17", "\"until\": 0.17"),
        ("keys as an object", "\"keys\": [", "\"keys\": {"),
        ("path upwards", "a/0.jwt", "../0.jwt"),
        ("absolute path", "a/0.jwt", "/0.jwt"),
        ("path of a temporary file", "a/0.jwt", ".statuslist-a.tmp"),
        ("text behind", "]\n}\n", "]\n}\nx"),
        ("cut off", "]\n}\n", "]\n"),
    ] {
        let text = TEXT.replace(from, to);
        assert_ne!(text, TEXT, "{what}");
        let error = parse(&text).unwrap_err();
        assert!(
            matches!(error, ManifestError::Malformed { .. }),
            "{what}: {error}"
        );
        let reason = error.source().unwrap().to_string();
        assert!(reason.contains("line"), "{what}: {reason}");
    }
    for text in ["", "null", "[]", "\u{feff}{}", &"[".repeat(100_000)] {
        assert!(parse(text).is_err());
    }
}

#[test]
fn says_where_it_is_malformed() {
    let error = parse(&TEXT.replace("a/0.jwt", "../0.jwt")).unwrap_err();
    assert_eq!(error.to_string(), "manifest 'm' is malformed");
    assert_eq!(
        error.source().unwrap().to_string(),
        "path '../0.jwt' has the segment '.' or '..' at line 4 column 14"
    );
}

fn parse(text: &str) -> Result<Manifest, ManifestError> {
    Manifest::parse(text.as_bytes(), PathBuf::from("m"))
}

fn example() -> Manifest {
    let entry = |bytes: &[u8], expires_at, media_type: &str| ManifestEntry {
        sha256: Digest::of(bytes),
        bytes: bytes.len() as u64,
        issued_at: 1_700_000_000,
        expires_at,
        media_type: media_type.to_owned(),
        chain: Digest::from([7; 32]),
        key: expires_at.map(|_| "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs".to_owned()),
    };
    Manifest {
        entries: BTreeMap::from([
            (
                "jwks.json".parse().unwrap(),
                entry(b"", None, "application/jwk-set+json"),
            ),
            (
                "a/0.jwt".parse().unwrap(),
                entry(b"abc", Some(1_700_604_800), "application/statuslist+jwt"),
            ),
        ]),
        keys: vec![
            key("2026", "EC", None),
            key("2027", "OKP", Some(1_690_000_000)),
        ],
        ..Manifest::default()
    }
}

fn key(kid: &str, kty: &str, announced: Option<i64>) -> ShownKey {
    let on_curve = kty == "EC";
    let choose = |one: &str, other: &str| if on_curve { one } else { other }.to_owned();
    ShownKey {
        jwk: PublicJwk {
            kid: kid.to_owned(),
            kty: kty.to_owned(),
            crv: choose("P-256", "Ed25519"),
            x: choose(
                "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
                "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            ),
            y: on_curve.then(|| "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM".to_owned()),
            alg: choose("ES256", "EdDSA"),
            purpose: "sig".to_owned(),
        },
        since: 1_690_000_000,
        until: announced.is_none().then_some(1_700_604_800),
        announced,
        dropped: None,
    }
}

fn site() -> (tempfile::TempDir, Folder) {
    let keep = tempfile::tempdir().unwrap();
    let folder = Folder::open(keep.path()).unwrap();
    (keep, folder)
}

/// A site that version 0.1.0 made.
#[test]
fn one_without_keys_is_read_and_written_anew() {
    let old = r#"{
  "schema": 1,
  "entries": {
    "a/0.jwt": {
      "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "bytes": 3,
      "iat": 1700000000,
      "exp": 1700604800,
      "mediaType": "application/statuslist+jwt",
      "chain": "0707070707070707070707070707070707070707070707070707070707070707"
    }
  }
}
"#;
    let (_keep, folder) = site();
    let path = folder.root().join(MANIFEST_NAME);
    let written = folder.write(
        &SitePath::manifest(),
        old.as_bytes(),
        Precondition::Anything,
    );
    written.unwrap();
    let mut manifest = Manifest::load(&folder).unwrap().unwrap();
    assert!(manifest.keys.is_empty());
    assert_eq!(manifest.entries.len(), 1);
    manifest.save(&folder, Promise::Exclusive).unwrap();
    let expected = old.replace("\"schema\": 1", "\"schema\": 2");
    let expected = expected.replace("  }\n}\n", "  },\n  \"keys\": []\n}\n");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
    for (from, to, reason) in [
        (
            "{\n  \"schema\": 1,",
            "{\n  \"keys\": [], \"schema\": 1,",
            "schema 1 has no member `keys`",
        ),
        (
            "\"bytes\": 3",
            "\"key\": \"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs\", \"bytes\": 3",
            "entries of schema 1 have no member `key`",
        ),
        ("\"schema\": 1", "\"schema\": 2", "missing field `keys`"),
        ("\"schema\": 1", "\"schema\": 0", "unknown schema 0"),
    ] {
        let error = parse(&old.replace(from, to)).unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), reason);
    }
}

#[test]
fn a_key_occurs_once_under_one_name() {
    let twice = TEXT.replace("\"kid\": \"2027\"", "\"kid\": \"2026\"");
    assert!(parse(&twice).is_ok(), "two keys may have one name");
    let keys = example().keys;
    let mut manifest = example();
    manifest.keys = [&keys[1..], &keys[..1]].concat();
    let text = serde_json::to_string(&manifest.written()).unwrap();
    assert_eq!(parse(&text).unwrap().keys, keys);
    manifest.keys = [&keys[..], &keys[..1]].concat();
    let text = serde_json::to_string(&manifest.written()).unwrap();
    let reason = parse(&text).unwrap_err().source().unwrap().to_string();
    assert!(reason.starts_with("key '2026' occurs twice"), "{reason}");
    manifest.keys = vec![keys[0].clone(); 1025];
    let text = serde_json::to_string(&manifest.written()).unwrap();
    let reason = parse(&text).unwrap_err().source().unwrap().to_string();
    assert!(
        reason.starts_with("1025 keys are more than 1024"),
        "{reason}"
    );
}

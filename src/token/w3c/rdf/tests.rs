//! What is not known is refused by name.

use serde_json::{Value, json};

use super::{RdfError, n_quads};

fn bitstring() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://example.com/status/3",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:example:12345",
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "https://example.com/status/3#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "uH4sI",
        },
    })
}

/// Why a list is refused after one value in it, by JSON pointer, became another.
fn refusal(pointer: &str, value: Value) -> RdfError {
    let mut list = bitstring();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    list.pointer_mut(parent).unwrap()[name] = value;
    n_quads(list.as_object().unwrap()).unwrap_err()
}

/// Says that the member of that name is not as it should be.
fn names(error: &RdfError, name: &str) -> bool {
    matches!(error, RdfError::BadMember { member, .. } if member == name)
}

#[test]
fn members_without_a_line_are_named() {
    for (pointer, member) in [
        ("/image", "image"),
        ("/proof", "proof"),
        ("/issuanceDate", "issuanceDate"),
        ("/credentialStatus", "credentialStatus"),
        (
            "/credentialSubject/statusSize",
            "credentialSubject.statusSize",
        ),
        (
            "/credentialSubject/statusMessages",
            "credentialSubject.statusMessages",
        ),
    ] {
        let expected = RdfError::UnknownMember(member.to_owned());
        assert_eq!(refusal(pointer, "x".into()), expected);
    }
    assert_eq!(
        refusal("/a\u{1b}", Value::Null).to_string(),
        "the member `a\\u{1b}` has no RDF form that is known here"
    );
}

#[test]
fn older_lists_have_fewer_members() {
    let list = |name: &str, url: &str, member: &str| {
        let mut list = json!({
            "@context": [
                "https://www.w3.org/2018/credentials/v1",
                url,
                "https://w3id.org/security/data-integrity/v2",
            ],
            "id": "https://example.com/status/3",
            "type": ["VerifiableCredential", format!("{name}Credential")],
            "credentialSubject": {"type": name, "encodedList": "H4sI"},
        });
        assert!(n_quads(list.as_object().unwrap()).is_ok());
        // Their contexts define a name for the credential, and for nothing in it.
        list["name"] = "a list".into();
        assert!(n_quads(list.as_object().unwrap()).is_ok());
        for (pointer, named) in [
            ("/issuer", "issuer.name"),
            ("/credentialSubject", "credentialSubject.name"),
        ] {
            let mut list = list.clone();
            list["issuer"] = json!({"id": "did:example:1"});
            assert!(n_quads(list.as_object().unwrap()).is_ok());
            list.pointer_mut(pointer).unwrap()["name"] = "x".into();
            let error = n_quads(list.as_object().unwrap()).unwrap_err();
            assert_eq!(error, RdfError::UnknownMember(named.to_owned()));
        }
        list["credentialSubject"][member] = 1.into();
        n_quads(list.as_object().unwrap()).unwrap_err()
    };
    assert_eq!(
        list(
            "StatusList2021",
            "https://w3id.org/vc/status-list/2021/v1",
            "ttl"
        ),
        RdfError::UnknownMember("credentialSubject.ttl".to_owned())
    );
    assert_eq!(
        list(
            "RevocationList2020",
            "https://w3id.org/vc-revocation-list-2020/v1",
            "statusPurpose"
        ),
        RdfError::UnknownMember("credentialSubject.statusPurpose".to_owned())
    );
}

/// What a JSON-LD processor drops, or what not all of them write alike, is refused.
#[test]
fn texts_have_one_form() {
    let pointers = [
        ("/name", "name"),
        ("/description", "description"),
        ("/credentialSubject/name", "credentialSubject.name"),
    ];
    for value in [
        Value::Null,
        json!(1),
        json!([]),
        json!(["a", "a"]),
        json!(["a", {"@value": "a"}]),
        json!(["a", null]),
        json!([["a"]]),
        json!({}),
        json!({"@language": "en"}),
        json!({"@value": 1}),
        json!({"@value": "a", "@language": null}),
        json!({"@value": "a", "@language": ""}),
        json!({"@value": "a", "@language": "e"}),
        json!({"@value": "a", "@language": "en-"}),
        json!({"@value": "a", "@language": "en_us"}),
        json!({"@value": "a", "@language": "en-US"}),
        json!({"@value": "a", "@language": "en>"}),
        json!({"@value": "a", "@language": "abcdefghi"}),
        json!({"@value": "a", "@direction": "rtl"}),
        json!({"@value": "a", "@type": "urn:x"}),
        json!({"@value": "a", "x": "y"}),
        json!({"@id": "urn:x"}),
        json!("a\tb"),
        json!("a\u{7f}"),
    ] {
        for (pointer, member) in pointers {
            let error = refusal(pointer, value.clone());
            assert!(names(&error, member), "{pointer} {value}: {error}");
        }
        let error = refusal("/issuer", json!({"id": "did:example:1", "name": value}));
        assert!(names(&error, "issuer.name"), "{value}: {error}");
    }
}

#[test]
fn an_issuer_that_is_an_object_has_a_url_and_texts_alone() {
    for member in ["type", "url", "image", "@id", "id2"] {
        let error = refusal("/issuer", json!({"id": "did:example:1", member: "urn:x"}));
        let expected = RdfError::UnknownMember(format!("issuer.{member}"));
        assert_eq!(error, expected);
    }
    assert_eq!(
        refusal("/issuer", json!({"name": "an issuer"})),
        RdfError::MissingMember("issuer.id")
    );
    for id in [json!("issuer"), json!("_:b0"), json!(["did:example:1"])] {
        let error = refusal("/issuer", json!({"id": id, "name": "an issuer"}));
        assert!(names(&error, "issuer.id"), "{error}");
    }
}

#[test]
fn contexts_are_those_that_define_the_terms() {
    let refused = |contexts: Value| refusal("/@context", contexts);
    let second = "https://www.w3.org/ns/credentials/v2";
    let first = "https://www.w3.org/2018/credentials/v1";
    assert_eq!(refused(json!([])), RdfError::MissingContext(second));
    assert_eq!(refused(json!([first])), RdfError::MissingContext(second));
    assert_eq!(
        refused(json!([second, first])),
        RdfError::UnknownContext(first.to_owned())
    );
    assert!(names(&refused(json!(second)), "@context"));
    assert!(names(
        &refused(json!([second, {"@vocab": "urn:x#"}])),
        "@context"
    ));

    let mut list = bitstring();
    list["@context"] = json!([first, "https://w3id.org/vc/status-list/2021/v1"]);
    list["type"] = json!(["StatusList2021Credential", "VerifiableCredential"]);
    assert_eq!(
        n_quads(list.as_object().unwrap()),
        Err(RdfError::MissingContext(
            "https://w3id.org/security/data-integrity/v2"
        ))
    );
}

#[test]
fn other_types_are_refused() {
    for types in [
        json!("VerifiableCredential"),
        json!(["VerifiableCredential"]),
        json!(["BitstringStatusListCredential"]),
        json!(["VerifiableCredential", "VerifiableCredential"]),
        json!(["VerifiableCredential", "AlumniCredential"]),
        json!(["VerifiableCredential", "BitstringStatusListCredential", "x"]),
        json!(["VerifiableCredential", 1]),
        Value::Null,
    ] {
        assert_eq!(refusal("/type", types), RdfError::Type);
    }
    for types in [json!(["BitstringStatusList"]), json!("StatusList2021")] {
        let error = refusal("/credentialSubject/type", types);
        assert!(names(&error, "credentialSubject.type"));
    }
}

#[test]
fn identifiers_are_absolute() {
    for id in [
        "",
        "status/3",
        "#list",
        "_:b0",
        "https:",
        // Abbreviations that the context of credentials 1.1 defines.
        "cred:issuer",
        "sec:proof",
        "mailto:list@example.com",
        "https://example.com/a b",
        "https://example.com/> <urn:x> <urn:y",
        "https://example.com/\u{e9}",
        "https://example.com/\n",
    ] {
        for member in ["id", "issuer", "credentialSubject/id"] {
            let error = refusal(&format!("/{member}"), id.into());
            assert!(names(&error, &member.replace('/', ".")), "{id}");
        }
    }
    let issuers = json!([{"id": "did:example:1"}]);
    assert!(names(&refusal("/issuer", issuers), "issuer"));
    let mut list = bitstring();
    list.as_object_mut().unwrap().remove("id");
    let error = n_quads(list.as_object().unwrap()).unwrap_err();
    assert_eq!(error, RdfError::MissingMember("id"));
}

#[test]
fn values_have_the_forms_that_are_known() {
    for (member, value) in [
        ("validFrom", json!("2026-01-01")),
        ("validFrom", json!("2026-01-01T00:00:00")),
        ("validFrom", json!("@1767225600")),
        ("validFrom", json!(1_767_225_600)),
        ("validUntil", json!(["2026-01-01T00:00:00Z"])),
        ("credentialSubject", json!([])),
        ("credentialSubject", json!("urn:x")),
        ("credentialSubject/encodedList", json!(["uH4sI"])),
        ("credentialSubject/encodedList", json!("uH4sI\n")),
        ("credentialSubject/statusPurpose", json!([])),
        ("credentialSubject/statusPurpose", json!(["a", "b", "a"])),
        ("credentialSubject/statusPurpose", json!(["a", 1])),
        ("credentialSubject/statusPurpose", json!({"@value": "a"})),
        ("credentialSubject/statusPurpose", json!("a\u{7f}")),
        ("credentialSubject/ttl", json!("300000")),
        ("credentialSubject/ttl", json!(3.5)),
        ("credentialSubject/ttl", json!(3e5)),
        ("credentialSubject/ttl", json!(-1)),
        ("credentialSubject/ttl", json!(9_007_199_254_740_993_u64)),
    ] {
        let error = refusal(&format!("/{member}"), value.clone());
        assert!(names(&error, &member.replace('/', ".")), "{member} {value}");
    }
}

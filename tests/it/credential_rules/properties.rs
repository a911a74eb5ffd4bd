//! Types, contexts, identifier, issuer and validity.

use serde_json::{Value, json};
use statuslist::audit::CredentialChecks;

use super::{
    URI, checks, did, embedded, finds, finds_with, unsigned, unsigned_2020, unsigned_2021,
};

fn changed(member: &str, value: impl Into<Value>) -> Value {
    embedded(unsigned(), |credential| credential[member] = value.into())
}

fn without(credential: Value, member: &str) -> Value {
    embedded(credential, |credential| {
        credential.as_object_mut().unwrap().remove(member).unwrap();
    })
}

#[test]
fn type_of_credentials() {
    finds(
        changed("type", "BitstringStatusListCredential"),
        &[
            "error MALFORMED_VALUE_ERROR: type does not contain VerifiableCredential (VCDM 2.0, section 4.5)",
        ],
    );
}

#[test]
fn type_of_list() {
    finds(
        changed("type", json!(["VerifiableCredential"])),
        &[
            "error MALFORMED_VALUE_ERROR: type names no kind of status list that is known (Bitstring Status List v1.0, section 2.2)",
        ],
    );
}

#[test]
fn a_credential_that_has_a_status_is_no_list() {
    let credential = embedded(unsigned(), |credential| {
        credential["type"] = json!(["VerifiableCredential"]);
        credential["credentialSubject"] = json!({"id": "did:example:1"});
        credential["credentialStatus"] = json!([{
            "type": "BitstringStatusListEntry",
            "statusListIndex": "94567",
            "statusListCredential": URI,
        }]);
    });
    finds(
        credential,
        &[
            "error: it is a credential, whose status is entry 94567 of https://example.com/status/3 (Bitstring Status List v1.0, section 2.1)",
        ],
    );
}

#[test]
fn no_context() {
    finds(
        without(unsigned(), "@context"),
        &["error MALFORMED_VALUE_ERROR: there is no @context (VCDM 2.0, section 4.3)"],
    );
}

#[test]
fn first_context() {
    finds(
        changed(
            "@context",
            json!(["https://www.w3.org/ns/credentials/status/v1"]),
        ),
        &[
            "error MALFORMED_VALUE_ERROR: @context does not begin with that of the data model, version 1.1 or 2.0 (VCDM 2.0, section 4.3)",
        ],
    );
}

#[test]
fn context_that_is_no_array() {
    finds(
        changed("@context", "https://www.w3.org/ns/credentials/v2"),
        &["warning: @context is not an array (VCDM 2.0, section 4.3)"],
    );
}

#[test]
fn context_of_another_kind() {
    finds(
        changed(
            "@context",
            json!(["https://www.w3.org/ns/credentials/v2", 1]),
        ),
        &[
            "error MALFORMED_VALUE_ERROR: an element of @context is neither a url nor an object (VCDM 2.0, section 4.3)",
        ],
    );
}

#[test]
fn a_bitstring_list_follows_version_2() {
    finds(
        changed(
            "@context",
            json!([
                "https://www.w3.org/2018/credentials/v1",
                "https://w3id.org/security/data-integrity/v2",
            ]),
        ),
        &[
            "error MALFORMED_VALUE_ERROR: @context is that of VCDM 1.1: the list must be a credential of VCDM 2.0 (Bitstring Status List v1.0, section 2.2)",
        ],
    );
}

#[test]
fn an_older_list_follows_version_1() {
    let credential = embedded(unsigned_2021(), |credential| {
        credential["@context"][0] = "https://www.w3.org/ns/credentials/v2".into();
    });
    finds(
        credential,
        &[
            "warning: @context is that of VCDM 2.0: readers of this kind of list expect VCDM 1.1 (StatusList2021, section 2.2)",
        ],
    );
}

#[test]
fn contexts_of_the_older_lists() {
    for (credential, name) in [
        (unsigned_2021(), "https://w3id.org/vc/status-list/2021/v1"),
        (
            unsigned_2020(),
            "https://w3id.org/vc-revocation-list-2020/v1",
        ),
    ] {
        let credential = embedded(credential, |credential| {
            credential["@context"] = json!(["https://www.w3.org/2018/credentials/v1"]);
        });
        finds(
            credential,
            &[
                &format!(
                    "warning: @context lacks {name}: JSON-LD readers miss its terms (VCDM 1.1, section 4.1)"
                ),
                "warning: @context lacks https://w3id.org/security/data-integrity/v2: JSON-LD readers miss its terms (VCDM 1.1, section 4.1)",
            ],
        );
    }
}

#[test]
fn no_id() {
    finds(
        without(unsigned(), "id"),
        &[
            "warning: there is no id: nothing says which list it is (Bitstring Status List v1.0, section 2.2)",
        ],
    );
    finds(
        without(unsigned_2020(), "id"),
        &[
            "error MALFORMED_VALUE_ERROR: there is no id: nothing says which list it is (RevocationList2020)",
        ],
    );
}

#[test]
fn id_that_is_no_url() {
    finds(
        changed("id", "status/3"),
        &[
            "error MALFORMED_VALUE_ERROR: id is \"status/3\", which is no url (VCDM 2.0, section 4.4)",
        ],
    );
    finds(
        changed("id", 3),
        &["error MALFORMED_VALUE_ERROR: id is the number 3, not a string (VCDM 2.0, section 4.4)"],
    );
}

#[test]
fn id_is_the_uri_that_credentials_name() {
    let asked = |uri| CredentialChecks {
        uri: Some(uri),
        ..checks()
    };
    let credential = embedded(unsigned(), |_| {});
    finds_with(&credential, &asked(URI), &[]);
    finds_with(
        &credential,
        &asked("https://example.com/status/4"),
        &[
            "error STATUS_VERIFICATION_ERROR: id is \"https://example.com/status/3\", not the uri \"https://example.com/status/4\" (Bitstring Status List v1.0, section 2.2)",
        ],
    );
}

#[test]
fn issuer_as_object() {
    finds(
        changed("issuer", json!({"id": did(), "name": "Example"})),
        &["warning: issuer is an object: some readers expect a url (VCDM 2.0, section 4.7)"],
    );
}

#[test]
fn no_issuer() {
    finds(
        without(unsigned(), "issuer"),
        &["error MALFORMED_VALUE_ERROR: there is no issuer (VCDM 2.0, section 4.7)"],
    );
    finds(
        changed("issuer", json!({"name": "Example"})),
        &["error MALFORMED_VALUE_ERROR: there is no issuer.id (VCDM 2.0, section 4.7)"],
    );
}

#[test]
fn issuer_that_is_no_url() {
    finds(
        changed("issuer", "Example"),
        &[
            "error MALFORMED_VALUE_ERROR: issuer is \"Example\", which is no url (VCDM 2.0, section 4.7)",
            &format!(
                "error STATUS_VERIFICATION_ERROR: the key belongs to \"{}\", not to the issuer \"Example\" (Controlled Identifiers 1.0, section 3.3)",
                did()
            ),
        ],
    );
}

#[test]
fn dates() {
    finds(
        changed("validUntil", "2026-01-08T00:00:00"),
        &["error MALFORMED_VALUE_ERROR: validUntil has no offset from UTC (VCDM 2.0, section 4.9)"],
    );
    finds(
        changed("validFrom", "yesterday"),
        &[
            "error MALFORMED_VALUE_ERROR: validFrom is not a date and a time such as 2026-01-01T00:00:00Z (VCDM 2.0, section 4.9)",
        ],
    );
    finds(
        changed("validFrom", 1_767_225_600),
        &[
            "error MALFORMED_VALUE_ERROR: validFrom is the number 1767225600, not a string (VCDM 2.0, section 4.9)",
        ],
    );
}

#[test]
fn validity() {
    finds(
        changed("validUntil", "2026-01-03T00:00:00Z"),
        &[
            "error STATUS_VERIFICATION_ERROR: its validity ended at 2026-01-03T00:00:00Z (VCDM 2.0, section 4.9)",
        ],
    );
    finds(changed("validUntil", "2026-01-03T00:00:01Z"), &[]);
    finds(changed("validFrom", "2026-01-03T00:00:00Z"), &[]);
    finds(
        changed("validFrom", "2026-01-03T01:00:01+01:00"),
        &[
            "error STATUS_VERIFICATION_ERROR: it is not valid before 2026-01-03T00:00:01Z (VCDM 2.0, section 4.9)",
        ],
    );
    finds(
        changed("validFrom", "2026-01-09T00:00:00Z"),
        &[
            "error MALFORMED_VALUE_ERROR: it is valid from 2026-01-09T00:00:00Z until 2026-01-08T00:00:00Z, which is earlier (VCDM 2.0, section 4.9)",
            "error STATUS_VERIFICATION_ERROR: it is not valid before 2026-01-09T00:00:00Z (VCDM 2.0, section 4.9)",
        ],
    );
}

#[test]
fn no_end() {
    finds(
        without(unsigned(), "validUntil"),
        &[
            "warning: there is no validUntil: an old copy can be replayed for ever (VCDM 2.0, section 4.9)",
        ],
    );
    finds(without(unsigned(), "validFrom"), &[]);
}

#[test]
fn a_past_moment() {
    let credential = embedded(unsigned(), |_| {});
    let at = |text: &str| CredentialChecks {
        at: Some(text.parse().unwrap()),
        now: "2027-01-01T00:00:00Z".parse().unwrap(),
        ..checks()
    };
    finds_with(&credential, &at("2026-01-07T23:59:59Z"), &[]);
    finds_with(
        &credential,
        &at("2026-01-08T00:00:00Z"),
        &[
            "error STATUS_VERIFICATION_ERROR: its validity ended at 2026-01-08T00:00:00Z (VCDM 2.0, section 4.9)",
        ],
    );
    finds_with(
        &credential,
        &at("2025-12-31T23:59:59Z"),
        &[
            "error STATUS_VERIFICATION_ERROR: it is not valid before 2026-01-01T00:00:00Z (VCDM 2.0, section 4.9)",
            "error STATUS_VERIFICATION_ERROR: it was signed in the future, at 2026-01-01T00:00:00Z (Data Integrity 1.0, section 2.1)",
        ],
    );
}

#[test]
fn dates_of_version_1() {
    finds(
        without(unsigned_2021(), "issuanceDate"),
        &["error MALFORMED_VALUE_ERROR: there is no issuanceDate (VCDM 1.1, sections 4.6 and 4.8)"],
    );
    let newer = embedded(unsigned_2021(), |credential| {
        let members = credential.as_object_mut().unwrap();
        members.remove("expirationDate").unwrap();
        members.insert("validUntil".into(), "2026-01-02T00:00:00Z".into());
    });
    finds(
        newer,
        &[
            "error STATUS_VERIFICATION_ERROR: its validity ended at 2026-01-02T00:00:00Z (VCDM 1.1, sections 4.6 and 4.8)",
            "warning: it has validUntil, which its version of the data model has not (VCDM 1.1, sections 4.6 and 4.8)",
        ],
    );
    finds(
        changed("issuanceDate", "2026-01-01T00:00:00Z"),
        &[
            "warning: it has issuanceDate, which its version of the data model has not (VCDM 2.0, section 4.9)",
        ],
    );
}

//! The credential that a W3C list is published as, unsigned.

use serde_json::{Map, Value, json};

use super::{DataModel, ListKind, Purpose, encode_list};
use crate::list::{Duration, Status, Timestamp};
use crate::token::StatusList;

/// The context that defines the terms of an embedded proof, where the first context does not.
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

/// What the credential of a list says.
#[derive(Clone, Copy, Debug)]
pub struct ListCredential<'a> {
    /// The kind of list.
    pub kind: ListKind<'a>,
    /// The uri of the list, exactly as credentials name it.
    pub uri: &'a str,
    /// Who issues: a URL, often a DID.
    pub issuer: &'a str,
    /// From when on it is valid.
    pub valid_from: Timestamp,
    /// Until when it is valid.
    pub valid_until: Timestamp,
    /// How long readers may keep a copy. Only a Bitstring Status List can say it.
    pub ttl: Duration,
    /// The register that the list shows.
    pub register: &'a StatusList,
    /// The status of the entries beyond the register.
    pub default_status: Status,
}

/// How a credential is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Securing {
    /// By a Data Integrity proof within it.
    EmbeddedProof,
    /// By an envelope around it: JOSE or COSE.
    Envelope,
}

impl ListCredential<'_> {
    /// Writes the credential, with its members in a fixed order: the same input gives the same
    /// text.
    ///
    /// Source: Bitstring Status List v1.0, section 2.2; `StatusList2021` (draft of 2023-04-27),
    /// section 2.2; `RevocationList2020`. The dates of the older two are those of VCDM 1.1,
    /// sections 4.6 and 4.8, which their examples do not have.
    #[must_use]
    pub fn to_json(&self, securing: Securing) -> Value {
        let format = self.kind.format();
        let model = format.data_model();
        let mut contexts: Vec<&str> = format.contexts().to_vec();
        if securing == Securing::EmbeddedProof && model == DataModel::V1 {
            contexts.push(DATA_INTEGRITY);
        }
        json!({
            "@context": contexts,
            "id": self.uri,
            "type": ["VerifiableCredential", format.credential_type()],
            "issuer": self.issuer,
            model.valid_from(): self.valid_from,
            model.valid_until(): self.valid_until,
            "credentialSubject": self.subject(),
        })
    }

    fn subject(&self) -> Value {
        let format = self.kind.format();
        let bits = self.kind.bits(self.register, self.default_status);
        let mut subject = Map::new();
        let mut insert = |name: &str, value: Value| subject.insert(name.to_owned(), value);
        insert("id", format!("{}#list", self.uri).into());
        insert("type", format.subject_type().into());
        if let Some(purpose) = self.kind.purpose() {
            insert("statusPurpose", purpose.into());
        }
        if let ListKind::Bitstring(_) = self.kind {
            insert("ttl", self.ttl.seconds().saturating_mul(1000).into());
        }
        insert("encodedList", encode_list(format, &bits.bytes).into());
        if let ListKind::Bitstring(Purpose::Message(messages)) = self.kind {
            insert("statusSize", bits.size.bits().into());
            insert("statusMessages", messages.to_json(bits.size));
        }
        subject.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Width;
    use crate::token::InflateLimit;
    use crate::token::w3c::{BitOrder, Purpose2021, StatusMessages, decode_list};

    const URI: &str = "https://example.com/status/3";

    /// A register of 2 bits with 1, 2, 0, 3 at its start.
    fn register() -> StatusList {
        StatusList {
            width: Width::Two,
            bytes: vec![0xc9],
        }
    }

    fn credential<'a>(kind: ListKind<'a>, register: &'a StatusList) -> ListCredential<'a> {
        ListCredential {
            kind,
            uri: URI,
            issuer: "did:example:12345",
            valid_from: "2026-01-01T00:00:00Z".parse().unwrap(),
            valid_until: "2026-01-08T00:00:00Z".parse().unwrap(),
            ttl: Duration::from_seconds(300).unwrap(),
            register,
            default_status: Status::VALID,
        }
    }

    /// The credential as text, with its list, which must be `start` and zeros, cut out.
    fn text(credential: &ListCredential<'_>, securing: Securing, start: &[u8]) -> String {
        let mut value = credential.to_json(securing);
        let encoded = value["credentialSubject"]["encodedList"].take();
        let format = credential.kind.format();
        let limit = InflateLimit::default();
        let list = decode_list(format, encoded.as_str().unwrap(), limit).unwrap();
        assert_eq!(list.deviations, []);
        assert_eq!(list.bytes[..start.len()], *start);
        assert!(list.bytes[start.len()..].iter().all(|byte| *byte == 0));
        value["credentialSubject"]["encodedList"] = "…".into();
        value.to_string()
    }

    #[test]
    fn a_bitstring_list_has_its_members_in_a_fixed_order() {
        let register = register();
        let credential = credential(ListKind::Bitstring(Purpose::Revocation), &register);
        for securing in [Securing::EmbeddedProof, Securing::Envelope] {
            assert_eq!(
                text(&credential, securing, &[0x80]),
                concat!(
                    r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"#,
                    r#""id":"https://example.com/status/3","#,
                    r#""type":["VerifiableCredential","BitstringStatusListCredential"],"#,
                    r#""issuer":"did:example:12345","#,
                    r#""validFrom":"2026-01-01T00:00:00Z","validUntil":"2026-01-08T00:00:00Z","#,
                    r#""credentialSubject":{"id":"https://example.com/status/3#list","#,
                    r#""type":"BitstringStatusList","statusPurpose":"revocation","ttl":300000,"#,
                    r#""encodedList":"…"}}"#
                )
            );
        }
    }

    #[test]
    fn a_message_list_brings_its_size_and_messages() {
        let register = register();
        let messages = StatusMessages::default();
        let credential = credential(ListKind::Bitstring(Purpose::Message(&messages)), &register);
        let text = text(&credential, Securing::Envelope, &[0b01_10_00_11]);
        let (_, subject) = text.split_once("credentialSubject").unwrap();
        assert_eq!(
            subject,
            concat!(
                r#"":{"id":"https://example.com/status/3#list","#,
                r#""type":"BitstringStatusList","statusPurpose":"message","ttl":300000,"#,
                r#""encodedList":"…","statusSize":2,"statusMessages":["#,
                r#"{"status":"0x0","message":"valid"},{"status":"0x1","message":"invalid"},"#,
                r#"{"status":"0x2","message":"suspended"},{"status":"0x3","message":"undefined"}"#,
                r#"]}}"#
            )
        );
    }

    #[test]
    fn a_status_list_2021_follows_the_older_data_model() {
        let register = register();
        let kind = ListKind::StatusList2021 {
            purpose: Purpose2021::Suspension(&[Status::SUSPENDED]),
            order: BitOrder::MostSignificantFirst,
        };
        assert_eq!(
            text(
                &credential(kind, &register),
                Securing::EmbeddedProof,
                &[0x40]
            ),
            concat!(
                r#"{"@context":["https://www.w3.org/2018/credentials/v1","#,
                r#""https://w3id.org/vc/status-list/2021/v1","#,
                r#""https://w3id.org/security/data-integrity/v2"],"#,
                r#""id":"https://example.com/status/3","#,
                r#""type":["VerifiableCredential","StatusList2021Credential"],"#,
                r#""issuer":"did:example:12345","#,
                r#""issuanceDate":"2026-01-01T00:00:00Z","expirationDate":"2026-01-08T00:00:00Z","#,
                r#""credentialSubject":{"id":"https://example.com/status/3#list","#,
                r#""type":"StatusList2021","statusPurpose":"suspension","encodedList":"…"}}"#
            )
        );
    }

    #[test]
    fn a_revocation_list_2020_has_no_purpose_and_may_count_from_the_other_end() {
        let register = register();
        let kind = ListKind::RevocationList2020 {
            order: BitOrder::LeastSignificantFirst,
        };
        assert_eq!(
            text(&credential(kind, &register), Securing::Envelope, &[0x01]),
            concat!(
                r#"{"@context":["https://www.w3.org/2018/credentials/v1","#,
                r#""https://w3id.org/vc-revocation-list-2020/v1"],"#,
                r#""id":"https://example.com/status/3","#,
                r#""type":["VerifiableCredential","RevocationList2020Credential"],"#,
                r#""issuer":"did:example:12345","#,
                r#""issuanceDate":"2026-01-01T00:00:00Z","expirationDate":"2026-01-08T00:00:00Z","#,
                r#""credentialSubject":{"id":"https://example.com/status/3#list","#,
                r#""type":"RevocationList2020","encodedList":"…"}}"#
            )
        );
    }

    #[test]
    fn each_purpose_shows_its_statuses() {
        let register = register();
        let third = Status::new(3, Width::Two).unwrap();
        let both = [Status::SUSPENDED, third];
        for (kind, first) in [
            (ListKind::Bitstring(Purpose::Revocation), 0b1000_0000),
            (ListKind::Bitstring(Purpose::Suspension(&both)), 0b0101_0000),
            (ListKind::Bitstring(Purpose::Refresh), 0b1000_0000),
        ] {
            let bits = kind.bits(&register, Status::VALID);
            assert_eq!(bits.bytes[0], first);
        }
    }
}

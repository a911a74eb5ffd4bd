//! `credentialStatus` of VC API, VCALM and DVP.

use std::borrow::Cow;

use serde::Deserialize;

use super::faults::Fault;
use super::fields::{Defaults, Fields, status};
use super::lines::Lines;
use super::shapes::Scalar;
use crate::change::{Besides, Named, Operation, Set};
use crate::commands::Code;
use crate::list::{Reason, Status, TokenId, Wish};
use crate::wire::text::echo;

/// `credentialStatus` in its old and new forms: what a credential carries, or what names a purpose.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CredentialStatus<'a> {
    /// The name of the entry itself, which says nothing that the others do not.
    #[serde(rename = "id", borrow)]
    _id: Option<Cow<'a, str>>,
    #[serde(rename = "type", borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status_purpose: Option<Cow<'a, str>>,
    #[serde(borrow)]
    purpose: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status: Option<Scalar<'a>>,
    #[serde(borrow)]
    status_list_index: Option<Scalar<'a>>,
    #[serde(borrow)]
    status_list_credential: Option<Cow<'a, str>>,
    status_size: Option<u64>,
    /// What the values of a message mean; messages are not set by purpose.
    #[serde(rename = "statusMessage")]
    _status_message: Option<serde::de::IgnoredAny>,
    /// Where people read about the status.
    #[serde(rename = "statusReference")]
    _status_reference: Option<serde::de::IgnoredAny>,
    #[serde(borrow)]
    revocation_list_index: Option<Scalar<'a>>,
    #[serde(borrow)]
    revocation_list_credential: Option<Cow<'a, str>>,
    reason_code: Option<u64>,
}

/// What stands beside `credentialStatus`, and holds for each of them.
pub(super) struct Around<'a> {
    pub(super) credential_id: Option<Cow<'a, str>>,
    pub(super) status: Option<Scalar<'a>>,
    /// `reason`, `note`, `if` and `revokedAt`.
    pub(super) fields: Fields<'a>,
}

impl CredentialStatus<'_> {
    pub(super) fn take(
        self,
        number: u32,
        around: &Around<'_>,
        defaults: &Defaults,
        lines: &mut Lines,
    ) -> Result<(), Fault> {
        let refused = |text: String| Err(Fault::new(number, Code::Refused, text));
        if let Some((one, other)) = self.contradiction() {
            return refused(format!("{one} and {other} do not agree"));
        }
        if let Some(size) = self.status_size.filter(|size| *size != 1) {
            return refused(format!("statusSize is {size}: a purpose is set in one bit"));
        }
        let given = match (&self.status, &around.status) {
            (Some(own), Some(outer)) if own.clone().text() != outer.clone().text() => {
                return refused("status is not the one beside credentialStatus".to_owned());
            }
            (own, outer) => own.clone().or_else(|| outer.clone()),
        };
        if given.is_none() && defaults.status.is_some() {
            // None in the body sets the purpose; --status says another thing.
            let text = "it has no status, and --status does not go with credentialStatus";
            return refused(text.to_owned());
        }
        let mut remark = around.fields.remark(number, defaults)?;
        let mut suspended = self.reason_code == Some(1001);
        if self.reason_code.is_some() && around.fields.reason.is_some() {
            return refused("reason and reasonCode: one is enough".to_owned());
        }
        if let Some(code) = self.reason_code.filter(|_| !suspended) {
            let Some(reason) = Reason::from_code(code) else {
                return refused(format!("reasonCode {code} is not known"));
            };
            remark.reason = Some(reason);
            suspended |= reason == Reason::CertificateHold;
        }
        let wish = self.wish(number, given, suspended)?;
        let set = Set {
            named: self.named(number, around.credential_id.as_deref())?,
            wish,
            expected: around.fields.expected(number)?,
            remark,
        };
        lines.push(number, Operation::Set(set));
        Ok(())
    }

    /// Two members that say the same thing in two ways, and differ.
    fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        let differ = |one: Option<&str>, other: Option<&str>| {
            one.zip(other).is_some_and(|(one, other)| one != other)
        };
        let text =
            |scalar: &Option<Scalar<'_>>| scalar.clone().map(|scalar| scalar.text().into_owned());
        let index = text(&self.status_list_index);
        let old_index = text(&self.revocation_list_index);
        let pairs = [
            (
                differ(self.status_purpose.as_deref(), self.purpose.as_deref()),
                ("statusPurpose", "purpose"),
            ),
            (
                differ(index.as_deref(), old_index.as_deref()),
                ("statusListIndex", "revocationListIndex"),
            ),
            (
                differ(
                    self.status_list_credential.as_deref(),
                    self.revocation_list_credential.as_deref(),
                ),
                ("statusListCredential", "revocationListCredential"),
            ),
        ];
        pairs
            .into_iter()
            .find_map(|(differ, names)| differ.then_some(names))
    }

    /// The entry: by list and index, or else by the credential's id as a token id.
    fn named(self, number: u32, credential_id: Option<&str>) -> Result<Named, Fault> {
        let index = self.status_list_index.or(self.revocation_list_index);
        let uri = self
            .status_list_credential
            .or(self.revocation_list_credential);
        if index.is_some() != uri.is_some() {
            let text = "an index without its list, or a list without an index";
            return Err(Fault::new(number, Code::Refused, text));
        }
        let by_index = index.is_some();
        let mut named = Fields {
            token_id: credential_id.filter(|_| !by_index).map(Cow::Borrowed),
            idx: index.map(Scalar::text),
            uri,
            ..Fields::default()
        }
        .named(number)?;
        // A credential's id need not be the token id. But if it is one, it is that of this entry.
        if by_index && let Some(Ok(token)) = credential_id.map(TokenId::as_written) {
            named.besides = Some(Besides::Credential(token));
        }
        Ok(named)
    }

    /// What the status means: `true`, 1, "1" or nothing sets the purpose, `false` or 0 clears it;
    /// another number is the value itself.
    fn wish(
        &self,
        number: u32,
        given: Option<Scalar<'_>>,
        suspended: bool,
    ) -> Result<Wish<u8>, Fault> {
        let purpose = self.status_purpose.as_deref().or(self.purpose.as_deref());
        let kind = self.kind.as_deref().unwrap_or_default();
        if let Some(other) = Some(kind).filter(|kind| !kind.is_empty() && !is_known(kind)) {
            let text = format!("credentialStatus of type '{}' is not known", echo(other));
            return Err(Fault::new(number, Code::Refused, text));
        }
        let suspension = match purpose {
            _ if suspended => true,
            None | Some("revocation") => false,
            Some("suspension") => true,
            Some(other) => {
                let other = echo(other);
                let text = format!("purpose '{other}' is not one that a status can be set for");
                return Err(
                    Fault::new(number, Code::Refused, text).hint("revocation or suspension")
                );
            }
        };
        let set = match given {
            None => true,
            Some(Scalar::Boolean(set)) => set,
            Some(other) => match other.text().as_ref() {
                "1" | "true" => true,
                "0" | "false" => false,
                text => return status(number, text).map(Wish::Set),
            },
        };
        Ok(match (suspension, set) {
            (false, true) => Wish::Set(Status::INVALID.value()),
            (false, false) => Wish::Unrevoke,
            (true, true) => Wish::Suspend,
            (true, false) => Wish::Unsuspend,
        })
    }
}

fn is_known(kind: &str) -> bool {
    let families = [
        "BitstringStatusList",
        "StatusList2021",
        "RevocationList2020",
    ];
    families.iter().any(|family| kind.starts_with(family)) || kind == "OpenAttestationOCSP"
}

//! `credentialStatus` of VC API, VCALM and DVP.

use std::borrow::Cow;

use super::fields::status;
use super::lines::Lines;
use super::shapes::{CredentialStatus, Fields};
use crate::change::{Besides, Named, Operation, Set};
use crate::commands::Error;
use crate::list::{Reason, Status, TokenId, Wish};
use crate::wire::text::echo;

impl CredentialStatus<'_> {
    /// Makes a line of it. `around` is what stands beside it, and holds for each of several.
    pub(super) fn take(&self, around: &Fields<'_>, lines: &mut Lines<'_>) -> Result<(), Error> {
        let refused = |text: String| Err(Error::refused(text));
        if let Some((one, other)) = self.contradiction() {
            return refused(format!("{one} and {other} do not agree"));
        }
        if let Some(size) = self.status_size.filter(|size| *size != 1) {
            return refused(format!("statusSize is {size}: a purpose is set in one bit"));
        }
        let given = match (&self.status, &around.status) {
            (Some(own), Some(outer)) if own != outer => {
                return refused("status is not the one beside credentialStatus".to_owned());
            }
            (own, outer) => own.as_deref().or(outer.as_deref()),
        };
        if given.is_none() && lines.defaults.status.is_some() {
            // None in the body sets the purpose; --status says another thing.
            let text = "it has no status, and --status does not go with credentialStatus";
            return refused(text.to_owned());
        }
        if let Some(reason) = &around.reason {
            lines.misspelt.look_at(reason);
        }
        let mut remark = around.remark(lines.defaults)?;
        let mut suspended = self.reason_code == Some(1001);
        if self.reason_code.is_some() && around.reason.is_some() {
            return refused("reason and reasonCode: one is enough".to_owned());
        }
        if let Some(code) = self.reason_code.filter(|_| !suspended) {
            let Some(reason) = Reason::from_code(code) else {
                return refused(format!("reasonCode {code} is not known"));
            };
            remark.reason = Some(reason);
            suspended |= reason == Reason::CertificateHold;
        }
        let wish = self.wish(given, suspended.then_some("suspension"))?;
        lines.push(Operation::Set(Set {
            named: self.named(around.credential_id.as_deref())?,
            wish,
            expected: around.expected()?,
            remark,
        }));
        Ok(())
    }

    /// Two members that say the same thing in two ways, and differ.
    fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        let differ = |one: &Option<Cow<'_, str>>, other: &Option<Cow<'_, str>>| {
            one.is_some() && other.is_some() && one != other
        };
        if differ(&self.status_purpose, &self.purpose) {
            Some(("statusPurpose", "purpose"))
        } else if differ(&self.status_list_index, &self.revocation_list_index) {
            Some(("statusListIndex", "revocationListIndex"))
        } else if differ(
            &self.status_list_credential,
            &self.revocation_list_credential,
        ) {
            Some(("statusListCredential", "revocationListCredential"))
        } else {
            None
        }
    }

    /// The entry: by list and index, or else by the credential's id as a token id.
    fn named(&self, credential_id: Option<&str>) -> Result<Named, Error> {
        let index = self.status_list_index.as_deref();
        let index = index.or(self.revocation_list_index.as_deref());
        let uri = self.status_list_credential.as_deref();
        let uri = uri.or(self.revocation_list_credential.as_deref());
        if index.is_some() != uri.is_some() {
            let text = "an index without its list, or a list without an index";
            return Err(Error::refused(text));
        }
        let mut named = Fields {
            token_id: credential_id.filter(|_| index.is_none()).map(Cow::from),
            idx: index.map(Cow::from),
            uri: uri.map(Cow::from),
            ..Fields::default()
        }
        .named()?;
        // A credential's id need not be the token id. But if it is one, it is that of this entry.
        if index.is_some()
            && let Some(Ok(token)) = credential_id.map(TokenId::as_written)
        {
            named.besides = Some(Besides::Credential(token));
        }
        Ok(named)
    }

    /// What the status means: `true`, 1, "1" or nothing sets the purpose, `false` or 0 clears it;
    /// another number is the value itself. The purpose is the one that the reason has, if any.
    fn wish(&self, given: Option<&str>, of_reason: Option<&str>) -> Result<Wish<u8>, Error> {
        let purpose = of_reason
            .or(self.status_purpose.as_deref())
            .or(self.purpose.as_deref());
        let kind = self.kind.as_deref().unwrap_or_default();
        if !kind.is_empty() && !is_known(kind) {
            let text = format!("credentialStatus of type '{}' is not known", echo(kind));
            return Err(Error::refused(text));
        }
        let suspension = match purpose {
            None | Some("revocation") => false,
            Some("suspension") => true,
            Some(other) => {
                let other = echo(other);
                let text = format!("purpose '{other}' is not one that a status can be set for");
                return Err(Error::refused(text).hint("revocation or suspension"));
            }
        };
        let set = match given {
            None | Some("1" | "true") => true,
            Some("0" | "false") => false,
            Some(text) => return status(text).map(Wish::Set),
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

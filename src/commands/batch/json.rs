//! Operations in JSON: our own, the status-issuer integration guide's, and those of VC API and
//! VCALM.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::fields::{Defaults, Fields, status};
use super::line::{Fault, LineWish, Lines};
use crate::commands::{Code, Error};
use crate::list::{Reason, RemarkRequest, Status};

/// Any operation. Members that do not go together are refused later, by name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body<'a> {
    #[serde(borrow)]
    op: Option<Cow<'a, str>>,
    #[serde(borrow)]
    operation: Option<Cow<'a, str>>,
    #[serde(borrow)]
    list_id: Option<Scalar<'a>>,
    #[serde(borrow)]
    idx: Option<Scalar<'a>>,
    #[serde(borrow)]
    uri: Option<Cow<'a, str>>,
    #[serde(borrow)]
    token_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status: Option<Scalar<'a>>,
    #[serde(borrow)]
    reason: Option<Scalar<'a>>,
    #[serde(borrow)]
    note: Option<Cow<'a, str>>,
    #[serde(rename = "if", borrow)]
    expected: Option<Scalar<'a>>,
    #[serde(borrow)]
    expires_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    revoked_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    document_hash: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    document_path: Vec<Cow<'a, str>>,
    count: Option<u64>,
    #[serde(borrow)]
    token_ids: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow)]
    initial_status: Option<Scalar<'a>>,
    #[serde(borrow)]
    updates: Option<Vec<Update<'a>>>,
    #[serde(borrow)]
    credential_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    credential_status: Option<OneOrMany<'a>>,
    /// Who hands out indexes: here it is always the list file.
    #[serde(rename = "indexAllocator")]
    _index_allocator: Option<serde::de::IgnoredAny>,
}

/// One change of the guide's batch update.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Update<'a> {
    #[serde(borrow)]
    list_id: Option<Scalar<'a>>,
    #[serde(borrow)]
    idx: Option<Scalar<'a>>,
    #[serde(borrow)]
    uri: Option<Cow<'a, str>>,
    #[serde(borrow)]
    token_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status: Option<Scalar<'a>>,
    #[serde(borrow)]
    reason: Option<Scalar<'a>>,
    #[serde(borrow)]
    note: Option<Cow<'a, str>>,
    #[serde(rename = "if", borrow)]
    expected: Option<Scalar<'a>>,
    #[serde(borrow)]
    revoked_at: Option<Cow<'a, str>>,
}

/// `credentialStatus` of VC API and VCALM, in its old and new forms. Other members may follow:
/// it is what a credential carries.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialStatus<'a> {
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
    #[serde(borrow)]
    revocation_list_index: Option<Scalar<'a>>,
    #[serde(borrow)]
    revocation_list_credential: Option<Cow<'a, str>>,
    reason_code: Option<u64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<'a> {
    #[serde(borrow)]
    One(Box<CredentialStatus<'a>>),
    #[serde(borrow)]
    Many(Vec<CredentialStatus<'a>>),
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Scalar<'a> {
    Boolean(bool),
    Number(u64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

/// Reads one line of JSON Lines.
pub(super) fn line(number: u32, text: &str, defaults: &Defaults, lines: &mut Lines) {
    match serde_json::from_str::<Body<'_>>(text) {
        Ok(body) => body.take(number, defaults, lines),
        Err(error) => lines
            .faults
            .add(Fault::new(number, Code::Refused, without_line(&error))),
    }
}

/// Reads a document: one object, or an array of them.
pub(super) fn document(text: &[u8], defaults: &Defaults, lines: &mut Lines) -> Result<(), Error> {
    let wrong =
        |reason: String| Error::new(Code::Refused, "the batch is no JSON document").because(reason);
    let text = std::str::from_utf8(text).map_err(|_| wrong("it is not UTF-8".to_owned()))?;
    let values: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text)
    } else {
        serde_json::from_str(text).map(|one| vec![one])
    }
    .map_err(|error| wrong(error.to_string()))?;
    let mut counted = (0, 1);
    for value in values {
        let value = value.get();
        let start = value.as_ptr() as usize - text.as_ptr() as usize;
        let breaks = text.as_bytes()[counted.0..start]
            .iter()
            .filter(|byte| **byte == b'\n');
        counted = (start, counted.1 + breaks.count());
        line(
            u32::try_from(counted.1).unwrap_or(u32::MAX),
            value,
            defaults,
            lines,
        );
    }
    Ok(())
}

impl Body<'_> {
    fn take(self, number: u32, defaults: &Defaults, lines: &mut Lines) {
        let taken = if self.credential_status.is_some() || self.credential_id.is_some() {
            self.take_credential_status(number, lines)
        } else {
            self.take_operation(number, defaults, lines)
        };
        if let Err(fault) = taken {
            lines.faults.add(fault);
        }
    }

    fn take_operation(
        self,
        number: u32,
        defaults: &Defaults,
        lines: &mut Lines,
    ) -> Result<(), Fault> {
        let refused = |text: &str| Err(Fault::new(number, Code::Refused, text));
        if self.op.is_some() && self.operation.is_some() {
            return refused("op and operation: one is enough");
        }
        let op = self.op.clone().or_else(|| self.operation.clone());
        let allocates = op.as_deref() == Some("allocate");
        if !allocates
            && (self.count.is_some() || self.token_ids.is_some() || self.initial_status.is_some())
        {
            return refused("count, tokenIds and initialStatus go with allocate");
        }
        if let Some(updates) = self.updates {
            if !matches!(op.as_deref(), Some("update" | "set")) {
                return refused("updates goes with update");
            }
            for update in updates {
                let fields = Fields {
                    op: op.clone(),
                    list_id: update.list_id.map(Scalar::text),
                    idx: update.idx.map(Scalar::text),
                    uri: update.uri,
                    token_id: update.token_id,
                    status: update.status.map(Scalar::text),
                    reason: update
                        .reason
                        .or_else(|| self.reason.clone())
                        .map(Scalar::text),
                    note: update.note.or_else(|| self.note.clone()),
                    expected: update.expected.map(Scalar::text),
                    revoked_at: update.revoked_at.or_else(|| self.revoked_at.clone()),
                    free_reasons: true,
                    ..Fields::default()
                };
                fields.take(number, defaults, lines);
            }
            return Ok(());
        }
        let (count, tokens) = (self.count, self.token_ids);
        let fields = Fields {
            op,
            list_id: self.list_id.map(Scalar::text),
            idx: self.idx.map(Scalar::text),
            uri: self.uri,
            token_id: self.token_id,
            status: self.status.or(self.initial_status).map(Scalar::text),
            reason: self.reason.map(Scalar::text),
            note: self.note,
            expected: self.expected.map(Scalar::text),
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            document_hash: self.document_hash,
            document_path: self.document_path,
            free_reasons: true,
        };
        match (count, tokens) {
            (None | Some(1), None) => fields.take(number, defaults, lines),
            (Some(count), Some(tokens)) if count != tokens.len() as u64 => {
                let text = format!("count is {count}, but there are {} tokenIds", tokens.len());
                return refused(&text);
            }
            (_, Some(tokens)) if fields.token_id.is_none() => {
                for token in tokens {
                    let one = Fields {
                        token_id: Some(token),
                        ..fields.clone()
                    };
                    one.take(number, defaults, lines);
                }
            }
            (Some(count), None) if fields.token_id.is_none() => {
                let faults = lines.faults.count();
                for _ in 0..count {
                    fields.take(number, defaults, lines);
                    if lines.faults.count() > faults {
                        break;
                    }
                }
            }
            _ => return refused("tokenId names one entry"),
        }
        Ok(())
    }

    fn take_credential_status(self, number: u32, lines: &mut Lines) -> Result<(), Fault> {
        let statuses = match self.credential_status {
            Some(OneOrMany::One(one)) => vec![*one],
            Some(OneOrMany::Many(many)) => many,
            None => Vec::new(),
        };
        if statuses.is_empty() {
            return Err(Fault::new(
                number,
                Code::Refused,
                "there is no credentialStatus",
            ));
        }
        for one in statuses {
            one.take(
                number,
                self.credential_id.as_deref(),
                self.status.clone(),
                lines,
            )?;
        }
        Ok(())
    }
}

impl CredentialStatus<'_> {
    fn take(
        self,
        number: u32,
        credential_id: Option<&str>,
        outer: Option<Scalar<'_>>,
        lines: &mut Lines,
    ) -> Result<(), Fault> {
        let status = self.status.clone().or(outer);
        let mut remark = RemarkRequest::default();
        let mut suspended = self.reason_code == Some(1001);
        if let Some(code) = self.reason_code.filter(|_| !suspended) {
            let reason = Reason::from_code(code).ok_or_else(|| {
                Fault::new(
                    number,
                    Code::Refused,
                    format!("reasonCode {code} is not known"),
                )
            })?;
            remark.reason = Some(reason);
            suspended |= reason == Reason::CertificateHold;
        }
        let wish = self.wish(number, status, suspended)?;
        let index = self.status_list_index.or(self.revocation_list_index);
        let uri = self
            .status_list_credential
            .or(self.revocation_list_credential);
        if index.is_some() != uri.is_some() {
            return Err(Fault::new(
                number,
                Code::Refused,
                "an index without its list, or a list without an index",
            ));
        }
        let fields = Fields {
            token_id: if index.is_some() {
                None
            } else {
                credential_id.map(Cow::Borrowed)
            },
            idx: index.map(Scalar::text),
            uri,
            ..Fields::default()
        };
        let names = fields.names(number)?;
        lines.set(number, names, wish, None, remark);
        Ok(())
    }

    /// What the status means: `true`, 1, "1" or nothing sets the purpose, `false` or 0 clears it;
    /// another number is the value itself.
    fn wish(
        &self,
        number: u32,
        given: Option<Scalar<'_>>,
        suspended: bool,
    ) -> Result<LineWish, Fault> {
        let purpose = self.status_purpose.as_deref().or(self.purpose.as_deref());
        let kind = self.kind.as_deref().unwrap_or_default();
        if let Some(other) = Some(kind).filter(|kind| !kind.is_empty() && !is_known(kind)) {
            let text = format!("credentialStatus of type '{other}' is not known");
            return Err(Fault::new(number, Code::Refused, text));
        }
        let suspension = match purpose {
            _ if suspended => true,
            None | Some("revocation") => false,
            Some("suspension") => true,
            Some(other) => {
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
                text => return status(number, text).map(LineWish::Set),
            },
        };
        Ok(match (suspension, set) {
            (false, true) => LineWish::Set(Status::INVALID.value()),
            (false, false) => LineWish::Unrevoke,
            (true, true) => LineWish::Suspend,
            (true, false) => LineWish::Unsuspend,
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

impl<'a> Scalar<'a> {
    fn text(self) -> Cow<'a, str> {
        match self {
            Self::Boolean(value) => Cow::Owned(value.to_string()),
            Self::Number(value) => Cow::Owned(value.to_string()),
            Self::Text(text) => text,
        }
    }
}

/// What is wrong with a line, without the line number that the parser counts from its own start.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((what, _)) => format!("{what}, at column {}", error.column()),
        None => text,
    }
}

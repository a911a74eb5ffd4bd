//! Operations in JSON: our own, and the status-issuer integration guide's. Those of VC API and VCALM
//! are in `credential_status`.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::credential_status::{Around, CredentialStatus};
use super::faults::Fault;
use super::fields::{Defaults, Fields};
use super::lines::Lines;
use super::members::{WrongMember, wrong_member};
use super::shapes::{Object, OneOrMany, Scalar};
use crate::commands::{Code, Error};
use crate::list::{ListNumber, TokenId};
use crate::wire::text::echo;
use crate::wire::text::looks_secret;

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
    #[serde(borrow)]
    document_path: Option<Vec<Cow<'a, str>>>,
    count: Option<u64>,
    #[serde(borrow)]
    token_ids: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow)]
    initial_status: Option<Scalar<'a>>,
    #[serde(borrow)]
    updates: Option<Vec<Object<Update<'a>>>>,
    #[serde(borrow)]
    credential_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    credential_status: Option<OneOrMany<CredentialStatus<'a>>>,
    /// Who hands out indexes: here it is always the list file.
    #[serde(borrow)]
    index_allocator: Option<Cow<'a, str>>,
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

/// Reads one line of JSON Lines.
pub(super) fn line(number: u32, text: &str, defaults: &Defaults, lines: &mut Lines) {
    match serde_json::from_str::<Object<Body<'_>>>(text) {
        Ok(Object(body)) => {
            if let Err(fault) = body.take(number, defaults, lines) {
                lines.faults.add(fault);
            }
        }
        Err(error) => lines.faults.add(misread(number, text, &error)),
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

impl<'a> Body<'a> {
    fn take(mut self, number: u32, defaults: &Defaults, lines: &mut Lines) -> Result<(), Fault> {
        let refused = |text: &str| Err(Fault::new(number, Code::Refused, text));
        if self.credential_status.is_some() || self.credential_id.is_some() {
            return self.take_credential_status(number, defaults, lines);
        }
        if self.index_allocator.is_some() {
            return refused("indexAllocator goes with credentialStatus");
        }
        if self.op.is_some() && self.operation.is_some() {
            return refused("op and operation: one is enough");
        }
        self.op = self.op.take().or_else(|| self.operation.take());
        let allocates = self.op.as_deref() == Some("allocate");
        if !allocates
            && (self.count.is_some() || self.token_ids.is_some() || self.initial_status.is_some())
        {
            return refused("count, tokenIds and initialStatus go with allocate");
        }
        if self.status.is_some() && self.initial_status.is_some() {
            return refused("status and initialStatus: one is enough");
        }
        match self.updates.take() {
            Some(updates) => self.take_updates(updates, number, defaults, lines),
            None => self.take_one_or_many(number, defaults, lines),
        }
    }

    /// Changes that share what stands beside them.
    fn take_updates(
        self,
        updates: Vec<Object<Update<'a>>>,
        number: u32,
        defaults: &Defaults,
        lines: &mut Lines,
    ) -> Result<(), Fault> {
        let refused = |text: String| Err(Fault::new(number, Code::Refused, text));
        if !matches!(self.op.as_deref(), Some("update" | "set")) {
            return refused("updates goes with update".to_owned());
        }
        let unfit = [
            (self.idx.is_some(), "idx"),
            (self.token_id.is_some(), "tokenId"),
            (self.expires_at.is_some(), "expiresAt"),
            (self.document_hash.is_some(), "documentHash"),
            (self.document_path.is_some(), "documentPath"),
        ];
        if let Some((_, name)) = unfit.iter().find(|(given, _)| *given) {
            return refused(format!("{name} does not go beside updates"));
        }
        if self.list_id.is_some() && self.uri.is_some() {
            return refused("listId and uri: one is enough".to_owned());
        }
        for (place, Object(update)) in updates.into_iter().enumerate() {
            let taken = self
                .complete(update)
                .map_err(|text| Fault::new(number, Code::Refused, text))
                .and_then(|fields| fields.take(number, defaults, lines));
            if let Err(fault) = taken {
                lines.faults.add(fault.at(&format!("/updates/{place}")));
            }
        }
        Ok(())
    }

    /// Adds what stands beside the updates to one of them. What it says itself goes before, but
    /// another list would be another entry.
    fn complete(&self, update: Update<'a>) -> Result<Fields<'a>, String> {
        let mut list_id = update.list_id.map(Scalar::text);
        let mut uri = update.uri;
        let outer = self.list_id.clone().map(Scalar::text);
        match (&outer, &self.uri) {
            (Some(_), _) if uri.is_some() => {
                return Err("uri, and listId beside updates: one is enough".to_owned());
            }
            (_, Some(_)) if list_id.is_some() => {
                return Err("listId, and uri beside updates: one is enough".to_owned());
            }
            (Some(outer), _)
                if list_id
                    .as_ref()
                    .is_some_and(|own| !is_same_list(own, outer)) =>
            {
                return Err("listId is not the one beside updates".to_owned());
            }
            (_, Some(outer)) if uri.as_ref().is_some_and(|own| own != outer) => {
                return Err("uri is not the one beside updates".to_owned());
            }
            _ => {
                list_id = list_id.or(outer);
                uri = uri.or_else(|| self.uri.clone());
            }
        }
        let or_outer = |own: Option<Scalar<'a>>, outer: &Option<Scalar<'a>>| {
            own.or_else(|| outer.clone()).map(Scalar::text)
        };
        Ok(Fields {
            op: self.op.clone(),
            list_id,
            idx: update.idx.map(Scalar::text),
            uri,
            token_id: update.token_id,
            status: or_outer(update.status, &self.status),
            reason: or_outer(update.reason, &self.reason),
            note: update.note.or_else(|| self.note.clone()),
            expected: or_outer(update.expected, &self.expected),
            revoked_at: update.revoked_at.or_else(|| self.revoked_at.clone()),
            free_reasons: true,
            ..Fields::default()
        })
    }

    /// One operation, or allocations for several token ids.
    fn take_one_or_many(
        self,
        number: u32,
        defaults: &Defaults,
        lines: &mut Lines,
    ) -> Result<(), Fault> {
        let refused = |text: &str| Err(Fault::new(number, Code::Refused, text));
        let (count, tokens) = (self.count, self.token_ids);
        let fields = Fields {
            op: self.op,
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
            document_path: self.document_path.unwrap_or_default(),
            free_reasons: true,
        };
        match (count, tokens) {
            (None | Some(1), None) => return fields.take(number, defaults, lines),
            (Some(count), Some(tokens)) if count != tokens.len() as u64 => {
                let text = format!("count is {count}, but there are {} tokenIds", tokens.len());
                return refused(&text);
            }
            (_, Some(tokens)) if fields.token_id.is_none() => {
                for (place, token) in tokens.into_iter().enumerate() {
                    let is_wrong = TokenId::as_written(&token).is_err();
                    let one = Fields {
                        token_id: Some(token),
                        ..fields.clone()
                    };
                    match one.take(number, defaults, lines) {
                        Err(fault) if is_wrong => {
                            lines.faults.add(fault.at(&format!("/tokenIds/{place}")));
                        }
                        // What else there is to say holds for all of them.
                        taken => taken?,
                    }
                }
            }
            (Some(count), None) if fields.token_id.is_none() => {
                // They are all alike: one fault is enough, and so is one too many.
                let faults = lines.faults.count();
                for _ in 0..count {
                    fields.take(number, defaults, lines)?;
                    if lines.faults.count() > faults {
                        break;
                    }
                }
            }
            _ => return refused("tokenId names one entry"),
        }
        Ok(())
    }

    fn take_credential_status(
        self,
        number: u32,
        defaults: &Defaults,
        lines: &mut Lines,
    ) -> Result<(), Fault> {
        let refused = |text: String| Err(Fault::new(number, Code::Refused, text));
        let unfit = [
            (self.op.is_some(), "op"),
            (self.operation.is_some(), "operation"),
            (self.list_id.is_some(), "listId"),
            (self.idx.is_some(), "idx"),
            (self.uri.is_some(), "uri"),
            (self.token_id.is_some(), "tokenId"),
            (self.expires_at.is_some(), "expiresAt"),
            (self.document_hash.is_some(), "documentHash"),
            (self.document_path.is_some(), "documentPath"),
            (self.count.is_some(), "count"),
            (self.token_ids.is_some(), "tokenIds"),
            (self.initial_status.is_some(), "initialStatus"),
            (self.updates.is_some(), "updates"),
        ];
        if let Some((_, name)) = unfit.iter().find(|(given, _)| *given) {
            return refused(format!("{name} does not go with credentialStatus"));
        }
        let statuses = match self.credential_status {
            Some(OneOrMany::One(one)) => vec![*one],
            Some(OneOrMany::Many(many)) => many,
            None => Vec::new(),
        };
        if statuses.is_empty() {
            return refused("there is no credentialStatus".to_owned());
        }
        let around = Around {
            credential_id: self.credential_id,
            status: self.status,
            fields: Fields {
                reason: self.reason.map(Scalar::text),
                note: self.note,
                expected: self.expected.map(Scalar::text),
                revoked_at: self.revoked_at,
                free_reasons: true,
                ..Fields::default()
            },
        };
        for one in statuses {
            one.take(number, &around, defaults, lines)?;
        }
        Ok(())
    }
}

/// Whether two texts are the same number of a list; `00` is another way to write `0`.
fn is_same_list(one: &str, other: &str) -> bool {
    match (one.parse::<ListNumber>(), other.parse::<ListNumber>()) {
        (Ok(one), Ok(other)) => one == other,
        // What is no number is refused where it is read.
        _ => one == other,
    }
}

/// Says what is wrong with a body that could not be read.
fn misread(number: u32, text: &str, error: &serde_json::Error) -> Fault {
    let refused = |what: String| Fault::new(number, Code::Refused, what);
    match wrong_member(text) {
        Some(WrongMember::Unknown {
            place,
            meant,
            known,
        }) => refused(format!("unknown member '{place}'")).hint(match meant {
            Some(meant) => format!("did you mean '{meant}'?"),
            None => format!("the members are {}", known.join(", ")),
        }),
        Some(WrongMember::Twice(place)) => refused(format!("member '{place}' stands twice")),
        None => refused(format!(
            "{}, at column {}",
            without_value(error),
            error.column()
        )),
    }
}

/// What is wrong with a line, without the line number that the parser counts from its own start. It
/// repeats the value that it did not expect, which may be anything.
fn without_value(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text
        .rsplit_once(" at line ")
        .map_or(&*text, |(what, _)| what);
    if looks_secret(what) {
        "a value is of another kind than belongs there".to_owned()
    } else {
        echo(what)
    }
}

#[cfg(test)]
mod tests {
    use super::super::members::{OF_BODY, OF_CREDENTIAL_STATUS, OF_UPDATE};
    use super::*;

    /// The names in the parser's own message: those that are read.
    fn read_by<'de, T: Deserialize<'de>>() -> Vec<String> {
        let error = serde_json::from_str::<T>(r#"{"?":0}"#).err().unwrap();
        let message = error.to_string();
        let (_, names) = message.split_once("expected").unwrap();
        let names = names.split('`').skip(1).step_by(2);
        names.map(str::to_owned).collect()
    }

    #[test]
    fn the_members_that_are_known_are_those_that_are_read() {
        assert_eq!(read_by::<Body<'_>>(), OF_BODY);
        assert_eq!(read_by::<Update<'_>>(), OF_UPDATE);
        assert_eq!(read_by::<CredentialStatus<'_>>(), OF_CREDENTIAL_STATUS);
    }

    #[test]
    fn an_array_of_values_is_no_body() {
        let update = serde_json::to_string(&[0; OF_UPDATE.len()]).unwrap();
        assert!(serde_json::from_str::<Object<Update<'_>>>(&update).is_err());
        let body = serde_json::to_string(&[(); OF_BODY.len()]).unwrap();
        assert!(serde_json::from_str::<Object<Body<'_>>>(&body).is_err());
    }
}

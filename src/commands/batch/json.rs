//! Operations in JSON: our own, and the status-issuer integration guide's. Those of VC API and VCALM
//! are in `credential_status`.

use serde_json::value::RawValue;

use super::bodies::{Bodies, GuideOperation};
use super::fields::refuse;
use super::lines::Lines;
use super::members::{OF_BODY, wrong_member};
use super::shapes::{Fields, Object, OneOrMany, Update};
use crate::commands::Error;
use crate::list::{ListNumber, TokenId};
use crate::wire::text::{echo, looks_secret};

/// Reads one line of JSON Lines.
pub(super) fn line(text: &str, lines: &mut Lines<'_>) {
    let read = serde_json::from_str::<Object<Fields<'_>>>(text);
    let operation = read.as_ref().ok().and_then(|Object(body)| {
        let name = body.operation.as_deref()?;
        GuideOperation::named(name)
    });
    lines.bodies = lines.bodies.and(operation);
    let taken = match read {
        Ok(Object(body)) => body.take_body(lines),
        Err(error) => Err(misread(text, &OF_BODY, &error)),
    };
    if let Err(error) = taken {
        lines.fault(error);
    }
}

/// Reads a document: one object, or an array of them.
pub(super) fn document(text: &[u8], lines: &mut Lines<'_>) -> Result<(), Error> {
    let wrong = |reason: String| Error::refused("the batch is no JSON document").because(reason);
    let text = std::str::from_utf8(text).map_err(|_| wrong("it is not UTF-8".to_owned()))?;
    let values: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        // However many there are in it, they are answered as several.
        lines.bodies = Bodies::Others;
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
        lines.number = u32::try_from(counted.1).unwrap_or(u32::MAX);
        line(value, lines);
    }
    Ok(())
}

impl<'a> Fields<'a> {
    /// Makes lines of a body.
    fn take_body(mut self, lines: &mut Lines<'_>) -> Result<(), Error> {
        let refused = |text: &str| Err(Error::refused(text));
        if self.credential_status.is_some() || self.credential_id.is_some() {
            return self.take_credential_status(lines);
        }
        if self.index_allocator.is_some() {
            return refused("indexAllocator goes with credentialStatus");
        }
        if self.op.is_some() && self.operation.is_some() {
            return refused("op and operation: one is enough");
        }
        self.op = self.op.or(self.operation.take());
        if self.op.as_deref() != Some("allocate")
            && (self.count.is_some() || self.token_ids.is_some() || self.initial_status.is_some())
        {
            return refused("count, tokenIds and initialStatus go with allocate");
        }
        if self.status.is_some() && self.initial_status.is_some() {
            return refused("status and initialStatus: one is enough");
        }
        match self.updates.take() {
            Some(updates) => self.take_updates(updates, lines),
            None => self.take_one_or_many(lines),
        }
    }

    /// Changes that share what stands beside them.
    fn take_updates(
        self,
        updates: Vec<Object<Update<'a>>>,
        lines: &mut Lines<'_>,
    ) -> Result<(), Error> {
        if !matches!(self.op.as_deref(), Some("update" | "set")) {
            return Err(Error::refused("updates goes with update"));
        }
        let unfit = [
            (self.idx.is_some(), "idx"),
            (self.token_id.is_some(), "tokenId"),
            (self.group.is_some(), "group"),
            (self.expires_at.is_some(), "expiresAt"),
            (self.document_hash.is_some(), "documentHash"),
            (self.document_path.is_some(), "documentPath"),
        ];
        refuse(&unfit, "does not go beside updates")?;
        if self.list_id.is_some() && self.uri.is_some() {
            return Err(Error::refused("listId and uri: one is enough"));
        }
        for (place, Object(update)) in updates.into_iter().enumerate() {
            let fields = self.complete(update).map_err(Error::refused);
            if let Err(error) = fields.and_then(|fields| fields.take(lines)) {
                lines.fault(at(&format!("/updates/{place}"), error));
            }
        }
        Ok(())
    }

    /// Adds what stands beside the updates to one of them. What it says itself goes before, but
    /// another list would be another entry.
    fn complete(&self, update: Update<'a>) -> Result<Fields<'a>, &'static str> {
        let (own_list, own_uri) = (&update.list_id, &update.uri);
        match (&self.list_id, &self.uri) {
            (Some(_), _) if own_uri.is_some() => {
                return Err("uri, and listId beside updates: one is enough");
            }
            (_, Some(_)) if own_list.is_some() => {
                return Err("listId, and uri beside updates: one is enough");
            }
            (Some(outer), _)
                if own_list
                    .as_ref()
                    .is_some_and(|own| !is_same_list(own, outer)) =>
            {
                return Err("listId is not the one beside updates");
            }
            (_, Some(outer)) if own_uri.as_ref().is_some_and(|own| own != outer) => {
                return Err("uri is not the one beside updates");
            }
            _ => {}
        }
        Ok(Fields {
            op: self.op.clone(),
            list_id: update.list_id.or_else(|| self.list_id.clone()),
            idx: update.idx,
            uri: update.uri.or_else(|| self.uri.clone()),
            token_id: update.token_id,
            group: update.group,
            status: update.status.or_else(|| self.status.clone()),
            reason: update.reason.or_else(|| self.reason.clone()),
            note: update.note.or_else(|| self.note.clone()),
            expected: update.expected.or_else(|| self.expected.clone()),
            revoked_at: update.revoked_at.or_else(|| self.revoked_at.clone()),
            ..Fields::default()
        })
    }

    /// One operation, or allocations for several token ids.
    fn take_one_or_many(mut self, lines: &mut Lines<'_>) -> Result<(), Error> {
        self.status = self.status.or(self.initial_status.take());
        match (self.count, self.token_ids.take()) {
            (None | Some(1), None) => return self.take(lines),
            (Some(count), Some(tokens)) if count != tokens.len() as u64 => {
                let text = format!("count is {count}, but there are {} tokenIds", tokens.len());
                return Err(Error::refused(text));
            }
            (_, Some(tokens)) if self.token_id.is_none() => {
                for (place, token) in tokens.into_iter().enumerate() {
                    let is_wrong = TokenId::as_written(&token).is_err();
                    self.token_id = Some(token);
                    match self.take(lines) {
                        Err(error) if is_wrong => {
                            lines.fault(at(&format!("/tokenIds/{place}"), error));
                        }
                        // What else there is to say holds for all of them.
                        taken => taken?,
                    }
                }
            }
            (Some(count), None) if self.token_id.is_none() => {
                // They are all alike: one fault is enough, and so is one too many.
                let faults = lines.faults.count();
                for _ in 0..count {
                    self.take(lines)?;
                    if lines.faults.count() > faults {
                        break;
                    }
                }
            }
            _ => return Err(Error::refused("tokenId names one entry")),
        }
        Ok(())
    }

    fn take_credential_status(mut self, lines: &mut Lines<'_>) -> Result<(), Error> {
        let unfit = [
            (self.op.is_some(), "op"),
            (self.operation.is_some(), "operation"),
            (self.list_id.is_some(), "listId"),
            (self.idx.is_some(), "idx"),
            (self.uri.is_some(), "uri"),
            (self.token_id.is_some(), "tokenId"),
            (self.group.is_some(), "group"),
            (self.expires_at.is_some(), "expiresAt"),
            (self.document_hash.is_some(), "documentHash"),
            (self.document_path.is_some(), "documentPath"),
            (self.count.is_some(), "count"),
            (self.token_ids.is_some(), "tokenIds"),
            (self.initial_status.is_some(), "initialStatus"),
            (self.updates.is_some(), "updates"),
        ];
        refuse(&unfit, "does not go with credentialStatus")?;
        let statuses = self.credential_status.take();
        match statuses.map(|OneOrMany(statuses)| statuses) {
            Some(statuses) if !statuses.is_empty() => statuses
                .iter()
                .try_for_each(|status| status.take(&self, lines)),
            _ => Err(Error::refused("there is no credentialStatus")),
        }
    }
}

/// Says where in a body a fault is (RFC 6901).
fn at(pointer: &str, error: Error) -> Error {
    Error {
        message: format!("{pointer}: {}", error.message),
        ..error
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
pub(super) fn misread(
    text: &str,
    members: &'static [&'static str],
    error: &serde_json::Error,
) -> Error {
    wrong_member(text, members).unwrap_or_else(|| {
        let what = without_value(error);
        Error::refused(format!("{what}, at column {}", error.column()))
    })
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
    use super::super::members::tests::read_by;
    use super::super::members::{OF_CREDENTIAL_STATUS, OF_UPDATE};
    use super::super::shapes::CredentialStatus;
    use super::*;

    #[test]
    fn the_members_that_are_known_are_those_that_are_read() {
        assert_eq!(read_by::<Fields<'_>>(), OF_BODY);
        assert_eq!(read_by::<Update<'_>>(), OF_UPDATE);
        assert_eq!(read_by::<CredentialStatus<'_>>(), OF_CREDENTIAL_STATUS);
    }

    #[test]
    fn an_array_of_values_is_no_body() {
        let update = serde_json::to_string(&[0; OF_UPDATE.len()]).unwrap();
        assert!(serde_json::from_str::<Object<Update<'_>>>(&update).is_err());
        let body = serde_json::to_string(&[(); OF_BODY.len()]).unwrap();
        assert!(serde_json::from_str::<Object<Fields<'_>>>(&body).is_err());
    }
}

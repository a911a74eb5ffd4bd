//! The bodies of the status-issuer integration guide that are about one entry: they stand for
//! options of `allocate` and `set`.

use std::borrow::Cow;
use std::path::Path;

use serde::Deserialize;

use super::fields::time;
use super::input::refuse_key;
use super::json::misread;
use super::shapes::{Object, scalar};
use crate::commands::{Context, Error};
use crate::list::{StatedReason, StatusName, Timestamp, TokenId};

/// The most bytes of a body about one entry.
const LIMIT: u64 = 1 << 20;

/// What a body says of an entry that is to be handed out.
pub(crate) struct AllocateBody {
    pub(crate) token: Option<TokenId>,
    pub(crate) status: Option<StatusName>,
    pub(crate) expires: Option<Timestamp>,
}

/// What a body says that an entry is to become. Which entry, the guide says in the path.
pub(crate) struct UpdateBody {
    pub(crate) status: StatusName,
    pub(crate) reason: Option<StatedReason>,
    pub(crate) since: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AllocateMembers<'a> {
    token_id: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    initial_status: Option<Cow<'a, str>>,
    expires_at: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UpdateMembers<'a> {
    #[serde(borrow, default, deserialize_with = "scalar")]
    status: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    reason: Option<Cow<'a, str>>,
    revoked_at: Option<Cow<'a, str>>,
}

const OF_ALLOCATE: [&str; 3] = ["tokenId", "initialStatus", "expiresAt"];
const OF_UPDATE: [&str; 3] = ["status", "reason", "revokedAt"];

impl AllocateBody {
    /// Reads a file, or standard input where it is `-`.
    ///
    /// # Errors
    /// It cannot be read, or says what such a body cannot say.
    pub(crate) fn read(path: &Path, context: &Context<'_>) -> Result<Self, Error> {
        let text = text(path, context)?;
        let body: AllocateMembers<'_> = parse(&text, &OF_ALLOCATE)?;
        let token = body.token_id.as_deref().map(TokenId::as_written);
        Ok(Self {
            token: token
                .transpose()
                .map_err(|error| of_body(Error::refused(format!("tokenId: {error}"))))?,
            status: status(body.initial_status)?,
            expires: time("expiresAt", body.expires_at.as_deref(), Timestamp::or_date)
                .map_err(of_body)?,
        })
    }
}

impl UpdateBody {
    /// Reads a file, or standard input where it is `-`.
    ///
    /// # Errors
    /// It cannot be read, says what such a body cannot say, or has no status.
    pub(crate) fn read(path: &Path, context: &Context<'_>) -> Result<Self, Error> {
        let text = text(path, context)?;
        let body: UpdateMembers<'_> = parse(&text, &OF_UPDATE)?;
        let missing = || of_body(Error::refused("there is no status"));
        Ok(Self {
            status: status(body.status)?.ok_or_else(missing)?,
            reason: body.reason.as_deref().map(StatedReason::of),
            since: time("revokedAt", body.revoked_at.as_deref(), str::parse).map_err(of_body)?,
        })
    }
}

fn text(path: &Path, context: &Context<'_>) -> Result<String, Error> {
    let bytes = context.read_file(path, LIMIT)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    refuse_key(text).map_err(|error| Error {
        message: "--body: it looks like a key".to_owned(),
        ..error.hint("name the file with the body")
    })?;
    let text = std::str::from_utf8(text);
    text.map(str::to_owned)
        .map_err(|_| of_body(Error::refused("it is not UTF-8")))
}

fn parse<'a, T: Deserialize<'a>>(
    text: &'a str,
    members: &'static [&'static str],
) -> Result<T, Error> {
    match serde_json::from_str::<Object<T>>(text) {
        Ok(Object(body)) => Ok(body),
        Err(error) => Err(of_body(misread(text, members, &error))),
    }
}

fn status(text: Option<Cow<'_, str>>) -> Result<Option<StatusName>, Error> {
    let name = text.map(|text| text.parse::<StatusName>());
    name.transpose().map_err(|error| of_body(error.into()))
}

/// Says that it is the body in which something is wrong.
fn of_body(error: Error) -> Error {
    Error {
        message: format!("--body: {}", error.message),
        ..error
    }
}

#[cfg(test)]
mod tests {
    use super::super::members::tests::read_by;
    use super::*;

    #[test]
    fn the_members_that_are_known_are_those_that_are_read() {
        assert_eq!(read_by::<AllocateMembers<'_>>(), OF_ALLOCATE);
        assert_eq!(read_by::<UpdateMembers<'_>>(), OF_UPDATE);
    }
}

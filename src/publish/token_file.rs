//! One token of a publication.

use std::path::Path;

use super::aggregation::Member;
use super::guard::Log;
use super::responder::target;
use super::statement::Statement;
use crate::commands::publish_report::{Action, Line};
use crate::commands::{Code, Context, Error};
use crate::list::{ListNumber, Timestamp, View};
use crate::site::{Digest, Entry, SitePath};
use crate::store::{Hash, Publication};

/// One token that a site should hold.
pub(crate) struct Item<'a> {
    pub(crate) file: &'a Path,
    pub(crate) list: ListNumber,
    pub(crate) view: View,
    pub(crate) uri: String,
    pub(crate) path: SitePath,
    pub(crate) statement: Statement,
    pub(crate) head: (i64, Hash),
    pub(crate) log: Log<'a>,
}

impl Item<'_> {
    pub(crate) fn expires_at(&self) -> i64 {
        self.statement.claims.expires_at.unwrap_or(i64::MAX)
    }

    pub(crate) fn member(&self) -> Member<'_> {
        Member {
            uri: &self.uri,
            view: self.view,
            aggregation: self.statement.series().aggregation_uri.as_deref(),
            chain: Digest::from(self.head.1),
        }
    }

    /// A token that is expired when it is written serves nobody; with `--now` the caller knows.
    pub(crate) fn refuse_expired(&self, context: &Context<'_>) -> Result<(), Error> {
        let expires = Timestamp::from_second(self.expires_at());
        if context.clock.given.is_none() && expires <= context.clock.real {
            return Err(Error::new(
                Code::Refused,
                format!(
                    "the token of list {} would be expired at {expires}",
                    self.list
                ),
            )
            .hint("a longer --valid-for"));
        }
        Ok(())
    }

    pub(crate) fn entry(&self, token: &[u8]) -> Entry {
        Entry {
            sha256: Digest::of(token),
            bytes: token.len() as u64,
            issued_at: self.statement.claims.issued_at,
            expires_at: self.statement.claims.expires_at,
            media_type: self.statement.media_type().to_owned(),
            chain: Digest::from(self.head.1),
        }
    }

    pub(crate) fn line(&self, action: Action, because: &str, bytes: u64) -> Line {
        Line {
            path: self.path.as_str().to_owned(),
            uri: self.uri.clone(),
            list_id: self.list.to_string(),
            view: self.view,
            action,
            because: because.to_owned(),
            bytes,
            issued_at: Timestamp::from_second(self.statement.claims.issued_at),
            expires_at: Timestamp::from_second(self.expires_at()),
        }
    }

    pub(crate) fn record(&self, root: &Path, token: &[u8]) -> Publication {
        Publication {
            list: self.list,
            view: self.view.name().to_owned(),
            rev: self.head.0,
            issued_at: Timestamp::from_second(self.statement.claims.issued_at),
            expires_at: self.statement.claims.expires_at.map(Timestamp::from_second),
            sha256: *Digest::of(token).as_bytes(),
            target: target(root),
        }
    }
}

//! One token of a publication.

use std::path::Path;

use super::aggregation::Member;
use super::guard::Log;
use super::publish_documents::target;
use super::publish_report::{Action, Line};
use super::tokens::Statement;
use super::{Code, Context, Error};
use crate::list::{ListNumber, Timestamp, View};
use crate::site::{Digest, Entry, SitePath};
use crate::store::{Head, Publication};

/// One token that a site should hold.
pub(super) struct Item<'a> {
    pub(super) file: &'a Path,
    pub(super) list: ListNumber,
    pub(super) view: View,
    pub(super) uri: String,
    pub(super) path: SitePath,
    pub(super) statement: Statement,
    pub(super) head: Head,
    pub(super) log: Log<'a>,
}

impl Item<'_> {
    pub(super) fn expires_at(&self) -> i64 {
        self.statement.claims.expires_at.unwrap_or(i64::MAX)
    }

    pub(super) fn member(&self) -> Member<'_> {
        Member {
            uri: &self.uri,
            view: self.view,
            aggregation: self.statement.series().aggregation_uri.as_deref(),
            chain: Digest::from(self.head.chain),
        }
    }

    /// A token that is expired when it is written serves nobody; with `--now` the caller knows.
    pub(super) fn refuse_expired(&self, context: &Context<'_>) -> Result<(), Error> {
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

    pub(super) fn entry(&self, token: &[u8]) -> Entry {
        Entry {
            sha256: Digest::of(token),
            bytes: token.len() as u64,
            issued_at: self.statement.claims.issued_at,
            expires_at: self.statement.claims.expires_at,
            media_type: self.statement.media_type().to_owned(),
            chain: Digest::from(self.head.chain),
        }
    }

    pub(super) fn line(&self, action: Action, because: &str, bytes: u64) -> Line {
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

    pub(super) fn record(&self, root: &Path, token: &[u8]) -> Publication {
        Publication {
            list: self.list,
            view: self.view.name().to_owned(),
            rev: self.head.rev,
            issued_at: Timestamp::from_second(self.statement.claims.issued_at),
            expires_at: self.statement.claims.expires_at.map(Timestamp::from_second),
            sha256: *Digest::of(token).as_bytes(),
            target: target(root),
        }
    }
}

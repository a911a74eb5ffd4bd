//! One token of a publication.

use super::edition::Edition;
use super::error::PublishError;
use super::guard::Provenance;
use super::rules::Rules;
use super::statement::Statement;
use crate::list::Timestamp;
use crate::site::{Digest, ManifestEntry, SitePath};
use crate::store::Publication;

/// One token that a site should hold.
pub(crate) struct TokenFile<'a> {
    pub(crate) path: SitePath,
    pub(crate) statement: Statement,
    /// Where what is there comes from.
    pub(crate) provenance: Provenance<'a>,
}

impl<'a> TokenFile<'a> {
    pub(crate) fn uri(&self) -> &str {
        &self.statement.claims.subject
    }

    pub(crate) fn edition(&self) -> &Edition<'a> {
        &self.provenance.edition
    }

    pub(crate) fn expires_at(&self) -> Timestamp {
        let expires_at = self.statement.claims.expires_at;
        Timestamp::from_second(expires_at.unwrap_or(i64::MAX))
    }

    /// A token that is expired when it is written serves nobody.
    pub(crate) fn refuse_expired(&self, rules: &Rules) -> Result<(), PublishError> {
        let at = self.expires_at();
        match rules.unexpired_at {
            Some(real) if at <= real => Err(PublishError::Expired {
                list: self.provenance.list,
                at,
            }),
            _ => Ok(()),
        }
    }

    /// What the manifest says of the token.
    pub(crate) fn entry(&self, token: &[u8]) -> ManifestEntry {
        ManifestEntry {
            sha256: Digest::of(token),
            bytes: token.len() as u64,
            issued_at: self.statement.claims.issued_at,
            expires_at: self.statement.claims.expires_at,
            media_type: self.statement.media_type().to_owned(),
            chain: self.edition().chain,
        }
    }

    /// How the list file remembers a token in a target.
    pub(crate) fn record(&self, sha256: Digest, target: &str) -> Publication {
        let claims = &self.statement.claims;
        Publication {
            list: self.provenance.list,
            view: self.statement.view.name().to_owned(),
            rev: self.edition().revision,
            issued_at: Timestamp::from_second(claims.issued_at),
            expires_at: claims.expires_at.map(Timestamp::from_second),
            sha256: *sha256.as_bytes(),
            target: target.to_owned(),
        }
    }
}

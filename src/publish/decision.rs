//! Whether a token of a site is written, kept, or must not be touched: never back, never sideways.

use super::departure::Lifted;
use super::error::{Conflict, Maker, PublishError};
use super::file::SiteFile;
use super::guard::Provenance;
use super::incumbent::Incumbent;
use super::key::TokenSigner;
use super::rules::{Permission, Renewal, Rules};
use super::site::Site;
use super::statement::Statement;
use crate::list::Timestamp;
use crate::site::{ManifestEntry, SitePath};
use crate::store::Origin;
use crate::token::InflateLimit;

/// One token that a site should hold.
pub(crate) struct PublishableToken {
    pub(crate) path: SitePath,
    pub(crate) statement: Statement,
    /// Where what is there comes from.
    pub(crate) provenance: Provenance,
}

/// A token, and the file that it is.
pub(crate) struct PlannedToken {
    pub(crate) token: PublishableToken,
    /// Why it is written; `None` if what is there stays.
    pub(crate) cause: Option<Cause>,
    pub(crate) file: SiteFile,
}

/// Why a token is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    NotThere,
    Asked,
    OtherKey,
    NotInManifest,
    OtherList,
    OtherClaims,
    OtherCertificates,
    HalfOfValidity,
}

impl PublishableToken {
    /// Decides about the token. `lifted` gets the entries that it would let leave a final status:
    /// some only if going back was allowed.
    ///
    /// # Errors
    /// What is there is newer, of another history, not ours, or signed with another key; or the
    /// token cannot be made, or would be expired.
    pub(crate) fn decide(
        self,
        key: &TokenSigner,
        site: &Site<'_>,
        rules: &Rules,
        lifted: &mut Vec<Lifted>,
    ) -> Result<PlannedToken, PublishError> {
        let found = site.read(&self.path, rules.limit)?;
        self.provenance.refuse_foreign(&self.path, rules)?;
        let cause = if let Some(found) = &found {
            // What the list file itself holds is in memory already, however large.
            let limit = InflateLimit::new(rules.max_inflated.max(self.statement.inflated()));
            let (statement, now) = (&self.statement, rules.now);
            let entry = site.entry(&self.path);
            let slot = Slot {
                token: &self,
                entry,
                is_described: entry.is_some_and(|entry| entry.matches(found)),
                there: Incumbent::read(found, statement, &key.named, now, limit),
                rules,
            };
            lifted.extend(slot.guard()?);
            slot.cause()
        } else {
            self.provenance.confirm(rules)?;
            Some(Cause::NotThere)
        };
        let expected = site.expects(found.as_deref());
        let bytes = if let (None, Some(found)) = (cause, found) {
            found
        } else {
            let token = self.statement.signed(key)?;
            self.refuse_expired(rules)?;
            token
        };
        let file = SiteFile {
            path: self.path.clone(),
            write: cause.map(|_| expected),
            bytes,
            media_type: self.statement.media_type(),
            chain: self.provenance.edition.chain,
            expires_at: self.statement.claims.expires_at,
        };
        Ok(PlannedToken {
            token: self,
            cause,
            file,
        })
    }

    pub(crate) fn uri(&self) -> &str {
        &self.statement.claims.subject
    }

    /// When the token expires; a token without an end does so at the end of time.
    pub(crate) fn expires_at(&self) -> Timestamp {
        let expires_at = self.statement.claims.expires_at;
        Timestamp::from_second(expires_at.unwrap_or(i64::MAX))
    }

    /// A token that is expired when it is written serves nobody.
    fn refuse_expired(&self, rules: &Rules) -> Result<(), PublishError> {
        let at = self.expires_at();
        match rules.unexpired_at {
            Some(real) if at <= real => Err(PublishError::Expired {
                list: self.provenance.list,
                at,
            }),
            _ => Ok(()),
        }
    }
}

/// One place in a site: what belongs there, and what is there.
struct Slot<'a> {
    token: &'a PublishableToken,
    /// What the manifest says of what is there.
    entry: Option<&'a ManifestEntry>,
    /// Whether that is true.
    is_described: bool,
    there: Incumbent<'a>,
    rules: &'a Rules,
}

impl Slot<'_> {
    /// Refuses to replace what must stay, and returns the entries that would leave a final status.
    fn guard(&self) -> Result<Option<Lifted>, PublishError> {
        let rules = self.rules;
        if !rules.may_roll_back() {
            if !self.is_described {
                self.refuse_unknown()?;
            }
            self.refuse_newer()?;
            if !self.there.signed_by_us && rules.new_key == Permission::Refused {
                return Err(Conflict::OtherKey.at(&self.token.path));
            }
        }
        if !self.there.same_list {
            self.token.provenance.confirm(rules)?;
        }
        self.lifted()
    }

    /// Why what is there is replaced; `None` if it is current and fresh.
    fn cause(&self) -> Option<Cause> {
        let there = &self.there;
        let causes = [
            (self.rules.renewal == Renewal::Always, Cause::Asked),
            (!there.signed_by_us, Cause::OtherKey),
            (!self.is_described, Cause::NotInManifest),
            (!there.same_list, Cause::OtherList),
            (!there.same_claims, Cause::OtherClaims),
            (!there.same_certificates, Cause::OtherCertificates),
            (there.renewal_is_due(self.rules.now), Cause::HalfOfValidity),
        ];
        let mut causes = causes.into_iter();
        causes.find(|(holds, _)| *holds).map(|(_, cause)| cause)
    }

    /// Compares the statuses that are there with those that belong there: whatever the manifest
    /// says, a final status stays unless a revision of the list file let it go.
    fn lifted(&self) -> Result<Option<Lifted>, PublishError> {
        let PublishableToken {
            path,
            statement,
            provenance,
        } = self.token;
        let shown = match (self.there.same_list, &self.there.shown) {
            (false, Some(Ok(shown))) => shown,
            (false, Some(Err(other))) if other.finals > 0 => {
                let profile = statement.series.profile;
                let lifted = Lifted::unnamed(path, other.finals, other.reason, profile);
                return Ok(Some(lifted));
            }
            _ => return Ok(None),
        };
        let is_current = match provenance.origin {
            Origin::Revision(published) => published >= provenance.changed,
            // What was final in this file stayed when the other was taken over.
            Origin::Adopted(_) | Origin::Unknown | Origin::Foreign => false,
        };
        if self.is_described && is_current && !self.rules.may_roll_back() {
            // They have not changed in the register, and yet they are others.
            let (list, file) = (provenance.list, provenance.edition.file.to_path_buf());
            return Err(Conflict::OtherStatuses { list, file }.at(path));
        }
        match provenance.lifted(path, shown, statement, self.rules)? {
            Some(lifted) if !self.rules.may_roll_back() => {
                let maker = if self.is_described {
                    Maker::ThisFile
                } else {
                    Maker::Others
                };
                Err(provenance.lost(lifted, maker))
            }
            lifted => Ok(lifted),
        }
    }

    /// A file that the manifest does not know, or knows with other statement, is ours only if a
    /// publication was interrupted: signed with the same key, and not older than the entry (both
    /// may be of one second) or with the very statuses that this list file has.
    fn refuse_unknown(&self) -> Result<(), PublishError> {
        let interrupted = match self.entry {
            Some(entry) => self
                .there
                .issued_at
                .is_some_and(|issued| issued.second() >= entry.issued_at),
            None => self.there.same_list,
        };
        if self.there.signed_by_us && interrupted {
            return Ok(());
        }
        Err(Conflict::unknown(self.entry).at(&self.token.path))
    }

    /// Readers tell an older token by its `iat` alone.
    fn refuse_newer(&self) -> Result<(), PublishError> {
        let now = Timestamp::from_second(self.token.statement.claims.issued_at);
        match self.there.issued_at {
            Some(issued) if issued > now => {
                Err(Conflict::Newer { issued, now }.at(&self.token.path))
            }
            _ => Ok(()),
        }
    }
}

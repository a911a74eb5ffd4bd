//! Whether a token of a site is written, kept, or must not be touched: never back, never sideways.

use super::departure::Lifted;
use super::error::{Conflict, Maker, PublishError};
use super::incumbent::Incumbent;
use super::key::SigningKey;
use super::rules::{Permission, Renewal, Rules};
use super::site::Site;
use super::token_file::TokenFile;
use crate::list::Timestamp;
use crate::site::{ManifestEntry, Precondition};
use crate::store::Origin;
use crate::token::InflateLimit;

/// What is to be done.
pub(crate) enum Decision {
    /// What is there is current and fresh.
    Keep { token: Vec<u8> },
    /// This token belongs there.
    Write {
        cause: Cause,
        token: Vec<u8>,
        /// What must be there still when it is written.
        expected: Precondition,
        /// The entries that it would let leave a final status: some only if going back was allowed.
        lifted: Option<Box<Lifted>>,
    },
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

impl Decision {
    /// The token that is there afterwards.
    pub(crate) fn token(&self) -> &[u8] {
        match self {
            Self::Keep { token } | Self::Write { token, .. } => token,
        }
    }

    /// The entries that it lets leave a final status.
    pub(crate) fn take_lifted(&mut self) -> Option<Lifted> {
        match self {
            Self::Keep { .. } => None,
            Self::Write { lifted, .. } => lifted.take().map(|lifted| *lifted),
        }
    }
}

/// What decides about the tokens of a site.
pub(crate) struct Decider<'a> {
    pub(crate) site: Site<'a>,
    pub(crate) key: &'a SigningKey,
    pub(crate) rules: &'a Rules,
}

impl Decider<'_> {
    /// Decides about one token.
    ///
    /// # Errors
    /// What is there is newer, of another history, not ours, or signed with another key; or the
    /// token cannot be made, or would be expired.
    pub(crate) fn decide(&self, file: &TokenFile<'_>) -> Result<Decision, PublishError> {
        let found = self.site.read(&file.path, self.rules.limit)?;
        // The manifest names the state that the file there was made from. This list file must have
        // had it, or it is older, a copy that went another way, or another list file.
        if file.provenance.origin == Origin::Foreign && !self.rules.may_roll_back() {
            return Err(Conflict::OtherHistory.at(&file.path));
        }
        let Some(found) = found else {
            file.provenance.confirm(self.rules)?;
            return self.write(file, Cause::NotThere, None, None);
        };
        // What the list file itself holds is in memory already, however large.
        let limit = self.rules.max_inflated.max(file.statement.inflated());
        let entry = self.site.entry(&file.path);
        let mut slot = Slot {
            file,
            entry,
            is_described: entry.is_some_and(|entry| entry.matches(&found)),
            there: Incumbent::read(
                &found,
                &file.statement,
                &self.key.named,
                self.rules.now,
                InflateLimit::new(limit),
            ),
            rules: self.rules,
        };
        let lifted = slot.guard()?;
        // A whole list, which is not needed any more.
        slot.there.shown = None;
        match slot.cause() {
            Some(cause) => self.write(file, cause, Some(&found), lifted),
            None => Ok(Decision::Keep { token: found }),
        }
    }

    fn write(
        &self,
        file: &TokenFile<'_>,
        cause: Cause,
        found: Option<&[u8]>,
        lifted: Option<Lifted>,
    ) -> Result<Decision, PublishError> {
        let token = file.statement.signed(self.key)?;
        file.refuse_expired(self.rules)?;
        Ok(Decision::Write {
            cause,
            token,
            expected: self.site.expects(found),
            lifted: lifted.map(Box::new),
        })
    }
}

/// One place in a site: what belongs there, and what is there.
struct Slot<'a> {
    file: &'a TokenFile<'a>,
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
                return Err(self.conflict(Conflict::OtherKey));
            }
        }
        if !self.there.same_list {
            self.file.provenance.confirm(rules)?;
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

    fn conflict(&self, reason: Conflict) -> PublishError {
        reason.at(&self.file.path)
    }

    /// Compares the statuses that are there with those that belong there: whatever the manifest
    /// says, a final status stays unless a revision of the list file let it go.
    fn lifted(&self) -> Result<Option<Lifted>, PublishError> {
        let (path, statement) = (&self.file.path, &self.file.statement);
        let provenance = &self.file.provenance;
        let shown = match (self.there.same_list, &self.there.shown) {
            (false, Some(Ok(shown))) => shown,
            (false, Some(Err(other))) if other.finals > 0 => {
                let profile = statement.series().profile;
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
            return Err(provenance.other_statuses(path));
        }
        match provenance.lifted(path, shown, statement, self.rules)? {
            Some(lifted) if !self.rules.may_roll_back() => Err(PublishError::Lost {
                lifted: Box::new(lifted),
                file: provenance.edition.file.to_owned(),
                maker: if self.is_described {
                    Maker::ThisFile
                } else {
                    Maker::Others
                },
            }),
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
        Err(self.conflict(Conflict::unknown(self.entry)))
    }

    /// Readers tell an older token by its `iat` alone.
    fn refuse_newer(&self) -> Result<(), PublishError> {
        let now = Timestamp::from_second(self.file.statement.claims.issued_at);
        match self.there.issued_at {
            Some(issued) if issued > now => Err(self.conflict(Conflict::Newer { issued, now })),
            _ => Ok(()),
        }
    }
}

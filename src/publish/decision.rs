//! Whether a token of a site is written, kept, or must not be touched: never back, never sideways.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::rc::Rc;

use super::departure::Lifted;
use super::error::{Conflict, Maker, PublishError};
use super::file::SiteFile;
use super::ground::Ground;
use super::guard::Provenance;
use super::incumbent::{Incumbent, is_signed_by};
use super::key::{NamedKey, TokenPlace, TokenSigner};
use super::keys::KeyRow;
use super::rules::{Permission, Renewal, Rules, Timing};
use super::statement::Statement;
use crate::list::{Due, Duration, Policy, Series, Timestamp, Validity, View};
use crate::sign::PublicKey;
use crate::site::{ManifestEntry, Precondition, SitePath};
use crate::store::Origin;
use crate::token::InflateLimit;

/// One token that a site should hold.
pub(crate) struct PublishableToken {
    pub(crate) path: SitePath,
    pub(crate) statement: Statement,
    /// Where what is there comes from.
    pub(crate) provenance: Provenance,
}

/// A token that a site should hold, without its list, and the file that it is.
pub(crate) struct PlannedToken {
    pub(crate) uri: String,
    pub(crate) view: View,
    pub(crate) series: Rc<Series>,
    pub(crate) issued_at: Timestamp,
    /// How long a copy may be kept, in seconds.
    pub(crate) time_to_live: Option<u64>,
    pub(crate) provenance: Provenance,
    /// Why it is written; `None` if what is there stays.
    pub(crate) cause: Option<Cause>,
    /// Whether changes wait that it does not show, and will not show before it is due.
    pub(crate) waits: bool,
    /// When it is to be replaced next, if nothing else changes.
    pub(crate) due: Option<Due>,
    pub(crate) file: SiteFile,
}

/// What becomes of what is in the place of a token.
pub(crate) enum Decision {
    Stays(Staying),
    /// The token is written there.
    Written(Writing),
}

/// A token that stays in its place.
pub(crate) struct Staying {
    pub(crate) bytes: Vec<u8>,
    pub(crate) validity: Validity,
    /// When the changes are due that it does not show.
    waits: Option<Due>,
}

/// What is known of a token that is in some place.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    issued_at: Option<Timestamp>,
    /// The revision that it was made from, as far as that is known.
    revision: Option<i64>,
}

/// Why a token is written, and what must be in its place still.
#[derive(Clone, Copy)]
pub(crate) struct Writing {
    pub(crate) cause: Cause,
    pub(crate) expected: Precondition,
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
    NewerElsewhere,
    /// So much of its validity is left; `None`: half of it.
    Renewal(Option<Duration>),
}

impl PublishableToken {
    /// Compares the token with what is in its place where the site is seen elsewhere, as if that was
    /// to be replaced, and returns what that is. `lifted` gets what [`Self::decide`] says.
    ///
    /// # Errors
    /// Those of [`Self::decide`].
    pub(crate) fn watch(
        &mut self,
        key: &NamedKey,
        ground: &Ground<'_, '_>,
        lifted: &mut Vec<Lifted>,
    ) -> Result<Option<Seen>, PublishError> {
        self.provenance = ground.provenance(&self.path)?;
        let found = ground.site.read(&self.path, ground.rules.limit)?;
        self.provenance.refuse_foreign(&self.path, ground.rules)?;
        let Some(found) = found else {
            return Ok(None);
        };
        let slot = self.slot(&found, key, ground);
        lifted.extend(slot.guard()?);
        Ok(Some(Seen {
            issued_at: slot.there.issued_at,
            revision: self.provenance.origin.since(),
        }))
    }

    /// Decides about the token. `seen` is the one that is seen elsewhere. `lifted`
    /// gets the entries that it would let leave a final status: some only if going back was allowed.
    ///
    /// # Errors
    /// What is there is newer, of another history, not ours, or signed with another key; or the
    /// list file contradicts itself.
    pub(crate) fn decide(
        &self,
        key: &NamedKey,
        ground: &Ground<'_, '_>,
        seen: Option<Seen>,
        lifted: &mut Vec<Lifted>,
    ) -> Result<Decision, PublishError> {
        let (site, rules) = (ground.site, ground.rules);
        let found = site.read(&self.path, rules.limit)?;
        self.provenance.refuse_foreign(&self.path, rules)?;
        let Some(found) = found else {
            ground.confirm()?;
            return Ok(Decision::Written(Writing {
                cause: Cause::NotThere,
                expected: site.expects(None),
            }));
        };
        let slot = self.slot(&found, key, ground);
        let lifts = slot.guard()?;
        lifted.extend(lifts.filter(|lifts| lifted.iter().all(|one| one.path != lifts.path)));
        let waits = slot.waits()?;
        let here = Seen {
            issued_at: slot.there.issued_at,
            revision: self.provenance.origin.since(),
        };
        let is_newer = seen.is_some_and(|seen| seen.is_newer_than(here));
        let cause = slot.cause(waits);
        let cause = cause.or(is_newer.then_some(Cause::NewerElsewhere));
        let validity = slot.there.validity();
        Ok(match (cause, validity) {
            (None, Some(validity)) => Decision::Stays(Staying {
                bytes: found,
                validity,
                waits,
            }),
            // A token without times is due for renewal, whatever else it is.
            (cause, _) => Decision::Written(Writing {
                cause: cause.unwrap_or(Cause::Renewal(rules.policy.renew_before)),
                expected: site.expects(Some(&found)),
            }),
        })
    }

    /// What decides by which key it is signed.
    pub(crate) fn place(&self) -> TokenPlace<'_> {
        TokenPlace {
            file: &self.provenance.edition.file,
            issuer: &self.statement.series.issuer,
            list: self.provenance.list,
            view: self.statement.view,
        }
    }

    /// The place of the token, in which this was found.
    pub(crate) fn slot<'t>(
        &'t self,
        found: &[u8],
        key: &NamedKey,
        ground: &'t Ground<'_, '_>,
    ) -> Slot<'t> {
        let (statement, rules) = (&self.statement, ground.rules);
        // What the list file itself holds is in memory already, however large.
        let limit = InflateLimit::new(rules.max_inflated.max(statement.inflated()));
        let entry = ground.site.entry(&self.path);
        Slot {
            token: self,
            found: found.to_vec(),
            key: key.public.clone(),
            entry,
            is_described: entry.is_some_and(|entry| entry.matches(found)),
            there: Incumbent::read(found, statement, key, rules.now, limit),
            ground,
        }
    }

    /// Signs the token.
    ///
    /// # Errors
    /// It cannot be made, or would be expired.
    pub(crate) fn signed(&self, key: &TokenSigner, rules: &Rules) -> Result<Vec<u8>, PublishError> {
        let token = self.statement.signed(key)?;
        let at = self.statement.claims.expires_at.map(Timestamp::from_second);
        match (rules.unexpired_at, at) {
            // A token that is expired when it is written serves nobody.
            (Some(real), Some(at)) if at <= real => Err(PublishError::Expired {
                list: self.provenance.list,
                at,
            }),
            _ => Ok(token),
        }
    }

    /// The token as it is written: these bytes.
    pub(crate) fn renewed(self, bytes: &[u8], cause: Cause, policy: &Policy) -> PlannedToken {
        let claims = &self.statement.claims;
        let validity = Validity {
            issued_at: Timestamp::from_second(claims.issued_at),
            expires_at: claims.expires_at.map(Timestamp::from_second),
        };
        PlannedToken {
            cause: Some(cause),
            due: policy.due(validity, None),
            ..self.planned(bytes, validity)
        }
    }

    /// The token as it stays.
    pub(crate) fn kept(self, staying: &Staying, policy: &Policy) -> PlannedToken {
        let Staying {
            bytes,
            validity,
            waits,
        } = staying;
        PlannedToken {
            waits: waits.is_some(),
            due: waits.or_else(|| policy.due(*validity, None)),
            ..self.planned(bytes, *validity)
        }
    }

    fn planned(self, bytes: &[u8], validity: Validity) -> PlannedToken {
        let Self {
            path,
            statement,
            provenance,
        } = self;
        let (media_type, chain) = (statement.media_type(), provenance.edition.chain);
        PlannedToken {
            file: SiteFile {
                expires_at: validity.expires_at.map(Timestamp::second),
                ..SiteFile::new(path, bytes, media_type, chain)
            },
            uri: statement.claims.subject,
            view: statement.view,
            series: statement.series,
            issued_at: validity.issued_at,
            time_to_live: statement.claims.time_to_live.map(NonZeroU64::get),
            provenance,
            cause: None,
            waits: false,
            due: None,
        }
    }
}

impl Seen {
    /// Whether whoever got this one must not get the other. What is not known is the least.
    fn is_newer_than(self, other: Self) -> bool {
        self.issued_at > other.issued_at || self.revision > other.revision
    }
}

impl Staying {
    /// Whether it would be written if what waits were due.
    pub(crate) const fn waits(&self) -> bool {
        self.waits.is_some()
    }
}

impl PlannedToken {
    /// When the token expires; a token without an end does so at the end of time.
    pub(crate) fn expires_at(&self) -> Timestamp {
        Timestamp::from_second(self.file.expires_at.unwrap_or(i64::MAX))
    }
}

/// One place in a site: what belongs there, and what is there.
pub(crate) struct Slot<'a> {
    token: &'a PublishableToken,
    found: Vec<u8>,
    key: PublicKey,
    /// What the manifest says of what is there.
    entry: Option<&'a ManifestEntry>,
    /// Whether that is true.
    is_described: bool,
    there: Incumbent<'a>,
    ground: &'a Ground<'a, 'a>,
}

impl Slot<'_> {
    /// Refuses to replace what must stay, and returns the entries that would leave a final status.
    fn guard(&self) -> Result<Option<Lifted>, PublishError> {
        let rules = self.ground.rules;
        if !rules.may_roll_back() {
            let conflict = |conflict: Conflict| conflict.at(&self.token.path);
            if let Some(reason) = self.against_others()? {
                return Err(conflict(reason));
            }
            if !self.there.signed_by_us && rules.new_key == Permission::Refused {
                self.refuse_other_key().map_err(conflict)?;
            }
        }
        if !self.there.same_list {
            self.ground.confirm()?;
        }
        self.lifted()
    }

    /// Another key signed what is there. One that was announced may follow one that the site shows,
    /// and every one may follow a key that was dropped.
    fn refuse_other_key(&self) -> Result<(), Conflict> {
        let Ground { site, rules, .. } = self.ground;
        let follows = self.signers().any(|row| {
            row.dropped.is_some()
                || rules.keys.dropped.as_ref() == Some(&row.key)
                || site.keys.announces(&self.key)
        });
        if follows {
            return Ok(());
        }
        Err(Conflict::OtherKey)
    }

    /// The keys of the site that signed what is there.
    fn signers(&self) -> impl Iterator<Item = &KeyRow> {
        let rows = self.ground.site.keys.rows().iter();
        rows.filter(|row| is_signed_by(&self.found, &row.key))
    }

    /// When the changes that are not shown there are due, if that is later. What the list file
    /// cannot tell the time of is due at once.
    fn waits(&self) -> Result<Option<Due>, PublishError> {
        let Ground {
            rules,
            snapshot,
            edition,
            list,
            ..
        } = self.ground;
        let since = self.token.provenance.origin.since();
        let (Some(since), Some(validity)) = (since, self.there.validity()) else {
            return Ok(None);
        };
        if self.there.same_list || rules.timing == Timing::WithEveryChange {
            return Ok(None);
        }
        let shown = BTreeMap::from([(list.number, since)]);
        let unpublished = snapshot.unpublished(&shown, &rules.policy.urgent_statuses);
        let mut unpublished = unpublished.map_err(|error| edition.failed(error))?;
        let change = unpublished.remove(&list.number);
        let due = change.and_then(|change| rules.policy.due(validity, Some(change.waiting())));
        Ok(due.filter(|due| due.at > rules.now))
    }

    /// Why what is there is replaced; `None` if it is fresh, and current or waits.
    fn cause(&self, waits: Option<Due>) -> Option<Cause> {
        let there = &self.there;
        let policy = &self.ground.rules.policy;
        let renewal = there.validity().map(|validity| policy.renewal(validity));
        let is_due = |due: Option<Due>| due.is_some_and(|due| due.at <= self.ground.rules.now);
        let causes = [
            (self.ground.rules.renewal == Renewal::Always, Cause::Asked),
            (!there.signed_by_us, Cause::OtherKey),
            (!self.is_described, Cause::NotInManifest),
            (!there.same_list && waits.is_none(), Cause::OtherList),
            (!there.same_claims, Cause::OtherClaims),
            (!there.same_certificates, Cause::OtherCertificates),
            (
                renewal.is_none_or(is_due),
                Cause::Renewal(policy.renew_before),
            ),
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
        let (rules, snapshot) = (self.ground.rules, self.ground.snapshot);
        if self.is_described && is_current && !rules.may_roll_back() {
            // They have not changed in the register, and yet they are others.
            let (list, file) = (provenance.list, provenance.edition.file.to_path_buf());
            return Err(Conflict::OtherStatuses { list, file }.at(path));
        }
        match provenance.lifted(path, shown, statement, snapshot)? {
            Some(lifted) if !rules.may_roll_back() => {
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

    /// Says why what is there is not one of ours that may go: the manifest does not describe it, or
    /// it is newer.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn against_others(&self) -> Result<Option<Conflict>, PublishError> {
        let unknown = if self.is_described {
            None
        } else {
            self.against_unknown()?
        };
        Ok(unknown.or_else(|| self.refuse_newer().err()))
    }

    /// Whether it shows what this list file had when that was issued.
    fn was_ours(&self) -> Result<bool, PublishError> {
        let (Some(Ok(shown)), Some(issued)) = (&self.there.shown, self.there.issued_at) else {
            return Ok(false);
        };
        let PublishableToken {
            statement,
            provenance,
            ..
        } = self.token;
        provenance.had(shown, issued, statement, self.ground.snapshot)
    }

    /// A file that the manifest does not know, or knows with other statement, is ours only if a
    /// publication was interrupted: signed with the same key, and not older than the entry (both
    /// may be of one second) or with the very statuses that this list file has, or had then.
    fn against_unknown(&self) -> Result<Option<Conflict>, PublishError> {
        let there = &self.there;
        let interrupted = match self.entry {
            Some(entry) => there
                .issued_at
                .is_some_and(|issued| issued.second() >= entry.issued_at),
            None => there.same_list || self.was_ours()?,
        };
        let is_ours = || {
            let mut signers = self.signers();
            there.signed_by_us || signers.any(|row| row.dropped.is_none())
        };
        if !interrupted || !is_ours() {
            return Ok(Some(Conflict::unknown(self.entry)));
        }
        let subject = there.other_subject.clone();
        Ok(subject.map(|subject| Conflict::OtherSubject { subject }))
    }

    /// Readers tell an older token by its `iat` alone.
    fn refuse_newer(&self) -> Result<(), Conflict> {
        let now = Timestamp::from_second(self.token.statement.claims.issued_at);
        match self.there.issued_at {
            Some(issued) if issued > now => Err(Conflict::Newer { issued, now }),
            _ => Ok(()),
        }
    }
}

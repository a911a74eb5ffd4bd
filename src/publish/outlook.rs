//! When a change will be published, and when every verifier has seen it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::statement::Lifetimes;
use crate::list::{ListNumber, Policy, Status, Timestamp, Validity, Waiting};
use crate::store::{Publication, Snapshot, StoreError};

/// When a change is published by the policy, and when the last copy without it is out of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outlook {
    pub(crate) effective_at: Timestamp,
    /// Whoever fetched what was published before keeps it for its ttl, and may have got it from a
    /// cache that had kept it for its `max-age`; nobody keeps it beyond its end
    /// (draft-ietf-oauth-status-list-21, sections 8.1 and 13.7).
    pub(crate) visible_by: Timestamp,
}

/// What is asked of each list that a request changes.
pub(crate) struct Prospect<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) lifetimes: Lifetimes,
    /// The name of the place that is published to; `None` if that is not known.
    pub(crate) target: Option<&'a str>,
    /// When the change is made.
    pub(crate) at: Timestamp,
}

/// The changes of a request that no revision has yet, list by list.
#[derive(Debug, Default)]
pub(crate) struct NewChanges(BTreeMap<ListNumber, Vec<(Status, u64)>>);

impl NewChanges {
    /// Adds an entry that gets a status.
    pub(crate) fn add(&mut self, list: ListNumber, status: Status) {
        let statuses = self.0.entry(list).or_default();
        match statuses.iter_mut().find(|(known, _)| *known == status) {
            Some((_, count)) => *count += 1,
            None => statuses.push((status, 1)),
        }
    }
}

impl FromIterator<(ListNumber, Status)> for NewChanges {
    fn from_iter<T: IntoIterator<Item = (ListNumber, Status)>>(changes: T) -> Self {
        let mut all = Self::default();
        for (list, status) in changes {
            all.add(list, status);
        }
        all
    }
}

impl Prospect<'_> {
    /// Looks ahead from a state of the list file before the changes; nothing if there are none. The
    /// list that takes longest decides.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn of(
        &self,
        snapshot: &Snapshot<'_>,
        changes: &NewChanges,
    ) -> Result<Option<Outlook>, StoreError> {
        let mut latest = None;
        for (list, statuses) in &changes.0 {
            let own = Waiting {
                count: statuses.iter().map(|(_, count)| count).sum(),
                oldest: self.at,
                is_urgent: statuses.iter().any(|(status, _)| self.is_urgent(*status)),
            };
            let outlook = self.of_list(snapshot, *list, own)?;
            latest = Some(later(latest, outlook));
        }
        Ok(latest)
    }

    /// The same of a revision of the past, which changed these lists: when it was published, as far
    /// as that is recorded.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn of_revision(
        &self,
        snapshot: &Snapshot<'_>,
        rev: i64,
        changes: &NewChanges,
    ) -> Result<Option<Outlook>, StoreError> {
        let mut latest = None;
        for list in changes.0.keys() {
            let published = snapshot.first_publication(*list, rev, self.target)?;
            let outlook = if let Some(at) = published {
                self.seen(at, None)
            } else {
                // It is among what waits.
                let own = Waiting {
                    count: 0,
                    oldest: self.at,
                    is_urgent: false,
                };
                self.of_list(snapshot, *list, own)?
            };
            latest = Some(later(latest, outlook));
        }
        Ok(latest)
    }

    /// When a list will be published that has changes of its own beside those that wait already.
    fn of_list(
        &self,
        snapshot: &Snapshot<'_>,
        list: ListNumber,
        own: Waiting,
    ) -> Result<Outlook, StoreError> {
        let publications = snapshot.publications_of(list, self.target)?;
        let views = snapshot.series().forms();
        let is_published = |view: &crate::list::View| {
            let name = view.name();
            publications.iter().any(|one| one.view == name)
        };
        let mut due = (!views.iter().all(is_published)).then_some(self.at);
        // The views of a list are published together as a rule, and show the same revision.
        let mut waiting = BTreeMap::new();
        for publication in &publications {
            let rev = publication.rev;
            let waiting = match waiting.entry(rev) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(unknown) => *unknown.insert(self.waiting(snapshot, list, rev, own)?),
            };
            let at = self.due(publication, waiting);
            due = Some(due.map_or(at, |due| due.min(at)));
        }
        let ends = publications.iter().map(|one| one.expires_at);
        let last_end = ends.max_by_key(|end| end.map_or(i64::MAX, Timestamp::second));
        // Nothing is published before it is made.
        let at = due.unwrap_or(self.at).max(self.at);
        Ok(self.seen(at, last_end.flatten()))
    }

    /// What waits since a revision, with the changes of the request.
    fn waiting(
        &self,
        snapshot: &Snapshot<'_>,
        list: ListNumber,
        rev: i64,
        own: Waiting,
    ) -> Result<Waiting, StoreError> {
        let shown = BTreeMap::from([(list, rev)]);
        let unpublished = snapshot.unpublished(&shown, &self.policy.urgent_statuses)?;
        Ok(match unpublished.get(&list) {
            Some(change) => {
                let others = change.waiting();
                Waiting {
                    count: own.count + others.count,
                    oldest: own.oldest.min(others.oldest),
                    is_urgent: own.is_urgent || others.is_urgent,
                }
            }
            None => own,
        })
    }

    fn due(&self, publication: &Publication, waiting: Waiting) -> Timestamp {
        let published = Validity {
            issued_at: publication.issued_at,
            expires_at: publication.expires_at,
        };
        let due = self.policy.due(published, Some(waiting));
        due.map_or(self.at, |due| due.at)
    }

    /// When what is published at a time has been seen, where what was there before has this end.
    fn seen(&self, effective_at: Timestamp, before: Option<Timestamp>) -> Outlook {
        let Lifetimes { ttl, valid_for } = self.lifetimes;
        let kept = effective_at.plus(self.policy.max_age(ttl, valid_for));
        let kept = kept.plus(ttl);
        let visible_by = before.map_or(kept, |end| kept.min(end.max(effective_at)));
        Outlook {
            effective_at,
            visible_by,
        }
    }

    fn is_urgent(&self, status: Status) -> bool {
        self.policy.urgent_statuses.contains(&status)
    }
}

fn later(one: Option<Outlook>, other: Outlook) -> Outlook {
    one.map_or(other, |one| Outlook {
        effective_at: one.effective_at.max(other.effective_at),
        visible_by: one.visible_by.max(other.visible_by),
    })
}

//! Whether what a list file should have published is there, fresh and complete.

use std::collections::BTreeMap;

use super::aggregation::Aggregation;
use super::certificates::Certificates;
use super::hosts::{HostAnswer, Kind, Wish, leave_out};
use super::sighting::Sighting;
use super::source::{Expected, Known, Seen, Source, record_of};
use super::token::TokenTimes;
use super::trouble::{Concern, Trouble};
use super::{HostedFile, TokenHealth, TokenState, Watch};
use crate::list::{Duration, ListNumber, Policy, Profile, Scarcity, Securing, Timestamp, View};
use crate::store::{ListRow, ListState, Snapshot, StoreError, UnpublishedChange, Whereabouts};

/// What is found of a list file and of what it published.
#[derive(Debug)]
pub(crate) struct ListFileHealth {
    /// The newest revision.
    pub(crate) revision: i64,
    pub(crate) profile: Option<Profile>,
    /// The types of credentials that it is for; none means all.
    pub(crate) bound_to: Vec<String>,
    pub(crate) backup_of: Option<Timestamp>,
    /// Whether it is a copy, or was moved: it hands out nothing then.
    pub(crate) is_elsewhere: bool,
    /// Every list but those that are retired.
    pub(crate) lists: Vec<ListHealth>,
    /// How many are retired.
    pub(crate) retired: usize,
    /// Entries that were ever taken, of retired lists too.
    pub(crate) taken_ever: u64,
    /// When it was looked at.
    pub(crate) checked_at: Timestamp,
    pub(crate) capacity: Capacity,
    /// The change that waits longest to be published.
    pub(crate) waiting: Option<OldestChange>,
    /// How long a change may wait.
    pub(crate) max_latency: Option<Duration>,
    /// The earliest end of a certificate in a token, as far as tokens were read.
    pub(crate) certificate_ends: Option<Timestamp>,
    /// Where what is published was looked for.
    pub(crate) seen: Seen,
    pub(crate) concerns: Vec<Concern>,
}

/// One list, and what is published of it.
#[derive(Debug)]
pub(crate) struct ListHealth {
    pub(crate) number: ListNumber,
    pub(crate) state: ListState,
    pub(crate) size: u64,
    pub(crate) taken: u64,
    /// One for each view.
    pub(crate) tokens: Vec<TokenHealth>,
    /// What its hosts serve, for those tokens that they were asked for.
    pub(crate) hosted: Vec<HostedFile>,
    /// The first change that is not published everywhere.
    pub(crate) waiting: Option<UnpublishedChange>,
}

/// How much a series has handed out, and what is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Capacity {
    /// Entries that are taken, of all lists that are not retired.
    pub(crate) taken: u64,
    /// Their entries.
    pub(crate) size: u64,
    /// Entries that are left in lists that hand out some.
    pub(crate) left: u64,
    /// The entries of those.
    pub(crate) open: u64,
    /// How many lists are in reserve.
    pub(crate) spares: usize,
}

/// A change that waits to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OldestChange {
    pub(crate) list: ListNumber,
    pub(crate) change: UnpublishedChange,
}

impl Capacity {
    fn of(lists: &[ListRow]) -> Self {
        let mut capacity = Self::default();
        for list in lists.iter().filter(|list| list.state != ListState::Retired) {
            capacity.taken += list.taken;
            capacity.size += list.size.entries();
            if list.hands_out() {
                capacity.left += list.free();
                capacity.open += list.size.entries();
            }
            capacity.spares += usize::from(list.state == ListState::Spare);
        }
        capacity
    }

    /// How little is left, where nothing is in reserve; nothing for a series that hands out no
    /// entries any more.
    pub(crate) fn scarcity(&self) -> Option<Scarcity> {
        (self.spares == 0 && self.open > 0).then_some(Scarcity {
            left: self.left,
            size: self.open,
        })
    }
}

/// Everything that a list file says, and its site. Hosts are asked when it is closed again: whoever
/// writes to it does not wait for them.
pub(crate) struct Gathered {
    health: ListFileHealth,
    looked: Looked,
    aggregation_uri: Option<String>,
}

impl Gathered {
    /// Asks the hosts, if that is wanted, and judges everything.
    pub(crate) fn judged(self, source: &Source<'_>, watch: &Watch<'_>) -> ListFileHealth {
        let Self {
            mut health,
            mut looked,
            aggregation_uri,
        } = self;
        looked.ask_hosts(watch);
        health.judge(looked, watch);
        health.waits(watch);
        health.itself();
        let aggregation = Aggregation {
            uri: aggregation_uri,
            members: health.aggregated(),
        };
        health.concerns.extend(aggregation.check(source, watch));
        health
    }
}

impl ListFileHealth {
    /// Reads a list file, and what its site has of it.
    ///
    /// # Errors
    /// The list file cannot be read.
    pub(crate) fn gather(
        snapshot: &Snapshot<'_>,
        source: &Source<'_>,
        watch: &Watch<'_>,
    ) -> Result<Gathered, StoreError> {
        let rows = snapshot.lists()?;
        let backup_of = snapshot.copied_at();
        let is_elsewhere = backup_of.is_none() && snapshot.whereabouts()? == Whereabouts::Elsewhere;
        let in_use = || rows.iter().filter(|list| list.state != ListState::Retired);
        let mut health = Self {
            revision: snapshot.head().rev,
            profile: snapshot.series().profile,
            bound_to: snapshot.series().bound_to.clone(),
            backup_of,
            is_elsewhere,
            lists: Vec::new(),
            retired: rows.len() - in_use().count(),
            taken_ever: rows.iter().map(|list| list.taken).sum(),
            checked_at: watch.now(),
            capacity: Capacity::of(&rows),
            waiting: None,
            max_latency: watch.max_latency.or_else(|| default_latency(snapshot)),
            certificate_ends: None,
            seen: source.seen(),
            concerns: Vec::new(),
        };
        let mut looked = Looked::default();
        let record = record_of(snapshot)?;
        let proof = snapshot.series().credentials.proof;
        for list in in_use() {
            for place in snapshot.uris(list.number)? {
                let expected = Expected::of(list, place, proof, watch);
                let known = source.look(&expected, snapshot, &record, watch)?;
                looked.expected.push(expected);
                looked.known.push(known);
            }
        }
        let changes = looked.unpublished(snapshot, &watch.policy)?;
        for list in in_use() {
            health.lists.push(ListHealth {
                number: list.number,
                state: list.state,
                size: list.size.entries(),
                taken: list.taken,
                tokens: Vec::new(),
                hosted: Vec::new(),
                waiting: changes.get(&list.number).copied(),
            });
        }
        Ok(Gathered {
            health,
            looked,
            aggregation_uri: snapshot.series().aggregation_uri.clone(),
        })
    }

    /// Judges each file that should be published.
    fn judge(&mut self, looked: Looked, watch: &Watch<'_>) {
        let mut certificates = Certificates::default();
        certificates.see(watch.certificate);
        let Looked {
            expected,
            known,
            hosted,
            left_out,
        } = looked;
        let left_out = left_out.map(|trouble| trouble.of(None, None));
        self.concerns.extend(left_out);
        let mut hosted = hosted.into_iter();
        for (expected, known) in expected.into_iter().zip(known) {
            let place = self
                .lists
                .binary_search_by_key(&expected.list, |list| list.number);
            let Some(list) = place.ok().and_then(|place| self.lists.get_mut(place)) else {
                continue;
            };
            let (token, troubles, seen) = judged(
                expected,
                known,
                hosted.next(),
                list.waiting,
                self.seen,
                watch,
            );
            for content in &seen.contents {
                certificates.add(content);
            }
            let is_spare = list.state == ListState::Spare && list.taken == 0;
            let troubles = troubles.into_iter().map(|trouble| match trouble {
                Trouble::Missing if is_spare => Trouble::SpareMissing,
                trouble => trouble,
            });
            let place = token.uri.as_deref();
            let concerns = troubles.map(|trouble| trouble.of(Some(list.number), place));
            self.concerns.extend(concerns);
            list.tokens.push(token);
            list.hosted.extend(seen.hosted);
        }
        self.certificate_ends = certificates.first_end();
        self.concerns.extend(certificates.concern(watch));
    }

    /// The uris that an aggregation must name: those of the tokens that are there.
    fn aggregated(&self) -> Vec<String> {
        let tokens = self.lists.iter().flat_map(|list| &list.tokens);
        let is_named = |securing| matches!(securing, Securing::CompactJws | Securing::CoseSign1);
        tokens
            .filter(|token| token.state != TokenState::Missing)
            .filter(|token| token.view.is_some_and(|view| is_named(view.row().securing)))
            .filter_map(|token| token.uri.clone())
            .collect()
    }

    /// Finds the change that waits longest.
    fn waits(&mut self, watch: &Watch<'_>) {
        let changes = self.lists.iter().filter_map(|list| {
            Some(OldestChange {
                list: list.number,
                change: list.waiting?,
            })
        });
        self.waiting = changes.min_by_key(|waiting| (waiting.change.at, waiting.change.rev));
        let (Some(waiting), Some(most)) = (self.waiting, self.max_latency) else {
            return;
        };
        let since = waiting.change.at;
        let waited = watch.now().second().saturating_sub(since.second());
        if waited > i64::try_from(most.seconds()).unwrap_or(i64::MAX) {
            let trouble = Trouble::Waits {
                since,
                waited,
                most,
            };
            self.concerns.push(trouble.of(Some(waiting.list), None));
        }
    }

    /// What is to be said of the list file itself.
    fn itself(&mut self) {
        let scarcity = self
            .capacity
            .scarcity()
            .filter(|_| self.backup_of.is_none());
        let scarce = scarcity.filter(|scarcity| scarcity.threshold().is_some());
        let backup = self.backup_of.map(Trouble::Backup);
        let elsewhere = self.is_elsewhere.then_some(Trouble::Elsewhere);
        let troubles = scarce.map(Trouble::Scarce).into_iter().chain(backup);
        let concerns = troubles.chain(elsewhere);
        self.concerns
            .extend(concerns.map(|trouble| trouble.of(None, None)));
    }
}

/// A revocation is effective within 24 hours in the European Digital Identity Wallet (ARF, `VCR_01`).
fn default_latency(snapshot: &Snapshot<'_>) -> Option<Duration> {
    (snapshot.series().profile == Some(Profile::Eudi)).then_some(Duration::DAY)
}

/// What was looked at, file by file.
#[derive(Default)]
struct Looked {
    expected: Vec<Expected>,
    known: Vec<Known>,
    /// For each file, if hosts were asked.
    hosted: Vec<HostAnswer>,
    /// Whether there were too many to be asked for.
    left_out: Option<Trouble>,
}

/// What else was seen of a file.
#[derive(Default)]
struct SeenOf {
    contents: Vec<super::FileContent>,
    hosted: Option<HostedFile>,
}

impl Looked {
    /// The first change of each list that not all of its files show. What shows an unknown state
    /// counts for none, and a list of which nothing is published waits for its first change.
    fn unpublished(
        &self,
        snapshot: &Snapshot<'_>,
        policy: &Policy,
    ) -> Result<BTreeMap<ListNumber, UnpublishedChange>, StoreError> {
        let mut revisions = BTreeMap::new();
        for (expected, known) in self.expected.iter().zip(&self.known) {
            let shown = match known.revision {
                None if known.is_there => continue,
                shown => shown.unwrap_or(0),
            };
            let lowest = revisions.entry(expected.list).or_insert(shown);
            *lowest = shown.min(*lowest);
        }
        let mut changes = snapshot.unpublished(&revisions, &policy.urgent_statuses)?;
        changes.retain(|list, change| change.changes > 0 || revisions[list] > 0);
        Ok(changes)
    }

    fn ask_hosts(&mut self, watch: &Watch<'_>) {
        let Some(hosts) = watch.hosts else { return };
        let wishes = self.expected.iter().map(|expected| Wish {
            url: expected.url.clone(),
            media_type: Some(expected.media_type.to_owned()),
            kind: match expected.view {
                View::OaOcsp => Kind::Other,
                _ => Kind::Token,
            },
            limit: watch.limit_for(expected.inflated),
        });
        let mut wishes: Vec<_> = wishes.collect();
        self.left_out = leave_out(&mut wishes);
        self.hosted = hosts.ask_all(&wishes, &watch.checks);
    }
}

/// Judges one file, by what is known of it and by what its host serves.
fn judged(
    expected: Expected,
    mut known: Known,
    hosted: Option<HostAnswer>,
    waiting: Option<UnpublishedChange>,
    seen_in: Seen,
    watch: &Watch<'_>,
) -> (TokenHealth, Vec<Trouble>, SeenOf) {
    let mut seen = SeenOf::default();
    let mut troubles = std::mem::take(&mut known.troubles);
    let is_hosted = hosted
        .as_ref()
        .is_some_and(|hosted| hosted.served.is_some());
    if let Some(mut hosted) = hosted {
        troubles.append(&mut hosted.troubles);
        troubles.extend(known.compare(&hosted, seen_in, watch.now()));
        // What readers get counts.
        if let Some(content) = hosted.content.take() {
            known.issued_at = content.issued_at.or(known.issued_at);
            known.expires_at = content.expires_at;
            known.content = Some(content);
        }
        seen.hosted = Some(HostedFile {
            url: expected.url.clone(),
            served: hosted.served,
        });
    }
    let sighting = Sighting {
        is_there: known.is_there || is_hosted,
        times: TokenTimes {
            issued_at: known.issued_at,
            expires_at: known.expires_at,
            waiting: waiting.map(UnpublishedChange::waiting),
            policy: &watch.policy,
            now: watch.now(),
        },
    };
    let state = sighting.state(&mut troubles);
    let signature = known.content.as_ref().and_then(|content| content.signature);
    seen.contents.extend(known.content);
    let token = TokenHealth {
        view: Some(expected.view),
        uri: Some(expected.uri),
        path: expected.path,
        state,
        issued_at: known.issued_at,
        expires_at: known.expires_at,
        due_at: sighting.due_at(),
        revision: known.revision,
        sha256: known.sha256,
        signature,
    };
    (token, troubles, seen)
}

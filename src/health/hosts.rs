//! Asking the hosts of many files, several at once, and judging what each serves.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::content::FileContent;
use super::hosting::{ServedFile, Wanted, judge};
use super::visit::{Patience, Visit};
use super::{HostFault, Refusal, Trouble};
use crate::audit::Checks;
use crate::list::Timestamp;
use crate::net::Client;
use crate::site::Digest;

/// How many hosts, or files of one, are asked at once: a site of a thousand lists takes seconds
/// then, and no host minds.
const AT_ONCE: usize = 8;

/// The most uris that are asked for at once.
const MOST_URIS: usize = 20_000;

/// How hosts are asked.
pub(crate) struct Hosts {
    client: Client,
    patience: Patience,
    /// The machine's clock.
    real: Timestamp,
    /// Held by whoever inflates a list.
    inflating: Mutex<()>,
}

/// A file that a host should serve.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) url: String,
    /// What it must be served as, if that is known before it is read.
    pub(super) media_type: Option<String>,
    pub(super) kind: Kind,
    /// The most bytes that are read of it.
    pub(super) limit: u64,
}

/// What is to be made of the bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// They are a token or a list credential of this very uri.
    Token,
    /// They only have a digest.
    Other,
}

/// What a host serves.
#[derive(Debug, Default)]
pub(super) struct HostAnswer {
    /// Nothing if there was no answer to judge.
    pub(super) served: Option<ServedFile>,
    pub(super) troubles: Vec<Trouble>,
    pub(super) content: Option<FileContent>,
    pub(super) sha256: Option<Digest>,
    /// The bytes of a file that is no token, if it was asked for alone.
    pub(super) body: Vec<u8>,
}

impl Hosts {
    pub(crate) fn new(patience: Patience, real: Timestamp) -> Self {
        Self {
            client: Client::new(),
            patience,
            real,
            inflating: Mutex::default(),
        }
    }

    /// Asks for each of these, and returns the answers in the same order. What files say of themselves
    /// is kept, not their bytes.
    pub(super) fn ask_all(&self, wishes: &[Wish], checks: &Checks<'_>) -> Vec<HostAnswer> {
        let next = AtomicUsize::new(0);
        let not_asked = || HostAnswer::failed(HostFault::NotAsked);
        let answers = wishes.iter().map(|_| Mutex::new(not_asked()));
        let answers: Vec<_> = answers.collect();
        let work = || {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let (Some(wish), Some(answer)) = (wishes.get(place), answers.get(place)) else {
                    return;
                };
                let mut hosted = self.ask(wish, checks);
                hosted.body = Vec::new();
                if let Ok(mut answer) = answer.lock() {
                    *answer = hosted;
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..AT_ONCE.min(wishes.len()) {
                scope.spawn(work);
            }
            work();
        });
        let answers = answers.into_iter();
        answers
            .map(|answer| answer.into_inner().unwrap_or_else(|_| not_asked()))
            .collect()
    }

    /// Asks for one file.
    pub(super) fn ask(&self, wish: &Wish, checks: &Checks<'_>) -> HostAnswer {
        let visit = Visit {
            client: &self.client,
            url: &wish.url,
            accept: wish.media_type.as_deref().unwrap_or("*/*"),
            limit: wish.limit,
            patience: self.patience,
        };
        let mut visited = match visit.pay() {
            Ok(visited) => visited,
            Err(fault) => return HostAnswer::failed(fault),
        };
        let body = std::mem::take(&mut visited.response.body);
        let content = (wish.kind == Kind::Token).then(|| {
            // A list may be a thousand times as large inside: one at a time is in memory.
            let _turn = self.inflating.lock();
            FileContent::read(
                &body,
                &Checks {
                    uri: Some(&wish.url),
                    ..*checks
                },
            )
        });
        let by_content = content.as_ref().and_then(|content| content.media_type);
        let wanted = Wanted {
            media_type: wish
                .media_type
                .clone()
                .or_else(|| by_content.map(str::to_owned)),
            longest: content
                .as_ref()
                .and_then(|content| content.longest(checks.now)),
            now: self.real,
        };
        let is_other = |found: &str| {
            wish.media_type
                .as_deref()
                .is_some_and(|wanted| wanted != found)
        };
        let is_other = by_content.is_some_and(is_other);
        let other = is_other.then_some(Trouble::Refused(Refusal::OtherFormat));
        let (served, faults) = judge(visited, body.len(), &wanted);
        let refusal = content.as_ref().and_then(|content| content.refusal.clone());
        let refusal = refusal.map(Trouble::Refused);
        let faults = faults.into_iter().map(Trouble::Host);
        HostAnswer {
            served: Some(served),
            troubles: faults.chain(refusal).chain(other).collect(),
            content,
            sha256: Some(Digest::of(&body)),
            body: if wish.kind == Kind::Other {
                body
            } else {
                Vec::new()
            },
        }
    }
}

/// Leaves out what is too much for one check.
pub(super) fn leave_out(wishes: &mut Vec<Wish>) -> Option<Trouble> {
    let left = wishes
        .len()
        .checked_sub(MOST_URIS)
        .filter(|left| *left > 0)?;
    wishes.truncate(MOST_URIS);
    let most = MOST_URIS;
    Some(Trouble::TooManyUris { most, left })
}

impl HostAnswer {
    fn failed(fault: HostFault) -> Self {
        Self {
            troubles: vec![Trouble::Host(fault)],
            ..Self::default()
        }
    }
}

impl FileContent {
    /// For how many seconds a cache may keep it that got it now.
    fn longest(&self, now: Timestamp) -> Option<u64> {
        let left = self.expires_at.map(|end| {
            let left = end.second().saturating_sub(now.second());
            u64::try_from(left).unwrap_or(0)
        });
        match (self.ttl, left) {
            (Some(ttl), Some(left)) => Some(ttl.min(left)),
            (ttl, left) => ttl.or(left),
        }
    }
}

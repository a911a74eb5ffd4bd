//! Telling all receivers what there is, within a limit.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::holder::{is_gone, this_process};
use super::hook::Hook;
use super::next::Next;
use super::receiver::{Message, Receiver, Way};
use super::refusal::Refusal;
use super::webhook::Webhook;
use crate::list::{Scarcity, Timestamp};
use crate::net::Client;
use crate::store::{
    Access, Cursor, Holder, ListRow, ListState, NoticeKind, Outbox, ReceiverName, Store,
    StoreError, capacity_subject,
};

/// How many seconds a receiver is kept from other processes beyond the limit.
const SLACK: i64 = 2;

/// How far a cursor may be behind what its receiver does not want to hear of.
const FAR: i64 = 64;

/// What there is to tell, and whom.
pub(crate) struct Delivery<'a> {
    /// The list files.
    pub(crate) files: &'a [PathBuf],
    pub(crate) receivers: &'a [Receiver],
    /// The machine's clock.
    pub(crate) now: Timestamp,
    /// The time by which tokens are judged.
    pub(crate) judged_at: Timestamp,
    pub(crate) occasion: Occasion,
    /// The time for all of it.
    pub(crate) limit: Duration,
    /// Variables that commands do not get.
    pub(crate) kept_back: &'a [OsString],
}

/// What a command was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// What is published: whether it has expired is noticed.
    Publications,
    /// Something else.
    Entries,
}

/// What became of it.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) untold: Vec<Untold>,
    /// The list files of which nobody is told.
    pub(crate) silent: Vec<(PathBuf, StoreError)>,
}

/// A receiver that was not told everything.
pub(crate) struct Untold {
    pub(crate) label: String,
    pub(crate) why: Refusal,
}

/// When it began, and when it has to end.
#[derive(Clone, Copy)]
struct Time {
    began: Instant,
    limit: Duration,
    now: Timestamp,
}

impl Time {
    fn left(self) -> Duration {
        self.limit.saturating_sub(self.began.elapsed())
    }

    /// What the machine's clock says now.
    fn second(self) -> i64 {
        let passed = i64::try_from(self.began.elapsed().as_secs()).unwrap_or(0);
        self.now.second().saturating_add(passed)
    }
}

impl Delivery<'_> {
    /// Tells every receiver what it does not know yet.
    pub(crate) fn run(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let time = Time {
            began: Instant::now(),
            limit: self.limit,
            now: self.now,
        };
        let process = this_process();
        let slack = i64::try_from(self.limit.as_secs()).unwrap_or(0) + SLACK;
        let holder = Holder {
            name: &process,
            now: self.now,
            until: Timestamp::from_second(self.now.second().saturating_add(slack)),
        };
        let mut waiting: Vec<Vec<&Path>> = vec![Vec::new(); self.receivers.len()];
        for file in self.files {
            match self.look(file, holder, time) {
                Ok(receivers) => receivers
                    .into_iter()
                    .for_each(|place| waiting[place].push(file)),
                // It is none of those that things happen to.
                Err(StoreError::Backup) => {}
                Err(error) => outcome.silent.push((file.clone(), error)),
            }
        }
        let told = thread::scope(|scope| {
            let threads = self.receivers.iter().zip(&waiting);
            let threads = threads.filter(|(_, files)| !files.is_empty());
            let threads: Vec<_> = threads
                .map(|(receiver, files)| {
                    let told = scope.spawn(move || self.tell(receiver, files, holder, time));
                    (receiver, told)
                })
                .collect();
            let threads = threads.into_iter();
            let joined = threads.filter_map(|(receiver, told)| Some((receiver, told.join().ok()?)));
            joined.collect::<Vec<_>>()
        });
        let untold = told.into_iter().filter_map(|(receiver, told)| {
            Some(Untold {
                label: receiver.label.clone(),
                why: told.err()?,
            })
        });
        outcome.untold.extend(untold);
        outcome
    }

    /// Looks for what there is to tell of a list file, and returns the places of the receivers that
    /// this process is to tell it.
    fn look(&self, file: &Path, holder: Holder<'_>, time: Time) -> Result<Vec<usize>, StoreError> {
        let store = Store::open(file, Access::Write, time.left())?;
        let outbox = store.outbox()?;
        let names: Vec<_> = self
            .receivers
            .iter()
            .map(|receiver| receiver.name)
            .collect();
        outbox.register(&names)?;
        note_capacity(&outbox, self.judged_at)?;
        if self.occasion == Occasion::Publications {
            outbox.note_expired(self.judged_at)?;
        }
        let mut held = Vec::new();
        for (place, receiver) in self.receivers.iter().enumerate() {
            let cursor = cursor_of(&outbox, receiver.name)?;
            let next = Next::of(receiver, cursor, &outbox)?;
            if next.news.is_some() {
                if outbox.hold(receiver.name, holder, is_gone)? {
                    held.push(place);
                }
            } else if next.then.rev - cursor.rev > FAR || next.then.notice - cursor.notice > FAR {
                outbox.advance(receiver.name, next.then)?;
            }
        }
        outbox.keep()?;
        Ok(held)
    }

    /// Tells a receiver what there is in list files, one after the other. What one of them has may be
    /// left over; then nothing more is tried.
    fn tell(
        &self,
        receiver: &Receiver,
        files: &[&Path],
        holder: Holder<'_>,
        time: Time,
    ) -> Result<(), Refusal> {
        let mut telling = Telling {
            receiver,
            holder,
            time,
            kept_back: self.kept_back,
            client: None,
        };
        let mut told = Ok(());
        for file in files {
            let store = Store::open(
                file,
                Access::Write,
                time.left().max(Duration::from_millis(100)),
            );
            let this = match (store, &told) {
                (Ok(store), Ok(())) => telling.tell_all(&store),
                (Ok(store), Err(_)) => telling.release(&store),
                (Err(error), _) => Err(error.into()),
            };
            told = told.and(this);
        }
        told
    }
}

/// Telling one receiver.
struct Telling<'a> {
    receiver: &'a Receiver,
    holder: Holder<'a>,
    time: Time,
    kept_back: &'a [OsString],
    client: Option<Client>,
}

impl Telling<'_> {
    /// Tells everything that there is in a list file, and lets the receiver go.
    fn tell_all(&mut self, store: &Store) -> Result<(), Refusal> {
        let mut taken = None;
        while let Some((message, then)) = self.next(store, taken)? {
            if let Err(refusal) = self.send(&message) {
                self.release(store)?;
                return Err(refusal);
            }
            taken = Some(then);
        }
        Ok(())
    }

    /// Records what was taken, and looks for what comes next; where that is nothing, the receiver is
    /// let go in the same step, so that whoever finds it held adds to what is told still.
    fn next(
        &self,
        store: &Store,
        taken: Option<Cursor>,
    ) -> Result<Option<(Message, Cursor)>, Refusal> {
        let outbox = store.outbox()?;
        let name = self.receiver.name;
        if let Some(cursor) = taken {
            outbox.advance(name, cursor)?;
        }
        let next = Next::of(self.receiver, cursor_of(&outbox, name)?, &outbox)?;
        let message = if let Some(news) = &next.news {
            Some(Message::of(news, self.receiver, &outbox)?)
        } else {
            outbox.advance(name, next.then)?;
            outbox.release(name, self.holder)?;
            None
        };
        outbox.keep()?;
        Ok(message.map(|message| (message, next.then)))
    }

    fn send(&mut self, message: &Message) -> Result<(), Refusal> {
        let patience = self.time.left();
        if patience.is_zero() {
            return Err(Refusal::TimeUp);
        }
        match &self.receiver.way {
            Way::Webhook { url, secret } => {
                let webhook = Webhook {
                    client: self.client.take().unwrap_or_else(Client::new),
                    url,
                    secret,
                };
                let sent = webhook.send(message, self.time.second(), patience);
                self.client = Some(webhook.client);
                sent
            }
            Way::Hook { command } => Hook {
                command,
                kept_back: self.kept_back,
            }
            .run(message, patience),
            Way::Blocked(fault) => Err(Refusal::Secret(fault.clone())),
        }
    }

    fn release(&self, store: &Store) -> Result<(), Refusal> {
        let outbox = store.outbox()?;
        outbox.release(self.receiver.name, self.holder)?;
        Ok(outbox.keep()?)
    }
}

fn cursor_of(outbox: &Outbox<'_>, name: ReceiverName) -> Result<Cursor, StoreError> {
    let cursor = outbox.cursor_of(name)?;
    cursor.ok_or_else(|| StoreError::Corrupt("a receiver is missing".to_owned()))
}

/// Adds a notice of each list that passed a threshold, where no other list can take its place.
fn note_capacity(outbox: &Outbox<'_>, at: Timestamp) -> Result<(), StoreError> {
    let lists = outbox.lists()?;
    let in_state = |state| lists.iter().filter(move |list| list.state == state);
    if in_state(ListState::Spare).next().is_some() {
        return Ok(());
    }
    let mut serving: Vec<_> = in_state(ListState::Open).collect();
    if serving.is_empty() {
        serving.extend(in_state(ListState::Full).next_back());
    }
    let sum = |count: fn(&ListRow) -> u64| serving.iter().map(|list| count(list)).sum::<u64>();
    let all = Scarcity {
        left: sum(ListRow::free),
        size: sum(|list| list.size.entries()),
    };
    if all.threshold().is_none() {
        return Ok(());
    }
    for list in serving {
        let (left, size) = (list.free(), list.size.entries());
        let Some(threshold) = (Scarcity { left, size }).threshold() else {
            continue;
        };
        let body = serde_json::json!({
            "list": list.number.value(),
            "size": size,
            "allocated": list.taken,
            "threshold": threshold,
        });
        let subject = capacity_subject(list.number, threshold);
        outbox.note_once(NoticeKind::Capacity, &subject, at, &body)?;
    }
    Ok(())
}

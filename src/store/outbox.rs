//! Who is told what happens, and up to where that was done.
//!
//! The log of revisions, and the notices beside it of what is no revision, are what there is to tell;
//! a receiver's [`Cursor`] says where in them it is. It moves after the receiver took something, so
//! what a killed process or a receiver that was down left is told by whoever comes next. Receivers
//! are no part of what the chain covers: they say nothing of any entry.
//!
//! A receiver begins at the present, in the transaction that makes the first revision that it is to
//! hear of. A backup and every other copy has the cursors of its original, so it tells nothing that
//! was told before it was made.
//!
//! Two processes that tell one receiver would change the order of what it hears. So each receiver has
//! a holder: a process, for a few seconds. No lock is kept while a receiver is talked to.

use rusqlite::{Connection, Row, params};
use serde_json::Value;

use super::chain::{ChainWriter, Hash};
use super::error::{Outcome, StoreError};
use super::format::Format;
use super::open::{Access, Store};
use super::query::{all, columns, one, only, value, write};
use super::snapshot::Snapshot;
use crate::list::{ListNumber, Timestamp};

/// A receiver, by a hash of what the settings say that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReceiverName(pub(crate) Hash);

/// Up to where a receiver was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The last revision of which it was told anything.
    pub(crate) rev: i64,
    /// How many of the events that this revision may have.
    pub(crate) part: i64,
    /// The last notice.
    pub(crate) notice: i64,
}

/// What is told besides revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoticeKind {
    /// A token was published.
    Regenerated,
    /// Few entries are left.
    Capacity,
    /// A token that was published is valid no more, and none was published in its place.
    Expired,
}

/// Something that is told besides revisions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    /// Its place among them.
    pub(crate) seq: i64,
    /// The newest revision when it was written.
    pub(crate) rev: i64,
    /// When that was.
    pub(crate) at: Timestamp,
    pub(crate) kind: NoticeKind,
    /// What it says.
    pub(crate) body: Value,
}

/// A process that tells receivers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holder<'a> {
    /// Its machine and its number there.
    pub(crate) name: &'a str,
    /// The machine's clock.
    pub(crate) now: Timestamp,
    /// Up to when nobody else tells them.
    pub(crate) until: Timestamp,
}

/// The right to change who was told what; dropped, it leaves the file as it was.
pub(crate) struct Outbox<'s> {
    pub(super) snapshot: Snapshot<'s>,
}

impl Cursor {
    /// The part behind the last event of a revision: what it handed out, then what it changed.
    pub(crate) const WHOLE: i64 = 2;
}

impl NoticeKind {
    const ALL: [Self; 3] = [Self::Regenerated, Self::Capacity, Self::Expired];

    const fn name(self) -> &'static str {
        match self {
            Self::Regenerated => "regenerated",
            Self::Capacity => "capacity",
            Self::Expired => "expired",
        }
    }
}

impl Store {
    /// Takes the right to change who was told what.
    ///
    /// # Errors
    /// Somebody else holds the file, it cannot be written, it is a backup, or of an older format,
    /// which has no place for it until a revision takes it to the newest one.
    pub(crate) fn outbox(&self) -> Result<Outbox<'_>, StoreError> {
        let snapshot = Snapshot::begin(self, Access::Write)?;
        if snapshot.copied_at.is_some() {
            return Err(StoreError::Backup);
        }
        if snapshot.format < Format::Four {
            return Err(StoreError::NoReceivers(snapshot.format.number()));
        }
        Ok(Outbox { snapshot })
    }
}

impl<'s> std::ops::Deref for Outbox<'s> {
    type Target = Snapshot<'s>;

    fn deref(&self) -> &Snapshot<'s> {
        &self.snapshot
    }
}

impl Outbox<'_> {
    /// Lets receivers that nobody knows begin at the present.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn register(&self, receivers: &[ReceiverName]) -> Result<(), StoreError> {
        register(&self.transaction, receivers, self.head.rev)
    }

    /// Adds a notice, unless its subject had one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn note_once(
        &self,
        kind: NoticeKind,
        subject: &str,
        at: Timestamp,
        body: &Value,
    ) -> Result<(), StoreError> {
        let rev = self.head.rev;
        add_once(&self.transaction, rev, at, kind, subject, body)
    }

    /// Takes a receiver to tell it something; not if another process holds it. `is_gone` says of a
    /// process whether it has ended.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn hold(
        &self,
        receiver: ReceiverName,
        holder: Holder<'_>,
        is_gone: impl Fn(&str) -> bool,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT holder, until FROM receiver WHERE name = ?1 AND holder IS NOT NULL";
        let held: Option<(String, Timestamp)> =
            one(&self.transaction, sql, params![receiver.0], columns)?;
        if held.is_some_and(|(other, until)| until >= holder.now && !is_gone(&other)) {
            return Ok(false);
        }
        write(
            &self.transaction,
            "UPDATE receiver SET holder = ?2, until = ?3 WHERE name = ?1",
            params![receiver.0, holder.name, holder.until],
        )?;
        Ok(true)
    }

    /// Lets others tell a receiver something.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn release(
        &self,
        receiver: ReceiverName,
        holder: Holder<'_>,
    ) -> Result<(), StoreError> {
        write(
            &self.transaction,
            "UPDATE receiver SET holder = NULL, until = NULL WHERE name = ?1 AND holder = ?2",
            params![receiver.0, holder.name],
        )
    }

    /// Records up to where a receiver was told.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn advance(&self, receiver: ReceiverName, cursor: Cursor) -> Result<(), StoreError> {
        write(
            &self.transaction,
            "UPDATE receiver SET rev = ?2, part = ?3, notice = ?4 WHERE name = ?1",
            params![receiver.0, cursor.rev, cursor.part, cursor.notice],
        )?;
        // What all have heard of is of no use any more, unless it is not to be said again.
        write(
            &self.transaction,
            "DELETE FROM notice WHERE subject IS NULL \
             AND seq <= (SELECT min(notice) FROM receiver)",
            [],
        )
    }

    /// Puts everything on the disk.
    ///
    /// # Errors
    /// The commit failed.
    pub(crate) fn keep(self) -> Result<(), StoreError> {
        self.snapshot
            .transaction
            .commit()
            .map_err(|source| StoreError::of("commit to", Outcome::Unknown, source))
    }
}

impl Snapshot<'_> {
    /// Up to where a receiver was told; `None` if nobody knows it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn cursor_of(&self, receiver: ReceiverName) -> Result<Option<Cursor>, StoreError> {
        if self.format < Format::Four {
            return Ok(None);
        }
        let sql = "SELECT rev, part, notice FROM receiver WHERE name = ?1";
        let found = one(&self.transaction, sql, params![receiver.0], columns)?;
        Ok(found.map(|(rev, part, notice)| Cursor { rev, part, notice }))
    }

    /// The notices behind one, oldest first.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub(crate) fn notices_after(&self, seq: i64, most: u32) -> Result<Vec<Notice>, StoreError> {
        let sql =
            "SELECT seq, rev, ts, kind, body FROM notice WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        all(&self.transaction, sql, params![seq, most], Notice::read)
    }

    /// Checks that nobody was told what has not happened, and that notices can be read.
    pub(super) fn verify_receivers(&self) -> Result<(), StoreError> {
        if self.format < Format::Four {
            return Ok(());
        }
        let wrong = |what: &str| Err(StoreError::Corrupt(what.to_owned()));
        let sql = "SELECT EXISTS (SELECT 1 FROM receiver WHERE rev > ?1 OR rev < 0 OR part < 0)";
        if only(&self.transaction, sql, params![self.head.rev], value)? {
            return wrong("a receiver was told of a revision that is not there");
        }
        let sql = "SELECT seq, rev, ts, kind, body FROM notice";
        let notices: Vec<Notice> = all(&self.transaction, sql, [], Notice::read)?;
        if notices.iter().any(|notice| notice.rev > self.head.rev) {
            return wrong("a notice is of a revision that is not there");
        }
        Ok(())
    }
}

impl Notice {
    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let seq = row.get(0)?;
        let wrong = || StoreError::Corrupt(format!("notice {seq} cannot be read"));
        let kind: String = row.get(3)?;
        let body: String = row.get(4)?;
        Ok(Self {
            seq,
            rev: row.get(1)?,
            at: row.get(2)?,
            kind: NoticeKind::ALL
                .into_iter()
                .find(|known| known.name() == kind)
                .ok_or_else(wrong)?,
            body: serde_json::from_str(&body).map_err(|_| wrong())?,
        })
    }

    /// A hash that no other notice has, in whatever copy of the file.
    pub(crate) fn digest(&self) -> Hash {
        let mut writer = ChainWriter::new("statuslist/notice/1");
        writer.number(self.seq);
        writer.number(self.rev);
        writer.number(self.at.second());
        writer.text(self.kind.name());
        writer.text(&self.body.to_string());
        writer.finish()
    }
}

/// Lets receivers that nobody knows begin behind a revision.
pub(super) fn register(
    connection: &Connection,
    receivers: &[ReceiverName],
    rev: i64,
) -> Result<(), StoreError> {
    for receiver in receivers {
        write(
            connection,
            "INSERT INTO receiver (name, rev, part, notice) \
             VALUES (?1, ?2, ?3, (SELECT coalesce(max(seq), 0) FROM notice)) \
             ON CONFLICT (name) DO NOTHING",
            params![receiver.0, rev, Cursor::WHOLE],
        )?;
    }
    Ok(())
}

pub(super) fn add_once(
    connection: &Connection,
    rev: i64,
    at: Timestamp,
    kind: NoticeKind,
    subject: &str,
    body: &Value,
) -> Result<(), StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM notice WHERE subject = ?1)";
    if only(connection, sql, params![subject], value)? {
        return Ok(());
    }
    add(connection, rev, at, kind, Some(subject), body)
}

/// Adds a notice behind all that there ever were: numbers that became free are not used again, for
/// receivers were told up to them.
pub(super) fn add(
    connection: &Connection,
    rev: i64,
    at: Timestamp,
    kind: NoticeKind,
    subject: Option<&str>,
    body: &Value,
) -> Result<(), StoreError> {
    write(
        connection,
        "INSERT INTO notice (seq, rev, ts, kind, subject, body) VALUES (\
         1 + max((SELECT coalesce(max(seq), 0) FROM notice), \
         (SELECT coalesce(max(notice), 0) FROM receiver)), ?1, ?2, ?3, ?4, ?5)",
        params![rev, at, kind.name(), subject, body.to_string()],
    )
}

/// The subject of a list that is nearly full.
pub(crate) fn capacity_subject(list: ListNumber, percent: u64) -> String {
    format!("capacity/{list}/{percent}")
}

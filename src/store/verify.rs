//! Making sure that a list file agrees with itself.

use std::collections::BTreeMap;

use rusqlite::{Row, Rows, Statement, params};
use serde_json::Value;

use serde::Serialize;

use super::chain::genesis;
use super::digest::Digester;
use super::documents::DocumentRow;
use super::error::StoreError;
use super::event::{Event, NoteInChain};
use super::format::Format;
use super::indexes;
use super::keys::{Key, Secret};
use super::later::{LabelRow, MemberRow, TermRow};
use super::query::{all, columns, only, value};
use super::replay::Replay;
use super::rows::{AllocationRow, ChangeRow, ListRow};
use super::runs::StoredRun;
use super::sealed::Codes;
use super::snapshot::{Snapshot, permutation};
use crate::list::{ListNumber, Timestamp, pages};

/// What was checked and found to agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Revisions whose chain is intact.
    pub revisions: i64,
    /// Changes that lead to the statuses on file.
    pub changes: u64,
    /// Allocations whose index is the one that their step leads to.
    pub allocations: u64,
}

impl Snapshot<'_> {
    /// Checks everything: SQLite's own structures, the chain over all revisions, what follows from
    /// it (settings, lists, runs, ancestors, marks of copies) against the log, every status against
    /// the changes that led to it, every allocation against the permutation.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] names the first contradiction.
    pub fn verify(&self) -> Result<Verified, StoreError> {
        indexes::verify(&self.transaction, self.format)?;
        let lists: BTreeMap<_, _> = self
            .lists()?
            .into_iter()
            .map(|list| (list.number, list))
            .collect();
        let revisions = self.verify_chain(&lists)?;
        self.verify_keys()?;
        self.verify_published(&lists)?;
        self.verify_groups()?;
        self.verify_receivers()?;
        let (mut changes, mut allocations) = (0, 0);
        for list in lists.values() {
            changes += self.confirm_statuses(list)?;
        }
        for list in lists.values() {
            self.verify_allocations(list)?;
            self.verify_runs(list)?;
            self.verify_names(list)?;
            allocations += list.taken;
        }
        Ok(Verified {
            revisions,
            changes,
            allocations,
        })
    }

    fn verify_chain(&self, lists: &BTreeMap<ListNumber, ListRow>) -> Result<i64, StoreError> {
        let width = self.register().width;
        let mut sorted = self.sorted("alloc", AllocationRow::COLUMNS, "rev, pos")?;
        let mut allocations = ByRevision::of(&mut sorted, AllocationRow::read)?;
        let mut sorted = self.sorted("change", ChangeRow::COLUMNS, "rev, list_id, idx")?;
        let mut changes = ByRevision::of(&mut sorted, |row| ChangeRow::read(row, width))?;
        let order = "rev, list_id, hash, role";
        let mut sorted = self.sorted("document", DocumentRow::COLUMNS, order)?;
        let mut documents = ByRevision::of(&mut sorted, DocumentRow::read)?;
        let mut sorted = self.sorted("alloc_run", StoredRun::COLUMNS, "rev, list_id, n")?;
        let mut runs = ByRevision::of(&mut sorted, StoredRun::read)?;
        let mut sorted = self.sorted_later("label", LabelRow::COLUMNS, "rev, pos")?;
        let mut labels = ByRevision::of(&mut sorted, LabelRow::read)?;
        let mut sorted = self.sorted_later("term", TermRow::COLUMNS, "rev, list_id, n")?;
        let mut terms = ByRevision::of(&mut sorted, TermRow::read)?;
        let mut sorted = self.sorted_later("member", MemberRow::COLUMNS, "rev, list_id, idx")?;
        let mut members = ByRevision::of(&mut sorted, MemberRow::read)?;
        let sql = format!("SELECT {} FROM event ORDER BY rev", Event::COLUMNS);
        let mut events = self.transaction.prepare(&sql)?;

        let mut replay = Replay::default();
        let mut codes = Codes::of_file(&self.transaction, self.format)?;
        let mut before = genesis(&self.lineage);
        let mut expected = 1;
        let mut newest = Timestamp::from_second(i64::MIN);
        let mut rows = events.query([])?;
        while let Some(row) = rows.next()? {
            let broken = || StoreError::Corrupt(format!("the chain breaks at revision {expected}"));
            let event = Event::read(row)?;
            let rev = event.rev;
            if rev != expected {
                return Err(broken());
            }
            let body: Value = serde_json::from_str(&event.body)
                .map_err(|source| StoreError::Corrupt(format!("revision {rev}: {source}")))?;
            let format = replay.format_of(&body);
            codes.begin(rev)?;
            let mut digester = Digester::again(format, &event.body);
            while let Some(found) = allocations.next_in(rev)? {
                digester.allocation(&found, &mut codes)?;
            }
            while let Some(found) = changes.next_in(rev)? {
                digester.change(&found, &mut codes)?;
            }
            while let Some(found) = documents.next_in(rev)? {
                digester.document(&found);
            }
            while let Some(found) = labels.next_in(rev)? {
                digester.label(&found, &mut codes)?;
            }
            while let Some(found) = terms.next_in(rev)? {
                digester.term(&found);
            }
            while let Some(found) = members.next_in(rev)? {
                digester.member(&found, &mut codes)?;
            }
            let digest = digester.finish(&event.body);
            let note = self.note_in_chain(format, &event, &mut codes)?;
            codes.end()?;
            let chain = event.chained_to(&before, &note);
            if digest != event.digest || chain != event.chain || event.at < newest {
                return Err(broken());
            }
            let mut taken = Vec::new();
            while let Some(found) = runs.next_in(rev)? {
                taken.push(found);
            }
            self.confirm_runs(&body, &taken)?;
            replay.take(rev, event.visible, &body);
            newest = event.at;
            before = chain;
            expected += 1;
        }
        allocations.end("an allocation")?;
        changes.end("a change")?;
        documents.end("a document hash")?;
        runs.end("a run of allocations")?;
        labels.end("a label")?;
        terms.end("an expiry")?;
        members.end("an entry of a group")?;
        codes.end_all()?;
        if before != self.head.chain || expected - 1 != self.head.rev {
            return Err(StoreError::Corrupt(format!(
                "the newest revision is {}, but the log ends at {}",
                self.head.rev,
                expected - 1
            )));
        }
        replay.compare(self, lists)?;
        Ok(self.head.rev)
    }

    fn note_in_chain(
        &self,
        format: Format,
        event: &Event,
        codes: &mut Codes<'_>,
    ) -> Result<NoteInChain, StoreError> {
        if format == Format::One {
            return Ok(NoteInChain::Bare);
        }
        let rev = event.rev;
        let Some(key) = Key::of_revision(&self.transaction, rev)? else {
            let purged = event.note.is_empty().then(|| codes.revision_note());
            let code = purged.transpose()?.flatten().ok_or_else(|| {
                StoreError::Corrupt(format!("revision {rev} has no key for the chain"))
            })?;
            return Ok(NoteInChain::Sealed(code));
        };
        let code = key.sealer().seal(Secret::Note, event.note.as_bytes());
        Ok(NoteInChain::Sealed(code))
    }

    /// The rows of a table in an order that begins with their revisions; the revision is the last
    /// column.
    fn sorted(&self, table: &str, columns: &str, order: &str) -> Result<Statement<'_>, StoreError> {
        let sql = format!("SELECT {columns}, rev FROM {table} ORDER BY {order}");
        Ok(self.transaction.prepare(&sql)?)
    }

    /// The same of a table that older formats do not have.
    fn sorted_later(
        &self,
        table: &str,
        columns: &str,
        order: &str,
    ) -> Result<Statement<'_>, StoreError> {
        if self.format < Format::Three {
            return Ok(self.transaction.prepare("SELECT 0 WHERE FALSE")?);
        }
        self.sorted(table, columns, order)
    }

    /// Checks that each list has a key, and that no key belongs to nothing. That a revision has the
    /// right one, the chain tells.
    fn verify_keys(&self) -> Result<(), StoreError> {
        if self.format < Format::Two {
            return Ok(());
        }
        let sql = "SELECT EXISTS (SELECT list_id FROM list EXCEPT SELECT list_id FROM chain_key) \
                   OR EXISTS (SELECT list_id FROM chain_key EXCEPT SELECT list_id FROM list) \
                   OR EXISTS (SELECT 1 FROM revision_key WHERE rev < 1 OR rev > ?1)";
        if only(&self.transaction, sql, params![self.head.rev], value)? {
            let what = "a key for the chain is missing, or belongs to nothing";
            return Err(StoreError::Corrupt(what.to_owned()));
        }
        Ok(())
    }

    /// Makes sure that the statuses of a list are what its changes lead to, and counts those.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] names the first entry that has another status, or the file cannot be
    /// read.
    pub fn confirm_statuses(&self, list: &ListRow) -> Result<u64, StoreError> {
        let mut count = 0;
        let mut packed = self.packed(list)?;
        let sql = format!(
            "SELECT {} FROM change WHERE list_id = ?1 ORDER BY idx DESC, rev DESC",
            ChangeRow::COLUMNS
        );
        let () = all(
            &self.transaction,
            &sql,
            params![list.number.value()],
            |row| {
                // Undone from the newest change to the oldest, every entry ends at the default.
                let change = ChangeRow::read(row, list.width)?;
                let place = u64::from(change.entry.index.value());
                let undone = pages::write(&mut packed, list.width, place, change.old.value());
                if undone != Some(change.new.value()) {
                    return Err(StoreError::Corrupt(format!(
                        "the status of entry {} is not what its changes lead to",
                        change.entry
                    )));
                }
                count += 1;
                Ok(())
            },
        )?;
        let byte = pages::uniform_byte(list.width, list.default_status.value());
        if let Some(at) = packed.iter().position(|other| *other != byte) {
            let first = at as u64 * u64::from(list.width.entries_per_byte());
            return Err(StoreError::Corrupt(format!(
                "an entry of list {} near index {first} has a status that no change gave it",
                list.number
            )));
        }
        Ok(count)
    }

    /// Checks that every allocation has the index that its step leads to, and how many there are.
    fn verify_allocations(&self, list: &ListRow) -> Result<(), StoreError> {
        let wrong = |what: &str| StoreError::Corrupt(format!("list {}: {what}", list.number));
        let permutation = permutation(list)?;
        let check = |steps: &[(u64, u32)]| {
            let indexes = permutation.indexes_of(steps.iter().map(|(step, _)| *step));
            let stored = steps.iter().map(|(_, index)| *index);
            if indexes.is_some_and(|indexes| indexes.into_iter().eq(stored)) {
                Ok(())
            } else {
                Err(wrong(
                    "an allocation has another index than its step leads to",
                ))
            }
        };
        let sql = format!(
            "SELECT {} FROM alloc WHERE pos >> 40 = ?1 ORDER BY pos",
            AllocationRow::COLUMNS
        );
        let mut out_of_turn = 0;
        let mut batch = Vec::new();
        let () = all(
            &self.transaction,
            &sql,
            params![list.number.value()],
            |row| {
                let row = AllocationRow::read(row)?;
                out_of_turn += u64::from(row.n >= list.cursor);
                batch.push((row.n, row.index.value()));
                if batch.len() == 4096 {
                    check(&batch)?;
                    batch.clear();
                }
                Ok(())
            },
        )?;
        check(&batch)?;
        if list.cursor + out_of_turn == list.taken {
            Ok(())
        } else {
            Err(wrong("the number of taken entries is wrong"))
        }
    }

    /// Checks that the runs of a list cover each step below its cursor once.
    fn verify_runs(&self, list: &ListRow) -> Result<(), StoreError> {
        let sql = "SELECT n, count FROM alloc_run WHERE list_id = ?1 ORDER BY n";
        let key = params![list.number.value()];
        let runs: Vec<(i64, i64)> = all(&self.transaction, sql, key, columns)?;
        let meets = |end: i64, (first, count)| (first == end).then(|| end.saturating_add(count));
        let end = runs.into_iter().try_fold(0, meets);
        list.ends_at(end.unwrap_or(-1))
    }
}

/// Rows in the order of the revisions that they belong to.
struct ByRevision<'s, T, F> {
    rows: Rows<'s>,
    last_column: usize,
    read: F,
    /// The row at hand, with its revision.
    at_hand: Option<(i64, T)>,
}

impl<'s, T, F: Fn(&Row<'_>) -> Result<T, StoreError>> ByRevision<'s, T, F> {
    fn of(sorted: &'s mut Statement<'_>, read: F) -> Result<Self, StoreError> {
        let last_column = sorted.column_count() - 1;
        let mut rows = Self {
            rows: sorted.query([])?,
            last_column,
            read,
            at_hand: None,
        };
        rows.advance()?;
        Ok(rows)
    }

    /// Puts the next row at hand, and returns the one that was.
    fn advance(&mut self) -> Result<Option<T>, StoreError> {
        let next = match self.rows.next()? {
            Some(row) => Some((row.get(self.last_column)?, (self.read)(row)?)),
            None => None,
        };
        Ok(std::mem::replace(&mut self.at_hand, next).map(|(_, row)| row))
    }

    /// The next row, if it belongs to this revision.
    fn next_in(&mut self, rev: i64) -> Result<Option<T>, StoreError> {
        match self.at_hand {
            Some((of, _)) if of == rev => self.advance(),
            _ => Ok(None),
        }
    }

    /// Refuses a row whose revision is still to come when all were seen.
    fn end(self, what: &str) -> Result<(), StoreError> {
        match self.at_hand {
            Some((rev, _)) => Err(StoreError::Corrupt(format!(
                "{what} belongs to no revision ({rev})"
            ))),
            None => Ok(()),
        }
    }
}

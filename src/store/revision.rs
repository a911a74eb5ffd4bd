//! The rows of one revision.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;
use serde_json::Value;

use super::chain::Hash;
use super::digest::Digester;
use super::documents::DocumentRow;
use super::error::{Reading, StoreError};
use super::event::{Event, NoteInChain};
use super::format::Format;
use super::keys::{Key, Secret};
use super::purge::purge;
use super::query::{one, only, value, write};
use super::rows::{AllocationRow, ChangeRow, Closure, ListRow, ListState, position};
use super::sealed::Codes;
use super::shards::Shard;
use super::stamp::Stamp;
use super::widen::{widen, widened};
use super::work::{NewList, Run, Work};
use crate::list::{ListNumber, Series, Status, Timestamp, TokenId, View, Width};

/// From how many allocations on the index of token ids may be made anew.
const BULK: u64 = 1_000;

/// Writes the rows of one revision.
pub(super) struct RevisionWriter<'a> {
    pub(super) transaction: &'a rusqlite::Connection,
    pub(super) lists: &'a mut BTreeMap<ListNumber, ListRow>,
    pub(super) rev: i64,
    /// The settings before the revision.
    pub(super) series: &'a Series,
    /// Whether other settings change every published file.
    pub(super) republish: bool,
    /// Whether the newest format begins with this revision.
    pub(super) begins: bool,
    /// The lists whose rows are to be written.
    pub(super) touched: BTreeSet<ListNumber>,
}

impl RevisionWriter<'_> {
    /// Writes everything, and returns what the log has of it.
    pub(super) fn write(
        mut self,
        stamp: &Stamp,
        mut work: Work<'_>,
        at: Timestamp,
        before: &Hash,
    ) -> Result<Event, StoreError> {
        let mut visible = false;
        if !work.purged.is_empty() {
            purge(self.transaction, &work.purged, self.rev)?;
        }
        let mut body = super::replay::describe(&work);
        let wider = widened(self.series, work.series.as_ref());
        if let Some(width) = wider {
            self.widen(width)?;
            body.insert("widened".to_owned(), width.bits().into());
        }
        for list in work.new_lists.drain(..) {
            self.new_list(list)?;
            visible = true;
        }
        for new in work.new_uris.drain(..) {
            self.uri(new.list, new.view, &new.uri)?;
        }
        let mut digester = Digester::new();
        let changed = self.digest(&work, &mut digester)?;
        self.book(&work)?;
        visible |= self.republish || !changed.is_empty() || !work.retired.is_empty();
        let closures = self.settle(&work, &changed)?;
        if self.begins {
            body.insert("format".to_owned(), Format::NEWEST.number().into());
        }
        if self.republish {
            body.insert("republishes".to_owned(), true.into());
        }
        let state = super::state::of_lists(self.lists.values(), Format::NEWEST);
        body.insert(super::state::MEMBER.to_owned(), state.into());
        let body = Value::Object(body).to_string();

        let key = Key::random()?;
        let sealer = key.sealer();
        let mut event = Event {
            rev: self.rev,
            at,
            operation: stamp.operation.to_owned(),
            operation_id: stamp.operation_id.as_str().to_owned(),
            request: sealer.seal(Secret::Request, &stamp.request),
            visible,
            actor: stamp.actor.clone(),
            note: stamp.note.clone(),
            digest: digester.finish(&body),
            body,
            chain: [0; 32],
        };
        let note = sealer.seal(Secret::Note, event.note.as_bytes());
        event.chain = event.chained_to(before, &NoteInChain::Sealed(note));
        event.keep(self.transaction)?;
        key.keep_for_revision(self.transaction, self.rev)?;
        for run in &work.runs {
            self.run(*run)?;
        }
        let taken = work.runs.iter().map(|run| run.count).sum();
        self.allocate((work.allocations)(), taken)?;
        self.change((work.changes)())?;
        self.documents((work.documents)())?;
        for row in (work.labels)() {
            row.keep(self.transaction, self.rev)?;
        }
        for row in (work.terms)() {
            row.keep(self.transaction, self.rev)?;
        }
        for row in (work.members)() {
            row.keep(self.transaction, self.rev)?;
        }
        for (list, closure) in closures {
            closure.keep(self.transaction, list, self.rev)?;
        }
        if let Some(master) = &work.master {
            master.keep(self.transaction)?;
        }
        for ancestor in &work.ancestors {
            ancestor.keep(self.transaction, self.rev)?;
        }
        if let Some(home) = &work.home {
            home.keep(self.transaction)?;
        }
        self.finish(&event.chain, work.series.as_ref(), work.restores)?;
        Ok(event)
    }

    /// Hashes the rows that are to be written, and returns the lists of which they change a
    /// published byte.
    fn digest(
        &self,
        work: &Work<'_>,
        digester: &mut Digester,
    ) -> Result<BTreeSet<ListNumber>, StoreError> {
        let mut codes = Codes::of_texts(self.transaction);
        let mut changed = BTreeSet::new();
        for row in (work.allocations)() {
            digester.allocation(&row, &mut codes)?;
        }
        for row in (work.changes)() {
            digester.change(&row, &mut codes)?;
            if self.is_visible(&row)? {
                changed.insert(row.entry.list);
            }
        }
        for row in (work.documents)() {
            digester.document(&row);
            changed.insert(row.entry.list);
        }
        for row in (work.labels)() {
            digester.label(&row, &mut codes)?;
        }
        for row in (work.terms)() {
            digester.term(&row);
        }
        for row in (work.members)() {
            digester.member(&row, &mut codes)?;
        }
        Ok(changed)
    }

    /// Counts what the revision hands out. Each step between the beginning of a run and its end was
    /// taken out of turn before, or is taken now.
    fn book(&mut self, work: &Work<'_>) -> Result<(), StoreError> {
        for run in &work.runs {
            let before = self.taken_before(*run)?;
            let list = self.list_mut(run.list)?;
            if run.first != list.cursor || list.size.entries() - list.cursor < run.count {
                return Err(StoreError::Corrupt(format!(
                    "list {} has another place in its order than the run to be recorded",
                    run.list
                )));
            }
            list.cursor += run.count;
            list.taken += run.count - before;
        }
        let in_turn = |row: &AllocationRow| {
            let holds = |run: &Run| {
                run.list == row.list && (run.first..run.first + run.count).contains(&row.n)
            };
            work.runs.iter().any(holds)
        };
        for row in (work.allocations)().filter(|row| !in_turn(row)) {
            self.list_mut(row.list)?.taken += 1;
        }
        Ok(())
    }

    /// A list whose row is to be written.
    fn list_mut(&mut self, number: ListNumber) -> Result<&mut ListRow, StoreError> {
        self.touched.insert(number);
        let list = self.lists.get_mut(&number);
        list.ok_or(StoreError::NoList(number))
    }

    /// How many steps of a run have a row already.
    fn taken_before(&self, run: Run) -> Result<u64, StoreError> {
        let first = position(run.list, run.first);
        let end = position(run.list, run.first + run.count);
        let sql = "SELECT count(*) FROM alloc WHERE pos >= ?1 AND pos < ?2";
        let count: i64 = only(self.transaction, sql, params![first, end], value)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Brings state and revision of the lists up to date; they are written last.
    fn settle(
        &mut self,
        work: &Work<'_>,
        changed: &BTreeSet<ListNumber>,
    ) -> Result<Vec<(ListNumber, Closure)>, StoreError> {
        let rev = self.rev;
        for number in &work.opened {
            self.list_mut(*number)?.state = ListState::Open;
        }
        for number in self.touched.clone() {
            let list = self.list_mut(number)?;
            if list.state == ListState::Open && list.free() == 0 {
                list.state = ListState::Full;
            }
        }
        let mut closures = Vec::new();
        for ending in &work.ended {
            let list = self.list_mut(ending.list)?;
            let closure = Closure::of(list, ending);
            list.closure = Some(closure);
            if list.state != ListState::Retired {
                list.state = ListState::Closed;
            }
            closures.push((ending.list, closure));
        }
        for number in &work.closed {
            let list = self.list_mut(*number)?;
            if list.state != ListState::Retired {
                list.state = ListState::Closed;
            }
        }
        for number in &work.retired {
            let list = self.list_mut(*number)?;
            list.state = ListState::Retired;
            list.rev = rev;
        }
        let lists: Vec<_> = if self.republish {
            self.lists.keys().copied().collect()
        } else {
            changed.iter().copied().collect()
        };
        for number in lists {
            self.list_mut(number)?.rev = rev;
        }
        Ok(closures)
    }

    fn widen(&mut self, width: Width) -> Result<(), StoreError> {
        for list in self.lists.values_mut() {
            widen(self.transaction, list, width, self.rev)?;
            self.touched.insert(list.number);
        }
        Ok(())
    }

    fn new_list(&mut self, new: NewList) -> Result<(), StoreError> {
        let list = ListRow {
            number: new.number,
            width: new.width,
            size: new.size,
            default_status: new.default_status,
            state: new.state,
            seed: new.seed,
            cursor: 0,
            taken: 0,
            rev: self.rev,
            shards: 0,
            shard_xor: [0; 8],
            closure: None,
        };
        self.run_sql(
            "INSERT INTO list (list_id, bits, size, default_status, state, perm, seed, cursor, \
             taken, shards, shard_xor, rev) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, 0, 0, 0, ?7, ?8)",
            params![
                list.number.value(),
                list.width.bits(),
                as_integer(list.size.entries()),
                list.default_status.value(),
                list.state.name(),
                list.seed.as_bytes(),
                list.shard_xor,
                self.rev
            ],
        )?;
        Key::random()?.keep_for(self.transaction, list.number)?;
        for (view, uri) in &new.uris {
            self.uri(new.number, *view, uri)?;
        }
        self.lists.insert(new.number, list);
        Ok(())
    }

    fn uri(&self, list: ListNumber, view: View, uri: &str) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO list_view (list_id, view, uri) VALUES (?1, ?2, ?3)",
            params![list.value(), view.name(), uri],
        )
    }

    fn run(&self, run: Run) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO alloc_run (list_id, n, count, rev, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                run.list.value(),
                as_integer(run.first),
                as_integer(run.count),
                self.rev,
                run.expires
            ],
        )
    }

    /// Writes allocations that are sorted by place. `taken` is how many steps they come from: if
    /// there were fewer before, making the index of token ids anew is faster than keeping it.
    fn allocate(
        &self,
        rows: impl Iterator<Item = AllocationRow>,
        taken: u64,
    ) -> Result<(), StoreError> {
        let after: u64 = self.lists.values().map(|list| list.taken).sum();
        let mut index: Option<String> = None;
        if taken >= BULK && taken >= after - taken {
            let sql = "SELECT sql FROM sqlite_schema WHERE name = 'alloc_token'";
            index = Some(only(self.transaction, sql, [], value)?);
            self.run_sql("DROP INDEX alloc_token", [])?;
        }
        let sql = "INSERT INTO alloc (pos, idx, rev, token, expires, kind) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut insert = self.transaction.prepare_cached(sql).reading("write to")?;
        for row in rows {
            let values = params![
                row.position(),
                row.index.value(),
                self.rev,
                row.token.as_ref().map(TokenId::to_bytes),
                row.expires,
                row.kind.number()
            ];
            insert.execute(values).reading("write to")?;
        }
        drop(insert);
        if let Some(index) = index {
            self.run_sql(&index, [])?;
        }
        Ok(())
    }

    /// Writes changes that are sorted by entry, so that each shard is read and written once.
    fn change(&mut self, rows: impl Iterator<Item = ChangeRow>) -> Result<(), StoreError> {
        let sql = "INSERT INTO change (list_id, idx, rev, old, new, reason, note, since) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let mut insert = self.transaction.prepare_cached(sql).reading("write to")?;
        let mut rows = rows.peekable();
        while let Some(first) = rows.peek() {
            let number = first.entry.list;
            let list = self
                .lists
                .get_mut(&number)
                .ok_or(StoreError::NoList(number))?;
            let mut shard = Shard::load(self.transaction, list, first.entry.index)?;
            while let Some(row) =
                rows.next_if(|row| row.entry.list == number && shard.holds(list, row.entry.index))
            {
                let values = params![
                    row.entry.list.value(),
                    row.entry.index.value(),
                    self.rev,
                    row.old.value(),
                    row.new.value(),
                    row.remark.reason.code(),
                    row.remark.note,
                    row.remark.since
                ];
                insert.execute(values).reading("write to")?;
                if shard.read(list, row.entry.index)? != row.old {
                    return Err(StoreError::Corrupt(format!(
                        "entry {} has not the status that its newest change says",
                        row.entry
                    )));
                }
                if row.old != row.new {
                    shard.write(list, row.entry.index, row.new)?;
                }
            }
            shard.save(self.transaction, list, self.rev)?;
        }
        Ok(())
    }

    /// Writes document hashes that are sorted by list, hash and role.
    fn documents(&self, rows: impl Iterator<Item = DocumentRow>) -> Result<(), StoreError> {
        for row in rows {
            self.run_sql(
                "INSERT INTO document (list_id, hash, role, idx, rev) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    row.entry.list.value(),
                    row.hash.bytes(),
                    row.role.number(),
                    row.entry.index.value(),
                    self.rev
                ],
            )?;
        }
        Ok(())
    }

    /// Whether a change that is not written yet changes what is published: the status, or the
    /// reason where that is published too.
    fn is_visible(&self, row: &ChangeRow) -> Result<bool, StoreError> {
        if row.old != row.new {
            return Ok(true);
        }
        if row.new == Status::VALID || !self.series.publishes_documents() {
            return Ok(false);
        }
        let sql = "SELECT reason FROM change WHERE list_id = ?1 AND idx = ?2 \
                   ORDER BY rev DESC LIMIT 1";
        let entry = params![row.entry.list.value(), row.entry.index.value()];
        let before: Option<u16> = one(self.transaction, sql, entry, value)?;
        Ok(before.unwrap_or_default() != u16::from(row.remark.reason.code()))
    }

    fn finish(
        &self,
        chain: &Hash,
        series: Option<&Series>,
        restores: bool,
    ) -> Result<(), StoreError> {
        for list in self
            .touched
            .iter()
            .filter_map(|number| self.lists.get(number))
        {
            self.run_sql(
                "UPDATE list SET state = ?2, cursor = ?3, taken = ?4, shards = ?5, \
                 shard_xor = ?6, rev = ?7, bits = ?8 WHERE list_id = ?1",
                params![
                    list.number.value(),
                    list.state.name(),
                    as_integer(list.cursor),
                    as_integer(list.taken),
                    list.shards,
                    list.shard_xor,
                    list.rev,
                    list.width.bits()
                ],
            )?;
        }
        self.run_sql(
            "UPDATE meta SET rev = ?1, chain = ?2 WHERE id = 1",
            params![self.rev, chain],
        )?;
        if let Some(series) = series {
            let config = serde_json::to_string(series)
                .map_err(|source| StoreError::Corrupt(source.to_string()))?;
            self.run_sql("UPDATE meta SET config = ?1 WHERE id = 1", params![config])?;
        }
        if restores {
            self.run_sql("UPDATE meta SET copied_at = NULL WHERE id = 1", [])?;
        }
        Ok(())
    }

    fn run_sql(&self, sql: &str, values: impl rusqlite::Params) -> Result<(), StoreError> {
        write(self.transaction, sql, values)
    }
}

/// Sizes, steps and counts are at most 2^32.
fn as_integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

//! The planner: what becomes of each line, and what is stored of it all.
//!
//! The lines are applied one after the other, as if each were a request of its own: a later line
//! sees what the earlier ones did. Only the order in which the file is read is another, so that
//! each page of it is read once.

use std::collections::HashSet;
use std::sync::Arc;

use super::documents::PlannedDocuments;
use super::error::ChangeError;
use super::faults::OnFault;
use super::group_lines::GroupLines;
use super::label_lines::{Labels, NewLabel, NewMember};
use super::locate::{Locator, Setting};
use super::plan::{LinePlan, Missing, NetChange, Plan};
use super::request::{KnownTokens, Line, Request, What};
use super::rollover::{Roster, Turnover};
use super::table::Table;
use super::tokens::{KnownLines, OnFile};
use crate::list::{
    Effect, EntryId, Finality, ListNumber, Register, Remark, Series, Status, Story, Wish,
};
use crate::store::{Booked, Bulk, DocumentRow, StoreError, Supply};

/// Decides what becomes of each line of a request.
pub(super) struct Planner<'a, 's> {
    pub(super) request: &'a Request,
    prepared: &'a KnownLines,
    pub(super) operation_id: &'a str,
    pub(super) bulk: Bulk<'a, 's>,
    pub(super) faults: OnFault<'a>,
    register: &'a Register,
    pub(super) series: &'a Series,
    pub(super) lines: Vec<LinePlan>,
    pub(super) booked: Booked,
    /// For each booked entry, the line that gets it.
    pub(super) taken_by: Vec<u32>,
    missing: Option<Missing>,
    pub(super) turnover: Turnover,
    pub(super) supply: Option<Supply>,
    documents: Vec<DocumentRow>,
    members: Vec<NewMember>,
    pub(super) groups: GroupLines,
    pub(super) labels: Labels,
    pub(super) remarks: Table<Remark>,
}

/// What is planned.
pub(super) struct Asked<'a> {
    pub(super) request: &'a Request,
    pub(super) prepared: &'a KnownLines,
    /// Which list serves which entry depends on it, where several are open.
    pub(super) operation_id: &'a str,
}

/// What allocating lines are decided by.
struct Decider<'a> {
    /// How many entries the lists have left, or why there are none.
    free: Result<u64, Arc<StoreError>>,
    /// The list that is named where there are none.
    full: ListNumber,
    /// How many entries they have not.
    missing: u64,
    tokens: OnFile,
    documents: PlannedDocuments<'a>,
}

impl<'a, 's> Planner<'a, 's> {
    pub(super) fn new(asked: &Asked<'a>, bulk: Bulk<'a, 's>, faults: OnFault<'a>) -> Self {
        let snapshot = bulk.snapshot();
        let request = asked.request;
        Self {
            request,
            prepared: asked.prepared,
            operation_id: asked.operation_id,
            faults,
            register: snapshot.register(),
            series: snapshot.series(),
            bulk,
            lines: vec![LinePlan::Faulty; request.lines.len()],
            booked: Booked::default(),
            taken_by: Vec::new(),
            missing: None,
            turnover: Turnover::default(),
            supply: None,
            documents: Vec::new(),
            members: Vec::new(),
            groups: GroupLines::default(),
            labels: Labels::default(),
            remarks: Table::new(),
        }
    }

    /// Plans a request of any lines.
    ///
    /// # Errors
    /// The list file cannot be read, or contradicts itself.
    pub(super) fn plan(mut self) -> Result<Plan, ChangeError> {
        if self.request.lines.iter().any(Line::gives_names) {
            self.take()?;
        }
        let locator = Locator {
            request: self.request,
            bulk: &self.bulk,
            allocating: &self.prepared.allocating,
            lines: &self.lines,
            booked: &self.booked,
            labels: &self.labels.new,
            taken_by: &self.taken_by,
        };
        let located = locator.find(&mut self.faults)?;
        self.groups = located.groups;
        self.apply(located.settings)
    }

    /// Takes an entry for each allocating line without a fault.
    pub(super) fn take(&mut self) -> Result<(), ChangeError> {
        let request = self.request;
        let (allocating, lines) = (&self.prepared.allocating, &request.lines);
        let tokens = match &self.faults {
            OnFault::Refuse => allocating.look_up(&self.bulk, lines)?,
            OnFault::Tell(_) => allocating.entries_on_file(&self.bulk, lines)?,
        };
        let roster = Roster::of(self.bulk.snapshot(), self.series)?;
        let mut decider = Decider {
            free: self.free(&roster).map_err(Arc::new),
            full: self.bulk.snapshot().list_without_room(request.terms.list)?,
            missing: 0,
            tokens,
            documents: PlannedDocuments::of(&request.documents, self.series, &self.bulk)?,
        };
        for (place, line) in request.places() {
            let planned = match &line.what {
                What::Allocate { status, .. } => self
                    .first_status(*status)
                    .and_then(|status| self.decide(place, status, &mut decider)),
                What::Label(label) => self.label(place, label, &decider.tokens),
                What::Set { .. } => continue,
            };
            match planned {
                Ok(plan) => self.lines[place as usize] = plan,
                Err(error) => self.faults.add(request, place, error)?,
            }
        }
        self.book(roster)?;
        if decider.missing > 0 {
            self.missing = Some(Missing {
                list: self.bulk.snapshot().list(decider.full)?,
                count: decider.missing,
            });
        }
        self.documents = self.document_rows(&decider.documents)?;
        self.members = self.new_members();
        self.labels.new.sort_unstable_by_key(NewLabel::place);
        if self.tells() {
            self.read_existing()?;
        }
        Ok(())
    }

    /// Whether each line is judged by itself.
    const fn tells(&self) -> bool {
        matches!(self.faults, OnFault::Tell(_))
    }

    /// What becomes of an allocating line that starts with a status.
    fn decide(
        &mut self,
        place: u32,
        status: Status,
        decider: &mut Decider<'_>,
    ) -> Result<LinePlan, ChangeError> {
        let answers = self.request.terms.known_tokens == KnownTokens::Answered;
        let line = &self.request.lines[place as usize];
        if let (Some(entry), Some(token)) = (decider.tokens.get(place), line.token()) {
            if answers {
                self.agree_on_group(line, entry)?;
                if self.tells() {
                    decider.documents.agree_with_file(place, entry)?;
                }
                return Ok(LinePlan::Existing { entry, status });
            }
            let token = token.clone();
            return Err(ChangeError::TokenTaken { token, entry });
        }
        if let (Some(earlier), Some(token)) = (self.taken_before(place), line.token()) {
            if answers {
                decider.documents.agree_with_line(place, earlier)?;
                self.agree_on_group_in_line(line, &self.request.lines[earlier as usize])?;
                return Ok(self.again(earlier, status));
            }
            return Err(ChangeError::TokenInLine {
                token: token.clone(),
                line: self.request.lines[earlier as usize].number,
            });
        }
        if let What::Allocate { terms, .. } = &line.what {
            let expires = self.request.expiry(*terms);
            self.request.terms.refuse_past(expires)?;
        }
        let free = decider.free.as_ref();
        let free = free.map_err(|error| ChangeError::NoList(Arc::clone(error)))?;
        if self.taken_by.len() as u64 >= *free {
            decider.missing += 1;
            return Err(ChangeError::Full(decider.full));
        }
        let lines = &self.request.lines;
        if self.tells() {
            decider
                .documents
                .record(place, |other| lines[other as usize].number)?;
        }
        // A request has fewer than 2^32 lines.
        let booked = u32::try_from(self.taken_by.len()).unwrap_or(u32::MAX);
        self.taken_by.push(place);
        Ok(LinePlan::Fresh {
            place: booked,
            status,
        })
    }

    /// The line before this one that got an entry for the same token id.
    pub(super) fn taken_before(&self, place: u32) -> Option<u32> {
        if !self.prepared.repeated.contains(&place) {
            return None;
        }
        let lines = &self.request.lines;
        self.prepared
            .allocating
            .find(lines, lines[place as usize].token()?)
            .take_while(|other| *other < place)
            .find(|other| {
                let plan = self.lines[*other as usize];
                matches!(plan, LinePlan::Fresh { .. } | LinePlan::Label { .. })
            })
    }

    /// What becomes of a line that gets what an earlier one got.
    fn again(&self, earlier: u32, status: Status) -> LinePlan {
        match self.lines[earlier as usize] {
            LinePlan::Fresh { place, status } => LinePlan::Again { place, status },
            LinePlan::Label { entry, .. } => LinePlan::Existing { entry, status },
            other => other,
        }
    }

    /// The rows of the documents that the booked entries are for.
    fn document_rows(
        &self,
        documents: &PlannedDocuments<'_>,
    ) -> Result<Vec<DocumentRow>, ChangeError> {
        let mut rows = Vec::new();
        for place in self.request.documents.places() {
            match self.lines[place as usize] {
                LinePlan::Fresh { place: booked, .. } => {
                    let entry = self.booked.entry(booked);
                    rows.extend(self.request.documents.rows(place, entry));
                }
                LinePlan::Existing { entry, .. } => documents.agree_with_file(place, entry)?,
                _ => {}
            }
        }
        Ok(self.bulk.unrecorded(rows)?)
    }

    /// Fills in the statuses of entries that token ids had already, page by page.
    fn read_existing(&mut self) -> Result<(), StoreError> {
        let mut existing: Vec<_> = (0..self.lines.len())
            .filter_map(|place| match self.lines[place] {
                LinePlan::Existing { entry, .. } => Some((entry, place)),
                _ => None,
            })
            .collect();
        existing.sort_unstable();
        for (entry, place) in existing {
            let status = self.bulk.status(entry)?;
            self.lines[place] = LinePlan::Existing { entry, status };
        }
        Ok(())
    }

    /// The status that an entry starts with. It is no transition: final statuses are allowed.
    fn first_status(&self, given: Option<u8>) -> Result<Status, ChangeError> {
        let status = match given {
            Some(value) => Status::new(u64::from(value), self.register.width)?,
            None => self.register.starting_status()?,
        };
        self.series.takes(status)?;
        Ok(status)
    }

    /// Applies the setting lines, entry by entry, and says what is to be stored.
    pub(super) fn apply(mut self, mut settings: Vec<Setting>) -> Result<Plan, ChangeError> {
        settings.sort_unstable_by_key(|setting| (setting.entry, setting.line));
        let settings = self.without_retired(settings)?;
        let told: HashSet<u32> = settings
            .iter()
            .filter_map(|setting| setting.fresh)
            .collect();
        let mut changes = if self.groups.is_empty() {
            self.by_entry(&settings)?
        } else {
            for (line, plan) in self.groups.lines() {
                self.lines[*line as usize] = *plan;
            }
            self.by_line(settings)?
        };
        let old = self.register.default_status;
        for place in &self.taken_by {
            if let LinePlan::Fresh { place, status } = self.lines[*place as usize]
                && status != old
                && !told.contains(&place)
            {
                changes.push(NetChange {
                    entry: self.booked.entry(place),
                    old,
                    new: status,
                    remark: self.remarks.place(Remark::default()),
                });
            }
        }
        changes.sort_unstable_by_key(|change| change.entry);
        Ok(Plan {
            lines: self.lines,
            parts: self.groups.parts,
            labels: self.labels.new,
            members: self.members,
            booked: self.booked,
            changes,
            remarks: self.remarks.into_values(),
            documents: self.documents,
            missing: self.missing,
            turnover: self.turnover,
            supply: self.supply,
            taken_by: self.taken_by,
        })
    }

    /// Leaves out the lines that set entries of retired lists: they have a fault.
    fn without_retired(&mut self, settings: Vec<Setting>) -> Result<Vec<Setting>, ChangeError> {
        let retired = self.bulk.retired_lists()?;
        if retired.is_empty() {
            return Ok(settings);
        }
        let (lost, settings): (Vec<_>, Vec<_>) = settings
            .into_iter()
            .partition(|setting| retired.contains(&setting.entry.list));
        for setting in lost {
            let error = StoreError::Retired(setting.entry.list);
            self.faults.add(self.request, setting.line, error.into())?;
        }
        Ok(settings)
    }

    /// Applies the lines that set one entry.
    pub(super) fn story(
        &mut self,
        first: Setting,
        group: &[Setting],
    ) -> Result<Story, ChangeError> {
        let request = self.request;
        let wishes: Vec<_> = group
            .iter()
            .map(|setting| self.wish(setting.line))
            .collect();
        let mut story = self.story_so_far(first, &wishes)?;
        for (setting, wish) in group.iter().zip(wishes) {
            let previous = story.status();
            let applied = wish.and_then(|wish| self.set(&mut story, setting, wish));
            match applied {
                Ok(effect) => {
                    self.lines[setting.line as usize] = LinePlan::Set {
                        entry: setting.entry,
                        previous,
                        current: story.status(),
                        effect,
                    };
                }
                Err(error) => self.faults.add(request, setting.line, error)?,
            }
        }
        Ok(story)
    }

    /// An entry before the lines that set it.
    pub(super) fn story_so_far(
        &mut self,
        first: Setting,
        wishes: &[Result<Wish, ChangeError>],
    ) -> Result<Story, StoreError> {
        let taker = first.fresh.map(|place| self.taken_by[place as usize]);
        if let Some(LinePlan::Fresh { status, .. }) = taker.map(|line| self.lines[line as usize]) {
            return Ok(Story::handed_out(self.register.default_status, status));
        }
        let status = self.status(first.entry)?;
        // A change of status starts with an empty remark, whatever was there.
        let stays = |wish: &Wish| *wish == Wish::Set(status) || *wish == Wish::Suspend;
        let remark = if wishes.iter().flatten().any(stays) {
            self.bulk.remark(first.entry, status)?
        } else {
            Remark::default()
        };
        Ok(Story::filed(status, remark))
    }

    /// The status of an entry: of few, compared with its newest change.
    fn status(&mut self, entry: EntryId) -> Result<Status, StoreError> {
        if self.tells() {
            self.bulk.status(entry)
        } else {
            self.bulk.snapshot().status(entry)
        }
    }

    /// Applies one line to an entry.
    pub(super) fn set(
        &self,
        story: &mut Story,
        setting: &Setting,
        wish: Wish,
    ) -> Result<Effect, ChangeError> {
        let line = &self.request.lines[setting.line as usize];
        let What::Set {
            expected, remark, ..
        } = &line.what
        else {
            return Ok(Effect::Unchanged);
        };
        let width = self.register.width;
        let expected = expected
            .map(|value| Status::new(u64::from(value), width))
            .transpose()?;
        let finality = Finality {
            statuses: &self.register.final_statuses,
            permission: self.request.terms.final_statuses,
            profile: self.series.profile,
        };
        let remark = self.request.remark(*remark);
        let entry = setting.entry;
        story
            .apply(line.number, wish, remark, expected, finality)
            .map_err(|error| ChangeError::Story { entry, error })
    }

    /// What a line asks for, if that fits the list.
    pub(super) fn wish(&self, place: u32) -> Result<Wish, ChangeError> {
        let What::Set { wish, remark, .. } = &self.request.lines[place as usize].what else {
            return Ok(Wish::Unrevoke);
        };
        let (wish, status) = wish.at(self.register.width)?;
        if let Some(reason) = self.request.remark(*remark).reason {
            reason.fitting(status)?;
        }
        self.series.takes(status)?;
        Ok(wish)
    }
}

//! Which entries a line means that names a group.

use std::collections::HashMap;
use std::rc::Rc;

use super::error::ChangeError;
use super::group_lines::{BookedMember, GroupLines};
use super::locate::{Locator, Setting};
use super::plan::LinePlan;
use crate::list::{EntryName, GroupName};
use crate::store::{Members, StoreError};

/// The most entries that the lines of one request may set by their groups: as many as a batch may
/// have lines.
const MOST: usize = 1 << 25;

impl Locator<'_, '_> {
    /// The entries that a line sets by their group: those on file, and those of earlier lines.
    pub(super) fn locate_group(
        &self,
        groups: &mut GroupLines,
        line: u32,
        group: &GroupName,
    ) -> Result<Vec<Setting>, ChangeError> {
        let on_file = self.members(groups, group)?;
        let booked = groups
            .booked
            .get_or_insert_with(|| self.booked_for_groups());
        let booked = booked.get(group).into_iter().flatten();
        let booked: Vec<_> = booked.filter(|booked| booked.line < line).collect();
        let count = on_file.kept.len() + on_file.retired.len() + booked.len();
        if count == 0 {
            return Err(StoreError::NoGroup(group.clone()).into());
        }
        let first = groups.parts.len();
        if first + count > MOST {
            return Err(ChangeError::TooMany(MOST));
        }
        let kept = on_file.kept.iter().map(|entry| (*entry, None));
        let booked = booked.iter().map(|booked| {
            let entry = self.booked.entry(booked.place);
            (entry, Some(booked.place))
        });
        let name = EntryName::Group(Box::new(group.clone()));
        let mut settings = Vec::with_capacity(count);
        let parts = u32::try_from(first).unwrap_or(u32::MAX)..;
        for ((entry, fresh), part) in kept.chain(booked).zip(parts) {
            self.within(entry.list, &name, self.request.terms.list)?;
            settings.push(Setting {
                entry,
                line,
                fresh,
                part: Some(part),
            });
        }
        groups
            .parts
            .resize(first + settings.len(), LinePlan::Faulty);
        let retired = on_file.retired.iter();
        let skipped = retired.map(|entry| LinePlan::Skipped { entry: *entry });
        groups.parts.extend(skipped);
        groups.add(line, first);
        Ok(settings)
    }

    fn members(
        &self,
        groups: &mut GroupLines,
        group: &GroupName,
    ) -> Result<Rc<Members>, StoreError> {
        if let Some(known) = groups.on_file.get(group) {
            return Ok(Rc::clone(known));
        }
        let members = match self.bulk.members(group) {
            Err(StoreError::NoGroup(_)) => Members::default(),
            members => members?,
        };
        let members = Rc::new(members);
        groups.on_file.insert(group.clone(), Rc::clone(&members));
        Ok(members)
    }

    /// The booked entries of each group.
    fn booked_for_groups(&self) -> HashMap<GroupName, Vec<BookedMember>> {
        let mut of_groups: HashMap<GroupName, Vec<BookedMember>> = HashMap::new();
        for (line, place) in self.taken_by.iter().zip(0..) {
            let line = *line;
            let group = self.request.group_of(&self.request.lines[line as usize]);
            let member = BookedMember { line, place };
            match group.map(|group| (of_groups.get_mut(group), group)) {
                None => {}
                Some((Some(known), _)) => known.push(member),
                Some((None, group)) => drop(of_groups.insert(group.clone(), vec![member])),
            }
        }
        of_groups
    }
}

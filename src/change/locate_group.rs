//! Which entries a line means that names a group.

use std::collections::HashMap;
use std::rc::Rc;

use super::error::ChangeError;
use super::group_lines::{GroupLines, JoiningMember};
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
        let joining = groups.joining.get_or_insert_with(|| self.joining());
        let joining = joining.get(group).into_iter().flatten();
        let joining: Vec<_> = joining.filter(|member| member.line < line).collect();
        let count = on_file.kept.len() + on_file.retired.len() + joining.len();
        if count == 0 {
            return Err(StoreError::NoGroup(group.clone()).into());
        }
        let first = groups.parts.len();
        if first + count > MOST {
            return Err(ChangeError::TooMany(MOST));
        }
        let kept = on_file.kept.iter().map(|entry| (*entry, None));
        let joining = joining.iter().map(|member| (member.entry, member.fresh));
        let name = EntryName::Group(Box::new(group.clone()));
        let mut settings = Vec::with_capacity(count);
        let parts = u32::try_from(first).unwrap_or(u32::MAX)..;
        for ((entry, fresh), part) in kept.chain(joining).zip(parts) {
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

    /// The entries that lines put into each group.
    fn joining(&self) -> HashMap<GroupName, Vec<JoiningMember>> {
        let booked = self.taken_by.iter().zip(0..);
        let booked = booked.map(|(line, place)| JoiningMember {
            line: *line,
            entry: self.booked.entry(place),
            fresh: Some(place),
        });
        let labels = self.labels.iter().filter(|label| label.adds.group);
        let labelled = labels.map(|label| JoiningMember {
            line: label.line,
            entry: label.entry,
            fresh: None,
        });
        let mut of_groups: HashMap<GroupName, Vec<JoiningMember>> = HashMap::new();
        for member in booked.chain(labelled) {
            let line = &self.request.lines[member.line as usize];
            let group = self.request.group_of(line);
            match group.map(|group| (of_groups.get_mut(group), group)) {
                None => {}
                Some((Some(known), _)) => known.push(member),
                Some((None, group)) => drop(of_groups.insert(group.clone(), vec![member])),
            }
        }
        of_groups
    }
}

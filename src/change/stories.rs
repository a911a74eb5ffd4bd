//! What setting lines do to entries: one entry after the other, or, where lines set groups, one line
//! after the other.

use super::error::ChangeError;
use super::locate::Setting;
use super::plan::{LinePlan, NetChange};
use super::planner::Planner;
use crate::list::{EntryId, Story};

/// An entry, and what lines made of it.
struct EntryStory {
    entry: EntryId,
    story: Story,
}

/// What one line does to one entry.
struct Step {
    /// Which of the stories.
    at: usize,
    before: Story,
    part: Option<u32>,
    plan: LinePlan,
}

impl Planner<'_, '_> {
    /// Applies the lines, one entry after the other.
    pub(super) fn by_entry(&mut self, settings: &[Setting]) -> Result<Vec<NetChange>, ChangeError> {
        let mut changes = Vec::new();
        for group in settings.chunk_by(|one, other| one.entry == other.entry) {
            let [first, ..] = group else {
                continue;
            };
            let story = self.story(*first, group)?;
            changes.extend(self.net(first.entry, &story));
        }
        Ok(changes)
    }

    /// The change that is stored of an entry, if there is one.
    fn net(&mut self, entry: EntryId, story: &Story) -> Option<NetChange> {
        let (old, new) = story.change()?;
        Some(NetChange {
            entry,
            old,
            new: new.status,
            remark: self.remarks.place(new.remark.clone()),
        })
    }

    /// Applies the lines one after the other: one that sets a group is refused as a whole, and
    /// what it did to the entries before the one that refuses is undone. The settings are sorted
    /// by entry, so that each page is read once.
    pub(super) fn by_line(
        &mut self,
        mut settings: Vec<Setting>,
    ) -> Result<Vec<NetChange>, ChangeError> {
        let mut stories = Vec::new();
        for of_entry in settings.chunk_by(|one, other| one.entry == other.entry) {
            let wishes: Vec<_> = of_entry
                .iter()
                .map(|setting| self.wish(setting.line))
                .collect();
            stories.push(EntryStory {
                entry: of_entry[0].entry,
                story: self.story_so_far(of_entry[0], &wishes)?,
            });
        }
        settings.sort_unstable_by_key(|setting| (setting.line, setting.entry));
        for of_line in settings.chunk_by(|one, other| one.line == other.line) {
            self.apply_line(of_line, &mut stories)?;
        }
        let changes = stories
            .iter()
            .filter_map(|one| self.net(one.entry, &one.story));
        Ok(changes.collect())
    }

    fn apply_line(
        &mut self,
        of_line: &[Setting],
        stories: &mut [EntryStory],
    ) -> Result<(), ChangeError> {
        let place = of_line[0].line;
        let mut steps = Vec::with_capacity(of_line.len());
        for setting in of_line {
            match self.step(setting, stories) {
                Ok(step) => steps.push(step),
                Err(error) => {
                    for step in steps {
                        stories[step.at].story = step.before;
                    }
                    self.lines[place as usize] = LinePlan::Faulty;
                    return self.faults.add(self.request, place, error);
                }
            }
        }
        for step in steps {
            match step.part {
                Some(part) => self.groups.parts[part as usize] = step.plan,
                None => self.lines[place as usize] = step.plan,
            }
        }
        Ok(())
    }

    fn step(&self, setting: &Setting, stories: &mut [EntryStory]) -> Result<Step, ChangeError> {
        let wish = self.wish(setting.line)?;
        let found = stories.binary_search_by_key(&setting.entry, |one| one.entry);
        let at = found.unwrap_or_else(|at| at);
        let before = stories[at].story.clone();
        let story = &mut stories[at].story;
        let effect = self.set(story, setting, wish)?;
        let plan = LinePlan::Set {
            entry: setting.entry,
            previous: before.status(),
            current: story.status(),
            effect,
        };
        Ok(Step {
            at,
            before,
            part: setting.part,
            plan,
        })
    }
}

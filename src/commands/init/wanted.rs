//! What is wanted of a list, setting by setting.

use super::guide_policy::Publishing;
use super::keys::{Dialect, KEYS, Key, Take};
use super::options::ListOptions;
use crate::commands::Error;
use crate::commands::settings::{Item, Setting, SettingsFile};
use crate::wire::placed::{Datum, Member};

/// What a settings file says of a list, and what is to be said about it.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) options: ListOptions,
    pub(super) notes: Vec<String>,
    /// When the lists are to be published.
    pub(super) publishing: Option<Publishing>,
    /// The options that were named, so that none is named twice.
    named: Vec<Named>,
}

struct Named {
    option: &'static str,
    name: &'static str,
}

impl Wanted {
    /// Takes one setting.
    pub(super) fn take(
        &mut self,
        file: &SettingsFile,
        key: &'static Key,
        member: &Member,
        items: &[Item],
    ) -> Result<(), Error> {
        let name = key.setting.name;
        if let Some(named) = self.named.iter().find(|named| named.option == key.option) {
            let reason = format!("'{name}' stands here, and '{}' before", named.name);
            return Err(file
                .fault(member.offset, reason)
                .hint(format!("both are --{}: one of them is enough", key.option)));
        }
        let option = key.option;
        self.named.push(Named { option, name });
        match key.take {
            Take::Option(take) if items.is_empty() => match key.empty(take) {
                Some(take) => take(&mut self.options, "none")
                    .map_err(|reason| file.fault(member.offset, format!("{name}: {reason}"))),
                None if member.value.datum == Datum::Null => Ok(()),
                None => {
                    let reason = format!("{name} is empty: leave it out");
                    Err(file.fault(member.value.offset, reason))
                }
            },
            Take::Option(take) => items.iter().try_for_each(|item| {
                take(&mut self.options, &item.text)
                    .map_err(|reason| file.fault(item.offset, format!("{name}: {reason}")))
            }),
            Take::Notes => {
                for note in member.value.members().unwrap_or_default() {
                    let note = (note.name.clone(), note.value.json());
                    self.options.meta.push(note);
                }
                Ok(())
            }
            Take::ImmediateUpdate => {
                self.publishing = items
                    .first()
                    .map(|item| Publishing::of_immediate_update(&item.text));
                Ok(())
            }
            Take::Publishing(say) => {
                let said = items
                    .iter()
                    .map(|item| format!("{name}: {}", say(&item.text)));
                self.notes.extend(said);
                Ok(())
            }
        }
    }
}

/// The names of a system, and ours, which may stand beside them.
pub(super) fn names(dialect: Dialect) -> Vec<Setting> {
    let of = |dialect| KEYS.iter().filter(move |key| key.dialect == dialect);
    let own = of(dialect).filter(|_| dialect != Dialect::Ours);
    own.chain(of(Dialect::Ours))
        .map(|key| key.setting)
        .collect()
}

/// Every name.
pub(super) fn all_names() -> Vec<Setting> {
    KEYS.iter().map(|key| key.setting).collect()
}

pub(super) fn key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.setting.name == name)
}

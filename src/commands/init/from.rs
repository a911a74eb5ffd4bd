//! What a settings file says of a list.

use std::path::Path;

use super::acapy;
use super::guide_policy::{self, GuidePolicy};
use super::keys::{Dialect, Key};
use super::wanted::{Wanted, all_names, key, names};
use crate::commands::settings::{LIST, Reading, SettingsFile, Tables, has_section};
use crate::commands::{Context, Error};
use crate::wire::placed::{Datum, Member, Placed};
use crate::wire::shell::quote;

/// Reads a settings file; `-` is standard input.
///
/// # Errors
/// It cannot be read, or says something that is not understood.
pub(super) fn read(path: &Path, context: &Context<'_>) -> Result<Wanted, Error> {
    let bytes = context.read_file(path, SettingsFile::LIMIT)?;
    let file = SettingsFile::parse(path, bytes)?;
    let root = file.root();
    match &root.datum {
        Datum::Array(definitions) => acapy::wanted(&file, definitions),
        Datum::Table(members) if guide_policy::is_in(members) => {
            of_guide(&file, root.offset, members)
        }
        Datum::Table(members) if members.iter().any(is_of_statuslist_toml) => {
            let tables = Tables::of(&file)?;
            let Some(list) = tables.list else {
                return Err(file.refused("it has no table [list]"));
            };
            let mut wanted = of_table(&file, list)?;
            if members.len() > 1 && context.settings.file.as_deref() != Some(path) {
                wanted.notes.push(format!(
                    "only [list] of {0} was read: the rest is for --config {0}",
                    quote(path)
                ));
            }
            Ok(wanted)
        }
        Datum::Table(_) => of_table(&file, root),
        _ => {
            let kind = root.kind();
            Err(file.fault(root.offset, format!("it holds {kind}, not settings")))
        }
    }
}

/// Whether a name is that of a table in `statuslist.toml`.
fn is_of_statuslist_toml(member: &Member) -> bool {
    let is_table = matches!(member.value.datum, Datum::Table(_));
    member.name == LIST || is_table && has_section(&member.name)
}

/// Reads settings of the guide that say when lists are published, too.
fn of_guide(file: &SettingsFile, offset: usize, members: &[Member]) -> Result<Wanted, Error> {
    let policy = GuidePolicy::read(file, members)?;
    let of_list = Placed {
        offset,
        datum: Datum::Table(
            (members.iter())
                .filter(|member| !guide_policy::is_name(&member.name))
                .cloned()
                .collect(),
        ),
    };
    let mut wanted = of_table(file, &of_list)?;
    let options = &mut wanted.options;
    let twice = |name: &str| {
        let reason = format!("{name} stands beside statusListToken, which says it too");
        file.refused(&reason).hint("leave one of them out")
    };
    if policy.ttl.is_some() && options.ttl.is_some() {
        return Err(twice("ttl"));
    }
    if policy.expiration.is_some() && options.valid_for.is_some() {
        return Err(twice("valid-for"));
    }
    options.ttl = options.ttl.or(policy.ttl);
    options.valid_for = options.valid_for.or(policy.expiration);
    wanted.publishing = policy.publishing.or(wanted.publishing);
    Ok(wanted)
}

fn of_table(file: &SettingsFile, table: &Placed) -> Result<Wanted, Error> {
    let members = table.members().unwrap_or_default();
    if members.iter().any(|member| acapy::is_name(&member.name)) {
        return acapy::wanted(file, std::slice::from_ref(table));
    }
    let dialect = dialect(file, members)?;
    let known = dialect.map_or_else(all_names, names);
    let reading = Reading::of(file, LIST, table, &known)?;
    let mut wanted = Wanted::default();
    for (name, member, items) in reading.members() {
        if let Some(key) = key(name) {
            wanted.take(file, key, member, items)?;
        }
    }
    Ok(wanted)
}

/// Tells whose names a file holds beside ours, if any.
fn dialect(file: &SettingsFile, members: &[Member]) -> Result<Option<Dialect>, Error> {
    let mut first: Option<&Key> = None;
    for member in members {
        let foreign = key(&member.name).filter(|key| key.dialect != Dialect::Ours);
        match (first, foreign) {
            (Some(one), Some(other)) if one.dialect != other.dialect => {
                let reason = format!(
                    "'{}' is a name of {}, and '{}' one of {}: a file holds those of one of them",
                    other.setting.name,
                    other.dialect.owner(),
                    one.setting.name,
                    one.dialect.owner()
                );
                return Err(file.fault(member.offset, reason));
            }
            _ => first = first.or(foreign),
        }
    }
    Ok(first.map(|key| key.dialect))
}

impl Dialect {
    const fn owner(self) -> &'static str {
        match self {
            Self::Ours => "statuslist",
            Self::Guide => "the integration guide",
            Self::Eudiplo => "EUDIPLO",
        }
    }
}

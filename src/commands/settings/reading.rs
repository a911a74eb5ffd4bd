//! Understanding a table of settings: known names, each in its shape.

use super::{Scalar, Setting, SettingsFile, Shape};
use crate::commands::Error;
use crate::wire::placed::{Datum, Member, Placed};

/// A table of a settings file whose names are known and whose values have their shapes.
pub(crate) struct Reading<'a> {
    file: &'a SettingsFile,
    /// Where the table stands.
    offset: usize,
    found: Vec<Found<'a>>,
}

struct Found<'a> {
    setting: &'static str,
    member: &'a Member,
    items: Vec<Item>,
}

/// One value as an option takes it, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) offset: usize,
    pub(crate) text: String,
}

impl<'a> Reading<'a> {
    /// Checks a table.
    ///
    /// # Errors
    /// It is no table; a name in it is not known; a value has not the shape of its setting.
    pub(crate) fn of(
        file: &'a SettingsFile,
        place: &str,
        table: &'a Placed,
        settings: &[Setting],
    ) -> Result<Self, Error> {
        let members = table.members().ok_or_else(|| {
            let kind = table.kind();
            file.fault(table.offset, format!("{place} is {kind}, not a table"))
        })?;
        Self::among(file, table.offset, members, settings)
    }

    /// Checks these members of a table that begins there.
    ///
    /// # Errors
    /// A name is not known; a value has not the shape of its setting.
    pub(crate) fn among(
        file: &'a SettingsFile,
        offset: usize,
        members: impl IntoIterator<Item = &'a Member>,
        settings: &[Setting],
    ) -> Result<Self, Error> {
        let mut found = Vec::new();
        for member in members {
            let known = settings.iter().find(|known| known.name == member.name);
            let Some(setting) = known else {
                let names: Vec<_> = settings.iter().map(|known| known.name).collect();
                return Err(file.unknown(member.offset, &member.name, "member", &names));
            };
            found.push(Found {
                setting: setting.name,
                member,
                items: items(file, setting, &member.value)?,
            });
        }
        Ok(Self {
            file,
            offset,
            found,
        })
    }

    /// The one value of a setting.
    pub(crate) fn one(&self, setting: &str) -> Option<&Item> {
        self.items(setting).first()
    }

    /// The text of the one value of a setting.
    pub(crate) fn text(&self, setting: &str) -> Option<String> {
        self.one(setting).map(|item| item.text.clone())
    }

    /// The value of a setting as it is written.
    pub(crate) fn value(&self, setting: &str) -> Option<&'a Placed> {
        let found = self.found.iter().find(|found| found.setting == setting);
        found.map(|found| &found.member.value)
    }

    /// All values of a setting.
    pub(crate) fn items(&self, setting: &str) -> &[Item] {
        let found = self.found.iter().find(|found| found.setting == setting);
        found.map_or(&[], |found| found.items.as_slice())
    }

    /// The settings that are there with their values as they are written.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'static str, &'a Member, &[Item])> {
        let found = self.found.iter();
        found.map(|found| (found.setting, found.member, found.items.as_slice()))
    }

    /// Reads the one value of a setting as what an option of this kind takes.
    ///
    /// # Errors
    /// It is none.
    pub(crate) fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        setting: &str,
    ) -> Result<Option<T>, Error> {
        let Some(item) = self.one(setting) else {
            return Ok(None);
        };
        let read = item.text.parse();
        read.map(Some)
            .map_err(|reason| self.fault(item, setting, reason))
    }

    /// The one value of a setting that must be there.
    ///
    /// # Errors
    /// It is not.
    pub(crate) fn needed(&self, setting: &str) -> Result<&Item, Error> {
        self.one(setting)
            .ok_or_else(|| self.refused(format!("{setting} is missing")))
    }

    /// Refuses the file for the table.
    pub(crate) fn refused(&self, reason: impl std::fmt::Display) -> Error {
        self.file.fault(self.offset, reason)
    }

    /// Refuses the file for the value of a setting.
    pub(crate) fn fault(
        &self,
        item: &Item,
        setting: &str,
        reason: impl std::fmt::Display,
    ) -> Error {
        self.file.fault(item.offset, format!("{setting}: {reason}"))
    }
}

/// The values of a setting, each as an option of its name takes it.
fn items(file: &SettingsFile, setting: &Setting, value: &Placed) -> Result<Vec<Item>, Error> {
    let misshapen = |value: &Placed| {
        let (wanted, kind) = (setting.shape.wanted(), value.kind());
        let reason = format!("{} is {kind}, and should be {wanted}", setting.name);
        file.fault(value.offset, reason)
    };
    let one = |scalar: Scalar, prefix: &str, value: &Placed| {
        let text = scalar_text(scalar, value).ok_or_else(|| misshapen(value))?;
        Ok(Item {
            offset: value.offset,
            text: format!("{prefix}{text}"),
        })
    };
    let each = |scalar: Scalar, prefix: &str, value: &Placed| match &value.datum {
        Datum::Array(values) => values
            .iter()
            .map(|value| one(scalar, prefix, value))
            .collect::<Result<Vec<_>, Error>>(),
        _ => Ok(vec![one(scalar, prefix, value)?]),
    };
    match (setting.shape, &value.datum) {
        (Shape::One(Scalar::TextOrNull), Datum::Null)
        | (Shape::Any, _)
        | (Shape::Free, Datum::Table(_)) => Ok(Vec::new()),
        (Shape::One(scalar), _) => Ok(vec![one(scalar, "", value)?]),
        (Shape::Many(scalar), _) => each(scalar, "", value),
        (Shape::Pairs(scalar), Datum::Table(members)) => {
            let mut pairs = Vec::new();
            for member in members {
                pairs.extend(each(scalar, &format!("{}=", member.name), &member.value)?);
            }
            Ok(pairs)
        }
        (Shape::Pairs(_), _) => each(Scalar::Text, "", value),
        (Shape::Free, _) => Err(misshapen(value)),
    }
}

/// One value as an option takes it, if it is of this kind.
fn scalar_text(scalar: Scalar, value: &Placed) -> Option<String> {
    match (scalar, &value.datum) {
        (Scalar::Text | Scalar::TextOrNull | Scalar::TextOrWhole, Datum::Text(text)) => {
            Some(text.clone())
        }
        (Scalar::Whole | Scalar::TextOrWhole, Datum::Number(number)) => {
            number.as_u64().map(|number| number.to_string())
        }
        (Scalar::Truth, Datum::Truth(truth)) => Some(truth.to_string()),
        _ => None,
    }
}

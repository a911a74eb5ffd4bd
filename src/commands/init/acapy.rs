//! Definitions of the ACA-Py status-list plugin.
//!
//! The plugin gives a credential one entry per definition of its type. Here one entry shows all of
//! them, so that the definitions of one type become one series with a view for each.

use std::str::FromStr;

use super::keys::Dialect;
use super::options::ListOptions;
use super::wanted::{Wanted, key, names};
use crate::commands::Error;
use crate::commands::options::{CredentialType, ViewName};
use crate::commands::settings::{Reading, Scalar, Setting, SettingsFile, Shape};
use crate::list::{Family, Purpose, Size, Status, StatusName, View, Width};
use crate::wire::placed::{Datum, Placed};
use crate::wire::text::echo;

const TEXT: Shape = Shape::One(Scalar::Text);
const WHOLE: Shape = Shape::One(Scalar::Whole);

/// The names of a definition.
const NAMES: [Setting; 9] = [
    Setting::new("supported_cred_id", TEXT, ""),
    Setting::new("status_purpose", TEXT, ""),
    Setting::new("status_message", Shape::Any, ""),
    Setting::new("status_size", WHOLE, ""),
    Setting::new("list_size", WHOLE, ""),
    Setting::new("shard_size", WHOLE, ""),
    Setting::new("list_type", TEXT, ""),
    Setting::new("issuer_did", TEXT, ""),
    Setting::new("verification_method", TEXT, ""),
];

/// What the plugin keeps of lists that are in use.
const IN_USE: [&str; 5] = [
    "list_seed",
    "list_index",
    "list_number",
    "next_list_number",
    "list_numbers",
];

/// The kind of list that a definition asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListType {
    Ietf,
    W3c,
}

/// One definition.
struct Definition<'a> {
    reading: Reading<'a>,
    purpose: Purpose,
    list_type: ListType,
    width: Width,
}

/// Whether a name is one of a definition, and of nothing else.
pub(super) fn is_name(name: &str) -> bool {
    NAMES.iter().any(|known| known.name == name) || IN_USE.contains(&name)
}

/// Makes one series of definitions.
///
/// # Errors
/// They are not of one type of credential, or cannot be one series.
pub(super) fn wanted(file: &SettingsFile, tables: &[Placed]) -> Result<Wanted, Error> {
    let mut wanted = Wanted::default();
    let mut definitions: Vec<Definition<'_>> = Vec::new();
    for table in tables {
        let definition = Definition::read(file, table, &mut wanted)?;
        let view = definition.view();
        let ietf = definition.list_type == ListType::Ietf;
        let twin = definitions
            .iter()
            .find(|known| known.view() == view && (!ietf || known.purpose == definition.purpose));
        if twin.is_some() {
            let purpose = definition.purpose;
            let reason = format!("a second definition with this list_type and purpose {purpose}");
            return Err(file.fault(table.offset, reason));
        }
        definitions.push(definition);
    }
    if definitions.is_empty() {
        return Err(file.refused("it holds no definition"));
    }
    let shared = Shared {
        file,
        definitions: &definitions,
    };
    let options = ListOptions {
        bound_to: shared
            .parsed::<CredentialType>("supported_cred_id")?
            .into_iter()
            .collect(),
        issuer: shared.text("issuer_did")?,
        size: shared.parsed::<Size>("list_size")?,
        views: shared.views(),
        bits: Some(shared.width()),
        ..ListOptions::default()
    };
    wanted.options = wanted.options.over(options);
    let credentials = &mut wanted.options.credentials;
    if let Some(method) = shared.text("verification_method")? {
        credentials.verification_method.get_or_insert(method);
    }
    for definition in &definitions {
        credentials.message.extend(definition.messages(file)?);
    }
    let has = |purpose| definitions.iter().any(|known| known.purpose == purpose);
    if has(Purpose::Message) && !has(Purpose::Revocation) {
        let finals = &mut wanted.options.final_statuses;
        if finals.is_empty() {
            finals.push("none".to_owned());
            let note = "no definition revokes, so that no status is final: as --final none";
            wanted.notes.push(note.to_owned());
        }
    }
    if shared.width()
        > definitions
            .iter()
            .map(|one| one.width)
            .max()
            .unwrap_or(Width::One)
    {
        wanted
            .notes
            .push("an entry has 2 bits: 1 says invalid, and 2 suspended".to_owned());
    }
    if definitions.len() > 1 {
        wanted.notes.push(format!(
            "{} definitions are one series: a credential has one entry, and its status is set once \
             for all of them",
            definitions.len()
        ));
    }
    if definitions
        .iter()
        .any(|one| one.reading.one("shard_size").is_some())
    {
        wanted.notes.push("shard_size has no effect".to_owned());
    }
    Ok(wanted)
}

impl<'a> Definition<'a> {
    fn read(file: &'a SettingsFile, table: &'a Placed, wanted: &mut Wanted) -> Result<Self, Error> {
        for member in table.members().unwrap_or_default() {
            if IN_USE.contains(&member.name.as_str()) {
                let reason = format!("'{}' is of lists that are in use", member.name);
                return Err(file.fault(member.offset, reason).hint(
                    "a new list gives no index that such a list gave: leave it out, and keep the \
                     old lists where they are until their credentials have expired",
                ));
            }
        }
        let known = [NAMES.to_vec(), names(Dialect::Ours)].concat();
        let reading = Reading::of(file, "a definition", table, &known)?;
        for (name, member, items) in reading.members() {
            if let Some(key) = key(name) {
                wanted.take(file, key, member, items)?;
            }
        }
        let purpose = reading.parse("status_purpose")?;
        let list_type = reading.parse("list_type")?;
        let width = match reading.one("status_size") {
            Some(item) => super::options::width(&item.text)
                .map_err(|reason| reading.fault(item, "status_size", reason))?,
            None => Width::One,
        };
        Ok(Self {
            reading,
            purpose: purpose.unwrap_or(Purpose::Revocation),
            list_type: list_type.unwrap_or(ListType::W3c),
            width,
        })
    }

    fn view(&self) -> View {
        match self.list_type {
            ListType::Ietf => View::Jwt,
            ListType::W3c => View::of(Family::Bitstring, self.purpose).unwrap_or(View::Jwt),
        }
    }

    /// What statuses mean.
    fn messages(&self, file: &SettingsFile) -> Result<Vec<(StatusName, String)>, Error> {
        let Some(value) = self.reading.value("status_message") else {
            return Ok(Vec::new());
        };
        let misshapen = |value: &Placed| {
            file.fault(
                value.offset,
                "status_message is an array of {\"status\": \"0x1\", \"message\": \"…\"}",
            )
        };
        let Datum::Array(entries) = &value.datum else {
            return Err(misshapen(value));
        };
        if let Some(entry) = entries.first().filter(|_| self.purpose != Purpose::Message) {
            let purpose = self.purpose;
            let reason = format!("status_message is for the purpose message, not for {purpose}");
            return Err(file.fault(entry.offset, reason));
        }
        let mut codes = Vec::new();
        for entry in entries {
            let reading = Reading::of(file, "a message", entry, &MESSAGE)?;
            let (Some(status), Some(message)) = (reading.one("status"), reading.text("message"))
            else {
                return Err(misshapen(entry));
            };
            codes.push((status.clone(), message));
        }
        let digits = |text: &str| text.strip_prefix("0x").unwrap_or_default().to_owned();
        let bits = usize::from(self.width.bits());
        let is_binary = |text: &str| {
            let digits = digits(text);
            digits.len() == bits && digits.bytes().all(|digit| b"01".contains(&digit))
        };
        // The plugin's own examples write the bits themselves behind 0x.
        let radix = if codes.iter().all(|(item, _)| is_binary(&item.text)) {
            2
        } else {
            16
        };
        codes
            .into_iter()
            .map(|(item, message)| {
                let number = crate::wire::number::digits(&digits(&item.text), radix);
                let fits = number.filter(|number| Status::new(*number, self.width).is_ok());
                let name = fits.and_then(|number| number.to_string().parse().ok());
                let unfit = || {
                    let (text, width) = (echo(&item.text), self.width);
                    let reason = format!("'{text}' is not a status of {width}, such as 0x1");
                    file.fault(item.offset, reason)
                };
                Ok((name.ok_or_else(unfit)?, message))
            })
            .collect()
    }
}

const MESSAGE: [Setting; 2] = [
    Setting::new("status", TEXT, ""),
    Setting::new("message", TEXT, ""),
];

/// What the definitions of a series have in common.
struct Shared<'a> {
    file: &'a SettingsFile,
    definitions: &'a [Definition<'a>],
}

impl Shared<'_> {
    /// The text of a setting, which is the same wherever it is given.
    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let mut given = self
            .definitions
            .iter()
            .filter_map(|definition| definition.reading.one(name));
        let Some(first) = given.next() else {
            return Ok(None);
        };
        match given.find(|item| item.text != first.text) {
            Some(other) => Err(self
                .file
                .fault(
                    other.offset,
                    format!(
                        "{name} is '{}' here, and '{}' before",
                        echo(&other.text),
                        echo(&first.text)
                    ),
                )
                .hint("definitions that differ in it are series of their own: a file for each")),
            None => Ok(Some(first.text.clone())),
        }
    }

    fn parsed<T: FromStr<Err: std::fmt::Display>>(&self, name: &str) -> Result<Option<T>, Error> {
        self.text(name)?;
        let of = |definition: &Definition<'_>| definition.reading.parse(name).transpose();
        self.definitions.iter().find_map(of).transpose()
    }

    fn views(&self) -> Vec<ViewName> {
        let mut views: Vec<View> = Vec::new();
        for definition in self.definitions {
            if !views.contains(&definition.view()) {
                views.push(definition.view());
            }
        }
        views.into_iter().map(ViewName::One).collect()
    }

    /// The bits that all statuses need: the plugin suspends with 1, which says invalid here.
    fn width(&self) -> Width {
        let suspends = |one: &Definition<'_>| one.purpose == Purpose::Suspension;
        let least = if self.definitions.iter().any(suspends) {
            Width::Two
        } else {
            Width::One
        };
        let widths = self.definitions.iter().map(|one| one.width);
        widths.max().map_or(least, |widest| widest.max(least))
    }
}

impl FromStr for ListType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "ietf" => Ok(Self::Ietf),
            "w3c" => Ok(Self::W3c),
            other => Err(format!("'{}' is neither ietf nor w3c", echo(other))),
        }
    }
}

//! TOML and JSON with the place of each value, so that a fault can be pointed at.
//!
//! Both are read into the same tree, strictly: what stands twice, what is nested too deeply, and
//! what JSON has no word for (dates, infinity) is a fault.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Number, Value};
use thiserror::Error;
use toml::de::{DeInteger, DeTable, DeValue};

use super::json::{JsonError, MOST_VALUES, parse_strict};
use super::text::echo;

/// How a text is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    /// TOML 1.0.
    Toml,
    /// JSON, strictly.
    Json,
}

/// A text that was read.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    text: String,
    /// What it says.
    pub(crate) root: Placed,
}

/// A value and where it begins, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) offset: usize,
    pub(crate) datum: Datum,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Datum {
    Null,
    Truth(bool),
    Number(Number),
    Text(String),
    Array(Vec<Placed>),
    /// The members, in the order in which they are written.
    Table(Vec<Member>),
}

/// A member of a table, and where its name begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) offset: usize,
    pub(crate) value: Placed,
}

/// A place in a text. Both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// Why a text was not read; never shows what may be secret in it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub(crate) struct Misread {
    /// Where the fault is, if it is somewhere.
    pub(crate) place: Option<Place>,
    pub(crate) message: String,
}

impl Notation {
    /// Tells the notation of a text without a name by how it begins: only JSON begins with a brace,
    /// or with a bracket that has no name of a table behind it.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut visible = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
        match (visible.next(), visible.next()) {
            (Some(b'{'), _) | (Some(b'['), Some(b'{' | b']')) => Self::Json,
            _ => Self::Toml,
        }
    }
}

impl Document {
    /// Reads a text.
    ///
    /// # Errors
    /// It is not UTF-8, or not in this notation; a member stands twice; something is nested more
    /// deeply than is read; a value is none that JSON has.
    pub(crate) fn read(bytes: Vec<u8>, notation: Notation) -> Result<Self, Misread> {
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
            Misread::at(
                &before,
                valid,
                "the text is not UTF-8 from here on".to_owned(),
            )
        })?;
        let root = match notation {
            Notation::Toml => toml_tree(&text)?,
            Notation::Json => json_tree(&text)?,
        };
        Ok(Self { text, root })
    }

    /// The place of a byte.
    pub(crate) fn place(&self, offset: usize) -> Place {
        place_in(&self.text, offset)
    }
}

impl Placed {
    /// The members, if it is a table.
    pub(crate) fn members(&self) -> Option<&[Member]> {
        match &self.datum {
            Datum::Table(members) => Some(members),
            _ => None,
        }
    }

    /// The value without places.
    pub(crate) fn json(&self) -> Value {
        match &self.datum {
            Datum::Null => Value::Null,
            Datum::Truth(truth) => (*truth).into(),
            Datum::Number(number) => Value::Number(number.clone()),
            Datum::Text(text) => text.as_str().into(),
            Datum::Array(values) => values.iter().map(Self::json).collect(),
            Datum::Table(members) => members
                .iter()
                .map(|member| (member.name.clone(), member.value.json()))
                .collect(),
        }
    }

    /// What kind of value it is, as a message says it.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.datum {
            Datum::Null => "null",
            Datum::Truth(_) => "true or false",
            Datum::Number(number) if number.is_u64() => "a whole number",
            Datum::Number(_) => "a number below 0 or with a fraction",
            Datum::Text(_) => "a text",
            Datum::Array(_) => "an array",
            Datum::Table(_) => "a table",
        }
    }
}

impl Misread {
    fn at(text: &str, offset: usize, message: String) -> Self {
        Self {
            place: Some(place_in(text, offset)),
            message,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

fn place_in(text: &str, offset: usize) -> Place {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    Place {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

fn toml_tree(text: &str) -> Result<Placed, Misread> {
    let table = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(text.len(), |span| span.start);
        Misread::at(text, start, echo(error.message()))
    })?;
    let mut left = MOST_VALUES;
    let offset = table.span().start;
    let datum = toml_table(text, table.into_inner(), &mut left)?;
    Ok(Placed { offset, datum })
}

fn toml_table(text: &str, table: DeTable<'_>, left: &mut usize) -> Result<Datum, Misread> {
    let mut members = Vec::new();
    for (name, value) in table {
        members.push(Member {
            offset: name.span().start,
            name: name.into_inner().into_owned(),
            value: Placed {
                offset: value.span().start,
                datum: toml_datum(text, value.span().start, value.into_inner(), left)?,
            },
        });
    }
    members.sort_by_key(|member| member.offset);
    Ok(Datum::Table(members))
}

fn toml_datum(
    text: &str,
    offset: usize,
    value: DeValue<'_>,
    left: &mut usize,
) -> Result<Datum, Misread> {
    let fault = |message: &str| Misread::at(text, offset, message.to_owned());
    *left = left.checked_sub(1).ok_or_else(|| Misread {
        place: None,
        message: JsonError::TooManyValues.to_string(),
    })?;
    match value {
        DeValue::String(value) => Ok(Datum::Text(value.into_owned())),
        DeValue::Boolean(value) => Ok(Datum::Truth(value)),
        DeValue::Integer(value) => integer(&value)
            .map(Datum::Number)
            .ok_or_else(|| fault("the number is too large")),
        DeValue::Float(value) => value
            .as_str()
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map(Datum::Number)
            .ok_or_else(|| fault("infinity and what is no number are not read")),
        DeValue::Datetime(_) => Err(fault("a date or time is read as a text alone: quote it")),
        DeValue::Array(values) => {
            let mut read = Vec::new();
            for value in values {
                let offset = value.span().start;
                let datum = toml_datum(text, offset, value.into_inner(), left)?;
                read.push(Placed { offset, datum });
            }
            Ok(Datum::Array(read))
        }
        DeValue::Table(table) => toml_table(text, table, left),
    }
}

fn integer(value: &DeInteger<'_>) -> Option<Number> {
    let (digits, radix) = (value.as_str(), value.radix());
    match u64::from_str_radix(digits, radix) {
        Ok(number) => Some(number.into()),
        Err(_) => i64::from_str_radix(digits, radix).ok().map(Into::into),
    }
}

fn json_tree(text: &str) -> Result<Placed, Misread> {
    if text.starts_with('\u{feff}') {
        let message = "the text begins with a byte order mark, which JSON has not";
        return Err(Misread::at(text, 0, message.to_owned()));
    }
    let checked = parse_strict(text.as_bytes()).map_err(Misread::from)?;
    // What is checked is known to be JSON; only the places are still wanted.
    let raw = serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        Misread {
            place: None,
            message,
        }
    });
    placed(text, raw?, checked)
}

/// Finds the places of a value whose text lies in the whole text.
fn placed(whole: &str, raw: &RawValue, value: Value) -> Result<Placed, Misread> {
    let unplaced = |error: serde_json::Error| Misread {
        place: None,
        message: error.to_string(),
    };
    let offset = offset_in(whole, raw);
    let datum = match value {
        Value::Null => Datum::Null,
        Value::Bool(truth) => Datum::Truth(truth),
        Value::Number(number) => Datum::Number(number),
        Value::String(text) => Datum::Text(text),
        Value::Array(values) => {
            let raws: Vec<&RawValue> = serde_json::from_str(raw.get()).map_err(unplaced)?;
            let places = raws.into_iter().zip(values);
            Datum::Array(
                places
                    .map(|(raw, value)| placed(whole, raw, value))
                    .collect::<Result<_, _>>()?,
            )
        }
        Value::Object(members) => {
            let raws: RawMembers<'_> = serde_json::from_str(raw.get()).map_err(unplaced)?;
            let places = raws.0.into_iter().zip(members);
            Datum::Table(
                places
                    .map(|(raw, (name, value))| {
                        Ok::<_, Misread>(Member {
                            name,
                            offset: offset_in(whole, raw.name),
                            value: placed(whole, raw.value, value)?,
                        })
                    })
                    .collect::<Result<_, _>>()?,
            )
        }
    };
    Ok(Placed { offset, datum })
}

/// Where a part begins in the whole that it was read from.
fn offset_in(whole: &str, part: &RawValue) -> usize {
    (part.get().as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

/// The members of an object, as they are written.
struct RawMembers<'a>(Vec<RawMember<'a>>);

struct RawMember<'a> {
    name: &'a RawValue,
    value: &'a RawValue,
}

impl<'de> Deserialize<'de> for RawMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = RawMembers<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut raws = Vec::new();
        while let Some((name, value)) = members.next_entry()? {
            raws.push(RawMember { name, value });
        }
        Ok(RawMembers(raws))
    }
}

impl From<JsonError> for Misread {
    fn from(error: JsonError) -> Self {
        let (line, column, message) = match error {
            JsonError::DuplicateMember {
                member,
                line,
                column,
            } => (line, column, format!("the member '{member}' stands twice")),
            JsonError::TrailingData { line, column } => {
                (line, column, "something follows the end".to_owned())
            }
            JsonError::Syntax {
                message,
                line,
                column,
            } => (line, column, message),
            other => {
                return Self {
                    place: None,
                    message: other.to_string(),
                };
            }
        };
        Self {
            place: Some(Place { line, column }),
            message,
        }
    }
}

#[cfg(test)]
mod tests;

//! The published forms of a list, and what each shows of an entry.

use std::fmt;

use thiserror::Error;

use super::Status;

/// One published form of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// `jwt`: a Status List Token in JWT format, which shows the whole value.
    Jwt,
}

/// A text that names no view.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("'{0}' is not a view")]
pub struct ViewError(pub String);

/// A status that readers of one view would take for valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("view {view} does not show status {status}: its readers would take the entry for valid")]
pub struct BlindError {
    /// The view that does not show it.
    pub view: View,
    /// The status.
    pub status: Status,
}

impl View {
    /// Every view.
    pub const ALL: [Self; 1] = [Self::Jwt];

    /// The name, as flags and list files spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
        }
    }

    /// The ending of the published file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jwt => ".jwt",
        }
    }

    /// The template of this view's uris beside a view whose template is known: its ending takes
    /// the place of the known one's, or is appended.
    #[must_use]
    pub fn template_beside(self, known: &super::SeriesView) -> String {
        let stem = known.uri.strip_suffix(known.view.ending());
        format!("{}{}", stem.unwrap_or(&known.uri), self.ending())
    }

    /// Whether a reader of this view sees an entry with this status as something other than
    /// valid.
    #[must_use]
    pub const fn shows(self, status: Status) -> bool {
        match self {
            Self::Jwt => status.value() != Status::VALID.value(),
        }
    }
}

/// Checks that a status may be set in a series with these views: no view may fail open.
///
/// # Errors
/// The first view that does not show a status other than valid.
pub fn visible_in_all(status: Status, views: &[View]) -> Result<(), BlindError> {
    if status == Status::VALID {
        return Ok(());
    }
    match views.iter().find(|view| !view.shows(status)) {
        Some(view) => Err(BlindError {
            view: *view,
            status,
        }),
        None => Ok(()),
    }
}

impl fmt::Display for View {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl std::str::FromStr for View {
    type Err = ViewError;

    fn from_str(text: &str) -> Result<Self, ViewError> {
        Self::ALL
            .into_iter()
            .find(|view| view.name() == text)
            .ok_or_else(|| ViewError(text.to_owned()))
    }
}

impl serde::Serialize for View {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> serde::Deserialize<'de> for View {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

//! A settings file, and how a fault in it is said.

use std::path::Path;

use crate::commands::{Code, Error};
use crate::list::nearest;
use crate::wire::placed::{Document, Misread, Notation, Placed};
use crate::wire::shell::quote;
use crate::wire::text::{echo, escaped};

/// A settings file that was read, and is not understood yet.
pub(crate) struct SettingsFile {
    name: Name,
    document: Document,
}

/// How messages name a file.
#[derive(Clone)]
struct Name {
    /// As a path that can be pasted.
    quoted: String,
    /// Before a line and a column, as editors take it.
    plain: String,
}

impl SettingsFile {
    /// The most bytes that one may have.
    pub(crate) const LIMIT: u64 = 1 << 20;

    /// Reads the text of a file; `-` is standard input. The ending of its name tells what it is
    /// written in, else how it begins.
    ///
    /// # Errors
    /// It is neither TOML nor JSON, or says something twice.
    pub(crate) fn parse(path: &Path, bytes: Vec<u8>) -> Result<Self, Error> {
        let name = Name::of(path);
        let notation = match path.extension() {
            Some(ending) if ending.eq_ignore_ascii_case("json") => Notation::Json,
            Some(ending) if ending.eq_ignore_ascii_case("toml") => Notation::Toml,
            _ => Notation::of(&bytes),
        };
        match Document::read(bytes, notation) {
            Ok(document) => Ok(Self { name, document }),
            Err(misread) => Err(name.misread(&misread)),
        }
    }

    /// What it says.
    pub(crate) const fn root(&self) -> &Placed {
        &self.document.root
    }

    /// Refuses the file for what stands at a place.
    pub(crate) fn fault(&self, offset: usize, reason: impl std::fmt::Display) -> Error {
        let place = self.document.place(offset);
        self.refused(&format!("{}:{place}: {reason}", self.name.plain))
            .detail("line", place.line)
            .detail("column", place.column)
    }

    /// Refuses a name that nobody knows.
    pub(crate) fn unknown(
        &self,
        offset: usize,
        name: &str,
        what: &str,
        known: &[&'static str],
    ) -> Error {
        let fault = self.fault(offset, format!("unknown {what} '{}'", echo(name)));
        match nearest(name, known.iter().copied()) {
            Some(meant) => fault.hint(format!(
                "did you mean '{meant}'? the names are {}",
                known.join(", ")
            )),
            None => fault.hint(format!("the names are {}", known.join(", "))),
        }
    }

    /// Refuses the file as a whole.
    pub(crate) fn refused(&self, reason: &str) -> Error {
        self.name.refused(reason)
    }
}

impl Name {
    fn of(path: &Path) -> Self {
        if path.as_os_str() == "-" {
            let name = "standard input".to_owned();
            return Self {
                quoted: name.clone(),
                plain: name,
            };
        }
        Self {
            quoted: quote(path),
            plain: escaped(&path.to_string_lossy()),
        }
    }

    fn refused(&self, reason: &str) -> Error {
        let message = format!("cannot use the settings file {}", self.quoted);
        Error::new(Code::Refused, message).because(reason)
    }

    fn misread(&self, misread: &Misread) -> Error {
        match misread.place {
            Some(place) => self
                .refused(&format!("{}:{place}: {misread}", self.plain))
                .detail("line", place.line)
                .detail("column", place.column),
            None => self.refused(&misread.to_string()),
        }
    }
}

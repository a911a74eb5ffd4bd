//! Where a key comes from.

use std::path::{Path, PathBuf};

/// Where a key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// An environment variable.
    Environment(String),
    /// The key itself, which is refused where it is read, and forgotten here.
    Itself,
}

impl std::str::FromStr for KeySource {
    type Err = String;

    /// Reads a path, `-`, or `env:NAME`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("env:") {
            Some("") => Err("env: without a name".to_owned()),
            Some(name) => Ok(Self::Environment(name.to_owned())),
            None if text.is_empty() => Err("no path".to_owned()),
            None if text == "-" => Ok(Self::Stdin),
            None if text.contains("-----BEGIN") || text.starts_with('{') => {
                // Whoever reports that an argument cannot be read would repeat it.
                Ok(Self::Itself)
            }
            None => Ok(Self::File(PathBuf::from(text))),
        }
    }
}

impl KeySource {
    /// Reads a relative path from a folder.
    #[must_use]
    pub fn below(self, folder: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(folder.join(path)),
            other => other,
        }
    }
}

impl std::fmt::Display for KeySource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => formatter.write_str(&crate::wire::shell::quote(path)),
            Self::Stdin => formatter.write_str("standard input"),
            Self::Environment(name) => write!(formatter, "the environment variable {name}"),
            Self::Itself => formatter.write_str("an argument"),
        }
    }
}

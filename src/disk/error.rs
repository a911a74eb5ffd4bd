//! The error of a file operation, and the one way to write a path in a message.

use std::{
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

/// The verb of an error that came after the new content had got its name.
const SYNC_FOLDER: &str = "sync folder";

/// Says what could not be done to which path; the source says why.
#[derive(Debug, Error)]
#[error("cannot {verb} {}", quote(path))]
pub struct DiskError {
    verb: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl DiskError {
    /// Attaches the verb (as in "cannot *open* …") and the path to an error of the operating
    /// system.
    #[must_use]
    pub fn new(verb: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self {
            verb,
            path: path.into(),
            source,
        }
    }

    /// Attaches the folder whose new entries could not be confirmed.
    pub(super) fn unsynced(folder: &Path, source: io::Error) -> Self {
        Self::new(SYNC_FOLDER, folder, source)
    }

    /// Returns the kind of the underlying error, such as [`io::ErrorKind::AlreadyExists`].
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        self.source.kind()
    }

    /// Returns the path that the operation was about.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says whether the change is in place and visible, but may be lost by a power cut.
    ///
    /// All other errors mean that nothing has changed.
    #[must_use]
    pub fn is_unconfirmed(&self) -> bool {
        self.verb == SYNC_FOLDER
    }
}

/// Quotes a path for a message, so that it can be pasted into a shell and cannot disturb a
/// terminal.
///
/// The result is in single quotes: `'it'\''s here.slist'`. A name with control characters, bytes
/// that are not UTF-8, or characters that hide or turn text round is written in the `$'…'` form of
/// POSIX.1-2024 (2.2.4) with octal escapes. A leading `-` gets `./` in front, because a shell's
/// quotes do not keep a program from reading an option.
#[must_use]
pub fn quote(path: impl AsRef<Path>) -> String {
    let bytes = path.as_ref().as_os_str().as_encoded_bytes();
    let prefix = if bytes.first() == Some(&b'-') {
        "./"
    } else {
        ""
    };

    match str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(needs_escape) => {
            format!("'{prefix}{}'", text.replace('\'', r"'\''"))
        }
        _ => format!("$'{prefix}{}'", escape(bytes)),
    }
}

fn escape(bytes: &[u8]) -> String {
    let mut escaped = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\'' | '\\' => escaped.extend(['\\', character]),
                _ if needs_escape(character) => {
                    escape_octal(&mut escaped, character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => escaped.push(character),
            }
        }
        escape_octal(&mut escaped, chunk.invalid());
    }
    escaped
}

/// Octal, because `\x` takes any number of digits in some shells.
fn escape_octal(escaped: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _ = write!(escaped, "\\{byte:03o}");
    }
}

/// Control characters, line and paragraph separators, and what is invisible or changes the
/// direction of the text.
fn needs_escape(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use std::{error::Error as _, ffi::OsStr, os::unix::ffi::OsStrExt as _, process::Command};

    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn says_verb_path_and_reason() {
        let error = DiskError::new(
            "open",
            "a b.slist",
            io::Error::from(io::ErrorKind::NotFound),
        );
        assert_eq!(error.to_string(), "cannot open 'a b.slist'");
        assert_eq!(error.source().unwrap().to_string(), "entity not found");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert_eq!(error.path(), Path::new("a b.slist"));
        assert!(!error.is_unconfirmed());
        let error = DiskError::unsynced(
            Path::new("site"),
            io::Error::from(io::ErrorKind::StorageFull),
        );
        assert_eq!(error.to_string(), "cannot sync folder 'site'");
        assert!(error.is_unconfirmed());
    }

    #[test]
    fn quotes_what_a_shell_would_read_otherwise() {
        assert_eq!(quote("plain.slist"), "'plain.slist'");
        assert_eq!(quote(""), "''");
        assert_eq!(quote("it's"), r"'it'\''s'");
        assert_eq!(quote("-rf"), "'./-rf'");
        assert_eq!(quote("$HOME `x` \\ \"é\""), "'$HOME `x` \\ \"é\"'");
        assert_eq!(quote("a\nb'\\"), r"$'a\012b\'\\'");
        assert_eq!(quote("-\u{1b}[2J"), r"$'./-\033[2J'");
        assert_eq!(quote("\u{202e}gpj"), r"$'\342\200\256gpj'");
        assert_eq!(quote(OsStr::from_bytes(b"a\xff7")), r"$'a\3777'");
    }

    proptest! {
      #![proptest_config(ProptestConfig::with_cases(64))]

      #[test]
      fn a_shell_reads_back_the_same_path(bytes in vec(1_u8.., 1..40)) {
        // `dash`, the usual `sh`, does not know the `$'…'` form; without `bash` there is nothing to
        // compare with.
        let script = format!("printf %s {}", quote(OsStr::from_bytes(&bytes)));
        if let Ok(output) = Command::new("bash").arg("-c").arg(script).output() {
          let expected = if bytes[0] == b'-' { [b"./", &bytes[..]].concat() } else { bytes };
          prop_assert_eq!(output.stdout, expected);
        }
      }
    }
}

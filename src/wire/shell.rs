//! The one way to write a path in a message.

use std::fmt::Write as _;
use std::path::Path;

use super::text::drives_terminal;

/// Quotes a path for a message, so that it can be pasted into a shell and cannot disturb a
/// terminal.
///
/// The result is in single quotes: `'it'\''s here.slist'`. A name with control characters, bytes
/// that are not UTF-8, or characters that hide or turn text round is written in the `$'…'` form of
/// POSIX.1-2024 (2.2.4) with octal escapes. A leading `-` gets `./` in front, because a shell's
/// quotes do not keep a program from reading an option.
pub(crate) fn quote(path: impl AsRef<Path>) -> String {
    let bytes = path.as_ref().as_os_str().as_encoded_bytes();
    let prefix = if bytes.first() == Some(&b'-') {
        "./"
    } else {
        ""
    };

    match str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(drives_terminal) => {
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
                _ if drives_terminal(character) => {
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

#[cfg(test)]
mod tests {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _, process::Command};

    use proptest::{collection::vec, prelude::*};

    use super::*;

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

//! Texts of others, made fit to be shown. Paths have [`super::shell`].
//!
//! | function | for | longest |
//! |---|---|---|
//! | [`brief`] | a name or value inside a token, key or document, in an error about it | 60 |
//! | [`short_name`] | the same, where a damaged key may have its secret | 24 |
//! | [`echo`] | what was typed and not understood; withheld if it may be a key | 200 |
//! | [`cut`] | what was typed and understood, so that it is no key | 200 |
//! | [`printable`] | what a token or list file says, in a report for people | 500 |
//! | [`escaped`] | the same, whole | |

use super::hex::hex;

/// Shows a name or value of a token, key or document in an error: without control characters, and
/// cut to a length that fits in a line.
pub(crate) fn brief(text: &str) -> String {
    const LONGEST: usize = 60;

    let mut quoted: String = text
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        quoted.push('…');
    }
    quoted
}

/// Returns the text if it can be the name of something in a key, else a question mark.
///
/// A damaged key may have its secret where a name belongs, and an error must not show that.
pub(crate) fn short_name(text: &str) -> String {
    if text.len() <= 24 {
        brief(text)
    } else {
        "?".to_owned()
    }
}

/// The most characters that a message repeats.
const LONGEST_ECHO: usize = 200;

/// The base64 characters in a row that are taken for a key: a line of PEM has 64.
const ENCODED: usize = 60;

/// Makes a text fit for a message: what looks like a key is withheld, what is long is cut, and
/// control characters are escaped.
pub(crate) fn echo(text: &str) -> String {
    if looks_secret(text) {
        return "(withheld: it looks like a key)".to_owned();
    }
    cut(text)
}

/// Cuts what is long, and escapes control characters: for a text that was understood, so that it is
/// no key.
pub(crate) fn cut(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars().take(LONGEST_ECHO + 1) {
        if drives_terminal(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if shown.chars().nth(LONGEST_ECHO).is_some() {
        // The last one that fits makes room for the dots.
        shown = shown.chars().take(LONGEST_ECHO - 1).collect();
        shown.push('…');
    }
    shown
}

/// Whether a text looks like a private key or a seed, or like a part of one: PEM, a JSON Web Key,
/// 64 hexadecimal digits, 32 bytes in base64, a line of base64, or the bytes themselves.
///
/// Public keys, digests and identifiers are taken for secrets too where they look the same; so this
/// is for texts that were not understood, where nothing is lost but their repetition.
pub(crate) fn looks_secret(text: &str) -> bool {
    let text = text.trim();
    let encoded = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    let longest_run = text
        .as_bytes()
        .split(|byte| !encoded(byte))
        .map(<[u8]>::len)
        .max()
        .unwrap_or(0);
    // Standard base64 has slashes too; a path of that length is one all the same.
    let is_one_run = text.bytes().all(|byte| byte == b'/' || encoded(&byte));
    let length = text.len();
    text.contains("-----BEGIN")
        || text.contains("PRIVATE KEY")
        || text.contains("\"kty\"")
        || longest_run >= ENCODED
        || is_one_run && (length == 43 || length == 44 && text.ends_with('='))
        || text.len() == 32 && text.contains(is_raw)
}

/// Whether no text that somebody wrote has this character.
fn is_raw(character: char) -> bool {
    character.is_control() && !character.is_whitespace()
}

/// Escapes control characters, and those that change the order or the look of the text around
/// them: what somebody wrote into a token or a list file never drives a terminal.
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if drives_terminal(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Escapes what could drive a terminal, and cuts what is too long to read.
pub(crate) fn printable(text: &str) -> String {
    const LONGEST: usize = 500;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", escaped(text.get(..end).unwrap_or_default())),
        None => escaped(text),
    }
}

/// The text that bytes are, under this name; or their hexadecimal digits, under it and `Hex`.
pub(crate) fn text_or_hex(name: &str, bytes: &[u8]) -> (String, String) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (name.to_owned(), text.to_owned()),
        Err(_) => (format!("{name}Hex"), hex(bytes)),
    }
}

/// Tells whether a character could drive a terminal, or make a text look like another: control
/// characters, line and paragraph separators, and what is invisible or changes the direction.
pub(super) fn drives_terminal(character: char) -> bool {
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
    use super::*;

    #[test]
    fn a_secret_is_no_name() {
        assert_eq!(short_name("P-521"), "P-521");
        assert_eq!(short_name(&"x".repeat(43)), "?");
    }

    #[test]
    fn control_characters_and_length_are_tamed() {
        assert_eq!(brief("a\u{1b}[31m"), "a\\u{1b}[31m");
        assert_eq!(brief(&"x".repeat(1000)).chars().count(), 61);
    }

    #[test]
    fn what_looks_like_a_key_is_withheld() {
        let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        for secret in [
            "-----BEGIN PRIVATE KEY-----",
            "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2",
            r#"{"kty":"OKP","d":"x"}"#,
            hex,
            &format!(" {} ", hex.to_uppercase()),
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "AAECAwQF/gcICQoLDA0ODxAREhMU+RYXGBkaGxwdHh8=",
            "\u{0}\u{1}234567890123456789012345678901",
        ] {
            assert!(looks_secret(secret), "{secret}");
            assert_eq!(echo(secret), "(withheld: it looks like a key)");
        }
        for plain in [
            "",
            "revokd",
            "0/4711",
            "statuslist.toml",
            "urn:uuid:6fa459ea-ee8a-3ca4-894e-db77e160355e",
            "https://example.com/statuslists/a/long/path/that/goes/on/and/on/0.jwt",
            "12345678901234567890123456789012",
        ] {
            assert_eq!(echo(plain), plain);
        }
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        assert_eq!(echo(&"é ".repeat(100)), "é ".repeat(100));
        let cut = echo(&"é ".repeat(101));
        assert_eq!(cut.chars().count(), 200);
        assert!(cut.ends_with('…'));
        assert_eq!(echo("a\tb\u{1b}[2J"), "a\\tb\\u{1b}[2J");
    }

    #[test]
    fn nothing_in_a_token_can_drive_a_terminal() {
        assert_eq!(
            printable("a\u{1b}[2Jb\r\n\u{202e}"),
            "a\\u{1b}[2Jb\\u{d}\\u{a}\\u{202e}"
        );
        assert_eq!(printable(&"x".repeat(501)).chars().count(), 501);
    }
}

//! What a message repeats of somebody's text.
//!
//! A message lands in logs. What was typed in the wrong place, or a file that was taken for another,
//! may be a key.

/// The most characters that a message repeats.
const LONGEST: usize = 200;

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
    for character in text.chars().take(LONGEST + 1) {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if let Some((end, _)) = shown.char_indices().nth(LONGEST) {
        // The last one that fits makes room for the dots.
        let end = shown[..end]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
        shown.truncate(end);
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

#[cfg(test)]
mod tests {
    use super::*;

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
}

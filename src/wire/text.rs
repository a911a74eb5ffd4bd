//! Texts of others, made fit to be shown.

use crate::wire::hex::hex;

/// Escapes control characters, and those that change the order or the look of the text around
/// them: what somebody wrote into a token or a list file never drives a terminal.
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || is_format(character) {
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

const fn is_format(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn nothing_in_a_token_can_drive_a_terminal() {
        assert_eq!(
            printable("a\u{1b}[2Jb\r\n\u{202e}"),
            "a\\u{1b}[2Jb\\u{d}\\u{a}\\u{202e}"
        );
        assert_eq!(printable(&"x".repeat(501)).chars().count(), 501);
    }
}

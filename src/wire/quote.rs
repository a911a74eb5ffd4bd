//! Foreign text made fit for an error message.

/// Returns the text without control characters and cut to a length that fits in a line.
pub(crate) fn quote(text: &str) -> String {
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
        quote(text)
    } else {
        "?".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{quote, short_name};

    #[test]
    fn a_secret_is_no_name() {
        assert_eq!(short_name("P-521"), "P-521");
        assert_eq!(short_name(&"x".repeat(43)), "?");
    }

    #[test]
    fn control_characters_and_length_are_tamed() {
        assert_eq!(quote("a\u{1b}[31m"), "a\\u{1b}[31m");
        assert_eq!(quote(&"x".repeat(1000)).chars().count(), 61);
    }
}

//! Small texts of answers.

use crate::list::Timestamp;

/// Writes a time for programs and people.
pub(crate) fn or_dash(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| time.to_string())
}

/// A number with the noun that goes with it.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

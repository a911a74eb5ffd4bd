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

/// Names behind the noun that goes with them: `list 0`, `lists 0, 1`.
pub(crate) fn listed(one: &str, many: &str, names: &[impl std::fmt::Display]) -> String {
    let noun = if names.len() == 1 { one } else { many };
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    format!("{noun} {}", names.join(", "))
}

//! The nearest known word to one that is not known.

/// Finds the candidate that is nearly `word`, if one is near enough to be meant.
pub(super) fn nearest(
    word: &str,
    candidates: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

/// The end of an error message: the nearest word, or what else could be written.
pub(super) fn sentence(near: Option<&'static str>, otherwise: &str) -> String {
    match near {
        Some(word) => format!("; did you mean '{word}'?"),
        None => format!(" ({otherwise})"),
    }
}

//! The nearest known word to one that is not known.

/// The most bytes of a word for which another may be meant.
const LONGEST: usize = 64;

/// Finds the candidate that is nearly `word`, whatever its case, if one is near enough to be meant.
pub(crate) fn nearest(
    word: &str,
    candidates: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    // Nothing long is near a word, and comparing takes time by the product of both lengths.
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let similarity = strsim::jaro_winkler(&word, &candidate.to_lowercase());
            (similarity, candidate)
        })
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

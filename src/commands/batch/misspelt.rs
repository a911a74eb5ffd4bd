//! Reasons that lines state in words, where a name of RFC 5280 may have been meant.

use std::collections::HashSet;

use crate::commands::answer::reasons::misspelt_reason;
use crate::list::StatedReason;

/// The most bytes of words that are looked at: no name of RFC 5280 is near longer ones.
const LONGEST: usize = 64;

/// The most different words that are looked at: a batch may have a reason of its own in each of a
/// million lines, and comparing takes time.
const LOOKED_AT: usize = 100;

/// The most warnings.
const SHOWN: usize = 5;

/// What was found so far.
#[derive(Default)]
pub(super) struct Misspelt {
    seen: HashSet<String>,
    pub(super) warnings: Vec<String>,
}

impl Misspelt {
    /// Looks at the reason of a line.
    pub(super) fn look_at(&mut self, text: &str) {
        let is_enough = self.seen.len() >= LOOKED_AT || self.warnings.len() >= SHOWN;
        if !is_enough && text.len() <= LONGEST && !self.seen.contains(text) {
            self.warnings
                .extend(misspelt_reason(&StatedReason::of(text)));
            self.seen.insert(text.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_once_and_not_without_end() {
        let mut misspelt = Misspelt::default();
        for _ in 0..3 {
            for text in [
                "keyCompromised",
                "lost by holder",
                "superseeded",
                "keyCompromise",
            ] {
                misspelt.look_at(text);
            }
        }
        assert_eq!(misspelt.warnings.len(), 2, "{:?}", misspelt.warnings);
        for number in 0..1_000 {
            misspelt.look_at(&format!("keyCompromise{number}x"));
        }
        assert_eq!(misspelt.warnings.len(), SHOWN);
        let mut misspelt = Misspelt::default();
        for number in 0..1_000 {
            misspelt.look_at(&format!("lost by {number}"));
        }
        assert_eq!(misspelt.seen.len(), LOOKED_AT);
    }
}

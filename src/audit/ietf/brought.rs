//! Keys and certificates that a token brings itself.

use super::judge::Judge;

impl Judge<'_> {
    /// Looks in the header for members that bring a key. None is used, but for certificates that
    /// must lead to what is trusted: whoever forges a token brings a key of his own.
    pub(in crate::audit) fn brought_keys(&mut self, names: &[&str]) {
        let header = &self.judgement.header;
        let unprotected = &self.judgement.unprotected;
        let used = self.checks.trust.map(|_| self.format.certificates().name);
        let found: Vec<_> = names
            .iter()
            .copied()
            .filter(|name| Some(*name) != used)
            .filter(|name| header.contains_key(*name) || unprotected.contains_key(*name))
            .collect();
        if !found.is_empty() {
            let text = format!(
                "the key that the header brings was not used, for it proves nothing by itself: {}",
                found.join(", ")
            );
            self.note_draft("11.3", text);
        }
    }
}

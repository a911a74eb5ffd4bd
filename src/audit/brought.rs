//! Keys and certificates that a token brings itself.

use super::judge::Judge;

impl Judge<'_> {
    /// Takes the members of the header that bring a key. None is used: whoever forges a token
    /// brings a key of his own.
    pub(super) fn brought_keys<'name>(&mut self, members: impl Iterator<Item = &'name str>) {
        let members: Vec<_> = members.collect();
        if !members.is_empty() {
            let text = format!(
                "the key that the header brings was not used, for it proves nothing by itself: {}",
                members.join(", ")
            );
            self.note_draft("11.3", text);
        }
    }
}

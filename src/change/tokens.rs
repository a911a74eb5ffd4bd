//! Finding lines by their token id.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::request::{Line, What};
use crate::list::{EntryId, TokenId};
use crate::store::{Bulk, StoreError};

/// What is known of the lines that allocate before the list file is opened.
pub(crate) struct KnownLines {
    pub(super) allocating: TokenIndex,
    /// The lines whose token id stands in an earlier one.
    pub(super) repeated: HashSet<u32>,
}

impl KnownLines {
    /// Indexes their token ids.
    pub(crate) fn of(lines: &[Line]) -> Self {
        let allocating = TokenIndex::of_allocations(lines);
        let repeated = allocating.repeated(lines).collect();
        Self {
            allocating,
            repeated,
        }
    }
}

/// The lines that name a token id, in 8 bytes per line.
pub(super) struct TokenIndex {
    hasher: RandomState,
    /// The upper half of the hash is enough: lines that share it are compared.
    entries: Vec<(u32, u32)>,
    token_of: fn(&Line) -> Option<&TokenId>,
}

impl TokenIndex {
    /// Indexes the lines that give an entry a token id.
    fn of_allocations(lines: &[Line]) -> Self {
        Self::new(lines, |line| match &line.what {
            What::Allocate { token, .. } => token.as_ref(),
            What::Label(label) => label.token.as_ref(),
            What::Set { .. } => None,
        })
    }

    /// Indexes the lines that set an entry by its token id.
    pub(super) fn of_settings(lines: &[Line]) -> Self {
        Self::new(lines, |line| match &line.what {
            What::Set { name, .. } => name.token(),
            What::Allocate { .. } | What::Label(_) => None,
        })
    }

    pub(super) fn new(lines: &[Line], token_of: fn(&Line) -> Option<&TokenId>) -> Self {
        let hasher = RandomState::new();
        let mut entries: Vec<_> = lines
            .iter()
            .zip(0_u32..)
            .filter_map(|(line, place)| Some((upper_half(hasher.hash_one(token_of(line)?)), place)))
            .collect();
        entries.sort_unstable();
        Self {
            hasher,
            entries,
            token_of,
        }
    }

    /// The places of the lines that name this token id, first one first.
    pub(super) fn find<'a>(
        &'a self,
        lines: &'a [Line],
        token: &'a TokenId,
    ) -> impl Iterator<Item = u32> + 'a {
        let hash = upper_half(self.hasher.hash_one(token));
        self.entries[self.start_of(hash)..]
            .iter()
            .take_while(move |(other, _)| *other == hash)
            .map(|(_, place)| *place)
            .filter(move |place| (self.token_of)(&lines[*place as usize]) == Some(token))
    }

    /// The first entry whose hash is not below this one. Hashes are spread evenly, so it is near
    /// where its value says.
    fn start_of(&self, hash: u32) -> usize {
        let entries = &self.entries;
        let guess = (u64::from(hash) * entries.len() as u64) >> 32;
        let guess = usize::try_from(guess).unwrap_or(0);
        let mut step = 64;
        let mut low = guess.saturating_sub(step);
        while low > 0 && entries[low].0 >= hash {
            low = low.saturating_sub(step);
            step *= 2;
        }
        step = 64;
        let mut high = (guess + step).min(entries.len());
        while high < entries.len() && entries[high].0 < hash {
            high = (high + step).min(entries.len());
            step *= 2;
        }
        low + entries[low..high].partition_point(|(other, _)| *other < hash)
    }

    /// The places of the lines whose token id stands in an earlier line.
    fn repeated<'a>(&'a self, lines: &'a [Line]) -> impl Iterator<Item = u32> + 'a {
        self.entries
            .chunk_by(|one, other| one.0 == other.0)
            .filter(|group| group.len() > 1)
            .flatten()
            .map(|(_, place)| *place)
            .filter(move |place| {
                let token = (self.token_of)(&lines[*place as usize]);
                let first = token.and_then(|token| self.find(lines, token).next());
                first != Some(*place)
            })
    }

    /// The entries that the file has for these token ids, by place.
    ///
    /// Reading all token ids of the file in their order is faster than looking many up.
    pub(super) fn entries_on_file(
        &self,
        bulk: &Bulk<'_, '_>,
        lines: &[Line],
    ) -> Result<OnFile, StoreError> {
        if self.entries.len() as u64 * 8 < bulk.taken()? {
            return self.look_up(bulk, lines);
        }
        let mut known = OnFile::default();
        bulk.each_token(|token, entry| {
            for place in self.find(lines, token) {
                known.insert(place, entry, lines.len());
            }
        })?;
        Ok(known)
    }

    /// The same for few, one after the other.
    pub(super) fn look_up(
        &self,
        bulk: &Bulk<'_, '_>,
        lines: &[Line],
    ) -> Result<OnFile, StoreError> {
        let mut known = OnFile::default();
        for (_, place) in &self.entries {
            if let Some(token) = (self.token_of)(&lines[*place as usize])
                && let Some(entry) = bulk.by_token(token)?
            {
                known.insert(*place, entry, lines.len());
            }
        }
        Ok(known)
    }
}

/// The upper 32 bits.
fn upper_half(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(u32::MAX)
}

/// The entries that a file has for the token ids of some lines.
#[derive(Default)]
pub(super) struct OnFile(Vec<Option<EntryId>>);

impl OnFile {
    /// The entry for the line at a place.
    pub(super) fn get(&self, place: u32) -> Option<EntryId> {
        self.0.get(place as usize).copied().flatten()
    }

    fn insert(&mut self, place: u32, entry: EntryId, lines: usize) {
        if self.0.is_empty() {
            self.0 = vec![None; lines];
        }
        if let Some(known) = self.0.get_mut(place as usize) {
            *known = Some(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hash_is_found_where_a_search_finds_it() {
        for spread in [1_u32, u32::MAX / 1_000, u32::MAX / 7] {
            let entries: Vec<_> = (0..1_000_u32)
                .map(|place| ((place / 2).wrapping_mul(spread), place))
                .collect();
            let mut sorted = entries.clone();
            sorted.sort_unstable();
            let index = TokenIndex {
                hasher: RandomState::new(),
                entries: sorted.clone(),
                token_of: |_| None,
            };
            for (hash, _) in entries.into_iter().chain([(0, 0), (u32::MAX, 0), (5, 0)]) {
                for hash in [hash.saturating_sub(1), hash, hash.saturating_add(1)] {
                    let expected = sorted.partition_point(|(other, _)| *other < hash);
                    assert_eq!(index.start_of(hash), expected, "{hash} {spread}");
                }
            }
        }
    }
}

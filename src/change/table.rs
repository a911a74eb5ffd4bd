//! Values that many lines share.

use std::collections::HashMap;

/// Values that many lines share, each kept once.
pub(super) struct Table<T> {
    values: Vec<T>,
    places: HashMap<T, u32>,
    last: u32,
}

impl<T: Clone + Eq + std::hash::Hash> Table<T> {
    pub(super) fn new() -> Self {
        Self {
            values: Vec::new(),
            places: HashMap::new(),
            last: 0,
        }
    }

    /// The place of a value, which is kept if it is new.
    pub(super) fn place(&mut self, value: T) -> u32 {
        // Most lines say the same as the one before.
        if self.values.get(self.last as usize) == Some(&value) {
            return self.last;
        }
        if let Some(place) = self.places.get(&value) {
            self.last = *place;
        } else {
            // A request has fewer than 2^32 lines.
            self.last = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
            self.values.push(value.clone());
            self.places.insert(value, self.last);
        }
        self.last
    }
}

impl<T> Table<T> {
    /// The value at a place that this table gave.
    pub(super) fn get(&self, place: u32) -> &T {
        &self.values[place as usize]
    }

    pub(super) fn into_values(self) -> Vec<T> {
        self.values
    }
}

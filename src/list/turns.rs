//! Which list serves which entry, where a request can be served by several.
//!
//! Lists take turns: when one is full, the next one in reserve takes its place. Where several are
//! open at once, the choice between them is pseudo-random, so that neither list nor index tells when
//! a credential was issued (WE BUILD CS-010; EUDI ARF, `VCR_17`). It depends on the operation id and
//! the place of the entry in its request alone, so that a repetition is answered as the first time.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ListNumber;

/// How many lists of a series hand out entries at once: 1 to 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct OpenLists(NonZeroU32);

impl OpenLists {
    /// The most lists that may be open at once, or wait.
    pub const MAX: u32 = 1_000;

    /// How many.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.get()
    }
}

impl Default for OpenLists {
    fn default() -> Self {
        Self(NonZeroU32::MIN)
    }
}

impl TryFrom<u32> for OpenLists {
    type Error = String;

    fn try_from(count: u32) -> Result<Self, String> {
        NonZeroU32::new(count)
            .filter(|count| count.get() <= Self::MAX)
            .map(Self)
            .ok_or_else(|| format!("{count} open lists: 1 to {} are possible", Self::MAX))
    }
}

impl From<OpenLists> for u32 {
    fn from(open: OpenLists) -> Self {
        open.count()
    }
}

/// A list, and how many entries it has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    /// The list.
    pub(crate) list: ListNumber,
    /// Entries that nobody has.
    pub(crate) free: u64,
}

/// The lists that serve a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// How many entries each list gives, in the order in which they first serve.
    pub(crate) shares: Vec<Share>,
    /// For each entry, which of the shares it belongs to; `None`: one after the other.
    pub(crate) order: Option<Vec<u32>>,
    /// The lists that were open at first.
    pub(crate) open: Vec<Room>,
    /// The lists of the reserve that took their turn.
    pub(crate) turned: Vec<Room>,
    /// How many entries no list has.
    pub(crate) missing: u64,
}

/// What one list gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// The list.
    pub(crate) list: ListNumber,
    /// How many entries.
    pub(crate) count: u64,
}

/// A request that lists are assigned to.
pub(crate) struct Turns<'a> {
    /// What the choice depends on.
    pub(crate) operation_id: &'a str,
    /// How many entries are wanted.
    pub(crate) count: u64,
    /// How many lists are open at once; where fewer are, the reserve is asked.
    pub(crate) at_once: usize,
}

impl Turns<'_> {
    /// Assigns lists: the open ones, and those of the reserve in their order.
    ///
    /// # Errors
    /// Those of the reserve.
    pub(crate) fn assign<E>(
        &self,
        open: Vec<Room>,
        mut reserve: impl FnMut() -> Result<Option<Room>, E>,
    ) -> Result<Assignment, E> {
        let mut assignment = Assignment {
            order: (open.len().max(self.at_once) > 1).then(Vec::new),
            open: open.clone(),
            ..Assignment::default()
        };
        let mut slots = Vec::new();
        for room in open {
            slots.extend(assignment.slot(room));
        }
        let mut given = 0;
        let mut is_exhausted = false;
        while given < self.count {
            while slots.len() < self.at_once && !is_exhausted {
                match reserve()? {
                    Some(room) => {
                        assignment.turned.push(room);
                        slots.extend(assignment.slot(room));
                    }
                    None => is_exhausted = true,
                }
            }
            if slots.is_empty() {
                break;
            }
            given += assignment.serve(self, given, &mut slots);
        }
        assignment.missing = self.count - given;
        assignment.shares_in_use();
        Ok(assignment)
    }

    fn choice(&self, place: u64, of: usize) -> usize {
        if of == 1 {
            return 0;
        }
        let mut hasher = Sha256::new();
        hasher.update(b"statuslist/choice/1");
        hasher.update((self.operation_id.len() as u64).to_be_bytes());
        hasher.update(self.operation_id);
        hasher.update(place.to_be_bytes());
        let hash: [u8; 32] = hasher.finalize().into();
        let number = hash.iter().take(8);
        let number = number.fold(0, |number, byte| number << 8 | u64::from(*byte));
        // 64 bits for at most some thousand lists: no list is preferred noticeably.
        usize::try_from(number % of as u64).unwrap_or(0)
    }
}

/// A list that is open now: which of the shares, and what it has left.
struct Slot {
    share: u32,
    left: u64,
}

impl Assignment {
    fn slot(&mut self, room: Room) -> Option<Slot> {
        if room.free == 0 {
            return None;
        }
        let share = u32::try_from(self.shares.len()).ok()?;
        self.shares.push(Share {
            list: room.list,
            count: 0,
        });
        Some(Slot {
            share,
            left: room.free,
        })
    }

    /// Serves the entry at a place, and with one open list all that follow as far as it has them.
    /// A list without any left loses its slot. Returns how many were served.
    fn serve(&mut self, turns: &Turns<'_>, place: u64, slots: &mut Vec<Slot>) -> u64 {
        let chosen = turns.choice(place, slots.len());
        let slot = &mut slots[chosen];
        let served = match &mut self.order {
            Some(order) => {
                order.push(slot.share);
                1
            }
            None => slot.left.min(turns.count - place),
        };
        self.shares[slot.share as usize].count += served;
        slot.left -= served;
        if slot.left == 0 {
            slots.remove(chosen);
        }
        served
    }

    /// Leaves out the lists that serve nothing.
    fn shares_in_use(&mut self) {
        let mut places = Vec::with_capacity(self.shares.len());
        let mut kept = 0;
        for share in &self.shares {
            places.push(kept);
            kept += u32::from(share.count > 0);
        }
        self.shares.retain(|share| share.count > 0);
        for share in self.order.iter_mut().flatten() {
            *share = places[*share as usize];
        }
        if self.shares.len() < 2 {
            self.order = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    fn room(list: u32, free: u64) -> Room {
        Room {
            list: ListNumber::new(list).unwrap(),
            free,
        }
    }

    fn assign(id: &str, count: u64, at_once: usize, open: &[u64], reserve: &[u64]) -> Assignment {
        let mut number = 0;
        let mut next = |free: &u64| {
            number += 1;
            room(number - 1, *free)
        };
        let open = open.iter().map(&mut next).collect();
        let reserve: Vec<_> = reserve.iter().map(&mut next).collect();
        let mut reserve = reserve.into_iter();
        let turns = Turns {
            operation_id: id,
            count,
            at_once,
        };
        let assigned = turns.assign(open, || Ok::<_, Infallible>(reserve.next()));
        assigned.unwrap()
    }

    fn shares(assignment: &Assignment) -> Vec<(u32, u64)> {
        let shares = assignment.shares.iter();
        shares
            .map(|share| (share.list.value(), share.count))
            .collect()
    }

    #[test]
    fn one_open_list_is_emptied_before_the_next_takes_its_turn() {
        let assignment = assign("a", 7, 1, &[3], &[4, 9]);
        assert_eq!(shares(&assignment), [(0, 3), (1, 4)]);
        assert_eq!((assignment.order.as_ref(), assignment.missing), (None, 0));
        assert_eq!(assignment.turned, [room(1, 4)]);
        let assignment = assign("a", 8, 1, &[3], &[4, 9]);
        assert_eq!(shares(&assignment), [(0, 3), (1, 4), (2, 1)]);
        let assignment = assign("a", 20, 1, &[0], &[4, 9]);
        assert_eq!(shares(&assignment), [(1, 4), (2, 9)]);
        assert_eq!(assignment.missing, 7);
        assert_eq!(shares(&assign("a", 2, 1, &[], &[])), []);
    }

    #[test]
    fn several_open_lists_serve_by_a_choice_that_the_operation_id_repeats() {
        let one = assign("one", 4_000, 4, &[10_000; 4], &[]);
        assert_eq!(one, assign("one", 4_000, 4, &[10_000; 4], &[]));
        assert_ne!(one, assign("two", 4_000, 4, &[10_000; 4], &[]));
        // Of 4,000 with a probability of a quarter each, 99.99 % lie within 4 deviations (110).
        for (_, count) in shares(&one) {
            assert!((890..=1_110).contains(&count), "{count}");
        }
        // What is chosen for the entry before says nothing of the next.
        let order = one.order.unwrap();
        let same = order.windows(2).filter(|pair| pair[0] == pair[1]).count();
        assert!((890..=1_110).contains(&same), "{same}");
    }

    proptest! {
        #[test]
        fn every_entry_is_served_once_by_a_list_that_has_it(
            id in "[a-z]{0,8}", count in 0_u64..60, at_once in 1_usize..4,
            open in proptest::collection::vec(0_u64..9, 0..5),
            reserve in proptest::collection::vec(0_u64..9, 0..5),
        ) {
            let assignment = assign(&id, count, at_once, &open, &reserve);
            let all: Vec<u64> = open.iter().chain(&reserve).copied().collect();
            let total: u64 = all.iter().sum();
            prop_assert_eq!(assignment.missing, count.saturating_sub(total));
            let mut given = BTreeMap::new();
            for (list, count) in shares(&assignment) {
                prop_assert!(given.insert(list, count).is_none());
                prop_assert!(0 < count && count <= all[list as usize]);
            }
            prop_assert_eq!(given.values().sum::<u64>(), count - assignment.missing);
            if let Some(order) = &assignment.order {
                let mut by_share = vec![0; assignment.shares.len()];
                for share in order {
                    by_share[*share as usize] += 1;
                }
                let counts: Vec<u64> = assignment.shares.iter().map(|one| one.count).collect();
                prop_assert_eq!(by_share, counts);
            }
            // From what is written down of it, it is the same again.
            let mut turned = assignment.turned.clone().into_iter();
            let turns = Turns { operation_id: &id, count: count - assignment.missing, at_once };
            let again = turns.assign(assignment.open.clone(), || Ok::<_, Infallible>(turned.next()));
            prop_assert_eq!(again.unwrap().order, assignment.order);
        }
    }
}

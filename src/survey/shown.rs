//! What one file shows of the entries of its list, and where a register differs.

use std::borrow::Cow;

use thiserror::Error;

use super::Statuses;
use crate::list::pages::{self, Widening};
use crate::list::{Series, Shows, Status, View, Width};
use crate::token::w3c::{Bitstring, CredentialView, StatusSize};
use crate::token::{StatusList, Writer};

/// The shape that a published list of a series has in one view.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape<'a> {
    pub(crate) series: &'a Series,
    pub(crate) view: View,
}

/// A published list has another shape than those of its series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum OtherShape {
    /// The entries have another width.
    #[error("bits per entry: {found}, where the lists of the series have {expected}")]
    Width {
        /// Bits that each has.
        found: u8,
        /// Bits that each should have.
        expected: u8,
    },
    /// There are more entries or fewer.
    #[error("it has {found} entries, where the lists of the series have {expected}")]
    Entries {
        /// How many it has.
        found: u64,
        /// How many it should have.
        expected: u64,
    },
    /// The view has no list of entries.
    #[error("the view has no list of entries")]
    NoList,
}

/// What a published file shows of the entries of its list.
pub(crate) struct Shown<'a> {
    shape: Shape<'a>,
    layout: Layout<'a>,
}

enum Layout<'a> {
    /// The whole value of each entry, as in the register.
    Register(StatusList),
    /// The whole value of each entry, in the order of W3C.
    Values(CredentialView<'a>, Bitstring),
    /// One bit of each entry, and the statuses that it has at 0 and at 1.
    Flags(CredentialView<'a>, Bitstring, [Statuses; 2]),
}

impl<'a> Shape<'a> {
    /// What writes it.
    pub(super) fn writer(self) -> Writer<'a> {
        Writer::of(self.series, self.view)
    }

    /// Takes the list of a Status List Token. One of before the lists got more bits shows the same
    /// statuses as one of now.
    pub(crate) fn list(self, mut list: StatusList) -> Result<Shown<'a>, OtherShape> {
        let width = self.series.register().width;
        let entries = self.series.register().size.entries();
        if list.bytes.len() as u64 == list.width.bytes_for(entries)
            && let Some(widening) = Widening::new(list.width, width)
        {
            let mut bytes = widening.of(&list.bytes);
            bytes.truncate(usize::try_from(width.bytes_for(entries)).unwrap_or(usize::MAX));
            list = StatusList { width, bytes };
        }
        if list.width != width {
            return Err(OtherShape::Width {
                found: list.width.bits(),
                expected: width.bits(),
            });
        }
        let bytes = width.bytes_for(entries);
        if list.bytes.len() as u64 != bytes {
            return Err(self.other_length(list.entries()));
        }
        let layout = Layout::Register(list);
        Ok(Shown {
            shape: self,
            layout,
        })
    }

    /// Takes the bits of a W3C list.
    pub(crate) fn bits(self, mut bits: Bitstring) -> Result<Shown<'a>, OtherShape> {
        let width = self.series.register().width;
        let view = self.writer().credential().ok_or(OtherShape::NoList)?;
        let size = if view.holds_values() {
            StatusSize::from(width)
        } else {
            StatusSize::ONE
        };
        if bits.size != size {
            return Err(OtherShape::Width {
                found: bits.size.bits(),
                expected: size.bits(),
            });
        }
        if bits.entries() < self.series.register().size.entries() {
            return Err(self.other_length(bits.entries()));
        }
        bits.order = view.bit_order();
        let layout = if view.holds_values() {
            Layout::Values(view, bits)
        } else {
            let shows = |status| self.series.shows(self.view, status);
            let statuses = [
                Statuses::matching(width, |status| !shows(status)),
                Statuses::matching(width, shows),
            ];
            Layout::Flags(view, bits, statuses)
        };
        Ok(Shown {
            shape: self,
            layout,
        })
    }

    /// How many entries of a list of another shape have one of these statuses, as counts of its
    /// values tell: by value, from 0 on.
    pub(crate) fn count_of(self, counts: &[u64], statuses: &[Status]) -> u64 {
        if self.view.row().shows == Shows::Values {
            return (0..=u8::MAX)
                .zip(counts)
                .filter(|(value, _)| statuses.iter().any(|status| status.value() == *value))
                .map(|(_, count)| count)
                .sum();
        }
        let shows = |status| self.series.shows(self.view, status);
        let set = Statuses::matching(self.series.register().width, shows);
        let count = counts.get(1).copied().unwrap_or_default();
        if set.are_among(statuses) { count } else { 0 }
    }

    fn other_length(self, found: u64) -> OtherShape {
        OtherShape::Entries {
            found,
            expected: self.series.register().size.entries(),
        }
    }
}

impl Shown<'_> {
    /// The statuses that the entry at an index of the list may have by it.
    pub(crate) fn says(&self, index: u64) -> Statuses {
        let value = match &self.layout {
            Layout::Register(list) => list.status(index),
            Layout::Values(_, bits) | Layout::Flags(_, bits, _) => bits.status(index),
        };
        let value = value.unwrap_or_default();
        match &self.layout {
            Layout::Flags(_, _, [unset, set]) => match value {
                0 => *unset,
                _ => *set,
            },
            _ => match Status::new(value.into(), Width::Eight) {
                Ok(status) => Statuses::only(status),
                Err(_) => Statuses::matching(Width::One, |_| false),
            },
        }
    }

    /// The indexes at which it does not allow what a register of this shape has, lowest first.
    ///
    /// Bytes that are the same are skipped, so that a list that hardly differs costs next to
    /// nothing.
    pub(crate) fn differing<'s>(
        &'s self,
        register: &'s StatusList,
    ) -> impl Iterator<Item = u64> + 's {
        let (published, expected, bits) = match &self.layout {
            Layout::Register(list) => (
                &list.bytes,
                Cow::Borrowed(register.bytes.as_slice()),
                list.width.bits(),
            ),
            Layout::Values(view, bits) | Layout::Flags(view, bits, _) => (
                &bits.bytes,
                Cow::Owned(view.bits(register).bytes),
                bits.size.bits(),
            ),
        };
        let per_byte = u64::from(8 / bits);
        let entries = self.shape.series.register().size.entries();
        (0_u64..)
            .zip(published)
            .filter(move |(place, byte)| {
                let place = usize::try_from(*place).unwrap_or(usize::MAX);
                expected.get(place) != Some(*byte)
            })
            .flat_map(move |(place, _)| place * per_byte..(place + 1) * per_byte)
            .take_while(move |index| *index < entries)
            .filter(|index| !self.says(*index).contains(entry_of(register, *index)))
    }
}

/// The status of an entry of a register; `valid` beyond its end, where nobody asks.
pub(crate) fn entry_of(register: &StatusList, index: u64) -> Status {
    pages::read(&register.bytes, register.width, index)
        .and_then(|value| Status::new(value.into(), register.width).ok())
        .unwrap_or(Status::VALID)
}

#[cfg(test)]
mod tests;

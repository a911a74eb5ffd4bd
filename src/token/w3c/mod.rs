//! The W3C forms of a list: Bitstring Status List v1.0 and its two predecessors.

mod bitstring;

pub use bitstring::{BitOrder, Bitstring, MINIMUM_ENTRIES, StatusSize, StatusSizeError};

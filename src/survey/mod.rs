//! Reading what is published: the files of a site, verified, and what they say of entries.
//!
//! A file shows an entry in its own way: a token holds the whole value, a W3C list of a purpose one
//! bit, an OCSP responder an answer. Each leaves a set of [`Statuses`] that the entry may have; what
//! several files say together is what their sets have in common.
//!
//! | file | holds |
//! |---|---|
//! | `statuses` | sets of statuses |
//! | `shown` | what one file shows of the entries of its list, and where a register differs |
//! | `published` | one file, read and verified |

mod published;
mod shown;
mod statuses;

pub use published::{PublishedList, Standing, Verification, read};
pub use shown::{OtherShape, Shape, Shown};
pub use statuses::Statuses;

pub(crate) use shown::entry_of;

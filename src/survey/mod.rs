//! Reading what is published: the files of a site, verified, and what they say of entries.
//!
//! A file shows an entry in its own way: a token holds the whole value, a W3C list of a purpose one
//! bit, an OCSP responder an answer. Each leaves a set of [`Statuses`] that the entry may have; what
//! several files say together is what their sets have in common.
//!
//! [`Surveying::survey`] compares all files of sites with a list file, and says what of them would
//! have to be taken over. What is published is the only witness of what a list file said after a
//! backup of it was made; but anybody who can write to a site can put files there, so only what a
//! signature vouches for is taken over, and files that contradict each other are not.
//!
//! The list file answers through [`ListFile`]: nothing here knows how one is kept, or changes it.
//!
//! | file | holds |
//! |---|---|
//! | `statuses` | sets of statuses |
//! | `shown` | what one file shows of the entries of its list, and where a register differs |
//! | `published` | one file, read and verified |
//! | `list_file` | what is asked of the list file |
//! | `surveying` | how sites are surveyed |
//! | `sites` | what all sites say of all lists |
//! | `lists` | which lists a site has that the list file does not know |
//! | `compare` | what a site says of the entries of one list |
//! | `found` | what is found, and what of it is to be taken over |

mod compare;
mod error;
mod found;
mod list_file;
mod lists;
mod published;
mod shown;
mod sites;
mod statuses;
mod surveying;

pub(crate) use error::Contradiction;
pub(crate) use found::{Difference, Fate, Signature, Survey, SurveyedFile};
pub(crate) use list_file::{ListFile, OwnList};
pub(crate) use shown::{OtherShape, Shape, Shown, entry_of};
pub(crate) use statuses::Statuses;
pub(crate) use surveying::Surveying;

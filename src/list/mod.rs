//! The pure domain: no file, no clock, no key, no randomness of its own.
//!
//! | file | holds |
//! |---|---|
//! | `width`, `status`, `reason` | what one entry can say |
//! | `entry` | which entry is meant |
//! | `batch` | what a batch does to one entry |
//! | `pages` | entries packed into bytes |
//! | `permutation` | which index the n-th allocation gets |
//! | `transition` | which status may follow which |
//! | `view` | the published forms, and what each shows |
//! | `series` | what all lists of one file have in common |
//! | `time` | points in time and lengths of time |

mod batch;
mod entry;
pub mod pages;
mod permutation;
mod reason;
mod series;
mod status;
mod suggest;
mod time;
mod transition;
mod view;
mod width;

pub use batch::{Effect, Story, StoryError, Wish};
pub use entry::{EntryError, EntryId, EntryName, Index, ListNumber, TokenId};
pub use permutation::{Permutation, PermutationError, Seed};
pub use reason::{Reason, ReasonError};
pub use series::{Register, Series, SeriesError, SeriesView, Size, SizeError, check_ttl};
pub use status::{Status, StatusError, StatusName};
pub use time::{Duration, Moment, TimeError, Timestamp};
pub use transition::{FinalStatuses, Remark, RemarkRequest, Transition, TransitionError, judge};
pub use view::{BlindError, View, ViewError, visible_in_all};
pub use width::{Width, WidthError};

//! The pure domain: no file, no clock, no key, no randomness of its own.
//!
//! | file | holds |
//! |---|---|
//! | `width`, `status`, `reason` | what one entry can say |
//! | `entry` | which entry is meant |
//! | `batch` | what a batch does to one entry |
//! | `document` | what an `OpenAttestation` document is asked by |
//! | `pages` | entries packed into bytes |
//! | `permutation` | which index the n-th allocation gets |
//! | `transition` | which status may follow which |
//! | `view` | the published forms, in one table, and their readers |
//! | `purpose` | what a list says about credentials |
//! | `proof` | how W3C credentials are secured |
//! | `visibility` | which statuses readers must see |
//! | `profile` | what uses of status lists demand of them |
//! | `register` | what can never change of a series |
//! | `series` | what all lists of one file have in common |
//! | `time` | points in time and lengths of time |

mod batch;
mod cite;
mod document;
mod entry;
mod names;
pub mod pages;
mod permutation;
mod profile;
mod proof;
mod purpose;
mod reason;
mod register;
mod series;
mod status;
mod suggest;
mod time;
mod transition;
mod view;
mod visibility;
mod width;

pub(crate) use batch::{Effect, Story, StoryError, Wish};
pub use cite::TOKEN_STATUS_LIST;
pub use document::{DocumentHash, DocumentHashError};
pub use entry::{EntryError, EntryId, EntryName, Index, ListNumber, TokenId};
pub use names::UnknownName;
pub use permutation::{Permutation, PermutationError, Seed};
pub(crate) use profile::Ruling;
pub use profile::{
    Breach, Demand, Fact, Profile, Rule, SettingsFacts, Source, Specification, Weight,
};
pub use proof::Proof;
pub use purpose::Purpose;
pub use reason::{Reason, ReasonError};
pub use register::{Register, Size, SizeError};
pub use series::{BitOrder, Consent, Credentials, Series, SeriesError, SeriesSettings, check_ttl};
pub use status::{Status, StatusError, StatusName};
pub(crate) use suggest::nearest;
pub use time::{Duration, Moment, TimeError, Timestamp};
pub(crate) use transition::{
    FinalStatuses, Finality, RemarkRequest, Standing, StatusRequest, Transition,
};
pub use transition::{Remark, TransitionError};
pub use view::{Embedding, Family, Holds, ListUri, Securing, SeriesView, Shows, View, ViewRow};
pub use visibility::{BlindError, UnfitStatus};
pub use width::{Width, WidthError};

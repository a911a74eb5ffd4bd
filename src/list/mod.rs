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
//! | `register` | what credentials depend on of a series |
//! | `series` | what all lists of one file have in common |
//! | `time` | points in time and lengths of time |

mod batch;
mod cite;
mod document;
mod entry;
mod entry_name;
mod group;
mod names;
pub mod pages;
mod permutation;
mod profile;
mod proof;
mod purpose;
mod reason;
mod regeneration;
mod register;
mod scarcity;
mod series;
mod status;
mod suggest;
mod time;
mod transition;
mod turns;
mod view;
mod visibility;
mod width;

pub(crate) use batch::{Effect, Story, StoryError, Wish};
pub(crate) use cite::TOKEN_STATUS_LIST;
pub use document::DocumentHash;
pub(crate) use document::DocumentHashError;
pub(crate) use entry::EntryError;
pub use entry::{EntryId, Index, ListNumber, TokenId};
pub use entry_name::EntryName;
pub use group::GroupName;
pub(crate) use names::{UnknownName, named};
pub use permutation::{Permutation, Seed};
pub(crate) use profile::{
    Breach, Demand, Fact, Profile, Rule, Ruling, SettingsFacts, Specification, Weight,
};
pub use proof::Proof;
pub use purpose::Purpose;
pub(crate) use reason::ReasonError;
pub use reason::{Reason, StatedReason};
pub(crate) use regeneration::{Contradiction, Due, Policy, Strategy, Validity, Waiting};
pub(crate) use register::SizeError;
pub use register::{Register, Size};
pub(crate) use scarcity::Scarcity;
pub use series::{BitOrder, Series, SeriesError};
pub(crate) use series::{Consent, SeriesSettings, check_ttl, ttl_in_time};
pub use status::Status;
pub(crate) use status::{StatusError, StatusName};
pub(crate) use suggest::nearest;
pub use time::{Duration, Timestamp};
pub(crate) use time::{Moment, TimeError};
pub(crate) use transition::{FinalStatuses, Finality, RemarkRequest, Standing};
pub(crate) use transition::{Remark, TransitionError};
pub use turns::OpenLists;
pub(crate) use turns::{Assignment, Room, Share, Turns};
pub(crate) use view::{Embedding, Holds, ListUri, Securing, Shows};
pub use view::{Family, SeriesView, View};
pub(crate) use visibility::{BlindError, UnfitStatus};
pub use width::Width;
pub(crate) use width::WidthError;

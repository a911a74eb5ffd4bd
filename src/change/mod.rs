//! Changes of a list file: entries handed out, and statuses set.
//!
//! There is one planner, whoever asks: `allocate` is a request of lines that allocate, `set` one of
//! a single line, and a batch has both in any order. So a rule about what may be handed out or set
//! is written once, and holds for all of them.
//!
//! Planning is a function of a [`Request`] and a state of the file ([`Snapshot`]). It reads, and
//! changes nothing: the entries that a plan names are taken by the revision that records them. So a
//! plan can be thrown away and made again from a newer state, a dry run is a plan that is not kept,
//! and what an operation id was answered the first time is the plan from the state before its
//! revision ([`Bulk::before`]).
//!
//! ```text
//! AllocateRequest   SetRequest   lines of a batch
//!        \              |              /
//!         '-------- Request ----------'        operations, packed
//!                       |
//!                    Planner                   tokens and documents, entries, statuses
//!                       |
//!                     Plan  ->  store::Work    what becomes of each line; what is stored
//! ```
//!
//! The first fault refuses a request of the first two. A batch is told of each fault, and leaves
//! the line out. A line that sets a group sets all of its entries or none: `set` makes a line of each
//! entry, and of a batch's line the plan has a part for each. Few entries are looked up one by one,
//! those of a batch page by page.
//!
//! A later rule is one of these:
//! - a check of a line: [`Planner`] makes a [`ChangeError`] of it;
//! - something else that lines say (groups are one): a field of [`Allocate`] or [`Set`], which
//!   [`RequestDigest`] hashes only where it is given, so that operation ids of before are known;
//! - another supply of entries: [`Roster`], and [`Booked`](crate::store::Booked), which the results
//!   and the [`Work`](crate::store::Work) are made of.
//!
//! Which lists serve a request, which take their turn and which are made is decided in `rollover` and
//! [`Turns`](crate::list::Turns).
//!
//! Where a request is for several list files, each gets its part, whose lines are those of the
//! request as they were (`part`).
//!
//! Nothing here knows options, words for people, or what a credential embeds: the commands join
//! that.

mod allocate;
mod digest;
mod documents;
mod error;
mod faults;
mod group_lines;
mod groups;
mod label;
mod label_lines;
mod labels;
mod locate;
mod locate_group;
mod part;
mod plan;
mod planner;
mod request;
mod retire;
mod rollover;
mod serving;
mod set;
mod set_group;
mod stories;
mod table;
#[cfg(test)]
mod tests;
mod tokens;

pub(crate) use allocate::{AllocateRequest, Allocated};
pub(crate) use digest::RequestDigest;
pub(crate) use documents::Document;
pub(crate) use error::ChangeError;
pub(crate) use faults::Tell;
pub(crate) use label::{LabelRequest, Labelled};
pub(crate) use part::{LineIsFoundBy, LinesToFind};
pub(crate) use plan::{LinePlan, Missing, Plan};
pub(crate) use request::{
    Allocate, Besides, KnownTokens, Label, Line, Named, Operation, Request, Set, Terms,
};
pub(crate) use retire::{RetireError, RetirePlan, RetireRequest, Retirement, Retiring, Revoked};
pub(crate) use rollover::{Roster, Stock, Turnover, new_list};
pub(crate) use set::{SetRequest, StatusChange};
pub(crate) use set_group::{EntryChange, GroupChanges, GroupSetRequest};
pub(crate) use tokens::KnownLines;

use self::faults::OnFault;
use self::planner::{Asked, Planner};
use crate::store::{Bulk, Event, Snapshot};

/// Plans the lines of a batch, the run of which has an operation id. One that was done, as `earlier`
/// says, is planned from the state before it.
///
/// Token ids of the request get the spelling that the file has for them.
///
/// # Errors
/// The list file cannot be read, or contradicts itself. Faults of lines are told.
pub(crate) fn plan<'a>(
    request: &'a mut Request,
    mut prepared: KnownLines,
    snapshot: &'a Snapshot<'_>,
    operation_id: &'a str,
    earlier: Option<&'a Event>,
    tell: &'a mut Tell<'a>,
) -> Result<Plan, ChangeError> {
    if request.settle_tokens(snapshot)? > 0 {
        prepared = KnownLines::of(&request.lines);
    }
    let bulk = match earlier {
        Some(event) => Bulk::before(snapshot, event)?,
        None => Bulk::now(snapshot),
    };
    let asked = Asked {
        request,
        prepared: &prepared,
        operation_id,
    };
    Planner::new(&asked, bulk, OnFault::Tell(tell)).plan()
}

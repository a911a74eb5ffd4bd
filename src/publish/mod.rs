//! What a target should hold, what has to be written to it, and writing it.
//!
//! A publication is decided whole before the first byte is written. [`Contents`] are what the site
//! should hold: statements about lists in their views, signed or not. A [`PublishPlan`] is
//! what is to be written of them, with the files that go with them: it is carried out, and it is
//! what people are told. It writes to a [`crate::site::Target`] and knows no kind of it. Nothing here reads arguments or tells people
//! what to do.
//!
//! Three rules, and why they are as they are:
//!
//! - **A site never goes back, never sideways, and lifts no final status by mistake.** The guard
//!   asks two things alone: the site's manifest, which holds the chain value of the state that each
//!   file was made from, and the list file, which knows its own chain. A list file that had the
//!   state may publish over it; an older copy, or one that went another way, never had it. A chain
//!   value tells nobody which revision it is: no number that grows with every credential goes to
//!   the site, so the guard works without telling anybody about issuance. That final statuses stay
//!   is not left to the manifest, which may be gone or forged: whatever is there is compared with
//!   the register, entry by entry.
//! - **Only what changes a published byte is visible.** An [`Edition`] is the newest revision that
//!   changed one: a status, and for `oa-ocsp` also a reason or a hash. Entries that are handed out
//!   with the default status make no new edition, and a token is written when its edition's
//!   statuses changed or half of its validity has passed, never because entries were handed out.
//!   The same state, time and key give the same bytes.
//! - **The manifest comes last.** It never describes a file that is not there. What a run left that
//!   was interrupted before is a file that the manifest does not know, or knows otherwise; it is
//!   known for ours by its signature and its time, and written again.
//!
//! | file | holds |
//! |---|---|
//! | `contents` | what a site should hold, decided list by list |
//! | `plan` | what is to be written and removed, and carrying it out |
//! | `spool` | what waits until everything is decided |
//! | `decision`, `guard` | whether a token is written, kept, or must not be touched |
//! | `incumbent` | what is in a place, compared with what belongs there |
//! | `statement`, `credential` | what a token says, and all of it but the signature |
//! | `ground` | what the files of one list are decided by |
//! | `responder` | the files of a list that are not signed: one for each document |
//! | `side_files`, `aggregation` | envelopes, and the documents that name all tokens |
//! | `keys`, `key_files`, `dropping` | which keys are shown, how long, and when one may leave |
//! | `hosts`, `hosted` | what the host of the site is told, and the files that say it |
//! | `retired` | the files of lists that are published no more |
//! | `secrets` | what must not lie in a site |
//! | `file`, `site` | one file of a site; the site that it is read from and written to |
//! | `first` | whether a site that says nothing of a list file may be its first |
//! | `live` | a site as readers see it, where there is no folder |
//! | `carried` | what is taken over from there as it is |
//! | `page` | the page for people |
//! | `record` | what list files remember |
//! | `outlook` | when a change will be published, and seen by everybody |

mod aggregation;
mod carried;
mod contents;
mod credential;
mod decision;
mod departure;
mod dropping;
mod edition;
mod error;
mod file;
mod first;
mod ground;
mod guard;
mod hosted;
mod hosts;
mod incumbent;
mod key;
mod key_files;
mod keys;
mod live;
mod outlook;
mod page;
mod plan;
mod record;
mod responder;
mod retired;
mod rules;
mod secrets;
mod side_files;
mod site;
mod spool;
mod statement;

#[cfg(test)]
mod tests;

pub(crate) use carried::{CarriedFile, Vouched};
pub(crate) use contents::Contents;
pub(crate) use decision::{Cause, PlannedToken};
pub(crate) use departure::Lifted;
pub(crate) use edition::{Edition, Selection};
pub(crate) use error::{
    Conflict, KeyFault, KeyRefusal, Maker, PublishError, SecretKind, Silence, StatementError,
    Uncarried,
};
pub(crate) use file::SiteFile;
pub(crate) use hosted::Hosted;
pub(crate) use hosts::{ConfigError, Defaults, Home, HostFault, Hosting, Limit, home};
pub(crate) use key::{KeyCertificates, NamedKey, SigningKeys, TokenPlace, TokenSigner};
pub(crate) use live::{Live, Sites};
pub(crate) use outlook::{NewChanges, Outlook, Prospect};
pub(crate) use plan::PublishPlan;
pub(crate) use record::{Unrecorded, record};
pub(crate) use responder::Responder;
pub(crate) use retired::{Removal, Stranger};
pub(crate) use rules::{
    Envelopes, KeyRules, PageRule, Permission, Renewal, RetiredFiles, Rules, Timing,
};
pub(crate) use secrets::{SecretFile, refuse_given};
pub(crate) use site::Site;
pub(crate) use statement::{Lifetimes, Statement};

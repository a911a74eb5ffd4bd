//! What a command answers, and the one place where a failure of a lower layer gets its words.

mod changes;
mod error;
pub(super) mod exposure;
mod failures;
pub(super) mod health;
pub(super) mod hosts;
mod keys;
pub(super) mod lifetimes;
pub(crate) mod live;
pub(super) mod notifying;
mod pool_members;
pub(super) mod pools;
pub(super) mod profiles;
pub(crate) mod publishing;
pub(super) mod reasons;
mod report;
pub(super) mod retiring;
pub(super) mod surveying;
pub(super) mod text;
pub(crate) mod turns;
pub(super) mod uris;
mod written;

pub(crate) use error::Code;
pub use error::Error;
pub use report::{Answer, Body};
pub(crate) use report::{Facts, Report, SCHEMA};
pub(crate) use text::{counted, listed, or_dash};
pub(crate) use written::Written;

//! Whether what is published is there, right, fresh, and seen right from outside: the monitor's
//! questions.
//!
//! Facts and findings are data here; `commands` words them, for people, programs and Prometheus.
//! Nothing is changed, and no host is asked but those of uris that the caller or the list file named.
//!
//! - **One scale.** Whatever is found has a [`Level`]; whoever asks chooses from which level on a
//!   check fails. A [`Level::Fault`] fails every check.
//! - **What was not looked at is not healthy.** A component that nobody looked at is
//!   [`Condition::NotChecked`], and a file that nobody could look at is [`TokenState::Unknown`] and a
//!   fault.
//! - **What readers get counts.** Where hosts are asked, a token's state follows from what they
//!   serve; else from the site; else from the list file's own record.
//! - **A state of a token is defined once**, in `token`: due, then expiring when half of the time for
//!   renewal has passed, then expired.
//!
//! | file | holds |
//! |---|---|
//! | `level` | the scale, the components, and their condition |
//! | `trouble`, `host_fault` | what can be found |
//! | `token` | the states of what is published |
//! | `content` | what a published file says, and whether readers may rely on it |
//! | `list_file`, `source` | a list file, and where what it published is looked for |
//! | `site` | the files of a site, without the list file |
//! | `aggregation`, `certificates` | what goes with tokens |
//! | `hosts`, `visit`, `hosting` | what hosts serve, and how |
//! | `activity` | what a list file did over time |
//! | `watch` | what something is checked with |

mod activity;
mod aggregation;
mod certificates;
mod content;
mod host_fault;
mod hosting;
mod hosts;
mod level;
mod list_file;
mod sighting;
mod site;
mod source;
mod token;
mod trouble;
mod visit;
mod watch;

pub(crate) use activity::Activity;
pub(crate) use content::{FileContent, Refusal};
pub(crate) use host_fault::HostFault;
pub(crate) use hosting::ServedFile;
pub(crate) use hosts::Hosts;
pub(crate) use level::{Component, Condition, Level};
pub(crate) use list_file::{Gathered, ListFileHealth, ListHealth};
pub(crate) use site::{HostedFile, SiteHealth};
pub(crate) use source::{Seen, Source};
pub(crate) use token::{TokenHealth, TokenState, TokenTimes};
pub(crate) use trouble::{Concern, Trouble};
pub(crate) use visit::Patience;
pub(crate) use watch::Watch;

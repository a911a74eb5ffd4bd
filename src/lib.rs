//! Status lists for digital credentials, kept in one local file and published as signed static
//! files.
//!
//! ```text
//!                    cli                   argv, env, clock, streams, exit codes
//!                     |
//!                 commands                 arguments -> request, outcome -> answer; never prints
//!               /           \
//!          change    health   publish      use cases: plan, decide, carry out; no words for people
//!             |           /   |
//!             |      survey   |            sites read whole, and what they say of entries
//!             |         |   \ |
//!             |         |   audit          judging one thing that somebody published
//!             |         |  /  |  \
//!           store     site  token sign     list file; targets; published forms; keys, signatures
//!           /   \     /  \    |    |
//!        list    disk    |   list  |       the pure domain; files and locks
//!             \      \    |    /   /
//!                      wire                strict JSON and CBOR, base64url, quoting: no meaning
//! ```
//!
//! | to find | look in |
//! |---|---|
//! | what a status, an entry, a view or a series is | [`list`] |
//! | which index the n-th credential gets | [`list::Permutation`] |
//! | the list file, its history and its hash chain | [`store`] |
//! | what `allocate`, `set`, `label`, `batch`, `roll` and `retire` do to it | `change` |
//! | tokens as bytes, compression | [`token`] |
//! | keys, signatures, the JOSE compact form | [`sign`] |
//! | uris, paths, and the places that hold a site | [`site`] |
//! | what makes a published token acceptable | [`audit`] |
//! | what the files of a site say of entries | `survey` |
//! | what a site should hold, and what must not be replaced | `publish` |
//! | whether what is published is there, fresh and served right | `health` |
//! | asking hosts over HTTP, within bounds | `net` |
//! | pages for people, as HTML | `page` |
//! | telling webhooks and commands what happened | `notify` |
//! | replacing files, queueing for folders, telling a file from its copies | [`disk`] |
//! | how bytes and foreign text are read, written and quoted | [`wire`] |
//! | what a command takes and answers | [`commands`] |
//! | exit codes, output, settings | [`cli`] |
//!
//! Besides the lines above, `change` asks `site` for the uris of the lists that it makes.
//!
//! A test (`tests/it/layers.rs`) holds the layers: no module knows what its layer may not know, and
//! no circle ties files together. `CONTRIBUTING.md` says how to add a format, an algorithm, a
//! target, or a subcommand.

pub mod audit;
mod change;
pub mod cli;
pub mod commands;
pub mod disk;
mod health;
pub mod list;
mod net;
mod notify;
mod page;
mod publish;
pub mod sign;
pub mod site;
pub mod store;
mod survey;
pub mod token;
pub mod wire;

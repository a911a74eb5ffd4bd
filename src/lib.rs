//! Status lists for digital credentials, kept in one local file and published as signed static
//! files.
//!
//! ```text
//!            cli              argv, env, clock, stdin/stdout/stderr, exit codes
//!             |
//!          commands           one file per subcommand; joins the parts below; never prints
//!    .----+---+----+----+
//!    |     |    |   survey         reads what is published; knows token, sign, site and audit
//!    |     |    |     |
//!  store token sign site audit    each knows at most `list` and `disk`; audit also token and sign
//!    '----+---+----+----'
//!         list   disk         the pure domain; locks and atomic files
//! ```
//!
//! | to find | look in |
//! |---|---|
//! | what a status, an entry, a view or a series is | [`list`] |
//! | which index the n-th credential gets | [`list::Permutation`] |
//! | the list file, its history and its hash chain | [`store`] |
//! | tokens as bytes, compression | [`token`] |
//! | keys, signatures, the JOSE compact form | [`sign`] |
//! | uris, paths, the published folder and its manifest | [`site`] |
//! | what makes a published token acceptable | [`audit`] |
//! | what the files of a site say of entries | [`survey`] |
//! | replacing files, queueing for folders, telling a file from its copies | [`disk`] |
//! | what a command takes and answers | [`commands`] |
//! | exit codes, output, settings | [`cli`] |
//!
//! A test (`tests/it/layers.rs`) holds the table: no module knows what its layer may not know.

pub mod audit;
mod change;
pub mod cli;
pub mod commands;
pub mod disk;
pub mod list;
mod publish;
pub mod sign;
pub mod site;
pub mod store;
mod survey;
pub mod token;
pub mod wire;

//! What a site should hold, what has to be written, and carrying it out.

pub(crate) mod aggregation;
pub(crate) mod credential;
pub(crate) mod decision;
pub(crate) mod delivery;
pub(crate) mod guard;
pub(crate) mod incumbent;
pub(crate) mod profile;
pub(crate) mod responder;
pub(crate) mod secrets;
pub(crate) mod side_files;
pub(crate) mod statement;
pub(crate) mod token_file;

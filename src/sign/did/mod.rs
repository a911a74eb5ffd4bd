//! Decentralized identifiers whose keys are found without asking anybody (`did:key`) or in a file
//! on a web host (`did:web`).
//!
//! Nothing here fetches: documents come in as bytes.

mod document;
mod error;
mod key;
mod web;

pub use document::ControllerDocument;
pub(crate) use error::DidError;
pub use key::DidKey;
pub use web::DidWeb;

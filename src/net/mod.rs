//! HTTP, bounded: what is fetched from a host that may be slow, endless, broken or hostile.
//!
//! Everything has an end: the time of a whole exchange, the bytes of a body, the number of
//! redirects. A redirect is followed only where the answer still comes from the host that was
//! asked: which hosts a command talks to is said by whoever called it, and by nobody else.
//!
//! What an answer means is not known here.

mod client;
mod error;
mod response;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use client::{Client, Destination, Request, destination, is_loopback};
pub(crate) use error::NetError;
pub(crate) use response::Response;

//! Telling others what happened: webhooks, and commands that are run.
//!
//! What there is to tell stands in the list file: its log, and the notices beside it. A receiver is
//! told one thing after the other, and its cursor moves when it took one; so it gets everything at
//! least once and in order, the rest from whichever command comes next. What it gets has an id that
//! stays the same, by which it drops what it had. The signature is that of Standard Webhooks
//! (<https://www.standardwebhooks.com>).
//!
//! A receiver may be slow, gone or hostile, and nobody waits for it longer than he was told:
//! receivers are told beside each other, within one limit for all of them. Nothing that goes wrong
//! here changes what a command did.
//!
//! What is sent has no token id unless that was asked for, no note and no name of who did it.

mod deliver;
mod event;
mod holder;
mod hook;
mod next;
mod payload;
mod receiver;
mod refusal;
mod secret;
mod webhook;

pub(crate) use deliver::{Delivery, Occasion, Outcome, Untold};
pub(crate) use event::EventKind;
pub(crate) use receiver::{Receiver, TokenIds, Way};
pub(crate) use refusal::Refusal;
pub(crate) use secret::{Secret, SecretFault};

//! Judging a token that somebody published: every fault with its severity and the section that
//! it breaks.
//!
//! A token with an error is never called valid, and an error never means "revoked": it means that
//! the token says nothing.

mod finding;
mod jwt;

pub use finding::{Finding, Severity};
pub use jwt::{Checks, Judgement, SignatureState, judge_jwt};

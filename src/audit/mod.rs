//! Judging a token that somebody published: every fault with its severity and the section that
//! it breaks.
//!
//! A token with an error is never called valid, and an error never means "revoked": it means that
//! the token says nothing.
//!
//! | file | holds |
//! |---|---|
//! | `judgement` | what is asked of a token, and what came out |
//! | `jwt` | form, header and signature of a JWT |
//! | `claims`, `list` | the rules that all formats share |
//! | `judge` | findings and signatures on their way into a judgement |

mod claims;
mod finding;
mod judge;
mod judgement;
mod jwt;
mod list;

pub use finding::{Finding, Severity};
pub use judgement::{Checks, Judgement, SignatureState};
pub use jwt::judge_jwt;

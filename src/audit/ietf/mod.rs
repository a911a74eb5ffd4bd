//! Judging a Status List Token of the IETF, in JWT or CWT format.

mod brought;
pub(in crate::audit) mod claims;
mod cwt;
pub(in crate::audit) mod diagnostic;
pub(in crate::audit) mod format;
pub(in crate::audit) mod judge;
mod jwt;
mod status_list;
pub(in crate::audit) mod token_judgement;
mod written;

use written::Form;

pub use format::Format;
pub use token_judgement::{Checks, Judgement, SignatureState};

/// Judges a token: its form, its signature if keys are known, its claims and its list.
///
/// A JWT is taken in the compact form, with white space around it; a CWT as the bytes that it is,
/// or in hexadecimal digits, base64 or base64url. Every rule is checked, whatever broke before it,
/// as far as there is something to check.
///
/// Source: draft-ietf-oauth-status-list-21, section 8.3, and what it refers to.
#[must_use]
pub fn judge(bytes: &[u8], checks: &Checks<'_>) -> Judgement {
    let (mut judgement, length) = match written::recognise(bytes) {
        Form::Jwt(text) => (jwt::judge(text, checks), text.len()),
        Form::Cwt { token, written } => {
            let length = token.len();
            (cwt::judge(token, written, checks), length)
        }
    };
    // A profile has nothing to say of what is no list.
    let is_list = judgement.is_readable() && judgement.reference.is_none();
    if let Some(profile) = checks.profile.filter(|_| is_list) {
        crate::audit::profile::judge(&mut judgement, profile, length as u64);
    }
    judgement
}

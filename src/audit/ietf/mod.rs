//! Judging a Status List Token of the IETF, in JWT or CWT format.
//!
//! Each format judges its header, its tags and its signature; the claims and then the list are
//! judged alike. Each of these steps hands back its part of a [`TokenJudgement`], upon the parts of
//! the step behind it.
//!
//! | file | holds |
//! |---|---|
//! | `token_judgement` | what is asked of a token, and what came out |
//! | `written` | telling a JWT from a CWT |
//! | `read` | what the readers of both formats hand on |
//! | `jwt`, `cwt` | header, tags and claims of each |
//! | `signature` | whose it is, and what the certificates lead to |
//! | `claims`, `status_list` | the rules that both formats share |
//! | `profile_facts` | what profiles judge of a token |
//! | `format` | what each format calls a claim, and where its rules stand |
//! | `diagnostic` | CBOR as JSON, to be shown |

mod claims;
mod cwt;
pub(super) mod diagnostic;
mod format;
mod jwt;
mod profile_facts;
mod read;
mod signature;
mod status_list;
mod token_judgement;
mod written;

use super::finding::Findings;
use profile_facts::judge_by_profile;
use written::TokenNotation;

pub use format::TokenFormat;
pub(crate) use token_judgement::SignatureState;
pub use token_judgement::{Checks, TokenJudgement};

/// Judges a token: its form, its signature if keys are known, its claims and its list.
///
/// A JWT is taken in the compact form, with white space around it; a CWT as the bytes that it is,
/// or in hexadecimal digits, base64 or base64url. Every rule is checked, whatever broke before it,
/// as far as there is something to check.
///
/// Source: draft-ietf-oauth-status-list-21, section 8.3, and what it refers to.
#[must_use]
pub fn judge_token(bytes: &[u8], checks: &Checks<'_>) -> TokenJudgement {
    let mut findings = Findings::default();
    let (length, judged) = match written::recognise(bytes) {
        TokenNotation::Jwt(text) => (text.len(), jwt::judge(text, checks, &mut findings)),
        TokenNotation::Cwt { token, notation } => {
            let length = token.len();
            (length, cwt::judge(token, notation, checks, &mut findings))
        }
    };
    // A profile has nothing to say of what is no list.
    let is_list = judged.is_readable() && judged.reference.is_none();
    if let Some(profile) = checks.profile.filter(|_| is_list) {
        judge_by_profile(&judged, profile, length as u64, &mut findings);
    }
    TokenJudgement {
        findings: findings.sorted(),
        given: checks.given(),
        ..judged
    }
}

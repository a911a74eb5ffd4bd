//! Judging a Status List Token of the IETF, in JWT or CWT format.
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

use claims::{Claims, judge_claims};
use profile_facts::judge_by_profile;
use status_list::{JudgedList, judge_list};
use written::Written;

pub use format::Format;
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
    let (format, length, opened) = match written::recognise(bytes) {
        Written::Jwt(text) => (Format::Jwt, text.len(), jwt::open(text, checks)),
        Written::Cwt { token, notation } => {
            let length = token.len();
            (Format::Cwt, length, cwt::open(token, notation, checks))
        }
    };
    let (claims, list) = match opened.claims {
        None => (Claims::default(), JudgedList::default()),
        Some(read) => (
            judge_claims(&read, format, checks),
            judge_list(read.list, read.reference, format, checks.limit),
        ),
    };
    let mut findings = opened.findings;
    findings.append(claims.findings);
    findings.append(list.findings);
    let mut judgement = TokenJudgement {
        format,
        header: opened.header,
        unprotected: opened.unprotected,
        payload: opened.payload,
        certificates: opened.certificates,
        trusted: opened.trusted,
        key_id: opened.key_id,
        issuer: claims.issuer,
        subject: claims.subject,
        issued_at: claims.issued_at,
        expires_at: claims.expires_at,
        valid_for: claims.valid_for,
        ttl: claims.ttl,
        aggregation_uri: list.aggregation_uri,
        reference: list.reference,
        zlib_header: list.zlib_header,
        compressed: list.compressed,
        list: list.list,
        counts: list.counts,
        signature: opened.signature,
        findings: Vec::new(),
        given: checks.given(),
    };
    // A profile has nothing to say of what is no list.
    let is_list = judgement.is_readable() && judgement.reference.is_none();
    if let Some(profile) = checks.profile.filter(|_| is_list) {
        findings.append(judge_by_profile(&judgement, profile, length as u64));
    }
    judgement.findings = findings.sorted();
    judgement
}

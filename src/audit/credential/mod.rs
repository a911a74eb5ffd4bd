//! Judging a W3C status list credential: a Bitstring Status List, a `StatusList2021` or a
//! `RevocationList2020`, however it is secured.
//!
//! [`recognise_credential`] tells what is one, and [`judge_credential`] judges it. What is checked
//! is what a program without network can check of the rules for whoever reads a list (Bitstring
//! Status List v1.0, section 3.2, and what it refers to).
//!
//! Each step takes off one wrapping, or judges one part of what was in it. It hands back its part of
//! a [`CredentialJudgement`], upon the parts of the step that it builds on.
//!
//! | file | holds |
//! |---|---|
//! | `credential_judgement` | what is asked of a credential, and what came out |
//! | `published` | telling the forms in which it is published, and unwrapping them |
//! | `jose`, `cose` | credentials as JWT, of both versions of the data model, and in COSE |
//! | `proofs` | embedded proofs |
//! | `content` | what it says, whatever it was wrapped in |
//! | `properties` | types, contexts, issuer, identifier and validity |
//! | `subject` | the list: its purpose, its bits, its messages |
//! | `keys` | which key a signature must be by |
//! | `signing_time` | when it was made, as it says |

mod content;
mod cose;
mod credential_judgement;
mod jose;
mod keys;
mod proofs;
mod properties;
mod published;
mod signing_time;
mod subject;

pub(crate) use credential_judgement::EmbeddedProof;
pub use credential_judgement::{
    CredentialChecks, CredentialForm, CredentialJudgement, CredentialKeys, ProofState, Voucher,
};
pub(crate) use published::PublishedCredential;
pub use published::recognise_credential;

use super::finding::Findings;
use published::unwrap;

/// Judges a published list credential: its form, its signatures as far as keys are known, its
/// properties and its list.
///
/// Every rule is checked, whatever broke before it, as far as there is something to check.
///
/// Source: Bitstring Status List v1.0, section 3.2, and what it refers to.
#[must_use]
pub fn judge_credential(
    published: PublishedCredential,
    checks: &CredentialChecks<'_>,
) -> CredentialJudgement {
    let mut findings = Findings::default();
    let judged = unwrap(published, checks, &mut findings);
    CredentialJudgement {
        findings: findings.sorted(),
        given: checks.given(),
        ..judged
    }
}

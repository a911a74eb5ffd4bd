//! Judging a W3C status list credential: a Bitstring Status List, a `StatusList2021` or a
//! `RevocationList2020`, however it is secured.
//!
//! [`recognise_credential`] tells what is one, and [`judge_credential`] judges it. What is checked
//! is what a program without network can check of the rules for whoever reads a list (Bitstring
//! Status List v1.0, section 3.2, and what it refers to).
//!
//! | file | holds |
//! |---|---|
//! | `credential_judgement` | what is asked of a credential, and what came out |
//! | `published` | telling the forms in which it is published, and opening them |
//! | `properties` | types, contexts, issuer, identifier and validity |
//! | `subject` | the list: its purpose, its bits, its messages |
//! | `jose` | credentials as JWT, of both versions of the data model |
//! | `cose` | credentials in COSE |
//! | `proofs` | embedded proofs |
//! | `keys` | which key a signature must be by |
//! | `judge` | findings on their way into a judgement |

mod cose;
mod credential_judgement;
mod jose;
mod judge;
mod keys;
mod proofs;
mod properties;
mod published;
mod subject;

pub use credential_judgement::{
    CredentialChecks, CredentialForm, CredentialJudgement, CredentialKeys, EmbeddedProof,
    ListReference, ProofState, Voucher,
};
pub use published::{PublishedCredential, recognise_credential};

use judge::Judge;
use published::PublishedForm;

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
    let mut judge = Judge::new(checks);
    match published.form {
        PublishedForm::Json(object) => judge.json(object),
        PublishedForm::BrokenJson(error) => judge.broken_json(&error),
        PublishedForm::Jwt(text) => judge.surrounded_jwt(&text),
        PublishedForm::Cose(message) => judge.cose(*message),
    }
    judge.finish()
}

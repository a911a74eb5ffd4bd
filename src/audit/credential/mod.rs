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
//! | `published` | telling the forms in which it is published, and unwrapping them |
//! | `jose`, `cose` | credentials as JWT, of both versions of the data model, and in COSE |
//! | `proofs` | embedded proofs |
//! | `opened` | a credential without its wrapping |
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
mod opened;
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

use content::Content;
use opened::Opened;
use published::{Unwrapped, unwrap};

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
    let Unwrapped {
        is_enveloped,
        around: mut findings,
        opened,
    } = unwrap(published, checks);
    let Opened {
        form,
        header,
        content,
        wrapping,
        signatures,
    } = opened;
    let Content {
        has_members,
        claims,
        properties,
        subject,
        bits,
    } = content;
    for step in [
        claims,
        properties.findings,
        subject.findings,
        bits.findings,
        wrapping,
        signatures.findings,
    ] {
        findings.append(step);
    }
    CredentialJudgement {
        form,
        is_enveloped,
        format: properties.format,
        header,
        proofs: signatures.embedded,
        id: properties.id,
        issuer: properties.issuer,
        purposes: subject.purposes,
        valid_from: properties.valid_from,
        valid_until: properties.valid_until,
        ttl: subject.ttl,
        compressed: bits.compressed,
        bits: bits.bits,
        counts: bits.counts,
        messages: subject.messages,
        references: properties.references,
        proof: signatures.proof,
        unchecked: signatures.unchecked,
        findings: findings.sorted(),
        given: checks.given(),
        has_credential: has_members,
    }
}

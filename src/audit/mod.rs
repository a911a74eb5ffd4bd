//! Judging a token that somebody published: every fault with its severity and the section that
//! it breaks.
//!
//! A token with an error is never called valid, and an error never means "revoked": it means that
//! the token says nothing.
//!
//! [`judge`] is the one entrance. What it checks is what a program without network can check of the
//! rules for whoever reads a token: draft-ietf-oauth-status-list-21, section 8.3, and what it
//! refers to. The credential itself, fetching, and keeping copies are left to others.
//!
//! | file | holds |
//! |---|---|
//! | `judgement` | what is asked of a token, and what came out |
//! | `verdict` | whether readers may rely on it: one rule for all formats |
//! | `form` | telling a JWT from a CWT |
//! | `jwt`, `cwt` | header, tags and signature of each, and how each states its claims |
//! | `diagnostic` | CBOR as JSON, to be shown |
//! | `claims`, `list` | the rules that all formats share |
//! | `brought` | keys that a token brings itself |
//! | `certificates` | certificates that a token brings, and what they lead to |
//! | `format` | what each format calls a claim, and where its rules stand |
//! | `profile` | the rules of a profile |
//! | `judge` | findings and signatures on their way into a judgement |
//! | `ocsp` | answers of an `OpenAttestation` OCSP responder |
//! | `credential` | lists of W3C, which are credentials |

mod certificates;
mod credential;
mod finding;
mod ietf;
mod ocsp;
mod profile;
mod verdict;

pub use certificates::Trust;
pub use credential::{
    CredentialChecks, CredentialForm, CredentialJudgement, CredentialKeys, EmbeddedProof,
    ListReference, ProofState, PublishedCredential, Voucher, judge_credential,
    recognise_credential,
};
pub use finding::{Finding, Problem, Severity};
pub use ietf::{Checks, Format, Judgement, SignatureState, judge};
pub use ocsp::{AnswerJudgement, judge_answer, recognise_answer};
pub use profile::certificate_facts;
pub use verdict::{Given, Verdict};

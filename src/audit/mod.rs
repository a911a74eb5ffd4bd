//! Judging what somebody published: every fault with its severity and the section that it breaks.
//!
//! A token with an error is never called valid, and an error never means "revoked": it means that
//! the token says nothing. What is checked is what a program without network can check of the rules
//! for whoever reads a list. The credential itself, fetching, and keeping copies are left to others.
//!
//! Every judgement goes the same way: *parse* (bytes become what was read, or why that cannot be
//! read), *facts* (what it says), *findings* (what is wrong with it). Each step is a function of
//! what was read and of what is asked. It hands back its facts, as its part of the judgement, and
//! sees none of another step's but those that it is given. What it finds it adds to one collector,
//! in which no step reads. So a rule is added where its subject is judged, and nothing else has to
//! know of it. Findings of one severity stay in the order of the steps: who changes that order
//! changes what people see first.
//!
//! A verdict is drawn in one place, for all formats: [`Verdict`]. What cannot be evaluated is never
//! fine: a validity that no duration can hold once passed for a short one.
//!
//! | folder or file | holds |
//! |---|---|
//! | `ietf` | Status List Tokens |
//! | `credential` | lists of W3C, which are credentials |
//! | `ocsp` | answers of an `OpenAttestation` OCSP responder |
//! | `profile` | the rules of profiles about tokens and certificates |
//! | `certificates` | what the certificates in a header lead to |
//! | `brought` | keys that a token brings itself |
//! | `recognise` | what published bytes are |
//! | `finding`, `verdict` | what was found, and what follows from it |
//!
//! Another format needs a file or folder here with its way from bytes to a judgement, whose verdict
//! is drawn by [`Verdict`], and a line below and in `recognise`.

mod brought;
mod certificates;
mod credential;
mod finding;
mod ietf;
mod ocsp;
mod profile;
mod recognise;
mod verdict;

pub use certificates::Trust;
pub use credential::{
    CredentialChecks, CredentialForm, CredentialJudgement, CredentialKeys, ProofState, Voucher,
    judge_credential, recognise_credential,
};
pub(crate) use credential::{EmbeddedProof, PublishedCredential};
pub use finding::Severity;
pub(crate) use finding::{Bound, Finding, Problem};
pub(crate) use ietf::SignatureState;
pub use ietf::{Checks, TokenFormat, TokenJudgement, judge_token};
pub(crate) use ocsp::{judge_answer, recognise_answer};
pub(crate) use profile::{
    CertificateFacts, TokenDemand, TokenFacts, certificate_facts, header_member, token_breaches,
};
pub(crate) use recognise::{Published, recognise};
pub(crate) use verdict::Given;
pub use verdict::Verdict;

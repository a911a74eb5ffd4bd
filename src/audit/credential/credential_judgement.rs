//! What is asked of a list credential, and what came out.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::audit::finding::first_error;
use crate::audit::verdict::{Assurance, Given, Verdict};
use crate::audit::{Finding, Problem, Severity};
use crate::list::BitOrder;
use crate::list::Timestamp;
use crate::sign::{ControllerDocument, KeySet};
use crate::token::InflateLimit;
use crate::token::w3c::{Bitstring, ListFormat};

/// What a list credential is judged against.
#[derive(Clone, Copy)]
pub struct CredentialChecks<'a> {
    /// The time.
    pub now: Timestamp,
    /// A moment that the credential must answer for in the place of now.
    pub at: Option<Timestamp>,
    /// Where keys may be found.
    pub keys: CredentialKeys<'a>,
    /// The uri that credentials name, if it is known.
    pub uri: Option<&'a str>,
    /// What the entry in question is for, if it is known.
    pub purpose: Option<&'a str>,
    /// The most bytes that the list may inflate to.
    pub limit: InflateLimit,
}

/// Where the keys of signatures may be found. The key that a credential brings in a header never
/// counts.
#[derive(Clone, Copy)]
pub enum CredentialKeys<'a> {
    /// Nowhere but in the name of the issuer, if that is a `did:key`.
    Issuer,
    /// Here: whoever gave these keys says that they are the issuer's.
    Trusted(&'a KeySet),
    /// In this document, which is that of the issuer.
    Document(&'a ControllerDocument),
}

impl CredentialChecks<'_> {
    /// Whether there is anything to check a signature with.
    pub(super) const fn given(&self) -> Given {
        match self.keys {
            CredentialKeys::Issuer => Given::Nothing,
            CredentialKeys::Trusted(_) | CredentialKeys::Document(_) => Given::Something,
        }
    }

    /// The moment that the credential must answer for.
    pub(super) fn moment(&self) -> Timestamp {
        self.at.unwrap_or(self.now)
    }

    /// Judges as anybody would at this time who knows nothing of the credential.
    #[must_use]
    pub const fn new(now: Timestamp, limit: InflateLimit) -> Self {
        Self {
            now,
            at: None,
            keys: CredentialKeys::Issuer,
            uri: None,
            purpose: None,
            limit,
        }
    }
}

/// How a credential is secured, and in what it is wrapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum CredentialForm {
    /// JSON with a Data Integrity proof in it.
    #[default]
    #[serde(rename = "vc")]
    Embedded,
    /// A JWT whose payload is the credential (VC-JOSE-COSE, section 3.1).
    #[serde(rename = "vc+jwt")]
    Jwt,
    /// A COSE message whose payload is the credential (VC-JOSE-COSE, section 3.3).
    #[serde(rename = "vc+cose")]
    Cose,
    /// A JWT with the credential as a claim (VCDM 1.1, section 6.3.1).
    #[serde(rename = "vc-jwt")]
    ClaimOfJwt,
}

/// Who stands for a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voucher {
    /// Whoever gave the key with this id.
    Key(String),
    /// The issuer, whose name is the key.
    DidKey,
    /// The document that was given, with this verification method.
    Method(String),
}

/// What is known of the signatures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProofState {
    /// None was checked: no key is known, or nobody knows here how to.
    #[default]
    NotChecked,
    /// These verify. Others may be there that could not be checked
    /// ([`CredentialJudgement::unchecked`]): each proof of a set is made over the document alone, so
    /// that what one says holds without the others (Data Integrity 1.0, section 2.1.1), and a set is
    /// the way to a newer cryptosuite.
    Valid(Vec<Voucher>),
    /// At least one does not verify.
    Invalid,
}

/// What an embedded proof says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmbeddedProof {
    /// The cryptosuite.
    pub cryptosuite: String,
    /// The url of the key.
    pub verification_method: String,
    /// When it was made, as it says.
    pub created: Option<String>,
    /// Until when it may be relied on, as it says.
    pub expires: Option<String>,
}

/// Where a credential says that its status is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListReference {
    /// The list.
    pub uri: String,
    /// The entry, in digits.
    pub index: String,
}

/// What a list credential says, as far as it can be read, and everything that is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct CredentialJudgement {
    /// How it is secured.
    pub form: CredentialForm,
    /// Whether it is inside of an `EnvelopedVerifiableCredential`.
    pub is_enveloped: bool,
    /// The specification of the list.
    pub format: Option<ListFormat>,
    /// The header of a JWT, or the part of a COSE header that the signature covers.
    pub header: Map<String, Value>,
    /// Its embedded proofs, as far as they can be read.
    pub proofs: Vec<EmbeddedProof>,
    /// `id`.
    pub id: Option<String>,
    /// The url of the issuer.
    pub issuer: Option<String>,
    /// What the list is for.
    pub purposes: Vec<String>,
    /// From when on it is valid.
    pub valid_from: Option<Timestamp>,
    /// Until when it is valid.
    pub valid_until: Option<Timestamp>,
    /// For how many milliseconds a copy may be kept.
    pub ttl: Option<u64>,
    /// The bytes of the compressed list.
    pub compressed: Option<usize>,
    /// The entries.
    pub bits: Option<Bitstring>,
    /// How many entries have each value, from 0 on.
    pub counts: Vec<u64>,
    /// What values stand for.
    pub messages: Vec<(u8, String)>,
    /// Where its own status is, if it is no list.
    pub references: Vec<ListReference>,
    /// What is known of the signatures.
    pub proof: ProofState,
    /// Why signatures were not checked, for each that could not be; `findings` has them too.
    pub unchecked: Vec<Finding>,
    /// Everything that was found, errors first.
    pub findings: Vec<Finding>,
    /// What its signatures were to be checked with.
    pub given: Given,
    /// Whether there is a credential with anything in it.
    pub(super) has_credential: bool,
}

impl CredentialJudgement {
    /// Whether there is a credential, so that there is something to show.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.has_credential
    }

    /// Whether readers may rely on the credential.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let assurance = match self.proof {
            ProofState::Valid(_) => Assurance::Verified,
            ProofState::Invalid => Assurance::Refuted,
            ProofState::NotChecked => Assurance::Unchecked,
        };
        Verdict::of(&self.findings, assurance, self.given)
    }

    /// The first finding for which readers must reject the credential.
    #[must_use]
    pub fn error(&self) -> Option<&Finding> {
        first_error(&self.findings)
    }

    /// What the list says of the entry at `index`, if its bits are in this order; `None` if there
    /// is no list that can be read.
    ///
    /// # Errors
    /// The list ends before it, which is a `RANGE_ERROR` (Bitstring Status List v1.0, section 3.2,
    /// step 10).
    #[must_use]
    pub fn entry(&self, index: u64, order: BitOrder) -> Option<Result<u8, Finding>> {
        let bits = self.bits.as_ref()?;
        Some(bits.status_in(order, index).ok_or_else(|| {
            let entries = bits.entries();
            let text = format!("index {index} is outside the list, which has {entries} entries");
            let source = "Bitstring Status List v1.0, section 3.2";
            Finding::of(Severity::Error, source, text).called(Problem::Range)
        }))
    }

    /// What a value stands for, if the list says so.
    #[must_use]
    pub fn message(&self, value: u8) -> Option<&str> {
        let found = self.messages.iter().find(|(known, _)| *known == value);
        found.map(|(_, message)| message.as_str())
    }
}

//! A published credential, once its wrapping is off.

use serde_json::{Map, Value};

use super::content::Content;
use super::credential_judgement::CredentialForm;
use super::keys::Signatures;
use crate::audit::finding::Findings;

/// A published credential that was opened; without content it could not be. Its findings are in the
/// order of the fields.
#[derive(Default)]
pub(super) struct Opened {
    pub(super) form: CredentialForm,
    /// The header of a JWT, or the part of a COSE header that the signature covers.
    pub(super) header: Map<String, Value>,
    pub(super) content: Content,
    /// What was found in the header.
    pub(super) wrapping: Findings,
    pub(super) signatures: Signatures,
}

impl Opened {
    /// What cannot be opened breaks this rule.
    pub(super) fn malformed(rule: &str, text: impl Into<String>) -> Self {
        let mut wrapping = Findings::default();
        wrapping.malformed(rule, text);
        Self {
            wrapping,
            ..Self::default()
        }
    }
}

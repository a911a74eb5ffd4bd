//! What a published file says of itself, and whether readers may rely on it.

use crate::audit::{
    Checks, CredentialChecks, CredentialForm, CredentialJudgement, CredentialKeys, Finding,
    ProofState, Published, PublishedCredential, SignatureState, TokenFormat, TokenJudgement,
    Verdict, Voucher, judge_credential, judge_token, recognise, recognise_credential,
};
use crate::list::{Proof, Timestamp, View};
use crate::sign::Validity;
use crate::survey::Signature;
use crate::token::w3c::envelope::is_envelope;

/// What a published file says of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileContent {
    /// What it must be served as, by its form; nothing if that does not follow.
    pub(crate) media_type: Option<&'static str>,
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    /// For how many seconds a copy may be kept.
    pub(crate) ttl: Option<u64>,
    /// What speaks for it.
    pub(crate) signature: Option<Signature>,
    /// Why nobody may rely on it, whatever the time.
    pub(crate) refusal: Option<Refusal>,
    /// When the certificate in it is in force.
    pub(crate) certificate: Option<Validity>,
}

/// Why nobody may rely on a published file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It breaks a rule, which stands there.
    Rejected { text: String, source: String },
    /// Its signature could not be checked with what was given for that.
    Uncheckable,
    /// It is a status list of another format than belongs there, or none at all.
    OtherFormat,
}

impl FileContent {
    /// Reads a file. What has expired is judged as of when it was issued: that it has expired is
    /// told by its times.
    pub(crate) fn read(bytes: &[u8], checks: &Checks<'_>) -> Self {
        let found = Self::at(bytes, checks);
        match (found.issued_at, found.expires_at) {
            (at @ Some(issued), Some(expires))
                if found.refusal.is_some() && issued < expires && expires <= checks.now =>
            {
                let then = Checks {
                    at,
                    max_age: None,
                    ..*checks
                };
                Self::at(bytes, &then)
            }
            _ => found,
        }
    }

    fn at(bytes: &[u8], checks: &Checks<'_>) -> Self {
        if let Some(published) = recognise_credential(bytes) {
            let keys = checks.keys.map(CredentialKeys::Trusted);
            let uri = checks.uri.map(|uri| match &published {
                // It lies beside the credential, which names its own uri.
                PublishedCredential::Json(object) if is_envelope(object) => {
                    uri.strip_suffix(".json").unwrap_or(uri)
                }
                _ => uri,
            });
            let judgement = judge_credential(
                published,
                &CredentialChecks {
                    at: checks.at,
                    keys: keys.unwrap_or(CredentialKeys::Issuer),
                    uri,
                    ..CredentialChecks::new(checks.now, checks.limit)
                },
            );
            return Self::of_credential(&judgement);
        }
        match recognise(bytes.to_vec()) {
            Published::Token(bytes) => Self::of_token(&judge_token(&bytes, checks)),
            _ => Self {
                refusal: Some(Refusal::OtherFormat),
                ..Self::default()
            },
        }
    }

    fn of_token(judgement: &TokenJudgement) -> Self {
        let view = match judgement.format {
            TokenFormat::Jwt => View::Jwt,
            TokenFormat::Cwt => View::Cwt,
        };
        let signature = match (judgement.verdict(), &judgement.signature) {
            (Verdict::Valid, SignatureState::Valid(_)) => Signature::Valid,
            (Verdict::Rejected, _) => Signature::Rejected,
            _ => Signature::NotChecked,
        };
        let certificates = judgement.certificates.as_ref();
        Self {
            media_type: judgement.is_readable().then(|| view.media_type(None)),
            issued_at: judgement.issued_at,
            expires_at: judgement.expires_at,
            ttl: judgement.ttl,
            signature: Some(signature),
            refusal: Refusal::of(judgement.error(), judgement.verdict()),
            certificate: certificates.map(|chain| chain.leaf().validity()),
        }
    }

    fn of_credential(judgement: &CredentialJudgement) -> Self {
        // The name of the issuer stands in the file itself: it vouches for nothing here.
        let is_key = |voucher: &Voucher| matches!(voucher, Voucher::Key(_));
        let signature = match (judgement.verdict(), &judgement.proof) {
            (Verdict::Valid, ProofState::Valid(vouchers)) if vouchers.iter().any(is_key) => {
                Signature::Valid
            }
            (Verdict::Rejected, _) => Signature::Rejected,
            _ => Signature::NotChecked,
        };
        let proof = match judgement.form {
            _ if judgement.is_enveloped => Some(Proof::EcdsaJcs2019),
            CredentialForm::Embedded => Some(Proof::EcdsaJcs2019),
            CredentialForm::Jwt => Some(Proof::Jwt),
            CredentialForm::Cose => Some(Proof::Cose),
            CredentialForm::ClaimOfJwt => None,
        };
        Self {
            media_type: proof.map(Proof::media_type),
            issued_at: judgement.valid_from,
            expires_at: judgement.valid_until,
            ttl: judgement.ttl.map(|milliseconds| milliseconds / 1000),
            signature: Some(signature),
            refusal: Refusal::of(judgement.error(), judgement.verdict()),
            certificate: None,
        }
    }
}

impl Refusal {
    fn of(error: Option<&Finding>, verdict: Verdict) -> Option<Self> {
        let rejected = error.map(|finding| Self::Rejected {
            text: finding.text.clone(),
            source: finding.source.clone(),
        });
        rejected.or_else(|| (verdict == Verdict::Uncheckable).then_some(Self::Uncheckable))
    }
}

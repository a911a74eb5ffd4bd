//! One published file, read and verified.

use super::found::Signature;
use super::{OtherShape, Shape, Shown};
use crate::audit::{
    self, Checks, CredentialChecks, CredentialKeys, Finding, ProofState, SignatureState, Verdict,
    Voucher, judge_credential, judge_token, recognise_credential,
};
use crate::list::{Securing, Timestamp};
use crate::token::w3c::CredentialView;

/// A published file.
pub(super) struct PublishedList<'a> {
    /// When it says that it was issued.
    pub(super) issued_at: Option<Timestamp>,
    /// When it says that it ends to be valid.
    expires_at: Option<Timestamp>,
    pub(super) signature: Signature,
    /// Why it is rejected, if it is.
    pub(super) reason: Option<String>,
    /// What it shows, whoever signed it; nothing if that cannot be read.
    pub(super) shown: Option<Shown<'a>>,
}

impl<'a> PublishedList<'a> {
    /// Reads the file of a view. The checks name its uri.
    ///
    /// What has expired since is judged as of when it was issued: nobody may rely on it any more,
    /// but its issuer said it.
    pub(super) fn read(bytes: &[u8], shape: Shape<'a>, checks: &Checks<'_>) -> Self {
        let judge = if shape.view.is_credential() {
            credential
        } else {
            token
        };
        let found = judge(bytes, shape, checks);
        match (found.issued_at, found.expires_at) {
            (at @ Some(issued), Some(expires))
                if found.signature == Signature::Rejected
                    && issued < expires
                    && expires <= checks.now =>
            {
                judge(bytes, shape, &Checks { at, ..*checks })
            }
            _ => found,
        }
    }

    /// Rejects what is refused, or has no list of the shape that is expected.
    fn new(
        refusal: Option<String>,
        signature: Signature,
        shown: Option<Result<Shown<'a>, OtherShape>>,
    ) -> Self {
        let unreadable = match &shown {
            Some(Ok(_)) => None,
            Some(Err(error)) => Some(error.to_string()),
            None => Some("it has no list that can be read".to_owned()),
        };
        let reason = refusal.or(unreadable);
        Self {
            issued_at: None,
            expires_at: None,
            signature: reason.as_ref().map_or(signature, |_| Signature::Rejected),
            reason,
            shown: shown.and_then(Result::ok),
        }
    }

    /// Rejects it, for whatever else.
    pub(super) fn reject(&mut self, reason: String) {
        self.signature = Signature::Rejected;
        self.reason = Some(reason);
    }
}

fn token<'a>(bytes: &[u8], shape: Shape<'a>, checks: &Checks<'_>) -> PublishedList<'a> {
    let judgement = judge_token(bytes, checks);
    // A JWT where a CWT belongs, or the other way round, is what no reader there understands.
    let is_cwt = judgement.format == audit::TokenFormat::Cwt;
    let refusal = if is_cwt == (shape.view.row().securing == Securing::CoseSign1) {
        judgement.error().map(words)
    } else {
        Some(format!("it is a {}", judgement.format))
    };
    let signature = match (judgement.verdict(), &judgement.signature) {
        (Verdict::Valid, SignatureState::Valid(_)) => Signature::Valid,
        _ => Signature::NotChecked,
    };
    let shown = judgement.list.map(|list| shape.list(list));
    PublishedList {
        issued_at: judgement.issued_at,
        expires_at: judgement.expires_at,
        ..PublishedList::new(refusal, signature, shown)
    }
}

fn credential<'a>(bytes: &[u8], shape: Shape<'a>, checks: &Checks<'_>) -> PublishedList<'a> {
    let Some(published) = recognise_credential(bytes) else {
        let refusal = Some("it is no W3C credential".to_owned());
        return PublishedList::new(refusal, Signature::NotChecked, None);
    };
    let view = shape.writer().credential();
    let keys = checks.keys;
    let judgement = judge_credential(
        published,
        &CredentialChecks {
            at: checks.at,
            keys: keys.map_or(CredentialKeys::Issuer, CredentialKeys::Trusted),
            uri: checks.uri,
            purpose: view.and_then(CredentialView::status_purpose),
            ..CredentialChecks::new(checks.now, checks.limit)
        },
    );
    let expected = view.map(CredentialView::format);
    let refusal = if judgement.format.is_none() || judgement.format == expected {
        judgement.error().map(words)
    } else {
        Some("it is a list of another format".to_owned())
    };
    // The name of the issuer stands in the file itself: it vouches for nothing here.
    let is_key = |voucher: &Voucher| matches!(voucher, Voucher::Key(_));
    let signature = match (judgement.verdict(), &judgement.proof) {
        (Verdict::Valid, ProofState::Valid(vouchers)) if vouchers.iter().any(is_key) => {
            Signature::Valid
        }
        _ => Signature::NotChecked,
    };
    let shown = judgement.bits.map(|bits| shape.bits(bits));
    PublishedList {
        issued_at: judgement.valid_from,
        expires_at: judgement.valid_until,
        ..PublishedList::new(refusal, signature, shown)
    }
}

fn words(finding: &Finding) -> String {
    format!("{} ({})", finding.text, finding.source)
}

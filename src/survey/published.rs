//! One published file, read and verified.

use super::{OtherShape, Shape, Shown};
use crate::audit::{
    self, Checks, CredentialChecks, CredentialKeys, Finding, ProofState, SignatureState, Trust,
    Verdict, Voucher, judge_credential, judge_token, recognise_credential,
};
use crate::list::{Securing, Timestamp};
use crate::sign::KeySet;
use crate::token::InflateLimit;
use crate::token::w3c::CredentialView;

/// What a published file is verified with.
#[derive(Clone, Copy)]
pub(crate) struct Verification<'a> {
    /// The time.
    pub(crate) now: Timestamp,
    /// Keys that are known to be the issuer's.
    pub(crate) keys: Option<&'a KeySet>,
    /// What certificates must lead to; W3C lists bring none that count.
    pub(crate) trust: Option<Trust<'a>>,
    /// The most bytes that the list may inflate to.
    pub(crate) limit: InflateLimit,
}

/// Whether a published file can be relied on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its signature verifies with the key of this id.
    Verified(String),
    /// Nothing that was given says who signed it.
    NotChecked,
    /// It cannot, and this is why.
    Rejected(String),
}

/// A published file.
pub(crate) struct PublishedList<'a> {
    /// When it says that it was issued.
    pub(crate) issued_at: Option<Timestamp>,
    /// Whether it can be relied on.
    pub(crate) standing: Standing,
    /// What it shows, whoever signed it; nothing if that cannot be read.
    pub(crate) shown: Option<Shown<'a>>,
}

/// What a file is, as of one time.
struct Assessment<'a> {
    standing: Standing,
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    shown: Option<Result<Shown<'a>, OtherShape>>,
}

/// Reads the file of a view.
///
/// What has expired since is judged as of when it was issued: nobody may rely on it any more, but
/// its issuer said it.
pub(super) fn read<'a>(
    bytes: &[u8],
    shape: Shape<'a>,
    uri: &str,
    verification: &Verification<'_>,
) -> PublishedList<'a> {
    let assess = |at| {
        if shape.view().is_credential() {
            credential(bytes, shape, uri, verification, at)
        } else {
            token(bytes, shape, uri, verification, at)
        }
    };
    let mut found = assess(None);
    if let (Standing::Rejected(_), Some(issued), Some(expires)) =
        (&found.standing, found.issued_at, found.expires_at)
        && issued < expires
        && expires <= verification.now
    {
        found = assess(Some(issued));
    }
    let unreadable = match &found.shown {
        Some(Ok(_)) => None,
        Some(Err(error)) => Some(error.to_string()),
        None => Some("it has no list that can be read".to_owned()),
    };
    let standing = match (found.standing, unreadable) {
        (Standing::Verified(_) | Standing::NotChecked, Some(reason)) => Standing::Rejected(reason),
        (standing, _) => standing,
    };
    PublishedList {
        issued_at: found.issued_at,
        standing,
        shown: found.shown.and_then(Result::ok),
    }
}

fn token<'a>(
    bytes: &[u8],
    shape: Shape<'a>,
    uri: &str,
    verification: &Verification<'_>,
    at: Option<Timestamp>,
) -> Assessment<'a> {
    let judgement = judge_token(
        bytes,
        &Checks {
            at,
            keys: verification.keys,
            trust: verification.trust,
            uri: Some(uri),
            ..Checks::new(verification.now, verification.limit)
        },
    );
    // A JWT where a CWT belongs, or the other way round, is what no reader there understands.
    let is_cwt = judgement.format == audit::Format::Cwt;
    let standing = if is_cwt == (shape.view().row().securing == Securing::CoseSign1) {
        match (judgement.error(), judgement.verdict(), &judgement.signature) {
            (Some(finding), ..) => rejected(finding),
            (None, Verdict::Valid, SignatureState::Valid(key)) => Standing::Verified(key.clone()),
            _ => Standing::NotChecked,
        }
    } else {
        Standing::Rejected(format!("it is a {}", judgement.format))
    };
    Assessment {
        standing,
        issued_at: judgement.issued_at,
        expires_at: judgement.expires_at,
        shown: judgement.list.map(|list| shape.list(list)),
    }
}

fn credential<'a>(
    bytes: &[u8],
    shape: Shape<'a>,
    uri: &str,
    verification: &Verification<'_>,
    at: Option<Timestamp>,
) -> Assessment<'a> {
    let Some(published) = recognise_credential(bytes) else {
        return Assessment {
            standing: Standing::Rejected("it is no W3C credential".to_owned()),
            issued_at: None,
            expires_at: None,
            shown: None,
        };
    };
    let view = shape.writer().credential();
    let judgement = judge_credential(
        published,
        &CredentialChecks {
            at,
            keys: verification
                .keys
                .map_or(CredentialKeys::Issuer, CredentialKeys::Trusted),
            uri: Some(uri),
            purpose: view.and_then(CredentialView::status_purpose),
            ..CredentialChecks::new(verification.now, verification.limit)
        },
    );
    let expected = view.map(CredentialView::format);
    let standing = if judgement.format.is_none() || judgement.format == expected {
        match (judgement.error(), judgement.verdict(), &judgement.proof) {
            (Some(finding), ..) => rejected(finding),
            (None, Verdict::Valid, ProofState::Valid(vouchers)) => vouched_for(vouchers),
            _ => Standing::NotChecked,
        }
    } else {
        Standing::Rejected("it is a list of another format".to_owned())
    };
    Assessment {
        standing,
        issued_at: judgement.valid_from,
        expires_at: judgement.valid_until,
        shown: judgement.bits.map(|bits| shape.bits(bits)),
    }
}

/// The name of the issuer stands in the file itself: it vouches for nothing here.
fn vouched_for(vouchers: &[Voucher]) -> Standing {
    let key = vouchers.iter().find_map(|voucher| match voucher {
        Voucher::Key(id) => Some(id.clone()),
        Voucher::DidKey | Voucher::Method(_) => None,
    });
    key.map_or(Standing::NotChecked, Standing::Verified)
}

fn rejected(finding: &Finding) -> Standing {
    Standing::Rejected(format!("{} ({})", finding.text, finding.source))
}

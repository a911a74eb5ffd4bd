//! One published file, read and verified.

use super::{OtherShape, Shape, Shown};
use crate::audit::{
    self, Checks, CredentialChecks, CredentialKeys, Finding, ProofState, SignatureState, Trust,
    Verdict, Voucher, judge_credential, judge_token, recognise_credential,
};
use crate::list::{Family, Purpose, Timestamp};
use crate::sign::KeySet;
use crate::token::InflateLimit;
use crate::token::w3c::Format;

/// What a published file is verified with.
#[derive(Clone, Copy)]
pub struct Verification<'a> {
    /// The time.
    pub now: Timestamp,
    /// Keys that are known to be the issuer's.
    pub keys: Option<&'a KeySet>,
    /// What certificates must lead to; W3C lists bring none that count.
    pub trust: Option<Trust<'a>>,
    /// The most bytes that the list may inflate to.
    pub limit: InflateLimit,
}

/// Whether a published file can be relied on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its signature verifies with the key of this id.
    Verified(String),
    /// Nothing that was given says who signed it.
    NotChecked,
    /// It cannot, and this is why.
    Rejected(String),
}

/// A published file.
pub struct PublishedList<'a> {
    /// When it says that it was issued.
    pub issued_at: Option<Timestamp>,
    /// Whether it can be relied on.
    pub standing: Standing,
    /// What it shows, whoever signed it; nothing if that cannot be read.
    pub shown: Option<Shown<'a>>,
}

/// What became of one judgement.
struct Judged<'a> {
    error: Option<String>,
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    by: Option<String>,
    shown: Option<Result<Shown<'a>, OtherShape>>,
}

/// Reads the file of a view.
///
/// What has expired since is judged as of when it was issued: nobody may rely on it any more, but
/// its issuer said it.
#[must_use]
pub fn read<'a>(
    bytes: &[u8],
    shape: Shape<'a>,
    uri: &str,
    verification: &Verification<'_>,
) -> PublishedList<'a> {
    let judged = |at| {
        if shape.view().family().is_w3c() {
            credential(bytes, shape, uri, verification, at)
        } else {
            token(bytes, shape, uri, verification, at)
        }
    };
    let mut found = judged(None);
    if let (Some(_), Some(issued), Some(expires)) =
        (&found.error, found.issued_at, found.expires_at)
        && issued < expires
        && expires <= verification.now
    {
        found = judged(Some(issued));
    }
    let (shown, shape) = match found.shown {
        Some(Ok(shown)) => (Some(shown), None),
        Some(Err(error)) => (None, Some(error.to_string())),
        None => (None, Some("it has no list that can be read".to_owned())),
    };
    let standing = match (found.error.or(shape), found.by) {
        (Some(reason), _) => Standing::Rejected(reason),
        (None, Some(by)) => Standing::Verified(by),
        (None, None) => Standing::NotChecked,
    };
    PublishedList {
        issued_at: found.issued_at,
        standing,
        shown,
    }
}

fn token<'a>(
    bytes: &[u8],
    shape: Shape<'a>,
    uri: &str,
    verification: &Verification<'_>,
    at: Option<Timestamp>,
) -> Judged<'a> {
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
    let error = if is_cwt == (shape.view().family() == Family::Cwt) {
        judgement.error().map(words)
    } else {
        Some(format!("it is a {}", judgement.format))
    };
    let by = match (judgement.verdict(), judgement.signature) {
        (Verdict::Valid, SignatureState::Valid(key)) => Some(key),
        _ => None,
    };
    Judged {
        error,
        issued_at: judgement.issued_at,
        expires_at: judgement.expires_at,
        by,
        shown: judgement.list.map(|list| shape.list(list)),
    }
}

fn credential<'a>(
    bytes: &[u8],
    shape: Shape<'a>,
    uri: &str,
    verification: &Verification<'_>,
    at: Option<Timestamp>,
) -> Judged<'a> {
    let Some(published) = recognise_credential(bytes) else {
        return Judged {
            error: Some("it is no W3C credential".to_owned()),
            issued_at: None,
            expires_at: None,
            by: None,
            shown: None,
        };
    };
    let purpose = shape.view().purpose().map(Purpose::name);
    let judgement = judge_credential(
        published,
        &CredentialChecks {
            at,
            keys: verification
                .keys
                .map_or(CredentialKeys::Issuer, CredentialKeys::Trusted),
            uri: Some(uri),
            // The oldest format has no other.
            purpose: purpose.filter(|_| shape.view().family() != Family::RevocationList2020),
            ..CredentialChecks::new(verification.now, verification.limit)
        },
    );
    // The name of the issuer stands in the file itself: it vouches for nothing here.
    let by = match (judgement.verdict(), &judgement.proof) {
        (Verdict::Valid, ProofState::Valid(vouchers)) => {
            vouchers.iter().find_map(|voucher| match voucher {
                Voucher::Key(id) => Some(id.clone()),
                Voucher::DidKey | Voucher::Method(_) => None,
            })
        }
        _ => None,
    };
    let expected = Format::of_family(shape.view().family());
    let error = if judgement.format.is_none() || judgement.format == expected {
        judgement.error().map(words)
    } else {
        Some("it is a list of another format".to_owned())
    };
    Judged {
        error,
        issued_at: judgement.valid_from,
        expires_at: judgement.valid_until,
        by,
        shown: judgement.bits.map(|bits| shape.bits(bits)),
    }
}

fn words(finding: &Finding) -> String {
    format!("{} ({})", finding.text, finding.source)
}

//! Whether the signature of a token is by a key that is trusted.

use super::format::TokenFormat;
use super::read::ReadClaims;
use super::token_judgement::{Checks, SignatureState};
use crate::audit::certificates::{Times, judge_certificates};
use crate::audit::finding::Findings;
use crate::list::Timestamp;
use crate::sign::{Algorithm, CertificateChain, KeySet, PublicKey, Trusted};
use crate::token::NumericDate;

/// What is said of a MAC (section 11.6): the specification allows one between parties that share
/// its key.
pub(super) const MAC: &str = "it has a MAC instead of a signature: no public key can check it";

/// What a token says of its signature, and how to check it.
pub(super) struct Signed<'a, V> {
    pub(super) format: TokenFormat,
    /// The rule that is broken if it does not verify.
    pub(super) rule: &'static str,
    /// Missing if something is wrong with it, which was found before.
    pub(super) algorithm: Option<Algorithm>,
    pub(super) key_id: Option<&'a str>,
    pub(super) certificates: Option<&'a CertificateChain>,
    /// What the certificates lead to.
    pub(super) trusted: Option<&'a Trusted>,
    pub(super) verifies: V,
}

/// Judges the certificates in a header by the times that its token claims. Hands back what they
/// lead to.
pub(super) fn judge_brought(
    format: TokenFormat,
    brought: Option<&Result<CertificateChain, String>>,
    claims: &ReadClaims,
    checks: &Checks<'_>,
    findings: &mut Findings,
) -> Option<Trusted> {
    let time =
        |date: Option<&NumericDate>| date.map(|date| Timestamp::from_second(date.whole_seconds()));
    let times = Times {
        issued: time(claims.issued_at.value()),
        expires: time(claims.expires_at.value()),
        read: checks.at.unwrap_or(checks.now),
    };
    let brought = brought.map(|brought| brought.as_ref().map_err(String::clone));
    let member = format.rules().certificates;
    judge_certificates(member, brought, checks.trust, times, findings)
}

/// Checks a signature with the trusted keys, and with that of a certificate that leads to what is
/// trusted: what is asked for must hold.
pub(super) fn judge_signature(
    signed: &Signed<'_, impl Fn(&PublicKey) -> bool>,
    checks: &Checks<'_>,
    findings: &mut Findings,
) -> SignatureState {
    let mut states = Vec::new();
    if let Some(keys) = checks.keys {
        states.push(signed.by_keys(keys, findings));
    }
    match checks.trust {
        Some(_) => states.push(signed.by_leaf(findings)),
        None => signed.leaf_alone(findings),
    }
    // The worst counts; of two good ones, the key that was named.
    let worst = states.into_iter().min_by_key(|state| match state {
        SignatureState::Invalid => 0,
        SignatureState::Untrusted => 1,
        SignatureState::NotChecked => 2,
        SignatureState::Valid(_) => 3,
    });
    worst.unwrap_or_default()
}

impl<V: Fn(&PublicKey) -> bool> Signed<'_, V> {
    /// Tries every trusted key that may have made the signature.
    fn by_keys(&self, keys: &KeySet, findings: &mut Findings) -> SignatureState {
        let Some(algorithm) = self.algorithm else {
            return SignatureState::Invalid;
        };
        let candidates = keys.candidates(self.key_id, algorithm);
        if let Some(key) = candidates.iter().find(|key| (self.verifies)(key)) {
            return SignatureState::Valid(key.key_id().to_owned());
        }
        let text = match (candidates.as_slice(), keys.keys()) {
            ([_, ..], _) => "the signature does not verify".to_owned(),
            ([], [only]) if only.algorithm() != algorithm => format!(
                "the token is signed with {algorithm}, but the key is for {}",
                only.algorithm()
            ),
            ([], _) => match self.key_id {
                Some(key_id) => format!("none of the keys is for {algorithm} and kid {key_id:?}"),
                None => format!("none of the keys is for {algorithm}"),
            },
        };
        findings.error(self.rule, text);
        SignatureState::Invalid
    }

    /// Tries the key of the leaf, if it is trusted; if not, that was found before.
    fn by_leaf(&self, findings: &mut Findings) -> SignatureState {
        let (Some(trusted), Some(algorithm)) = (self.trusted, self.algorithm) else {
            return SignatureState::Untrusted;
        };
        let key = &trusted.key;
        let text = if key.algorithm() != algorithm {
            format!(
                "the token is signed with {algorithm}, but the key of its certificate is for {}",
                key.algorithm()
            )
        } else if (self.verifies)(key) {
            return SignatureState::Valid(key.key_id().to_owned());
        } else {
            "the signature does not verify with the key of the certificate".to_owned()
        };
        findings.error(self.rule, text);
        SignatureState::Invalid
    }

    /// Looks whether an untrusted certificate is for the key that signed, as it must be.
    fn leaf_alone(&self, findings: &mut Findings) {
        let (Some(chain), Some(algorithm)) = (self.certificates, self.algorithm) else {
            return;
        };
        let is_for_it = |key: PublicKey| key.algorithm() == algorithm && (self.verifies)(&key);
        if !chain.leaf().public_key().is_ok_and(is_for_it) {
            let member = self.format.rules().certificates;
            let text = format!(
                "the first certificate of {} is not for the key that signed the token",
                member.name
            );
            findings.warn(member.rule, text);
        }
    }
}

//! What the profile of a series says of the tokens that are signed for it.

use super::statement::Statement;
use crate::commands::Error;
use crate::commands::certificates::KeyCertificates;
use crate::commands::signing::NamedKey;
use crate::list::{Breach, Fact, Profile, TokenFacts, Weight};

/// Refuses a token that breaks a rule; how long it is, is known when it is signed.
pub(crate) fn refuse(
    statement: &Statement,
    key: &NamedKey,
    bytes: Option<u64>,
) -> Result<(), Error> {
    let mut breaches = breaches(statement, key, bytes).into_iter();
    match breaches.find(|breach| breach.rule.weight == Weight::Must) {
        Some(breach) => Err(breach.into()),
        None => Ok(()),
    }
}

/// Says what would be better in a token.
pub(crate) fn advice(statement: &Statement, key: &NamedKey) -> Vec<String> {
    let mut breaches = breaches(statement, key, None);
    breaches.retain(|breach| breach.rule.weight == Weight::Should);
    warnings(breaches)
}

/// Writes rules that are broken.
pub(crate) fn warnings(breaches: Vec<Breach>) -> Vec<String> {
    let warning = |breach: Breach| format!("{breach}: {}", breach.reason());
    breaches.into_iter().map(warning).collect()
}

/// The rules that a token breaks, beside those that its series keeps.
fn breaches(statement: &Statement, key: &NamedKey, bytes: Option<u64>) -> Vec<Breach> {
    let governs = |profile: &Profile| profile.governs(statement.view);
    let Some(profile) = statement.series().profile.filter(governs) else {
        return Vec::new();
    };
    let claims = &statement.claims;
    profile.judge_token(&TokenFacts {
        view: statement.view,
        algorithm: Fact::Is(key.public.algorithm().name()),
        key_id: Fact::Is(&key.id),
        header_member: Fact::of(profile.header_member().map(|(_, value)| value)),
        names_aggregation: claims.aggregation_uri.is_some(),
        valid_for: Fact::of(claims.expires_at.map(|end| end - claims.issued_at)),
        // These were judged when the series was made, and when statuses were set.
        width: Fact::Elsewhere,
        list_bytes: Fact::Elsewhere,
        statuses: Fact::Elsewhere,
        certificate: Fact::of(key.certificates.as_ref().map(KeyCertificates::facts)),
        unprotected_certificate: false,
        bytes: bytes.map_or(Fact::Elsewhere, Fact::Is),
    })
}

//! What the profile of a series says of the tokens that are signed for it.

use super::Error;
use super::certificates::KeyCertificates;
use super::signing::NamedKey;
use super::tokens::Statement;
use crate::audit::{TokenDemand, TokenFacts, header_member, token_breaches};
use crate::commands::answer::profiles::warning;
use crate::list::{Breach, Fact, Profile, Weight};

/// Refuses a token that breaks a rule; how long it is, is known when it is signed.
pub(super) fn refuse(
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
pub(super) fn advice(statement: &Statement, key: &NamedKey) -> Vec<String> {
    let mut breaches = breaches(statement, key, None);
    breaches.retain(|breach| breach.rule.weight == Weight::Should);
    breaches.iter().map(warning).collect()
}

/// Writes rules that settings break.
pub(super) fn warnings(breaches: &[Breach]) -> Vec<String> {
    breaches.iter().map(warning).collect()
}

/// The rules that a token breaks, beside those that its series keeps.
fn breaches(statement: &Statement, key: &NamedKey, bytes: Option<u64>) -> Vec<Breach<TokenDemand>> {
    let governs = |profile: &Profile| profile.governs(statement.view);
    let Some(profile) = statement.series().profile.filter(governs) else {
        return Vec::new();
    };
    let claims = &statement.claims;
    let facts = TokenFacts {
        view: statement.view,
        algorithm: Fact::Is(key.public.algorithm().name()),
        key_id: Fact::Is(&key.id),
        header_member: Fact::of(header_member(profile).map(|member| member.value)),
        names_aggregation: claims.aggregation_uri.is_some(),
        valid_for: Fact::of(claims.expires_at.map(|end| end - claims.issued_at)),
        // These were judged when the series was made, and when statuses were set.
        width: Fact::Elsewhere,
        list_bytes: Fact::Elsewhere,
        statuses: Fact::Elsewhere,
        certificate: Fact::of(key.certificates.as_ref().map(KeyCertificates::facts)),
        unprotected_certificate: false,
        bytes: bytes.map_or(Fact::Elsewhere, Fact::Is),
    };
    token_breaches(profile, &facts)
}

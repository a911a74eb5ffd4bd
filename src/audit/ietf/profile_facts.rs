//! What profiles judge of a token that somebody published.

use serde_json::Value;

use super::format::{ClaimName, TokenFormat};
use super::status_list::occurring;
use super::token_judgement::TokenJudgement;
use crate::audit::finding::Findings;
use crate::audit::profile::{TokenFacts, certificate_facts, header_member, judge_published};
use crate::list::{Fact, Profile, View};

/// Every rule of a profile that a token breaks. `length` is that of the token, in bytes.
pub(super) fn judge_by_profile(
    judgement: &TokenJudgement,
    profile: Profile,
    length: u64,
    findings: &mut Findings,
) {
    let header = |name: &str| judgement.header.get(name);
    let algorithm = header("alg").map(text);
    let member = header_member(profile).and_then(|member| header(member.name));
    let member = member.map(text);
    let claim = |name: ClaimName| judgement.payload.get(name.text);
    let certificates = judgement.format.rules().certificates.name;
    let list = judgement.list.as_ref();
    let statuses: Option<Vec<_>> =
        list.map(|list| occurring(&judgement.counts, list.width).collect());
    let facts = TokenFacts {
        view: match judgement.format {
            TokenFormat::Jwt => View::Jwt,
            TokenFormat::Cwt => View::Cwt,
        },
        algorithm: Fact::of(algorithm.as_deref()),
        key_id: Fact::read(judgement.key_id.as_deref(), header("kid")),
        header_member: Fact::of(member.as_deref()),
        names_aggregation: claim(ClaimName::STATUS_LIST)
            .is_some_and(|list| list.get("aggregation_uri").is_some()),
        valid_for: Fact::read(judgement.valid_for, claim(ClaimName::EXPIRES_AT)),
        width: list.map_or(Fact::Unclear, |list| Fact::Is(list.width)),
        list_bytes: list.map_or(Fact::Unclear, |list| Fact::Is(list.bytes.len() as u64)),
        statuses: statuses.as_deref().map_or(Fact::Unclear, Fact::Is),
        certificate: Fact::read(
            judgement.certificates.as_ref().map(certificate_facts),
            header(certificates).or_else(|| judgement.unprotected.get(certificates)),
        ),
        unprotected_certificate: judgement.unprotected.contains_key(certificates),
        bytes: Fact::Is(length),
    };
    judge_published(profile, &facts, findings);
}

/// What a header has in the place of a text is a fault, and shown as it is.
fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

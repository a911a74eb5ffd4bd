//! Judging a token by a profile, beside the rules that hold for all.

use serde_json::Value;

use super::finding::{Finding, Severity};
use super::ietf::format::{Format, Name};
use super::ietf::token_judgement::Judgement;
use crate::list::{
    Breach, CertificateFacts, Chain, Fact, Profile, Status, TokenFacts, View, Weight,
};
use crate::sign::{Certificate, CertificateChain};

/// Collects what profiles judge of a chain, whoever is to bring it or has brought it.
#[must_use]
pub fn certificate_facts(chain: &CertificateChain) -> CertificateFacts {
    let leaf = chain.leaf();
    let validity = leaf.validity();
    CertificateFacts {
        chain: if leaf.is_self_signed() {
            Chain::SelfSigned
        } else if chain.issuers().iter().any(Certificate::is_self_signed) {
            Chain::WithAnchor
        } else {
            Chain::WithoutAnchor
        },
        in_force: validity.not_after.saturating_sub(validity.not_before),
        signs: leaf.is_for_signatures(),
        critical_purposes: leaf.has_critical_purposes(),
    }
}

/// Adds every rule that a token breaks to what was found in it. `bytes` is its length.
pub(super) fn judge(judgement: &mut Judgement, profile: Profile, bytes: u64) {
    let header = |name: &str| judgement.header.get(name);
    let algorithm = header("alg").map(text);
    let member = profile.header_member().and_then(|(name, _)| header(name));
    let member = member.map(text);
    let claim = |name: Name| judgement.payload.get(name.text());
    let certificates = judgement.format.certificates().name;
    let list = judgement.list.as_ref();
    let statuses: Vec<_> = (0_u64..)
        .zip(&judgement.counts)
        .filter(|(_, count)| **count > 0)
        .filter_map(|(value, _)| Status::new(value, list?.width).ok())
        .collect();
    let breaches = profile.judge_token(&TokenFacts {
        view: match judgement.format {
            Format::Jwt => View::Jwt,
            Format::Cwt => View::Cwt,
        },
        algorithm: Fact::of(algorithm.as_deref()),
        key_id: Fact::read(judgement.key_id.as_deref(), header("kid")),
        header_member: Fact::of(member.as_deref()),
        names_aggregation: claim(Name::StatusList)
            .is_some_and(|list| list.get("aggregation_uri").is_some()),
        valid_for: Fact::read(judgement.valid_for, claim(Name::ExpirationTime)),
        width: list.map_or(Fact::Unclear, |list| Fact::Is(list.width)),
        list_bytes: list.map_or(Fact::Unclear, |list| Fact::Is(list.bytes.len() as u64)),
        statuses: list.map_or(Fact::Unclear, |_| Fact::Is(&statuses[..])),
        certificate: Fact::read(
            judgement.certificates.as_ref().map(certificate_facts),
            header(certificates).or_else(|| judgement.unprotected.get(certificates)),
        ),
        unprotected_certificate: judgement.unprotected.contains_key(certificates),
        bytes: Fact::Is(bytes),
    });
    judgement.findings.extend(breaches.iter().map(finding));
    judgement.findings.sort_by_key(|finding| finding.severity);
}

fn finding(breach: &Breach) -> Finding {
    let severity = match breach.rule.weight {
        Weight::Must => Severity::Error,
        Weight::Should => Severity::Warning,
    };
    let text = format!("{breach}, but {}", breach.demand());
    Finding::of(severity, breach.rule.source.to_string(), text)
}

/// What a header has in the place of a text is a fault, and shown as it is.
fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

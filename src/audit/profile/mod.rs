//! The rules of profiles about tokens, their keys and their certificates, whether a token is to be
//! signed or somebody published it. What they demand of the settings of a series stands in
//! `list::profile`; a token is judged by that too, as far as it shows.
//!
//! A rule is added as a [`TokenDemand`] with its words and its ruling in `demand`, and as a row in
//! `rules`.

mod certificate;
mod demand;
mod rules;

use super::finding::{Finding, Findings, Severity};
use crate::list::{Breach, Demand, Profile, Rule, Weight};

pub(crate) use certificate::{CertificateFacts, certificate_facts};
pub(crate) use demand::{HeaderMember, TokenDemand, TokenFacts};
use rules::token_rules;

/// The member that the JOSE header of every token has.
pub(crate) fn header_member(profile: Profile) -> Option<HeaderMember> {
    token_rules(profile)
        .iter()
        .find_map(|rule| match rule.demand {
            TokenDemand::HeaderMember(member) => Some(member),
            _ => None,
        })
}

/// Every rule that a token breaks, that of the form before the rest, and what is about sizes last.
/// One in a form that the profile does not have breaks that rule and no other.
pub(crate) fn token_breaches(profile: Profile, facts: &TokenFacts<'_>) -> Vec<Breach<TokenDemand>> {
    let settings = profile.rules().iter().map(|rule| Rule {
        demand: rule.demand.into(),
        weight: rule.weight,
        specification: rule.specification,
        place: rule.place,
    });
    let mut rules: Vec<_> = settings
        .chain(token_rules(profile).iter().copied())
        .collect();
    if !profile.governs(facts.view) {
        let is_about_form = |demand| matches!(demand, Demand::AnyView(_) | Demand::OnlyView(_));
        rules
            .retain(|rule| matches!(rule.demand, TokenDemand::OfSettings(of) if is_about_form(of)));
    }
    rules.sort_by_key(|rule| rule.demand.step());
    let breach = |rule: Rule<TokenDemand>| Breach::of(profile, rule, rule.demand.rule(facts));
    rules.into_iter().filter_map(breach).collect()
}

/// What is found in a token that somebody published.
pub(super) fn judge_published(profile: Profile, facts: &TokenFacts<'_>, findings: &mut Findings) {
    let breaches = token_breaches(profile, facts);
    findings.0.extend(breaches.iter().map(finding));
}

fn finding(breach: &Breach<TokenDemand>) -> Finding {
    let severity = match breach.rule.weight {
        Weight::Must => Severity::Error,
        Weight::Should => Severity::Warning,
    };
    let text = format!("{breach}, but {}", breach.demand());
    Finding::of(severity, breach.rule.source(), text)
}

#[cfg(test)]
mod tests;

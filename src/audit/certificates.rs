//! The certificates that a token brings, and whether they are to be trusted.
//!
//! By themselves they prove nothing: whoever forges a token brings certificates of his own.

use super::finding::{Finding, Findings, Severity, chain as joined};
use crate::list::Timestamp;
use crate::sign::{CertificateChain, Oid, TrustAnchors, TrustError, Trusted};

/// What the certificates that a token brings must lead to.
#[derive(Clone, Copy)]
pub struct Trust<'a> {
    /// The authorities that are trusted.
    pub anchors: &'a TrustAnchors,
    /// The extended key usage that the leaf must have, if one is wanted.
    pub purpose: Option<Oid>,
}

/// What a format calls the certificates in its header, and where that stands.
#[derive(Clone, Copy)]
pub(super) struct CertificateMember {
    pub(super) name: &'static str,
    pub(super) rule: &'static str,
    /// What forbids anchors there, and how much that matters.
    pub(super) anchors: (Severity, &'static str),
}

/// The times of a token.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) issued: Option<Timestamp>,
    pub(super) expires: Option<Timestamp>,
    /// When somebody reads it.
    pub(super) read: Timestamp,
}

const VALIDITY: &str = "RFC 5280, section 4.1.2.5";

/// Judges the certificates that a header brings: nothing, what cannot be read and why, or a chain.
/// Hands back what they lead to, if that is trusted.
///
/// With anchors every fault of the path is an error, at the time of issue and at the time of
/// reading. Without, nobody relies on the chain, and its faults are warnings.
pub(super) fn judge_certificates(
    member: CertificateMember,
    brought: Option<Result<&CertificateChain, String>>,
    trust: Option<Trust<'_>>,
    times: Times,
    findings: &mut Findings,
) -> Option<Trusted> {
    let mut inquiry = Inquiry {
        member,
        times,
        findings,
    };
    match (brought, trust) {
        (None, None) => None,
        (None, Some(_)) => {
            let text = format!(
                "the header has no {}: nothing leads to a trust anchor",
                member.name
            );
            inquiry.findings.error_draft("10", text);
            None
        }
        (Some(Err(fault)), trust) => {
            let severity = trust.map_or(Severity::Warning, |_| Severity::Error);
            inquiry.find(severity, member.rule, format!("{}: {fault}", member.name));
            None
        }
        (Some(Ok(chain)), trust) => {
            inquiry.form(chain, trust);
            inquiry.lifetime(chain);
            if let Some(trust) = trust {
                inquiry.path(chain, trust)
            } else {
                inquiry.leaf(chain);
                None
            }
        }
    }
}

/// An inquiry into certificates.
struct Inquiry<'a> {
    member: CertificateMember,
    times: Times,
    findings: &'a mut Findings,
}

impl Inquiry<'_> {
    /// What the header should hold, and in which order.
    fn form(&mut self, chain: &CertificateChain, trust: Option<Trust<'_>>) {
        let name = self.member.name;
        let (severity, rule) = self.member.anchors;
        if let Some(place) = chain.out_of_order() {
            let text = format!("certificate {place} of {name} is not followed by its issuer's");
            self.find(Severity::Warning, self.member.rule, text);
        }
        if chain.leaf().is_self_signed() {
            let text = format!("the certificate in {name} is self-signed");
            self.find(severity, rule, text);
        }
        let is_anchor =
            |certificate| trust.is_some_and(|trust| trust.anchors.contains(certificate));
        if chain
            .issuers()
            .iter()
            .any(|certificate| certificate.is_self_signed() || is_anchor(certificate))
        {
            let text = format!("{name} includes a trust anchor, which readers have from elsewhere");
            self.find(severity, rule, text);
        }
    }

    /// Whether the certificate lasts as long as the token.
    fn lifetime(&mut self, chain: &CertificateChain) {
        let ends = chain.leaf().validity().not_after;
        if let Some(expires) = self.times.expires.filter(|time| time.second() > ends) {
            let ends = Timestamp::from_second(ends);
            let text = format!(
                "the token is valid until {expires}, but its certificate only until {ends}"
            );
            self.find(Severity::Warning, VALIDITY, text);
        }
    }

    /// What can be said of the leaf without anchors.
    fn leaf(&mut self, chain: &CertificateChain) {
        let leaf = chain.leaf();
        if !leaf.may_sign() {
            let text = TrustError::KeyUsage.to_string();
            self.find(Severity::Warning, rule(&TrustError::KeyUsage), text);
        }
        let check = |time: Timestamp| {
            let fault = leaf.validity().check(time.second()).err()?;
            Some((VALIDITY, format!("the certificate is {fault}")))
        };
        let at_issue = self.times.issued.and_then(check);
        let at_reading = check(self.times.read);
        self.at_both_times(Severity::Warning, at_issue, at_reading);
    }

    /// Whether the chain leads to an anchor, at both times.
    fn path(&mut self, chain: &CertificateChain, trust: Trust<'_>) -> Option<Trusted> {
        let verify = |time: Timestamp| trust.anchors.verify(chain, time.second(), trust.purpose);
        let fault = |error: TrustError| (rule(&error), joined(&error));
        let at_issue = self.times.issued.and_then(|time| verify(time).err());
        match (verify(self.times.read), at_issue) {
            (Ok(trusted), None) => Some(trusted),
            (at_reading, at_issue) => {
                let (at_issue, at_reading) = (at_issue.map(fault), at_reading.err().map(fault));
                self.at_both_times(Severity::Error, at_issue, at_reading);
                None
            }
        }
    }

    /// Reports what was found at the time of issue and at the time of reading; what is the same
    /// is said once.
    fn at_both_times(
        &mut self,
        severity: Severity,
        at_issue: Option<(&'static str, String)>,
        at_reading: Option<(&'static str, String)>,
    ) {
        if at_issue == at_reading {
            if let Some((rule, text)) = at_issue {
                self.find(severity, rule, text);
            }
            return;
        }
        if let Some((rule, text)) = at_issue {
            self.find(severity, rule, format!("when the token was issued: {text}"));
        }
        if let Some((rule, text)) = at_reading {
            let time = self.times.read;
            self.find(severity, rule, format!("at {time}: {text}"));
        }
    }

    fn find(&mut self, severity: Severity, rule: &'static str, text: String) {
        self.findings.push(Finding::of(severity, rule, text));
    }
}

/// Where the rule stands that a path breaks.
fn rule(error: &TrustError) -> &'static str {
    match error {
        TrustError::NotInForce { .. } => VALIDITY,
        TrustError::Key(_) => "RFC 5280, section 4.1.2.7",
        TrustError::CriticalExtension => "RFC 5280, section 4.2",
        TrustError::KeyUsage => "RFC 5280, section 4.2.1.3",
        TrustError::NotAnAuthority | TrustError::LeafIsAuthority | TrustError::PathTooLong => {
            "RFC 5280, section 4.2.1.9"
        }
        TrustError::NameConstraints => "RFC 5280, section 4.2.1.10",
        TrustError::Purpose { .. } | TrustError::IssuerPurpose { .. } => {
            "RFC 5280, section 4.2.1.12"
        }
        _ => "RFC 5280, section 6.1.3",
    }
}

#[cfg(test)]
mod tests;

//! Keys that a token brings itself. None is used: whoever forges a token brings a key of his own.

use super::finding::Findings;

/// Members of a JOSE header that bring a key, or say where one is.
pub(super) const IN_JOSE: &[&str] = &["jwk", "jku", "x5c", "x5u"];

/// The same of a COSE header (RFC 9360, section 2, and RFC 9528).
pub(super) const IN_COSE: &[&str] = &["kccs", "kcwt", "x5bag", "x5chain", "x5u"];

/// Why a credential should not be judged by one; lists of the IETF have a section of their own.
pub(super) const RULE: &str = "RFC 8725, section 3.8";

/// Says which of these members a header has that are not used.
pub(super) fn unused_keys(
    rule: impl Into<String>,
    members: &[&str],
    is_unused: impl Fn(&str) -> bool,
    findings: &mut Findings,
) {
    let mut found = members.to_vec();
    found.retain(|name| is_unused(name));
    if !found.is_empty() {
        let text = format!(
            "the key that the header brings was not used, for it proves nothing by itself: {}",
            found.join(", ")
        );
        findings.note(rule, text);
    }
}

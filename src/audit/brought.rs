//! Keys that a token brings itself. None is used: whoever forges a token brings a key of his own.

/// Why a credential should not be judged by one; lists of the IETF have a section of their own.
pub(super) const RULE: &str = "RFC 8725, section 3.8";

/// Members of a JOSE header that bring a key, or say where one is.
pub(super) const IN_JOSE: &[&str] = &["jwk", "jku", "x5c", "x5u"];

/// The same of a COSE header (RFC 9360, section 2, and RFC 9528).
pub(super) const IN_COSE: &[&str] = &["kccs", "kcwt", "x5bag", "x5chain", "x5u"];

/// What is said of those of these members that a header has, if it has any.
pub(super) fn unused_keys(members: &[&str], is_there: impl Fn(&str) -> bool) -> Option<String> {
    let mut found = members.to_vec();
    found.retain(|name| is_there(name));
    (!found.is_empty()).then(|| {
        format!(
            "the key that the header brings was not used, for it proves nothing by itself: {}",
            found.join(", ")
        )
    })
}

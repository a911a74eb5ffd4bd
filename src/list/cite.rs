//! The specification, as messages name it.

/// The revision of the Token Status List specification that this crate follows.
///
/// It has no RFC number yet: this is the one place to change when it gets one.
pub(crate) const TOKEN_STATUS_LIST: &str = "draft-ietf-oauth-status-list-21";

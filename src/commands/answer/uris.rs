//! What it means that lists cannot be published where it was asked for.

use super::{Code, Error};
use crate::list::View;
use crate::site::{Unpublishable, ViewsError};

const EXAMPLE: &str = "https://example.com/statuslists/{n}.jwt";

impl From<Unpublishable> for Error {
    fn from(error: Unpublishable) -> Self {
        Self::new(Code::Refused, error.to_string())
            .because_of_source(&error)
            .hint(format!("a uri such as {EXAMPLE}"))
    }
}

impl From<ViewsError> for Error {
    fn from(error: ViewsError) -> Self {
        let refused = Self::new(Code::Refused, error.to_string());
        match error {
            ViewsError::NotAskedFor(view) => refused.hint(format!("--as {view}")),
            ViewsError::TwoWithoutView => refused.hint("--uri VIEW=TEMPLATE"),
            ViewsError::NoUri => refused
                .because("credentials name the uri of their list, so it can never change")
                .hint(format!("--uri '{EXAMPLE}'")),
            ViewsError::Unpublishable(error) => error.into(),
            ViewsError::Clash(clash) => refused
                .because_of(&clash)
                .hint("{view} or {purpose} in the template, or --uri VIEW=TEMPLATE"),
        }
    }
}

/// Refuses several lists where all would have one uri.
pub(crate) fn one_list_only(template: &str) -> Error {
    Error::new(Code::Refused, "the series can have one list only")
        .because(format!("its uri {template} has no {{n}} and no {{id}}"))
        .hint(format!("a uri such as {EXAMPLE}"))
}

/// Refuses a W3C view of a series whose issuer nobody named.
pub(crate) fn needs_issuer(view: View) -> Error {
    Error::new(Code::Refused, format!("view {view} needs an issuer"))
        .because("verifiers compare it with the key that the list is signed with")
        .hint("--issuer URI: a did:key, a did:web or an https uri")
}

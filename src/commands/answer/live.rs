//! What it means that a site cannot be read from its hosts.

use super::{Code, Error};
use crate::site::{TargetError, WebFault};
use crate::store::Outcome;

/// Says what it means that a host gives no file, and does not say either that it has none.
pub(super) fn of_host(error: &TargetError) -> Error {
    let failed = Error::new(Code::Io, error.to_string())
        .because_of_source(error)
        .outcome(Outcome::None);
    let TargetError::Web { fault, .. } = error else {
        return failed;
    };
    match fault {
        WebFault::Status(_) => failed
            .because("only 404 and 410 say that there is no file")
            .hint("find out why the host does not show it, and repeat the command"),
        WebFault::Page => failed
            .because("a file of a status list was expected")
            .hint("if it is a page to log in: readers are asked to do that too"),
        WebFault::Encoded(_) => failed
            .because("no encoding was asked for, and readers may not understand it")
            .hint("let the host serve the file as it is"),
        WebFault::Differs(_) => failed
            .because("without a base url, each host of the lists is taken for the same site")
            .hint("name the site: --base-url URL; or publish the list files one by one"),
    }
}

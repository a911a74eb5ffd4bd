//! What it means that what sites say cannot be taken over.

use super::{Code, Error};
use crate::survey::{Contradiction, Signature, Survey, SurveyedFile};
use crate::wire::text::printable;

impl From<Contradiction> for Error {
    fn from(error: Contradiction) -> Self {
        let index = error.entry.index.value();
        let mut conflict = Self::new(Code::Conflict, error.to_string());
        for (file, status) in error.said {
            let says = match status {
                Some(status) => status.to_string(),
                None => format!("that bit {index} is not set"),
            };
            conflict = conflict.because(format!("'{file}' says {says}"));
        }
        conflict
            .hint(
                "one of them is older, as after an interrupted publication: find out which, and \
                 move it away",
            )
            .detail("listId", error.entry.list.to_string())
            .detail("idx", index)
    }
}

/// Refuses to take over what sites say, for no file verifies: says why of the first by path that
/// was rejected, else of the first that nothing was given for.
pub(crate) fn nothing_verifies(survey: &Survey) -> Error {
    let message = "nothing that the site has can be taken over";
    let refused = Error::new(Code::Refused, message);
    let files = survey.files.iter();
    let signed = files.filter(|file| file.signature != Signature::None);
    match signed.min_by_key(|file| (file.reason.is_none(), file.path.clone())) {
        Some(SurveyedFile {
            path,
            reason: Some(reason),
            ..
        }) => refused
            .because(format!("'{path}': {}", printable(reason)))
            .hint("check the key, and --to"),
        Some(file) => refused
            .because(format!("--trust says nothing of '{}'", file.path))
            .hint("--key KEY or --jwks FILE"),
        None => refused
            .because("it has no signed file of the series")
            .hint("check --to and --base-url, or leave out --adopt-published"),
    }
}

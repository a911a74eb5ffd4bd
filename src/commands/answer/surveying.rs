//! What it means that sites cannot be surveyed, or what they say not be taken over.

use std::path::Path;

use super::{Code, Error};
use crate::store::StoreError;
use crate::survey::{Standing, SurveyError};
use crate::wire::text::printable;

impl Error {
    /// Says what keeps a list file from being compared with its sites.
    pub(crate) fn of_survey(path: &Path, error: SurveyError<StoreError>) -> Self {
        let refused = Self::new(Code::Refused, error.to_string());
        match error {
            SurveyError::NoKey => refused
                .because("whoever can write to the site could revoke and un-revoke otherwise")
                .hint("--key KEY, --jwks FILE or --trust FILE"),
            SurveyError::SeveralSites => refused
                .because("they may be of different states")
                .hint("name the newest one: --to FOLDER"),
            SurveyError::NothingVerifies(Some((file, Standing::Rejected(reason)))) => refused
                .because(format!("'{file}': {}", printable(&reason)))
                .hint("check the key, and --to"),
            SurveyError::NothingVerifies(Some((file, _))) => refused
                .because(format!("--trust says nothing of '{file}'"))
                .hint("--key KEY or --jwks FILE"),
            SurveyError::NothingVerifies(None) => refused
                .because("it has no signed file of the series")
                .hint("check --to and --base-url, or leave out --adopt-published"),
            SurveyError::Contradiction { entry, said } => {
                let index = entry.index.value();
                let mut conflict = Self::new(Code::Conflict, refused.message);
                for (file, status) in said {
                    let says = match status {
                        Some(status) => status.to_string(),
                        None => format!("that bit {index} is not set"),
                    };
                    conflict = conflict.because(format!("'{file}' says {says}"));
                }
                conflict
                    .hint(
                        "one of them is older, as after an interrupted publication: find out \
                         which, and move it away",
                    )
                    .detail("listId", entry.list.to_string())
                    .detail("idx", index)
            }
            SurveyError::Unpublishable(error) => error.into(),
            SurveyError::Target(error) => error.into(),
            SurveyError::Manifest(error) => error.into(),
            SurveyError::ListFile(error) => Self::of_store(path, &error),
        }
    }
}

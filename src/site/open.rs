//! The kinds of targets, by what is written after `--to`.

use std::path::Path;

use super::{Folder, Target, TargetError};

/// What is expected of a target that is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// It is made if it is missing.
    Create,
    /// It must be there.
    Existing,
    /// There is no target if it is missing.
    IfThere,
}

/// Opens the target of a name. Every kind has its row here.
///
/// # Errors
///
/// It is missing, or something else is in its place.
pub(crate) fn open_target(
    name: &Path,
    opening: Opening,
) -> Result<Option<Box<dyn Target>>, TargetError> {
    let folder = match opening {
        Opening::Create => Folder::create(name)?,
        Opening::IfThere if !name.exists() => return Ok(None),
        Opening::Existing | Opening::IfThere => Folder::open(name)?,
    };
    Ok(Some(Box::new(folder)))
}

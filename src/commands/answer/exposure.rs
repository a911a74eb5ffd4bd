//! What other users can do to the files in use, said as warnings.

use std::path::{Path, PathBuf};

use super::Answer;
use crate::disk::{OpenFolder, open_folder, writable_folder};
use crate::wire::shell::quote;

impl Answer {
    /// Adds what other users can do to a list file.
    pub(crate) fn exposing(mut self, file: &Path) -> Self {
        self.warnings.extend(of_list_file(file));
        self
    }
}

/// Warns if others can read a list file, or put something else in its place.
pub(crate) fn of_list_file(path: &Path) -> impl Iterator<Item = String> {
    let file = quote(path);
    let replaceable = open_folder(path).map(|open| match open {
        OpenFolder::Writable(folder) => writable(
            &folder,
            &format!("replace {file}, or undo its changes by a journal"),
        ),
        OpenFolder::Foreign { folder, owner } => format!(
            "the folder {} belongs to another user (uid {owner}), who can replace {file}, or undo \
             its changes by a journal",
            quote(folder)
        ),
    });
    warn_if_readable(path).into_iter().chain(replaceable)
}

/// Warns of each of these list files, and if others can put something else in the place of the
/// site, where that is a folder. That the site's folder belongs to a web server or its keeper is nothing to warn of.
pub(crate) fn of_publication(
    files: &[PathBuf],
    site: Option<&Path>,
) -> impl Iterator<Item = String> {
    let replaceable = site.and_then(writable_folder);
    files
        .iter()
        .flat_map(|file| of_list_file(file))
        .chain(replaceable.map(|folder| writable(&folder, "replace what is published")))
}

fn writable(folder: &Path, what: &str) -> String {
    let folder = quote(folder);
    format!("others can write the folder {folder}, and so {what}: chmod go-w {folder}")
}

/// Warns if others can read a list file.
pub(crate) fn warn_if_readable(path: &Path) -> Option<String> {
    warn_if_others_read(path, "holds the list's secrets")
}

/// Warns if others can read a file with a private key.
pub(crate) fn warn_if_key_is_readable(path: &Path) -> Option<String> {
    warn_if_others_read(path, "holds a private key")
}

fn warn_if_others_read(path: &Path, what: &str) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).ok()?;
    // A pipe (a shell's process substitution) is gone when it is read.
    let readable = metadata.is_file() && metadata.permissions().mode() & 0o077 != 0;
    readable.then(|| {
        let file = quote(path);
        format!("others can read {file}, which {what}: chmod 600 {file}")
    })
}

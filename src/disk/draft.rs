//! Files that another library fills before they get their name.

use std::{
    fs::{File, OpenOptions, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use tempfile::{Builder, TempDir};

use super::{
    DiskError, Visibility,
    atomic::{
        TEMPORARY_PREFIX, TEMPORARY_SUFFIX, create_with_mode, folder_of, refuse_taken, sync_folder,
    },
};

/// An empty file beside its target, for a library that wants a path (such as `SQLite`) to fill.
///
/// It lies in a folder of its own that only the owner can enter, so that files which the library
/// puts beside it (journals) stay private too and vanish with it. Dropping the draft leaves
/// nothing.
#[derive(Debug)]
pub(crate) struct Draft {
    path: PathBuf,
    target: PathBuf,
    folder: TempDir,
    /// Says that somebody is at work here, for as long as it lives.
    _lock: Option<File>,
}

impl Draft {
    /// Makes an empty file with this mode on the file system of the target, which must not exist.
    ///
    /// # Errors
    ///
    /// [`std::io::ErrorKind::AlreadyExists`] where the target's name is taken, else those of the
    /// operating system.
    pub(crate) fn beside(target: &Path, visibility: Visibility) -> Result<Self, DiskError> {
        refuse_taken(target)?;
        let folder = Builder::new()
            .prefix(TEMPORARY_PREFIX)
            .suffix(TEMPORARY_SUFFIX)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(folder_of(target))
            // The kind alone: the whole error names a random folder.
            .map_err(|source| DiskError::new("create", target, source.kind().into()))?;
        // Where there are no such locks, nobody takes it for a leftover either.
        let lock = File::open(folder.path()).ok();
        let lock = lock.filter(|folder| folder.try_lock().is_ok());
        let path = folder.path().join("draft");
        create_with_mode(&path, visibility)
            .map_err(|source| DiskError::new("create", target, source))?;
        Ok(Self {
            path,
            target: target.to_owned(),
            folder,
            _lock: lock,
        })
    }

    /// Returns the absolute path of the file to fill.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Hands the file to the disk and gives it its name.
    ///
    /// Whoever filled it must have closed it: closing any handle of an `SQLite` file drops the
    /// locks of all others in the process.
    ///
    /// # Errors
    ///
    /// [`std::io::ErrorKind::AlreadyExists`] where the target's name was taken meanwhile, else
    /// those of the operating system; nothing has changed then unless [`DiskError::is_unconfirmed`]
    /// says otherwise.
    pub(crate) fn persist_new(self) -> Result<(), DiskError> {
        let Self {
            path,
            target,
            folder,
            _lock,
        } = self;
        let failed = |source| DiskError::new("create", &target, source);
        OpenOptions::new()
            .write(true)
            .open(&path)
            .and_then(|file| file.sync_all())
            .map_err(failed)?;
        tempfile::TempPath::try_from_path(path)
            .map_err(failed)?
            .persist_noclobber(&target)
            .map_err(|not_persisted| failed(not_persisted.error))?;
        // Before the folder around it is synced. An empty folder that stays behind harms nobody.
        drop(folder);
        sync_folder(folder_of(&target))
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io};

    use super::*;
    use crate::disk::replace;

    #[test]
    fn gets_its_name_when_it_is_filled() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.slist");
        let draft = Draft::beside(&target, Visibility::Secret).unwrap();
        assert_eq!(mode(draft.path()), 0o600);
        assert_eq!(mode(draft.path().parent().unwrap()), 0o700);
        assert!(!target.exists());

        fill(draft.path(), b"content");
        draft.persist_new().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"content");
        assert_eq!(mode(&target), 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn leaves_nothing_when_dropped_with_its_companions() {
        let folder = tempfile::tempdir().unwrap();
        let draft = Draft::beside(&folder.path().join("a.slist"), Visibility::Public).unwrap();
        assert_eq!(mode(draft.path()), 0o644);
        let journal = draft.path().with_file_name("draft-journal");
        replace(&journal, b"journal", Visibility::Secret).unwrap();
        drop(draft);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn never_overwrites() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.slist");
        let draft = Draft::beside(&target, Visibility::Secret).unwrap();
        replace(&target, b"somebody else's", Visibility::Secret).unwrap();
        assert_eq!(
            draft.persist_new().unwrap_err().kind(),
            io::ErrorKind::AlreadyExists
        );
        let error = Draft::beside(&target, Visibility::Secret).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&target).unwrap(), b"somebody else's");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_an_error_about_the_target() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("missing/a.slist");
        let error = Draft::beside(&target, Visibility::Secret).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert_eq!(error.path(), target);
    }

    fn fill(path: &Path, bytes: &[u8]) {
        io::Write::write_all(
            &mut OpenOptions::new().write(true).open(path).unwrap(),
            bytes,
        )
        .unwrap();
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }
}

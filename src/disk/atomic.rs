//! Files that are written whole or not at all.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use tempfile::{Builder, NamedTempFile};

use super::DiskError;

/// The beginning of the name of every temporary file or folder that this tool makes; the end is
/// `.tmp`.
pub(crate) const TEMPORARY_PREFIX: &str = ".statuslist-";
pub(super) const TEMPORARY_SUFFIX: &str = ".tmp";

/// Says who may read a new file, whatever the umask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// Only the owner (0600): list files, keys, seeds.
    Secret,
    /// Everybody (0644): what a web server hands out.
    Public,
}

impl Visibility {
    pub(super) fn permissions(self) -> Permissions {
        Permissions::from_mode(match self {
            Self::Secret => 0o600,
            Self::Public => 0o644,
        })
    }
}

/// Writes a file, in the place of the one that is there, if any.
///
/// Readers see the old content or the new, never a part. When the function returns, the content and
/// the name have been handed to the disk; the module's page says what a crash can leave.
///
/// # Errors
///
/// Those of the operating system, after which nothing has changed unless
/// [`DiskError::is_unconfirmed`] says otherwise; and [`io::ErrorKind::InvalidInput`] where the path
/// is a symbolic link, a folder or a device: to rename over `/dev/stdout` would succeed and harm
/// the machine.
pub(crate) fn replace(path: &Path, bytes: &[u8], visibility: Visibility) -> Result<(), DiskError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            let kind = io::ErrorKind::InvalidInput;
            return Err(refused("replace", path, kind, "it is not a regular file"));
        }
        _ => (),
    }
    let folder = folder_of(path);
    let file = write_beside(path, bytes, visibility)
        .map_err(|source| DiskError::new("write", path, source))?;
    file.persist(path)
        .map_err(|failed| DiskError::new("write", path, failed.error))?;
    sync_folder(folder)
}

/// Writes a file that must not exist yet.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] where the name is taken, be it by a dangling symbolic link or
/// in the last moment; else as [`replace`].
pub(crate) fn create_new(
    path: &Path,
    bytes: &[u8],
    visibility: Visibility,
) -> Result<(), DiskError> {
    refuse_taken(path)?;
    let file = write_beside(path, bytes, visibility)
        .map_err(|source| DiskError::new("create", path, source))?;
    file.persist_noclobber(path)
        .map_err(|failed| DiskError::new("create", path, failed.error))?;
    sync_folder(folder_of(path))
}

/// Returns the folder that a file lies in: `.` for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Hands the names in a folder to the disk.
///
/// A file system that does not offer this for folders (some network and FUSE ones) is taken as it
/// is.
///
/// # Errors
///
/// Those of the operating system; [`DiskError::is_unconfirmed`] is true for them.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), DiskError> {
    match File::open(folder).and_then(|handle| handle.sync_all()) {
        Err(source)
            if !matches!(
                source.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Err(DiskError::unsynced(folder, source))
        }
        _ => Ok(()),
    }
}

/// Refuses a taken name before any work is done; the rename that follows decides.
pub(super) fn refuse_taken(path: &Path) -> Result<(), DiskError> {
    let (kind, reason) = if path.file_name().is_none() {
        (io::ErrorKind::InvalidInput, "it is not the name of a file")
    } else if fs::symlink_metadata(path).is_ok() {
        (io::ErrorKind::AlreadyExists, "it exists already")
    } else {
        return Ok(());
    };
    Err(refused("create", path, kind, reason))
}

/// Makes an empty file with exactly this mode.
pub(super) fn create_with_mode(path: &Path, visibility: Visibility) -> io::Result<File> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    // On the handle, because the mode given to `open` is cut by the umask.
    file.set_permissions(visibility.permissions())?;
    Ok(file)
}

fn write_beside(
    path: &Path,
    bytes: &[u8],
    visibility: Visibility,
) -> io::Result<NamedTempFile<File>> {
    // Made here and not by the builder, whose errors hold the random name in the place of the
    // operating system's code.
    let mut file = Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(TEMPORARY_SUFFIX)
        .make_in(folder_of(path), |temporary| {
            create_with_mode(temporary, visibility)
        })?;
    // So that nobody takes it for a leftover.
    let _ = file.as_file().try_lock();
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn refused(verb: &'static str, path: &Path, kind: io::ErrorKind, reason: &str) -> DiskError {
    DiskError::new(verb, path, io::Error::new(kind, reason))
}

#[cfg(test)]
mod tests {
    use std::{
        error::Error as _,
        os::unix::fs::symlink,
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    use super::*;
    use crate::wire::shell::quote;

    #[test]
    fn replaces_with_the_mode_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jwt");
        for (bytes, visibility, mode) in [
            (&b"first"[..], Visibility::Public, 0o644),
            (b"second", Visibility::Secret, 0o600),
            (b"", Visibility::Public, 0o644),
        ] {
            replace(&path, bytes, visibility).unwrap();
            assert_eq!(fs::read(&path).unwrap(), bytes);
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
                mode
            );
            assert_eq!(names(folder.path()), ["a.jwt"]);
        }
    }

    #[test]
    fn replaces_only_regular_files() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        replace(&target, b"kept", Visibility::Public).unwrap();
        let link = folder.path().join("link");
        symlink(&target, &link).unwrap();
        for path in [folder.path(), &link, Path::new("/dev/null"), Path::new("/")] {
            let error = replace(path, b"x", Visibility::Public).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{error}");
        }
        assert_eq!(fs::read(&target).unwrap(), b"kept");
        assert_eq!(names(folder.path()), ["link", "target"]);
    }

    #[test]
    fn creates_only_what_is_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.slist");
        create_new(&path, b"first", Visibility::Secret).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
            0o600
        );

        let error = create_new(&path, b"second", Visibility::Secret).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(error.to_string(), format!("cannot create {}", quote(&path)));
        assert_eq!(error.source().unwrap().to_string(), "it exists already");
        assert_eq!(fs::read(&path).unwrap(), b"first");

        let link = folder.path().join("dangling");
        symlink("nowhere", &link).unwrap();
        let error = create_new(&link, b"", Visibility::Secret).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(create_new(Path::new("/"), b"", Visibility::Secret).is_err());
    }

    #[test]
    fn one_of_many_creators_wins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let results: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8_u8)
                .map(|number| {
                    scope.spawn({
                        let path = &path;
                        move || create_new(path, &[number], Visibility::Public)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let winner = results.iter().position(Result::is_ok).unwrap();
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        assert_eq!(fs::read(&path).unwrap(), [u8::try_from(winner).unwrap()]);
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn readers_never_see_a_part() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        replace(&path, &vec![0; 300_000], Visibility::Public).unwrap();
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        let seen = fs::read(&path).unwrap();
                        assert_eq!(seen.len(), 300_000);
                        assert!(seen.iter().all(|byte| *byte == seen[0]));
                    }
                });
            }
            for round in 1..100_u8 {
                replace(&path, &vec![round; 300_000], Visibility::Public).unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn a_failure_names_the_target_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/a");
        let error = replace(&path, b"x", Visibility::Public).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot write {}", quote(&path)));
        assert_eq!(
            error.source().unwrap().to_string(),
            "No such file or directory (os error 2)"
        );

        let path = folder.path().join("n".repeat(300));
        create_new(&path, b"x", Visibility::Public).unwrap_err();
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_bare_name_lies_in_the_current_folder() {
        assert_eq!(folder_of(Path::new("a")), Path::new("."));
        assert_eq!(folder_of(Path::new("a/b")), Path::new("a"));
        assert_eq!(folder_of(Path::new("/a")), Path::new("/"));
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

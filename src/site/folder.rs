//! A site as a folder on the local disk.

use std::{
    fs::{self, DirBuilder, Metadata, Permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{Digest, Precondition, Promise, SitePath, Target, TargetError, Turn};
use crate::disk::{
    DirectoryLocks, DiskError, LockError, Visibility, folder_of, read_bounded, replace, sync_folder,
};

/// The mode of the folders that this tool makes: a web server must be able to enter them.
const FOLDER_MODE: u32 = 0o755;

/// The folder that holds a site.
///
/// The root itself may be a symbolic link (as deployments use), but nothing below it may: a link
/// would let a publication write outside the site. This guards against links that are there, not
/// against somebody who may write to the site and plants one at that very moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Opens a folder that exists.
    ///
    /// # Errors
    ///
    /// A missing folder (kind [`io::ErrorKind::NotFound`]), or something that is not one.
    pub(crate) fn open(root: impl Into<PathBuf>) -> Result<Self, TargetError> {
        let root = root.into();
        match fs::metadata(&root) {
            Ok(metadata) if metadata.is_dir() => Ok(Self { root }),
            Ok(_) => Err(TargetError::NotAFolder(root)),
            Err(source) => Err(DiskError::new("open folder", root, source).into()),
        }
    }

    /// Opens a folder, and makes it with mode 0755 if it is missing.
    ///
    /// Only the last name of the path is made: a missing parent is more often a slip of the pen or
    /// a disk that is not mounted than a wish.
    ///
    /// # Errors
    ///
    /// As [`Folder::open`], also for a missing parent.
    pub(crate) fn create(root: impl Into<PathBuf>) -> Result<Self, TargetError> {
        let root = root.into();
        match fs::metadata(&root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => make_folder(&root)?,
            _ => (),
        }
        Self::open(root)
    }

    /// Returns the folders between the root and a file, the outermost first.
    fn folders(&self, path: &SitePath) -> Vec<PathBuf> {
        let text = path.as_str();
        text.match_indices('/')
            .map(|(slash, _)| self.root.join(&text[..slash]))
            .collect()
    }
}

impl Target for Folder {
    fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the path from the root of the file system, without links.
    fn name(&self) -> String {
        let root = fs::canonicalize(&self.root);
        let root = root.as_deref().unwrap_or(&self.root);
        root.display().to_string()
    }

    /// The turn is exclusive among the processes that can lock the folder.
    fn lock(&self, patience: Duration) -> Result<Turn, LockError> {
        let locks = DirectoryLocks::acquire(&[&self.root], patience)?;
        let promise = if locks.unlocked().is_empty() {
            Promise::Exclusive
        } else {
            Promise::Shared
        };
        Ok(Turn::new(promise, locks))
    }

    fn contains(&self, path: &SitePath) -> Result<bool, TargetError> {
        let file = self.locate(path);
        let seen = file.try_exists();
        Ok(seen.map_err(|source| DiskError::new("look at", file, source))?)
    }

    /// A link on the way is an error, and so is something other than a regular file.
    fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, TargetError> {
        for folder in self.folders(path) {
            if !check_folder(&folder)? {
                return Ok(None);
            }
        }
        let file = self.locate(path);
        if !check_file(&file)? {
            return Ok(None);
        }
        match read_bounded(&file, limit) {
            // Removed since the check.
            Err(error) if error.is_not_found() => Ok(None),
            result => Ok(Some(result?)),
        }
    }

    /// The file gets mode 0644; the folders on the way are made, with mode 0755. A link on the way
    /// or in the file's place is an error, and so is anything else that is not a regular file.
    ///
    /// Between the comparison with what is expected and the replacement there is a moment in which
    /// somebody who cannot lock the folder could still write: a file system has no better offer.
    fn write(
        &self,
        path: &SitePath,
        bytes: &[u8],
        expected: Precondition,
    ) -> Result<(), TargetError> {
        for folder in self.folders(path) {
            if !check_folder(&folder)? {
                make_folder(&folder)?;
                // Whoever else made it may have made something else.
                check_folder(&folder)?;
            }
        }
        let file = self.locate(path);
        check_expected(&file, expected)?;
        Ok(replace(&file, bytes, Visibility::Public)?)
    }

    /// The same holds for links, for other things that are no regular files, and for the moment
    /// after the comparison.
    fn remove(&self, path: &SitePath, expected: Precondition) -> Result<(), TargetError> {
        for folder in self.folders(path) {
            if !check_folder(&folder)? {
                break;
            }
        }
        let file = self.locate(path);
        if !check_expected(&file, expected)? {
            return Ok(());
        }
        match fs::remove_file(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(DiskError::new("remove", file, source).into()),
            Ok(()) => Ok(sync_folder(folder_of(&file))?),
        }
    }

    fn remove_empty_folder(&self, folder: &SitePath) -> Result<(), TargetError> {
        for above in self.folders(folder) {
            if !check_folder(&above)? {
                return Ok(());
            }
        }
        let folder = self.locate(folder);
        if !check_folder(&folder)? {
            return Ok(());
        }
        match fs::remove_dir(&folder) {
            Ok(()) => Ok(sync_folder(folder_of(&folder))?),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound
                ) =>
            {
                Ok(())
            }
            Err(source) => Err(DiskError::new("remove", folder, source).into()),
        }
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.root)
    }
}

/// Says whether a folder is there; anything else in its place is an error.
fn check_folder(path: &Path) -> Result<bool, TargetError> {
    match look(path)? {
        Some(metadata) if !metadata.is_dir() => Err(TargetError::NotAFolder(path.to_owned())),
        found => Ok(found.is_some()),
    }
}

/// Says whether a regular file is there; anything else in its place is an error.
fn check_file(path: &Path) -> Result<bool, TargetError> {
    match look(path)? {
        Some(metadata) if !metadata.is_file() => Err(TargetError::NotAFile(path.to_owned())),
        found => Ok(found.is_some()),
    }
}

/// Makes sure that what is in a file's place is as expected, and says whether a file is there.
fn check_expected(file: &Path, expected: Precondition) -> Result<bool, TargetError> {
    let is_there = check_file(file)?;
    let is_expected = match expected {
        Precondition::Anything => true,
        Precondition::Absent => !is_there,
        Precondition::Same(digest) => is_there && digest_of(file)? == digest,
    };
    if is_expected {
        Ok(is_there)
    } else {
        Err(TargetError::Changed(file.to_owned()))
    }
}

fn look(path: &Path) -> Result<Option<Metadata>, TargetError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => Err(TargetError::Link(path.to_owned())),
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(DiskError::new("look at", path, source).into()),
    }
}

fn digest_of(path: &Path) -> Result<Digest, DiskError> {
    Digest::of_file(path).map_err(|source| DiskError::new("read", path, source))
}

/// Makes one folder, with exactly this mode, that somebody else may make at the same time.
fn make_folder(path: &Path) -> Result<(), DiskError> {
    let failed = |source| DiskError::new("create folder", path, source);
    match DirBuilder::new().mode(FOLDER_MODE).create(path) {
        // The mode given above is cut by the umask.
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE)).map_err(failed)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => (),
        Err(source) => return Err(failed(source)),
    }
    sync_folder(folder_of(path))
}

#[cfg(test)]
mod tests {
    use std::{
        os::unix::{fs::symlink, net::UnixListener},
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    use super::*;
    use crate::disk::ReadError;
    use crate::wire::shell::quote;

    #[test]
    fn writes_and_reads_with_public_modes() {
        let (_keep, site) = site();
        assert_eq!(site.read(&path("a/b/0.jwt"), 10).unwrap(), None);
        for content in [&b"one"[..], b"two", b""] {
            write(&site, "a/b/0.jwt", content).unwrap();
            assert_eq!(site.read(&path("a/b/0.jwt"), 3).unwrap().unwrap(), content);
        }
        assert_eq!(site.read(&path("a/c"), 10).unwrap(), None);
        for (name, mode) in [
            ("", 0o755),
            ("a", 0o755),
            ("a/b", 0o755),
            ("a/b/0.jwt", 0o644),
        ] {
            let metadata = fs::metadata(site.root().join(name)).unwrap();
            assert_eq!(metadata.permissions().mode() & 0o7777, mode, "{name}");
        }
        assert_eq!(fs::read_dir(site.root().join("a/b")).unwrap().count(), 1);
    }

    #[test]
    fn replaces_only_what_is_expected() {
        let (_keep, site) = site();
        let try_write = |expected, bytes| site.write(&path("0.jwt"), bytes, expected);
        let same = |bytes| Precondition::of(Promise::Shared, || Some(Digest::of(bytes)));
        for (expected, bytes) in [
            (Precondition::of(Promise::Shared, || None), &b"one"[..]),
            (same(b"one"), b"two"),
            (Precondition::of(Promise::Exclusive, || None), b"three"),
        ] {
            try_write(expected, bytes).unwrap();
        }
        for expected in [Precondition::Absent, same(b"two")] {
            let error = try_write(expected, b"four").unwrap_err();
            assert!(matches!(error, TargetError::Changed(_)), "{error}");
        }
        assert_eq!(site.read(&path("0.jwt"), 10).unwrap().unwrap(), b"three");
    }

    #[test]
    fn removes_only_what_is_expected_and_only_empty_folders() {
        let (_keep, site) = site();
        let same = |bytes| Precondition::Same(Digest::of(bytes));
        let (one, two, folder) = (path("a/b/1"), path("a/b/2"), path("a/b"));
        for name in ["a/b/1", "a/b/2"] {
            write(&site, name, b"x").unwrap();
        }
        for expected in [Precondition::Absent, same(b"y")] {
            let error = site.remove(&one, expected).unwrap_err();
            assert!(matches!(error, TargetError::Changed(_)), "{error}");
        }
        assert_eq!(site.read(&one, 10).unwrap().unwrap(), b"x");
        site.remove(&one, same(b"x")).unwrap();
        assert_eq!(site.read(&one, 10).unwrap(), None);
        let error = site.remove(&one, same(b"x")).unwrap_err();
        assert!(matches!(error, TargetError::Changed(_)), "{error}");
        for expected in [Precondition::Absent, Precondition::Anything] {
            site.remove(&one, expected).unwrap();
            site.remove(&path("no/folder/1"), expected).unwrap();
        }
        site.remove_empty_folder(&folder).unwrap();
        site.remove(&two, Precondition::Anything).unwrap();
        for _ in 0..2 {
            site.remove_empty_folder(&folder).unwrap();
            assert!(!site.root().join("a/b").exists());
        }
        site.remove_empty_folder(&path("no/folder")).unwrap();
        assert!(site.root().join("a").exists());
    }

    #[test]
    fn bounds_what_it_reads() {
        let (_keep, site) = site();
        write(&site, "0.jwt", b"four").unwrap();
        let error = site.read(&path("0.jwt"), 3).unwrap_err();
        assert!(matches!(
            error,
            TargetError::Read(ReadError::TooLarge { limit: 3, .. })
        ));
    }

    #[test]
    fn only_the_last_folder_of_the_root_is_made() {
        let keep = tempfile::tempdir().unwrap();
        let missing = keep.path().join("a/b");
        for result in [Folder::open(&missing), Folder::create(&missing)] {
            let TargetError::Disk(error) = result.unwrap_err() else {
                panic!("another error");
            };
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
        }
        let file = keep.path().join("file");
        replace(&file, b"", Visibility::Public).unwrap();
        assert!(matches!(
            Folder::open(&file),
            Err(TargetError::NotAFolder(_))
        ));
        assert!(matches!(
            Folder::create(&file),
            Err(TargetError::NotAFolder(_))
        ));
        assert!(Folder::create(file.join("below")).is_err());
    }

    #[test]
    fn an_existing_root_keeps_its_mode_and_may_be_a_link() {
        let keep = tempfile::tempdir().unwrap();
        let release = keep.path().join("release");
        fs::create_dir(&release).unwrap();
        fs::set_permissions(&release, Permissions::from_mode(0o700)).unwrap();
        let current = keep.path().join("current");
        symlink("release", &current).unwrap();
        let site = Folder::create(&current).unwrap();
        write(&site, "0.jwt", b"x").unwrap();
        assert_eq!(fs::read(release.join("0.jwt")).unwrap(), b"x");
        assert_eq!(
            fs::metadata(&release).unwrap().permissions().mode() & 0o7777,
            0o700
        );
    }

    #[test]
    fn no_link_leads_out_of_the_site() {
        let (keep, site) = site();
        let outside = keep.path().join("outside");
        fs::create_dir(&outside).unwrap();
        replace(&outside.join("secret"), b"kept", Visibility::Secret).unwrap();
        symlink(&outside, site.root().join("folder")).unwrap();
        symlink("../outside/secret", site.root().join("file")).unwrap();
        symlink("../outside/new", site.root().join("dangling")).unwrap();
        symlink(".", site.root().join("inside")).unwrap();

        for name in [
            "folder/secret",
            "folder/new/0",
            "file",
            "dangling",
            "dangling/0",
            "inside/0",
        ] {
            let error = write(&site, name, b"x").unwrap_err();
            assert!(matches!(error, TargetError::Link(_)), "{name}: {error}");
            let error = site.read(&path(name), 10).unwrap_err();
            assert!(matches!(error, TargetError::Link(_)), "{name}: {error}");
            let error = site.remove(&path(name), Precondition::Anything);
            assert!(matches!(error, Err(TargetError::Link(_))), "{name}");
        }
        for name in ["folder", "inside", "folder/new"] {
            assert!(site.remove_empty_folder(&path(name)).is_err(), "{name}");
        }
        assert_eq!(fs::read(outside.join("secret")).unwrap(), b"kept");
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
        assert_eq!(fs::read_dir(site.root()).unwrap().count(), 4);
    }

    #[test]
    fn only_files_are_replaced_and_only_folders_entered() {
        let (_keep, site) = site();
        write(&site, "a/0", b"x").unwrap();
        let _listener = UnixListener::bind(site.root().join("socket")).unwrap();
        for name in ["a", "socket"] {
            let error = write(&site, name, b"x").unwrap_err();
            assert!(matches!(error, TargetError::NotAFile(_)), "{name}: {error}");
            let error = site.read(&path(name), 10).unwrap_err();
            assert!(matches!(error, TargetError::NotAFile(_)), "{name}: {error}");
        }
        let error = write(&site, "a/0/b", b"x").unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{} is not a folder", quote(site.root().join("a/0")))
        );
    }

    #[test]
    fn readers_and_writers_in_new_folders_meet_no_torn_file() {
        let (_keep, site) = site();
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let reader = || {
                while !done.load(Ordering::Relaxed) {
                    if let Some(seen) = site.read(&path("a/b/c/0"), 1 << 20).unwrap() {
                        assert_eq!(seen.len(), 100_000);
                        assert!(seen.iter().all(|byte| *byte == seen[0]));
                    }
                }
            };
            scope.spawn(reader);
            scope.spawn(reader);
            let writers: Vec<_> = (0..4_u8)
                .map(|number| {
                    let site = &site;
                    scope.spawn(move || {
                        for _ in 0..25 {
                            write(site, "a/b/c/0", &vec![number; 100_000]).unwrap();
                        }
                    })
                })
                .collect();
            let written = writers.into_iter().map(thread::ScopedJoinHandle::join);
            let all_written = written.flatten().count() == 4;
            done.store(true, Ordering::Relaxed);
            assert!(all_written);
        });
    }

    fn site() -> (tempfile::TempDir, Folder) {
        let keep = tempfile::tempdir().unwrap();
        let site = Folder::create(keep.path().join("site")).unwrap();
        (keep, site)
    }

    fn write(site: &Folder, name: &str, bytes: &[u8]) -> Result<(), TargetError> {
        site.write(&path(name), bytes, Precondition::Anything)
    }

    fn path(text: &str) -> SitePath {
        text.parse().unwrap()
    }

    #[test]
    fn what_cannot_be_looked_at_is_not_taken_for_absent() {
        let (_keep, site) = site();
        write(&site, "lists", b"no folder").unwrap();
        assert!(!site.contains(&path("0.jwt")).unwrap());
        assert!(site.contains(&path("lists/0.jwt")).is_err());
    }
}

//! What other users can do beside a file, and may have done.
//!
//! Whoever can write the folder of a file can put another in its place at any moment, so no look at
//! what lies there is a protection against them: hence [`open_folder`], which is to be told to
//! people. [`check_beside`] protects where others can make new files but not touch ours, as in
//! `/tmp`, and from what they left while the folder was open to them.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::{DiskError, folder_of};
use crate::wire::shell::quote;

/// A folder in which other users can replace files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OpenFolder {
    /// Its mode lets a group or everybody write, and no sticky bit keeps them from what is ours.
    Writable(PathBuf),
    /// It belongs to another user.
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// The number of that user.
        owner: u32,
    },
}

/// Says why what lies beside a file cannot be relied on.
#[derive(Debug, Error)]
pub enum BesideError {
    /// The operating system refused.
    #[error(transparent)]
    Disk(#[from] DiskError),

    /// A symbolic link, a folder or a device lies there.
    #[error("{} is not a regular file", quote(.0))]
    NotAFile(PathBuf),

    /// It belongs to another user.
    #[error("{} belongs to another user (uid {owner})", quote(path))]
    Foreign {
        /// What lies there.
        path: PathBuf,
        /// The number of that user.
        owner: u32,
    },

    /// It has another name too, by which it can be kept and brought back.
    #[error("{} has more than one name (hard links)", quote(.0))]
    Linked(PathBuf),
}

impl BesideError {
    /// Returns the path of what lies there.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Disk(error) => error.path(),
            Self::NotAFile(path) | Self::Foreign { path, .. } | Self::Linked(path) => path,
        }
    }
}

/// Looks at what belongs to a file and lies beside it, named as the file with these endings.
///
/// It must be a regular file with one name, of the user of this process, of root, or of whoever
/// owns the file.
///
/// # Errors
///
/// [`BesideError`] for the first that is not.
pub(crate) fn check_beside(file: &Path, endings: &[&str]) -> Result<(), BesideError> {
    let failed = |source| DiskError::new("look at", file, source);
    // What belongs to a linked file lies where the file itself is.
    let real = fs::canonicalize(file).map_err(failed)?;
    let owner = fs::metadata(&real).map_err(failed)?.uid();
    for path in beside(&real, endings) {
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(source) => return Err(DiskError::new("look at", path, source).into()),
        };
        if !metadata.is_file() {
            return Err(BesideError::NotAFile(path));
        }
        if !is_trusted(metadata.uid(), owner) {
            let owner = metadata.uid();
            return Err(BesideError::Foreign { path, owner });
        }
        if metadata.nlink() > 1 {
            return Err(BesideError::Linked(path));
        }
    }
    Ok(())
}

/// Returns what lies beside a path where a new file is to be made, under a name that would belong
/// to it: a rest of another file, which must not be applied to the new one.
pub(crate) fn found_beside(target: &Path, endings: &[&str]) -> Option<PathBuf> {
    beside(target, endings).find(|path| path.symlink_metadata().is_ok())
}

/// Returns the nearest folder around a file, or around a link to it, in which other users can
/// replace what is there.
///
/// That the folder itself belongs to somebody else counts, unless it is root or whoever owns the
/// file; and the modes of all folders, as with [`writable_folder`].
pub(crate) fn open_folder(file: &Path) -> Option<OpenFolder> {
    let owner = fs::metadata(file).ok()?.uid();
    let named = fs::canonicalize(folder_of(file)).ok()?;
    let real = fs::canonicalize(file).ok()?;
    let real = real.parent().unwrap_or(&named);
    open_among(real, owner).or_else(|| open_among(&named, owner))
}

fn open_among(folder: &Path, owner: u32) -> Option<OpenFolder> {
    let metadata = fs::metadata(folder).ok()?;
    if !is_trusted(metadata.uid(), owner) {
        return Some(OpenFolder::Foreign {
            folder: folder.to_owned(),
            owner: metadata.uid(),
        });
    }
    writable_folder(folder).map(OpenFolder::Writable)
}

/// Returns the nearest, of a folder and all above it, whose mode lets other users replace what is
/// in it. Those above count because a folder that is renamed takes along what is in it.
pub(crate) fn writable_folder(folder: &Path) -> Option<PathBuf> {
    let real = fs::canonicalize(folder).ok()?;
    real.ancestors()
        .find(|folder| fs::metadata(folder).is_ok_and(|metadata| lets_others_replace(&metadata)))
        .map(Path::to_owned)
}

fn lets_others_replace(folder: &Metadata) -> bool {
    let mode = folder.permissions().mode();
    mode & 0o022 != 0 && mode & 0o1000 == 0
}

fn is_trusted(user: u32, owner: u32) -> bool {
    [0, owner, rustix::process::geteuid().as_raw()].contains(&user)
}

fn beside(file: &Path, endings: &[&str]) -> impl Iterator<Item = PathBuf> {
    endings.iter().map(|ending| {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    })
}

#[cfg(test)]
mod tests {
    use std::{
        fs::Permissions,
        os::unix::fs::{chown, symlink},
    };

    use super::*;
    use crate::disk::{Visibility, replace};

    const ENDINGS: [&str; 2] = ["-one", "-two"];
    const STRANGER: u32 = 65_533;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn beside_a_file_only_regular_files_of_its_own_are_believed() {
        let root = tempfile::tempdir().unwrap();
        let [file, beside] = ["file", "file-two"].map(|name| root.path().join(name));
        replace(&file, b"", Visibility::Secret).unwrap();
        check_beside(&file, &ENDINGS).unwrap();
        assert_eq!(found_beside(&file, &ENDINGS), None);

        replace(&beside, b"", Visibility::Secret).unwrap();
        check_beside(&file, &ENDINGS).unwrap();
        assert_eq!(found_beside(&file, &ENDINGS), Some(beside.clone()));
        // Through a link it is the same.
        let link = root.path().join("link");
        symlink(&file, &link).unwrap();
        fs::hard_link(&beside, root.path().join("kept")).unwrap();
        for path in [&file, &link] {
            let error = check_beside(path, &ENDINGS).unwrap_err();
            assert!(matches!(error, BesideError::Linked(_)), "{error}");
        }
        fs::remove_file(&beside).unwrap();

        symlink("nowhere", &beside).unwrap();
        let error = check_beside(&file, &ENDINGS).unwrap_err();
        assert!(matches!(error, BesideError::NotAFile(_)), "{error}");
        assert_eq!(found_beside(&file, &ENDINGS), Some(beside.clone()));
        fs::remove_file(&beside).unwrap();
        fs::create_dir(&beside).unwrap();
        let error = check_beside(&file, &ENDINGS).unwrap_err();
        assert!(matches!(error, BesideError::NotAFile(_)), "{error}");
        fs::remove_dir(&beside).unwrap();

        replace(&beside, b"", Visibility::Secret).unwrap();
        // Only root can give a file away.
        if chown(&beside, Some(STRANGER), None).is_ok() {
            let error = check_beside(&file, &ENDINGS).unwrap_err();
            assert!(matches!(
                error,
                BesideError::Foreign {
                    owner: STRANGER,
                    ..
                }
            ));
            // Whoever owns the file may.
            chown(&file, Some(STRANGER), None).unwrap();
            check_beside(&file, &ENDINGS).unwrap();
        }
    }

    #[test]
    fn folders_that_others_can_write_are_found_up_to_the_root() {
        let root = tempfile::tempdir().unwrap();
        let base = fs::canonicalize(root.path()).unwrap();
        let folder = base.join("a/b");
        fs::create_dir_all(&folder).unwrap();
        for folder in [&base, &base.join("a"), &folder] {
            set_mode(folder, 0o755);
        }
        let file = folder.join("file");
        replace(&file, b"", Visibility::Secret).unwrap();
        // The machine's own folders may be open.
        let usual = open_folder(&file);
        for open in [folder.clone(), base.join("a")] {
            for mode in [0o775, 0o757, 0o777] {
                set_mode(&open, mode);
                let expected = Some(OpenFolder::Writable(open.clone()));
                assert_eq!(open_folder(&file), expected);
                assert_eq!(writable_folder(&folder), Some(open.clone()));
                set_mode(&open, 0o1000 | mode);
                assert_eq!(open_folder(&file), usual);
            }
            set_mode(&open, 0o755);
        }
        // A link in such a folder can be replaced, although the file cannot.
        let other = base.join("other");
        fs::create_dir(&other).unwrap();
        symlink(&file, other.join("link")).unwrap();
        assert_eq!(open_folder(&other.join("link")), usual);
        set_mode(&other, 0o777);
        let expected = Some(OpenFolder::Writable(other.clone()));
        assert_eq!(open_folder(&other.join("link")), expected);
        assert_eq!(open_folder(&file), usual);

        if chown(&folder, Some(STRANGER), None).is_ok() {
            let foreign = OpenFolder::Foreign {
                folder: folder.clone(),
                owner: STRANGER,
            };
            assert_eq!(open_folder(&file), Some(foreign));
            chown(&file, Some(STRANGER), None).unwrap();
            assert_eq!(open_folder(&file), usual);
        }
    }
}

//! What tells a file from its copies.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use sha2::{Digest as _, Sha256};

use super::{DiskError, folder_of, read_bounded};
use crate::wire::hex::hex;
use crate::wire::shell::quote;

/// Which file this is, which tells it from its copies: see [`FileIdentity::is`].
///
/// A rename within a file system keeps it, and so do links, another mount point and a reboot.
/// Whatever makes another file gives another identity: `cp`, `rsync`, an editor that writes beside and
/// renames, `git checkout`, the copy that a container makes of a file of its image.
///
/// What copies whole file systems (snapshots of volumes, images of disks, clones of virtual
/// machines) copies the identity too, and what writes another content into the same file keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileIdentity {
    /// The number of the file system. It is not compared, because it changes with the order in
    /// which disks are found.
    pub device: u64,
    /// The number that the file system gave the file.
    pub inode: u64,
    /// When the file was made, in nanoseconds since 1970, where that is known. A copy is made later
    /// than its original, and a number that is given again is given later.
    pub born: Option<i64>,
    /// The machine: where nobody knows when the file was made, because another file system may have
    /// given the same number; and beside a path.
    pub machine: Option<String>,
    /// The quoted path without symbolic links, on file systems that make the numbers of files up as
    /// they go along: there, machine and path count, and the rest does not.
    pub path: Option<String>,
}

/// Whether a file system keeps the inode of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inodes {
    /// It does.
    Kept,
    /// A file may have another one when it is next looked at.
    MadeUp,
}

impl FileIdentity {
    /// Says which file is at a path.
    ///
    /// # Errors
    ///
    /// Those of the operating system.
    pub fn of(path: &Path) -> Result<Self, DiskError> {
        Self::of_draft(path, path)
    }

    /// Says which file is going to be at a path that gets its name by a rename within its file system.
    ///
    /// # Errors
    ///
    /// Those of the operating system.
    pub fn of_draft(draft: &Path, target: &Path) -> Result<Self, DiskError> {
        let failed = |source| DiskError::new("look at", draft, source);
        let metadata = fs::metadata(draft).map_err(failed)?;
        let inodes = inodes(draft).map_err(failed)?;
        Self::new(&metadata, inodes, target).map_err(failed)
    }

    fn new(metadata: &Metadata, inodes: Inodes, name: &Path) -> io::Result<Self> {
        let (born, path) = match inodes {
            Inodes::Kept => (born(metadata), None),
            Inodes::MadeUp => (None, Some(quote(real_path(name)?))),
        };
        Ok(Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            born,
            machine: born.is_none().then(machine),
            path,
        })
    }

    /// Says whether both are one file. What only one of them knows tells them apart:
    /// nobody can say that it agrees.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.machine == other.machine
            && self.path == other.path
            && (self.path.is_some() || (self.inode, self.born) == (other.inode, other.born))
    }
}

/// When a file was made; nothing where the file system does not know it, or says 1970.
fn born(metadata: &Metadata) -> Option<i64> {
    let since = metadata.created().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_nanos())
        .ok()
        .filter(|born| *born > 0)
}

/// The path without symbolic links, also of a file that is not there yet.
fn real_path(path: &Path) -> io::Result<PathBuf> {
    match (fs::canonicalize(path), path.file_name()) {
        (Err(error), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
            Ok(fs::canonicalize(folder_of(path))?.join(name))
        }
        (real, _) => real,
    }
}

/// A name that this machine has alone: a hash, because the id itself should not leave the machine
/// (machine-id(5)). Where there is none, as on macOS and in many containers, the host's name.
pub(crate) fn machine() -> String {
    let id = ["/etc/machine-id", "/var/lib/dbus/machine-id"]
        .into_iter()
        .filter_map(|file| read_bounded(Path::new(file), 64).ok())
        .map(|bytes| bytes.trim_ascii_end().to_vec())
        .find(|id| id.len() == 32 && id.iter().all(u8::is_ascii_hexdigit))
        .unwrap_or_else(|| rustix::system::uname().nodename().to_bytes().to_vec());
    let digest = Sha256::new_with_prefix("statuslist/machine/1\n")
        .chain_update(id)
        .finalize();
    hex(&digest[..16])
}

/// FAT and exFAT have no inodes to store; of FUSE, 9p, SMB and the shared folders of virtual machines
/// some pass on what the other side has, and none says so. Overlayfs has those of the layer that a
/// file is written to, NFS those of the server.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn inodes(path: &Path) -> io::Result<Inodes> {
    /// The `f_type` of statfs(2), of which 32 bits count.
    const MADE_UP: [u32; 9] = [
        0x0000_4D44, // FAT
        0x2011_BAB0, // exFAT
        0x6573_5546, // FUSE, virtiofs
        0x0102_1997, // 9p
        0x0000_517B, // smbfs
        0xFF53_4D42, // CIFS
        0xFE53_4D42, // SMB 2 and 3
        0x786F_4256, // vboxsf
        0xBACB_ACBC, // hgfs
    ];
    let kind = i128::from(rustix::fs::statfs(path)?.f_type) & 0xFFFF_FFFF;
    if MADE_UP.iter().any(|known| i128::from(*known) == kind) {
        Ok(Inodes::MadeUp)
    } else {
        Ok(Inodes::Kept)
    }
}

/// As on Linux, by name.
#[cfg(target_vendor = "apple")]
fn inodes(path: &Path) -> io::Result<Inodes> {
    const MADE_UP: [&[u8]; 7] = [
        b"msdos", b"exfat", b"smbfs", b"webdav", b"macfuse", b"osxfuse", b"fuse-t",
    ];
    let name = rustix::fs::statfs(path)?.f_fstypename;
    let name: Vec<u8> = name
        .iter()
        .map(|byte| byte.to_ne_bytes()[0])
        .take_while(|byte| *byte != 0)
        .collect();
    if MADE_UP.contains(&name.as_slice()) {
        Ok(Inodes::MadeUp)
    } else {
        Ok(Inodes::Kept)
    }
}

/// Elsewhere they are taken for kept: a number that is made up anew is then taken for a copy, which
/// is the safe side.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn inodes(_: &Path) -> io::Result<Inodes> {
    Ok(Inodes::Kept)
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::symlink, process::Command};

    use super::*;
    use crate::disk::{Draft, Visibility, replace};

    fn run(program: &str, arguments: &[&Path]) {
        let status = Command::new(program).args(arguments).status().unwrap();
        assert!(status.success(), "{program} {arguments:?}");
    }

    #[test]
    fn a_copy_lives_elsewhere_and_a_renamed_or_linked_file_does_not() {
        let root = tempfile::tempdir().unwrap();
        let [file, copy, moved, hard, soft] =
            ["file", "copy", "moved", "hard", "soft"].map(|name| root.path().join(name));
        replace(&file, b"content", Visibility::Secret).unwrap();
        let home = FileIdentity::of(&file).unwrap();
        run("cp", &[Path::new("-p"), &file, &copy]);
        assert!(!FileIdentity::of(&copy).unwrap().is(&home));
        run("mv", &[&file, &moved]);
        assert!(FileIdentity::of(&moved).unwrap().is(&home));
        run("ln", &[&moved, &hard]);
        assert!(FileIdentity::of(&hard).unwrap().is(&home));
        symlink(&moved, &soft).unwrap();
        assert!(FileIdentity::of(&soft).unwrap().is(&home));
        let folder = root.path().join("folder");
        fs::create_dir(&folder).unwrap();
        run("mv", &[&hard, &folder]);
        run("mv", &[&folder, &root.path().join("renamed")]);
        let renamed = root.path().join("renamed/hard");
        assert!(FileIdentity::of(&renamed).unwrap().is(&home));
        // A copy that takes the place of the original.
        run("mv", &[&copy, &moved]);
        assert!(!FileIdentity::of(&moved).unwrap().is(&home));
    }

    #[test]
    fn a_number_that_is_given_again_is_another_home() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file");
        let mut homes: Vec<FileIdentity> = Vec::new();
        for _ in 0..5 {
            // The clock of a file system may tick a hundred times a second only.
            std::thread::sleep(std::time::Duration::from_millis(20));
            replace(&path, b"content", Visibility::Secret).unwrap();
            let home = FileIdentity::of(&path).unwrap();
            assert!(!homes.iter().any(|other| home.is(other)), "{home:?} twice");
            homes.push(home);
            fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn what_is_written_into_a_file_leaves_it_at_home() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file");
        replace(&path, b"content", Visibility::Secret).unwrap();
        let home = FileIdentity::of(&path).unwrap();
        run("cp", &[Path::new("/dev/null"), &path]);
        assert!(FileIdentity::of(&path).unwrap().is(&home));
    }

    #[test]
    fn a_draft_keeps_its_home_when_it_gets_its_name() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("target");
        let draft = Draft::beside(&target, Visibility::Secret).unwrap();
        let home = FileIdentity::of_draft(draft.path(), &target).unwrap();
        let file = fs::metadata(draft.path()).unwrap();
        let place = FileIdentity::new(&file, Inodes::MadeUp, &target).unwrap();
        draft.persist_new().unwrap();
        assert!(FileIdentity::of(&target).unwrap().is(&home));
        assert!(at_place(&target).is(&place));
    }

    fn at_place(path: &Path) -> FileIdentity {
        FileIdentity::new(&fs::metadata(path).unwrap(), Inodes::MadeUp, path).unwrap()
    }

    #[test]
    fn without_inodes_the_machine_and_the_real_path_count() {
        let root = tempfile::tempdir().unwrap();
        let [file, moved, soft] = ["file", "moved", "soft"].map(|name| root.path().join(name));
        replace(&file, b"content", Visibility::Secret).unwrap();
        symlink(&file, &soft).unwrap();
        let home = at_place(&file);
        assert!(at_place(&soft).is(&home));
        replace(&file, b"other", Visibility::Secret).unwrap();
        assert!(at_place(&file).is(&home));
        run("mv", &[&file, &moved]);
        assert!(!at_place(&moved).is(&home));
        let real = fs::canonicalize(root.path()).unwrap().join("file");
        assert_eq!(home.path, Some(quote(real)));
        let machine = home.machine.unwrap();
        assert_eq!(machine.len(), 32);
        let id = fs::read_to_string("/etc/machine-id").unwrap_or_default();
        assert!(id.trim().is_empty() || !machine.contains(id.trim()));
    }

    #[test]
    fn what_one_home_does_not_know_tells_it_from_another() {
        let whole = FileIdentity {
            device: 1,
            inode: 2,
            born: Some(3),
            machine: None,
            path: None,
        };
        let other_disk = FileIdentity {
            device: 9,
            ..whole.clone()
        };
        assert!(whole.is(&other_disk));
        let number_alone = FileIdentity {
            born: None,
            machine: Some("a".to_owned()),
            ..whole.clone()
        };
        let elsewhere = FileIdentity {
            machine: Some("b".to_owned()),
            ..number_alone.clone()
        };
        let place = FileIdentity {
            path: Some("'/p'".to_owned()),
            ..number_alone.clone()
        };
        let renumbered = FileIdentity {
            inode: 7,
            ..place.clone()
        };
        assert!(place.is(&renumbered));
        let all = [whole, number_alone, elsewhere, place];
        for (n, home) in all.iter().enumerate() {
            for (m, other) in all.iter().enumerate() {
                assert_eq!(home.is(other), n == m, "{home:?} {other:?}");
            }
        }
    }
}

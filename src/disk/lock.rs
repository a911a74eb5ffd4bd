//! The queue in which processes wait for each other: advisory locks on folders.
//!
//! The folder is locked, not the file: files are replaced by renaming, which leaves a lock on the
//! old one; and closing any second handle of an `SQLite` file would drop `SQLite`'s own locks.
//! Folder locks leave no file behind, end with the process however it ends, and are granted in the
//! order of asking, which polling would give up.

use std::{
    collections::BTreeMap,
    fs::{File, TryLockError},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use thiserror::Error;

use super::DiskError;
use crate::wire::shell::quote;

/// Says why the locks were not taken.
#[derive(Debug, Error)]
pub enum LockError {
    /// Somebody else holds one of the folders; the same request may succeed later.
    #[error(
        "{} is in use by another process (waited {waited:?})",
        quote(directory)
    )]
    Busy {
        /// The folder that is held.
        directory: PathBuf,
        /// The time that was granted for waiting.
        waited: Duration,
    },

    /// A folder does not exist or is not a folder.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// The locks that one command holds, released when dropped.
///
/// A command takes all its folders at once: a second call for the same folder in the same process
/// waits for the first like any other process.
#[derive(Debug)]
#[must_use = "the folders are locked only as long as this lives"]
pub(crate) struct DirectoryLocks {
    held: Vec<File>,
    unlocked: Vec<PathBuf>,
}

impl DirectoryLocks {
    /// Waits for its turn in all these folders, at most `wait` for all together.
    ///
    /// Folders that are one (device and inode) are locked once, and all are locked in the same
    /// order by every process, so that none waits for itself or in a circle. A folder that cannot
    /// be locked (unreadable, or on a file system that does not know such locks) is left unlocked:
    /// see [`DirectoryLocks::unlocked`].
    ///
    /// A waiter that gives up keeps its place in the queue until its turn comes, and then lets go
    /// at once.
    ///
    /// # Errors
    ///
    /// [`LockError::Busy`] when the time is over, after which nothing is held; [`LockError::Disk`]
    /// where a folder is missing.
    pub(crate) fn acquire<P: AsRef<Path>>(
        directories: &[P],
        wait: Duration,
    ) -> Result<Self, LockError> {
        let start = Instant::now();
        let mut unlocked = Vec::new();
        let mut distinct = BTreeMap::new();
        for directory in directories {
            let directory = non_empty(directory.as_ref());
            match open(directory)? {
                Some((identity, handle)) => {
                    distinct.entry(identity).or_insert((directory, handle));
                }
                None => unlocked.push(directory.to_owned()),
            }
        }

        let mut locks = Self {
            held: Vec::with_capacity(distinct.len()),
            unlocked,
        };
        for (directory, handle) in distinct.into_values() {
            match lock(handle, wait.saturating_sub(start.elapsed())) {
                Attempt::Locked(handle) => locks.held.push(handle),
                Attempt::NotOffered => locks.unlocked.push(directory.to_owned()),
                Attempt::Busy => {
                    return Err(LockError::Busy {
                        directory: directory.to_owned(),
                        waited: wait,
                    });
                }
            }
        }
        Ok(locks)
    }

    /// Returns the folders that could not be locked, in which nobody waits for anybody.
    pub(crate) fn unlocked(&self) -> &[PathBuf] {
        &self.unlocked
    }
}

impl Drop for DirectoryLocks {
    fn drop(&mut self) {
        for handle in &self.held {
            // Closing is not enough: a child process that is being started at this moment still has
            // a copy of the handle.
            let _ = handle.unlock();
        }
    }
}

enum Attempt {
    Locked(File),
    Busy,
    NotOffered,
}

/// Device and inode.
type FolderNumber = (u64, u64);

/// Opens a folder, or returns nothing if it is there but cannot be opened.
fn open(directory: &Path) -> Result<Option<(FolderNumber, File)>, DiskError> {
    let failed = |source| DiskError::new("open folder", directory, source);
    let handle = match File::open(directory) {
        Ok(handle) => handle,
        Err(source) if source.kind() == io::ErrorKind::PermissionDenied => return Ok(None),
        Err(source) => return Err(failed(source)),
    };
    let metadata = handle.metadata().map_err(failed)?;
    if !metadata.is_dir() {
        return Err(failed(io::ErrorKind::NotADirectory.into()));
    }
    Ok(Some(((metadata.dev(), metadata.ino()), handle)))
}

fn lock(handle: File, wait: Duration) -> Attempt {
    match handle.try_lock() {
        Ok(()) => return Attempt::Locked(handle),
        Err(TryLockError::WouldBlock) if wait.is_zero() => return Attempt::Busy,
        Err(TryLockError::WouldBlock) => (),
        Err(TryLockError::Error(_)) => return Attempt::NotOffered,
    }

    // The operating system's wait has no time limit, so it happens in a thread of its own. The
    // handle moves along: if nobody listens any more when the lock is granted, it is closed there,
    // which releases the lock.
    let (sender, receiver) = mpsc::sync_channel(1);
    let waiter = move || {
        let attempt = loop {
            match handle.lock() {
                Ok(()) => break Attempt::Locked(handle),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(_) => break Attempt::NotOffered,
            }
        };
        // Fails if the time was over.
        let _ = sender.send(attempt);
    };
    if thread::Builder::new()
        .name("lock".to_owned())
        .spawn(waiter)
        .is_err()
    {
        // No thread to be had: the machine is busy, and asking again may help.
        return Attempt::Busy;
    }
    receiver.recv_timeout(wait).unwrap_or(Attempt::Busy)
}

fn non_empty(directory: &Path) -> &Path {
    if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs, os::unix::fs::symlink, process::Command};

    use super::*;
    use crate::disk::{Visibility, replace};

    const LONG: Duration = Duration::from_mins(1);
    const SHORT: Duration = Duration::from_millis(50);

    #[test]
    fn the_same_folder_under_many_names_is_locked_once() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("folder");
        fs::create_dir(&folder).unwrap();
        let link = root.path().join("link");
        symlink(&folder, &link).unwrap();
        let dotted = folder.join("../folder/.");

        let locks = DirectoryLocks::acquire(
            &[folder.clone(), link, dotted, folder.clone()],
            Duration::ZERO,
        )
        .unwrap();
        assert!(locks.unlocked().is_empty());
        assert!(matches!(
            DirectoryLocks::acquire(&[&folder], Duration::ZERO),
            Err(LockError::Busy { .. })
        ));
        drop(locks);
        drop(DirectoryLocks::acquire(&[&folder], Duration::ZERO).unwrap());
    }

    #[test]
    fn gives_up_in_time_and_lets_go_of_the_rest() {
        let root = tempfile::tempdir().unwrap();
        let folders = ["a", "b"].map(|name| root.path().join(name));
        for folder in &folders {
            fs::create_dir(folder).unwrap();
        }
        for (held, free) in [(&folders[0], &folders[1]), (&folders[1], &folders[0])] {
            let holder = DirectoryLocks::acquire(&[held], LONG).unwrap();
            let error = DirectoryLocks::acquire(&folders, SHORT).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("{} is in use by another process (waited 50ms)", quote(held))
            );
            drop(DirectoryLocks::acquire(&[free], LONG).unwrap());
            // The one that gave up still stands in the queue, but does not keep what it gets.
            drop(holder);
            drop(DirectoryLocks::acquire(&folders, LONG).unwrap());
        }
    }

    #[test]
    fn waits_for_its_turn() {
        let folder = tempfile::tempdir().unwrap();
        let holder = DirectoryLocks::acquire(&[folder.path()], Duration::ZERO).unwrap();
        thread::scope(|scope| {
            let waiter = scope.spawn(|| DirectoryLocks::acquire(&[folder.path()], LONG).map(drop));
            thread::sleep(SHORT);
            assert!(!waiter.is_finished());
            drop(holder);
            waiter.join().unwrap().unwrap();
        });
    }

    #[test]
    fn missing_folders_are_errors() {
        let root = tempfile::tempdir().unwrap();
        let missing = root.path().join("missing");
        let error = DirectoryLocks::acquire(&[&missing], LONG).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot open folder {}", quote(&missing))
        );
        replace(&missing, b"", Visibility::Public).unwrap();
        assert!(matches!(
            DirectoryLocks::acquire(&[&missing], LONG),
            Err(LockError::Disk(_))
        ));
        // A list file given by its bare name lies in the folder "".
        drop(DirectoryLocks::acquire(&[""], LONG).unwrap());
    }

    #[test]
    fn opposite_orders_do_not_block_each_other() {
        let root = tempfile::tempdir().unwrap();
        let folders = ["a", "b", "c"].map(|name| root.path().join(name));
        for folder in &folders {
            fs::create_dir(folder).unwrap();
        }
        thread::scope(|scope| {
            for turn in 0..6 {
                let mut order = folders.clone();
                order.rotate_left(turn % 3);
                if turn >= 3 {
                    order.reverse();
                }
                scope.spawn(move || {
                    for _ in 0..30 {
                        drop(DirectoryLocks::acquire(&order, LONG).unwrap());
                    }
                });
            }
        });
    }

    #[test]
    fn no_count_of_threads_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let counter = folder.path().join("counter");
        replace(&counter, b"0", Visibility::Public).unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| count(folder.path()));
            }
        });
        assert_eq!(fs::read(&counter).unwrap(), b"160");
    }

    #[test]
    fn no_count_of_processes_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let counter = folder.path().join("counter");
        replace(&counter, b"0", Visibility::Public).unwrap();
        let mut children: Vec<_> = (0..4)
            .map(|_| {
                Command::new(env::current_exe().unwrap())
                    .args([
                        "--exact",
                        "disk::lock::tests::counting_process",
                        "--ignored",
                        "--quiet",
                    ])
                    .current_dir(folder.path())
                    .stdout(std::process::Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for child in &mut children {
            assert!(child.wait().unwrap().success());
        }
        assert_eq!(fs::read(&counter).unwrap(), b"80");
    }

    #[test]
    #[ignore = "run as a child of no_count_of_processes_is_lost"]
    fn counting_process() {
        if Path::new("counter").exists() {
            count(Path::new("."));
        }
    }

    fn count(folder: &Path) {
        let counter = folder.join("counter");
        for _ in 0..20 {
            let _locks = DirectoryLocks::acquire(&[folder], LONG).unwrap();
            let value: u32 = fs::read_to_string(&counter).unwrap().parse().unwrap();
            replace(
                &counter,
                (value + 1).to_string().as_bytes(),
                Visibility::Public,
            )
            .unwrap();
        }
    }
}

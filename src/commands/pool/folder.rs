//! Which files of a folder are a pool's.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::error::{PoolError, Unread, Unreadable};
use crate::disk::{DiskError, is_temporary};
use crate::store::{begins_a_list_file, looks_like_a_list_file};

/// The most list files that a pool may have: each is opened by every command.
const MOST: usize = 10_000;

/// The bytes by which a list file is known.
const BEGINNING: u64 = 100;

/// The files of a pool, by name.
pub(super) struct Listing {
    pub(super) list_files: Vec<PathBuf>,
    pub(super) unread: Vec<Rc<Unread>>,
}

/// What a file is to a pool.
enum Role {
    ListFile,
    Other,
    Unreadable(Unreadable),
}

impl Listing {
    /// Looks at each file of a folder. Nothing is opened but regular files, and none for longer than
    /// it takes to read how it begins.
    ///
    /// No list file may be open in this process: to close a second handle would drop its locks.
    pub(super) fn of(folder: &Path) -> Result<Self, PoolError> {
        let mut listing = Self {
            list_files: Vec::new(),
            unread: Vec::new(),
        };
        let failed = |source| DiskError::new("read folder", folder, source);
        for entry in fs::read_dir(folder).map_err(failed)? {
            let file = folder.join(entry.map_err(failed)?.file_name());
            match role(&file) {
                Role::ListFile if listing.list_files.len() == MOST => {
                    return Err(PoolError::TooMany {
                        folder: folder.to_owned(),
                        most: MOST,
                    });
                }
                Role::ListFile => listing.list_files.push(file),
                Role::Other => {}
                Role::Unreadable(reason) => listing.unread.push(Rc::new(Unread { file, reason })),
            }
        }
        listing.list_files.sort();
        listing
            .unread
            .sort_by(|one, other| one.file.cmp(&other.file));
        listing.refuse_one_file_twice()?;
        if listing.list_files.is_empty() && listing.unread.is_empty() {
            return Err(PoolError::Empty(folder.to_owned()));
        }
        Ok(listing)
    }

    fn refuse_one_file_twice(&self) -> Result<(), PoolError> {
        let mut seen = HashMap::new();
        for file in &self.list_files {
            let Ok(metadata) = fs::metadata(file) else {
                continue;
            };
            if let Some(first) = seen.insert((metadata.dev(), metadata.ino()), file) {
                return Err(PoolError::OneFile {
                    first: first.clone(),
                    second: file.clone(),
                });
            }
        }
        Ok(())
    }
}

/// What a file is to the pool in whose folder it lies.
fn role(file: &Path) -> Role {
    if is_temporary(file) {
        return Role::Other;
    }
    let is_meant = file.extension() == Some(OsStr::new("slist"));
    let foreign = |why| {
        if is_meant {
            Role::Unreadable(Unreadable::Foreign(why))
        } else {
            Role::Other
        }
    };
    let unreadable =
        |verb, source| Role::Unreadable(Unreadable::Disk(DiskError::new(verb, file, source)));
    let metadata = match fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match fs::symlink_metadata(file) {
                Ok(_) => foreign("it is a link that leads nowhere"),
                // It was removed since the folder was read.
                Err(_) => Role::Other,
            };
        }
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            return foreign("it is a link that leads to itself");
        }
        Err(error) => return unreadable("look at", error),
    };
    if metadata.is_dir() {
        return foreign("it is a folder");
    }
    if !metadata.is_file() {
        return foreign("it is no regular file");
    }
    match beginning(file) {
        Ok(None) => foreign("it is no regular file"),
        Ok(Some(bytes)) if begins_a_list_file(&bytes) => Role::ListFile,
        Ok(Some(bytes)) if bytes.is_empty() => foreign("it is empty"),
        Ok(Some(bytes)) if looks_like_a_list_file(&bytes) => {
            foreign("it is the database of another program")
        }
        Ok(Some(_)) => foreign("it is no SQLite database"),
        Err(error) => unreadable("read", error),
    }
}

/// How a file begins; nothing if something else than a regular file was put in its place since it
/// was looked at.
fn beginning(file: &Path) -> io::Result<Option<Vec<u8>>> {
    let nonblock = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
    // A pipe that takes its place is not waited for.
    let opened = File::options()
        .read(true)
        .custom_flags(nonblock)
        .open(file)?;
    if !opened.metadata().as_ref().is_ok_and(Metadata::is_file) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    opened.take(BEGINNING).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

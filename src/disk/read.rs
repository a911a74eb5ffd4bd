//! Reading whole files without trusting their size.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::DiskError;
use crate::wire::shell::quote;

/// What is reserved where the size is not known beforehand: enough for any key, so that no copy of
/// one stays behind in memory that was outgrown.
const USUAL: u64 = 64 * 1024;

/// Says why a file was not read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The operating system refused.
    #[error(transparent)]
    Disk(#[from] DiskError),

    /// The file holds more than the caller is prepared to hold.
    #[error("{} is larger than {limit} bytes", quote(path))]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The largest size, in bytes, that would have been read.
        limit: u64,
    },
}

impl ReadError {
    /// Says whether the file does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Disk(error) if error.kind() == io::ErrorKind::NotFound)
    }
}

/// Reads a whole file of at most `limit` bytes.
///
/// Pipes and devices are read too (`/dev/stdin`, a shell's process substitution), up to the same
/// bound; a pipe that nobody writes to is waited for.
///
/// # Errors
///
/// [`ReadError::TooLarge`] after `limit` + 1 bytes at most, else those of the operating system, of
/// which a folder is one.
pub(crate) fn read_bounded(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let file = File::open(path).map_err(|source| DiskError::new("open", path, source))?;
    let failed = |source| DiskError::new("read", path, source);

    let length = file.metadata().map_err(failed)?.len();
    // One more than the length, so that the end is found without growing.
    let room = length.max(USUAL).min(limit).saturating_add(1);
    let mut bytes = Vec::new();
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    let reserved = bytes.try_reserve_exact(room);
    reserved.map_err(|_| failed(io::ErrorKind::OutOfMemory.into()))?;

    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge {
            path: path.to_owned(),
            limit,
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{Visibility, replace};

    #[test]
    fn reads_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for length in [0, 1, 31, 70_000] {
            let content = vec![7; length];
            replace(&path, &content, Visibility::Public).unwrap();
            let limit = length as u64;
            assert_eq!(read_bounded(&path, limit).unwrap(), content);
            assert_eq!(read_bounded(&path, u64::from(u32::MAX)).unwrap(), content);
            if length > 0 {
                let error = read_bounded(&path, limit - 1).unwrap_err();
                assert_eq!(
                    error.to_string(),
                    format!("{} is larger than {} bytes", quote(&path), limit - 1)
                );
            }
        }
    }

    #[test]
    fn bounds_what_has_no_size() {
        let error = read_bounded(Path::new("/dev/zero"), 100_000).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { limit: 100_000, .. }));
        assert_eq!(read_bounded(Path::new("/dev/null"), 0).unwrap(), b"");
    }

    #[test]
    fn does_not_believe_a_sparse_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        replace(&path, b"", Visibility::Public).unwrap();
        let file = File::options().write(true).open(&path).unwrap();
        file.set_len(1 << 40).unwrap();
        assert!(matches!(
            read_bounded(&path, 10),
            Err(ReadError::TooLarge { .. })
        ));
    }

    #[test]
    fn a_folder_or_nothing_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = read_bounded(folder.path(), 10).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot read {}", quote(folder.path()))
        );
        assert!(!error.is_not_found());
        let missing = folder.path().join("missing");
        let error = read_bounded(&missing, 10).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot open {}", quote(&missing))
        );
        assert!(error.is_not_found());
    }
}

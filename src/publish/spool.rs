//! Bytes that wait until everything is decided.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use super::error::PublishError;
use crate::site::Digest;

/// The most bytes that wait in memory, but for the first.
const IN_MEMORY: usize = 16 << 20;

/// Keeps bytes until everything is decided: in memory while they are few, then in a file that has
/// no name and is gone with the process. Where no such file can be made or it is full, they stay in
/// memory. Only what is to be public comes here.
#[derive(Debug, Default)]
pub(crate) struct Spool {
    in_memory: usize,
    file: Option<File>,
    end: u64,
}

/// Bytes in a [`Spool`].
#[derive(Debug)]
pub(crate) enum Kept {
    Memory(Vec<u8>),
    File {
        offset: u64,
        length: usize,
        digest: Digest,
    },
}

impl Spool {
    /// Keeps these bytes.
    pub(crate) fn keep(&mut self, bytes: Vec<u8>) -> Kept {
        let fits = self.in_memory == 0 || self.in_memory + bytes.len() <= IN_MEMORY;
        if !fits && let Ok(kept) = self.append(&bytes) {
            return kept;
        }
        self.in_memory += bytes.len();
        Kept::Memory(bytes)
    }

    /// Reads bytes that were kept here.
    ///
    /// # Errors
    /// The file that holds them cannot be read, or holds others.
    pub(crate) fn read<'k>(&self, kept: &'k Kept) -> Result<Cow<'k, [u8]>, PublishError> {
        match kept {
            Kept::Memory(bytes) => Ok(Cow::Borrowed(bytes)),
            Kept::File {
                offset,
                length,
                digest,
            } => {
                let mut bytes = vec![0; *length];
                let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound);
                file.map_err(io::Error::from)
                    .and_then(|file| file.read_exact_at(&mut bytes, *offset))
                    .map_err(PublishError::Spool)?;
                if Digest::of(&bytes) != *digest {
                    let altered = io::Error::from(io::ErrorKind::InvalidData);
                    return Err(PublishError::Spool(altered));
                }
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Takes bytes that were kept here.
    ///
    /// # Errors
    /// As [`Spool::read`].
    pub(crate) fn take(&self, kept: Kept) -> Result<Vec<u8>, PublishError> {
        match kept {
            Kept::Memory(bytes) => Ok(bytes),
            Kept::File { .. } => self.read(&kept).map(Cow::into_owned),
        }
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<Kept> {
        let file = match &self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        file.write_all_at(bytes, self.end)?;
        let offset = self.end;
        self.end += bytes.len() as u64;
        Ok(Kept::File {
            offset,
            length: bytes.len(),
            digest: Digest::of(bytes),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back_wherever_it_waits() {
        let mut spool = Spool::default();
        let bytes = |value: u8| vec![value; IN_MEMORY / 2 - 1];
        let kept: Vec<_> = (0..5).map(|value| spool.keep(bytes(value))).collect();
        let in_file = |kept: &&Kept| matches!(kept, Kept::File { .. });
        assert_eq!(kept.iter().filter(in_file).count(), 3);
        for (kept, value) in kept.iter().zip(0..) {
            assert_eq!(*spool.read(kept).unwrap(), bytes(value));
        }
    }

    #[test]
    fn what_is_large_and_alone_waits_in_memory() {
        let mut spool = Spool::default();
        let kept = spool.keep(vec![1; 2 * IN_MEMORY]);
        assert!(matches!(kept, Kept::Memory(_)));
        assert!(matches!(spool.keep(vec![2]), Kept::File { .. }));
    }

    #[test]
    fn what_was_altered_in_the_file_is_refused() {
        let mut spool = Spool::default();
        let kept = [spool.keep(vec![1; IN_MEMORY]), spool.keep(vec![2; 10])];
        spool.file.as_ref().unwrap().write_all_at(&[3], 9).unwrap();
        assert!(spool.read(&kept[0]).is_ok());
        assert!(spool.read(&kept[1]).is_err());
    }
}

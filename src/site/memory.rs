//! A target in memory, for tests: what it takes to be one, and no folder.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::{Digest, Precondition, Promise, SitePath, Target, TargetError, Turn};
use crate::disk::LockError;

/// Files by their paths. Its turns do not exclude others.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) files: RefCell<BTreeMap<SitePath, Vec<u8>>>,
    /// What was written, in this order.
    pub(crate) log: RefCell<Vec<(SitePath, Vec<u8>)>>,
    /// What somebody else writes just before the file is written or removed.
    pub(crate) meddler: RefCell<Option<(SitePath, Vec<u8>)>>,
}

impl Target for Memory {
    fn root(&self) -> &Path {
        Path::new("memory:")
    }

    fn name(&self) -> String {
        "memory:".to_owned()
    }

    fn lock(&self, _: Duration) -> Result<Turn, LockError> {
        Ok(Turn::new(Promise::Shared, ()))
    }

    fn contains(&self, path: &SitePath) -> Result<bool, TargetError> {
        Ok(self.files.borrow().contains_key(path))
    }

    fn read(&self, path: &SitePath, _: u64) -> Result<Option<Vec<u8>>, TargetError> {
        Ok(self.files.borrow().get(path).cloned())
    }

    fn write(
        &self,
        path: &SitePath,
        bytes: &[u8],
        expected: Precondition,
    ) -> Result<(), TargetError> {
        self.check(path, expected)?;
        let mut files = self.files.borrow_mut();
        files.insert(path.clone(), bytes.to_vec());
        self.log.borrow_mut().push((path.clone(), bytes.to_vec()));
        Ok(())
    }

    fn remove(&self, path: &SitePath, expected: Precondition) -> Result<(), TargetError> {
        self.check(path, expected)?;
        self.files.borrow_mut().remove(path);
        Ok(())
    }
}

impl Memory {
    /// Makes sure that what is there is as expected, once somebody else wrote it.
    fn check(&self, path: &SitePath, expected: Precondition) -> Result<(), TargetError> {
        let meddler = self.meddler.borrow_mut().take_if(|(at, _)| at == path);
        let mut files = self.files.borrow_mut();
        files.extend(meddler);
        let found = files.get(path);
        let is_expected = match expected {
            Precondition::Anything => true,
            Precondition::Absent => found.is_none(),
            Precondition::Same(digest) => found.is_some_and(|found| Digest::of(found) == digest),
        };
        if is_expected {
            Ok(())
        } else {
            Err(TargetError::Changed(self.locate(path)))
        }
    }
}

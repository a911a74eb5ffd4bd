//! The keys under which token ids, notes and requests stand in the chain.
//!
//! A bare hash of a token id could be guessed from for as long as the chain exists, even where
//! the id was removed. So from format 2 on the chain covers the HMAC-SHA-256 of it under a random
//! key: one key per list for token ids and the notes of changes, one per revision for its own
//! note and its request. A purge destroys texts with their key, keeps their HMACs (table `sealed`),
//! and the chain can still be verified (`purge`, `sealed`). The list has another key from then on:
//! what is written after the purge stands in the chain under it, and what came before by the codes
//! that were kept, which nobody can compare a guess with any more.
//!
//! Keys are secrets, as seeds are: they are in no output, log or error.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, params};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::chain::Hash;
use super::error::StoreError;
use super::query::{one, write};
use crate::list::{EntryId, GroupName, ListNumber, TokenId};

/// 32 secret bytes. Wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Key([u8; 32]);

/// What stands in the chain by its HMAC. The name keeps one from being taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secret {
    /// The bytes of a token id.
    TokenId,
    /// The note of a change or of a revision.
    Note,
    /// The SHA-256 of a request, which names token ids and notes.
    Request,
    /// The index of an entry and the name of its group: entries of one group have nothing in
    /// common once the key is gone.
    Group,
}

/// A key that is ready for many values.
pub(super) struct Sealer(Hmac<Sha256>);

/// The keys of lists, read when they are needed.
pub(super) struct ListKeys<'c> {
    connection: &'c Connection,
    known: BTreeMap<ListNumber, Sealer>,
}

impl Key {
    /// Draws a key.
    pub(super) fn random() -> Result<Self, StoreError> {
        let mut key = Self([0; 32]);
        getrandom::fill(&mut key.0).map_err(StoreError::NoRandomness)?;
        Ok(key)
    }

    /// Writes it down as the key of a list.
    pub(super) fn keep_for(
        &self,
        connection: &Connection,
        list: ListNumber,
    ) -> Result<(), StoreError> {
        write(
            connection,
            "INSERT INTO chain_key (list_id, key) VALUES (?1, ?2)",
            params![list.value(), self.0],
        )
    }

    /// Writes it down in place of the key that a list had.
    pub(super) fn replace_for(
        &self,
        connection: &Connection,
        list: ListNumber,
    ) -> Result<(), StoreError> {
        write(
            connection,
            "UPDATE chain_key SET key = ?2 WHERE list_id = ?1",
            params![list.value(), self.0],
        )
    }

    /// Writes it down as the key of a revision.
    pub(super) fn keep_for_revision(
        &self,
        connection: &Connection,
        rev: i64,
    ) -> Result<(), StoreError> {
        write(
            connection,
            "INSERT INTO revision_key (rev, key) VALUES (?1, ?2)",
            params![rev, self.0],
        )
    }

    /// The key of a revision; none if it was made in format 1.
    pub(super) fn of_revision(
        connection: &Connection,
        rev: i64,
    ) -> Result<Option<Self>, StoreError> {
        one(
            connection,
            "SELECT key FROM revision_key WHERE rev = ?1",
            params![rev],
            |row| Ok(Self(row.get(0)?)),
        )
    }

    /// Makes it ready.
    pub(super) fn sealer(&self) -> Sealer {
        // One block, so that it is taken as it is: a key of 32 bytes is padded with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let sealer = Sealer(Hmac::new(&block.into()));
        block.zeroize();
        sealer
    }
}

impl Secret {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::TokenId => b"token id\0",
            Self::Note => b"note\0",
            Self::Request => b"request\0",
            Self::Group => b"group\0",
        }
    }
}

impl Sealer {
    /// The HMAC of a value.
    pub(super) fn seal(&self, kind: Secret, bytes: &[u8]) -> Hash {
        let mut mac = self.0.clone();
        mac.update(kind.name());
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

impl<'c> ListKeys<'c> {
    pub(super) const fn new(connection: &'c Connection) -> Self {
        Self {
            connection,
            known: BTreeMap::new(),
        }
    }

    /// How a token id of a list stands in the chain.
    pub(super) fn token_id(
        &mut self,
        list: ListNumber,
        token: &TokenId,
    ) -> Result<Hash, StoreError> {
        Ok(self.of(list)?.seal(Secret::TokenId, &token.to_bytes()))
    }

    /// How the group of an entry stands in the chain.
    pub(super) fn group(&mut self, entry: EntryId, group: &GroupName) -> Result<Hash, StoreError> {
        let index = entry.index.value().to_be_bytes();
        let bytes = [&index[..], &group.to_bytes()].concat();
        Ok(self.of(entry.list)?.seal(Secret::Group, &bytes))
    }

    /// How the note of a change stands in the chain.
    pub(super) fn note(&mut self, list: ListNumber, note: &str) -> Result<Hash, StoreError> {
        Ok(self.of(list)?.seal(Secret::Note, note.as_bytes()))
    }

    fn of(&mut self, list: ListNumber) -> Result<&Sealer, StoreError> {
        use std::collections::btree_map::Entry;
        match self.known.entry(list) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let key = one(
                    self.connection,
                    "SELECT key FROM chain_key WHERE list_id = ?1",
                    params![list.value()],
                    |row| Ok(Key(row.get(0)?)),
                )?
                .ok_or_else(|| {
                    StoreError::Corrupt(format!("list {list} has no key for the chain"))
                })?;
                Ok(place.insert(key.sealer()))
            }
        }
    }
}

//! The public keys that a site shows, and for how long.
//!
//! A key is shown from before the first token that it signs until the last `exp` that was signed
//! with it has passed: a cache may hold that token so long. The manifest remembers both times. What
//! it does not know of, because another made the `jwks.json`, stays until somebody drops it. A key
//! that was dropped is remembered, so that no old `jwks.json` brings it back.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::error::{KeyFault, PublishError};
use super::key::NamedKey;
use super::rules::{Permission, Rules};
use crate::list::Timestamp;
use crate::sign::{KeyError, KeySet, PublicKey};
use crate::site::{Manifest, PublicJwk, ShownKey, SitePath, Target};

/// The file with the public keys.
pub(crate) const KEYS: &str = "jwks.json";

/// The most bytes of it that are read, and more than a key set may have.
const LIMIT: u64 = 2 << 20;

/// The most keys that a manifest is read with.
const MOST: usize = 1024;

/// The keys of a site: each once under one name.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyTable {
    rows: Vec<KeyRow>,
    /// The last `exp` of tokens of which nobody knows by which key they are.
    unknown_until: Option<i64>,
}

/// A key that a site shows under one name, or shows no more.
#[derive(Clone, Debug)]
pub(crate) struct KeyRow {
    /// The key with this name.
    pub(crate) key: PublicKey,
    pub(crate) since: i64,
    pub(crate) until: Option<i64>,
    pub(crate) announced: Option<i64>,
    pub(crate) dropped: Option<i64>,
}

/// A use of a key: a token that it signed.
#[derive(Clone, Debug)]
pub(crate) struct KeyUse {
    /// The key, as tokens call it.
    pub(crate) key: PublicKey,
    pub(crate) until: i64,
}

impl KeyTable {
    /// The keys that a manifest names, and those that are in the site without it.
    ///
    /// # Errors
    /// One is none, or private; or the site cannot be read.
    pub(crate) fn of(manifest: &Manifest, target: &dyn Target) -> Result<Self, PublishError> {
        let bad = |path: &SitePath, source| PublishError::Keys {
            file: target.locate(path),
            source,
        };
        let own = SitePath::manifest();
        let rows = manifest.keys.iter().map(KeyRow::read);
        let rows = rows.collect::<Result<Vec<_>, _>>();
        let unknown = manifest
            .entries
            .values()
            .filter(|entry| entry.key.is_none());
        let mut table = Self {
            rows: rows.map_err(|source| bad(&own, source))?,
            unknown_until: unknown.filter_map(|entry| entry.expires_at).max(),
        };
        let path: SitePath = KEYS.parse().map_err(PublishError::SideFile)?;
        if let Some(found) = target.read(&path, LIMIT)? {
            let since = manifest
                .entries
                .get(&path)
                .map_or(0, |entry| entry.issued_at);
            let set = KeySet::parse(&found).map_err(|source| bad(&path, source))?;
            for key in set.keys() {
                if !table.is_dropped(key) {
                    table.row(key, since);
                }
            }
        }
        Ok(table)
    }

    /// The records for the manifest.
    ///
    /// # Errors
    /// There are more than are read back.
    pub(crate) fn records(&self) -> Result<Vec<ShownKey>, KeyError> {
        if self.rows.len() > MOST {
            return Err(KeyError::TooManyKeys);
        }
        let mut records = Vec::new();
        for row in &self.rows {
            records.push(row.record()?);
        }
        records.sort_by(|one, other| one.jwk.cmp(&other.jwk));
        Ok(records)
    }

    /// The keys that are shown: those that sign before those that are announced, and the newest
    /// first.
    pub(crate) fn shown(&self) -> Vec<&KeyRow> {
        let mut rows: Vec<_> = self
            .rows
            .iter()
            .filter(|row| row.dropped.is_none())
            .collect();
        rows.sort_by_cached_key(|row| {
            let waits = row.announced.is_some() && row.until.is_none();
            let name = row.key.key_id().to_owned();
            (
                waits,
                Reverse(row.since),
                name,
                row.key.thumbprint().to_owned(),
            )
        });
        rows
    }

    /// All keys, those that were dropped too.
    pub(crate) fn rows(&self) -> &[KeyRow] {
        &self.rows
    }

    /// The one key that a name or a thumbprint stands for.
    ///
    /// # Errors
    /// No key has it, or several.
    pub(crate) fn find(&self, name: &str) -> Result<&PublicKey, PublishError> {
        let is_meant = |row: &&KeyRow| row.key.key_id() == name || row.key.thumbprint() == name;
        let found: Vec<_> = self.rows.iter().filter(is_meant).collect();
        let thumbprints: BTreeSet<_> = found.iter().map(|row| row.key.thumbprint()).collect();
        let fault = match (found.first(), thumbprints.len()) {
            (Some(row), 1) => return Ok(&row.key),
            (Some(_), _) => KeyFault::Several(thumbprints.into_iter().map(str::to_owned).collect()),
            (None, _) => {
                let shown = self.shown().into_iter();
                KeyFault::Unknown(shown.map(|row| row.key.key_id().to_owned()).collect())
            }
        };
        Err(fault.of(name))
    }

    /// Whether a key was announced here.
    pub(crate) fn announces(&self, key: &PublicKey) -> bool {
        let mut rows = self.rows.iter().filter(|row| row.key == *key);
        rows.any(|row| row.announced.is_some() && row.dropped.is_none())
    }

    /// Refuses a key that must not sign: it was dropped, is being dropped, or was announced so
    /// lately that readers may not know it.
    ///
    /// # Errors
    /// It must not.
    pub(crate) fn refuse_signer(
        &self,
        key: &NamedKey,
        ttl: u64,
        rules: &Rules,
    ) -> Result<(), PublishError> {
        if rules.keys.dropped.as_ref() == Some(&key.public) {
            return Err(KeyFault::StillSigns.of(&key.id));
        }
        let mut rows = self.rows.iter().filter(|row| row.key == key.public);
        if rules.new_key == Permission::Granted {
            return Ok(());
        }
        if let Some(at) = rows.clone().find_map(|row| row.dropped) {
            return Err(KeyFault::Dropped(Timestamp::from_second(at)).of(&key.id));
        }
        let waits = |row: &KeyRow| row.until.is_none() && row.announced.is_some();
        if rules.keys.dropped.is_some() || !rows.clone().all(waits) {
            return Ok(());
        }
        let Some(announced) = rows.find_map(|row| row.announced) else {
            return Ok(());
        };
        let from = announced.saturating_add(i64::try_from(ttl).unwrap_or(i64::MAX));
        if rules.now.second() < from {
            let announced = Timestamp::from_second(announced);
            let from = Timestamp::from_second(from);
            return Err(KeyFault::TooEarly { announced, from }.of(&key.id));
        }
        Ok(())
    }

    /// Enters the keys that sign, and those that are announced.
    ///
    /// # Errors
    /// One that is announced was dropped.
    pub(crate) fn enter(&mut self, uses: &[KeyUse], rules: &Rules) -> Result<(), PublishError> {
        let now = rules.now.second();
        for KeyUse { key, until } in uses {
            let unknown_until = self.unknown_until;
            for row in self.rows.iter_mut().filter(|row| row.key == *key) {
                // Whoever signs with it all the same has it back under each of its names.
                row.dropped = None;
            }
            let row = self.row(key, now);
            row.until = row.until.or(unknown_until).max(Some(*until));
        }
        for announced in &rules.keys.announced {
            if self.is_dropped(&announced.public)
                || rules.keys.dropped.as_ref() == Some(&announced.public)
            {
                return Err(KeyFault::Announced.of(&announced.id));
            }
            let key = announced.public.clone().named(&announced.id);
            if !self.rows.iter().any(|row| row.is(&key)) {
                self.row(&key, now).announced = Some(now);
            }
        }
        Ok(())
    }

    /// Takes a key out for good, under all its names.
    pub(crate) fn take_out(&mut self, key: &PublicKey, now: Timestamp) {
        for row in self.rows.iter_mut().filter(|row| row.key == *key) {
            row.dropped = row.dropped.or(Some(now.second()));
            (row.until, row.announced) = (None, None);
        }
    }

    /// Forgets the keys of which every token has expired.
    pub(crate) fn forget_expired(&mut self, uses: &[KeyUse], now: Timestamp) {
        self.rows.retain(|row| {
            let is_used = uses.iter().any(|used| row.is(&used.key));
            is_used || row.until.is_none_or(|until| until >= now.second())
        });
    }

    fn is_dropped(&self, key: &PublicKey) -> bool {
        let mut rows = self.rows.iter().filter(|row| row.key == *key);
        rows.any(|row| row.dropped.is_some())
    }

    /// The row of a key under its name, which is made if there is none.
    fn row(&mut self, key: &PublicKey, since: i64) -> &mut KeyRow {
        let place = self.rows.iter().position(|row| row.is(key));
        let place = place.unwrap_or_else(|| {
            self.rows.push(KeyRow {
                key: key.clone().named(key.key_id()),
                since,
                until: None,
                announced: None,
                dropped: None,
            });
            self.rows.len() - 1
        });
        &mut self.rows[place]
    }
}

impl KeyRow {
    fn read(shown: &ShownKey) -> Result<Self, KeyError> {
        // The same reader as for every other key: what is no public key is refused.
        let jwk = serde_json::to_vec(&shown.jwk).map_err(|_| KeyError::NotAKey)?;
        Ok(Self {
            key: PublicKey::parse(&jwk)?,
            since: shown.since,
            until: shown.until,
            announced: shown.announced,
            dropped: shown.dropped,
        })
    }

    fn record(&self) -> Result<ShownKey, KeyError> {
        let jwk = serde_json::from_value::<PublicJwk>(self.key.to_jwk());
        Ok(ShownKey {
            jwk: jwk.map_err(|_| KeyError::NotAKey)?,
            since: self.since,
            until: self.until,
            announced: self.announced,
            dropped: self.dropped,
        })
    }

    /// Whether it is this key under this name.
    fn is(&self, key: &PublicKey) -> bool {
        self.key == *key && self.key.key_id() == key.key_id()
    }
}

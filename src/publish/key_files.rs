//! The files that show the keys of a site: `jwks.json`, and the `did.json` of `did:web` issuers.
//!
//! A key must be readable before the first token that it signed, and stay until the last is gone. So
//! what adds keys is written before the tokens, and what takes keys away after them; where both
//! happen at once, the tokens are written while the files show both.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::error::{Conflict, PublishError};
use super::file::{Content, SiteFile, line};
use super::keys::{KEYS, KeyTable, KeyUse};
use super::rules::Rules;
use super::side_files::{LIMIT, SideFile};
use super::site::Site;
use super::spool::Spool;
use crate::list::Series;
use crate::sign::{ControllerDocument, DidWeb, KeySet, PublicKey};
use crate::site::{Digest, ShownKey, SitePath};

const SET: &str = "application/jwk-set+json";
const DID: &str = "application/did+json";

/// What becomes of the files that show keys.
#[derive(Default)]
pub(crate) struct KeyPlan {
    pub(crate) files: Vec<SiteFile>,
    /// What they show while tokens are written, if that is neither what they show before nor
    /// after.
    pub(crate) interim: Vec<SiteFile>,
    pub(crate) order: KeyOrder,
    /// What the manifest says of keys while tokens are written.
    pub(crate) meanwhile: Vec<ShownKey>,
    /// And then.
    pub(crate) afterwards: Vec<ShownKey>,
}

/// When the files that show keys are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum KeyOrder {
    /// Before the tokens: no key leaves.
    #[default]
    BeforeTokens,
    /// After the tokens: a key leaves.
    AfterTokens,
    /// The same, once the manifest says that a key was dropped: else the next run would show it.
    AfterManifest,
}

/// What shows keys, and from which state of a list file.
pub(crate) struct KeySource<'a> {
    pub(crate) series: &'a Series,
    pub(crate) chain: Digest,
}

impl KeyPlan {
    /// Decides about the files. `uses` are the tokens that the site has of these sources.
    ///
    /// # Errors
    /// A key that must not be shown, what is there is not ours, or the site cannot be read.
    pub(crate) fn new(
        sources: &[KeySource<'_>],
        uses: &[KeyUse],
        site: &Site<'_>,
        rules: &Rules,
        spool: &mut Spool,
    ) -> Result<Self, PublishError> {
        let mut table = site.keys.clone();
        let failed = |source| PublishError::Keys {
            file: site.target().map_or_else(Default::default, |target| {
                target.locate(&SitePath::manifest())
            }),
            source,
        };
        if sources.is_empty() && rules.keys.dropped.is_none() {
            let records = table.records().map_err(failed)?;
            return Ok(Self {
                meanwhile: records.clone(),
                afterwards: records,
                ..Self::default()
            });
        }
        table.enter(uses, rules)?;
        let interim = keys_of(&table);
        if let Some(key) = &rules.keys.dropped {
            table.take_out(key, rules.now);
        }
        let meanwhile = table.records().map_err(failed)?;
        table.forget_expired(uses, rules.now);
        let keys = keys_of(&table);
        let leaves = interim.len() > keys.len();
        let documents = documents(sources, site, rules)?;
        let found = found_keys(site)?;
        let arrives = keys.iter().any(|key| !holds(&found, key));
        let order = match (&rules.keys.dropped, leaves) {
            (_, false) => KeyOrder::BeforeTokens,
            (None, true) => KeyOrder::AfterTokens,
            (Some(_), true) => KeyOrder::AfterManifest,
        };
        let mut plan = Self {
            order,
            meanwhile,
            afterwards: table.records().map_err(failed)?,
            ..Self::default()
        };
        let shown = Shown {
            passing: (leaves && arrives).then_some(interim),
            keys,
            found,
        };
        for document in documents {
            plan.add(&document, &shown, site, rules, spool)?;
        }
        Ok(plan)
    }

    fn add(
        &mut self,
        document: &KeyDocument,
        shown: &Shown,
        site: &Site<'_>,
        rules: &Rules,
        spool: &mut Spool,
    ) -> Result<(), PublishError> {
        let mut file = document.file(&shown.keys);
        // A run that ended early left the set that is there, and what goes with it.
        file.interrupted = Some(line(&document.content(&shown.found)));
        let mut file = file.decide(site, rules, spool)?;
        let there = site.read(&file.path, LIMIT)?;
        if let (Some(content), Some(passing)) = (&mut file.write, &shown.passing) {
            let bytes = line(&document.content(passing));
            if there.as_ref() != Some(&bytes) {
                let media_type = document.media_type();
                let path = document.path.clone();
                let mut interim = SiteFile::new(path, &bytes, media_type, document.chain);
                content.expected = site.expects(Some(&bytes));
                interim.write = Some(Content {
                    bytes: spool.keep(bytes),
                    expected: site.expects(there.as_deref()),
                });
                self.interim.push(interim);
            }
        }
        self.files.push(file);
        Ok(())
    }
}

/// What the files show of keys.
struct Shown {
    /// In the end.
    keys: Vec<PublicKey>,
    /// While tokens are written, where that is neither what is there nor what comes.
    passing: Option<Vec<PublicKey>>,
    /// Now.
    found: Vec<PublicKey>,
}

/// A file that shows keys.
struct KeyDocument {
    path: SitePath,
    /// Whose keys they are, if it is a DID document.
    did: Option<DidWeb>,
    chain: Digest,
}

impl KeyDocument {
    fn media_type(&self) -> &'static str {
        if self.did.is_some() { DID } else { SET }
    }

    fn content(&self, keys: &[PublicKey]) -> Value {
        let Some(did) = &self.did else {
            let set: Vec<Value> = keys.iter().map(PublicKey::to_jwk).collect();
            return json!({ "keys": set });
        };
        // There each key is named by itself.
        let mut named = BTreeSet::new();
        let keys = keys.iter().filter(|key| named.insert(key.thumbprint()));
        did.document(&keys.cloned().collect::<Vec<_>>())
    }

    fn file(&self, keys: &[PublicKey]) -> SideFile {
        let content = self.content(keys);
        SideFile::new(self.path.clone(), &content, self.media_type(), self.chain)
    }
}

/// The files of these sources, and those of others that are in the site.
fn documents(
    sources: &[KeySource<'_>],
    site: &Site<'_>,
    rules: &Rules,
) -> Result<Vec<KeyDocument>, PublishError> {
    let path: SitePath = KEYS.parse().map_err(PublishError::SideFile)?;
    let entered = site.entry(&path).map(|entry| entry.chain);
    let chain = sources.first().map(|source| source.chain).or(entered);
    let mut documents: Vec<_> = chain
        .map(|chain| KeyDocument {
            path,
            did: None,
            chain,
        })
        .into_iter()
        .collect();
    for KeySource { series, chain } in sources {
        if series.has_credentials()
            && let Ok(did) = series.issuer.parse::<DidWeb>()
            && let Ok(path) = SitePath::own(did.document_url(), site.base)
        {
            documents.push(KeyDocument {
                path,
                did: Some(did),
                chain: *chain,
            });
        }
    }
    documents.extend(documents_of_others(site, rules)?);
    let mut known = BTreeSet::new();
    documents.retain(|document| known.insert(document.path.clone()));
    Ok(documents)
}

/// The DID documents that the site has: they show the same keys.
fn documents_of_others(site: &Site<'_>, rules: &Rules) -> Result<Vec<KeyDocument>, PublishError> {
    let mut documents = Vec::new();
    for (path, entry) in site.entries() {
        if entry.media_type != DID {
            continue;
        }
        let Some(found) = site.read(path, LIMIT)? else {
            continue;
        };
        let did = ControllerDocument::parse(&found)
            .ok()
            .and_then(|document| document.id().parse::<DidWeb>().ok());
        match did.filter(|_| entry.matches(&found)) {
            Some(did) => documents.push(KeyDocument {
                path: path.clone(),
                did: Some(did),
                chain: entry.chain,
            }),
            // A key that was dropped may be in it.
            None if rules.keys.dropped.is_some() => {
                return Err(Conflict::NotAsDescribed.at(path));
            }
            None => {}
        }
    }
    Ok(documents)
}

/// The keys that the site's key set has now, in their order.
fn found_keys(site: &Site<'_>) -> Result<Vec<PublicKey>, PublishError> {
    let path: SitePath = KEYS.parse().map_err(PublishError::SideFile)?;
    let found = site.read(&path, LIMIT)?.unwrap_or_default();
    // It was read before.
    Ok(KeySet::parse(&found).map_or_else(|_| Vec::new(), |set| set.keys().to_vec()))
}

fn keys_of(table: &KeyTable) -> Vec<PublicKey> {
    let shown = table.shown().into_iter();
    shown.map(|row| row.key.clone()).collect()
}

fn holds(keys: &[PublicKey], key: &PublicKey) -> bool {
    let mut keys = keys.iter();
    keys.any(|known| known == key && known.key_id() == key.key_id())
}

//! What credentials embed of an entry.

use serde_json::{Map, Value, json};

use crate::commands::options::ViewName;
use crate::list::View;
use crate::store::Snapshot;
use crate::token::w3c::CredentialView;
use crate::token::{cwt_reference, jwt_reference, oa_ocsp};
use crate::wire::hex::hex;

/// What a credential embeds of an entry, by view.
#[derive(Debug)]
pub(super) struct References(Vec<(View, Value)>);

impl References {
    /// Writes for each view of a list, named with its uri, what a credential embeds that is to be
    /// found there. JSON has no byte strings, so CBOR is written in hexadecimal digits.
    pub(super) fn of(snapshot: &Snapshot<'_>, uris: &[(String, String)], index: u32) -> Self {
        let (series, register) = (snapshot.series(), snapshot.register());
        let index = u64::from(index);
        let reference = |view: View| {
            let (_, uri) = uris.iter().find(|(name, _)| name == view.name())?;
            let value = match view {
                View::Jwt => jwt_reference(index, uri),
                View::Cwt => json!({ "status_hex": hex(&cwt_reference(index, uri)) }),
                View::OaOcsp => oa_ocsp::reference(uri),
                _ => CredentialView::new(series, register, view)?.status_entry(uri, index),
            };
            Some((view, value))
        };
        Self(series.forms().into_iter().filter_map(reference).collect())
    }

    /// All of them: `credentialStatus` holds those of all W3C views.
    pub(super) fn claims(&self) -> Map<String, Value> {
        let mut claims = Map::new();
        for (view, reference) in &self.0 {
            if view.family().is_w3c() {
                let entries = claims
                    .entry("credentialStatus")
                    .or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(entries) = entries {
                    entries.push(reference.clone());
                }
            } else {
                claims.insert(view.name().to_owned(), reference.clone());
            }
        }
        claims
    }

    /// What a credential embeds for these views: one value, or an array of several.
    pub(super) fn claim(&self, name: ViewName) -> Value {
        let mut meant: Vec<Value> = self
            .0
            .iter()
            .filter(|(view, _)| name.means(*view))
            .map(|(_, reference)| reference.clone())
            .collect();
        match meant.len() {
            1 => meant.swap_remove(0),
            _ => meant.into(),
        }
    }
}

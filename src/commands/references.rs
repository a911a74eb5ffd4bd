//! What credentials embed of an entry, as it is printed.

use serde_json::{Map, Value, json};

use crate::commands::options::ViewName;
use crate::list::{Embedding, ListUri, Series, View};
use crate::token::{Embedded, Writer};
use crate::wire::hex::hex;

/// What a credential embeds of an entry, by view.
#[derive(Debug)]
pub(super) struct References(Vec<(View, Value)>);

impl References {
    /// Writes for each view of a list, in the order of the series, what a credential embeds that is
    /// to be found there. JSON has no byte strings, so CBOR is written in hexadecimal digits.
    pub(super) fn of(series: &Series, uris: &[ListUri], index: u32) -> Self {
        let reference = |view: View| {
            let uri = &uris.iter().find(|uri| uri.view == view)?.uri;
            let value = match Writer::of(series, view).embed(index.into(), uri) {
                Embedded::Json(value) => value,
                Embedded::Cbor(bytes) => json!({ "status_hex": hex(&bytes) }),
            };
            Some((view, value))
        };
        Self(series.forms().into_iter().filter_map(reference).collect())
    }

    /// All of them: `credentialStatus` holds those of all W3C views.
    pub(super) fn claims(&self) -> Map<String, Value> {
        self.claims_where(|_| true)
    }

    /// Those of some views.
    pub(super) fn claims_of(&self, names: &[ViewName]) -> Map<String, Value> {
        self.claims_where(|view| names.iter().any(|name| name.means(view)))
    }

    fn claims_where(&self, is_wanted: impl Fn(View) -> bool) -> Map<String, Value> {
        let mut claims = Map::new();
        for (view, reference) in self.0.iter().filter(|(view, _)| is_wanted(*view)) {
            let reference = reference.clone();
            match view.row().embedding {
                Embedding::OwnName => drop(claims.insert(view.name().to_owned(), reference)),
                Embedding::CredentialStatus => {
                    let entries = claims.entry("credentialStatus");
                    if let Value::Array(entries) = entries.or_insert_with(|| json!([])) {
                        entries.push(reference);
                    }
                }
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

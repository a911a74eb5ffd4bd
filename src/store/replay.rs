//! What the log says that lists and settings must be.
//!
//! Each revision keeps in its body what it made, so a file whose lists or settings were changed
//! by hand no longer agrees with its own log.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;
use serde_json::{Map, Value, json};

use super::ancestors::{Adopted, Ancestor};
use super::error::StoreError;
use super::format::Format;
use super::home::Home;
use super::query::{only, value};
use super::rows::{ListRow, ListState};
use super::snapshot::Snapshot;
use super::work::{NewList, NewUri, Run, Work};
use crate::list::{ListNumber, Seed, Series, Status};
use crate::wire::hex::hex;

/// Adds to the body of a revision what it makes: lists (the seed by its SHA-256), uris, settings,
/// runs, ancestors, where the file lives, which lists it closes, and whether it
/// restores a copy.
pub(super) fn describe(work: &Work<'_>) -> Map<String, Value> {
    let several = |values: Vec<Value>| (!values.is_empty()).then(|| values.into());
    let uri = |new: &NewUri| json!({ "list": new.list.value(), "view": new.view, "uri": new.uri });
    let members: [(&str, Option<Value>); 8] = [
        (
            "lists",
            several(work.new_lists.iter().map(describe_list).collect()),
        ),
        (
            "closed",
            several(work.closed.iter().map(|list| list.value().into()).collect()),
        ),
        ("uris", several(work.new_uris.iter().map(uri).collect())),
        ("series", work.series.as_ref().map(|series| json!(series))),
        (
            "runs",
            several(work.runs.iter().map(Run::describe).collect()),
        ),
        (
            "ancestors",
            several(work.ancestors.iter().map(Ancestor::describe).collect()),
        ),
        ("home", work.home.as_ref().map(Home::describe)),
        ("restores", work.restores.then(|| true.into())),
    ];
    let mut body = work.body.as_object().cloned().unwrap_or_default();
    body.extend(
        members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    );
    body
}

fn describe_list(list: &NewList) -> Value {
    let uris: BTreeMap<_, _> = list
        .uris
        .iter()
        .map(|(view, uri)| (view.name(), uri))
        .collect();
    json!({
        "list": list.number.value(),
        "bits": list.width.bits(),
        "size": list.size.entries(),
        "defaultStatus": list.default_status.value(),
        "seedSha256": hex(&list.seed.sha256()),
        "uris": uris,
    })
}

/// What the revisions so far say.
#[derive(Default)]
pub(super) struct Replay {
    format: Format,
    series: Value,
    lists: BTreeMap<u64, Expected>,
    ancestors: Adopted,
    /// Where the file lives, if that is recorded.
    home: Option<Value>,
    /// The revisions that made a copy a file in use.
    restoring: BTreeSet<i64>,
}

/// What a list must be.
struct Expected {
    description: Value,
    closed: bool,
    /// The last revision that changed every published file of it.
    rev: i64,
}

impl Replay {
    /// Takes the next revision.
    pub(super) fn take(&mut self, rev: i64, visible: bool, body: &Value) {
        let each = |name: &str| body[name].as_array().into_iter().flatten();
        for list in each("lists") {
            let number = list["list"].as_u64().unwrap_or(u64::MAX);
            let expected = Expected {
                description: list.clone(),
                closed: false,
                rev,
            };
            self.lists.insert(number, expected);
        }
        for number in each("closed") {
            if let Some(list) = self.list(number) {
                list.closed = true;
            }
        }
        for uri in each("uris") {
            if let (Some(list), Some(view)) = (self.list(&uri["list"]), uri["view"].as_str()) {
                list.description["uris"][view] = uri["uri"].clone();
            }
        }
        if !body["series"].is_null() {
            let changed = !self.series.is_null() && self.series != body["series"];
            self.series = body["series"].clone();
            if changed && visible {
                for list in self.lists.values_mut() {
                    list.rev = rev;
                }
            }
        }
        for ancestor in each("ancestors") {
            let member = |name: &str| ancestor[name].as_str().unwrap_or_default().to_owned();
            let state = (member("path"), member("chain"));
            self.ancestors.insert(state, rev);
        }
        if !body["home"].is_null() {
            self.home = Some(body["home"].clone());
        }
        if body["restores"] == true {
            self.restoring.insert(rev);
        }
    }

    fn list(&mut self, number: &Value) -> Option<&mut Expected> {
        self.lists.get_mut(&number.as_u64()?)
    }

    /// The format that a revision was made in: from one that says so, all are of a newer format.
    pub(super) fn format_of(&mut self, body: &Value) -> Format {
        if body["format"] == Format::Two.number() {
            self.format = Format::Two;
        }
        self.format
    }

    /// Compares what the revisions say with what the file holds.
    pub(super) fn compare(
        &self,
        snapshot: &Snapshot<'_>,
        lists: &BTreeMap<ListNumber, ListRow>,
    ) -> Result<(), StoreError> {
        let differs = |what: String| {
            Err(StoreError::Corrupt(format!(
                "{what} are not what the log says"
            )))
        };
        let logged = serde_json::from_value::<Series>(self.series.clone());
        if logged.ok().as_ref() != Some(snapshot.series()) {
            return differs("the settings".to_owned());
        }
        if self.format != snapshot.format {
            return differs("the tables".to_owned());
        }
        if self.ancestors != snapshot.ancestors()? {
            return differs("the adopted states of sites".to_owned());
        }
        if self.home != snapshot.home()?.map(|home| home.describe()) {
            return differs("the places where it may be".to_owned());
        }
        snapshot.verify_copies(&self.restoring)?;
        if self.lists.len() != lists.len() {
            return differs("the lists".to_owned());
        }
        for list in lists.values() {
            let number = list.number;
            let Some(expected) = self.lists.get(&u64::from(number.value())) else {
                return differs("the lists".to_owned());
            };
            let uris = snapshot.uris(number)?.into_iter();
            let uris = uris.map(|at| (at.view, at.uri)).collect();
            let seed = Seed::new(*list.seed.as_bytes());
            let held = NewList::of(snapshot.register(), number, seed, uris);
            if describe_list(&held) != expected.description {
                return differs(format!("size, seed or uris of list {number}"));
            }
            let state = match list.free() {
                _ if expected.closed => ListState::Closed,
                0 => ListState::Full,
                _ => ListState::Open,
            };
            if list.state != state || list.rev != newest(snapshot, number, expected.rev)? {
                return differs(format!("state or revision of list {number}"));
            }
        }
        Ok(())
    }
}

/// The last revision that changed a published byte of a list.
fn newest(snapshot: &Snapshot<'_>, list: ListNumber, at_least: i64) -> Result<i64, StoreError> {
    let published_reasons = "SELECT max(rev) FROM \
        (SELECT rev, new, reason, lag(reason, 1, 0) OVER (PARTITION BY idx ORDER BY rev) AS before \
         FROM change WHERE list_id = ?1) WHERE new <> ?2 AND reason <> before";
    let newest = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
        only::<Option<i64>>(&snapshot.transaction, sql, values, value)
    };
    let list = list.value();
    let statuses = "SELECT max(rev) FROM change WHERE list_id = ?1 AND old <> new";
    let documents = "SELECT max(rev) FROM document WHERE list_id = ?1";
    let mut rev = newest(statuses, params![list])?.max(newest(documents, params![list])?);
    // What came before the view was added is older than its own revision.
    if snapshot.series().publishes_documents() {
        rev = rev.max(newest(
            published_reasons,
            params![list, Status::VALID.value()],
        )?);
    }
    Ok(rev.unwrap_or(0).max(at_least))
}

//! What the log says that lists and settings must be.
//!
//! Each revision keeps in its body what it made, so a file whose lists or settings were changed
//! by hand no longer agrees with its own log.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;
use serde_json::{Map, Value, json};

use super::ancestors::{Adopted, Ancestor};
use super::closed::Ending;
use super::error::StoreError;
use super::format::Format;
use super::home::Home;
use super::master::Master;
use super::query::{only, value};
use super::rows::{Closure, Known, ListRow, ListState};
use super::snapshot::Snapshot;
use super::work::{NewList, NewUri, Run, Work};
use crate::list::{ListNumber, Series, Status, Timestamp};
use crate::wire::hex::hex;

/// Adds to the body of a revision what it makes: lists (the seed by its SHA-256), uris, settings,
/// runs, ancestors, where the file lives, which lists take their turns or end, the master (by its
/// SHA-256), and whether it restores a copy.
pub(super) fn describe(work: &Work<'_>) -> Map<String, Value> {
    let several = |values: Vec<Value>| (!values.is_empty()).then(|| values.into());
    let uri = |new: &NewUri| json!({ "list": new.list.value(), "view": new.view, "uri": new.uri });
    let numbers =
        |lists: &[ListNumber]| several(lists.iter().map(|list| list.value().into()).collect());
    let members: [(&str, Option<Value>); 13] = [
        (
            "lists",
            several(work.new_lists.iter().map(describe_list).collect()),
        ),
        ("closed", numbers(&work.closed)),
        ("opened", numbers(&work.opened)),
        (
            "ended",
            several(work.ended.iter().map(Ending::describe).collect()),
        ),
        ("retired", numbers(&work.retired)),
        ("purged", numbers(&work.purged)),
        ("master", work.master.as_ref().map(Master::describe)),
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
    let mut description = json!({
        "list": list.number.value(),
        "bits": list.width.bits(),
        "size": list.size.entries(),
        "defaultStatus": list.default_status.value(),
        "seedSha256": hex(&list.seed.sha256()),
        "uris": uris,
    });
    if list.state == ListState::Spare {
        description["state"] = list.state.name().into();
    }
    description
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
    /// What the master hashes to, if there is one.
    master: Option<String>,
    /// The revisions that made a copy a file in use.
    restoring: BTreeSet<i64>,
    /// The last revision that purged each list that was.
    purged: BTreeMap<ListNumber, i64>,
}

/// What a list must be.
struct Expected {
    description: Value,
    state: ListState,
    closure: Option<Closure>,
    /// The last revision that changed every published file of it.
    rev: i64,
}

impl Replay {
    /// Takes the next revision.
    pub(super) fn take(&mut self, rev: i64, visible: bool, body: &Value) {
        let each = |name: &str| body[name].as_array().into_iter().flatten();
        for list in each("lists") {
            let number = list["list"].as_u64().unwrap_or(u64::MAX);
            let mut description = list.clone();
            let state = description
                .as_object_mut()
                .and_then(|list| list.remove("state"));
            let expected = Expected {
                description,
                state: state.map_or(ListState::Open, |_| ListState::Spare),
                closure: None,
                rev,
            };
            self.lists.insert(number, expected);
        }
        for number in each("opened") {
            self.turn(number, ListState::Open);
        }
        for ending in each("ended") {
            if let Some(list) = self.list(&ending["list"]) {
                list.end(ending["keptUntil"].as_i64());
            }
        }
        for number in each("closed") {
            self.turn(number, ListState::Closed);
        }
        for number in each("retired") {
            self.turn(number, ListState::Retired);
            if let Some(list) = self.list(number) {
                list.rev = rev;
            }
        }
        if let Some(master) = body["master"].as_str() {
            self.master = (master != "none").then(|| master.to_owned());
        }
        for uri in each("uris") {
            if let (Some(list), Some(view)) = (self.list(&uri["list"]), uri["view"].as_str()) {
                list.description["uris"][view] = uri["uri"].clone();
            }
        }
        if let Some(bits) = body["widened"].as_u64() {
            for list in self.lists.values_mut() {
                list.description["bits"] = bits.into();
            }
        }
        if !body["series"].is_null() {
            let changed = !self.series.is_null() && self.series != body["series"];
            self.series = body["series"].clone();
            let republishes = match self.format {
                Format::One | Format::Two => changed && visible,
                Format::Three | Format::Four => body["republishes"] == true,
            };
            if republishes {
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
        for number in each("purged") {
            let number = number
                .as_u64()
                .and_then(|number| u32::try_from(number).ok());
            self.purged
                .extend(number.and_then(ListNumber::new).map(|list| (list, rev)));
        }
        if body["restores"] == true {
            self.restoring.insert(rev);
        }
    }

    fn turn(&mut self, number: &Value, state: ListState) {
        if let Some(list) = self
            .list(number)
            .filter(|list| list.state != ListState::Retired)
        {
            list.state = state;
        }
    }

    fn list(&mut self, number: &Value) -> Option<&mut Expected> {
        self.lists.get_mut(&number.as_u64()?)
    }

    /// The format that a revision was made in: from one that says so, all are of a newer format.
    pub(super) fn format_of(&mut self, body: &Value) -> Format {
        let begun = body["format"].as_i64().and_then(Format::of_number);
        self.format = self.format.max(begun.unwrap_or_default());
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
        if self.master != snapshot.master()?.map(|seed| hex(&seed.sha256())) {
            return differs("the secrets".to_owned());
        }
        snapshot.verify_copies(&self.restoring)?;
        snapshot.verify_purged(&self.purged)?;
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
            let held = NewList {
                size: list.size,
                ..NewList::of(snapshot.register(), number, list.seed.clone(), uris)
            };
            if describe_list(&held) != expected.description {
                return differs(format!("size, seed or uris of list {number}"));
            }
            let state = match expected.state {
                ListState::Open if list.free() == 0 => ListState::Full,
                state => state,
            };
            if list.closure != expected.closure {
                return differs(format!("the end of list {number}"));
            }
            if list.state != state || list.rev != newest(snapshot, number, expected.rev)? {
                return differs(format!("state or revision of list {number}"));
            }
        }
        Ok(())
    }
}

impl Expected {
    /// The issuer ended its turn, or keeps it for longer.
    fn end(&mut self, kept_until: Option<i64>) {
        let before = self.closure.and_then(|closure| closure.kept_until);
        let known = match (self.closure, self.state) {
            (Some(closure), _) => closure.known,
            (None, ListState::Closed | ListState::Retired) => Known::NotAll,
            (None, _) => Known::Everything,
        };
        self.closure = Some(Closure {
            known,
            kept_until: kept_until.map(Timestamp::from_second).or(before),
        });
        if self.state != ListState::Retired {
            self.state = ListState::Closed;
        }
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

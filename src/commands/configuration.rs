//! Other settings for a series that there is: what may change, as one revision.
//!
//! `configure` asks for it with options, `init --from` with a file that says how the settings are to
//! be. Both end in the same [`Change`].

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::uris::{needs_issuer, one_list_only};
use super::options::{CredentialOptions, TurnOptions};
use super::widening::widen;
use super::{Code, Error, Facts};
use crate::change::{Roster, Turnover};
use crate::list::{Duration, Series, SeriesSettings, SeriesView, Size, Status, View, Width, pages};
use crate::site::{ListName, rolls_over, series_views, template_of, uri_of};
use crate::store::{Event, ListRow, NewUri, Snapshot, StoreError, Work};

/// Settings that are to become others.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) issuer: Option<String>,
    pub(super) ttl: Option<Duration>,
    pub(super) valid_for: Option<Duration>,
    pub(super) aggregation: Option<Aggregation>,
    pub(super) notes: Vec<NoteChange>,
    /// The types of credentials that the series is for.
    pub(super) bound_to: Option<Vec<String>>,
    /// The bits that entries get.
    pub(super) bits: Option<Width>,
    /// The entries of future lists.
    pub(super) size: Option<Size>,
    pub(super) turns: TurnOptions,
    /// Published forms that come to those that there are.
    pub(super) new_views: Vec<View>,
    pub(super) templates: Templates,
    pub(super) credentials: CredentialOptions,
}

/// Where something is published, as `--uri` takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Templates {
    OfNewViews(Vec<String>),
    /// Those that there are keep their uris.
    OfFutureLists(Vec<String>),
}

/// What becomes of the uri of the aggregation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Aggregation {
    At(String),
    Removed,
}

/// What becomes of a note of the issuer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NoteChange {
    Kept { key: String, value: Value },
    Removed { key: String },
}

/// A change that makes sense for the list file that it is meant for.
pub(super) struct Planned {
    pub(super) series: Series,
    new_uris: Vec<NewUri>,
    /// Whether the settings differ from what the file says.
    is_new: bool,
    /// The lists that are made or opened.
    pub(super) turnover: Turnover,
}

/// The settings after a change, as the log keeps them.
#[derive(Serialize, Deserialize)]
pub(super) struct Configured {
    pub(super) series: Series,
    pub(super) changed: bool,
    /// How many entries were allocated, where that is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) allocated: Option<u64>,
}

impl Aggregation {
    /// Reads what `--aggregation-uri` takes.
    pub(super) fn of(text: &str) -> Self {
        match text {
            "none" => Self::Removed,
            uri => Self::At(uri.to_owned()),
        }
    }
}

impl Change {
    /// Says what the change comes to in a list file.
    ///
    /// # Errors
    /// The settings make no sense together, or the list file cannot be read.
    pub(super) fn plan(&self, snapshot: &Snapshot<'_>, file: &Path) -> Result<Planned, Error> {
        let of_file = |error| Error::of_store(file, &error);
        let lists = snapshot.lists().map_err(of_file)?;
        let register = snapshot.register();
        let known = snapshot.series();
        let series = known.with(|settings| {
            if let Some(wider) = self.bits {
                widen(settings, register.width, wider)?;
            }
            self.apply(settings, self.bits.unwrap_or(register.width))
        })?;
        series.takes(register.default_status)?;
        series.conforms()?;
        check_lists(&series)?;
        let mut new_uris = Vec::new();
        for view in series.views.iter().skip(known.views.len()) {
            for list in &lists {
                let name = ListName {
                    number: list.number.value(),
                    id: &list.seed.list_id(),
                };
                let uri = uri_of(view, &name)?;
                new_uris.push(NewUri {
                    list: list.number,
                    view: view.view,
                    uri,
                });
            }
        }
        if !self.new_views.is_empty() || self.bits.is_some() {
            for status in statuses(snapshot, &lists).map_err(of_file)? {
                series.takes(status)?;
            }
        }
        Ok(Planned {
            is_new: series != *known,
            turnover: self.turnover(snapshot, &series, file)?,
            series,
            new_uris,
        })
    }

    /// The lists that are made or opened, so that as many are open and wait as it is asked for.
    fn turnover(
        &self,
        snapshot: &Snapshot<'_>,
        series: &Series,
        file: &Path,
    ) -> Result<Turnover, Error> {
        if !self.turns.is_given() {
            return Ok(Turnover::default());
        }
        let of_file = |error| Error::of_store(file, &error);
        let refused = |error| Error::of_change(file, error);
        let mut roster = Roster::of(snapshot, series).map_err(of_file)?;
        if self.turns.open.is_some() {
            roster.fill().map_err(refused)?;
        }
        roster.settled().map_err(refused)
    }

    /// The settings as they become; new views come last.
    fn apply(&self, series: &mut SeriesSettings, width: Width) -> Result<(), Error> {
        if let Some(issuer) = &self.issuer {
            series.issuer.clone_from(issuer);
        }
        series.ttl = self.ttl.unwrap_or(series.ttl);
        series.valid_for = self.valid_for.unwrap_or(series.valid_for);
        match &self.aggregation {
            Some(Aggregation::Removed) => series.aggregation_uri = None,
            Some(Aggregation::At(uri)) => series.aggregation_uri = Some(uri.clone()),
            None => {}
        }
        for note in &self.notes {
            match note {
                NoteChange::Removed { key } => drop(series.meta.remove(key)),
                NoteChange::Kept { key, value } => {
                    drop(series.meta.insert(key.clone(), value.clone()));
                }
            }
        }
        if let Some(types) = &self.bound_to {
            series.bound_to.clone_from(types);
        }
        series.size = self.size.unwrap_or(series.size);
        self.turns.apply(series);
        if let Templates::OfFutureLists(templates) = &self.templates
            && !templates.is_empty()
        {
            move_future_lists(series, templates)?;
        }
        let had = series.views.iter().any(|view| view.view.is_credential());
        if had && self.credentials.is_given() {
            return Err(Error::new(
                Code::Refused,
                "how the lists are secured and packed cannot change",
            )
            .because("credentials that name them are out"));
        }
        self.credentials.apply(series, width)?;
        let added = self.added_views(series)?;
        series.views.extend(added);
        Ok(())
    }

    fn added_views(&self, series: &SeriesSettings) -> Result<Vec<SeriesView>, Error> {
        let (views, templates) = match &self.templates {
            Templates::OfNewViews(templates) => (&self.new_views, templates.as_slice()),
            Templates::OfFutureLists(_) => (&self.new_views, [].as_slice()),
        };
        let is_there = |view: &&View| series.views.iter().any(|known| known.view == **view);
        if let Some(view) = views.iter().find(is_there) {
            return Err(Error::new(
                Code::Refused,
                format!("the series has the view {view} already"),
            ));
        }
        // That is what `init` takes if nobody names one.
        let first = series.views.first();
        let origin = first.and_then(|view| template_of(&view.uri).ok());
        let unnamed = self.issuer.is_none()
            && origin.is_some_and(|template| template.origin() == series.issuer);
        let credential = views.iter().find(|view| view.is_credential());
        if let Some(view) = credential.filter(|_| unnamed) {
            return Err(needs_issuer(*view));
        }
        let proof = series.credentials.proof;
        Ok(series_views(views, templates, proof, &series.views)?)
    }
}

impl Planned {
    /// Whether anything changes.
    pub(super) const fn differs(&self) -> bool {
        let lists = &self.turnover;
        self.is_new || !lists.made.is_empty() || !lists.opened.is_empty()
    }

    /// The uris that come to those that there are.
    pub(super) fn uris(&self) -> impl Iterator<Item = &String> {
        let of_views = self.new_uris.iter().map(|new| &new.uri);
        let lists = self.turnover.made.iter();
        of_views.chain(lists.flat_map(|list| list.uris.iter().map(|(_, uri)| uri)))
    }

    /// The revision that makes the change.
    pub(super) fn work(self) -> Work<'static> {
        Work {
            series: self.is_new.then_some(self.series),
            new_uris: self.new_uris,
            new_lists: self.turnover.made,
            opened: self.turnover.opened,
            ..Work::default()
        }
    }
}

impl Configured {
    pub(super) fn facts(&self, revision: i64) -> Facts {
        let mut facts = json!(self.series);
        facts["changed"] = self.changed.into();
        facts["revision"] = revision.into();
        Facts(facts)
    }

    /// What an operation id was answered the first time.
    pub(super) fn again(event: &Event) -> Result<Self, StoreError> {
        serde_json::from_str(&event.body)
            .map_err(|source| StoreError::Corrupt(format!("revision {}: {source}", event.rev)))
    }
}

/// Refuses several lists where all would have one uri.
pub(super) fn check_lists(series: &Series) -> Result<(), Error> {
    let several = series.open.count() + series.spare > 1;
    match series.views.first() {
        Some(first) if several && !rolls_over(&series.views) => Err(one_list_only(&first.uri)),
        _ => Ok(()),
    }
}

/// Gives future lists other uris: views that nobody names keep their templates, unless one is given
/// that names no view.
fn move_future_lists(series: &mut SeriesSettings, given: &[String]) -> Result<(), Error> {
    let names = |text: &str, view: View| {
        text.split_once('=')
            .is_some_and(|(name, _)| name == view.name())
    };
    let mut templates = given.to_vec();
    let has_view = |text: &String| series.views.iter().any(|view| names(text, view.view));
    if templates.iter().all(has_view) {
        let others = series
            .views
            .iter()
            .filter(|view| !given.iter().any(|text| names(text, view.view)));
        templates.extend(others.map(|view| format!("{}={}", view.view, view.uri)));
    }
    let forms: Vec<View> = series.views.iter().map(|view| view.view).collect();
    series.views = series_views(&forms, &templates, series.credentials.proof, &[])?;
    Ok(())
}

/// The statuses that entries have. A new view must show them too: who asks for an existing entry
/// is given its place in all views.
fn statuses(snapshot: &Snapshot<'_>, lists: &[ListRow]) -> Result<Vec<Status>, StoreError> {
    let mut found = Vec::new();
    for list in lists {
        let counts = pages::count(&snapshot.packed(list)?, list.width, list.size.entries());
        let used = (0_u64..).zip(counts).filter(|(_, count)| *count > 0);
        found.extend(used.filter_map(|(value, _)| Status::new(value, list.width).ok()));
    }
    Ok(found)
}

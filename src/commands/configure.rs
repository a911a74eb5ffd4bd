//! `configure`: changes what may change.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::lifetimes::no_time_for_renewal;
use super::answer::turns;
use super::answer::uris::{needs_issuer, one_list_only};
use super::init::too_long;
use super::options::{
    CredentialOptions, CredentialType, TurnOptions, ViewName, WriteOptions, key_value,
};
use super::widening::widen;
use super::{Answer, Code, Context, Error, Facts, session};
use crate::change::{Roster, Turnover};
use crate::list::{Duration, Series, SeriesSettings, SeriesView, Size, Status, View, Width, pages};
use crate::site::{ListName, rolls_over, series_views, template_of, uri_of};
use crate::store::{
    Backups, Event, Home, ListRow, NewUri, Snapshot, StoreError, Whereabouts, Work,
};
use crate::wire::shell::quote;

/// Changes settings of the series, as a revision.
///
/// Size, default and final statuses, and the uris of existing lists can never change: credentials
/// depend on them. Entries can get more bits, never fewer.
///
/// A list file hands out entries only where it lives, because a copy would hand out the same
/// indexes as its original. A rename within the file system is no move; what writes the file anew
/// is one, such as a copy to another disk, a checkout, a CI cache or a container's layer: then
/// --moved, or --anywhere for a file that travels by design. Snapshots of volumes and clones of
/// machines cannot be told from their originals.
#[derive(Clone, Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true)
    .args(["issuer", "ttl", "valid_for", "aggregation_uri", "meta", "add_view", "proof",
        "verification_method", "bit_order", "suspending", "message", "blind", "moved", "anywhere",
        "uri", "size", "open", "spare", "bits", "bound_to"]))]
pub(crate) struct Args {
    /// The list file.
    file: PathBuf,
    /// Name this issuer in tokens.
    #[arg(long, value_name = "URI")]
    issuer: Option<String>,
    /// Let readers keep a copy this long: at most as long as tokens are valid, better half of it, so
    /// that there is time for renewal.
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Duration>,
    /// Let tokens be valid this long; they are renewed at half of it.
    #[arg(long, value_name = "DURATION")]
    valid_for: Option<Duration>,
    /// Name this uri in tokens, where a document names all of them; `none` removes it.
    #[arg(long, value_name = "URI")]
    aggregation_uri: Option<String>,
    /// Keep a note in the file, never published; an empty value removes it. May be repeated.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value::<String, String>)]
    meta: Vec<(String, String)>,
    /// Give each entry more bits: 2, 4 or 8. Indexes and statuses stay, and `publish` writes every
    /// list anew; there is no way back.
    #[arg(long, value_name = "N", value_parser = super::init::width)]
    bits: Option<Width>,
    /// Publish the lists in this form too, at the same indexes; may be repeated.
    #[arg(long, value_name = "VIEW", value_delimiter = ',')]
    add_view: Vec<ViewName>,
    /// With --add-view, the uri template of a new view [default: beside the first view]; else that of
    /// future lists: those that are there keep their uris. May be repeated.
    #[arg(long, value_name = "[VIEW=]TEMPLATE")]
    uri: Vec<String>,
    /// Give future lists this many entries.
    #[arg(long, value_name = "ENTRIES")]
    size: Option<Size>,
    /// Let the file hand out entries here and nowhere else: it was moved, and the one that it comes
    /// from is gone.
    #[arg(long, conflicts_with = "anywhere")]
    moved: bool,
    /// Let the file hand out entries wherever it is: it travels by design, and only one copy is in
    /// use at a time.
    #[arg(long)]
    anywhere: bool,
    #[command(flatten)]
    turns: TurnOptions,
    #[command(flatten)]
    credentials: CredentialOptions,
    /// Keep the file for credentials of this type, in a pool of list files; `none` for all types. May
    /// be repeated, and replaces what the file says.
    #[arg(long, value_name = "TYPE")]
    bound_to: Vec<CredentialType>,
    #[command(flatten)]
    pub(super) write: WriteOptions,
}

/// The settings after a change, as the log keeps them.
#[derive(Serialize, Deserialize)]
struct Configured {
    series: Series,
    changed: bool,
}

/// Runs the command.
///
/// # Errors
/// The settings make no sense together, or the disk fails. Then nothing is changed.
pub(super) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let stamp = args.write.stamp(context, "configure", &args.request()?)?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        let configured = again(&event).map_err(of_file)?;
        return Ok(Answer::report(configured.facts(event.rev)).repeating(&event));
    }
    let mut work = Work::default();
    let lists = lock.lists().map_err(of_file)?;
    let before = lock.register().width;
    let change = |settings: &mut SeriesSettings| {
        if let Some(wider) = args.bits {
            widen(settings, before, wider)?;
        }
        args.change(settings, args.bits.unwrap_or(before))
    };
    let series = lock.series().with(change)?;
    series.takes(lock.register().default_status)?;
    series.conforms()?;
    let several = series.open.count() + series.spare > 1;
    if let Some(first) = series
        .views
        .first()
        .filter(|_| several && !rolls_over(&series.views))
    {
        return Err(one_list_only(&first.uri));
    }
    for view in series.views.iter().skip(lock.series().views.len()) {
        for list in &lists {
            let name = ListName {
                number: list.number.value(),
                id: &list.seed.list_id(),
            };
            let uri = uri_of(view, &name)?;
            work.new_uris.push(NewUri {
                list: list.number,
                view: view.view,
                uri,
            });
        }
    }
    if !args.add_view.is_empty() || args.bits.is_some() {
        for status in statuses(&lock, &lists).map_err(of_file)? {
            series.takes(status)?;
        }
    }
    work.home = args.home(&lock).map_err(of_file)?;
    let haste = args.haste(&series);
    let settles = work.home.as_ref().is_some_and(|home| !home.anywhere);
    let turnover = args.turnover(&lock, &series)?;
    work.new_lists.clone_from(&turnover.made);
    work.opened.clone_from(&turnover.opened);
    work.series = (series != *lock.series()).then(|| series.clone());
    let turns = !work.new_lists.is_empty() || !work.opened.is_empty();
    let changed = work.series.is_some() || work.home.is_some() || turns;
    let warning = args.bits.and_then(|_| too_long(series.register()));
    let configured = Configured { series, changed };
    work.body = json!(configured);
    let revision = lock
        .prepare(&stamp, work)
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    let note = match (changed, revision.visible) {
        (false, _) => "nothing differs from what the file says".to_owned(),
        (true, false) => format!("configured, revision {}", revision.rev),
        (true, true) => format!(
            "configured, revision {}; to make it visible: statuslist publish {}",
            revision.rev,
            quote(&args.file)
        ),
    };
    let mut answer = Answer::report(configured.facts(revision.rev)).note(note);
    answer.notes.extend(turns::turns(&turnover, &args.file));
    if let Some(width) = args.bits {
        answer = answer.note(format!(
            "entries have {width} each from revision {} on, and keep their indexes and statuses",
            revision.rev
        ));
        answer.warnings.extend(warning);
    }
    if settles {
        answer = answer.note(format!(
            "{} hands out entries here and nowhere else: a file that it was copied from must not be \
             used any more",
            quote(&args.file)
        ));
    }
    answer.warnings.extend(haste);
    if args.anywhere {
        answer = answer.warn(format!(
            "wherever a copy of {0} is, it hands out the same indexes: use one at a time; to let it \
             hand out entries in one place alone: statuslist configure {0} --moved",
            quote(&args.file)
        ));
    }
    let answer = answer.exposing(&args.file);
    Ok(args.write.finish(answer, revision, &stamp))
}

impl Configured {
    fn facts(&self, revision: i64) -> Facts {
        let mut facts = json!(self.series);
        facts["changed"] = self.changed.into();
        facts["revision"] = revision.into();
        Facts(facts)
    }
}

/// What an operation id was answered the first time.
fn again(event: &Event) -> Result<Configured, StoreError> {
    serde_json::from_str(&event.body)
        .map_err(|source| StoreError::Corrupt(format!("revision {}: {source}", event.rev)))
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

impl Args {
    /// Warns where lifetimes that are given leave no time for renewal.
    fn haste(&self, series: &Series) -> Option<String> {
        self.ttl.or(self.valid_for)?;
        no_time_for_renewal(series.ttl, series.valid_for)
    }

    /// The lists that are opened and made, where their number is to be another.
    fn turnover(&self, snapshot: &Snapshot<'_>, series: &Series) -> Result<Turnover, Error> {
        if !self.turns.is_given() {
            return Ok(Turnover::default());
        }
        let refused = |error| Error::of_change(&self.file, error);
        let roster = Roster::of(snapshot, series);
        let mut roster = roster.map_err(|error| Error::of_store(&self.file, &error))?;
        if self.turns.open.is_some() {
            roster.fill().map_err(refused)?;
        }
        roster.settled().map_err(refused)
    }

    /// Everything that the result depends on.
    fn request(&self) -> Result<Value, Error> {
        let mut request = json!({
            "issuer": self.issuer, "ttl": self.ttl, "validFor": self.valid_for,
            "aggregationUri": self.aggregation_uri, "meta": self.meta,
            "addView": self.add_view.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "uri": self.uri, "credentials": self.credentials.request(),
        });
        // Requests without it are what they were before there was such a thing.
        if self.moved {
            request["home"] = json!("here");
        } else if self.anywhere {
            request["home"] = json!("anywhere");
        }
        if let Some(width) = self.bits {
            request["bits"] = width.bits().into();
        }
        if let Some(size) = self.size {
            request["size"] = json!(size);
        }
        if !self.bound_to.is_empty() {
            request["boundTo"] = json!(CredentialType::set_of(&self.bound_to)?);
        }
        if self.turns.is_given() {
            request["turns"] = self.turns.request();
        }
        Ok(request)
    }

    /// Where the file may hand out entries from now on; nothing if nobody asked, or if the file
    /// says so already.
    fn home(&self, snapshot: &Snapshot<'_>) -> Result<Option<Home>, StoreError> {
        let wanted = match (self.moved, self.anywhere) {
            (true, _) => Whereabouts::Here,
            (_, true) => Whereabouts::Anywhere,
            _ => return Ok(None),
        };
        if snapshot.whereabouts()? == wanted {
            return Ok(None);
        }
        Ok(Some(Home {
            identity: snapshot.identity()?,
            anywhere: self.anywhere,
        }))
    }

    /// The settings as they become; new views come last.
    fn change(&self, series: &mut SeriesSettings, width: Width) -> Result<(), Error> {
        if let Some(issuer) = &self.issuer {
            series.issuer.clone_from(issuer);
        }
        series.ttl = self.ttl.unwrap_or(series.ttl);
        series.valid_for = self.valid_for.unwrap_or(series.valid_for);
        match self.aggregation_uri.as_deref() {
            Some("none") => series.aggregation_uri = None,
            Some(uri) => series.aggregation_uri = Some(uri.to_owned()),
            None => {}
        }
        for (key, value) in &self.meta {
            if value.is_empty() {
                series.meta.remove(key);
            } else {
                series.meta.insert(key.clone(), value.clone().into());
            }
        }
        series.size = self.size.unwrap_or(series.size);
        self.turns.apply(series);
        if self.add_view.is_empty() && !self.uri.is_empty() {
            self.move_future_lists(series)?;
        }
        if !self.bound_to.is_empty() {
            series.bound_to = CredentialType::set_of(&self.bound_to)?;
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

    /// Gives future lists other uris: views that nobody names keep their templates, unless one is
    /// given that names no view.
    fn move_future_lists(&self, series: &mut SeriesSettings) -> Result<(), Error> {
        let names = |text: &str, view: View| {
            text.split_once('=')
                .is_some_and(|(name, _)| name == view.name())
        };
        let mut templates = self.uri.clone();
        let has_view = |text: &String| series.views.iter().any(|view| names(text, view.view));
        if templates.iter().all(has_view) {
            let others = series
                .views
                .iter()
                .filter(|view| !self.uri.iter().any(|text| names(text, view.view)));
            templates.extend(others.map(|view| format!("{}={}", view.view, view.uri)));
        }
        let forms: Vec<View> = series.views.iter().map(|view| view.view).collect();
        series.views = series_views(&forms, &templates, series.credentials.proof, &[])?;
        Ok(())
    }

    fn added_views(&self, series: &SeriesSettings) -> Result<Vec<SeriesView>, Error> {
        let mut views = Vec::new();
        for name in &self.add_view {
            views.extend(name.new_views(&self.credentials.purpose)?);
        }
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
        Ok(series_views(&views, &self.uri, proof, &series.views)?)
    }
}

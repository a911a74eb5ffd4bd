//! `configure`: changes what may change.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::init::key_value;
use super::options::WriteOptions;
use super::views::{
    CredentialOptions, ViewName, check_paths, needs_issuer, parse_template, series_views, uri_of,
};
use super::{Answer, Code, Context, Error};
use crate::disk::quote;
use crate::list::{Duration, Series, SeriesView, Status, pages};
use crate::store::{Backups, Event, ListRow, Snapshot, StoreError, Work};

/// Changes settings of the series, as a revision.
///
/// Bits, size, default and final statuses, and the uris of existing lists can never change:
/// credentials depend on them.
#[derive(Clone, Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true)
    .args(["issuer", "ttl", "valid_for", "aggregation_uri", "meta", "add_view", "proof",
        "verification_method", "bit_order", "suspending", "message", "blind"]))]
pub struct Args {
    /// The list file.
    pub file: PathBuf,
    /// Name this issuer in tokens.
    #[arg(long, value_name = "URI")]
    pub issuer: Option<String>,
    /// Let readers keep a copy this long.
    #[arg(long, value_name = "DURATION")]
    pub ttl: Option<Duration>,
    /// Let tokens be valid this long; they are renewed at half of it.
    #[arg(long, value_name = "DURATION")]
    pub valid_for: Option<Duration>,
    /// Name this uri in tokens, where a document names all of them; `none` removes it.
    #[arg(long, value_name = "URI")]
    pub aggregation_uri: Option<String>,
    /// Keep a note in the file, never published; an empty value removes it. May be repeated.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub meta: Vec<(String, String)>,
    /// Publish the lists in this form too, at the same indexes; may be repeated.
    #[arg(long, value_name = "VIEW", value_delimiter = ',')]
    pub add_view: Vec<ViewName>,
    /// The uri template of a new view [default: beside the first view].
    #[arg(long, value_name = "[VIEW=]TEMPLATE", requires = "add_view")]
    pub uri: Vec<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub credentials: CredentialOptions,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub write: WriteOptions,
}

/// The settings after the change.
#[derive(Debug, Serialize)]
struct Configured {
    #[serde(flatten)]
    series: Series,
    changed: bool,
    revision: i64,
}

/// What the log keeps of a change.
#[derive(Deserialize)]
struct Body {
    series: Series,
    changed: bool,
}

/// Runs the command.
///
/// # Errors
/// The settings make no sense together, or the disk fails. Then nothing is changed.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let request = json!({
        "issuer": args.issuer, "ttl": args.ttl, "validFor": args.valid_for,
        "aggregationUri": args.aggregation_uri, "meta": args.meta,
        "addView": args.add_view.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "uri": args.uri, "credentials": args.credentials.request(),
    });
    let stamp = args.write.stamp(context, "configure", &request)?;
    let held = args.write.wait.open_to_write(&args.file)?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        let configured = again(&event).map_err(of_file)?;
        return Ok(Answer::report(configured).repeating(&event));
    }
    let mut work = Work::default();
    let lists = lock.lists().map_err(of_file)?;
    let series = args.change(lock.series().clone(), &lists, &mut work)?;
    if !args.add_view.is_empty() {
        for status in statuses(&lock, &lists).map_err(of_file)? {
            series.takes(status)?;
        }
    }
    let changed = series != *lock.series();
    let visible = !series.publishes_like(lock.series());
    work.body = json!({ "series": series, "changed": changed });
    work.series = changed.then(|| series.clone());
    let revision = lock
        .commit(&stamp, work, args.write.commit())
        .map_err(of_file)?;
    let note = match (changed, visible) {
        (false, _) => "nothing differs from what the file says".to_owned(),
        (true, false) => format!("configured, revision {}", revision.rev),
        (true, true) => format!(
            "configured, revision {}; to make it visible: statuslist publish {}",
            revision.rev,
            quote(&args.file)
        ),
    };
    let answer = Answer::report(Configured {
        series,
        changed,
        revision: revision.rev,
    })
    .note(note);
    Ok(args.write.finish(answer, revision, &stamp))
}

/// What an operation id was answered the first time.
fn again(event: &Event) -> Result<Configured, StoreError> {
    let wrong = |source: serde_json::Error| {
        StoreError::Corrupt(format!("revision {}: {source}", event.rev))
    };
    let body: Body = serde_json::from_str(&event.body).map_err(wrong)?;
    Ok(Configured {
        series: body.series,
        changed: body.changed,
        revision: event.rev,
    })
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

/// Whether the issuer is what `init` takes if nobody names one.
fn is_origin(issuer: &str, views: &[SeriesView]) -> bool {
    let templates = views
        .iter()
        .filter_map(|view| parse_template(&view.uri).ok());
    templates
        .take(1)
        .any(|template| template.origin() == issuer)
}

impl Args {
    fn change(
        &self,
        mut series: Series,
        lists: &[ListRow],
        work: &mut Work<'_>,
    ) -> Result<Series, Error> {
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
                series.meta.insert(key.clone(), value.clone());
            }
        }
        let had = series.views.iter().any(|view| view.view.family().is_w3c());
        if had && self.credentials.is_given() {
            return Err(Error::new(
                Code::Refused,
                "how the lists are secured and packed cannot change",
            )
            .because("credentials that name them are out"));
        }
        let width = series.register()?.width;
        self.credentials
            .apply(&mut series.credentials, &mut series.blind, width)?;
        self.add_views(&mut series, lists, work)?;
        let series = series.checked()?;
        series.takes(series.register()?.default_status)?;
        series.conforms()?;
        Ok(series)
    }

    fn add_views(
        &self,
        series: &mut Series,
        lists: &[ListRow],
        work: &mut Work<'_>,
    ) -> Result<(), Error> {
        let mut views = Vec::new();
        for name in &self.add_view {
            views.extend(name.new_views(&self.credentials.purpose)?);
        }
        if let Some(view) = views.iter().find(|view| series.forms().contains(view)) {
            return Err(Error::new(
                Code::Refused,
                format!("the series has the view {view} already"),
            ));
        }
        let unnamed = self.issuer.is_none() && is_origin(&series.issuer, &series.views);
        let credential = views.iter().find(|view| view.family().is_w3c());
        if let Some(view) = credential.filter(|_| unnamed) {
            return Err(needs_issuer(*view));
        }
        let proof = series.credentials.proof;
        let views = series_views(&views, &self.uri, proof, series.views.first())?;
        for view in &views {
            for list in lists {
                let uri = uri_of(view, list.number)?;
                work.new_uris.push((list.number, view.view, uri));
            }
        }
        series.views.extend(views);
        check_paths(&series.views)
    }
}

impl std::fmt::Display for Configured {
    /// Nothing: people read the sentence on standard error.
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

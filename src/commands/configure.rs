//! `configure`: changes what may change.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::answer::lifetimes::no_time_for_renewal;
use super::answer::turns;
use super::configuration::{Aggregation, Change, Configured, NoteChange, Templates};
use super::init::too_long;
use super::options::{
    CredentialOptions, CredentialType, TurnOptions, ViewName, WriteOptions, key_value,
};
use super::{Answer, Context, Error, session};
use crate::list::{Duration, Series, Size, Width};
use crate::store::{Backups, Home, Snapshot, StoreError, Whereabouts, Work};
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
    pub(super) file: PathBuf,
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
        let configured = Configured::again(&event).map_err(of_file)?;
        return Ok(Answer::report(configured.facts(event.rev)).repeating(&event));
    }
    let planned = args.change()?.plan(&lock, &args.file)?;
    let home = args.home(&lock).map_err(of_file)?;
    let settles = home.as_ref().is_some_and(|home| !home.anywhere);
    let changed = planned.differs() || home.is_some();
    let haste = args.haste(&planned.series);
    let warning = args.bits.and_then(|_| too_long(planned.series.register()));
    let turned = turns::turns(&planned.turnover, &args.file);
    let configured = Configured {
        series: planned.series.clone(),
        changed,
        allocated: None,
    };
    let work = Work {
        home,
        body: json!(configured),
        ..planned.work()
    };
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
    answer.notes.extend(turned);
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

impl Args {
    /// Warns where lifetimes that are given leave no time for renewal.
    fn haste(&self, series: &Series) -> Option<String> {
        self.ttl.or(self.valid_for)?;
        no_time_for_renewal(series.ttl, series.valid_for)
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

    /// What is asked for.
    fn change(&self) -> Result<Change, Error> {
        let mut new_views = Vec::new();
        for name in &self.add_view {
            new_views.extend(name.new_views(&self.credentials.purpose)?);
        }
        let notes = self.meta.iter().map(|(key, value)| match value.as_str() {
            "" => NoteChange::Removed { key: key.clone() },
            text => NoteChange::Kept {
                key: key.clone(),
                value: text.into(),
            },
        });
        let templates = if new_views.is_empty() {
            Templates::OfFutureLists(self.uri.clone())
        } else {
            Templates::OfNewViews(self.uri.clone())
        };
        Ok(Change {
            issuer: self.issuer.clone(),
            ttl: self.ttl,
            valid_for: self.valid_for,
            aggregation: self.aggregation_uri.as_deref().map(Aggregation::of),
            notes: notes.collect(),
            bound_to: CredentialType::change(&self.bound_to)?,
            bits: self.bits,
            size: self.size,
            turns: self.turns.clone(),
            new_views,
            templates,
            credentials: self.credentials.clone(),
        })
    }
}

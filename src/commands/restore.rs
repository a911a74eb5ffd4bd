//! `restore`: makes a backup a file in use.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::init::{new_list, random_seed};
use super::options::{WriteOptions, base_url};
use super::views::{check_paths, parse_template, series_views, unpublishable, uri_of};
use super::{Answer, Code, Context, Error};
use crate::disk::quote;
use crate::list::{ListNumber, Series};
use crate::site::{BaseUrl, Folder, Manifest, SitePath};
use crate::store::{Backups, Event, Snapshot, StoreError, Work};

/// Makes a backup a list file in use.
///
/// The original may have handed out more indexes after the backup was written. So every list of
/// the file is closed to allocation (statuses can still be set), and a new list with a new secret
/// is opened, under a number that neither the file nor the site uses.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The backup.
    pub file: PathBuf,
    /// The site where the original was published.
    #[arg(
        long,
        value_name = "FOLDER",
        env = "STATUSLIST_BASE_DIR",
        hide_env_values = true
    )]
    pub to: Option<PathBuf>,
    /// The uri that the site's root has [default: scheme and host of each uri].
    #[arg(
        long,
        value_name = "URL",
        env = "STATUSLIST_BASE_URL",
        hide_env_values = true
    )]
    pub base_url: Option<BaseUrl>,
    /// The original was never published, or its site is gone.
    #[arg(long, conflicts_with = "to")]
    pub no_site: bool,
    // Clap breaks the line at a placeholder, unless a code without effect stands in it.
    #[doc = "Publish the new list at this uri, where the series has one without {\u{1b}[0mn}; other"]
    #[doc = "views lie beside it. VIEW=TEMPLATE is for one view. May be repeated."]
    #[arg(long, value_name = "[VIEW=]TEMPLATE")]
    pub uri: Vec<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub write: WriteOptions,
}

/// What was opened.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Restored {
    list_id: String,
    uri: String,
    closed: Vec<String>,
    revision: i64,
}

/// Runs the command.
///
/// # Errors
/// The file is no backup, the series cannot have another list, or the disk fails. Then nothing is
/// changed.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let stamp = args
        .write
        .stamp(context, "restore", &json!({ "uri": args.uri }))?;
    let held = args.write.wait.open_to_write(&args.file)?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = match held.store.lock(Backups::Refused) {
        Err(StoreError::Backup) => held.store.lock(Backups::Only).map_err(of_file)?,
        Err(error) => return Err(of_file(error)),
        Ok(lock) => {
            let event = lock.earlier(&stamp).map_err(of_file)?;
            let event = event.ok_or_else(|| of_file(StoreError::NotABackup))?;
            let restored = again(&lock, &event).map_err(of_file)?;
            return Ok(Answer::report(restored).repeating(&event));
        }
    };
    let mut series = lock.series().clone();
    if !args.uri.is_empty() {
        series.views = series_views(&series.forms(), &args.uri, series.credentials.proof, None)?;
        check_paths(&series.views)?;
    }
    let sites = args.sites(context, &lock)?;
    let lists = lock.lists().map_err(of_file)?;
    let last = lists.last().map_or(ListNumber::FIRST, |list| list.number);
    let base = base_url(args.base_url.as_ref(), context)?;
    let number = free_number(last, &series, &lock, (&sites, base.as_ref()))?;
    let new = new_list(number, &series, random_seed()?)?;
    let uri = new
        .uris
        .first()
        .map(|(_, uri)| uri.clone())
        .unwrap_or_default();
    let closed: Vec<_> = lists.iter().map(|list| list.number).collect();
    let changed = series != *lock.series();
    let work = Work {
        new_lists: vec![new],
        closed: closed.clone(),
        series: changed.then_some(series),
        restores: true,
        ..Work::default()
    };
    let revision = lock
        .commit(&stamp, work, args.write.commit())
        .map_err(of_file)?;
    let file = quote(&args.file);
    let answer = Answer::report(Restored {
        list_id: number.to_string(),
        uri,
        closed: closed.iter().map(ToString::to_string).collect(),
        revision: revision.rev,
    })
    .note(format!(
        "{file} is in use again, revision {}: new entries come from list {number}, which is to be \
         published first: statuslist publish {file}; statuses set in the original after the \
         backup are not in it",
        revision.rev
    ));
    Ok(args.write.finish(answer, revision, &stamp))
}

/// What an operation id was answered the first time.
fn again(snapshot: &Snapshot<'_>, event: &Event) -> Result<Restored, StoreError> {
    #[derive(Deserialize)]
    struct Body {
        lists: Vec<Opened>,
        closed: Vec<u32>,
    }
    #[derive(Deserialize)]
    struct Opened {
        list: u32,
    }
    let wrong = |reason: &dyn std::fmt::Display| {
        StoreError::Corrupt(format!("revision {}: {reason}", event.rev))
    };
    let body: Body = serde_json::from_str(&event.body).map_err(|source| wrong(&source))?;
    let opened = body
        .lists
        .first()
        .and_then(|opened| ListNumber::new(opened.list))
        .ok_or_else(|| wrong(&"it opened no list"))?;
    Ok(Restored {
        list_id: opened.to_string(),
        uri: snapshot.first_uri(opened)?,
        closed: body.closed.iter().map(u32::to_string).collect(),
        revision: event.rev,
    })
}

impl Args {
    /// The folders where the original was published, as far as anybody says.
    fn sites(&self, context: &Context<'_>, snapshot: &Snapshot<'_>) -> Result<Vec<Folder>, Error> {
        if self.no_site {
            return Ok(Vec::new());
        }
        let open = |path: &Path| Folder::open(path).map_err(Error::from);
        if let Some(to) = self.to.as_ref().or(context.settings.to.as_ref()) {
            return Ok(vec![open(to)?]);
        }
        let mut targets: Vec<_> = snapshot
            .publications()
            .map_err(|error| Error::of_store(&self.file, &error))?
            .into_iter()
            .map(|publication| publication.target)
            .collect();
        targets.sort_unstable();
        targets.dedup();
        if targets.is_empty() {
            return Err(Error::new(Code::Refused, "no site was named")
                .because("the original may have published lists that the backup does not know")
                .hint("--to FOLDER, or --no-site if there is none"));
        }
        targets
            .iter()
            .map(|target| open(Path::new(target)))
            .collect()
    }
}

/// The lowest number above those in the file whose places in the sites are free.
fn free_number(
    last: ListNumber,
    series: &Series,
    snapshot: &Snapshot<'_>,
    (sites, base): (&[Folder], Option<&BaseUrl>),
) -> Result<ListNumber, Error> {
    let mut next = last.next();
    while let Some(number) = next {
        let mut free = true;
        for view in &series.views {
            let template = parse_template(&view.uri)?;
            if !template.has_number() && snapshot.list_at(template.as_str()).is_ok() {
                return Err(
                    Error::new(Code::Refused, "the series cannot have another list")
                        .because(format!("its uri {} has no {{n}}", template.as_str()))
                        .hint("--uri 'https://example.com/statuslists/{n}.jwt'"),
                );
            }
            let uri = uri_of(view, number)?;
            let path = SitePath::of(&uri, base).map_err(|error| unpublishable(&uri, &error))?;
            for site in sites {
                let listed = Manifest::load(site)?
                    .is_some_and(|manifest| manifest.entries.contains_key(&path));
                free &= !listed && !site.root().join(path.as_path()).exists();
            }
            if !free && !template.has_number() {
                return Err(
                    Error::new(Code::Refused, format!("the site has '{path}' already"))
                        .because(format!("the uri {} has no {{n}}", template.as_str()))
                        .hint("another --uri, best one with {n}"),
                );
            }
        }
        if free {
            return Ok(number);
        }
        next = number.next();
    }
    Err(Error::new(
        Code::CapacityExceeded,
        "the series has no list number left",
    ))
}

impl std::fmt::Display for Restored {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "new list:  {}", self.list_id)?;
        writeln!(formatter, "uri:       {}", self.uri)?;
        writeln!(formatter, "closed:    {}", self.closed.join(", "))
    }
}

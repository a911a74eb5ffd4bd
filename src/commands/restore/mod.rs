//! `restore`: makes a backup a file in use.
//!
//! | file | holds |
//! |---|---|
//! | `survey` | what all sites say of all lists |
//! | `lists` | which lists the site has that the file does not know |
//! | `compare` | what the site says of the entries of one list, and what of it is taken over |
//! | `report` | the answer |
//!
//! The original may have revoked credentials after the backup was written, and published that. What
//! is published is the only witness of it, so it is compared with the backup, and can be taken over
//! where a signature vouches for it. What is final in the backup stays.

mod compare;
mod lists;
mod report;
mod survey;

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use self::compare::{Adoption, Change};
use self::lists::path_of;
use self::report::{Published, Restored};
use self::survey::Survey;
use super::init::{new_list, random_seed};
use super::options::{InflateOption, VerifyingOptions, WriteOptions};
use super::session;
use super::views::{check_paths, parse_template, series_views};
use super::{Answer, Code, Context, Error};
use crate::commands::session::base_url;
use crate::list::{ListNumber, Series};
use crate::site::{BaseUrl, Manifest, Opening, SitePath, Target, open_target};
use crate::store::{Backups, Event, NewList, Snapshot, StoreError, Work};
use crate::wire::shell::quote;

/// Makes a backup a list file in use.
///
/// The original may have handed out more indexes after the backup was written. So every list of
/// the file is closed to allocation (statuses can still be set, at any index), and a new list with a
/// new secret is opened, under a number that neither the file nor the site uses. The site's files are
/// read, and what they say otherwise than the backup is listed; with --adopt-published it is taken
/// over.
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
    #[arg(long, conflicts_with_all = ["to", "adopt_published"])]
    pub no_site: bool,
    /// Take over the statuses that the site's files show and the backup does not, as far as their
    /// signatures verify; final statuses stay.
    #[arg(long)]
    pub adopt_published: bool,
    /// Restore a file that `statuslist backup` did not write: a plain copy of a list file.
    #[arg(long)]
    pub copy: bool,
    // Clap breaks the line at a placeholder, unless a code without effect stands in it.
    #[doc = "Publish the new list at this uri, where the series has one without {\u{1b}[0mn}; other"]
    #[doc = "views lie beside it. VIEW=TEMPLATE is for one view. May be repeated."]
    #[arg(long, value_name = "[VIEW=]TEMPLATE")]
    pub uri: Vec<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub verifying: VerifyingOptions,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub inflate: InflateOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub write: WriteOptions,
}

/// Runs the command.
///
/// # Errors
/// The file is no backup, the series cannot have another list, nothing that is published verifies
/// although it is to be taken over, or the disk fails. Then nothing is changed.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let mut stamp = args.write.stamp(context, "restore", &args.request())?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = match held.store.lock(Backups::Refused) {
        Err(StoreError::Backup) => held.store.lock(Backups::Only).map_err(of_file)?,
        Err(error) => return Err(of_file(error)),
        Ok(lock) => match lock.earlier(&stamp).map_err(of_file)? {
            Some(event) => {
                let restored = again(&lock, &event).map_err(of_file)?;
                return Ok(Answer::report(restored).repeating(&event));
            }
            None if args.copy => lock,
            None => return Err(of_file(StoreError::NotABackup)),
        },
    };
    let mut series = lock.series().clone();
    if !args.uri.is_empty() {
        let proof = series.credentials.proof;
        let views = series_views(&series.forms(), &args.uri, proof, None)?;
        check_paths(&views)?;
        series = series.with(|settings| {
            settings.views = views;
            Ok::<_, Error>(())
        })?;
    }
    let sites = args.sites(context, &lock)?;
    let base = base_url(args.base_url.as_ref(), context)?;
    let (published, plan) = Survey {
        file: &args.file,
        lock: &lock,
        base: base.as_ref(),
        verifying: &args.verifying,
        inflate: &args.inflate,
        adoption: args.adoption(),
    }
    .run(context, &sites)?;
    let lists = lock.lists().map_err(of_file)?;
    let known = lists.iter().map(|list| list.number);
    let mut closed: Vec<_> = known.chain(plan.lists.iter().copied()).collect();
    closed.sort_unstable();
    let last = closed.last().copied().unwrap_or(ListNumber::FIRST);
    let number = free_number(last, &series, (&args.file, &lock), (&sites, base.as_ref()))?;
    // The one that hands out entries comes first in the log.
    let mut new_lists = vec![new_list(number, &series, random_seed()?)?];
    for number in &plan.lists {
        new_lists.push(new_list(*number, lock.series(), random_seed()?)?);
    }
    let uri = first_uri(&new_lists);
    let changed = series != *lock.series();
    if !plan.files.is_empty() {
        stamp.note = plan.note(&stamp.note);
    }
    let unshown = plan.unshown(lock.series());
    let work = Work {
        body: match &published {
            Some(published) => json!({ "published": published }),
            None => Value::Null,
        },
        new_lists,
        closed: closed.clone(),
        series: changed.then_some(series),
        changes: Box::new(|| Box::new(plan.changes.iter().map(Change::row))),
        restores: true,
        ancestors: plan.ancestors,
        ..Work::default()
    };
    let revision = lock
        .commit(&stamp, work, args.write.commit())
        .map_err(of_file)?;
    let restored = Restored {
        list_id: number.to_string(),
        uri,
        closed: closed.iter().map(ToString::to_string).collect(),
        revision: revision.rev,
        published,
    };
    let mut answer = args.answer(restored, unshown);
    answer
        .warnings
        .extend(super::answer::exposure::of_list_file(&args.file));
    Ok(args.write.finish(answer, revision, &stamp))
}

fn first_uri(new_lists: &[NewList]) -> String {
    let uris = new_lists.first().map(|list| list.uris.as_slice());
    let first = uris.and_then(<[_]>::first);
    first.map(|(_, uri)| uri.clone()).unwrap_or_default()
}

/// What an operation id was answered the first time.
fn again(snapshot: &Snapshot<'_>, event: &Event) -> Result<Restored, StoreError> {
    #[derive(Deserialize)]
    struct Body {
        lists: Vec<Opened>,
        closed: Vec<u32>,
        published: Option<Published>,
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
        published: body.published,
    })
}

impl Args {
    /// Everything that the result depends on.
    fn request(&self) -> Value {
        let mut request = Map::new();
        request.insert("uri".to_owned(), json!(self.uri));
        // What older revisions could not ask for stands only where it is asked for.
        for (given, name) in [
            (self.adopt_published, "adoptPublished"),
            (self.copy, "copy"),
        ] {
            if given {
                request.insert(name.to_owned(), true.into());
            }
        }
        request.into()
    }

    const fn adoption(&self) -> Adoption {
        if self.adopt_published {
            Adoption::Wanted
        } else {
            Adoption::NotWanted
        }
    }

    fn answer(&self, restored: Restored, unshown: Vec<String>) -> Answer {
        let file = quote(&self.file);
        let (number, revision) = (restored.list_id.clone(), restored.revision);
        let published = restored.published.as_ref();
        // What is restored is no backup any more.
        let again = if self.write.dry_run && !self.copy {
            format!("statuslist restore {file}")
        } else {
            format!("statuslist restore {file} --copy")
        };
        let warnings = published.map(|published| published.warnings(&again, &file));
        let after = match published.map_or(0, |published| published.adopted) {
            0 => "statuses set in the original after the backup are not in it".to_owned(),
            adopted => format!(
                "{} taken over from the site; what the original did not publish is not in it",
                super::counted(adopted, "status was", "statuses were")
            ),
        };
        let mut answer = Answer::report(restored).note(format!(
            "{file} is in use again, revision {revision}: new entries come from list {number}, \
             which is to be published first: statuslist publish {file}; {after}"
        ));
        answer.warnings.extend(warnings.into_iter().flatten());
        answer.warnings.extend(unshown);
        answer
    }

    /// The folders where the original was published, as far as anybody says.
    fn sites(
        &self,
        context: &Context<'_>,
        snapshot: &Snapshot<'_>,
    ) -> Result<Vec<Box<dyn Target>>, Error> {
        if self.no_site {
            return Ok(Vec::new());
        }
        let open = |name: &Path| open_target(name, Opening::Existing);
        if let Some(to) = self.to.as_ref().or(context.settings.to.as_ref()) {
            return Ok(open(to)?.into_iter().collect());
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
        let sites = targets
            .iter()
            .filter_map(|target| open(Path::new(target)).transpose());
        Ok(sites.collect::<Result<_, _>>()?)
    }
}

/// The lowest number above those in the file whose places in the sites are free.
fn free_number(
    last: ListNumber,
    series: &Series,
    (file, snapshot): (&Path, &Snapshot<'_>),
    (sites, base): (&[Box<dyn Target>], Option<&BaseUrl>),
) -> Result<ListNumber, Error> {
    let manifests = sites.iter().map(|site| Manifest::load(site.as_ref()));
    let manifests: Vec<_> = manifests.collect::<Result<_, _>>()?;
    let is_used = |path: &SitePath| {
        let listed = manifests.iter().flatten();
        let mut listed = listed.map(|manifest| manifest.entries.contains_key(path));
        listed.any(|listed| listed) || sites.iter().any(|site| site.contains(path))
    };
    let mut next = last.next();
    while let Some(number) = next {
        let mut free = true;
        for view in &series.views {
            let template = parse_template(&view.uri)?;
            if !template.has_number() {
                match snapshot.list_at(template.as_str()) {
                    Err(StoreError::NoUri(_)) => {}
                    Err(error) => return Err(Error::of_store(file, &error)),
                    Ok(_) => {
                        return Err(Error::new(
                            Code::Refused,
                            "the series cannot have another list",
                        )
                        .because(format!("its uri {} has no {{n}}", template.as_str()))
                        .hint("--uri 'https://example.com/statuslists/{n}.jwt'"));
                    }
                }
            }
            let path = path_of(view, number, base)?;
            free &= !is_used(&path);
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

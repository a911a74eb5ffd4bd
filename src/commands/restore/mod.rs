//! `restore`: makes a backup a file in use.
//!
//! | file | holds |
//! |---|---|
//! | `original` | the backup, as a survey of sites asks about it, and where it was published |
//! | `report` | the answer |
//!
//! The original may have revoked credentials after the backup was written, and published that. So
//! what is published is compared with the backup ([`crate::survey`]), and can be taken over where a
//! signature vouches for it. What is final in the backup stays.

mod original;
mod report;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde::Deserialize;
use serde_json::{Value, json};

use self::original::Original;
use self::report::{Restored, warnings};
use super::answer::surveying::nothing_verifies;
use super::options::{InflateOption, VerifyingOptions, WriteOptions};
use super::{Answer, Code, Context, Error, session};
use crate::audit::Checks;
use crate::change::new_list;
use crate::list::{ListNumber, OpenLists, Remark, Series};
use crate::site::{BaseUrl, Opening, Target, open_target, rolls_over, series_views};
use crate::store::{
    Ancestor, Backups, ChangeRow, Event, ListState, Master, Snapshot, StoreError, Work, random_seed,
};
use crate::survey::{Fate, ListFile, Signature, Survey, SurveyedFile, Surveying};
use crate::wire::shell::quote;

/// Makes a backup a list file in use.
///
/// The original may have handed out more indexes after the backup was written. So every list of
/// the file is closed to allocation (statuses can still be set, at any index), and a new list with a
/// new secret is opened, under a number that neither the file nor the site uses. The site's files are
/// read, and what they say otherwise than the backup is listed; with --adopt-published it is taken
/// over.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The backup.
    file: PathBuf,
    /// The site where the original was published.
    #[arg(long, value_name = "FOLDER", env = "STATUSLIST_BASE_DIR")]
    to: Option<PathBuf>,
    /// The uri that the site's root has [default: scheme and host of each uri].
    #[arg(long, value_name = "URL", env = "STATUSLIST_BASE_URL")]
    base_url: Option<BaseUrl>,
    /// The original was never published, or its site is gone.
    #[arg(long, conflicts_with_all = ["to", "adopt_published"])]
    no_site: bool,
    /// Take over the statuses that the site's files show and the backup does not, as far as their
    /// signatures verify; final statuses stay.
    #[arg(long)]
    adopt_published: bool,
    /// Restore a file that `statuslist backup` did not write: a plain copy of a list file.
    #[arg(long)]
    copy: bool,
    // Clap breaks the line at a placeholder, unless a code without effect stands in it.
    #[doc = "Publish the new list at this uri, where the series has one without {\u{1b}[0mn}; other"]
    #[doc = "views lie beside it. VIEW=TEMPLATE is for one view. May be repeated."]
    #[arg(long, value_name = "[VIEW=]TEMPLATE")]
    uri: Vec<String>,
    #[command(flatten)]
    verifying: VerifyingOptions,
    #[command(flatten)]
    inflate: InflateOption,
    #[command(flatten)]
    pub(super) write: WriteOptions,
}

/// Runs the command.
///
/// # Errors
/// The file is no backup, the series cannot have another list, nothing that is published verifies
/// although it is to be taken over, or the disk fails. Then nothing is changed.
pub(super) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
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
    let series = args.series(lock.series())?;
    let lists = lock.lists().map_err(of_file)?;
    let is_to_close = |number: ListNumber| {
        let mut known = lists.iter().filter(|list| list.number == number);
        // A list that its issuer closed hands out nothing in the original either.
        known.any(|list| list.closure.is_none() && list.state != ListState::Retired)
    };
    let original = Original {
        file: &args.file,
        lock: &lock,
        sites: args.sites(context, &lock)?,
        base: session::base_url(args.base_url.as_ref(), context)?,
    };
    let mut survey = args.survey(context, &original)?;
    let mut closed = original.numbers()?;
    closed.extend(survey.adopted_lists());
    let last = closed.last().copied().unwrap_or(ListNumber::FIRST);
    // One that hands out entries comes first in the log.
    let mut new_lists = original.new_lists(last, &series)?;
    let number = new_lists[0].number;
    for number in survey.adopted_lists() {
        let seed = random_seed().map_err(of_file)?;
        new_lists.push(new_list(lock.series(), number, seed, ListState::Open)?);
    }
    closed
        .retain(|number| survey.adopted_lists().any(|one| one == *number) || is_to_close(*number));
    let uri = new_lists[0].first_uri();
    let changed = series != *lock.series();
    if survey.adopted_files().next().is_some() {
        stamp.note = note(&stamp.note, &survey);
    }
    let ancestors = survey.adopted_files().filter_map(|file| {
        Some(Ancestor {
            path: file.path.as_str().to_owned(),
            chain: *file.chain?.as_bytes(),
        })
    });
    let ancestors = ancestors.collect();
    survey.files.sort_by(|one, other| one.path.cmp(&other.path));
    let unshown = unshown(&survey, lock.series());
    let has_site = !original.sites.is_empty();
    let rows = || {
        survey.takeovers.iter().map(|takeover| ChangeRow {
            entry: takeover.entry,
            old: takeover.old,
            new: takeover.new,
            remark: Remark::default(),
        })
    };
    let work = Work {
        body: if has_site {
            json!({ "published": survey })
        } else {
            Value::Null
        },
        new_lists,
        closed: closed.iter().copied().collect(),
        series: changed.then_some(series),
        changes: Box::new(|| Box::new(rows())),
        restores: true,
        // The original may make a list with the seed that would come next.
        master: Some(Master::Dropped),
        ancestors,
        ..Work::default()
    };
    let revision = lock
        .prepare(&stamp, work)
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    let restored = Restored {
        list_id: number,
        uri,
        closed: closed.into_iter().collect(),
        revision: revision.rev,
        published: has_site.then_some(survey),
    };
    let answer = args.answer(restored, unshown).exposing(&args.file);
    Ok(args.write.finish(answer, revision, &stamp))
}

/// The note of the revision: what was given, and what was taken over.
fn note(given: &str, survey: &Survey) -> String {
    let files = survey.adopted_files().filter_map(|file| {
        let digest = file.sha256?;
        Some(format!("{} sha256:{digest}", file.path))
    });
    let adopted = format!("adopted {}", files.collect::<Vec<_>>().join(", "));
    match given {
        "" => adopted,
        given => format!("{given}; {adopted}"),
    }
}

/// Warns of statuses that are taken over although a view does not show them: the site does not
/// show them there either, and to leave them out would be worse.
fn unshown(survey: &Survey, series: &Series) -> Vec<String> {
    let statuses: BTreeSet<_> = survey.takeovers.iter().map(|one| one.new).collect();
    statuses
        .into_iter()
        .filter_map(|status| Some(series.takes(status).err()?.to_string()))
        .collect()
}

/// What an operation id was answered the first time.
fn again(snapshot: &Snapshot<'_>, event: &Event) -> Result<Restored, StoreError> {
    #[derive(Deserialize)]
    struct Body {
        lists: Vec<Opened>,
        closed: Vec<u32>,
        published: Option<Survey>,
    }
    #[derive(Deserialize)]
    struct Opened {
        list: u32,
    }
    let wrong = |reason: &dyn std::fmt::Display| {
        StoreError::Corrupt(format!("revision {}: {reason}", event.rev))
    };
    let body: Body = serde_json::from_str(&event.body).map_err(|source| wrong(&source))?;
    let number = |number| ListNumber::new(number).ok_or_else(|| wrong(&"it names no list"));
    let opened = body.lists.first();
    let opened = number(opened.ok_or_else(|| wrong(&"it opened no list"))?.list)?;
    Ok(Restored {
        list_id: opened,
        uri: snapshot.first_uri(opened)?,
        closed: body
            .closed
            .into_iter()
            .map(number)
            .collect::<Result<_, _>>()?,
        revision: event.rev,
        published: body.published,
    })
}

impl Args {
    /// The settings of the series, with the uris that were given.
    fn series(&self, series: &Series) -> Result<Series, Error> {
        if self.uri.is_empty() {
            return Ok(series.clone());
        }
        series.with(|settings| {
            let proof = settings.credentials.proof;
            settings.views = series_views(&series.forms(), &self.uri, proof, &[])?;
            if !rolls_over(&settings.views) {
                settings.spare = 0;
                settings.open = OpenLists::default();
            }
            Ok(())
        })
    }

    /// Everything that the result depends on.
    fn request(&self) -> Value {
        let mut request = json!({ "uri": self.uri });
        // What older revisions could not ask for stands only where it is asked for.
        if self.adopt_published {
            request["adoptPublished"] = true.into();
        }
        if self.copy {
            request["copy"] = true.into();
        }
        request
    }

    /// Compares the sites with the backup; there is nothing to compare without any.
    fn survey(&self, context: &Context<'_>, original: &Original<'_>) -> Result<Survey, Error> {
        let keys = self.verifying.keys(context)?;
        let authorities = self.verifying.certificates.authorities(context)?;
        let checks = Checks {
            keys: keys.as_ref(),
            trust: authorities.as_ref().map(|authorities| authorities.trust()),
            ..Checks::new(context.clock.now(), self.inflate.limit())
        };
        if self.adopt_published && checks.keys.is_none() && checks.trust.is_none() {
            let message = "no key was named to verify the site's files with";
            return Err(Error::new(Code::Refused, message)
                .because("whoever can write to the site could revoke and un-revoke otherwise")
                .hint("--key KEY, --jwks FILE or --trust FILE"));
        }
        if self.adopt_published && original.sites.len() > 1 {
            return Err(Error::new(Code::Refused, "the original has several sites")
                .because("they may be of different states")
                .hint("name the newest one: --to FOLDER"));
        }
        let surveying = Surveying {
            series: original.lock.series(),
            base: original.base.as_ref(),
            checks,
            limit: self.inflate.token_limit(),
            verified: if self.adopt_published {
                Fate::Adopted
            } else {
                Fate::Unchanged
            },
        };
        let survey = surveying.survey(original, &original.sites)?;
        let verifies = |file: &SurveyedFile| file.signature == Signature::Valid;
        if self.adopt_published && !survey.files.iter().any(verifies) {
            return Err(nothing_verifies(&survey));
        }
        Ok(survey)
    }

    fn answer(&self, restored: Restored, unshown: Vec<String>) -> Answer {
        let file = quote(&self.file);
        let (number, revision) = (restored.list_id, restored.revision);
        let published = restored.published.as_ref();
        // What is restored is no backup any more.
        let again = if self.write.dry_run && !self.copy {
            format!("statuslist restore {file}")
        } else {
            format!("statuslist restore {file} --copy")
        };
        let warnings = published.map(|survey| warnings(survey, &again, &file));
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

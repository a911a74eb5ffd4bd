//! `publish`: brings a site up to date.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::answer::profiles::breach_warnings;
use super::answer::publishing::{
    linking, of_new_folder, of_retired, of_stranger, of_unrecorded, out_of_date,
};
use super::answer::{exposure, hosts};
use super::key_ring::{self, DefaultKey, KeyRing};
use super::live::{Hosts, Said};
use super::options::{
    HostOptions, InflateOption, LiveOptions, PageOption, RegenerationOptions, SigningOptions,
    ViewName, WaitOption,
};
use super::pool::every_list_file;
use super::publish_report::PublishReport;
use super::regeneration::Tokens;
use super::session::{self, base_url};
use super::signing::{haste, remark};
use super::{Answer, Clock, Code, Context, Error, Written};
use crate::list::{Policy, Securing, View};
use crate::publish::{
    Contents, Defaults, Edition, Envelopes, Hosted, KeyRules, PageRule, Permission, Renewal,
    RetiredFiles, Rules, SecretFile, SecretKind, Selection, Site, Sites, Timing, record,
    refuse_given,
};
use crate::site::{BaseUrl, Opening, Target, open_target};
use crate::store::Snapshot;
use crate::wire::shell::quote;

/// Brings a site up to date.
///
/// Writes the tokens of every list that changed, or whose token is past half of its validity, and
/// leaves the others as they are. A site never goes back to an older state, and never to a copy of
/// a list file that went another way: then nothing is written.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The list files, or folders of list files (pools): all of them, in the order of their names.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The site: a folder, made if it is missing.
    #[arg(long, value_name = "FOLDER", env = "STATUSLIST_BASE_DIR")]
    pub to: Option<PathBuf>,
    /// The uri that the site's root has [default: scheme and host of each uri].
    #[arg(long, value_name = "URL", env = "STATUSLIST_BASE_URL")]
    pub base_url: Option<BaseUrl>,
    /// Publish only this view; repeat it, or use commas.
    #[arg(long = "as", value_name = "VIEW", value_delimiter = ',')]
    pub views: Vec<ViewName>,
    /// Write every token anew, due or not.
    #[arg(long, conflicts_with = "if_due")]
    pub renew: bool,
    /// Write only what the policy says is due ([regeneration] in the settings; without one, every
    /// change is).
    #[arg(long)]
    pub if_due: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub live: LiveOptions,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub permissions: Permissions,
    /// Write W3C credentials in JWTs and COSE messages also in an envelope, as JSON.
    #[arg(long)]
    pub enveloped: bool,
    /// Remove the files of retired lists that were published from these list files.
    #[arg(long)]
    pub prune: bool,
    /// Say what would be done, and do not do it.
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// With -n: exit with 1 if something would be done.
    #[arg(long, requires = "dry_run")]
    pub exit_code: bool,
    #[command(flatten)]
    pub(crate) regeneration: RegenerationOptions,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub page: PageOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub hosting: HostOptions,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub inflate: InflateOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub wait: WaitOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub signing: SigningOptions,
}

/// What is refused unless somebody allows it.
#[derive(Clone, Debug, ClapArgs)]
pub struct Permissions {
    /// Replace what is there even if it is newer, or of another history.
    #[arg(long)]
    pub allow_rollback: bool,
    /// With --allow-rollback: let entries leave a final status too, as none may otherwise.
    #[arg(long, requires = "allow_rollback")]
    pub unrevoke: bool,
    /// Replace what another key signed, though it was not announced.
    #[arg(long)]
    pub new_key: bool,
    /// Take this key out of the site at once, by its kid or thumbprint, and replace what it signed.
    #[arg(long, value_name = "KID")]
    pub drop_key: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// No key or site, a path that the site cannot hold, a conflict, or the disk fails. Unless the
/// disk fails on the way, nothing is written then.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let (named, remarks) = every_list_file(&args.files, args.wait.time())?;
    let files = distinct(&named)?;
    let ring = args.keys(&files, context)?;
    let root = args.root(context)?;
    let list_files = files
        .iter()
        .map(|file| SecretFile::new(file, SecretKind::ListFile));
    let secrets: Vec<_> = list_files.chain(args.signing.secrets(context)).collect();
    refuse_given(&root, &secrets)?;
    let base = base_url(args.base_url.as_ref(), context)?;
    let rules = Rules {
        policy: args.regeneration.policy(context)?.unwrap_or_default(),
        hosting: args.hosting.hosting(context)?,
        ..args.rules(context)
    };
    let live_hosts = args.hosts(&files, base.as_ref())?;
    let live = live_hosts.as_ref().map(|hosts| hosts.read(rules.limit));
    let live = live.transpose()?;
    let target = open_target(&root, args.opening())?;
    let target = target.as_deref();
    // The state is read after the lock is held, so whoever comes later reads a later one.
    let held = match target {
        Some(target) => Some((target, target.lock(args.wait.time())?)),
        None => None,
    };
    let folder = Site::new(held, base.as_ref())?;
    let sites = Sites::of(folder, live.as_ref());
    let dropped = args.permissions.drop_key.as_deref();
    let rules = Rules {
        keys: key_ring::rules(&args.signing, dropped, &sites.site, context)?,
        ..rules.at(&context.clock_in_turn())
    };
    let mut contents =
        Contents::new(Some(&ring), &sites.site, &rules).beside(sites.beside.as_ref());
    let mut worries = BTreeSet::new();
    for file in files {
        worries.extend(args.collect(file, context, target, &mut contents)?);
    }
    let mut plan = contents.plan()?;
    context.progress.expect(None);
    sites.complete(&mut plan, &rules, &|bytes| context.progress.bytes(bytes))?;
    context.progress.done();
    let heard = live_hosts.as_ref().zip(live.as_ref());
    let heard = heard.map(|(hosts, live)| hosts.said(live, &plan, context));

    let mut written = Vec::new();
    let mut unrecorded = Vec::new();
    if let Some(target) = target.filter(|_| !args.dry_run) {
        plan.clear_leftovers(target, context.clock.real);
        written = plan.carry_out(sites.site, rules.now)?;
        let receivers = context.settings.receiver_names();
        unrecorded = record(plan.records(target, rules.now), &receivers, rules.patience);
    }
    let news = plan.new_defaults().map(|default| match &plan.hosted {
        Some(hosted) if hosted.defaults == Defaults::TheHost => {
            hosts::of_defaults(hosted.host, default)
        }
        _ => of_new_folder(default),
    });
    let told = plan.hosted.as_ref().filter(|_| !args.dry_run);
    let news: Vec<_> = news.chain(told.and_then(to_load)).collect();
    let staying = Some(plan.leaving.staying).filter(|count| *count > 0);
    let news: Vec<_> = (news.into_iter())
        .chain(unrecorded.iter().map(of_unrecorded))
        .chain(staying.map(of_retired))
        .collect();
    let advice: BTreeSet<_> = breach_warnings(std::mem::take(&mut plan.advice)).collect();
    let doubts = plan.doubts.iter().map(ToString::to_string);
    let hosted = plan.hosted.as_ref();
    let doubts: Vec<_> = (hosted.into_iter().flat_map(host_worries))
        .chain(doubts)
        .chain(plan.leaving.strangers.iter().map(of_stranger))
        .collect();
    let mut report = PublishReport::new(&root, plan, rules.retired);
    report.dry_run = args.dry_run;
    let last = report.last_written();
    let is_out_of_date = report.is_out_of_date;
    let mut answer = report
        .answer(context.clock.real)
        .wrote(Written::of(written));
    answer.warnings.extend(doubts);
    answer.warnings.extend(worries);
    let exposed = ring.given().filter_map(|given| given.exposed.clone());
    answer.warnings.extend(exposed);
    answer.warnings.extend(advice);
    for given in ring.given().filter(|_| last.is_some()) {
        answer = remark(answer, &given.key.named, last);
    }
    answer.notes.extend(news);
    if let Some(Said { notes, warnings }) = heard {
        answer.notes.extend(notes);
        answer.warnings.extend(warnings);
    }
    answer.verdict = (args.exit_code && is_out_of_date).then(out_of_date);
    let folder = target.map_or(Some(root.as_path()), Target::folder);
    answer
        .warnings
        .extend(exposure::of_publication(&named, folder));
    Ok(answer.without(&remarks))
}

impl Rules {
    /// The same at this time.
    fn at(self, clock: &Clock) -> Self {
        Self {
            now: clock.now(),
            // With --now the caller knows.
            unexpired_at: clock.given.is_none().then_some(clock.real),
            ..self
        }
    }
}

impl Args {
    /// The place of the site.
    pub(super) fn root(&self, context: &Context<'_>) -> Result<PathBuf, Error> {
        let root = self.to.clone().or_else(|| context.settings.to.clone());
        root.ok_or_else(|| Error::new(Code::Refused, "no site was named").hint("--to FOLDER"))
    }

    /// The hosts of the list files, if they are to be asked.
    fn hosts(&self, files: &[&Path], base: Option<&BaseUrl>) -> Result<Option<Hosts>, Error> {
        let patience = self.wait.time();
        let hosts = || Hosts::of(files, base, &self.live, patience);
        self.live.live.then(hosts).transpose()
    }

    fn opening(&self) -> Opening {
        if self.dry_run {
            Opening::IfThere
        } else {
            Opening::Create
        }
    }

    fn rules(&self, context: &Context<'_>) -> Rules {
        let permission = |is_granted| {
            if is_granted {
                Permission::Granted
            } else {
                Permission::Refused
            }
        };
        let clock = &context.clock;
        Rules {
            now: clock.now(),
            unexpired_at: None,
            renewal: if self.renew {
                Renewal::Always
            } else {
                Renewal::WhenDue
            },
            timing: if self.if_due {
                Timing::WhenDue
            } else {
                Timing::WithEveryChange
            },
            policy: Policy::default(),
            rollback: permission(self.permissions.allow_rollback),
            unrevoke: permission(self.permissions.unrevoke),
            new_key: permission(self.permissions.new_key),
            silent_site: permission(self.live.new_site || self.live.live),
            keys: KeyRules::default(),
            envelopes: if self.enveloped {
                Envelopes::Written
            } else {
                Envelopes::LeftOut
            },
            page: if self.page.page || context.settings.page {
                PageRule::Written
            } else {
                PageRule::KeptCurrent
            },
            retired: if self.prune {
                RetiredFiles::Removed
            } else {
                RetiredFiles::Stay
            },
            hosting: None,
            max_inflated: self.inflate.max_inflated,
            limit: self.inflate.token_limit(),
            patience: self.wait.time(),
        }
    }

    /// The keys; none only if nothing is to be signed and nobody named one.
    fn keys(&self, files: &[&Path], context: &Context<'_>) -> Result<KeyRing, Error> {
        let default = if !self.signing.names_key(context) && self.signs_nothing(files)? {
            DefaultKey::IfNamed
        } else {
            DefaultKey::Needed
        };
        KeyRing::read(&self.signing, context, &self.wait, default)
    }

    /// Whether the chosen views of all list files are published without a signature.
    fn signs_nothing(&self, files: &[&Path]) -> Result<bool, Error> {
        let is_signed = |view: &View| view.row().securing != Securing::Nothing;
        for file in files {
            if self.read(file, |snapshot| {
                Ok(self.chosen(snapshot)?.iter().any(is_signed))
            })? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads everything of a list file that the site should hold. Returns what people should worry
    /// about.
    fn collect(
        &self,
        file: &Path,
        context: &Context<'_>,
        target: Option<&dyn Target>,
        contents: &mut Contents<'_>,
    ) -> Result<Vec<String>, Error> {
        self.read(file, |snapshot| {
            let lifetimes = self.signing.lifetimes(context, snapshot)?;
            let haste = haste(&lifetimes, snapshot.series());
            let tokens = Tokens {
                valid_for: lifetimes.valid_for,
                width: snapshot.register().width,
            };
            self.regeneration.policy_for(context, tokens)?;
            let linked =
                target.map(|target| snapshot.group_linked_by_publishing_to(&target.name()));
            let linked = linked.transpose();
            let linked = linked.map_err(|error| Error::of_store(file, &error))?;
            let selection = Selection {
                lifetimes,
                views: &self.chosen(snapshot)?,
                edition: Edition::of(file, snapshot)?,
            };
            contents.add(snapshot, &selection)?;
            let linked = linked.flatten().map(|group| linking(&group));
            Ok(haste.into_iter().chain(linked).collect())
        })
    }

    /// Reads one state of a list file.
    fn read<T>(
        &self,
        file: &Path,
        read: impl FnOnce(&Snapshot<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let store = session::open_to_read(file, self.wait.time())?;
        let snapshot = store.snapshot();
        read(&snapshot.map_err(|error| Error::of_store(file, &error))?)
    }

    fn chosen(&self, snapshot: &Snapshot<'_>) -> Result<Vec<View>, Error> {
        let series = snapshot.series();
        if self.views.is_empty() {
            return Ok(series.forms());
        }
        let mut chosen = Vec::new();
        for name in &self.views {
            chosen.extend(name.among(&series.views)?);
        }
        Ok(chosen)
    }
}

/// How settings of a host come into force that are new.
fn to_load(hosted: &Hosted) -> Option<String> {
    let config = hosted.config.as_ref().filter(|config| config.differs)?;
    hosts::to_load(hosted.host, &config.path)
}

/// What people should worry about with their host.
fn host_worries(hosted: &Hosted) -> Vec<String> {
    let limits = hosted.limits.iter();
    let limits = limits.map(|limit| hosts::of_limit(hosted.host, *limit));
    let left_out = hosted.strangers.iter();
    let left_out = left_out.map(|path| hosts::of_left_out(hosted.host, path));
    limits.chain(left_out).collect()
}

/// Refuses a list file that is named twice, under whatever names.
fn distinct(files: &[PathBuf]) -> Result<Vec<&Path>, Error> {
    let mut seen = std::collections::HashMap::new();
    for file in files {
        let Ok(metadata) = std::fs::metadata(file) else {
            continue;
        };
        if let Some(other) = seen.insert((metadata.dev(), metadata.ino()), file) {
            return Err(Error::new(
                Code::Refused,
                format!("{} and {} are one list file", quote(other), quote(file)),
            )
            .hint("name it once"));
        }
    }
    Ok(files.iter().map(PathBuf::as_path).collect())
}

#[cfg(test)]
mod tests;

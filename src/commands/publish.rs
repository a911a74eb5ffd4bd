//! `publish`: brings a site up to date.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::options::{InflateOption, WaitOption};
use super::publish_report::{Action, Published};
use super::session;
use super::signing::SigningKey;
use super::{Answer, Code, Context, Error};
use crate::commands::options::SigningOptions;
use crate::commands::options::ViewName;
use crate::commands::session::base_url;
use crate::commands::signing::without_key;
use crate::disk::DirectoryLocks;
use crate::list::View;
use crate::publish::aggregation::{self, Place};
use crate::publish::decision::{Decision, Rules, State, decide, distinct, record};
use crate::publish::delivery::Target;
use crate::publish::guard::{self, Lifted, Log, Origin, Unrevoke};
use crate::publish::profile;
use crate::publish::responder::{self, Responder, Site};
use crate::publish::secrets::{Folders, Kind, Secret, refuse_given};
use crate::publish::side_files::{self, Credential, SideFile};
use crate::publish::statement::{Lifetimes, Settings, Statement};
use crate::publish::token_file::Item;
use crate::site::{BaseUrl, Digest, Folder, Manifest, SitePath, check_distinct};
use crate::store::{ListState, Publication, Snapshot};

/// Brings a site up to date.
///
/// Writes the tokens of every list that changed, or whose token is past half of its validity, and
/// leaves the others as they are. A site never goes back to an older state, and never to a copy of
/// a list file that went another way: then nothing is written.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The list files.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The site: a folder, made if it is missing.
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
    /// Publish only this view; repeat it, or use commas.
    #[arg(long = "as", value_name = "VIEW", value_delimiter = ',')]
    pub views: Vec<ViewName>,
    /// Write every token anew, due or not.
    #[arg(long)]
    pub renew: bool,
    /// Replace what is there even if it is newer, or of another history.
    #[arg(long)]
    pub allow_rollback: bool,
    /// With --allow-rollback: let entries leave a final status too, as none may otherwise.
    #[arg(long, requires = "allow_rollback")]
    pub unrevoke: bool,
    /// Replace what another key signed.
    #[arg(long)]
    pub new_key: bool,
    /// Write W3C credentials in JWTs and COSE messages also in an envelope, as JSON.
    #[arg(long)]
    pub enveloped: bool,
    /// Say what would be done, and do not do it.
    #[arg(short = 'n', long)]
    pub dry_run: bool,
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

/// Everything that a site should hold.
#[derive(Default)]
struct Found<'a> {
    items: Vec<Item<'a>>,
    responders: Vec<Responder<'a>>,
    /// The uris of lists that are published no more.
    retired: BTreeSet<String>,
}

/// Runs the command.
///
/// # Errors
/// No key or site, a path that the site cannot hold, a conflict, or the disk fails. Unless the
/// disk fails on the way, nothing is written then.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let files = distinct(&args.files)?;
    let key = args.key(&files, context)?;
    let root = args.root(context)?;
    let list_files = files.iter().map(|file| Secret::new(file, Kind::ListFile));
    let secrets: Vec<_> = list_files.chain(args.signing.secrets(context)).collect();
    refuse_given(&root, &secrets)?;
    let base = base_url(args.base_url.as_ref(), context)?;
    let site = args.open_site(&root)?;
    // The state is read after the lock is held, so whoever comes later reads a later one.
    let locks = match &site {
        Some(site) => DirectoryLocks::acquire(&[site.root()], args.wait.time())?,
        None => DirectoryLocks::acquire::<&Path>(&[], args.wait.time())?,
    };
    let manifest = match &site {
        Some(site) => Manifest::load(site)?.unwrap_or_default(),
        None => Manifest::default(),
    };
    let place = Place {
        site: site.as_ref(),
        base: base.as_ref(),
        manifest: &manifest,
    };
    let mut found = Found::default();
    for file in files {
        args.collect(file, context, place, &mut found)?;
    }
    let members: Vec<_> = found.items.iter().map(Item::member).collect();
    let mut side_files = aggregation::documents(&members, &found.retired, place)?;
    let mut plan = args.plan(&found.items, key.as_ref(), context, place)?;
    let lifted = args.lifted(&mut plan, &mut found.responders)?;
    side_files.extend(args.side_files(&found.items, &plan, key.as_ref(), place)?);
    // Several list files may bring the same keys.
    let others: BTreeSet<_> = side_files.iter().map(|file| file.path.clone()).collect();
    let tokens = found.items.iter().map(|item| item.path.clone());
    let documents = found.responders.iter().flat_map(Responder::paths).cloned();
    let paths: Vec<_> = tokens.chain(others).chain(documents).collect();
    check_distinct(&paths).map_err(|error| {
        Error::new(Code::Refused, "two files cannot be published there").because_of(&error)
    })?;
    let folders = site.as_ref();
    let folders = folders.map(|site| Folders::of(site, &paths, &manifest));
    let doubts = match &folders {
        Some(folders) => folders.refuse_secrets()?,
        None => Vec::new(),
    };
    let side_files = side_files::plan(side_files, site.as_ref(), &manifest, args.allow_rollback)?;

    if let Some(folders) = folders.filter(|_| !args.dry_run) {
        folders.clear_leftovers(context.clock.real);
    }
    let open = site.as_ref().filter(|_| !args.dry_run);
    let mut target = Target::new(open, manifest);
    let mut published = Published::new(&root, args.dry_run, lifted);
    let mut records = write_tokens(&found.items, plan, (&root, &mut target), &mut published)?;
    let now = context.clock.now();
    published.documents = side_files::write(side_files, &mut target, now.second())?;
    let documents = responder::write(found.responders, &root, &mut target, now)?;
    records.extend(documents.records);
    published.answered(documents.answered);
    let written = target.finish()?;
    drop(locks);
    let last = published.last_written();
    let claims = found.items.iter().map(|item| &item.statement.claims);
    let mut answer = published.answer(claims, context.clock.real).wrote(written);
    answer.warnings.extend(doubts);
    if let Some(key) = &key {
        answer.warnings.extend(key.exposed.clone());
        let advice = found
            .items
            .iter()
            .flat_map(|item| profile::advice(&item.statement, &key.named));
        let advice: BTreeSet<_> = advice.collect();
        answer.warnings.extend(advice);
        if last.is_some() {
            answer = key.named.remark(answer, last);
        }
    }
    answer.notes.extend(documents.notes);
    answer
        .warnings
        .extend(super::answer::exposure::of_publication(&args.files, &root));
    answer.notes.extend(record(&records, &args.wait));
    Ok(answer)
}

/// Writes the tokens that are to be written, and returns what to record of them.
fn write_tokens<'a>(
    items: &[Item<'a>],
    plan: Vec<Decision>,
    (root, target): (&Path, &mut Target<'_>),
    published: &mut Published,
) -> Result<Vec<(&'a Path, Publication)>, Error> {
    let mut records = Vec::new();
    for (item, decision) in items.iter().zip(plan) {
        let line = match decision {
            Decision::Keep { token } => item.line(
                Action::Unchanged,
                "nothing changed, and it is fresh",
                token.len() as u64,
            ),
            Decision::Write { because, token, .. } => {
                let entry = item.entry(&token);
                target.put(item.path.clone(), &token, entry)?;
                if target.is_open() {
                    records.push((item.file, item.record(root, &token)));
                }
                item.line(Action::Written, because, token.len() as u64)
            }
        };
        match line.action {
            Action::Written => published.written += 1,
            Action::Unchanged => published.unchanged += 1,
        }
        published.files.push(line);
    }
    Ok(records)
}

impl Args {
    /// The folder of the site.
    fn root(&self, context: &Context<'_>) -> Result<PathBuf, Error> {
        let root = self.to.clone().or_else(|| context.settings.to.clone());
        root.ok_or_else(|| Error::new(Code::Refused, "no site was named").hint("--to FOLDER"))
    }

    /// Opens the site; `None` if it would be made.
    fn open_site(&self, root: &Path) -> Result<Option<Folder>, Error> {
        if !self.dry_run {
            return Ok(Some(Folder::create(root)?));
        }
        Ok(root.exists().then(|| Folder::open(root)).transpose()?)
    }

    /// The key; `None` only if nothing is to be signed and nobody named one.
    fn key(&self, files: &[&Path], context: &Context<'_>) -> Result<Option<SigningKey>, Error> {
        if !self.signing.names_key(context) && self.signs_nothing(files)? {
            return Ok(None);
        }
        self.signing.signing_key(context, &self.wait).map(Some)
    }

    /// Whether the chosen views of all list files are published without a signature.
    fn signs_nothing(&self, files: &[&Path]) -> Result<bool, Error> {
        for file in files {
            let store = session::open_to_read(file, self.wait.time())?;
            let snapshot = store
                .snapshot()
                .map_err(|error| Error::of_store(file, &error))?;
            let chosen = self.chosen(&snapshot)?;
            if chosen.iter().any(|view| *view != View::OaOcsp) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads everything of a list file that the site should hold, from one state of the file, and
    /// the uris of tokens that it should not hold any more.
    fn collect<'a>(
        &self,
        file: &'a Path,
        context: &Context<'_>,
        place: Place<'_>,
        found: &mut Found<'a>,
    ) -> Result<(), Error> {
        let store = session::open_to_read(file, self.wait.time())?;
        let of_file = |error| Error::of_store(file, &error);
        let snapshot = store.snapshot().map_err(of_file)?;
        let lifetimes = Lifetimes::resolve(&self.signing, context, &snapshot)?;
        let views = self.chosen(&snapshot)?;
        let head = snapshot.visible_head().map_err(of_file)?;
        let now = context.clock.now();
        let settings = Settings::of(&snapshot);
        for list in snapshot.lists().map_err(of_file)? {
            let uris = snapshot.uris(list.number).map_err(of_file)?;
            if list.state == ListState::Retired {
                found.retired.extend(uris.into_iter().map(|(_, uri)| uri));
                continue;
            }
            for (name, uri) in uris {
                let Some(view) = views.iter().find(|view| view.name() == name) else {
                    continue;
                };
                if *view == View::OaOcsp {
                    let of = (&list, uri.as_str());
                    let site = self.site(place);
                    let responder = responder::collect(file, &snapshot, of, site)?;
                    found.responders.push(responder);
                    continue;
                }
                let path = SitePath::of(&uri, place.base).map_err(|error| {
                    Error::new(Code::Refused, format!("cannot publish at '{uri}'"))
                        .because_of(&error)
                })?;
                let origin = Origin::of(&path, place.manifest, &snapshot).map_err(of_file)?;
                let log = Log {
                    file,
                    list: list.number,
                    origin,
                    head: head.0,
                    changed: list.rev,
                };
                let of = (&list, *view, uri.as_str());
                let statement =
                    Statement::of(&snapshot, &settings, of, lifetimes, now).map_err(of_file)?;
                found.items.push(Item {
                    file,
                    list: list.number,
                    view: *view,
                    uri,
                    path,
                    statement,
                    head,
                    log,
                });
            }
        }
        Ok(())
    }

    /// What all files together would let leave a final status, if that was asked for.
    fn lifted(
        &self,
        plan: &mut [Decision],
        responders: &mut [Responder<'_>],
    ) -> Result<Vec<Lifted>, Error> {
        let by_responders = responders.iter_mut().filter_map(Responder::take_lifted);
        let by_tokens = plan.iter_mut().filter_map(Decision::take_lifted);
        let lifted: Vec<_> = by_tokens.chain(by_responders).collect();
        let unrevoke = if self.unrevoke {
            Unrevoke::Allowed
        } else {
            Unrevoke::Refused
        };
        guard::refuse_lifted(&lifted, unrevoke)?;
        Ok(lifted)
    }

    fn site<'a>(&self, place: Place<'a>) -> Site<'a> {
        Site {
            place,
            allow_rollback: self.allow_rollback,
            limit: self.inflate.token_limit(),
        }
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

    /// Decides about every token before any is written.
    fn plan(
        &self,
        items: &[Item<'_>],
        key: Option<&SigningKey>,
        context: &Context<'_>,
        place: Place<'_>,
    ) -> Result<Vec<Decision>, Error> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let key = key.ok_or_else(without_key)?;
        let rules = Rules {
            now: context.clock.now(),
            key,
            renew: self.renew,
            allow_rollback: self.allow_rollback,
            new_key: self.new_key,
            inflate: &self.inflate,
            wait: &self.wait,
        };
        items
            .iter()
            .map(|item| {
                let found = match place.site {
                    Some(folder) => folder.read(&item.path, self.inflate.token_limit())?,
                    None => None,
                };
                let decision = decide(
                    &State {
                        path: &item.path,
                        statement: &item.statement,
                        found: found.as_deref(),
                        entry: place.manifest.entries.get(&item.path),
                        log: item.log,
                    },
                    &rules,
                )?;
                if matches!(decision, Decision::Write { .. }) {
                    item.refuse_expired(context)?;
                }
                Ok(decision)
            })
            .collect()
    }

    /// The files that go with the tokens.
    fn side_files(
        &self,
        items: &[Item<'_>],
        plan: &[Decision],
        key: Option<&SigningKey>,
        place: Place<'_>,
    ) -> Result<Vec<SideFile>, Error> {
        let mut files = Vec::new();
        // The keys go with a list file: they are read for its first token alone.
        let of_files = items.chunk_by(|one, next| one.file == next.file);
        for (first, key) in of_files.filter_map(|items| items.first().zip(key)) {
            let (series, chain) = (first.statement.series(), Digest::from(first.head.1));
            let site = (place.site, place.base);
            files.extend(side_files::keys(series, &key.named.public, site, chain)?);
        }
        let items = items.iter().zip(plan).filter(|_| self.enveloped);
        for (item, decision) in items.filter(|(item, _)| item.view.family().is_w3c()) {
            let (series, chain) = (item.statement.series(), Digest::from(item.head.1));
            let found = match place.site {
                Some(site) => site.read(&item.path, self.inflate.token_limit())?,
                None => None,
            };
            let credential = Credential {
                uri: &item.uri,
                token: decision.token(),
                found,
            };
            let file = side_files::enveloped(series, &credential, place.base, chain)?;
            files.extend(file);
        }
        Ok(files)
    }
}

//! One target: what it is, and what is found of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::watching::{CountsDays, MustBe, Watching};
use crate::commands::answer::health::trouble_in_words;
use crate::commands::answer::pools::error_of;
use crate::commands::pool::Pool;
use crate::commands::{Code, Error};
use crate::health::{
    Activity, Concern, Gathered, HostFault, ListFileHealth, SiteHealth, Source, Trouble,
};
use crate::site::{
    BaseUrl, LiveSite, Manifest, Opening, SitePath, Target, open_target, template_of,
};
use crate::store::{Access, Snapshot, Store, StoreError, is_list_file};
use crate::wire::shell::quote;

/// How many days of what a list file did are counted.
const DAYS: u32 = 30;

/// What a target is, by its look.
pub(super) enum TargetKind {
    ListFile(PathBuf),
    Pool(PathBuf),
    Site(PathBuf),
    /// The root of a site, or its manifest.
    LiveSite(String),
    LiveToken(String),
    /// Nothing that can be checked.
    Nothing(PathBuf),
}

/// One thing that was looked at, or could not be.
pub(super) struct Looked {
    pub(super) name: String,
    pub(super) found: Result<TargetFound, Error>,
}

/// What was found.
pub(super) enum TargetFound {
    ListFile {
        health: Box<ListFileHealth>,
        activity: Option<Activity>,
    },
    Site {
        kind: SiteKind,
        health: SiteHealth,
    },
}

/// Where the files of a site were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SiteKind {
    Folder,
    Live,
    LiveToken,
}

impl TargetFound {
    pub(super) fn concerns(&self) -> &[Concern] {
        match self {
            Self::ListFile { health, .. } => &health.concerns,
            Self::Site { health, .. } => &health.concerns,
        }
    }
}

impl TargetKind {
    pub(super) fn of(target: &Path) -> Self {
        let text = target.to_string_lossy();
        if text.starts_with("https://") || text.starts_with("http://") {
            let manifest = SitePath::manifest();
            let root = text.strip_suffix(manifest.as_str()).unwrap_or(&text);
            let is_root = root.ends_with('/') || is_bare(root);
            return if is_root {
                Self::LiveSite(root.to_owned())
            } else {
                Self::LiveToken(text.into_owned())
            };
        }
        let path = target.to_owned();
        if target.is_dir() {
            let manifest = target.join(SitePath::manifest().as_path());
            return if manifest.is_file() {
                Self::Site(path)
            } else {
                Self::Pool(path)
            };
        }
        if is_list_file(target) {
            Self::ListFile(path)
        } else {
            Self::Nothing(path)
        }
    }

    /// The folder of a site.
    pub(super) fn site(&self) -> Option<&Path> {
        match self {
            Self::Site(folder) => Some(folder),
            _ => None,
        }
    }

    /// Looks at it.
    pub(super) fn look(&self, watching: &Watching<'_>, backups: &mut Vec<PathBuf>) -> Vec<Looked> {
        match self {
            Self::ListFile(file) => vec![list_file(file, watching)],
            Self::Pool(folder) => pool(folder, watching, backups),
            Self::Site(folder) => vec![Looked {
                name: folder.display().to_string(),
                found: site(folder, watching),
            }],
            Self::LiveSite(url) => vec![Looked {
                name: url.clone(),
                found: live_site(url, watching),
            }],
            Self::LiveToken(url) => vec![Looked {
                name: url.clone(),
                found: live_token(url, watching),
            }],
            Self::Nothing(path) => vec![Looked {
                name: path.display().to_string(),
                found: Err(nothing(path)),
            }],
        }
    }
}

/// Whether a url has a host and no path.
fn is_bare(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(_, rest)| !rest.contains('/'))
}

fn nothing(path: &Path) -> Error {
    let name = quote(path);
    match std::fs::metadata(path) {
        Err(error) => Error::io(format!("cannot look at {name}")).because_of(&error),
        Ok(_) => Error::new(Code::Io, format!("{name} is no list file, and no folder"))
            .hint(format!("a token in a file: statuslist inspect {name}")),
    }
}

fn list_file(file: &Path, watching: &Watching<'_>) -> Looked {
    let found = || -> Result<TargetFound, Error> {
        let uris = read(file, watching, first_uris)?;
        let place = Published::of(&uris, watching)?;
        let part = read(file, watching, |snapshot| part(snapshot, &place, watching))?;
        Ok(part.finished(&place, watching))
    };
    Looked {
        name: file.display().to_string(),
        found: found(),
    }
}

/// Reads one state of a list file, which is closed again.
fn read<T>(
    file: &Path,
    watching: &Watching<'_>,
    read: impl FnOnce(&Snapshot<'_>) -> Result<T, StoreError>,
) -> Result<T, Error> {
    let store = Store::open(file, Access::Read, watching.args.wait.time());
    let read = store.and_then(|store| read(&store.snapshot()?));
    read.map_err(|error| Error::of_store(file, &error))
}

/// Looks at each list file of a pool, but for backups.
fn pool(folder: &Path, watching: &Watching<'_>, backups: &mut Vec<PathBuf>) -> Vec<Looked> {
    let name = |path: &Path| path.display().to_string();
    let pool = match Pool::to_read(folder, watching.args.wait.time()) {
        Ok(pool) => pool,
        Err(error) => {
            return vec![Looked {
                name: name(folder),
                found: Err(error.into()),
            }];
        }
    };
    let uris = pool.ask(|_, snapshot| first_uris(snapshot)).members;
    let places = uris.into_iter();
    let mut places: BTreeMap<_, _> = places
        .map(|member| (member.file, Published::of(&member.answer, watching)))
        .collect();
    let survey = pool.ask(|file, snapshot| match places.get(file) {
        Some(Ok(place)) => part(snapshot, place, watching).map(Some),
        // It says below why.
        Some(Err(_)) | None => Ok(None),
    });
    backups.extend(survey.remarks.backups);
    let read = survey.members.into_iter().map(|member| {
        let found = match (member.answer, places.remove(&member.file)) {
            (_, Some(Err(error))) => Err(error),
            (Some(part), Some(Ok(place))) => Ok(part.finished(&place, watching)),
            // It could not be asked the first time.
            _ => Err(Error::new(Code::Busy, "somebody else held it")),
        };
        Looked {
            name: name(&member.file),
            found,
        }
    });
    let unread = survey.remarks.unread.iter().map(|unread| Looked {
        name: name(&unread.file),
        found: Err(error_of(unread)),
    });
    let mut all: Vec<_> = read.chain(unread).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// Where what a list file published is looked for.
enum Published {
    Site(Box<dyn Target>, Manifest),
    Live(Manifest),
    Record,
}

impl Published {
    fn of(uris: &[String], watching: &Watching<'_>) -> Result<Self, Error> {
        if let Some((site, must_be)) = &watching.site {
            let opening = match must_be {
                MustBe::There => Opening::Existing,
                MustBe::ThereOrNot => Opening::IfThere,
            };
            if let Some(target) = open_target(site, opening)? {
                let manifest = Manifest::load(target.as_ref())?.unwrap_or_default();
                return Ok(Self::Site(target, manifest));
            }
        }
        if !watching.args.http {
            return Ok(Self::Record);
        }
        // A host that shows no manifest is asked for the tokens all the same.
        let within = watching.patience_now();
        let uris = uris.iter().map(String::as_str);
        let live = LiveSite::of(uris, watching.base.as_ref(), within);
        let manifest = live.ok().and_then(|live| Manifest::load(&live).ok()?);
        Ok(manifest.map_or(Self::Record, Self::Live))
    }

    fn source(&self) -> Source<'_> {
        match self {
            Self::Site(target, manifest) => Source::Site {
                target: target.as_ref(),
                manifest,
            },
            Self::Live(manifest) => Source::Manifest(manifest),
            Self::Record => Source::Record,
        }
    }
}

/// What a list file says, before hosts are asked.
struct Part {
    gathered: Gathered,
    activity: Option<Activity>,
}

fn part(
    snapshot: &Snapshot<'_>,
    place: &Published,
    watching: &Watching<'_>,
) -> Result<Part, StoreError> {
    let watch = watching.watch(watching.base.as_ref(), None);
    let activity = match watching.counts_days {
        CountsDays::Yes => Some(Activity::of(snapshot, watching.now, DAYS)?),
        CountsDays::No => None,
    };
    Ok(Part {
        gathered: ListFileHealth::gather(snapshot, &place.source(), &watch)?,
        activity,
    })
}

impl Part {
    fn finished(self, place: &Published, watching: &Watching<'_>) -> TargetFound {
        let hosts = watching.args.http.then_some(&watching.hosts);
        let watch = watching.watch(watching.base.as_ref(), hosts);
        let health = self.gathered.judged(&place.source(), &watch);
        TargetFound::ListFile {
            health: Box::new(health),
            activity: self.activity,
        }
    }
}

/// The uris of the first list, which say where the site is.
fn first_uris(snapshot: &Snapshot<'_>) -> Result<Vec<String>, StoreError> {
    let lists = snapshot.lists()?;
    let Some(first) = lists.first() else {
        return Ok(Vec::new());
    };
    let uris = snapshot.uris(first.number)?;
    Ok(uris.into_iter().map(|place| place.uri).collect())
}

fn site(folder: &Path, watching: &Watching<'_>) -> Result<TargetFound, Error> {
    let http = watching.args.http;
    if http && watching.base.is_none() {
        let message = format!("the uris of the site {} are not known", quote(folder));
        return Err(Error::refused(message).hint("with --http: --base-url URL"));
    }
    let target = open_target(folder, Opening::Existing)?;
    let (Some(target), base) = (target, watching.base.as_ref()) else {
        return Err(nothing(folder));
    };
    let manifest = Manifest::load(target.as_ref())?.unwrap_or_default();
    let live = base.map(|base| live_at(base, watching));
    let urls = |path: &SitePath| live.as_ref()?.urls(path).into_iter().next();
    let watch = watching.watch(base, http.then_some(&watching.hosts));
    Ok(TargetFound::Site {
        kind: SiteKind::Folder,
        health: SiteHealth::of_folder(target.as_ref(), &manifest, &urls, &watch),
    })
}

fn live_site(url: &str, watching: &Watching<'_>) -> Result<TargetFound, Error> {
    let base: BaseUrl = url.parse().map_err(|error: crate::site::UriError| {
        Error::new(Code::Refused, "the url of a site is needed").because_of(&error)
    })?;
    let live = live_at(&base, watching);
    let manifest = Manifest::load(&live)?.ok_or_else(|| {
        let manifest = SitePath::manifest();
        Error::io(format!("{} has no {manifest}", quote(url)))
            .hint("a token is checked by its own url; the url of a site is that of its root")
    })?;
    let urls = |path: &SitePath| live.urls(path).into_iter().next();
    let watch = watching.watch(Some(&base), Some(&watching.hosts));
    Ok(TargetFound::Site {
        kind: SiteKind::Live,
        health: SiteHealth::of_hosts(&manifest, &urls, &watch),
    })
}

fn live_token(url: &str, watching: &Watching<'_>) -> Result<TargetFound, Error> {
    template_of(url)
        .map_err(|error| Error::new(Code::Refused, "this url names no file").because_of(&error))?;
    let watch = watching.watch(None, Some(&watching.hosts));
    let health = SiteHealth::of_token(url, &watching.hosts, &watch);
    let unheard = health
        .concerns
        .iter()
        .find_map(|concern| match &concern.trouble {
            Trouble::Host(HostFault::NoAnswer(_)) => Some(&concern.trouble),
            _ => None,
        });
    if let Some(trouble) = unheard {
        return Err(Error::io(format!("{} cannot be checked", quote(url)))
            .because(trouble_in_words(trouble)));
    }
    Ok(TargetFound::Site {
        kind: SiteKind::LiveToken,
        health,
    })
}

fn live_at(base: &BaseUrl, watching: &Watching<'_>) -> LiveSite {
    LiveSite::at(base, watching.patience_now())
}

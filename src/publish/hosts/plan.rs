//! What hosts should do with the files of a site, whichever host it is.

use std::collections::{BTreeMap, BTreeSet};

use super::pattern::{PathPattern, unusual_character};
use super::served::{Served, ServedView};
use crate::audit::{
    Checks, CredentialChecks, CredentialKeys, judge_credential, judge_token, recognise_credential,
};
use crate::list::{Duration, Holds, Proof, View};
use crate::publish::error::PublishError;
use crate::publish::rules::{Envelopes, Rules};
use crate::publish::site::Site;
use crate::site::{ManifestEntry, SitePath};
use crate::token::InflateLimit;
use crate::token::oa_ocsp::DEFAULT_FILE;
use crate::token::w3c::envelope;

/// What a host should do with the files of a site.
///
/// It is made from the templates of what is published, and from the manifest where others published
/// too. It names no list, so that it stays as it is when lists are added.
pub(crate) struct HostPlan {
    /// What the path of every uri begins with, before that of a file: nothing, or as in `/status`.
    pub(super) prefix: String,
    /// First those about one file each. No two are about one path, or the first is meant.
    pub(super) rules: Vec<Rule>,
    /// For how many seconds copies may be kept.
    pub(super) max_age: u64,
    /// Every file with its media type, but for the documents of responders.
    pub(super) files: BTreeMap<SitePath, &'static str>,
    /// The files that answer for documents without one.
    pub(super) defaults: BTreeSet<SitePath>,
    /// The files of which the manifest says a media type that this tool never wrote.
    pub(crate) strangers: Vec<SitePath>,
}

/// What is done with the files at some paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) paths: PathPattern,
    pub(super) media_type: &'static str,
    pub(super) keeping: Keeping,
    pub(super) missing: Missing,
}

/// How long copies may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// As long as those of tokens.
    ForAWhile,
    /// Not without asking: the manifest says what is there now.
    Revalidated,
}

/// What is answered where there is no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    NotFound,
    /// The default of the folder.
    Default,
}

/// What a file is, as far as its path and its media type tell.
enum Kind {
    /// The file of a list, of which there will be more.
    List,
    /// The answer for a document.
    Document { folder: SitePath },
    /// There is one of it.
    Single,
}

impl HostPlan {
    /// Finds out what the files of a site are.
    ///
    /// # Errors
    /// A file of the site cannot be read.
    pub(crate) fn new<'f>(
        mut served: Served,
        files: impl Iterator<Item = (&'f SitePath, &'static str)>,
        site: &Site<'_>,
        rules: &Rules,
    ) -> Result<Self, PublishError> {
        let mut plan = Self {
            prefix: site
                .base
                .map(crate::site::BaseUrl::path)
                .unwrap_or_default(),
            rules: Vec::new(),
            max_age: 0,
            files: BTreeMap::new(),
            defaults: BTreeSet::new(),
            strangers: Vec::new(),
        };
        for view in std::mem::take(&mut served.views) {
            plan.add_view(&view, rules);
        }
        for (path, media_type) in files {
            plan.add_file(path, media_type);
        }
        for path in site.known() {
            let Some(entry) = site.entry(path) else {
                continue;
            };
            let media_type = known_media_type(&entry.media_type);
            match media_type.filter(|_| plan.is_usual(path)) {
                Some(media_type) => {
                    if plan.add_file(path, media_type) == Added::Others {
                        served.keep_at_most(others_max_age(path, entry, site, rules)?);
                    }
                }
                None if path.is_for_the_host() => {}
                None => plan.strangers.push(path.clone()),
            }
        }
        let manifest = SitePath::manifest();
        plan.files.insert(manifest.clone(), JSON);
        plan.add(Rule {
            paths: PathPattern::exactly(&manifest),
            media_type: JSON,
            keeping: Keeping::Revalidated,
            missing: Missing::NotFound,
        });
        plan.rules
            .sort_by(|one, other| (one.order()).cmp(&other.order()));
        plan.max_age = served.max_age.unwrap_or(0);
        Ok(plan)
    }

    fn add_view(&mut self, served: &ServedView, rules: &Rules) {
        let ServedView { view, proof } = served;
        let Some(paths) = PathPattern::of_view(view, &self.prefix) else {
            // Its files are known one by one.
            return;
        };
        let media_type = view.view.media_type(*proof);
        if view.view.row().holds == Holds::Documents {
            self.add(Rule::of_documents(paths.files_below()));
            return;
        }
        let is_enveloped = matches!(proof, Some(Proof::Jwt | Proof::Cose));
        if view.view.is_credential() && is_enveloped && rules.envelopes == Envelopes::Written {
            let envelopes = paths.clone().and(".json");
            self.add(Rule::of(envelopes, envelope::MEDIA_TYPE));
        }
        self.add(Rule::of(paths, media_type));
    }

    fn add_file(&mut self, path: &SitePath, media_type: &'static str) -> Added {
        if path.is_for_the_host() || *path == SitePath::manifest() {
            return Added::Known;
        }
        let kind = kind_of(path, media_type);
        if let Kind::Document { folder } = &kind {
            let default = format!("{folder}/{DEFAULT_FILE}").parse();
            self.defaults.extend(default);
        } else {
            self.files.insert(path.clone(), media_type);
        }
        let covers = |rule: &Rule| rule.media_type == media_type && rule.paths.matches(path);
        if self.rules.iter().any(covers) {
            return Added::Known;
        }
        match kind {
            Kind::Document { folder } => {
                let paths = PathPattern::like(&folder).files_below();
                self.add(Rule::of_documents(paths));
                Added::Known
            }
            Kind::Single => {
                self.add(Rule::of(PathPattern::exactly(path), media_type));
                Added::Known
            }
            Kind::List => {
                let paths = PathPattern::like(path);
                let is_taken = self.rules.iter().any(|rule| rule.paths == paths);
                let paths = if is_taken {
                    PathPattern::exactly(path)
                } else {
                    paths
                };
                self.add(Rule::of(paths, media_type));
                Added::Others
            }
        }
    }

    fn add(&mut self, rule: Rule) {
        if !self.rules.contains(&rule) {
            self.rules.push(rule);
        }
    }

    /// The first character of a path that hosts could take differently.
    pub(super) fn unusual(&self) -> Option<char> {
        let of_rules = self.rules.iter().find_map(|rule| rule.paths.unusual());
        let mut files = self.files.keys().chain(&self.defaults);
        of_rules.or_else(|| files.find_map(|path| PathPattern::exactly(path).unusual()))
    }

    /// The same of the path that all uris begin with.
    pub(super) fn unusual_prefix(&self) -> Option<char> {
        unusual_character(&self.prefix)
    }

    /// Whether a path of the manifest needs no care, or is one that was checked.
    fn is_usual(&self, path: &SitePath) -> bool {
        unusual_character(path.as_str()).is_none()
            || self.rules.iter().any(|rule| rule.paths.matches(path))
    }

    /// Whether hosts can be told to answer for documents without a file.
    pub(crate) fn has_documents(&self) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|rule| rule.missing == Missing::Default)
    }

    /// The value of `Cache-Control`.
    pub(super) fn cache_control(&self, keeping: Keeping) -> String {
        match keeping {
            Keeping::ForAWhile => format!("public, max-age={}", self.max_age),
            Keeping::Revalidated => "no-cache".to_owned(),
        }
    }
}

/// Whether a file was known before.
#[derive(PartialEq, Eq)]
enum Added {
    Known,
    /// It is of a list of which nothing else is known.
    Others,
}

impl Rule {
    fn of(paths: PathPattern, media_type: &'static str) -> Self {
        Self {
            paths,
            media_type,
            keeping: Keeping::ForAWhile,
            missing: Missing::NotFound,
        }
    }

    fn of_documents(paths: PathPattern) -> Self {
        Self {
            missing: Missing::Default,
            ..Self::of(paths, View::OaOcsp.media_type(None))
        }
    }

    /// Whether gzip makes its files smaller: all hold base64, but for the compressed bytes of a CWT.
    pub(super) fn shrinks(&self) -> bool {
        self.media_type != View::Cwt.media_type(None)
    }

    fn order(&self) -> (bool, &PathPattern) {
        (self.paths.exact().is_none(), &self.paths)
    }
}

const JSON: &str = "application/json";

/// Media types beside those of views.
const OTHERS: [&str; 5] = [
    JSON,
    "application/jwk-set+json",
    "application/did+json",
    "text/html",
    "text/html; charset=utf-8",
];

/// The media type of this text, if it is one of those that this tool writes. Nothing else of a
/// manifest, which anybody may have written, gets into the settings of a host.
fn known_media_type(text: &str) -> Option<&'static str> {
    let proofs = || Proof::ALL.into_iter().map(Some).chain([None]);
    let of_views = View::ALL
        .into_iter()
        .flat_map(|view| proofs().map(move |proof| view.media_type(proof)));
    of_views.chain(OTHERS).find(|known| *known == text)
}

fn kind_of(path: &SitePath, media_type: &str) -> Kind {
    if media_type != JSON {
        let is_single = OTHERS.contains(&media_type);
        return if is_single { Kind::Single } else { Kind::List };
    }
    let folder = path.as_str().rsplit_once('/');
    let folder = folder.filter(|(_, name)| *name == DEFAULT_FILE || is_hash(name));
    match folder.map(|(folder, _)| folder.parse()) {
        Some(Ok(folder)) => Kind::Document { folder },
        _ => Kind::Single,
    }
}

/// Whether this is the name of the file of a document.
fn is_hash(name: &str) -> bool {
    let digits = name.strip_prefix("0x").unwrap_or_default();
    digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// For how many seconds copies of what others published may be kept: what the manifest tells, and
/// the file itself.
fn others_max_age(
    path: &SitePath,
    entry: &ManifestEntry,
    site: &Site<'_>,
    rules: &Rules,
) -> Result<u64, PublishError> {
    let validity = entry
        .expires_at
        .map(|at| at.saturating_sub(entry.issued_at));
    let validity =
        validity.and_then(|seconds| Duration::from_seconds(u64::try_from(seconds).ok()?));
    let renewed = validity.map(|validity| rules.policy.renew_before(validity).seconds());
    let bytes = site.read(path, rules.limit)?;
    let ttl = bytes.and_then(|bytes| time_to_live(&bytes, rules));
    Ok(renewed.into_iter().chain(ttl).min().unwrap_or(u64::MAX))
}

fn time_to_live(bytes: &[u8], rules: &Rules) -> Option<u64> {
    let limit = InflateLimit::new(rules.max_inflated);
    match recognise_credential(bytes) {
        Some(credential) => {
            let checks = CredentialChecks {
                keys: CredentialKeys::Issuer,
                ..CredentialChecks::new(rules.now, limit)
            };
            judge_credential(credential, &checks)
                .ttl
                .map(|ttl| ttl / 1000)
        }
        None => judge_token(bytes, &Checks::new(rules.now, limit)).ttl,
    }
}

//! A site as its hosts serve it: read over HTTP, never written.
//!
//! It can stand where a folder stands, wherever a site is only read: its manifest, its tokens, and
//! whatever else lies there. Which hosts are asked follows from uris that the caller named: the uri
//! of the site's root or, without one, those of the lists.
//!
//! - **There is no file** means that the host said so, with 404 or 410. Whatever else keeps a file
//!   from coming is an error: a host that is ill must not pass for one that is empty.
//! - **Bytes count, types do not.** Hosts serve tokens as all kinds of types, and whether the right
//!   one is served is another question. But a page for people with status 200, as hosts put in the
//!   place of what they do not have or show only to whom they know, is told by its first character,
//!   which no token and no JSON has.
//! - **Everything ends**: one answer, and all of them together.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::target::WebFault;
use super::uri::{is_unreserved, percent_encode};
use super::{
    BaseUrl, Precondition, Promise, SitePath, SitePathError, Target, TargetError, Turn, UriTemplate,
};
use crate::disk::LockError;
use crate::net::{Client, NetError, Request, Response};

/// How long one file may take.
const ONE_FILE: Duration = Duration::from_secs(30);

/// The most bytes that are read to see whether a file is there.
const LOOK: u64 = 64 << 20;

/// A site as its hosts serve it.
pub(crate) struct LiveSite {
    client: Client,
    /// The uris that the root has, without a `/` at the end. Several hosts may serve one site.
    roots: Vec<String>,
    /// The files whose uris are known.
    uris: BTreeMap<SitePath, String>,
    /// How long all of it may take, and until when that is.
    within: Duration,
    until: Instant,
    name: PathBuf,
    /// The `Date` header of the newest answer.
    date: RefCell<Option<String>>,
}

impl LiveSite {
    #[allow(dead_code, reason = "its callers come")]
    /// The site whose root has this uri, read within a time from now.
    pub(crate) fn at(base: &BaseUrl, within: Duration) -> Self {
        Self::new(vec![base.to_string()], BTreeMap::new(), within)
    }

    /// The site that has the files of these uris: below a base url, or else at each of their hosts,
    /// which then must show one and the same manifest.
    ///
    /// # Errors
    /// A uri that no file can have, or that is not below the base url.
    pub(crate) fn of<'a>(
        uris: impl IntoIterator<Item = &'a str>,
        base: Option<&BaseUrl>,
        within: Duration,
    ) -> Result<Self, SitePathError> {
        let mut roots: BTreeSet<String> = base.iter().map(ToString::to_string).collect();
        let mut known = BTreeMap::new();
        for uri in uris {
            let path = SitePath::own(uri, base)?;
            if base.is_none() {
                roots.insert(uri.parse::<UriTemplate>()?.origin().to_owned());
            }
            known.entry(path).or_insert_with(|| uri.to_owned());
        }
        Ok(Self::new(roots.into_iter().collect(), known, within))
    }

    fn new(roots: Vec<String>, uris: BTreeMap<SitePath, String>, within: Duration) -> Self {
        let name = roots.first().map(PathBuf::from);
        Self {
            client: Client::new(),
            roots,
            uris,
            within,
            until: Instant::now() + within,
            name: name.unwrap_or_default(),
            date: RefCell::new(None),
        }
    }

    /// Where a file is: its own uri if that is known, else below each root.
    pub(crate) fn urls(&self, path: &SitePath) -> Vec<String> {
        match self.uris.get(path) {
            Some(uri) => vec![uri.clone()],
            None => self
                .roots
                .iter()
                .map(|root| format!("{root}/{}", encoded(path)))
                .collect(),
        }
    }

    /// The root that is asked first.
    pub(crate) fn host(&self) -> &str {
        self.roots.first().map_or("", String::as_str)
    }

    /// The `Date` header of the newest answer, if it had one.
    pub(crate) fn date(&self) -> Option<String> {
        self.date.borrow().clone()
    }

    /// Asks for what is at a url, whatever the answer is.
    ///
    /// # Errors
    /// There is none within the bounds.
    pub(crate) fn ask(&self, url: &str, limit: u64) -> Result<Response, NetError> {
        let left = self.until.saturating_duration_since(Instant::now());
        let over = |url| NetError::TimedOut {
            url,
            patience: self.within,
        };
        if left.is_zero() {
            return Err(over(url.to_owned()));
        }
        let response = self.client.get(&Request {
            url,
            // What was deployed last, if caches on the way can be asked for it.
            headers: &[("cache-control", "no-cache")],
            limit,
            patience: ONE_FILE.min(left),
        });
        let response = response.map_err(|error| match error {
            // It is all of the time that is over, and not that of this file.
            NetError::TimedOut { url, .. } if left <= ONE_FILE => over(url),
            error => error,
        })?;
        *self.date.borrow_mut() = response.header("date").map(str::to_owned);
        Ok(response)
    }

    /// Fetches a file; nothing if the host says that there is none.
    fn fetch(&self, url: &str, limit: u64) -> Result<Option<Vec<u8>>, TargetError> {
        let response = self.ask(url, limit)?;
        if response.is_absent() {
            return Ok(None);
        }
        let fault = |fault| TargetError::Web {
            url: url.to_owned(),
            fault,
        };
        if !response.is_ok() {
            return Err(fault(WebFault::Status(response.status)));
        }
        if let Some(encoding) = response.header("content-encoding")
            && !encoding.eq_ignore_ascii_case("identity")
        {
            return Err(fault(WebFault::Encoded(encoding.to_owned())));
        }
        let begin = response
            .body
            .iter()
            .find(|byte| !byte.is_ascii_whitespace());
        if begin == Some(&b'<') && !is_page(&response.url) && !is_page(url) {
            return Err(fault(WebFault::Page));
        }
        Ok(Some(response.body))
    }

    /// The manifest, which is the same wherever the site is served.
    fn manifest(&self, urls: &[String], limit: u64) -> Result<Option<Vec<u8>>, TargetError> {
        let mut first: Option<(&String, Option<Vec<u8>>)> = None;
        for url in urls {
            let found = self.fetch(url, limit)?;
            match &first {
                Some((other, there)) if *there != found => {
                    let other = (*other).clone();
                    return Err(TargetError::Web {
                        url: url.clone(),
                        fault: WebFault::Differs(other),
                    });
                }
                Some(_) => {}
                None => first = Some((url, found)),
            }
        }
        Ok(first.and_then(|(_, found)| found))
    }
}

impl Target for LiveSite {
    fn root(&self) -> &Path {
        &self.name
    }

    fn name(&self) -> String {
        self.name.display().to_string()
    }

    /// Whoever publishes there asks nobody who reads.
    fn lock(&self, _: Duration) -> Result<Turn, LockError> {
        Ok(Turn::new(Promise::Shared, ()))
    }

    fn contains(&self, path: &SitePath) -> Result<bool, TargetError> {
        Ok(self.read(path, LOOK)?.is_some())
    }

    fn read(&self, path: &SitePath, limit: u64) -> Result<Option<Vec<u8>>, TargetError> {
        let urls = self.urls(path);
        if *path == SitePath::manifest() {
            return self.manifest(&urls, limit);
        }
        for url in &urls {
            match self.fetch(url, limit) {
                Ok(None) => {}
                // Whatever a host says of its own settings, it does not show them.
                Err(TargetError::Web { .. }) if path.is_for_the_host() => {}
                found => return found,
            }
        }
        Ok(None)
    }

    fn write(&self, path: &SitePath, _: &[u8], _: Precondition) -> Result<(), TargetError> {
        Err(TargetError::ReadOnly(self.locate(path)))
    }

    fn remove(&self, path: &SitePath, _: Precondition) -> Result<(), TargetError> {
        Err(TargetError::ReadOnly(self.locate(path)))
    }

    fn locate(&self, path: &SitePath) -> PathBuf {
        self.urls(path)
            .first()
            .map(PathBuf::from)
            .unwrap_or_default()
    }
}

/// Whether a page belongs at a url.
fn is_page(url: &str) -> bool {
    Path::new(url)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("html"))
}

/// A path as it stands in a url.
fn encoded(path: &SitePath) -> String {
    let characters = path.as_str().chars();
    let encoded = characters.map(|character| match character {
        '/' => "/".to_owned(),
        character if is_unreserved(character) => character.to_string(),
        character => percent_encode(character),
    });
    encoded.collect()
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;

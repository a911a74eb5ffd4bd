//! Paths of files below the root of a site.

use std::{collections::BTreeMap, fmt, path::Path, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::uri::{self, BaseUrl, UriError};
use crate::disk::TEMPORARY_PREFIX;
use crate::wire::shell::quote;

/// The name of the manifest in the root of a site.
pub(crate) const MANIFEST_NAME: &str = "statuslist-manifest.json";

/// The longest name of a file or folder, in bytes, on all usual file systems.
const LONGEST_NAME: usize = 255;

/// The longest path, in bytes: what leaves room for the root below the usual limit of 4096.
const LONGEST_PATH: usize = 2048;

/// Files that this tool writes into a site under names of its own, beside [`HOST_FILES`].
const OWN_FILES: [&str; 4] = ["index.html", "jwks.json", "did.json", MANIFEST_NAME];

/// Files in the root of a site that hosts read as settings, and need not hand out.
const HOST_FILES: [&str; 4] = [
    "_headers",
    "_redirects",
    "staticwebapp.config.json",
    ".nojekyll",
];

/// Folders in the root of a site that are this tool's own.
const OWN_FOLDERS: [&str; 2] = [".well-known", "history"];

/// The path of a file relative to the root of a site, always below it.
///
/// Its segments are separated by `/` and are what a file system can hold: neither empty nor `.` or
/// `..`, without control characters and `\`, up to 255 bytes. No segment begins like this tool's
/// temporary files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct SitePath(String);

impl SitePath {
    /// Returns the file that a static host looks for when it is asked for `uri`.
    ///
    /// That is the URI's path, or what follows `base_url`, with percent-encoding decoded, as all
    /// usual hosts do. Thus `…/%41.jwt` and `…/A.jwt` are one file.
    ///
    /// # Errors
    ///
    /// A URI that no file can have, that is not below the base URL, or whose file is this tool's
    /// own: `index.html`, `jwks.json`, `did.json`, `statuslist-manifest.json`, `_headers`,
    /// `_redirects`, `staticwebapp.config.json` and `.nojekyll` in any folder, and everything in
    /// `.well-known` and `history`, with letters of either case.
    pub fn of(uri: &str, base_url: Option<&BaseUrl>) -> Result<Self, SitePathError> {
        let path = Self::own(uri, base_url)?;
        if path.is_own() {
            return Err(SitePathError::Own(path));
        }
        Ok(path)
    }

    /// Returns the same for a file that may be this tool's own, such as `.well-known/did.json`.
    ///
    /// # Errors
    ///
    /// A URI that no file can have, or that is not below the base URL.
    pub fn own(uri: &str, base_url: Option<&BaseUrl>) -> Result<Self, SitePathError> {
        let start = uri::check(uri).map_err(|fault| UriError::new(uri, fault))?;
        let relative = match base_url {
            Some(base) => base.strip(uri).ok_or_else(|| SitePathError::Elsewhere {
                uri: uri.to_owned(),
                base_url: base.to_string(),
            })?,
            None => &uri[start + 1..],
        };
        let names: Vec<_> = relative
            .split('/')
            .map(uri::decode)
            .collect::<Result<_, _>>()
            .map_err(|fault| UriError::new(uri, fault))?;
        names.join("/").parse()
    }

    /// Returns the path of the manifest of a site.
    pub(crate) fn manifest() -> Self {
        Self(MANIFEST_NAME.to_owned())
    }

    /// Says whether the name is one that this tool keeps for its own files.
    #[must_use]
    pub fn is_own(&self) -> bool {
        let is = |segment: &str, names: &[&str]| {
            names.iter().any(|name| segment.eq_ignore_ascii_case(name))
        };
        self.0
            .split('/')
            .any(|segment| is(segment, &OWN_FILES) || is(segment, &HOST_FILES))
            || self
                .0
                .split('/')
                .next()
                .is_some_and(|first| is(first, &OWN_FOLDERS))
    }

    /// Says whether it is a file for the host alone, who need not hand it out: whoever asks for it
    /// over HTTP learns nothing from the answer that it is not there.
    #[must_use]
    pub(crate) fn is_for_the_host(&self) -> bool {
        HOST_FILES.contains(&self.as_str())
    }

    /// Returns the path as text, its segments separated by `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path for joining it to the root of the site.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl FromStr for SitePath {
    type Err = SitePathError;

    /// Reads a path as it stands in the manifest, this tool's own names included.
    fn from_str(text: &str) -> Result<Self, SitePathError> {
        let unsafe_because = |reason| SitePathError::Unsafe {
            path: text.to_owned(),
            reason,
        };
        if text.len() > LONGEST_PATH {
            return Err(unsafe_because("is too long"));
        }
        for segment in text.split('/') {
            check_name(segment).map_err(unsafe_because)?;
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for SitePath {
    type Error = SitePathError;

    fn try_from(text: String) -> Result<Self, SitePathError> {
        text.parse()
    }
}

impl From<SitePath> for String {
    fn from(path: SitePath) -> Self {
        path.0
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Says why a URI or a text is not the path of a file in a site.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SitePathError {
    /// The URI is malformed, or not one that a file can have.
    #[error(transparent)]
    Uri(#[from] UriError),

    /// The URI does not begin with the base URL.
    #[error("uri {} is not below the base url {}", quote(uri), quote(base_url))]
    Elsewhere {
        /// The URI.
        uri: String,
        /// The base URL, without a `/` at the end.
        base_url: String,
    },

    /// The path could leave the site, or no file system can hold it.
    #[error("path {} {reason}", quote(path))]
    Unsafe {
        /// The path.
        path: String,
        /// What is wrong with it, as a predicate.
        reason: &'static str,
    },

    /// The name is one of this tool's own.
    #[error("path {} is kept for this tool's own files", quote(.0.as_path()))]
    Own(SitePath),
}

/// Says which two paths cannot be in one site.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum PathClash {
    /// Both are the same file.
    #[error("two files would have the path {}", quote(.0.as_path()))]
    Equal(SitePath),

    /// Both are the same file where letters of either case are equal.
    #[error(
        "paths {} and {} differ only in the case of letters, which some hosts do not tell apart",
        quote(.0.as_path()), quote(.1.as_path())
    )]
    Case(SitePath, SitePath),

    /// The first would have to be a file and a folder.
    #[error(
        "path {} is a file and also the folder of {}",
        quote(.0.as_path()), quote(.1.as_path())
    )]
    Folder(SitePath, SitePath),
}

/// Checks that all these files can be in one site, also where the case of letters does not count.
///
/// # Errors
///
/// The first pair that cannot, in the order given.
pub(crate) fn check_distinct(paths: &[SitePath]) -> Result<(), PathClash> {
    let mut files: BTreeMap<String, &SitePath> = BTreeMap::new();
    for path in paths {
        if let Some(other) = files.insert(path.0.to_ascii_lowercase(), path) {
            return Err(if *other == *path {
                PathClash::Equal(path.clone())
            } else {
                PathClash::Case(other.clone(), path.clone())
            });
        }
    }
    for path in paths {
        let key = path.0.to_ascii_lowercase();
        for (slash, _) in key.match_indices('/') {
            if let Some(file) = files.get(&key[..slash]) {
                return Err(PathClash::Folder((*file).clone(), path.clone()));
            }
        }
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), &'static str> {
    let begins_like_temporary = name
        .get(..TEMPORARY_PREFIX.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(TEMPORARY_PREFIX));
    if name.is_empty() {
        Err("has an empty segment")
    } else if matches!(name, "." | "..") {
        Err("has the segment '.' or '..'")
    } else if name.len() > LONGEST_NAME {
        Err("has a segment of more than 255 bytes")
    } else if name
        .chars()
        .any(|character| character.is_control() || character == '\\')
    {
        Err("has a control character or '\\'")
    } else if begins_like_temporary {
        Err("has a segment that begins like a temporary file of this tool")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Component;

    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn is_the_path_of_the_uri() {
        for (uri, path) in [
            ("https://a/0.jwt", "0.jwt"),
            ("https://a:1/b/c/0.jwt", "b/c/0.jwt"),
            ("https://a/%41%20b/%C3%A9", "A b/é"),
            ("https://a/.../a:b", ".../a:b"),
            ("https://a/b/history/0.jwt", "b/history/0.jwt"),
        ] {
            assert_eq!(SitePath::of(uri, None).unwrap().as_str(), path);
        }
    }

    #[test]
    fn is_what_follows_the_base_url() {
        let base: BaseUrl = "https://a/b/".parse().unwrap();
        let path = SitePath::of("https://a/b/c/0.jwt", Some(&base)).unwrap();
        assert_eq!(path.to_string(), "c/0.jwt");
        let error = SitePath::of("https://a/bc/0.jwt", Some(&base)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "uri 'https://a/bc/0.jwt' is not below the base url 'https://a/b'"
        );
        assert!(SitePath::of("https://a/b", Some(&base)).is_err());
        assert!(SitePath::of("https://a/b/", Some(&base)).is_err());
        assert!(SitePath::of("https://a/b/../c", Some(&base)).is_err());
    }

    #[test]
    fn refuses_this_tools_own_names() {
        for path in [
            "index.html",
            "b/Index.HTML",
            "jwks.json",
            "b/did.json",
            "_headers",
            "_redirects",
            "lists/StaticWebApp.config.json",
            ".nojekyll",
            "statuslist-manifest.json",
            "STATUSLIST-MANIFEST.JSON/0",
            ".well-known/0.jwt",
            ".Well-Known",
            "history",
            "HISTORY/0.jwt",
            "%68istory/0.jwt",
        ] {
            let error = SitePath::of(&format!("https://a/{path}"), None).unwrap_err();
            assert!(matches!(error, SitePathError::Own(_)), "{path}: {error}");
        }
        let error = SitePath::of("https://a/b/jwks.json", None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "path 'b/jwks.json' is kept for this tool's own files"
        );
        let own: SitePath = ".well-known/did.json".parse().unwrap();
        assert!(own.is_own());
        assert!(!"0.jwt".parse::<SitePath>().unwrap().is_own());
    }

    #[test]
    fn refuses_what_could_leave_the_site_or_is_no_name() {
        let long = "n".repeat(LONGEST_NAME + 1);
        let deep = "n/".repeat(LONGEST_PATH) + "n";
        for text in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/..",
            "a/./b",
            "a\\b",
            "a\0b",
            "a\n",
            ".statuslist-x.tmp",
            "a/.STATUSLIST-",
            &long,
            &deep,
        ] {
            let error = text.parse::<SitePath>().unwrap_err();
            assert!(
                matches!(error, SitePathError::Unsafe { .. }),
                "{text:?}: {error}"
            );
        }
        assert!(SitePath::of(&format!("https://a/{long}"), None).is_err());
        assert!(SitePath::of("https://a/.statuslist-x", None).is_err());
        "n".repeat(LONGEST_NAME).parse::<SitePath>().unwrap();
        let error = "../a".parse::<SitePath>().unwrap_err();
        assert_eq!(error.to_string(), "path '../a' has the segment '.' or '..'");
    }

    #[test]
    fn tells_which_paths_cannot_live_together() {
        let check = |texts: &[&str]| {
            let paths: Vec<SitePath> = texts.iter().map(|text| text.parse().unwrap()).collect();
            check_distinct(&paths).map_err(|clash| clash.to_string())
        };
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(
            check(&["a", "b/a", "b/c", "a.jwt", "a-b/c", "é", "É"]),
            Ok(())
        );
        for (paths, message) in [
            (&["b", "a", "a"][..], "two files would have the path 'a'"),
            (
                &["b/a", "B/a"],
                "paths 'b/a' and 'B/a' differ only in the case of letters, which some hosts do \
                 not tell apart",
            ),
            (
                &["a", "a/b/c"],
                "path 'a' is a file and also the folder of 'a/b/c'",
            ),
            (
                &["a/b/c", "A/B"],
                "path 'A/B' is a file and also the folder of 'a/b/c'",
            ),
            // Between a folder and its files other names may sort.
            (
                &["a", "a-b", "a.c", "a/b"],
                "path 'a' is a file and also the folder of 'a/b'",
            ),
        ] {
            assert_eq!(check(paths), Err(message.to_owned()));
        }
    }

    #[test]
    fn a_json_text_is_read_as_strictly() {
        let path: SitePath = serde_json::from_str(r#""a/b""#).unwrap();
        assert_eq!(serde_json::to_string(&path).unwrap(), r#""a/b""#);
        assert!(serde_json::from_str::<SitePath>(r#""a/../../b""#).is_err());
    }

    fn assert_below(path: &SitePath) -> Result<(), TestCaseError> {
        let root = Path::new("/srv/site");
        let joined = root.join(path.as_path());
        prop_assert!(joined.starts_with(root) && joined != root);
        for component in path.as_path().components() {
            prop_assert!(matches!(component, Component::Normal(_)), "{}", path);
        }
        prop_assert_eq!(
            path.as_path().components().count(),
            path.as_str().split('/').count()
        );
        Ok(())
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic(text in any::<String>()) {
            if let Ok(path) = text.parse::<SitePath>() {
                assert_below(&path)?;
            }
            let _ = SitePath::of(&text, None);
            let _ = text.parse::<BaseUrl>();
        }

        #[test]
        fn every_accepted_path_is_below_the_root(
            segments in vec("([.]|%2[eEfF]|%5c|%[0-9a-f]{2}|[a-b/\\\\%.]|\\.\\.|é|\\{n\\}){0,5}", 0..5),
            with_base in any::<bool>(),
        ) {
            let path = segments.join("/");
            if let Ok(path) = path.parse::<SitePath>() {
                assert_below(&path)?;
            }
            let base: BaseUrl = "https://a/b".parse().unwrap();
            let uri = format!("https://a/b/{path}");
            if let Ok(path) = SitePath::of(&uri, with_base.then_some(&base)) {
                assert_below(&path)?;
                prop_assert_eq!(&path.as_str().parse::<SitePath>().unwrap(), &path);
            }
        }
    }
}

//! Netlify: `_headers`, and `_redirects` for documents without a file.
//!
//! Where several rules match, Netlify joins the values of one header, so no two rules here set the
//! same. Wildcards are sure at the end of a path alone, so files have a rule each, unless all of a
//! folder are of one type.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::plan::{HostPlan, Keeping};
use crate::site::SitePath;

/// The file `_headers`.
pub(super) fn headers(plan: &HostPlan) -> String {
    let mut text = String::from(
        "/*\n\
         \x20 Access-Control-Allow-Origin: *\n\
         \x20 X-Content-Type-Options: nosniff\n",
    );
    let manifest = SitePath::manifest();
    for (path, media_type) in rules(plan) {
        let keeping = if path == manifest.as_str() {
            Keeping::Revalidated
        } else {
            Keeping::ForAWhile
        };
        let cache = plan.cache_control(keeping);
        // Writing to a `String` cannot fail.
        let _ = write!(
            text,
            "\n/{path}\n  Content-Type: {media_type}\n  Cache-Control: {cache}\n"
        );
    }
    text
}

/// The file `_redirects`: a file that is there goes before its rules.
pub(super) fn redirects(plan: &HostPlan) -> Option<String> {
    let mut text = String::new();
    for default in &plan.defaults {
        let folder = folder_of(default.as_str());
        let _ = writeln!(text, "/{folder}* /{default} 200");
    }
    (!text.is_empty()).then_some(text)
}

/// What each path is served as; one that ends with `*` stands for all below it.
fn rules(plan: &HostPlan) -> BTreeMap<String, &'static str> {
    let mut files: BTreeMap<&str, &'static str> = BTreeMap::new();
    for (path, media_type) in &plan.files {
        files.insert(path.as_str(), media_type);
    }
    let json = crate::list::View::OaOcsp.media_type(None);
    for default in &plan.defaults {
        files.insert(default.as_str(), json);
    }
    // The one type of all files below a folder, if it is one.
    let mut folders: BTreeMap<&str, Option<&'static str>> = BTreeMap::new();
    for (path, media_type) in &files {
        for (slash, _) in path.match_indices('/') {
            let folder = folders.entry(&path[..=slash]).or_insert(Some(media_type));
            *folder = folder.filter(|known| known == media_type);
        }
    }
    let mut rules = BTreeMap::new();
    for (path, media_type) in files {
        let mut above = path.match_indices('/').map(|(slash, _)| &path[..=slash]);
        let uniform = above.find(|folder| folders.get(folder).copied().flatten().is_some());
        let rule = uniform.map_or_else(|| path.to_owned(), |folder| format!("{folder}*"));
        rules.insert(rule, media_type);
    }
    rules
}

/// The folder of a path, with the `/` at its end.
fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

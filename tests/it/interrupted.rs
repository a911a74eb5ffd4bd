//! A publication that ended between any two files, or among them: every file is an old one or a new
//! one, and the next run completes it, whether the list changed meanwhile or not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::harness::{Place, SEED};

const PUBLISH: &str = "publish a.slist w.slist --key key.pem --enveloped --to";

/// Two series: tokens with an aggregation, and credentials in envelopes, with `jwks.json`.
fn place() -> Place {
    let place = Place::new();
    place.write("seed", SEED);
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.done(
        "init a.slist --uri https://example.com/a/{n}.jwt --size 1000 --bits 2 --seed-file seed \
         --aggregation-uri https://example.com/all.json",
    );
    place.done(
        "init w.slist --uri https://example.com/w/{n}.jwt --as bitstring.revocation --proof jwt \
         --issuer https://example.com --size 131072",
    );
    place.done("allocate a.slist --token-id a --token-id b");
    place.done("allocate w.slist --token-id a --token-id b");
    place
}

/// The files below a folder, by their names there.
fn files(place: &Place, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let root = place.path(folder);
    let files = place.files().into_iter();
    let below = files.filter_map(|(path, bytes)| {
        let name = path.strip_prefix(&root).ok()?.to_owned();
        Some((name, bytes))
    });
    below.collect()
}

/// Replaces a folder by these files.
fn lay_out(place: &Place, folder: &str, files: &BTreeMap<PathBuf, Vec<u8>>) {
    let root = place.path(folder);
    let _ = std::fs::remove_dir_all(&root);
    for (name, bytes) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// Every site that a run could leave that ends before the manifest: tokens are written first, in the
/// order of their uris, and then what goes with them.
fn halves(
    old: &BTreeMap<PathBuf, Vec<u8>>,
    new: &BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<BTreeMap<PathBuf, Vec<u8>>> {
    let is_manifest = |path: &Path| path.ends_with("statuslist-manifest.json");
    let changed = new
        .iter()
        .filter(|(path, bytes)| !is_manifest(path) && old.get(*path) != Some(*bytes));
    let mut changed: Vec<_> = changed.collect();
    changed.sort_by_key(|(path, _)| path.extension().is_none_or(|ending| ending != "jwt"));
    let mut site = old.clone();
    let sites = changed.into_iter().map(|(path, bytes)| {
        site.insert(path.clone(), bytes.clone());
        site.clone()
    });
    sites.collect()
}

/// Completes each of these sites, and makes sure that it then is what a run in one piece makes.
fn completes(place: &Place, halves: &[BTreeMap<PathBuf, Vec<u8>>], now: &str) {
    assert!(!halves.is_empty());
    for (round, half) in halves.iter().enumerate() {
        // Another one each time, because the list files remember where they were published.
        let site = format!("site-{}-{round}", now.replace(':', "-"));
        lay_out(place, &site, half);
        let names: Vec<_> = half.keys().collect();
        let run = place.line(&format!("{PUBLISH} {site} --now {now}"));
        assert_eq!(run.code, 0, "{names:?}: {}", run.stderr);
        let run = place.line(&format!("{PUBLISH} {site} --now {now}"));
        assert!(run.stderr.starts_with("0 files written"), "{}", run.stderr);
        let mut published = files(place, &site);
        let text = published
            .remove(Path::new("statuslist-manifest.json"))
            .unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let entries = manifest["entries"].as_object().unwrap();
        for (path, bytes) in &published {
            let entry = &entries[path.to_str().unwrap()];
            assert_eq!(entry["bytes"], bytes.len(), "{}", path.display());
        }
        assert_eq!(entries.len(), published.len());
    }
}

#[test]
fn the_first_publication_is_completed() {
    let place = place();
    place.done(&format!("{PUBLISH} other"));
    let halves = halves(&BTreeMap::new(), &files(&place, "other"));
    assert_eq!(halves.len(), 5);
    completes(&place, &halves, "2026-01-01T00:00:00Z");
}

#[test]
fn the_first_publication_is_completed_after_a_change() {
    let place = place();
    place.done(&format!("{PUBLISH} other"));
    let halves = halves(&BTreeMap::new(), &files(&place, "other"));
    place.done("set a.slist id:a suspended --now 2026-01-01T00:00:10Z");
    place.done("set w.slist id:a revoked --now 2026-01-01T00:00:10Z");
    completes(&place, &halves, "2026-01-01T00:01:00Z");
}

#[test]
fn a_later_publication_is_completed_and_so_it_is_after_another_change() {
    let place = place();
    place.done(&format!("{PUBLISH} other"));
    let old = files(&place, "other");
    place.done("set a.slist id:a suspended --now 2026-01-01T00:00:10Z");
    place.done("set w.slist id:a revoked --now 2026-01-01T00:00:10Z");
    place.done("roll a.slist --now 2026-01-01T00:00:20Z");
    place.done(&format!("{PUBLISH} other --now 2026-01-01T00:01:00Z"));
    let halves = halves(&old, &files(&place, "other"));
    assert_eq!(
        halves.len(),
        5,
        "two tokens, a credential, its envelope, and the aggregation"
    );
    completes(&place, &halves, "2026-01-01T00:01:00Z");
    place.done("set a.slist id:a valid --now 2026-01-01T00:01:10Z");
    place.done("set w.slist id:b revoked --now 2026-01-01T00:01:10Z");
    completes(&place, &halves, "2026-01-01T00:02:00Z");
    place.done("roll a.slist --now 2026-01-01T00:02:10Z");
    completes(&place, &halves, "2026-01-01T00:03:00Z");
}

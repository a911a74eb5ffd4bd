//! The layer table: no module knows what its layer may not know.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

mod circles;
mod paths;

use paths::crate_paths;

/// Each layer, and the layers that it may name. `commands` joins all below it; `cli` joins the
/// commands, and names a few plain types of the layers below.
const TABLE: &[(&str, &[&str])] = &[
    ("wire", &[]),
    ("list", &["wire"]),
    ("disk", &["wire"]),
    ("net", &["wire"]),
    ("page", &["list", "wire"]),
    ("store", &["list", "disk", "wire"]),
    ("token", &["list", "wire"]),
    ("sign", &["wire"]),
    ("site", &["list", "disk", "net", "wire"]),
    ("audit", &["list", "token", "sign", "wire"]),
    (
        "survey",
        &["list", "token", "sign", "site", "audit", "net", "wire"],
    ),
    ("change", &["store", "site", "list", "wire"]),
    ("notify", &["store", "net", "list", "disk", "wire"]),
    (
        "publish",
        &[
            "list", "disk", "store", "token", "sign", "site", "audit", "survey", "change", "wire",
            "page",
        ],
    ),
    (
        "health",
        &[
            "list", "store", "token", "sign", "site", "audit", "survey", "publish", "net", "wire",
        ],
    ),
    (
        "commands",
        &[
            "list", "disk", "store", "token", "sign", "site", "audit", "survey", "change",
            "publish", "health", "notify", "net", "wire", "page",
        ],
    ),
    ("cli", &["commands", "list", "disk", "wire"]),
];

const LONGEST: usize = 500;

#[test]
fn no_layer_knows_what_it_may_not_know() {
    let mut faults = Vec::new();
    for (layer, allowed) in TABLE.iter().copied() {
        for file in sources(layer) {
            for path in crate_paths(&std::fs::read_to_string(&file).unwrap()) {
                let known = path.split("::").nth(1).unwrap_or_default().to_owned();
                if known != layer && !allowed.contains(&known.as_str()) {
                    faults.push(format!("{}: {layer} must not know {path}", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_folder_is_a_layer() {
    let folders: BTreeSet<_> = std::fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    let layers = TABLE.iter().map(|(layer, _)| (*layer).to_owned());
    assert_eq!(folders, layers.collect());
}

/// What would open, lock or look at a file.
const OPENS: [&str; 12] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::net",
    "crate::store",
    "crate::disk",
    "File::open",
    ".exists()",
    ".is_file()",
    ".is_dir()",
    ".metadata()",
    "canonicalize",
];

#[test]
fn options_open_nothing() {
    for file in sources("commands/options") {
        let text = std::fs::read_to_string(&file).unwrap();
        let found = OPENS
            .iter()
            .find(|what| paths::code_of(&text).contains(**what));
        assert!(found.is_none(), "{}: {found:?}", file.display());
    }
}

#[test]
fn no_source_file_is_too_long_to_read() {
    for (layer, _) in TABLE {
        for file in sources(layer) {
            let lines = std::fs::read_to_string(&file).unwrap().lines().count();
            assert!(lines <= LONGEST, "{} has {lines} lines", file.display());
        }
    }
}

#[test]
fn no_test_file_is_forgotten() {
    let main = std::fs::read_to_string(root().join("tests/it/main.rs")).unwrap();
    for entry in std::fs::read_dir(root().join("tests/it")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let listed = main.lines().any(|line| line == format!("mod {name};"));
        assert!(
            listed || name == "main",
            "tests/it/main.rs has no mod {name}"
        );
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(layer: &str) -> Vec<PathBuf> {
    let files = sources_below(&root().join("src").join(layer));
    assert!(!files.is_empty(), "no sources in {layer}");
    files
}

fn sources_below(folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

//! The layer table: no module knows what its layer may not know.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each layer, and the layers that it may name. `commands` joins all below it; `cli` joins the
/// commands, and names a few plain types of the layers below.
const TABLE: [(&str, &[&str]); 11] = [
    ("wire", &[]),
    ("list", &["wire"]),
    ("disk", &["wire"]),
    ("store", &["list", "disk", "wire"]),
    ("token", &["list", "wire"]),
    ("sign", &["wire"]),
    ("site", &["disk", "wire"]),
    ("audit", &["list", "token", "sign", "wire"]),
    (
        "survey",
        &["list", "token", "sign", "site", "audit", "wire"],
    ),
    (
        "commands",
        &[
            "list", "disk", "store", "token", "sign", "site", "audit", "survey", "wire",
        ],
    ),
    ("cli", &["commands", "list", "disk", "store", "wire"]),
];

/// All that `cli` may know of the store.
const CLI_MAY_USE: [&str; 2] = ["crate::store::Outcome", "crate::store::lineage_of"];

const LONGEST: usize = 500;

#[test]
fn no_layer_knows_what_it_may_not_know() {
    let mut faults = Vec::new();
    for (layer, allowed) in TABLE {
        for file in sources(layer) {
            for path in crate_paths(&std::fs::read_to_string(&file).unwrap()) {
                let known = path.split("::").nth(1).unwrap_or_default().to_owned();
                let narrow =
                    layer != "cli" || known != "store" || CLI_MAY_USE.contains(&path.as_str());
                if known != layer && (!allowed.contains(&known.as_str()) || !narrow) {
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

#[test]
fn paths_are_found_wherever_they_stand() {
    let text = "use crate::a::{B, c::D};\nuse crate::{e, f::G as H};\nlet x = crate::i::j();\n// crate::not_this\nuse crate::{\n    k,\n    l::{M, N},\n};";
    let expected = [
        "crate::a::B",
        "crate::a::c::D",
        "crate::e",
        "crate::f::G",
        "crate::i::j",
        "crate::k",
        "crate::l::M",
        "crate::l::N",
    ];
    assert_eq!(crate_paths(text), expected);
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
    let mut folders = vec![root().join("src").join(layer)];
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
    assert!(!files.is_empty(), "no sources in {layer}");
    files
}

/// Every path that begins with `crate::`, with groups in braces taken apart, outside comments.
fn crate_paths(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_none_or(|character| !character.is_alphanumeric() && character != '_') {
            expand("crate", &code[at + "crate".len()..], &mut paths);
        }
    }
    paths
}

/// Follows a path behind `prefix`, and returns what stands behind it.
fn expand<'t>(prefix: &str, rest: &'t str, paths: &mut Vec<String>) -> &'t str {
    let Some(next) = rest.strip_prefix("::") else {
        paths.push(prefix.to_owned());
        return rest;
    };
    if let Some(mut group) = next.strip_prefix('{') {
        loop {
            group = group.trim_start();
            if let Some(after) = group.strip_prefix('}') {
                return after;
            }
            let (name, after) = word(group);
            assert!(!name.is_empty(), "cannot read the import at '{group:.40}'");
            group = expand(&format!("{prefix}::{name}"), after, paths).trim_start();
            group = group
                .strip_prefix("as ")
                .map_or(group, |alias| word(alias).1);
            group = group.trim_start().trim_start_matches(',');
        }
    }
    let (name, after) = word(next);
    if name.is_empty() {
        paths.push(prefix.to_owned());
        return next;
    }
    expand(&format!("{prefix}::{name}"), after, paths)
}

fn word(text: &str) -> (&str, &str) {
    let end = text
        .find(|character: char| {
            !character.is_alphanumeric() && character != '_' && character != '*'
        })
        .unwrap_or(text.len());
    text.split_at(end)
}

//! The committed completions and man pages are those that the program generates.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const REFRESH: &str = "to refresh the pages: cargo run -- generate .";

#[test]
fn completions_and_pages_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let generated = statuslist::cli::generated().unwrap();
    for (path, bytes) in &generated {
        let committed = std::fs::read(root.join(path)).unwrap_or_default();
        assert!(
            committed == *bytes,
            "{} is stale; {REFRESH}",
            path.display()
        );
    }
    let expected: BTreeSet<PathBuf> = generated.into_iter().map(|(path, _)| path).collect();
    for folder in ["completions", "man"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = Path::new(folder).join(entry.unwrap().file_name());
            assert!(
                expected.contains(&path),
                "{} is generated no longer: remove it",
                path.display()
            );
        }
    }
}

#[test]
fn the_pages_name_every_command() {
    let names: Vec<String> = statuslist::cli::generated()
        .unwrap()
        .into_iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    for command in [
        "init",
        "configure",
        "allocate",
        "set",
        "get",
        "sign",
        "publish",
        "inspect",
        "keygen",
        "backup",
        "restore",
    ] {
        assert!(
            names.contains(&format!("man/statuslist-{command}.1")),
            "{command}"
        );
    }
    assert!(
        !names.iter().any(|name| name.contains("generate")),
        "{names:?}"
    );
    assert_eq!(
        names
            .iter()
            .filter(|name| name.starts_with("completions/"))
            .count(),
        6
    );
}

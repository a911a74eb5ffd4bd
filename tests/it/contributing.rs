//! What `CONTRIBUTING.md` says of files is true.

use std::path::Path;

/// Every text in backticks that names a file or folder of the project.
fn named(text: &str) -> Vec<&str> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| {
            let is_path = name.contains('/') || Path::new(name).extension().is_some();
            is_path && !name.contains(' ') && !name.contains("://") && !name.starts_with('<')
        })
        .collect()
}

#[test]
fn every_file_that_it_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let paths = named(&text);
    assert!(paths.len() > 40, "only {} files are named", paths.len());
    let missing: Vec<_> = paths
        .iter()
        .filter(|name| !root.join(name).exists())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_room_is_in_its_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    for entry in std::fs::read_dir(root.join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let folder = path.file_name().unwrap().to_str().unwrap().to_owned();
            assert!(text.contains(&format!("| `src/{folder}/`")), "{folder}");
        }
    }
}

#[test]
fn names_are_told_from_other_code() {
    let text = "`src/lib.rs`, `cargo test`, `tests/`, `list`, `Cargo.toml`, `https://x/y.z`";
    assert_eq!(named(text), ["src/lib.rs", "tests/", "Cargo.toml"]);
}

//! No circle ties files together: whoever reads one file need not know those that use it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::paths::{Use, code_of, paths_of, reexports};
use super::{root, sources_below};

/// Files by their module paths, such as `store::chain`, and what the rooms' faces hand on.
struct House {
    files: BTreeMap<Vec<String>, String>,
    handed_on: BTreeMap<Vec<String>, Vec<Use>>,
}

#[test]
fn no_circle_ties_files_together() {
    let house = House::read();
    let arrows = house.arrows();
    let mut circles = BTreeSet::new();
    for file in arrows.keys() {
        let reached = reached_from(file, &arrows);
        if reached.contains(file) {
            let circle: Vec<_> = reached
                .iter()
                .filter(|other| reached_from(other, &arrows).contains(file))
                .cloned()
                .collect();
            circles.insert(circle.join(" "));
        }
    }
    let circles: Vec<_> = circles.into_iter().collect();
    assert!(circles.is_empty(), "circles:\n{}", circles.join("\n"));
}

#[test]
fn an_arrow_leads_to_the_file_that_holds_the_name() {
    let house = House::read();
    let arrow = |from: &str, text: &str| {
        let module = House::module_of(Path::new(from));
        let targets = house.targets(&module, text);
        targets.into_iter().collect::<Vec<_>>()
    };
    let expected = [
        (
            "store/open.rs",
            "use crate::disk::DiskError;",
            "disk/error.rs",
        ),
        ("store/open.rs", "use super::chain::Hash;", "store/chain.rs"),
        ("store/mod.rs", "use self::chain::Hash;", "store/chain.rs"),
        (
            "cli/mod.rs",
            "let x = crate::list::Seed::new();",
            "list/permutation.rs",
        ),
    ];
    for (from, text, to) in expected {
        assert_eq!(arrow(from, text), [to], "{from}: {text}");
    }
}

impl House {
    fn read() -> Self {
        let mut house = Self {
            files: BTreeMap::new(),
            handed_on: BTreeMap::new(),
        };
        for path in sources_below(&root().join("src")) {
            let relative = path.strip_prefix(root().join("src")).unwrap();
            let module = Self::module_of(relative);
            let name = relative.to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            house.handed_on.insert(module.clone(), reexports(&text));
            house.files.insert(module, name);
        }
        house
    }

    fn module_of(relative: &Path) -> Vec<String> {
        let mut module: Vec<String> = relative
            .with_extension("")
            .iter()
            .map(|part| part.to_str().unwrap().to_owned())
            .collect();
        if matches!(
            module.last().map(String::as_str),
            Some("mod" | "lib" | "main")
        ) {
            module.pop();
        }
        module
    }

    fn arrows(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut arrows = BTreeMap::new();
        for (module, name) in &self.files {
            let text = std::fs::read_to_string(root().join("src").join(name)).unwrap();
            let mut targets = self.targets(module, &text);
            targets.remove(name);
            arrows.insert(name.clone(), targets);
        }
        arrows
    }

    /// The files whose names a text in a module uses.
    fn targets(&self, module: &[String], text: &str) -> BTreeSet<String> {
        paths_of(&code_of(text))
            .iter()
            .filter_map(|path| self.find(&absolute(module, path)?))
            .collect()
    }

    /// The file that holds what a path from the crate's root names.
    fn find(&self, path: &[String]) -> Option<String> {
        let mut module = Vec::new();
        let mut rest = path;
        while let Some((first, behind)) = rest.split_first() {
            let mut inner = module.clone();
            inner.push(first.clone());
            if self.files.contains_key(&inner) {
                (module, rest) = (inner, behind);
                continue;
            }
            let handed_on = self.handed_on.get(&module).into_iter().flatten();
            if let Some(found) = handed_on
                .clone()
                .find(|one| one.name == *first && one.path.len() > 1)
            {
                let mut target = absolute(&module, &found.path)?;
                target.extend_from_slice(behind);
                return self.find(&target);
            }
            break;
        }
        // The crate itself is nobody's room.
        self.files
            .get(&module)
            .filter(|_| !module.is_empty())
            .cloned()
    }
}

/// A path from the crate's root; `None` for one that leads out of the crate.
fn absolute(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    let mut base = match first.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => module.to_vec(),
        // In a face, names of its own modules need no `self`.
        _ => [module, std::slice::from_ref(first)].concat(),
    };
    let mut rest = rest;
    if first == "super" {
        base.pop()?;
        while let Some(("super", behind)) =
            rest.split_first().map(|(one, rest)| (one.as_str(), rest))
        {
            base.pop()?;
            rest = behind;
        }
    }
    base.extend_from_slice(rest);
    Some(base)
}

fn reached_from(file: &str, arrows: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = vec![file];
    while let Some(one) = next.pop() {
        for target in arrows.get(one).into_iter().flatten() {
            if reached.insert(target.clone()) {
                next.push(target);
            }
        }
    }
    reached
}

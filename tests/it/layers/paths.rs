//! The paths that a source file names.

/// What a face hands on: a name, and the path that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) name: String,
    pub(super) path: Vec<String>,
}

/// Every path that begins with `crate::`, with groups in braces taken apart, outside comments.
pub(super) fn crate_paths(text: &str) -> Vec<String> {
    let all = paths_of(&without_comments(text));
    all.into_iter()
        .filter(|path| path.first().is_some_and(|first| first == "crate"))
        .map(|path| path.join("::"))
        .collect()
}

/// A text without its comments and its tests.
pub(super) fn code_of(text: &str) -> String {
    let code = without_comments(text);
    match code.find("#[cfg(test)]\nmod tests {") {
        Some(at) => code[..at].to_owned(),
        None => code,
    }
}

/// Every path that begins with `crate`, `self` or `super`, and what `use` names of the modules
/// below, with groups in braces taken apart. What is handed on counts for those who use it.
pub(super) fn paths_of(code: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for root in ["crate", "self", "super"] {
        for (at, _) in code.match_indices(&format!("{root}::")) {
            let before = code[..at].chars().next_back();
            let begins =
                before.is_none_or(|one| !one.is_alphanumeric() && one != '_' && one != ':');
            if begins && !is_handed_on(code, at) {
                let mut found = Vec::new();
                expand(root, &code[at + root.len()..], &mut found);
                paths.extend(found.into_iter().map(|(path, _)| path));
            }
        }
    }
    for (at, _) in code.match_indices("\nuse ") {
        let rest = &code[at + "\nuse ".len()..];
        let (first, behind) = word(rest);
        if !["crate", "self", "super", ""].contains(&first) {
            let mut found = Vec::new();
            expand(first, behind, &mut found);
            paths.extend(found.into_iter().map(|(path, _)| path));
        }
    }
    paths.into_iter().map(|path| split(&path)).collect()
}

/// What a text hands on with `pub use`.
pub(super) fn reexports(text: &str) -> Vec<Use> {
    let code = without_comments(text);
    let mut uses = Vec::new();
    for (at, _) in code.match_indices("use ") {
        if !is_handed_on(&code, at + "use ".len()) {
            continue;
        }
        let (first, behind) = word(&code[at + "use ".len()..]);
        let mut found = Vec::new();
        expand(first, behind, &mut found);
        for (path, alias) in found {
            let path = split(&path);
            let name = alias.or_else(|| path.last().cloned()).unwrap_or_default();
            uses.push(Use { name, path });
        }
    }
    uses
}

/// Whether the path that begins here is handed on: `pub use`, `pub(crate) use`.
fn is_handed_on(code: &str, at: usize) -> bool {
    let line = code[..at].rfind('\n').map_or(0, |end| end + 1);
    let before = &code[line..at];
    before.starts_with("pub") && before.trim_end().ends_with("use")
}

fn without_comments(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

fn split(path: &str) -> Vec<String> {
    path.split("::").map(str::to_owned).collect()
}

/// Follows a path behind `prefix`, and returns what stands behind it. Each path has its other name,
/// if it was given one.
fn expand<'t>(prefix: &str, rest: &'t str, paths: &mut Vec<(String, Option<String>)>) -> &'t str {
    let Some(next) = rest.strip_prefix("::") else {
        let (alias, rest) = match rest.strip_prefix(" as ") {
            Some(rest) => {
                let (alias, rest) = word(rest);
                (Some(alias.to_owned()), rest)
            }
            None => (None, rest),
        };
        paths.push((prefix.to_owned(), alias));
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
            let path = match name {
                "self" => prefix.to_owned(),
                name => format!("{prefix}::{name}"),
            };
            group = expand(&path, after, paths).trim_start();
            group = group.trim_start_matches(',');
        }
    }
    let (name, after) = word(next);
    if name.is_empty() {
        paths.push((prefix.to_owned(), None));
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
fn what_is_handed_on_is_no_arrow_of_the_face() {
    let text =
        "mod a;\npub use a::{B, C as D};\npub(super) use self::e::F;\nuse a::G;\nuse super::H;";
    let paths: Vec<_> = paths_of(text).iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["super::H", "a::G"]);
    let names: Vec<_> = reexports(text)
        .into_iter()
        .map(|one| format!("{} {}", one.name, one.path.join("::")))
        .collect();
    assert_eq!(names, ["B a::B", "D a::C", "F self::e::F"]);
}

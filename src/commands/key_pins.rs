//! Which tokens a key of the settings file is for.

use std::path::{Path, PathBuf};

use super::options::ViewName;
use crate::list::{ListNumber, View};
use crate::publish::TokenPlace;

/// Says that a key signs some tokens: those for which all of this holds that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPin {
    /// The name of the key.
    pub key: String,
    /// The list file, or a folder of list files.
    pub file: Option<PathBuf>,
    /// The issuer of the series.
    pub issuer: Option<String>,
    /// The list.
    pub list: Option<ListNumber>,
    /// The view, or all views of a family.
    pub view: Option<ViewName>,
}

/// The pin that says most exactly that it is for a token, if one is for it.
pub(super) fn most_exact<'p>(pins: &'p [KeyPin], place: &TokenPlace<'_>) -> Option<&'p KeyPin> {
    let pins: Vec<_> = pins.iter().filter(|pin| pin.is_for(place)).collect();
    let is_most_exact = |pin: &&&KeyPin| pins.iter().all(|other| pin.refines(other));
    pins.iter().find(is_most_exact).or(pins.first()).copied()
}

impl KeyPin {
    /// Whether it is for a token.
    pub(super) fn is_for(&self, place: &TokenPlace<'_>) -> bool {
        let is_file = |file: &PathBuf| is_within(place.file, file);
        self.file.as_ref().is_none_or(is_file)
            && self
                .issuer
                .as_ref()
                .is_none_or(|issuer| issuer == place.issuer)
            && self.list.is_none_or(|list| list == place.list)
            && self.view.is_none_or(|view| view.means(place.view))
    }

    /// Whether some token may have two keys: both pins may be for it, and neither says more exactly
    /// which tokens it is for.
    pub(crate) fn contradicts(&self, other: &Self) -> bool {
        let same = self.refines(other) && other.refines(self);
        let ordered = !same && (self.refines(other) || other.refines(self));
        self.key != other.key && !ordered && self.meets(other)
    }

    /// Whether it is for no token that the other is not for.
    pub(super) fn refines(&self, other: &Self) -> bool {
        let within = |wide: &PathBuf| {
            let file = self.file.as_ref();
            file.is_some_and(|file| file.starts_with(wide))
        };
        other.file.as_ref().is_none_or(within)
            && (other.issuer.is_none() || other.issuer == self.issuer)
            && (other.list.is_none() || other.list == self.list)
            && other
                .view
                .is_none_or(|wide| self.view.is_some_and(|view| contains(wide, view)))
    }

    /// Whether both may be for one token, as far as can be seen here.
    fn meets(&self, other: &Self) -> bool {
        let files = match (&self.file, &other.file) {
            (Some(one), Some(two)) => one.starts_with(two) || two.starts_with(one),
            _ => true,
        };
        let views = match (self.view, other.view) {
            (Some(one), Some(two)) => contains(one, two) || contains(two, one),
            _ => true,
        };
        files
            && views
            && meet(self.issuer.as_ref(), other.issuer.as_ref())
            && meet(self.list.as_ref(), other.list.as_ref())
    }
}

fn meet<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// Whether every view of the one is of the other.
fn contains(wide: ViewName, narrow: ViewName) -> bool {
    match (wide, narrow) {
        (ViewName::Family(family), ViewName::One(view)) => View::family(view) == family,
        (one, other) => one == other,
    }
}

/// Whether a file is this one, or below this folder, by whatever names.
fn is_within(file: &Path, named: &Path) -> bool {
    match (std::fs::canonicalize(file), std::fs::canonicalize(named)) {
        (Ok(file), Ok(named)) => file.starts_with(named),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::KeyPin;

    fn pin(key: &str, terms: &[(&str, &str)]) -> KeyPin {
        let term = |name: &str| {
            let found = terms.iter().find(|(term, _)| *term == name);
            found.map(|(_, value)| *value)
        };
        KeyPin {
            key: key.to_owned(),
            file: term("file").map(Into::into),
            issuer: term("issuer").map(str::to_owned),
            list: term("list").map(|list| list.parse().unwrap()),
            view: term("view").map(|view| view.parse().unwrap()),
        }
    }

    #[test]
    fn two_pins_contradict_each_other_unless_one_is_more_exact_or_they_never_meet() {
        for (one, other, contradicts) in [
            (&[("view", "cwt")][..], &[("view", "cwt")][..], true),
            (&[("view", "cwt")], &[("view", "jwt")], false),
            (&[("view", "cwt")], &[("list", "3")], true),
            (&[("view", "cwt")], &[("list", "3"), ("view", "cwt")], false),
            (
                &[("view", "bitstring")],
                &[("view", "bitstring.revocation")],
                false,
            ),
            (&[("list", "3")], &[("list", "4")], false),
            (&[("file", "/a")], &[("file", "/a/b.slist")], false),
            (&[("file", "/a")], &[("file", "/b")], false),
            (&[("file", "/a")], &[("issuer", "https://x")], true),
            (
                &[("issuer", "https://y")],
                &[("issuer", "https://x")],
                false,
            ),
            (
                &[("issuer", "https://x"), ("list", "1")],
                &[("issuer", "https://x")],
                false,
            ),
        ] {
            let (first, second) = (pin("a", one), pin("b", other));
            assert_eq!(first.contradicts(&second), contradicts, "{one:?} {other:?}");
            assert_eq!(second.contradicts(&first), contradicts, "{other:?} {one:?}");
            assert!(!first.contradicts(&pin("a", other)), "they name one key");
        }
    }
}

//! Which paths a rule is about.

use std::fmt::Write as _;

use crate::list::{Proof, Purpose, SeriesView, View};
use crate::site::{PathPiece, SitePath, template_of};

/// How many characters the `{id}` of a list has.
const ID_LENGTH: usize = 32;

/// The paths of a site that a rule is about, of whichever list they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PathPattern {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Literal(String),
    /// The number of a list.
    Number,
    /// The name of a list that hides its number.
    Id,
    /// The name of a file, whatever it is.
    Name,
}

impl PathPattern {
    /// The paths of a view of a series, whose uris begin with this path; `None` if they do not.
    pub(super) fn of_view(view: &SeriesView, prefix: &str) -> Option<Self> {
        let template = template_of(&view.uri).ok()?;
        let purpose = view.view.purpose().map(Purpose::name);
        let mut pieces = Vec::new();
        for piece in template.path(view.view.name(), purpose) {
            pieces.push(match piece {
                PathPiece::Literal(text) if pieces.is_empty() => {
                    let below = text.strip_prefix(prefix)?.strip_prefix('/')?;
                    Piece::Literal(below.to_owned())
                }
                PathPiece::Literal(text) => Piece::Literal(text),
                PathPiece::Number => Piece::Number,
                PathPiece::Id => Piece::Id,
            });
        }
        Some(Self::of(pieces))
    }

    /// One path alone.
    pub(super) fn exactly(path: &SitePath) -> Self {
        Self::of(vec![Piece::Literal(path.as_str().to_owned())])
    }

    /// The paths that differ from this one in what may be the number or the name of a list: what is
    /// known of lists whose list file is not at hand.
    pub(super) fn like(path: &SitePath) -> Self {
        let text = path.as_str();
        let end = known_ending(text);
        let (mut rest, ending) = text.split_at(text.len() - end);
        let mut pieces = Vec::new();
        while let Some(first) = rest.chars().next() {
            let word = length_of(rest, |character| character.is_ascii_alphanumeric());
            let digits = length_of(rest, |character| character.is_ascii_digit());
            let (piece, length) = if word == ID_LENGTH && rest[..word].bytes().all(is_hex) {
                (Piece::Id, word)
            } else if digits > 0 {
                (Piece::Number, digits)
            } else if word > 0 {
                let letters = length_of(rest, |character| character.is_ascii_alphabetic());
                (Piece::Literal(rest[..letters].to_owned()), letters)
            } else {
                (Piece::Literal(first.to_string()), first.len_utf8())
            };
            pieces.push(piece);
            rest = &rest[length..];
        }
        pieces.push(Piece::Literal(ending.to_owned()));
        Self::of(pieces)
    }

    /// The same with this after it.
    pub(super) fn and(mut self, ending: &str) -> Self {
        self.pieces.push(Piece::Literal(ending.to_owned()));
        Self::of(self.pieces)
    }

    /// All files of the folders that these paths are.
    pub(super) fn files_below(mut self) -> Self {
        self.pieces.push(Piece::Literal("/".to_owned()));
        self.pieces.push(Piece::Name);
        Self::of(self.pieces)
    }

    fn of(pieces: Vec<Piece>) -> Self {
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (_, Piece::Literal(text)) if text.is_empty() => {}
                (Some(Piece::Literal(before)), Piece::Literal(text)) => before.push_str(&text),
                (_, piece) => joined.push(piece),
            }
        }
        Self { pieces: joined }
    }

    pub(super) fn matches(&self, path: &SitePath) -> bool {
        matches(&self.pieces, path.as_str())
    }

    /// The text of a path that is meant alone.
    pub(super) fn exact(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The first character of the fixed parts that is none of those that all hosts take as they
    /// are.
    pub(super) fn unusual(&self) -> Option<char> {
        let literals = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text),
            _ => None,
        });
        let mut literals = literals.map(String::as_str);
        literals.find_map(unusual_character)
    }

    /// The ending that hosts know types by: from the last `.` of the name on.
    pub(super) fn extension(&self) -> Option<&str> {
        let Some(Piece::Literal(text)) = self.pieces.last() else {
            return None;
        };
        let name = text.rsplit('/').next()?;
        name.rfind('.').map(|dot| &name[dot..])
    }

    /// As a regular expression of PCRE and of Go, anchored. It holds nothing that a quoted string
    /// of a configuration could take for its own: no quote, no space, no brace of ASCII.
    pub(super) fn regex(&self, prefix: &str) -> String {
        format!("^{}/{}$", escape(prefix), regex_of(&self.pieces))
    }

    /// The same, where the folder is a group of this name, or of none.
    pub(super) fn regex_with_folder(&self, prefix: &str, name: &str) -> String {
        let folder = match self.pieces.split_last() {
            Some((Piece::Name, folder)) => folder,
            _ => &self.pieces,
        };
        let folder = regex_of(folder);
        let folder = folder.strip_suffix('/').unwrap_or(&folder);
        format!("^{}({name}/{folder})/[^/]+$", escape(prefix))
    }

    /// With one wildcard that stands for any characters: what lies between the first and the last
    /// placeholder is not looked at.
    pub(super) fn glob<'a>(&'a self) -> Glob<'a> {
        let text = |piece: Option<&'a Piece>| match piece {
            Some(Piece::Literal(text)) => text.as_str(),
            _ => "",
        };
        Glob {
            before: text(self.pieces.first()),
            after: (self.exact().is_none()).then(|| text(self.pieces.last())),
        }
    }
}

/// A path with at most one wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glob<'a> {
    pub(super) before: &'a str,
    /// What comes after the wildcard; `None` if there is none.
    pub(super) after: Option<&'a str>,
}

impl Glob<'_> {
    /// How many characters are given: of two that match one path, the one with more is meant.
    pub(super) fn weight(&self) -> (bool, usize) {
        let given = self.before.len() + self.after.unwrap_or_default().len();
        (self.after.is_none(), given)
    }
}

/// The first character of a text that is none of those that all hosts take as they are.
pub(super) fn unusual_character(text: &str) -> Option<char> {
    let is_usual =
        |character: &char| character.is_ascii_alphanumeric() || "-._~/".contains(*character);
    text.chars().find(|character| !is_usual(character))
}

fn matches(pieces: &[Piece], text: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return text.is_empty();
    };
    match first {
        Piece::Literal(literal) => text
            .strip_prefix(literal.as_str())
            .is_some_and(|text| matches(rest, text)),
        Piece::Id => {
            let id = text.as_bytes().get(..ID_LENGTH);
            id.is_some_and(|id| id.iter().copied().all(is_hex)) && matches(rest, &text[ID_LENGTH..])
        }
        Piece::Number => {
            let digits = length_of(text, |character| character.is_ascii_digit());
            (1..=digits)
                .rev()
                .any(|length| matches(rest, &text[length..]))
        }
        // It stands at the end alone.
        Piece::Name => !text.is_empty() && !text.contains('/'),
    }
}

fn regex_of(pieces: &[Piece]) -> String {
    let mut regex = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => regex.push_str(&escape(text)),
            Piece::Number => regex.push_str("[0-9]+"),
            // Without a count: braces mean something to nginx and Caddy.
            Piece::Id => regex.push_str("[0-9a-f]+"),
            Piece::Name => regex.push_str("[^/]+"),
        }
    }
    regex
}

/// Takes from a text whatever regular expressions and configurations could understand.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '.' => escaped.push_str("\\."),
            '/' | '-' | '_' | '~' => escaped.push(character),
            _ if character.is_ascii() && !character.is_ascii_alphanumeric() => {
                // Writing to a `String` cannot fail.
                let _ = write!(escaped, "\\x{:02X}", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// The length of the ending of a name by which a view is known.
fn known_ending(path: &str) -> usize {
    let endings = View::ALL.into_iter().flat_map(|view| {
        let proofs = Proof::ALL.map(Some).into_iter();
        proofs.map(move |proof| view.ending(proof))
    });
    let lengths = endings.flat_map(|ending| {
        let enveloped = format!("{ending}.json");
        [ending, enveloped]
    });
    let found = lengths.filter(|ending| path.ends_with(ending.as_str()));
    found.map(|ending| ending.len()).max().unwrap_or(0)
}

fn length_of(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|character| !belongs(character))
        .unwrap_or(text.len())
}

const fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_view(uri: &str, prefix: &str) -> PathPattern {
        let uri = uri.to_owned();
        let view = View::Jwt;
        PathPattern::of_view(&SeriesView { view, uri }, prefix).unwrap()
    }

    fn path(text: &str) -> SitePath {
        text.parse().unwrap()
    }

    #[test]
    fn a_template_and_a_file_of_it_lead_to_the_same() {
        for (uri, file) in [
            ("https://a/lists/{n}.jwt", "lists/17.jwt"),
            ("https://a/b/{id}", "b/0123456789abcdef0123456789abcdef"),
            (
                "https://a/{n}.2021.revocation.json",
                "0.2021.revocation.json",
            ),
            ("https://a/{n}.jwt.json", "0.jwt.json"),
            ("https://a/{n}/list{n}", "3/list3"),
        ] {
            let pattern = of_view(uri, "");
            assert_eq!(pattern, PathPattern::like(&path(file)), "{uri}");
            assert!(pattern.matches(&path(file)), "{uri}");
        }
    }

    #[test]
    fn a_rule_is_about_the_paths_of_lists_alone() {
        let pattern = of_view("https://a/b/{n}.jwt", "/b");
        assert_eq!(pattern.regex("/b"), r"^/b/[0-9]+\.jwt$");
        for (file, is_one) in [
            ("0.jwt", true),
            ("0123.jwt", true),
            ("x.jwt", false),
            (".jwt", false),
            ("0.jwt.json", false),
            ("b/0.jwt", false),
        ] {
            assert_eq!(pattern.matches(&path(file)), is_one, "{file}");
        }
        let folder = of_view("https://a/t/{n}.ocsp", "").files_below();
        assert!(folder.matches(&path("t/0.ocsp/default.json")));
        assert!(!folder.matches(&path("t/0.ocsp/a/b")));
        let regex = folder.regex_with_folder("", "?<folder>");
        assert_eq!(regex, r"^(?<folder>/t/[0-9]+\.ocsp)/[^/]+$");
    }

    #[test]
    fn what_a_path_holds_cannot_leave_the_expression() {
        let hostile = path("a\"; }{$x} #`(.*)'\u{e9}%.jwt");
        let regex = PathPattern::exactly(&hostile).regex("");
        assert_eq!(
            regex,
            r"^/a\x22\x3B\x20\x7D\x7B\x24x\x7D\x20\x23\x60\x28\.\x2A\x29\x27é\x25\.jwt$"
        );
        assert_eq!(PathPattern::like(&hostile).unusual(), Some('"'));
        assert_eq!(of_view("https://a/b-1/{n}_~.jwt", "").unusual(), None);
    }

    #[test]
    fn a_glob_leaves_out_what_lies_between() {
        let pattern = of_view("https://a/b/{n}/{id}.jwt", "");
        let (before, after) = ("b/", Some(".jwt"));
        assert_eq!(pattern.glob(), Glob { before, after });
        let exact = PathPattern::exactly(&path("jwks.json"));
        let (before, after) = ("jwks.json", None);
        assert_eq!(exact.glob(), Glob { before, after });
        assert!(exact.glob().weight() > pattern.glob().weight());
        assert_eq!(pattern.extension(), Some(".jwt"));
        assert_eq!(of_view("https://a.b/c.d/{n}", "").extension(), None);
        assert_eq!(of_view("https://a.b/{n}.d/x", "").extension(), None);
    }

    proptest! {
        #[test]
        fn every_path_is_one_of_those_like_it(text in "[a-f0-9A-Z./_é\"-]{1,60}") {
            if let Ok(path) = text.parse::<SitePath>() {
                prop_assert!(PathPattern::like(&path).matches(&path), "{}", path);
                prop_assert!(PathPattern::exactly(&path).matches(&path));
            }
        }
    }
}

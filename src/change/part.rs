//! The lines of a request that are one list file's, where a request is for several.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::digest::RequestDigest;
use super::request::{Allocate, Besides, Label, Line, Named, Operation, Request, Set, What};
use super::tokens::TokenIndex;
use crate::list::{EntryName, TokenId};
use crate::store::{Bulk, Snapshot, StoreError};

/// What says in which list file the entry of a line lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LineIsFoundBy {
    /// The uri of its list.
    Uri(String),
    /// Its token id.
    Token(TokenId),
    /// Nothing: the line takes a new entry.
    NewEntry,
    /// Nothing: it could be of any list file.
    Nothing(EntryName),
}

/// The lines of a request, to be found in one list file after the other.
pub(crate) struct LinesToFind<'a> {
    request: &'a Request,
    tokens: TokenIndex,
}

impl<'a> LinesToFind<'a> {
    /// Indexes their token ids.
    pub(crate) fn of(request: &'a Request) -> Self {
        Self {
            request,
            tokens: TokenIndex::new(&request.lines, token_to_find),
        }
    }

    /// The places of the lines whose token id or uri a list file has.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn on_file(&self, snapshot: &Snapshot<'_>) -> Result<Vec<u32>, StoreError> {
        let request = self.request;
        let bulk = Bulk::now(snapshot);
        let tokens = self.tokens.entries_on_file(&bulk, &request.lines)?;
        let mut uris = HashMap::new();
        let mut found = Vec::new();
        for (place, line) in request.places() {
            let is_there = match uri_to_find(line) {
                None => tokens.get(place).is_some(),
                Some(uri) => match uris.entry(uri) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(new) => *new.insert(snapshot.has_uri(request.uri(uri))?),
                },
            };
            if is_there || self.is_there_without_spaces(place, snapshot)? {
                found.push(place);
            }
        }
        Ok(found)
    }

    /// Whether the file has a token id that is written with white space around it.
    fn is_there_without_spaces(
        &self,
        place: u32,
        snapshot: &Snapshot<'_>,
    ) -> Result<bool, StoreError> {
        let line = &self.request.lines[place as usize];
        match token_to_find(line).and_then(TokenId::trimmed) {
            Some(trimmed) if uri_to_find(line).is_none() => {
                Ok(snapshot.by_token(&trimmed)?.is_some())
            }
            _ => Ok(false),
        }
    }

    /// Whether an earlier line takes the entry that a line means by its token id.
    pub(crate) fn follows_its_allocation(&self, place: u32) -> bool {
        let lines = &self.request.lines;
        let Some(token) = token_to_find(&lines[place as usize]) else {
            return false;
        };
        self.tokens
            .find(lines, token)
            .take_while(|other| *other < place)
            .any(|other| lines[other as usize].allocates())
    }
}

impl Request {
    /// What says in which list file the entry of a line lies.
    pub(crate) fn found_by(&self, line: &Line) -> LineIsFoundBy {
        if let Some(uri) = uri_to_find(line) {
            return LineIsFoundBy::Uri(self.uri(uri).to_owned());
        }
        match (token_to_find(line), &line.what) {
            (_, What::Allocate { .. }) => LineIsFoundBy::NewEntry,
            (Some(token), _) => LineIsFoundBy::Token(token.clone()),
            (None, What::Set { name, .. }) => LineIsFoundBy::Nothing(self.name(name)),
            (None, What::Label(label)) => LineIsFoundBy::Nothing(self.name(&label.name)),
        }
    }

    /// The lines at some places as a request of its own, and what it is recognised by.
    pub(crate) fn part(&self, belongs: impl Fn(u32) -> bool) -> (Self, RequestDigest) {
        let mut part = Self::new(self.terms);
        let mut digest = RequestDigest::default();
        for (place, line) in self.places().filter(|(place, _)| belongs(*place)) {
            let operation = self.operation(place, line);
            digest.add(line.number, &operation);
            part.push(line.number, operation);
        }
        (part, digest)
    }

    /// A line as it was pushed.
    fn operation(&self, place: u32, line: &Line) -> Operation {
        match &line.what {
            What::Allocate {
                token,
                status,
                terms,
            } => Operation::Allocate(Allocate {
                token: token.clone(),
                status: *status,
                expires: self.expiry(*terms),
                group: self.group(*terms).cloned(),
                document: self.documents.document(place),
            }),
            What::Label(label) => Operation::Label(Label {
                name: self.name(&label.name),
                token: label.token.clone(),
                group: self.group(label.terms).cloned(),
                expires: self.expiry(label.terms),
            }),
            What::Set {
                name,
                besides,
                wish,
                expected,
                remark,
            } => Operation::Set(Set {
                named: Named {
                    name: self.name(name),
                    besides: besides.as_deref().map(|besides| self.besides(besides)),
                },
                wish: *wish,
                expected: *expected,
                remark: self.remark(*remark).clone(),
            }),
        }
    }

    fn besides(&self, besides: &Besides<u32>) -> Besides<String> {
        match besides {
            Besides::Token(token) => Besides::Token(token.clone()),
            Besides::Credential(token) => Besides::Credential(token.clone()),
            Besides::List(list) => Besides::List(*list),
            Besides::Uri(uri) => Besides::Uri(self.uri(*uri).to_owned()),
        }
    }
}

/// The uri that says where the entry of a line lies. What a line says besides its token id must
/// agree with that, and is compared later.
fn uri_to_find(line: &Line) -> Option<u32> {
    match &line.what {
        What::Set {
            name: EntryName::AtUri(uri, _),
            ..
        } => Some(*uri),
        What::Label(label) => match &label.name {
            EntryName::AtUri(uri, _) => Some(*uri),
            _ => None,
        },
        _ => None,
    }
}

/// The token id that says where the entry of a line lies, or will lie.
fn token_to_find(line: &Line) -> Option<&TokenId> {
    match (uri_to_find(line), &line.what) {
        (Some(_), _) => None,
        // The token id that it gives is not one that the entry has.
        (None, What::Label(label)) => label.name.token(),
        (None, _) => line.token(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Document, Terms};
    use crate::list::{ListNumber, RemarkRequest, Timestamp, Wish};

    fn set(name: &str, besides: Option<Besides<String>>, wish: Wish<u8>) -> Operation {
        Operation::Set(Set {
            named: Named {
                name: name.parse().unwrap(),
                besides,
            },
            wish,
            expected: Some(0),
            remark: RemarkRequest {
                note: Some(format!("of {name}")),
                ..RemarkRequest::default()
            },
        })
    }

    fn allocate(token: &str, hash: u8) -> Operation {
        Operation::Allocate(Allocate {
            token: Some(TokenId::as_written(token).unwrap()),
            status: Some(2),
            expires: Some(Timestamp::from_second(i64::from(hash))),
            group: None,
            document: Some(Document {
                hash: format!("{hash:02x}").repeat(32).parse().unwrap(),
                on_the_way: vec!["ab".repeat(32).parse().unwrap()],
            }),
        })
    }

    fn operations() -> Vec<Operation> {
        let token = |text: &str| text.parse::<TokenId>().unwrap();
        vec![
            allocate("a", 1),
            set(
                "https://x/0#5",
                Some(Besides::Token(token("t"))),
                Wish::Set(1),
            ),
            set("id:a", None, Wish::Suspend),
            allocate(" spaced ", 2),
            set(
                "id:b",
                Some(Besides::Uri("https://x/1".into())),
                Wish::Set(2),
            ),
            set("0/7", Some(Besides::Token(token("c"))), Wish::Unsuspend),
            set(
                "id:d",
                Some(Besides::List(ListNumber::FIRST)),
                Wish::Unrevoke,
            ),
            set("9", None, Wish::Set(1)),
            set("8", Some(Besides::Credential(token("e"))), Wish::Set(1)),
        ]
    }

    fn request() -> Request {
        let mut request = Request::new(Terms::default());
        for (number, operation) in (1..).zip(operations()) {
            request.push(number, operation);
        }
        request
    }

    /// A part is recognised by the operations themselves, so it must have lost nothing of them.
    #[test]
    fn a_part_has_its_lines_as_they_were() {
        for chosen in 0..1_u32 << operations().len() {
            let belongs = |place: u32| chosen >> place & 1 == 1;
            let (part, digest) = request().part(belongs);
            let mut expected = RequestDigest::default();
            for (place, operation) in (0..).zip(operations()) {
                if belongs(place) {
                    expected.add(place + 1, &operation);
                }
            }
            let expected = expected.finish();
            assert_eq!(digest.finish(), expected);
            assert_eq!(part.part(|_| true).1.finish(), expected);
        }
    }

    #[test]
    fn a_line_is_found_by_its_uri_or_its_token_id() {
        let request = request();
        let found = request.lines.iter().map(|line| request.found_by(line));
        let token = |text: &str| LineIsFoundBy::Token(text.parse().unwrap());
        let nothing = |text: &str| LineIsFoundBy::Nothing(text.parse().unwrap());
        let expected = [
            LineIsFoundBy::NewEntry,
            LineIsFoundBy::Uri("https://x/0".to_owned()),
            token("a"),
            LineIsFoundBy::NewEntry,
            token("b"),
            token("c"),
            token("d"),
            nothing("9"),
            nothing("8"),
        ];
        assert_eq!(found.collect::<Vec<_>>(), expected);
        let lines = LinesToFind::of(&request);
        let follows: Vec<_> = (0..9)
            .filter(|place| lines.follows_its_allocation(*place))
            .collect();
        assert_eq!(follows, [2]);
    }
}

//! The page of a site, for everybody.

use std::cmp::Ordering;
use std::fmt::Write as _;

use maud::{Markup, html};

use super::frame::{Audience, Frame, exact, foreign, mark};
use super::published::{PublishedList, SitePage};
use super::verify::checking;
use super::words::{Format, length, when};
use crate::list::Timestamp;

/// The lists of one issuer that lie in one folder.
struct Group<'a> {
    issuer: &'a str,
    /// What the uris begin with.
    folder: &'a str,
    lists: Vec<&'a PublishedList>,
}

impl SitePage {
    /// The page as HTML. The same data gives the same bytes, in whatever order they come.
    pub(crate) fn render(&self) -> String {
        let issuers = self.issuers();
        let title = match issuers.as_slice() {
            [issuer] => format!("Credential status lists of {issuer}"),
            _ => "Credential status lists".to_owned(),
        };
        let frame = Frame {
            title: &title,
            description: "The signed status lists that this site publishes, and how to check a \
                          credential with them.",
            style: include_str!("style/site.css"),
            skip_to: ("lists", "the lists"),
            audience: Audience::Everybody,
        };
        frame.around(&html! {
            header.top {
                (mark())
                div {
                    h1 { "Credential status lists" }
                    p.lede {
                        "This site publishes the lists that say whether a credential still counts: \
                         whether it is valid, was revoked, or is suspended. A credential names its \
                         list and its place in it; whoever checks the credential reads its status \
                         there, without asking the issuer."
                    }
                }
            }
            main {
                (self.glance(&issuers))
                section aria-labelledby="lists" {
                    h2 #lists tabindex="-1" { "Published lists" }
                    (self.groups())
                    (self.other_files())
                }
                (checking(self))
                (self.for_programs())
            }
            footer {
                p {
                    "This page is for people and is not signed: what counts is the signature of \
                     each list. It says nothing of how many credentials were issued."
                }
            }
        })
    }

    fn issuers(&self) -> Vec<&str> {
        let mut issuers: Vec<_> = self.lists.iter().map(|list| list.issuer.as_str()).collect();
        issuers.sort_unstable();
        issuers.dedup();
        issuers
    }

    /// What most people look for.
    fn glance(&self, issuers: &[&str]) -> Markup {
        let ends = self.lists.iter().filter_map(|list| list.valid_until);
        let renewals = self.lists.iter().filter_map(|list| list.renewed_by);
        html! {
            dl.glance {
                div {
                    dt { @if issuers.len() == 1 { "Issuer" } @else { "Issuers" } }
                    @for issuer in issuers { dd { (foreign(issuer)) } }
                    @if issuers.is_empty() { dd { "not said" } }
                }
                @if let Some(end) = ends.min() {
                    div { dt { "All lists valid until" } dd { (when(end)) } }
                }
                @if let Some(renewal) = renewals.min() {
                    div { dt { "Next renewal by" } dd { (when(renewal)) } }
                }
            }
        }
    }

    /// The lists by issuer and folder.
    fn by_folder(&self) -> Vec<Group<'_>> {
        let mut lists: Vec<_> = self.lists.iter().collect();
        lists.sort_by(|one, other| {
            let folders = (&one.issuer, one.folder()).cmp(&(&other.issuer, other.folder()));
            folders.then_with(|| natural(&one.uri, &other.uri))
        });
        let mut groups: Vec<Group<'_>> = Vec::new();
        for list in lists {
            match groups.last_mut() {
                Some(group) if group.issuer == list.issuer && group.folder == list.folder() => {
                    group.lists.push(list);
                }
                _ => groups.push(Group {
                    issuer: &list.issuer,
                    folder: list.folder(),
                    lists: vec![list],
                }),
            }
        }
        groups
    }

    fn groups(&self) -> Markup {
        let groups = self.by_folder();
        html! {
            @if groups.len() > 1 {
                nav aria-label="Folders of lists" {
                    ul.folders {
                        @for (place, group) in groups.iter().enumerate() {
                            li { a href={ "#folder-" (place + 1) } { (exact(group.folder)) } }
                        }
                    }
                }
            }
            @for (place, group) in groups.iter().enumerate() {
                (self.group(group, place + 1))
            }
            @if groups.is_empty() { p { "This publication has no list." } }
        }
    }

    fn group(&self, group: &Group<'_>, number: usize) -> Markup {
        html! {
            table.lists role="table" id={ "folder-" (number) } {
                caption {
                    span.folder { (exact(group.folder)) }
                    " " span.issuer { "issued by " (foreign(group.issuer)) }
                }
                thead role="rowgroup" {
                    tr role="row" {
                        th role="columnheader" scope="col" { "List" }
                        th role="columnheader" scope="col" { "Valid until" }
                        th role="columnheader" scope="col" { "Renewed by" }
                        th role="columnheader" scope="col" { "Keep a copy for" }
                    }
                }
                tbody role="rowgroup" {
                    @for list in &group.lists { (self.row(list)) }
                }
            }
        }
    }

    fn row(&self, list: &PublishedList) -> Markup {
        let format = Format::of(list.view, list.proof);
        html! {
            tr role="row" {
                th role="rowheader" scope="row" {
                    a.uri href=(list.uri) { (exact(&list.uri)) }
                    (format.markup())
                    (digest(list.sha256.as_deref()))
                }
                td role="cell" data-label="Valid until" { (self.end(list.valid_until)) }
                td role="cell" data-label="Renewed by" {
                    @match list.renewed_by {
                        Some(time) => (when(time)),
                        None => "when it changes",
                    }
                }
                td role="cell" data-label="Keep a copy for" {
                    @match list.ttl {
                        Some(seconds) => (length(seconds)),
                        None => "not said",
                    }
                }
            }
        }
    }

    /// Until when something is valid.
    fn end(&self, end: Option<Timestamp>) -> Markup {
        html! {
            @match end {
                Some(end) => {
                    (when(end))
                    @if end <= self.now { " " strong.expired { "expired" } }
                },
                None => "no end",
            }
        }
    }

    fn other_files(&self) -> Markup {
        let mut others: Vec<_> = self.others.iter().collect();
        others.sort_by(|one, other| natural(&one.path, &other.path));
        html! {
            @if !others.is_empty() {
                h3 { "Also in this site" }
                p {
                    "Lists that were published here by others or before, and that the last \
                     publication was not about. What is known of them is what the manifest says."
                }
                table.lists role="table" {
                    caption.quiet { "Other lists of this site" }
                    thead role="rowgroup" {
                        tr role="row" {
                            th role="columnheader" scope="col" { "File" }
                            th role="columnheader" scope="col" { "Valid until" }
                        }
                    }
                    tbody role="rowgroup" {
                        @for other in others {
                            tr role="row" {
                                th role="rowheader" scope="row" {
                                    a.uri href=(reference(&other.path)) { (exact(&other.path)) }
                                    @match Format::of_media_type(&other.media_type) {
                                        Some(format) => (format.markup()),
                                        None => p.format { (foreign(&other.media_type)) },
                                    }
                                    (digest(Some(&other.sha256)))
                                }
                                td role="cell" data-label="Valid until" {
                                    (self.end(other.valid_until))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn for_programs(&self) -> Markup {
        let documents = &self.documents;
        html! {
            section aria-labelledby="programs" {
                h2 #programs { "For programs" }
                dl.programs {
                    @if let Some(keys) = &documents.keys {
                        dt { (link(keys)) }
                        dd { "The public keys that the lists are signed with, as a JWK set." }
                    }
                    @if let Some(did) = &documents.did {
                        dt { (link(did)) }
                        dd { "The DID document of the issuer, with the same keys." }
                    }
                    @for aggregation in &documents.aggregations {
                        dt { (link(aggregation)) }
                        dd { "The uris of all Token Status Lists, for readers that fetch them ahead." }
                    }
                    dt { (link(&documents.manifest)) }
                    dd { "Every file of this site with its digest, media type and times." }
                }
            }
        }
    }
}

impl Format {
    fn markup(&self) -> Markup {
        html! {
            p.format {
                (self.name)
                @if !self.detail.is_empty() { span.detail { " – " (self.detail) } }
            }
        }
    }
}

fn digest(sha256: Option<&str>) -> Markup {
    html! {
        @if let Some(sha256) = sha256 {
            p.digest { abbr title="digest of the file" { "SHA-256" } " " (exact(sha256)) }
        }
    }
}

fn link(path: &str) -> Markup {
    html! { a href=(reference(path)) { (exact(path)) } }
}

/// A path of the site as a reference from its root.
fn reference(path: &str) -> String {
    let mut reference = String::from("./");
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                reference.push(char::from(byte));
            }
            _ => {
                let _ = write!(reference, "%{byte:02X}");
            }
        }
    }
    reference
}

/// Compares texts so that numbers in them count as numbers: list 2 goes before list 10.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    while let (Some(first), Some(second)) = (left.chars().next(), right.chars().next()) {
        let (digits, more) = (number(left), number(right));
        let (length, order) = if digits.is_empty() || more.is_empty() {
            ((first.len_utf8(), second.len_utf8()), first.cmp(&second))
        } else {
            let plain = |digits: &str| digits.trim_start_matches('0').to_owned();
            let (small, large) = (plain(digits), plain(more));
            let order = (small.len(), small).cmp(&(large.len(), large));
            ((digits.len(), more.len()), order)
        };
        if order != Ordering::Equal {
            return order;
        }
        left = left.get(length.0..).unwrap_or_default();
        right = right.get(length.1..).unwrap_or_default();
    }
    left.len().cmp(&right.len()).then_with(|| one.cmp(other))
}

/// The digits that a text begins with.
fn number(text: &str) -> &str {
    let is_digit = |character: char| character.is_ascii_digit();
    let end = text.find(|character| !is_digit(character));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count() {
        let mut names = [
            "a/10.jwt",
            "a/9.jwt",
            "a/10.cwt",
            "a/009.jwt",
            "a",
            "b/1",
            "a/é",
        ];
        names.sort_by(|one, other| natural(one, other));
        assert_eq!(
            names,
            [
                "a",
                "a/009.jwt",
                "a/9.jwt",
                "a/10.cwt",
                "a/10.jwt",
                "a/é",
                "b/1"
            ]
        );
    }

    #[test]
    fn a_reference_stays_in_the_site() {
        assert_eq!(
            reference("a b/é:1?#\"<.jwt"),
            "./a%20b/%C3%A9%3A1%3F%23%22%3C.jwt"
        );
        assert_eq!(
            reference("javascript:alert(1)"),
            "./javascript%3Aalert%281%29"
        );
    }
}

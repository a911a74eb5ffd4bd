//! The overview of list files, for those who administer them.
//!
//! It tells how much was issued, and when: it is private, and never lies in a site.

use maud::{Markup, html};

use super::frame::{Audience, Frame, exact, foreign, mark};
use super::plot::{Plot, bar};
use super::words::when;
use crate::list::Timestamp;

/// What is known of list files.
pub(crate) struct Overview {
    pub(crate) now: Timestamp,
    /// What nobody looked at, in a word each.
    pub(crate) not_checked: Vec<&'static str>,
    /// In the order in which they were named.
    pub(crate) files: Vec<ListFileOverview>,
}

/// What is known of one list file.
pub(crate) struct ListFileOverview {
    pub(crate) name: String,
    /// Why it could not be looked at, if that is so.
    pub(crate) unread: Option<String>,
    pub(crate) bound_to: Vec<String>,
    pub(crate) profile: Option<&'static str>,
    pub(crate) certificate_ends: Option<Timestamp>,
    pub(crate) lists: Vec<ListOverview>,
    /// What is wrong, or will be.
    pub(crate) findings: Vec<Finding>,
    /// When it is to be published next, if that is known.
    pub(crate) publish_by: Option<Timestamp>,
    /// The last days, the first one first.
    pub(crate) days: Vec<DayOverview>,
}

/// One list.
pub(crate) struct ListOverview {
    pub(crate) number: String,
    pub(crate) state: &'static str,
    pub(crate) size: u64,
    pub(crate) taken: u64,
    pub(crate) tokens: Vec<TokenOverview>,
}

/// What is published of a list in one view.
pub(crate) struct TokenOverview {
    pub(crate) view: String,
    /// The name of its state.
    pub(crate) state: &'static str,
    pub(crate) weight: Weight,
    pub(crate) expires_at: Option<Timestamp>,
}

/// Something that was found.
pub(crate) struct Finding {
    pub(crate) weight: Weight,
    pub(crate) text: String,
}

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Good,
    Soon,
    Bad,
}

/// What was done on one day.
pub(crate) struct DayOverview {
    /// The day in UTC, as in `2026-01-31`.
    pub(crate) day: String,
    pub(crate) allocations: u64,
    pub(crate) changes: u64,
}

impl Weight {
    const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Soon => "soon",
            Self::Bad => "bad",
        }
    }
}

impl Overview {
    /// The page as HTML. The same data gives the same bytes.
    pub(crate) fn render(&self) -> String {
        let frame = Frame {
            title: "Status lists: overview",
            description: "Capacity, tokens and activity of list files. Private: it tells issuance.",
            style: include_str!("style/overview.css"),
            skip_to: ("files", "the list files"),
            audience: Audience::Administrators,
        };
        let lists = self.files.iter().flat_map(|file| &file.lists);
        let taken: u64 = lists.clone().map(|list| list.taken).sum();
        let size: u64 = lists.clone().map(|list| list.size).sum();
        let count = lists.count();
        frame.around(&html! {
            header.top {
                (mark())
                div {
                    h1 { "Status lists" }
                    p.lede { "As of " (when(self.now)) ". This page is private: it tells how much was issued." }
                }
            }
            main {
                dl.glance {
                    div { dt { "List files" } dd { (self.files.len()) } }
                    div { dt { "Lists" } dd { (count) } }
                    div { dt { "Entries taken" } dd { (grouped(taken)) " of " (grouped(size)) } }
                    div { dt { "State" } dd { (self.state()) } }
                }
                section aria-labelledby="files" {
                    h2 #files tabindex="-1" { "List files" }
                    @for file in &self.files { (file.section(self.now)) }
                    @if self.files.is_empty() { p { "There is none." } }
                }
            }
            footer { p { "Made by " code { "statuslist check --html" } ". Keep it out of published folders." } }
        })
    }

    /// The worst of everything in words.
    fn state(&self) -> Markup {
        let findings = || self.files.iter().flat_map(|file| &file.findings);
        let is_unread = self.files.iter().any(|file| file.unread.is_some());
        let has = |weight| findings().any(|finding| finding.weight == weight);
        html! {
            @if is_unread || has(Weight::Bad) { strong.bad { "needs attention" } }
            @else if has(Weight::Soon) { strong.soon { "something is due" } }
            @else { strong.good { "nothing was found" } }
            @if !self.not_checked.is_empty() {
                span.unlooked { "not checked: " (self.not_checked.join(", ")) }
            }
        }
    }
}

impl ListFileOverview {
    fn section(&self, now: Timestamp) -> Markup {
        html! {
            article {
                h3 { (exact(&self.name)) }
                @if let Some(reason) = &self.unread {
                    p.bad { strong { "It could not be looked at: " } (foreign(reason)) }
                } @else {
                    (self.facts(now))
                    (self.found())
                    (self.table())
                    (self.plots())
                }
            }
        }
    }

    fn facts(&self, now: Timestamp) -> Markup {
        html! {
            dl.facts {
                div {
                    dt { "For" }
                    dd {
                        @if self.bound_to.is_empty() { "all types of credentials" }
                        @for bound in &self.bound_to { span.bound { (foreign(bound)) } " " }
                    }
                }
                @if let Some(profile) = self.profile { div { dt { "Profile" } dd { (profile) } } }
                div {
                    dt { "Certificate" }
                    dd {
                        @match self.certificate_ends {
                            Some(end) => { "ends " (when(end)) },
                            None => "none in what was read",
                        }
                    }
                }
                div {
                    dt { "Next step" }
                    dd {
                        @match self.publish_by {
                            Some(at) if at <= now => "publish now",
                            Some(at) => { "publish by " (when(at)) },
                            None => "publish it",
                        }
                    }
                }
            }
        }
    }

    fn found(&self) -> Markup {
        html! {
            @if !self.findings.is_empty() {
                ul.findings {
                    @for finding in &self.findings {
                        li class=(finding.weight.class()) { (foreign(&finding.text)) }
                    }
                }
            }
        }
    }

    fn table(&self) -> Markup {
        html! {
            div.wide tabindex="0" role="region" aria-label={ "Lists of " (self.name) } {
                table.overview {
                    caption { "Lists, their use and their tokens" }
                    thead {
                        tr {
                            th scope="col" { "List" }
                            th scope="col" { "State" }
                            th scope="col" { "Use" }
                            th scope="col" { "Tokens" }
                        }
                    }
                    tbody {
                        @for list in &self.lists { (list.row()) }
                    }
                }
            }
        }
    }

    fn plots(&self) -> Markup {
        let series = |of: fn(&DayOverview) -> u64| {
            let days = self.days.iter();
            days.map(|day| (day.day.as_str(), of(day))).collect()
        };
        html! {
            @if !self.days.is_empty() {
                div.plots {
                    (Plot { title: "Allocations per day", days: series(|day| day.allocations) }.markup())
                    (Plot { title: "Changes of status per day", days: series(|day| day.changes) }.markup())
                }
                details {
                    summary { "The same as a table" }
                    table.days {
                        caption { "Allocations and changes per day, in UTC" }
                        thead {
                            tr {
                                th scope="col" { "Day" }
                                th scope="col" { "Allocations" }
                                th scope="col" { "Changes" }
                            }
                        }
                        tbody {
                            @for day in &self.days {
                                tr {
                                    th scope="row" { (day.day) }
                                    td { (grouped(day.allocations)) }
                                    td { (grouped(day.changes)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl ListOverview {
    fn row(&self) -> Markup {
        html! {
            tr {
                th scope="row" { (self.number) }
                td { (self.state) }
                td.use {
                    (bar(self.taken, self.size))
                    span.count { (grouped(self.taken)) " of " (grouped(self.size)) " (" (percent(self.taken, self.size)) ")" }
                }
                td {
                    ul.tokens {
                        @for token in &self.tokens {
                            li {
                                span.view { (token.view) } " "
                                strong class=(token.weight.class()) { (token.state) }
                                @if let Some(end) = token.expires_at { span.until { " until " (when(end)) } }
                            }
                        }
                        @if self.tokens.is_empty() { li { "not published" } }
                    }
                }
            }
        }
    }
}

/// A part of a whole, rounded down: only what is full is 100 %.
fn percent(part: u64, whole: u64) -> String {
    let tenths = u128::from(part) * 1_000 / u128::from(whole.max(1));
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// A number with its digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_full_is_all() {
        assert_eq!(percent(0, 1_000), "0.0 %");
        assert_eq!(percent(999_999, 1_000_000), "99.9 %");
        assert_eq!(percent(7, 7), "100.0 %");
        assert_eq!(percent(0, 0), "0.0 %");
    }

    #[test]
    fn digits_stand_in_groups() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(131_072), "131\u{202f}072");
        assert_eq!(grouped(1_000_000), "1\u{202f}000\u{202f}000");
    }
}

//! What all pages have in common.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::seal::seal;
use crate::wire::base64;
use crate::wire::text::escaped;

/// The style of all pages; the style of one follows it.
const STYLE: &str = include_str!("style/core.css");

/// A page without its text.
pub(super) struct Frame<'a> {
    pub(super) title: &'a str,
    /// What the page is, for those who find it.
    pub(super) description: &'a str,
    /// The style that this page alone has.
    pub(super) style: &'static str,
    /// Where the link leads that skips what stands before it, and what is there.
    pub(super) skip_to: (&'a str, &'a str),
    /// Whether others may find it.
    pub(super) audience: Audience,
}

/// Who a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    Everybody,
    /// It is private, and no machine that finds it should tell others.
    Administrators,
}

impl Frame<'_> {
    /// The whole page, sealed. `body` is what stands between the tags of that name.
    pub(super) fn around(&self, body: &Markup) -> String {
        let style = format!("{STYLE}{}", self.style);
        // The digest in the policy is over what stands in the element, to the byte.
        let digest = base64::encode(Sha256::digest(style.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; \
             form-action 'none'"
        );
        let (target, what) = self.skip_to;
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="no-referrer";
                    @if self.audience == Audience::Administrators { meta name="robots" content="noindex, nofollow"; }
                    meta name="description" content=(self.description);
                    title { (escaped(self.title)) }
                    link rel="icon" href=(ICON);
                    style { (PreEscaped(&style)) }
                }
                body {
                    a.skip href={ "#" (target) } { "Skip to " (what) }
                    (body)
                }
            }
        };
        seal(format!("{}\n", page.into_string()))
    }
}

/// The mark beside the title: a list in which some entries are set.
pub(super) fn mark() -> Markup {
    let squares = (0..3).flat_map(|row| (0..3).map(move |column| (row, column)));
    html! {
        svg.mark viewBox="0 0 34 34" width="34" height="34" aria-hidden="true" focusable="false" {
            @for (row, column) in squares {
                rect class=[IS_SET[row][column].then_some("set")] x=(column * 12 + 1) y=(row * 12 + 1) width="8" height="8" rx="2" {}
            }
        }
    }
}

const IS_SET: [[bool; 3]; 3] = [
    [false, false, true],
    [false, true, false],
    [false, false, false],
];

/// The same as a picture of its own.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 34 34'%3E\
     %3Cg fill='%232563a8'%3E%3Crect x='1' y='1' width='8' height='8' rx='2'/%3E\
     %3Crect x='13' y='1' width='8' height='8' rx='2'/%3E\
     %3Crect x='1' y='13' width='8' height='8' rx='2'/%3E\
     %3Crect x='25' y='13' width='8' height='8' rx='2'/%3E\
     %3Crect x='1' y='25' width='8' height='8' rx='2'/%3E\
     %3Crect x='13' y='25' width='8' height='8' rx='2'/%3E\
     %3Crect x='25' y='25' width='8' height='8' rx='2'/%3E%3C/g%3E\
     %3Cg fill='%23d9822b'%3E%3Crect x='25' y='1' width='8' height='8' rx='2'/%3E\
     %3Crect x='13' y='13' width='8' height='8' rx='2'/%3E%3C/g%3E%3C/svg%3E";

/// Text from outside: it runs in its own direction, and moves nothing of what stands around it.
pub(super) fn foreign(text: &str) -> Markup {
    html! { bdi { (escaped(text)) } }
}

/// The same of what is read letter by letter, and may break anywhere.
pub(super) fn exact(text: &str) -> Markup {
    html! { code { (escaped(text)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_round_the_escaping_but_the_style() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/page");
        let mut uses = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                uses.extend(code.matches("PreEscaped(").map(|_| name.clone()));
            }
        }
        assert_eq!(uses, ["frame.rs"]);
        assert!(!STYLE.contains("</"));
    }

    #[test]
    fn text_from_outside_stays_text() {
        let hostile = "<script>alert(1)</script>\"'&\u{202e}\u{0}";
        let shown = foreign(hostile).into_string();
        assert_eq!(
            shown,
            "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;\\u{202e}\\u{0}</bdi>"
        );
    }
}

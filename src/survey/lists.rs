//! The lists that a site has and a list file does not know.

use std::collections::BTreeSet;

use crate::list::{ListNumber, SeriesView};
use crate::site::{
    BaseUrl, Manifest, Target, TargetError, Unpublishable, numbered_uri_of, path_of, template_of,
};

/// The most digits of a list's number.
const MOST_DIGITS: usize = 10;

/// A site that is read.
#[derive(Clone, Copy)]
pub(super) struct SurveyedSite<'a> {
    pub(super) target: &'a dyn Target,
    pub(super) manifest: &'a Manifest,
    pub(super) base: Option<&'a BaseUrl>,
}

impl SurveyedSite<'_> {
    /// Finds the numbers of lists that the site has files of by the templates of views, without
    /// those that are known: what its manifest names, and what follows the last known number
    /// without a gap.
    ///
    /// # Errors
    /// A uri that no site can hold, or a place in the site that cannot be looked at.
    pub(super) fn unknown_lists<E: From<Unpublishable> + From<TargetError>>(
        &self,
        known: &BTreeSet<ListNumber>,
        views: &[SeriesView],
    ) -> Result<BTreeSet<ListNumber>, E> {
        let mut found = BTreeSet::new();
        for view in views {
            if !template_of(&view.uri)?.tells_numbers() {
                // One list, or names that tell nothing of the number.
                continue;
            }
            let path = |number| path_of(&numbered_uri_of(view, number)?, self.base);
            let first = path(ListNumber::FIRST)?;
            let Some(second) = ListNumber::FIRST.next() else {
                continue;
            };
            // Where two numbers make a difference first, there the number stands.
            let second = path(second)?;
            let both = first.as_str().bytes().zip(second.as_str().bytes());
            let start = both.take_while(|(one, other)| one == other).count();
            if first == second {
                // All lists of the series would have one uri: there is one list.
                continue;
            }
            let prefix = &first.as_str()[..start];
            for candidate in self.manifest.entries.keys() {
                let Some(rest) = candidate.as_str().strip_prefix(prefix) else {
                    continue;
                };
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                for length in 1..=digits.min(MOST_DIGITS) {
                    let number = rest[..length].parse().ok().and_then(ListNumber::new);
                    // What is gone from the site says nothing.
                    if let Some(number) = number
                        && path(number)? == *candidate
                        && self.target.contains(candidate)?
                    {
                        found.insert(number);
                    }
                }
            }
            let mut next = known.last().and_then(|last| last.next());
            while let Some(number) = next {
                if !self.target.contains(&path(number)?)? {
                    break;
                }
                found.insert(number);
                next = number.next();
            }
        }
        found.retain(|number| !known.contains(number));
        Ok(found)
    }
}

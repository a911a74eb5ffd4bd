//! The lists that a site has and the file does not know.

use std::collections::BTreeSet;

use crate::commands::Error;
use crate::commands::views::{unpublishable, uri_of};
use crate::list::{ListNumber, Series, SeriesView};
use crate::site::{BaseUrl, Manifest, SitePath, Target};

/// The most digits of a list's number.
const MOST_DIGITS: usize = 10;

/// Finds the numbers of lists that a site has files of by the templates of a series, without those
/// that are known: what its manifest names, and what follows the last known number without a gap.
///
/// # Errors
/// A uri that no site can hold.
pub(super) fn unknown(
    known: &BTreeSet<ListNumber>,
    series: &Series,
    (site, manifest, base): (&dyn Target, &Manifest, Option<&BaseUrl>),
) -> Result<Vec<ListNumber>, Error> {
    let mut found = BTreeSet::new();
    for view in &series.views {
        let path = |number| path_of(view, number, base);
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
        for candidate in manifest.entries.keys() {
            let Some(rest) = candidate.as_str().strip_prefix(prefix) else {
                continue;
            };
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            for length in 1..=digits.min(MOST_DIGITS) {
                let number = rest[..length].parse().ok().and_then(ListNumber::new);
                // What is gone from the site says nothing.
                if let Some(number) = number
                    && path(number)? == *candidate
                    && site.contains(candidate)
                {
                    found.insert(number);
                }
            }
        }
        let mut next = known.last().and_then(|last| last.next());
        while let Some(number) = next {
            if !site.contains(&path(number)?) {
                break;
            }
            found.insert(number);
            next = number.next();
        }
    }
    Ok(found.difference(known).copied().collect())
}

/// The path of a list in a view.
pub(super) fn path_of(
    view: &SeriesView,
    list: ListNumber,
    base: Option<&BaseUrl>,
) -> Result<SitePath, Error> {
    let uri = uri_of(view, list)?;
    SitePath::of(&uri, base).map_err(|error| unpublishable(&uri, &error))
}

//! Cloudflare Pages: `_headers`.
//!
//! A project has at most 100 rules, of lines of at most 2,000 characters, with one wildcard each.
//! Where several rules match, values of one header are joined, unless the later rule takes off
//! what the earlier ones set. There is no `_redirects`: its rules go before files that are there, so
//! that revoked documents would be answered with the default.

use std::fmt::Write as _;

use super::HostFault;
use super::pattern::Glob;
use super::plan::{HostPlan, Keeping, Rule};

const MOST_RULES: usize = 100;
const LONGEST_LINE: usize = 2000;

/// The file `_headers`.
///
/// # Errors
/// There would be more rules, or a longer line, than Cloudflare takes.
pub(super) fn headers(plan: &HostPlan) -> Result<String, HostFault> {
    let cache = plan.cache_control(Keeping::ForAWhile);
    let mut text = format!(
        "/*\n\
         \x20 Access-Control-Allow-Origin: *\n\
         \x20 Cache-Control: {cache}\n\
         \x20 X-Content-Type-Options: nosniff\n"
    );
    // Those that say less of a path come first, so that those that say more can take back.
    let mut rules: Vec<(Glob<'_>, &Rule)> = (plan.rules.iter())
        .map(|rule| (rule.paths.glob(), rule))
        .collect();
    rules.sort_by_key(|(glob, _)| glob.weight());
    if rules.len() >= MOST_RULES {
        return Err(HostFault::TooManyRules {
            rules: rules.len() + 1,
            most: MOST_RULES,
        });
    }
    for (glob, rule) in rules {
        let path = match glob.after {
            Some(after) => format!("/{}*{after}", glob.before),
            None => format!("/{}", glob.before),
        };
        if path.len() > LONGEST_LINE {
            return Err(HostFault::LongLine {
                path,
                most: LONGEST_LINE,
            });
        }
        let media_type = rule.media_type;
        // Writing to a `String` cannot fail.
        let _ = write!(
            text,
            "\n{path}\n  ! Content-Type\n  Content-Type: {media_type}\n"
        );
        if rule.keeping != Keeping::ForAWhile {
            let cache = plan.cache_control(rule.keeping);
            let _ = write!(text, "  ! Cache-Control\n  Cache-Control: {cache}\n");
        }
    }
    Ok(text)
}

//! S3: a script that uploads the site, each file with its type.

use std::fmt::Write as _;

use super::pattern::Glob;
use super::plan::{HostPlan, Rule};
use crate::site::SitePath;

/// The script, without its first line.
pub(super) fn write(plan: &HostPlan) -> String {
    let mut text = String::from(
        "#\n\
         # Usage: sh FILE SITE s3://BUCKET[/PREFIX]     options of the aws command: AWS_ENDPOINT_URL, AWS_PROFILE, ...\n\
         #\n\
         # Access-Control-Allow-Origin is a setting of the bucket, to be made once:\n\
         #     aws s3api put-bucket-cors --bucket BUCKET --cors-configuration \\\n\
         #         '{\"CORSRules\":[{\"AllowedOrigins\":[\"*\"],\"AllowedMethods\":[\"GET\",\"HEAD\"]}]}'\n\
         # X-Content-Type-Options: nosniff is one of CloudFront's response headers policies.\n\
         set -eu\n\
         site=${1:?usage: sh FILE SITE s3://BUCKET[/PREFIX]}\n\
         bucket=${2:?usage: sh FILE SITE s3://BUCKET[/PREFIX]}\n\
         \n\
         # upload TYPE CACHE FILTER...: everything, changed or not, because what is compared (size and time) can be the\n\
         # same of two tokens.\n\
         upload() {\n\
         \x20   type=$1 cache=$2\n\
         \x20   shift 2\n\
         \x20   aws s3 cp \"$site\" \"$bucket\" --recursive --no-progress --content-type \"$type\" --cache-control \"$cache\" \\\n\
         \x20       --exclude '*' \"$@\"\n\
         }\n\
         \n\
         # The lists first, and the manifest last, so that it never names what is not there yet.\n",
    );
    let manifest = SitePath::manifest();
    let is_manifest = |rule: &&Rule| rule.paths.exact() == Some(manifest.as_str());
    let lists = plan
        .rules
        .iter()
        .filter(|rule| rule.paths.exact().is_none());
    let single = plan
        .rules
        .iter()
        .filter(|rule| rule.paths.exact().is_some());
    let last = plan.rules.iter().filter(is_manifest);
    for rule in lists
        .chain(single.filter(|rule| !is_manifest(rule)))
        .chain(last)
    {
        upload(&mut text, plan, rule);
    }
    text
}

fn upload(text: &mut String, plan: &HostPlan, rule: &Rule) {
    let cache = plan.cache_control(rule.keeping);
    // Writing to a `String` cannot fail.
    let _ = write!(text, "upload '{}' '{cache}'", rule.media_type);
    let glob = rule.paths.glob();
    let _ = write!(text, " --include {}", word(&pattern(glob)));
    if rule.paths.exact().is_none() {
        // Later filters go before earlier ones.
        for other in &plan.rules {
            let theirs = other.paths.glob();
            if theirs.weight() > glob.weight() && overlaps(glob, theirs) {
                let _ = write!(text, " --exclude {}", word(&pattern(theirs)));
            }
        }
    }
    text.push('\n');
}

/// Whether a path of the second may be one of the first.
fn overlaps(one: Glob<'_>, other: Glob<'_>) -> bool {
    let after = one.after.unwrap_or_default();
    let end = other.after.unwrap_or(other.before);
    let begins = one.before.starts_with(other.before) || other.before.starts_with(one.before);
    let ends = after.ends_with(end) || end.ends_with(after);
    begins && ends
}

/// The pattern of the aws command: as of a shell, but `*` stands for `/` too.
fn pattern(glob: Glob<'_>) -> String {
    let escape = |text: &str| {
        let escaped = text.chars().map(|character| match character {
            '*' | '?' | '[' | ']' | '!' => format!("[{character}]"),
            _ => character.to_string(),
        });
        escaped.collect::<String>()
    };
    match glob.after {
        Some(after) => format!("{}*{}", escape(glob.before), escape(after)),
        None => escape(glob.before),
    }
}

fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

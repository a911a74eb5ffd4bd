//! nginx: locations for the block of the server.

use std::fmt::Write as _;

use super::plan::{HostPlan, Missing, Rule};

/// The locations.
pub(super) fn write(plan: &HostPlan) -> String {
    let mut text = String::from(
        "# Include it in the block of the server, before other locations with regular expressions:\n\
         #     root SITE;\n\
         #     include FILE;\n",
    );
    if !plan.prefix.is_empty() {
        text.push_str(
            "# SITE is the folder of the site itself, without the path that its uris begin with.\n",
        );
    }
    for rule in &plan.rules {
        location(&mut text, plan, rule);
    }
    text
}

fn location(text: &mut String, plan: &HostPlan, rule: &Rule) {
    let regex = match rule.missing {
        Missing::NotFound => rule.paths.regex(&plan.prefix),
        Missing::Default => rule
            .paths
            .regex_with_folder(&plan.prefix, "?<statuslist_folder>"),
    };
    let (media_type, cache) = (rule.media_type, plan.cache_control(rule.keeping));
    // Writing to a `String` cannot fail.
    let _ = write!(
        text,
        "\nlocation ~ \"{regex}\" {{\n\
         \x20   types {{ }}\n\
         \x20   default_type \"{media_type}\";\n\
         \x20   add_header Access-Control-Allow-Origin \"*\" always;\n\
         \x20   add_header X-Content-Type-Options nosniff always;\n\
         \x20   add_header Cache-Control \"{cache}\";\n"
    );
    if rule.shrinks() {
        let compressed = media_type.split(';').next().unwrap_or(media_type);
        let _ = write!(
            text,
            "    gzip on;\n    gzip_vary on;\n    gzip_proxied any;\n    gzip_types \"{compressed}\";\n"
        );
    } else {
        text.push_str("    gzip off;\n");
    }
    text.push_str("    if ($args ~ \"(^|&)time=\") { return 501; }\n");
    if !plan.prefix.is_empty() {
        let prefix = super::pattern::escape(&plan.prefix);
        let _ = writeln!(text, "    rewrite \"^{prefix}(/.*)$\" $1 break;");
    }
    if rule.missing == Missing::Default {
        text.push_str("    try_files $uri $statuslist_folder/default.json =404;\n");
    }
    text.push_str("}\n");
}

//! Caddy: handlers for the block of a site.

use std::fmt::Write as _;

use super::plan::{HostPlan, Missing, Rule};

/// The handlers.
pub(super) fn write(plan: &HostPlan) -> String {
    let mut text = String::from(
        "# Import it in the block of the site:\n\
         #     root * SITE\n\
         #     import FILE\n",
    );
    if !plan.prefix.is_empty() {
        text.push_str(
            "# SITE is the folder of the site itself, without the path that its uris begin with.\n",
        );
    }
    for (number, rule) in plan.rules.iter().enumerate() {
        handler(&mut text, plan, rule, number);
    }
    text
}

fn handler(text: &mut String, plan: &HostPlan, rule: &Rule, number: usize) {
    let regex = match rule.missing {
        Missing::NotFound => rule.paths.regex(&plan.prefix),
        Missing::Default => rule.paths.regex_with_folder(&plan.prefix, ""),
    };
    let name = format!("statuslist{number}");
    let (media_type, cache) = (rule.media_type, plan.cache_control(rule.keeping));
    // Between grave accents nothing has a meaning, and the expression has none of them.
    // Writing to a `String` cannot fail.
    let _ = write!(
        text,
        "\n@{name} path_regexp {name} `{regex}`\n\
         handle @{name} {{\n\
         \troute {{\n\
         \t\theader Access-Control-Allow-Origin \"*\"\n\
         \t\theader X-Content-Type-Options nosniff\n\
         \t\t@time query time=*\n\
         \t\trespond @time 501\n"
    );
    if !plan.prefix.is_empty() {
        let _ = writeln!(text, "\t\turi strip_prefix `{}`", plan.prefix);
    }
    if rule.missing == Missing::Default {
        let _ = writeln!(text, "\t\ttry_files {{path}} {{re.{name}.1}}/default.json");
    }
    let _ = write!(
        text,
        "\t\t@there file\n\
         \t\theader @there Content-Type `{media_type}`\n\
         \t\theader @there Cache-Control `{cache}`\n"
    );
    if rule.shrinks() {
        let compressed = media_type.split(';').next().unwrap_or(media_type);
        let _ = write!(
            text,
            "\t\tencode {{\n\
             \t\t\tgzip\n\
             \t\t\tmatch {{\n\
             \t\t\t\theader Content-Type `{compressed}*`\n\
             \t\t\t}}\n\
             \t\t}}\n"
        );
    }
    text.push_str("\t\tfile_server\n\t}\n}\n");
}

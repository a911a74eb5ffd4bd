//! Apache HTTP Server: sections for a virtual host. They are no `.htaccess`, because such a file is
//! passed over without a word where `AllowOverride None` holds, as it does unless told otherwise.

use std::fmt::Write as _;

use super::pattern::escape;
use super::plan::{HostPlan, Missing, Rule};

/// The sections.
pub(super) fn write(plan: &HostPlan) -> String {
    let mut text = String::from(
        "# Include it in the virtual host, whose DocumentRoot is the folder of the site:\n\
         #     Include FILE\n\
         # It needs: a2enmod deflate headers rewrite\n",
    );
    if !plan.prefix.is_empty() {
        let _ = writeln!(
            text,
            "# The path that the uris begin with leads to the site by: Alias PATH SITE"
        );
    }
    text.push_str("\nRewriteEngine On\n");
    for rule in &plan.rules {
        section(&mut text, plan, rule);
    }
    text
}

fn section(text: &mut String, plan: &HostPlan, rule: &Rule) {
    let regex = rule.paths.regex(&plan.prefix);
    let (media_type, cache) = (rule.media_type, plan.cache_control(rule.keeping));
    // Writing to a `String` cannot fail.
    let _ = write!(
        text,
        "\nRewriteCond %{{QUERY_STRING}} (^|&)time=\n\
         RewriteRule \"{regex}\" - [R=501,L]\n"
    );
    if rule.missing == Missing::Default {
        // Where a file would be is asked for by a request inside of the server, to which the rule
        // must not apply in its turn.
        let folder = rule.paths.regex_with_folder("", "");
        let prefix = escape(&plan.prefix);
        let folder = folder.strip_prefix('^').unwrap_or(&folder);
        let _ = write!(
            text,
            "RewriteCond %{{LA-U:REQUEST_FILENAME}} !-f\n\
             RewriteRule \"^({prefix}){folder}\" \"$1$2/default.json\" [PT,NS]\n"
        );
    }
    let _ = write!(
        text,
        "<LocationMatch \"{regex}\">\n\
         \x20   ForceType \"{media_type}\"\n\
         \x20   Header always set Access-Control-Allow-Origin \"*\"\n\
         \x20   Header always set X-Content-Type-Options nosniff\n\
         \x20   Header set Cache-Control \"{cache}\"\n"
    );
    if rule.shrinks() {
        text.push_str("    SetOutputFilter DEFLATE\n");
    }
    text.push_str("</LocationMatch>\n");
}

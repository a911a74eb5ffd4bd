//! What of the arguments no message repeats: keys, and more of a text than tells which it is.

use std::ffi::OsString;

use crate::wire::shell::quote;
use crate::wire::text::echo;
use crate::wire::text::looks_secret;

/// The options whose value may be a key where a file was meant.
const OF_KEYS: [&str; 6] = [
    "--key",
    "--seed-file",
    "--jwks",
    "--did-document",
    "--config",
    "--from",
];

/// How the arguments that are not to be repeated may stand in a message, each with what stands there
/// in its place.
pub(super) struct Withheld(Vec<(String, String)>);

impl Withheld {
    pub(super) fn of(arguments: &[OsString]) -> Self {
        let mut withheld = Vec::new();
        let mut option = String::new();
        for argument in arguments {
            let argument = argument.to_string_lossy();
            let is_option = argument.starts_with("--") && !argument.starts_with("-----");
            let value = match argument.split_once('=') {
                Some((name, value)) if is_option => {
                    name.clone_into(&mut option);
                    value
                }
                _ => &argument,
            };
            let value = value.strip_prefix("id:").unwrap_or(value);
            // A digest or a token id may look like a key where it belongs.
            let is_key = is_key(value) || OF_KEYS.contains(&&*option) && looks_secret(value);
            if is_key || value.chars().count() > 200 {
                let shown = if is_key {
                    "(withheld: it looks like a key)".to_owned()
                } else {
                    echo(value)
                };
                for spelling in [value.to_owned(), inner(&quote(value))] {
                    withheld.push((escaped(&spelling), escaped(&shown)));
                    withheld.push((spelling, shown.clone()));
                }
            }
            if is_option {
                option = argument.into_owned();
            } else {
                option.clear();
            }
        }
        // A shorter one may be a part of a longer one.
        withheld.sort_by_key(|(spelling, _)| std::cmp::Reverse(spelling.len()));
        Self(withheld)
    }

    /// Whether everything may be repeated.
    pub(super) const fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes out of a message what is not to be repeated.
    pub(super) fn out_of(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(text.to_owned(), |text, (spelling, shown)| {
                text.replace(spelling, shown)
            })
    }
}

/// Whether a text is a key wherever it stands.
fn is_key(text: &str) -> bool {
    text.contains("-----BEGIN") || text.trim_start().starts_with('{') && text.contains("\"kty\"")
}

/// A quoted path without its quotes.
fn inner(quoted: &str) -> String {
    let quoted = quoted.strip_prefix('$').unwrap_or(quoted);
    quoted.trim_matches('\'').to_owned()
}

/// A text as it stands in JSON.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn withheld(arguments: &[&str]) -> Withheld {
        Withheld::of(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn keys_and_long_texts_are_taken_out_however_they_are_written() {
        let pem = "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----";
        let long = "é\"".repeat(500);
        let hex = "ab".repeat(32);
        let withheld = withheld(&["x", pem, &format!("--note={long}"), "--seed-file", &hex]);
        for text in [
            format!("cannot open {}", quote(pem)),
            format!("unexpected argument '{pem}' found"),
            serde_json::json!({ "message": format!("{pem} {}", quote(pem)) }).to_string(),
            format!("no file '{hex}'"),
        ] {
            let shown = withheld.out_of(&text);
            assert!(!shown.contains("MIGH") && !shown.contains(&hex), "{shown}");
            assert!(shown.contains("(withheld: it looks like a key)"), "{shown}");
        }
        for text in [format!("'{long}'"), serde_json::json!(long).to_string()] {
            let shown = withheld.out_of(&text);
            assert!(shown.chars().count() < 310, "{shown}");
            assert!(shown.contains('…'));
        }
        assert_eq!(withheld.out_of("plain"), "plain");
    }

    #[test]
    fn digests_may_be_repeated() {
        let hex = "ab".repeat(32);
        for arguments in [
            ["get", "list", &format!("id:{hex}")],
            ["allocate", "--document-hash", &hex],
            ["inspect", "--key", "key.pem"],
        ] {
            assert!(withheld(&arguments).is_nothing());
        }
    }
}

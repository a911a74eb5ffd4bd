//! The settings file.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::commands::{Code, Error, KeySource, Settings};
use crate::disk::read_bounded;
use crate::list::{Duration, TimeError};
use crate::wire::shell::quote;
use crate::wire::text::echo;

/// The file that is read when none is named.
const USUAL: &str = "statuslist.toml";

const LIMIT: u64 = 1 << 20;

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct File {
    status_list_token: Token,
    keys: Keys,
    publish: Publish,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Token {
    ttl: Option<Length>,
    expiration: Option<Length>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Keys {
    signing: Option<String>,
    signer_command: Option<String>,
    kid: Option<String>,
    cert: Option<PathBuf>,
    eku: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Publish {
    to: Option<PathBuf>,
    base_url: Option<String>,
}

/// A length of time: a number of seconds, or a text such as "7d".
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Length {
    Seconds(u64),
    Text(String),
}

/// Reads the settings file: the one that is named, which must be there, or the usual one. A file that
/// was merely found runs no program: it may have come with the folder (the case of git's
/// `safe.directory`).
///
/// # Errors
/// It cannot be read, or says something that is not understood.
pub(super) fn load(named: Option<&Path>) -> Result<Settings, Error> {
    let path = named.unwrap_or_else(|| Path::new(USUAL));
    let bytes = match read_bounded(path, LIMIT) {
        Err(error) if error.is_not_found() && named.is_none() => return Ok(Settings::default()),
        read => read?,
    };
    let wrong = |reason: String| {
        Error::new(
            Code::Refused,
            format!("cannot use the settings file {}", quote(path)),
        )
        .because(reason)
    };
    let text = String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8".to_owned()))?;
    let file: File = toml::from_str(&text).map_err(|error| wrong(at_line(&text, &error)))?;
    // Whoever prepared the folder would run programs as everybody who works in it.
    let command = file.keys.signer_command.as_deref();
    if named.is_none() && command.is_some_and(|command| !command.is_empty()) {
        return Err(wrong(
            "it was found and not named, and keys.signer-command in it runs a program".to_owned(),
        )
        .hint(format!(
            "read it; if it can be trusted: --config {0}, or STATUSLIST_CONFIG={0}",
            quote(path)
        )));
    }
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let key = match file.keys.signing {
        Some(text) => {
            let source = text
                .parse::<KeySource>()
                .map_err(|reason| wrong(format!("keys.signing: {reason}")))?;
            if source.is_itself(&folder.join(&text)) {
                return Err(wrong("keys.signing looks like a key itself".to_owned())
                    .hint("name the file of the key, or env:NAME"));
            }
            Some(source)
        }
        None => None,
    };
    Ok(Settings {
        file: Some(path.to_owned()),
        ttl: duration(file.status_list_token.ttl)
            .map_err(|reason| wrong(format!("status-list-token.ttl: {reason}")))?,
        valid_for: duration(file.status_list_token.expiration)
            .map_err(|reason| wrong(format!("status-list-token.expiration: {reason}")))?,
        key: key.map(|source| source.below(folder)),
        signer_command: file.keys.signer_command,
        key_id: file.keys.kid,
        cert: file.keys.cert.map(|path| folder.join(path)),
        eku: file.keys.eku,
        to: file.publish.to.map(|to| folder.join(to)),
        base_url: file.publish.base_url,
    })
}

fn duration(length: Option<Length>) -> Result<Option<Duration>, TimeError> {
    length
        .map(|length| match length {
            Length::Seconds(seconds) => seconds.try_into(),
            Length::Text(text) => text.parse(),
        })
        .transpose()
}

/// Says what is wrong and in which line, without showing the line: it may hold a secret.
fn at_line(text: &str, error: &toml::de::Error) -> String {
    let line = error
        .span()
        .and_then(|span| text.get(..span.start))
        .map(|before| before.lines().count().max(1));
    match line {
        Some(line) => format!("line {line}: {}", echo(error.message())),
        None => echo(error.message()),
    }
}

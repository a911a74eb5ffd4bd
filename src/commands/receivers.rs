//! Who is told what happens, as the settings file says it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::answer::Error;
use super::options::KeySource;
use super::settings::{Reading, Tables};
use crate::list::nearest;
use crate::net::{Destination, destination};
use crate::notify::{EventKind, Secret, TokenIds};
use crate::store::ReceiverName;
use crate::wire::text::{echo, looks_secret};

/// The most receivers that a settings file may have: each is told in a thread of its own.
const MOST: usize = 32;

/// Somebody who is told what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiverSettings {
    pub(super) label: String,
    pub(super) name: ReceiverName,
    pub(super) events: Vec<EventKind>,
    pub(super) token_ids: TokenIds,
    pub(super) place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Url { url: String, secret: KeySource },
    Command(String),
}

impl ReceiverSettings {
    /// Reads all of a settings file; paths count from its folder.
    ///
    /// # Errors
    /// Something is missing or not understood, or two are the same.
    pub(crate) fn all(tables: &Tables<'_>, folder: &Path) -> Result<Vec<Self>, Error> {
        let webhooks = tables.each("webhook").map(|table| (table, Kind::Webhook));
        let hooks = tables.each("hook").map(|table| (table, Kind::Hook));
        let mut receivers: Vec<Self> = Vec::new();
        let mut seen = BTreeSet::new();
        for (table, kind) in webhooks.chain(hooks) {
            let receiver = Self::of(table, kind, folder)?;
            if !seen.insert(receiver.name) {
                return Err(table
                    .refused(format!("{} is there twice", receiver.label))
                    .hint("give each a name of its own: name = \"…\""));
            }
            if receivers.len() == MOST {
                return Err(table.refused(format!("more than {MOST} webhooks and hooks")));
            }
            receivers.push(receiver);
        }
        Ok(receivers)
    }

    fn of(table: &Reading<'_>, kind: Kind, folder: &Path) -> Result<Self, Error> {
        let (place, shown) = match kind {
            Kind::Webhook => webhook(table, folder)?,
            Kind::Hook => hook(table)?,
        };
        let named = table.text("name").filter(|name| !name.is_empty());
        let own = match &place {
            Place::Url { url, .. } => url,
            Place::Command(command) => command,
        };
        let own = named.as_ref().unwrap_or(own);
        let by = if named.is_some() { "name" } else { "place" };
        let word = kind.word();
        let digest = Sha256::new_with_prefix(format!("statuslist/receiver/1\n{word}\n{by}\n"));
        Ok(Self {
            label: match &named {
                Some(name) => format!("{word} '{}'", echo(name)),
                None => format!("{word} {shown}"),
            },
            name: ReceiverName(digest.chain_update(own).finalize().into()),
            events: events(table)?,
            token_ids: match table.parse("token-ids")? {
                Some(true) => TokenIds::Told,
                _ => TokenIds::Withheld,
            },
            place,
        })
    }

    /// The variable that holds its secret.
    pub(super) fn variable(&self) -> Option<OsString> {
        match &self.place {
            Place::Url {
                secret: KeySource::Environment(name),
                ..
            } => Some(name.into()),
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Webhook,
    Hook,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Hook => "hook",
        }
    }
}

fn webhook(table: &Reading<'_>, folder: &Path) -> Result<(Place, String), Error> {
    let item = table.needed("url")?;
    // A url may have a secret in it, so none is repeated.
    let refused = |reason: &str| table.fault(item, "url", reason);
    let origin = match destination(&item.text) {
        Some(Destination { user: true, .. }) => {
            return Err(refused("it has a user name or a password")
                .hint("leave it out: messages are signed with the secret"));
        }
        Some(found) if found.encrypted || found.loopback => found.origin,
        Some(_) => return Err(refused("http is for this machine alone").hint("use https")),
        None => return Err(refused("it is no http or https url")),
    };
    let secret = table.needed("secret")?;
    if secret.text.starts_with(Secret::PREFIX) || looks_secret(&secret.text) {
        return Err(table
            .fault(secret, "secret", "it looks like a secret itself")
            .hint("name the file of the secret, or env:NAME"));
    }
    let source = match table.parse::<KeySource>("secret")? {
        Some(KeySource::Stdin) | None => {
            return Err(table
                .fault(secret, "secret", "standard input is not for this")
                .hint("name the file of the secret, or env:NAME"));
        }
        Some(source) => source.below(folder),
    };
    let url = item.text.clone();
    let place = Place::Url {
        url,
        secret: source,
    };
    Ok((place, format!("at {origin}")))
}

fn hook(table: &Reading<'_>) -> Result<(Place, String), Error> {
    let command = table.needed("command")?;
    if command.text.trim().is_empty() {
        return Err(table.fault(command, "command", "it is empty"));
    }
    let shown = format!("'{}'", echo(&command.text));
    Ok((Place::Command(command.text.clone()), shown))
}

fn events(table: &Reading<'_>) -> Result<Vec<EventKind>, Error> {
    if table.items("events").is_empty() {
        return Err(table.refused("events is missing or empty"));
    }
    let names = EventKind::ALL.map(EventKind::name);
    let mut events = Vec::new();
    for item in table.items("events") {
        let Ok(kind) = item.text.parse() else {
            let reason = format!("unknown event '{}'", echo(&item.text));
            let meant = nearest(&item.text, names).map(|meant| format!("did you mean '{meant}'? "));
            return Err(table.fault(item, "events", reason).hint(format!(
                "{}the events are {}",
                meant.unwrap_or_default(),
                names.join(", ")
            )));
        };
        events.push(kind);
    }
    Ok(events)
}

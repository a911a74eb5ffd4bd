//! What `statuslist.toml` holds.

use super::{Reading, Scalar, Setting, SettingsFile, Shape};
use crate::commands::Error;
use crate::wire::placed::{Datum, Placed};

/// A table of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) settings: &'static [Setting],
}

/// The table that `init --from` reads; what it holds is said there.
pub(crate) const LIST: &str = "list";

const TEXT: Shape = Shape::One(Scalar::Text);
const LENGTH: Shape = Shape::One(Scalar::TextOrWhole);

/// The tables, but for that of `init --from`.
const SECTIONS: &[Section] = &[
    Section {
        name: "status-list-token",
        about: "How long tokens last; it goes before what the list file says.",
        settings: &[
            Setting::new(
                "ttl",
                LENGTH,
                "How long readers may keep a copy: seconds, or a text such as 1h.",
            ),
            Setting::new(
                "expiration",
                LENGTH,
                "How long a token is valid: seconds, or a text such as 7d.",
            ),
        ],
    },
    Section {
        name: "keys",
        about: "What tokens are signed with. Paths count from the file's folder.",
        settings: &[
            Setting::new(
                "signing",
                TEXT,
                "The private key: a PEM or JWK file, - or env:NAME; beside a signer command, its \
                 public half.",
            ),
            Setting::new(
                "signer-command",
                TEXT,
                "The shell command that signs what it reads. Not in a file that is merely found.",
            ),
            Setting::new("kid", TEXT, "The name of the key in tokens."),
            Setting::new(
                "cert",
                TEXT,
                "The certificates of the key: a PEM file, its own first.",
            ),
            Setting::new(
                "eku",
                TEXT,
                "The extended key usage that the key's certificate must have, as an OID.",
            ),
        ],
    },
    Section {
        name: "publish",
        about: "Where lists are published.",
        settings: &[
            Setting::new(
                "to",
                TEXT,
                "The folder of the site. A path counts from the file's folder.",
            ),
            Setting::new("base-url", TEXT, "The uri that the site's root has."),
            Setting::new(
                "host",
                TEXT,
                "Who hands the site out: nginx, apache, caddy, netlify, cloudflare-pages, \
                 azure-static-web-apps, s3, github-pages or gitlab-pages.",
            ),
            Setting::new(
                "host-config",
                TEXT,
                "The file for the settings of the host. A path counts from the file's folder.",
            ),
        ],
    },
    REGENERATION,
];

const REGENERATION: Section = Section {
    name: "regeneration",
    about: "When changes are published. A token is renewed in time whatever this says.",
    settings: &[
        Setting::new(
            "strategy",
            TEXT,
            "on-demand (each change at once, which is so without it), periodic (at most once in \
             periodic-interval), batched (once batch-window has passed since the first change, or \
             max-batch-size changes wait) or hybrid (as periodic, but those to urgent-statuses at \
             once).",
        ),
        Setting::new(
            "periodic-interval",
            LENGTH,
            "How far apart tokens are at least: seconds, or a text such as 5m, which it is without \
             it.",
        ),
        Setting::new(
            "batch-window",
            LENGTH,
            "How long changes are collected: seconds, or a text such as 1m, which it is without it.",
        ),
        Setting::new(
            "max-batch-size",
            Shape::One(Scalar::Whole),
            "How many changes are published without waiting longer; 1000 without it.",
        ),
        Setting::new(
            "urgent-statuses",
            Shape::Many(Scalar::TextOrWhole),
            "The statuses that are published at once: names or numbers; invalid without it.",
        ),
        Setting::new(
            "renew-before",
            LENGTH,
            "How long before its end a token is renewed: seconds, or a text such as 1d; half of its \
             validity without it.",
        ),
    ],
};

const EVENTS: Setting = Setting::new(
    "events",
    Shape::Many(Scalar::Text),
    "What is told: status_list.regenerated, status_list.capacity_warning, status_list.expired, \
     index.status_changed, index.allocated.",
);
const TOKEN_IDS: Setting = Setting::new(
    "token-ids",
    Shape::One(Scalar::Truth),
    "Whether token ids are told too; they are not unless this is true.",
);
const NAME: Setting = Setting::new(
    "name",
    TEXT,
    "What messages call it. It keeps its place in what was told by this name, else by url or command.",
);

/// The tables of which there may be several.
const ARRAYS: &[Section] = &[
    Section {
        name: "webhook",
        about: "Who is sent what happens. Not in a file that is merely found.",
        settings: &[
            NAME,
            Setting::new(
                "url",
                TEXT,
                "Where messages are sent: https, or http on this machine.",
            ),
            EVENTS,
            Setting::new(
                "secret",
                TEXT,
                "What messages are signed with, as Standard Webhooks does (whsec_…): a file, or \
                 env:NAME.",
            ),
            TOKEN_IDS,
        ],
    },
    Section {
        name: "hook",
        about: "Commands that are run with what happens. Not in a file that is merely found.",
        settings: &[
            NAME,
            Setting::new(
                "command",
                TEXT,
                "The shell command that reads a message on its standard input.",
            ),
            EVENTS,
            TOKEN_IDS,
        ],
    },
];

/// The tables of which there may be several.
pub(crate) fn arrays() -> &'static [Section] {
    ARRAYS
}

/// The tables, but for that of `init --from`.
pub(crate) fn sections() -> &'static [Section] {
    SECTIONS
}

/// Whether the file has a table of this name, beside that of `init --from`.
pub(crate) fn has_section(name: &str) -> bool {
    section(name).is_some()
}

fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.name == name)
}

/// The tables of a settings file, checked.
pub(crate) struct Tables<'a> {
    readings: Vec<(&'static str, Reading<'a>)>,
    /// The table that `init --from` reads, as it is written.
    pub(crate) list: Option<&'a Placed>,
}

impl<'a> Tables<'a> {
    /// Checks all tables but that of `init --from`.
    ///
    /// # Errors
    /// A name is not known, or a value has not the shape of its setting.
    pub(crate) fn of(file: &'a SettingsFile) -> Result<Self, Error> {
        let root = file.root();
        let members = root.members().ok_or_else(|| {
            let kind = root.kind();
            file.fault(root.offset, format!("it holds {kind}, not tables"))
        })?;
        let mut tables = Self {
            readings: Vec::new(),
            list: None,
        };
        for member in members {
            if member.name == LIST {
                tables.list = Some(&member.value);
                continue;
            }
            if let Some(array) = ARRAYS.iter().find(|array| array.name == member.name) {
                tables.read_array(file, array, &member.value)?;
                continue;
            }
            let Some(section) = section(&member.name) else {
                let sections = SECTIONS.iter().chain(ARRAYS).map(|section| section.name);
                let names: Vec<_> = sections.chain([LIST]).collect();
                return Err(file.unknown(member.offset, &member.name, "table", &names));
            };
            let reading = Reading::of(file, section.name, &member.value, section.settings)?;
            tables.readings.push((section.name, reading));
        }
        Ok(tables)
    }

    fn read_array(
        &mut self,
        file: &'a SettingsFile,
        array: &Section,
        value: &'a Placed,
    ) -> Result<(), Error> {
        let Datum::Array(tables) = &value.datum else {
            let (name, kind) = (array.name, value.kind());
            let reason = format!("{name} is {kind}, and should be an array of tables: [[{name}]]");
            return Err(file.fault(value.offset, reason));
        };
        for table in tables {
            let reading = Reading::of(file, array.name, table, array.settings)?;
            self.readings.push((array.name, reading));
        }
        Ok(())
    }

    /// The settings of each table of an array.
    pub(crate) fn each(&self, array: &str) -> impl Iterator<Item = &Reading<'a>> {
        let readings = self.readings.iter();
        let found = readings.filter(move |(name, _)| *name == array);
        found.map(|(_, reading)| reading)
    }

    /// The settings of a table, if it is there.
    pub(crate) fn get(&self, section: &str) -> Option<&Reading<'a>> {
        let found = self.readings.iter().find(|(name, _)| *name == section);
        found.map(|(_, reading)| reading)
    }
}

//! What `statuslist.toml` holds.

use super::{Reading, Scalar, Setting, SettingsFile, Shape};
use crate::commands::Error;
use crate::wire::placed::{Datum, Member, Placed};

/// A table of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) settings: &'static [Setting],
    /// What tables of any other name hold, if there may be some.
    pub(crate) named: Option<Table>,
    /// What the tables of an array hold, if a setting is one.
    pub(crate) items: Option<Table>,
}

/// A table within a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    /// The name, where it is known.
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) settings: &'static [Setting],
}

/// What is said of a key.
macro_rules! key_settings {
    ($($more:expr,)*) => {
        &[
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
            $($more,)*
        ]
    };
}

/// The table that `init --from` reads; what it holds is said there.
pub(crate) const LIST: &str = "list";

const TEXT: Shape = Shape::One(Scalar::Text);
/// The setting that says which key signs which tokens.
const PIN: &str = "pin";

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
        named: None,
        items: None,
    },
    Section {
        name: "keys",
        about: "What tokens are signed with. Paths count from the file's folder.",
        settings: key_settings![
            Setting::new(
                "use",
                TEXT,
                "The name of the key that signs what no pin is for: that of a table [keys.NAME].",
            ),
            Setting::new(
                "next",
                Shape::Many(Scalar::Text),
                "The names of keys that are shown and do not sign yet.",
            ),
            Setting::new(PIN, Shape::Any, "Which key signs which tokens."),
        ],
        named: Some(Table {
            name: "",
            about: "A key with a name.",
            settings: key_settings![],
        }),
        items: Some(Table {
            name: PIN,
            about: "Which tokens a key signs: those for which all holds that is said.",
            settings: &[
                Setting::new(
                    "key",
                    TEXT,
                    "The name of the key: that of a table [keys.NAME].",
                ),
                Setting::new(
                    "file",
                    TEXT,
                    "The list file, or a folder of them. A path counts from the file's folder.",
                ),
                Setting::new("issuer", TEXT, "The issuer of the series."),
                Setting::new("list", Shape::One(Scalar::Whole), "The number of the list."),
                Setting::new("view", TEXT, "The view, or the family of views."),
            ],
        }),
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
            Setting::new(
                "page",
                Shape::One(Scalar::Truth),
                "Whether the site has a page for people, index.html.",
            ),
        ],
        named: None,
        items: None,
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
    named: None,
    items: None,
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
        named: None,
        items: None,
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
        named: None,
        items: None,
    },
];

/// The tables of which there may be several.
pub(crate) fn arrays() -> &'static [Section] {
    ARRAYS
}

impl Section {
    /// Checks it, but for the tables in it that have names of their own.
    fn read<'a>(&self, file: &'a SettingsFile, table: &'a Placed) -> Result<Reading<'a>, Error> {
        let Some(members) = table.members() else {
            return Reading::of(file, self.name, table, self.settings);
        };
        let own = members.iter();
        let own = own.filter(|member| self.named_table(member).is_none());
        Reading::among(file, table.offset, own, self.settings)
    }

    /// What a member holds, if it is a table with a name of its own.
    pub(crate) fn named_table(&self, member: &Member) -> Option<Table> {
        let is_known = self.settings.iter().any(|known| known.name == member.name);
        let is_table = matches!(member.value.datum, Datum::Table(_));
        self.named.filter(|_| is_table && !is_known)
    }
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

/// A table within a table, checked.
pub(crate) struct Inner<'a> {
    pub(crate) section: &'static str,
    /// Its own name; that of the array, if it is of one.
    pub(crate) name: &'a str,
    /// Where it begins.
    pub(crate) offset: usize,
    pub(crate) reading: Reading<'a>,
}

/// The tables of a settings file, checked.
pub(crate) struct Tables<'a> {
    readings: Vec<(&'static str, Reading<'a>)>,
    /// The tables within tables: those that have a name, and those of an array.
    inner: Vec<Inner<'a>>,
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
            inner: Vec::new(),
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
            tables.read_inner(file, section, &member.value)?;
            let reading = section.read(file, &member.value)?;
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

    fn read_inner(
        &mut self,
        file: &'a SettingsFile,
        section: &Section,
        table: &'a Placed,
    ) -> Result<(), Error> {
        for member in table.members().into_iter().flatten() {
            let (section_name, name) = (section.name, member.name.as_str());
            if let Some(items) = section.items.filter(|items| items.name == name) {
                let place = format!("{section_name}.{name}");
                let Datum::Array(tables) = &member.value.datum else {
                    let kind = member.value.kind();
                    let reason = format!("{place} is {kind}, not an array of tables");
                    return Err(file.fault(member.value.offset, reason));
                };
                for table in tables {
                    self.inner.push(Inner {
                        section: section_name,
                        name,
                        offset: table.offset,
                        reading: Reading::of(file, &place, table, items.settings)?,
                    });
                }
            } else if let Some(named) = section.named_table(member) {
                self.inner.push(Inner {
                    section: section_name,
                    name,
                    offset: member.offset,
                    reading: Reading::of(file, name, &member.value, named.settings)?,
                });
            }
        }
        Ok(())
    }

    /// The settings of each table of an array.
    pub(crate) fn each(&self, array: &str) -> impl Iterator<Item = &Reading<'a>> {
        let readings = self.readings.iter();
        let found = readings.filter(move |(name, _)| *name == array);
        found.map(|(_, reading)| reading)
    }

    /// The tables within a table that have names of their own.
    pub(crate) fn named(&self, section: &str) -> impl Iterator<Item = &Inner<'a>> {
        self.inner.iter().filter(move |inner| {
            let item = self::section(section).and_then(|section| section.items);
            inner.section == section && item.is_none_or(|item| item.name != inner.name)
        })
    }

    /// The tables of the array of this name within a table.
    pub(crate) fn items(&self, section: &str, name: &str) -> impl Iterator<Item = &Inner<'a>> {
        let all = self.inner.iter();
        all.filter(move |inner| inner.section == section && inner.name == name)
    }

    /// The settings of a table, if it is there.
    pub(crate) fn get(&self, section: &str) -> Option<&Reading<'a>> {
        let found = self.readings.iter().find(|(name, _)| *name == section);
        found.map(|(_, reading)| reading)
    }
}

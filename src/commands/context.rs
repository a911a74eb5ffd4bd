//! What a command knows of the world, all of it handed in.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::answer::{Code, Error};
use super::key_pins::KeyPin;
use super::options::KeySource;
use super::progress::Progress;
use super::receivers::ReceiverSettings;
use crate::disk::read_bounded;
use crate::list::{Duration, Policy, Timestamp};
use crate::site::Host;
use crate::store::ReceiverName;
use crate::wire::text::looks_secret;

/// What a command knows of the world.
pub struct Context<'a> {
    /// The time when the command began.
    pub clock: Clock,
    /// Reads the machine's clock again.
    pub read_clock: &'a dyn Fn() -> Timestamp,
    /// What the settings file says.
    pub settings: Settings,
    /// Looks an environment variable up; for keys, and for the settings of other systems.
    pub environment: &'a dyn Fn(&str) -> Option<OsString>,
    /// The names of the variables that are settings of this program.
    pub own_variables: Vec<OsString>,
    /// Where `-` reads from.
    pub stdin: RefCell<&'a mut dyn Read>,
    /// Whether a person types there.
    pub stdin_is_terminal: bool,
    /// Hears how far a long command is.
    pub progress: &'a dyn Progress,
    /// Who asks, unless an option says so: user@host.
    pub actor: String,
    /// The operation id, unless an option gives one.
    pub random_operation_id: String,
}

/// The time, and who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The machine's clock.
    pub real: Timestamp,
    /// `--now`.
    pub given: Option<Timestamp>,
    /// `SOURCE_DATE_EPOCH`, as it is written.
    pub source_date: Option<OsString>,
}

/// What the settings file says, with paths made absolute against its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The file itself; `None` if there is none.
    pub file: Option<PathBuf>,
    /// How long readers may keep a copy.
    pub ttl: Option<Duration>,
    /// How long a token is valid.
    pub valid_for: Option<Duration>,
    /// The signing key; beside a signer command, its public half.
    pub key: Option<KeySource>,
    /// The shell command that signs.
    pub signer_command: Option<String>,
    /// The key id to write into tokens.
    pub key_id: Option<String>,
    /// The certificates of the signing key.
    pub cert: Option<PathBuf>,
    /// The extended key usage that the key's certificate must have.
    pub eku: Option<String>,
    /// The keys that have a name there.
    pub named_keys: Vec<NamedKeySettings>,
    /// Which of them signs what.
    pub pins: Vec<KeyPin>,
    /// The names of those that are to sign later.
    pub next: Vec<String>,
    /// The site.
    pub to: Option<PathBuf>,
    /// The uri that the site's root has.
    pub base_url: Option<String>,
    /// Who hands the site out.
    pub host: Option<Host>,
    /// Whether the site has a page for people.
    pub page: bool,
    /// The file for the settings of the host.
    pub host_config: Option<PathBuf>,
    /// When changes are published.
    pub(crate) regeneration: Option<Policy>,
    /// Who is told what happens.
    pub receivers: Vec<ReceiverSettings>,
    /// Whether it has settings of a list, which `init --from` reads.
    pub has_list: bool,
}

/// A key of the settings file that has a name there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedKeySettings {
    /// The name.
    pub name: String,
    /// The key; beside a signer command, its public half.
    pub key: Option<KeySource>,
    /// The shell command that signs.
    pub signer_command: Option<String>,
    /// The key id to write into tokens.
    pub key_id: Option<String>,
    /// The certificates of the key.
    pub cert: Option<PathBuf>,
    /// The extended key usage that the key's certificate must have.
    pub eku: Option<String>,
}

impl Settings {
    /// The same settings with a named key for the one that signs.
    pub(crate) fn of_key(&self, name: &str) -> Option<Self> {
        let named = self.named_keys.iter().find(|named| named.name == name)?;
        let mut settings = self.clone();
        settings.sign_with(named);
        Some(settings)
    }

    /// Signs with this key.
    pub(crate) fn sign_with(&mut self, named: &NamedKeySettings) {
        let named = named.clone();
        self.key = named.key;
        self.signer_command = named.signer_command;
        self.key_id = named.key_id;
        self.cert = named.cert;
        self.eku = named.eku;
    }
}

/// The most bytes that a key, a key set or a seed may have.
const KEY_LIMIT: u64 = 1 << 20;

impl Clock {
    /// The time for questions and for judging tokens.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.given.unwrap_or(self.real)
    }

    /// The time for signing to standard output or a file.
    ///
    /// # Errors
    /// `SOURCE_DATE_EPOCH` is no number of seconds. Source:
    /// <https://reproducible-builds.org/specs/source-date-epoch/>.
    pub fn for_signing(&self) -> Result<Timestamp, Error> {
        match (self.given, &self.source_date) {
            (Some(given), _) => Ok(given),
            (None, None) => Ok(self.real),
            (None, Some(text)) => text
                .to_str()
                .and_then(|text| text.parse().ok())
                .map(Timestamp::from_second)
                .ok_or_else(|| {
                    let text = text.to_string_lossy();
                    Error::new(Code::Refused, format!("SOURCE_DATE_EPOCH is '{text}'"))
                        .because("it must be a number of seconds since 1970")
                }),
        }
    }

    /// The time for changing a list file.
    ///
    /// # Errors
    /// A given time later than the real one: the log would stay at it until then.
    pub fn for_writing(&self) -> Result<Timestamp, Error> {
        match self.given {
            Some(given) if given > self.real => Err(Error::new(
                Code::Refused,
                format!("--now {given} lies in the future"),
            )
            .because(format!("the clock says {}", self.real))
            .hint("the log never steps back, so it would stay at that time: leave --now out")),
            Some(given) => Ok(given),
            None => Ok(self.real),
        }
    }
}

impl Settings {
    /// The names by which a list file knows who is told.
    pub(crate) fn receiver_names(&self) -> Vec<ReceiverName> {
        self.receivers.iter().map(|one| one.name).collect()
    }
}

impl KeySource {
    /// Whether this is not where a key comes from but the key, or a seed, itself: no file is there,
    /// and its name looks like one. The path is where the file would be.
    #[must_use]
    pub fn is_itself(&self, path: &Path) -> bool {
        match self {
            Self::Itself => true,
            Self::File(named) => {
                let name = |path: &Path| looks_secret(&path.to_string_lossy());
                (name(named) || named.file_name().is_some_and(|file| name(Path::new(file))))
                    && !path.exists()
            }
            Self::Stdin | Self::Environment(_) => false,
        }
    }
}

impl Context<'_> {
    /// The time after a command waited for its turn, never before it began: whoever had the turn
    /// meanwhile may have begun later.
    #[must_use]
    pub fn clock_in_turn(&self) -> Clock {
        Clock {
            real: (self.read_clock)().max(self.clock.real),
            ..self.clock.clone()
        }
    }

    /// Reads a key, wherever it is.
    ///
    /// # Errors
    /// It is not there, cannot be read, or has more than 1 MiB.
    pub fn read_key(&self, source: &KeySource) -> Result<Zeroizing<Vec<u8>>, Error> {
        let itself = || {
            Error::new(Code::BadKey, "a key itself was given")
                .because("others can see it in the list of processes, and in the shell's history")
                .hint("make a new key if anybody may have seen it; give its file, - or env:NAME")
        };
        match source {
            KeySource::File(path) if source.is_itself(path) => Err(itself()),
            KeySource::File(path) => Ok(Zeroizing::new(read_bounded(path, KEY_LIMIT)?)),
            KeySource::Stdin => self.read_stdin(KEY_LIMIT).map(Zeroizing::new),
            KeySource::Itself => Err(itself()),
            KeySource::Environment(name) => (self.environment)(name)
                .map(|value| Zeroizing::new(value.into_encoded_bytes()))
                .ok_or_else(|| Error::io(format!("the environment variable {name} is not set"))),
        }
    }

    /// Reads a file, or standard input where it is `-`.
    ///
    /// # Errors
    /// It cannot be read, or has more bytes than the limit.
    pub fn read_file(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
        if path.as_os_str() == "-" {
            self.read_stdin(limit)
        } else {
            Ok(read_bounded(path, limit)?)
        }
    }

    /// The variables that a command of somebody else has no business with: settings of this program,
    /// and those that hold keys and secrets.
    pub(crate) fn kept_back(&self) -> Vec<OsString> {
        let key = match &self.settings.key {
            Some(KeySource::Environment(name)) => Some(OsString::from(name)),
            _ => None,
        };
        let named = self.settings.named_keys.iter();
        let named = named.filter_map(|named| match &named.key {
            Some(KeySource::Environment(name)) => Some(OsString::from(name)),
            _ => None,
        });
        let key = named.chain(key);
        let receivers = self.settings.receivers.iter();
        let secrets = receivers.filter_map(ReceiverSettings::variable).chain(key);
        self.own_variables.iter().cloned().chain(secrets).collect()
    }

    fn read_stdin(&self, limit: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.stdin
            .borrow_mut()
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|source| Error::io("cannot read standard input").because_of(&source))?;
        if bytes.len() as u64 > limit {
            return Err(Error::io("cannot read standard input")
                .because(format!("it is larger than {limit} bytes")));
        }
        Ok(bytes)
    }
}

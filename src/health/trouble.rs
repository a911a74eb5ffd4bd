//! What is found, as data.

use super::content::Refusal;
use super::{Component, HostFault, Level, TokenState};
use crate::list::{Duration, ListNumber, Scarcity, Timestamp};
use crate::site::TargetError;

/// Something that was found, and what it is about.
#[derive(Debug)]
pub(crate) struct Concern {
    pub(crate) list: Option<ListNumber>,
    /// The uri, or the path in the site, if it is about one.
    pub(crate) place: Option<String>,
    pub(crate) trouble: Trouble,
}

/// What was found.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// A token is not fresh.
    Token(TokenState),
    /// The list file has published it, and it is not there.
    Missing,
    /// Nobody has published a list that no entry was handed out of yet.
    SpareMissing,
    /// Its uri is not below that of the site.
    NotInSite,
    /// The bytes are not those of the manifest, or of the record.
    OtherBytes,
    /// It was made from a state that this list file never had.
    Foreign,
    /// Nobody may rely on it.
    Refused(Refusal),
    /// A host serves what was published before; caches may keep that for so many seconds.
    ServesOlder {
        issued_at: Timestamp,
        published_at: Timestamp,
        allowed: u64,
    },
    /// A host serves something else than was published.
    ServesOther,
    /// A host serves it, and nothing says which bytes were published.
    NotCompared,
    /// How a host serves a file.
    Host(HostFault),
    /// The file of the site cannot be read.
    Unreadable(TargetError),
    /// A change waits to be published for longer than it may.
    Waits {
        since: Timestamp,
        waited: i64,
        most: Duration,
    },
    /// The series ends soon.
    Scarce(Scarcity),
    /// The file is a backup.
    Backup(Timestamp),
    /// The file is a copy, or was moved: it hands out nothing.
    Elsewhere,
    /// The certificate that vouches for tokens ends soon, or has ended.
    Certificate { ends: Timestamp, level: Level },
    /// A key or a certificate that was named cannot be used.
    Key(String),
    /// The document that names all tokens is not there.
    NoAggregation,
    /// It names not all of them.
    AggregationIncomplete(Vec<String>),
    /// There are more uris than are asked for.
    TooManyUris { most: usize, left: usize },
}

impl Scarcity {
    pub(crate) fn level(self) -> Level {
        match self.used() {
            _ if self.left == 0 => Level::Expired,
            Self::ALMOST_FULL.. => Level::Expiring,
            Self::NEARLY_FULL.. => Level::Due,
            _ => Level::Fine,
        }
    }
}

impl Trouble {
    /// What a state says that is no fault by itself.
    pub(super) fn of_state(state: TokenState) -> Option<Self> {
        let is_late = matches!(
            state,
            TokenState::Due | TokenState::Expiring | TokenState::Expired
        );
        is_late.then_some(Self::Token(state))
    }

    pub(crate) fn level(&self) -> Level {
        match self {
            Self::Token(state) => state.level(),
            Self::SpareMissing => Level::Due,
            Self::Host(fault) => fault.level(),
            Self::Scarce(scarcity) => scarcity.level(),
            Self::Certificate { level, .. } => *level,
            Self::ServesOlder { allowed, .. } if *allowed > 0 => Level::Fine,
            Self::NotCompared | Self::Backup(_) | Self::Elsewhere => Level::Fine,
            _ => Level::Fault,
        }
    }

    pub(crate) const fn component(&self) -> Component {
        match self {
            Self::Scarce(_) | Self::Backup(_) | Self::Elsewhere => Component::Database,
            Self::Refused(_) | Self::Certificate { .. } | Self::Key(_) => Component::Signing,
            _ => Component::Provider,
        }
    }

    /// The name for programs.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Token(state) => match state {
                TokenState::Due => "token-due",
                TokenState::Expiring => "token-expiring",
                TokenState::Expired => "token-expired",
                _ => "token",
            },
            Self::Missing => "token-missing",
            Self::SpareMissing => "spare-not-published",
            Self::NotInSite => "not-in-site",
            Self::OtherBytes => "other-bytes",
            Self::Foreign => "foreign",
            Self::Refused(Refusal::Rejected { .. }) => "token-rejected",
            Self::Refused(Refusal::Uncheckable) => "signature-not-checkable",
            Self::Refused(Refusal::OtherFormat) => "other-format",
            Self::ServesOlder { .. } => "serves-older",
            Self::ServesOther => "serves-other",
            Self::NotCompared => "not-compared",
            Self::Host(fault) => fault.name(),
            Self::Unreadable(_) => "unreadable",
            Self::Waits { .. } => "change-waits",
            Self::Scarce(_) => "capacity",
            Self::Backup(_) => "backup",
            Self::Elsewhere => "elsewhere",
            Self::Certificate { .. } => "certificate-ends",
            Self::Key(_) => "key",
            Self::NoAggregation => "aggregation-missing",
            Self::AggregationIncomplete(_) => "aggregation-incomplete",
            Self::TooManyUris { .. } => "too-many-uris",
        }
    }

    /// Whether nobody should rely on the file that it is about.
    pub(super) const fn makes_wrong(&self) -> bool {
        matches!(
            self,
            Self::OtherBytes
                | Self::Foreign
                | Self::Refused(_)
                | Self::ServesOther
                | Self::Unreadable(_)
        )
    }

    /// The same of a list, or of what lies at a place.
    pub(crate) fn of(self, list: Option<ListNumber>, place: Option<&str>) -> Concern {
        Concern {
            list,
            place: place.map(str::to_owned),
            trouble: self,
        }
    }
}

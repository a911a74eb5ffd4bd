//! How bad something is, on one scale for everything that is checked.

use serde::Serialize;

/// How bad something is. A check fails from a level on that whoever asks chooses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// Worth knowing; nothing is to be done.
    #[default]
    Fine,
    /// Something is to be done, and there is time for it.
    Due,
    /// It should have been done, and there is a little time left.
    Expiring,
    /// It is too late: readers have nothing to rely on.
    Expired,
    /// Something is wrong, whatever the time. It fails every check.
    Fault,
}

/// What something belongs to, by the names of the status-issuer integration guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Component {
    /// The list file.
    Database,
    /// Keys, certificates and signatures.
    Signing,
    /// What is published, and the hosts that serve it.
    Provider,
}

/// What is said of a component, or of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Condition {
    /// It was checked, and nothing needs haste.
    Healthy,
    /// It fails no check from the level that was chosen on, but needs haste.
    Degraded,
    /// It fails the check.
    Unhealthy,
    /// It was not checked.
    NotChecked,
    /// Nothing was found, but not everything was checked.
    Unknown,
}

impl Condition {
    /// The condition that follows from the worst that was found.
    pub(crate) fn of(worst: Level, fails_from: Level) -> Self {
        if worst >= fails_from {
            Self::Unhealthy
        } else if worst >= Level::Expiring {
            Self::Degraded
        } else {
            Self::Healthy
        }
    }
}

impl Level {
    /// The name, as options and JSON spell it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Due => "due",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Fault => "fault",
        }
    }
}

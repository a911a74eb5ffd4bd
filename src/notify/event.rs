//! What receivers can hear of.

use std::fmt;
use std::str::FromStr;

/// A kind of event, by the name that receivers ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EventKind {
    /// A token was published.
    Regenerated,
    /// Few entries are left.
    CapacityWarning,
    /// A published token is valid no more.
    Expired,
    /// Entries have another status.
    StatusChanged,
    /// Entries were handed out.
    Allocated,
}

impl EventKind {
    pub(crate) const ALL: [Self; 5] = [
        Self::Regenerated,
        Self::CapacityWarning,
        Self::Expired,
        Self::StatusChanged,
        Self::Allocated,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Regenerated => "status_list.regenerated",
            Self::CapacityWarning => "status_list.capacity_warning",
            Self::Expired => "status_list.expired",
            Self::StatusChanged => "index.status_changed",
            Self::Allocated => "index.allocated",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for EventKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.name() == text).ok_or(())
    }
}

//! Whether a batch is one body of the status-issuer integration guide, which is answered as one.

/// What a body of the guide says that it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GuideOperation {
    Allocate,
    Update,
}

/// What was read of a batch so far, as far as it decides how it is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Bodies {
    #[default]
    None,
    /// One body of the guide, and nothing else.
    One(GuideOperation),
    /// Anything else.
    Others,
}

impl GuideOperation {
    /// The operation with the guide's name, or with ours.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "allocate" => Some(Self::Allocate),
            "update" | "set" => Some(Self::Update),
            _ => None,
        }
    }
}

impl Bodies {
    /// With one more: a body of the guide, or something else.
    pub(super) const fn and(self, next: Option<GuideOperation>) -> Self {
        match (self, next) {
            (Self::None, Some(operation)) => Self::One(operation),
            _ => Self::Others,
        }
    }
}

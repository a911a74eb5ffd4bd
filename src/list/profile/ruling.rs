//! What a rule says of something: never by the absence of a fault.

/// Whether a demand is met.
///
/// What cannot be evaluated is broken: a value that is missing, cannot be read or fits into nothing
/// must never pass for one that was looked at and found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ruling {
    /// It is met.
    Met,
    /// It is about something else.
    NotApplicable,
    /// It is not met, or nobody can tell: what there is in the place of what is demanded.
    Broken(String),
}

impl Ruling {
    /// Says what there is if it is not what is demanded.
    pub(crate) fn demand(is_met: bool, found: impl FnOnce() -> String) -> Self {
        if is_met {
            Self::Met
        } else {
            Self::Broken(found())
        }
    }
}

/// One thing about a token that rules ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact<T> {
    /// It is this.
    Is(T),
    /// The token has none.
    Missing,
    /// What it has cannot be read.
    Unclear,
    /// It is judged elsewhere, or not known yet: whoever signs a token judges it in steps.
    Elsewhere,
}

impl<T> Fact<T> {
    /// Takes what a token may have; it has nothing else in its place.
    pub(crate) fn of(found: Option<T>) -> Self {
        found.map_or(Self::Missing, Self::Is)
    }

    /// Takes what could be read of what may be there.
    pub(crate) fn read<S: ?Sized>(found: Option<T>, source: Option<&S>) -> Self {
        match (found, source) {
            (Some(found), _) => Self::Is(found),
            (None, Some(_)) => Self::Unclear,
            (None, None) => Self::Missing,
        }
    }

    /// Judges what is there. `name` is what messages call it.
    pub(crate) fn rule(self, name: &str, judge: impl FnOnce(T) -> Ruling) -> Ruling {
        match self {
            Self::Is(found) => judge(found),
            Self::Missing => Ruling::Broken(format!("the token has no {name}")),
            Self::Unclear => Ruling::Broken(format!("the {name} of the token cannot be read")),
            Self::Elsewhere => Ruling::NotApplicable,
        }
    }
}

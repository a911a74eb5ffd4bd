//! Why a status was changed.

use std::fmt;

use thiserror::Error;

use super::{Status, suggest};
use crate::wire::{number::digits, text::echo};

/// A reason code.
///
/// Source: RFC 5280, section 5.3.1 (7 is not used).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// 0: none was given.
    #[default]
    Unspecified = 0,
    /// 1: the holder's key is known to others.
    KeyCompromise = 1,
    /// 2: the issuer's key is known to others.
    CaCompromise = 2,
    /// 3: the subject's name or affiliation changed.
    AffiliationChanged = 3,
    /// 4: another credential takes its place.
    Superseded = 4,
    /// 5: it is no longer needed.
    CessationOfOperation = 5,
    /// 6: on hold.
    CertificateHold = 6,
    /// 8: the hold ended.
    RemoveFromCrl = 8,
    /// 9: a privilege was withdrawn.
    PrivilegeWithdrawn = 9,
    /// 10: an attribute authority's key is known to others.
    AaCompromise = 10,
}

/// Why a status was changed, as somebody says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatedReason {
    /// By a reason of RFC 5280.
    Known(Reason),
    /// In words of their own: the reason is unspecified, and they are its note.
    Words(String),
}

/// Why a reason is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReasonError {
    /// Neither a name, a short form nor a number.
    #[error("'{text}' is not a reason{}", suggest::sentence(*near, "see --help for the names"))]
    Unknown {
        /// What was asked for.
        text: String,
        /// A known name that is nearly the same.
        near: Option<&'static str>,
    },
    /// The reason speaks of a hold and the status is final.
    #[error("reason {reason} does not go with status {status}")]
    Unfit {
        /// What was asked for.
        reason: Reason,
        /// The status that it came with.
        status: Status,
    },
}

impl Reason {
    /// Every reason, in the order of the codes.
    pub const ALL: [Self; 10] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::CertificateHold,
        Self::RemoveFromCrl,
        Self::PrivilegeWithdrawn,
        Self::AaCompromise,
    ];

    /// The code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Finds the reason with this code.
    #[must_use]
    pub fn from_code(code: u64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|reason| u64::from(reason.code()) == code)
    }

    /// The name, as RFC 5280 spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }

    /// Whether it speaks of a hold, which can end.
    #[must_use]
    pub const fn is_of_a_hold(self) -> bool {
        matches!(self, Self::CertificateHold | Self::RemoveFromCrl)
    }

    /// Checks that the reason can be given for this status: `certificateHold` and
    /// `removeFromCRL` speak of a hold that can end, so they do not go with `invalid`.
    ///
    /// # Errors
    /// A reason that does not fit the status.
    pub fn fitting(self, status: Status) -> Result<Self, ReasonError> {
        if self.is_of_a_hold() && status == Status::INVALID {
            return Err(ReasonError::Unfit {
                reason: self,
                status,
            });
        }
        Ok(self)
    }

    /// The short forms of easy-rsa's `revoke` command.
    const fn short_forms(self) -> &'static [&'static str] {
        match self {
            Self::Unspecified => &["us", "uns"],
            Self::KeyCompromise => &["kc", "key"],
            Self::CaCompromise => &["cc"],
            Self::AffiliationChanged => &["ac", "aff"],
            Self::Superseded => &["ss", "sup"],
            Self::CessationOfOperation => &["co", "ces"],
            Self::CertificateHold => &["ch", "cer"],
            Self::RemoveFromCrl | Self::PrivilegeWithdrawn | Self::AaCompromise => &[],
        }
    }
}

impl StatedReason {
    /// Takes a reason, or whatever else is written.
    pub(crate) fn of(text: &str) -> Self {
        match text.parse() {
            Ok(reason) => Self::Known(reason),
            Err(_) => Self::Words(text.to_owned()),
        }
    }

    /// The reason.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Known(reason) => *reason,
            Self::Words(_) => Reason::Unspecified,
        }
    }

    /// The note: the words, and behind them what is noted besides.
    pub(crate) fn note(&self, besides: Option<String>) -> Option<String> {
        match (self, besides) {
            (Self::Known(_), besides) => besides,
            (Self::Words(words), None) => Some(words.clone()),
            (Self::Words(words), Some(besides)) => Some(format!("{words}: {besides}")),
        }
    }

    /// The name that the words nearly are, if a name of RFC 5280 was meant.
    pub(crate) fn near(&self) -> Option<&'static str> {
        match self {
            Self::Known(_) => None,
            Self::Words(words) => suggest::nearest(&plain(words), Reason::ALL.map(Reason::name)),
        }
    }
}

impl std::str::FromStr for StatedReason {
    type Err = ReasonError;

    /// Reads a reason, or else words: a number that is no code, or nothing, is neither.
    fn from_str(text: &str) -> Result<Self, ReasonError> {
        let is_word = |character: char| character.is_alphabetic();
        match text.parse() {
            Ok(reason) => Ok(Self::Known(reason)),
            Err(_) if text.contains(is_word) => Ok(Self::Words(text.to_owned())),
            Err(error) => Err(error),
        }
    }
}

/// A text as names are compared: without case, and without what may stand between words.
fn plain(text: &str) -> String {
    let letters = text
        .chars()
        .filter(|character| !matches!(character, '_' | '-' | ' '));
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl std::str::FromStr for Reason {
    type Err = ReasonError;

    /// Reads a name of RFC 5280 (in any case, `_`, `-` and blanks allowed between its words), one
    /// of easy-rsa's short forms, or a code.
    fn from_str(text: &str) -> Result<Self, ReasonError> {
        let plain = plain(text);
        let by_name = Self::ALL.into_iter().find(|reason| {
            reason.name().eq_ignore_ascii_case(&plain)
                || reason.short_forms().contains(&plain.as_str())
        });
        by_name
            .or_else(|| digits(&plain, 10).and_then(Self::from_code))
            .ok_or_else(|| ReasonError::Unknown {
                text: echo(text),
                near: suggest::nearest(&plain, Self::ALL.map(Self::name)),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_short_forms_and_codes() {
        for reason in Reason::ALL {
            assert_eq!(reason.name().parse(), Ok(reason));
            assert_eq!(reason.code().to_string().parse(), Ok(reason));
            for short in reason.short_forms() {
                assert_eq!(short.parse(), Ok(reason));
            }
        }
        for text in ["key compromise", "KEY_COMPROMISE", "key-compromise"] {
            assert_eq!(text.parse(), Ok(Reason::KeyCompromise));
        }
        for text in ["7", "11", "", "-", "1001", "keyCompromised!"] {
            assert!(text.parse::<Reason>().is_err(), "{text}");
        }
    }

    #[test]
    fn words_are_a_note_and_a_number_that_is_no_code_is_nothing() {
        let words = |text: &str| StatedReason::Words(text.to_owned());
        for text in [
            "lost by holder",
            "credential_compromised",
            "dépôt",
            "7 days late",
        ] {
            assert_eq!(text.parse(), Ok(words(text)));
            assert_eq!(words(text).reason(), Reason::Unspecified);
        }
        assert_eq!("kc".parse(), Ok(StatedReason::Known(Reason::KeyCompromise)));
        for text in ["7", "11", "", " ", "-", "1001"] {
            assert!(text.parse::<StatedReason>().is_err(), "{text}");
            assert_eq!(StatedReason::of(text), words(text));
        }
        let (lost, note) = (words("lost"), Some("by holder".to_owned()));
        assert_eq!(lost.note(None).as_deref(), Some("lost"));
        assert_eq!(lost.note(note.clone()).as_deref(), Some("lost: by holder"));
        assert_eq!(StatedReason::of("kc").note(note.clone()), note);
    }

    #[test]
    fn a_name_that_is_misspelt_is_near_and_other_words_are_not() {
        for text in [
            "keyCompromis",
            "key_compromised",
            "Supersede",
            "certificate hold!",
        ] {
            assert!(StatedReason::of(text).near().is_some(), "{text}");
        }
        for text in [
            "lost by holder",
            "credential_compromised",
            "batch_revocation",
            "left the company",
            "keyCompromise",
        ] {
            assert_eq!(StatedReason::of(text).near(), None, "{text}");
        }
    }

    #[test]
    fn a_hold_is_not_a_revocation() {
        assert!(Reason::CertificateHold.fitting(Status::INVALID).is_err());
        assert!(Reason::RemoveFromCrl.fitting(Status::INVALID).is_err());
        assert!(Reason::CertificateHold.fitting(Status::SUSPENDED).is_ok());
        assert!(Reason::RemoveFromCrl.fitting(Status::VALID).is_ok());
    }
}

//! What all lists of one list file have in common.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    Breach, Consent, Duration, Profile, Proof, Purpose, RegisterFacts, SettingsFacts, Status,
    StatusError, View, Weight, Width,
};
use crate::wire::echo::echo;

/// The number of entries of a list: 1 to 2^32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Size(u64);

/// Why a text is not a size.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("'{0}' is not a number of entries from 1 to 2^32")]
pub struct SizeError(pub String);

impl Size {
    /// The most entries that a list may have.
    pub const MAX: u64 = 1 << 32;

    /// Makes a size.
    #[must_use]
    pub const fn new(entries: u64) -> Option<Self> {
        if entries >= 1 && entries <= Self::MAX {
            Some(Self(entries))
        } else {
            None
        }
    }

    /// The number of entries.
    #[must_use]
    pub const fn entries(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for Size {
    type Error = SizeError;

    fn try_from(entries: u64) -> Result<Self, SizeError> {
        Self::new(entries).ok_or_else(|| SizeError(entries.to_string()))
    }
}

impl From<Size> for u64 {
    fn from(size: Size) -> Self {
        size.0
    }
}

impl std::str::FromStr for Size {
    type Err = SizeError;

    /// Reads `131072`, `131_072`, `2^20`, or a number with `k`, `M`, `G` (decimal) or `Ki`, `Mi`,
    /// `Gi` (binary) behind it.
    fn from_str(text: &str) -> Result<Self, SizeError> {
        let unknown = || SizeError(echo(text));
        let number = |digits: &str| {
            let digits = digits.replace('_', "");
            (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| digits.parse::<u64>().ok())
                .flatten()
                .ok_or_else(unknown)
        };
        if let Some((base, exponent)) = text.split_once('^') {
            let exponent = u32::try_from(number(exponent)?).map_err(|_| unknown())?;
            return number(base)?
                .checked_pow(exponent)
                .and_then(Self::new)
                .ok_or_else(unknown);
        }
        let units: [(&str, u64); 7] = [
            ("Ki", 1 << 10),
            ("Mi", 1 << 20),
            ("Gi", 1 << 30),
            ("k", 1_000),
            ("K", 1_000),
            ("M", 1_000_000),
            ("G", 1_000_000_000),
        ];
        let (digits, unit) = units
            .iter()
            .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, *unit)))
            .unwrap_or((text, 1));
        number(digits)?
            .checked_mul(unit)
            .and_then(Self::new)
            .ok_or_else(unknown)
    }
}

/// One view of a series: its form and the template of its uris.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesView {
    /// The published form.
    pub view: View,
    /// The template of the uri of each list, with `{n}` for the list's number.
    pub uri: String,
}

/// The settings of a series, as a list file keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Series {
    /// The use whose rules hold, beside those of the specification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    bits: u64,
    /// The number of entries of each new list.
    pub size: Size,
    default_status: u64,
    final_statuses: Vec<u64>,
    /// Who issues: the `iss` claim.
    pub issuer: String,
    /// How long readers may keep a copy.
    pub ttl: Duration,
    /// How long a token is valid.
    pub valid_for: Duration,
    /// Where an aggregation of all lists is published, if anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregation_uri: Option<String>,
    /// The published forms, the first one first.
    pub views: Vec<SeriesView>,
    /// What the W3C views need.
    #[serde(default, skip_serializing_if = "Credentials::is_default")]
    pub credentials: Credentials,
    /// The statuses that readers of a family of views may take for valid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blind: Vec<Consent>,
    /// Free notes of the issuer, never published.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub meta: BTreeMap<String, String>,
}

/// The settings of the W3C views.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Credentials {
    /// How they are secured; if nobody said it, by the JCS cryptosuite of the key's curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// The uri of the key that they are verified with, if it does not follow from the issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification_method: Option<String>,
    /// The bit order of the two old formats.
    #[serde(skip_serializing_if = "BitOrder::is_default")]
    pub bit_order: BitOrder,
    /// The statuses beside `suspended` that suspend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suspending: Vec<u64>,
    /// What statuses mean, in words for developers.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub messages: BTreeMap<u64, String>,
}

/// Which bit of a byte is the first one, in the two old W3C formats.
///
/// They did not say it until 2023, and lists of both orders are in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BitOrder {
    /// The most significant one, as in all newer lists.
    #[default]
    Msb,
    /// The least significant one.
    Lsb,
}

/// The part of the settings that can never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Bits per entry.
    pub width: Width,
    /// Entries per list.
    pub size: Size,
    /// The status of an entry that nobody has set.
    pub default_status: Status,
    /// The statuses that an entry does not leave.
    pub final_statuses: Vec<Status>,
}

/// Why settings do not make sense together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SeriesError {
    /// The list file holds a width that no list may have.
    #[error(transparent)]
    Width(#[from] super::WidthError),
    /// The default or a final status does not fit the width.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// Readers would keep a copy for longer than it is current.
    #[error("a ttl of {ttl} is longer than the renewal interval of {renewal}")]
    TtlAboveRenewal {
        /// What was asked for.
        ttl: Duration,
        /// Half of the validity.
        renewal: Duration,
    },
    /// An entry would start with a status that it can never leave.
    #[error("the default status {0} is final")]
    FinalDefault(Status),
    /// The list file holds no view.
    #[error("the series has no view")]
    NoView,
    /// A view stands twice.
    #[error("the series has the view {0} twice")]
    ViewTwice(View),
    /// A view for suspensions in a series that cannot suspend.
    #[error("view {0} needs entries of 2 bits: 1 bit cannot tell suspended from invalid")]
    SuspensionNeedsTwoBits(View),
    /// A refresh does not invalidate, so no other reader may see it.
    #[error(
        "bitstring.refresh needs a series of its own, of 1 bit, with default status valid and \
         final status invalid"
    )]
    RefreshNotAlone,
    /// The terms that a list of messages needs are in no JSON-LD context.
    #[error(
        "bitstring.message cannot be secured with {0}: RDF loses statusSize and statusMessages"
    )]
    MessageInRdf(Proof),
    /// VC-JOSE-COSE knows VCDM 2.0 only.
    #[error("view {0} cannot be secured with cose, which is defined for VCDM 2.0 alone")]
    CoseAroundOldFormat(View),
}

impl Register {
    /// The status that an entry starts with if nobody says which.
    ///
    /// # Errors
    /// The default is final: the credential could never become anything else.
    pub fn starting_status(&self) -> Result<Status, SeriesError> {
        if self.final_statuses.contains(&self.default_status) {
            return Err(SeriesError::FinalDefault(self.default_status));
        }
        Ok(self.default_status)
    }
}

impl Series {
    /// Puts settings together.
    ///
    /// # Errors
    /// No view, or a ttl above the renewal interval (half of the validity).
    pub fn new(
        register: &Register,
        issuer: String,
        ttl: Duration,
        valid_for: Duration,
        views: Vec<SeriesView>,
    ) -> Result<Self, SeriesError> {
        let series = Self {
            profile: None,
            bits: u64::from(register.width.bits()),
            size: register.size,
            default_status: u64::from(register.default_status.value()),
            final_statuses: register
                .final_statuses
                .iter()
                .map(|status| u64::from(status.value()))
                .collect(),
            issuer,
            ttl,
            valid_for,
            aggregation_uri: None,
            views,
            credentials: Credentials::default(),
            blind: Vec::new(),
            meta: BTreeMap::new(),
        };
        series.checked()
    }

    /// Checks what a change of settings or a list file may have broken.
    ///
    /// # Errors
    /// See [`SeriesError`].
    pub fn checked(self) -> Result<Self, SeriesError> {
        let register = self.register()?;
        if self.views.is_empty() {
            return Err(SeriesError::NoView);
        }
        for view in self.forms() {
            self.check_view(view, &register)?;
        }
        check_ttl(self.ttl, self.valid_for)?;
        Ok(self)
    }

    fn check_view(&self, view: View, register: &Register) -> Result<(), SeriesError> {
        if self.views.iter().filter(|one| one.view == view).count() > 1 {
            return Err(SeriesError::ViewTwice(view));
        }
        if view.purpose() == Some(Purpose::Suspension) && register.width == Width::One {
            return Err(SeriesError::SuspensionNeedsTwoBits(view));
        }
        let alone = self.views.len() == 1
            && register.width == Width::One
            && register.default_status == Status::VALID
            && register.final_statuses.contains(&Status::INVALID);
        if view.purpose() == Some(Purpose::Refresh) && !alone {
            return Err(SeriesError::RefreshNotAlone);
        }
        match (view, self.credentials.proof) {
            (View::Bitstring(Purpose::Message), Some(proof)) if proof.is_rdf() => {
                Err(SeriesError::MessageInRdf(proof))
            }
            (View::StatusList2021(_) | View::RevocationList2020, Some(Proof::Cose)) => {
                Err(SeriesError::CoseAroundOldFormat(view))
            }
            _ => Ok(()),
        }
    }

    /// The part that can never change.
    ///
    /// # Errors
    /// Numbers that no command writes.
    pub fn register(&self) -> Result<Register, SeriesError> {
        let width = Width::from_bits(self.bits)?;
        let status = |value: u64| Status::new(value, width);
        Ok(Register {
            width,
            size: self.size,
            default_status: status(self.default_status)?,
            final_statuses: self
                .final_statuses
                .iter()
                .map(|value| status(*value))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Whether the same register would be published with the same claims.
    #[must_use]
    pub fn publishes_like(&self, other: &Self) -> bool {
        self.issuer == other.issuer
            && self.ttl == other.ttl
            && self.valid_for == other.valid_for
            && self.aggregation_uri == other.aggregation_uri
            && self.views == other.views
            && self.credentials == other.credentials
    }

    /// Whether the lists are published in this form.
    #[must_use]
    pub fn has(&self, view: View) -> bool {
        self.views.iter().any(|known| known.view == view)
    }

    /// Checks the settings against the profile, if the series has one.
    ///
    /// A list file that was made under other rules can still be read, and its credentials revoked:
    /// only who makes or changes settings asks.
    ///
    /// # Errors
    /// The first rule that must be kept and is not.
    pub fn conforms(&self) -> Result<(), Breach> {
        match self.breaches(Weight::Must).into_iter().next() {
            Some(breach) => Err(breach),
            None => Ok(()),
        }
    }

    /// The statuses that readers may take for good: the final ones, and what the profile keeps.
    #[must_use]
    pub fn lasting_statuses(&self, register: &Register) -> Vec<Status> {
        let mut lasting = register.final_statuses.clone();
        let revoked = self.profile.and_then(Profile::irrevocable).is_some();
        if revoked && !lasting.contains(&Status::INVALID) {
            lasting.push(Status::INVALID);
        }
        lasting
    }

    /// Every rule of this weight that the settings break.
    #[must_use]
    pub fn breaches(&self, weight: Weight) -> Vec<Breach> {
        let Some(profile) = self.profile else {
            return Vec::new();
        };
        let register = self.register().map(|register| RegisterFacts {
            width: register.width,
            entries: register.size.entries(),
            final_statuses: register.final_statuses,
        });
        let mut breaches = profile.judge_settings(&SettingsFacts {
            views: &self.forms(),
            valid_for: self.valid_for,
            aggregation_uri: self.aggregation_uri.as_deref(),
            register: register.map_err(|error| error.to_string()),
        });
        breaches.retain(|breach| breach.rule.weight == weight);
        breaches
    }

    /// The published forms, without their templates.
    #[must_use]
    pub fn forms(&self) -> Vec<View> {
        self.views.iter().map(|view| view.view).collect()
    }
}

impl Credentials {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl BitOrder {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Checks that readers do not keep a copy for longer than until the next renewal, which comes at
/// half of the validity.
///
/// # Errors
/// [`SeriesError::TtlAboveRenewal`].
pub fn check_ttl(ttl: Duration, valid_for: Duration) -> Result<(), SeriesError> {
    let renewal = valid_for.half();
    if ttl > renewal {
        return Err(SeriesError::TtlAboveRenewal { ttl, renewal });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_in_every_spelling() {
        for (text, entries) in [
            ("1", 1),
            ("131072", 131_072),
            ("131_072", 131_072),
            ("2^20", 1 << 20),
            ("2^32", 1 << 32),
            ("1M", 1_000_000),
            ("1Mi", 1 << 20),
            ("100k", 100_000),
            ("4Gi", 1 << 32),
        ] {
            assert_eq!(text.parse(), Ok(Size(entries)), "{text}");
        }
        for text in [
            "",
            "0",
            "-1",
            "4294967297",
            "2^33",
            "9^99",
            "M",
            "1T",
            "1.5M",
            "^",
            "5Gi",
        ] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_ttl_ends_before_the_renewal() {
        let hour = Duration::from_seconds(3_600).unwrap();
        let day = Duration::from_seconds(86_400).unwrap();
        assert!(check_ttl(hour, day).is_ok());
        assert!(check_ttl(day, day).is_err());
    }
}

//! What all lists of one list file have in common.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use thiserror::Error;

use super::{
    Breach, Duration, Family, Holds, OpenLists, Profile, Proof, Purpose, Register, SeriesView,
    SettingsFacts, Size, Status, StatusError, View, Weight, Width, WidthError,
};

/// A series: settings that make sense together.
///
/// They can be read as they are ([`SeriesSettings`]), and changed by [`with`](Self::with) alone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "SeriesSettings")]
pub struct Series {
    settings: SeriesSettings,
    register: Register,
}

/// The settings of a series, as a list file keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeriesSettings {
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
    #[serde(default, skip_serializing_if = "is_default")]
    pub credentials: Credentials,
    /// The statuses that readers of a family of views may take for valid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blind: Vec<Consent>,
    /// Free notes of the issuer, never published.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub meta: BTreeMap<String, Value>,
    /// How many lists wait for their turn; without any, the series ends with the open lists.
    #[serde(default, skip_serializing_if = "is_default")]
    pub spare: u32,
    /// How many lists hand out entries at once.
    #[serde(default, skip_serializing_if = "is_default")]
    pub open: OpenLists,
    /// The types of the credentials that the series is for, if not for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bound_to: Vec<String>,
}

/// Consent that readers of a family of views take entries with a status for valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// The readers.
    pub view: Family,
    /// The number of the status.
    pub status: u64,
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
    #[serde(skip_serializing_if = "is_default")]
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

/// Why settings do not make sense together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SeriesError {
    /// The list file holds a width that no list may have.
    #[error(transparent)]
    Width(#[from] WidthError),
    /// The default or a final status does not fit the width.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// Readers would be told to keep a copy that has expired.
    #[error("a ttl of {ttl} is longer than the validity of {valid_for}")]
    TtlAboveValidity {
        /// What was asked for.
        ttl: Duration,
        /// How long a token is valid.
        valid_for: Duration,
    },
    /// An entry would start with a status that it can never leave.
    #[error("the default status {0} is final")]
    FinalDefault(Status),
    /// More spare lists than may wait.
    #[error("{0} spare lists: 0 to {max} are possible", max = OpenLists::MAX)]
    Spare(u32),
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
    /// See [`SeriesError`].
    pub fn new(
        register: &Register,
        issuer: String,
        ttl: Duration,
        valid_for: Duration,
        views: Vec<SeriesView>,
    ) -> Result<Self, SeriesError> {
        let value = |status: &Status| u64::from(status.value());
        Self::try_from(SeriesSettings {
            profile: None,
            bits: u64::from(register.width.bits()),
            size: register.size,
            default_status: value(&register.default_status),
            final_statuses: register.final_statuses.iter().map(value).collect(),
            issuer,
            ttl,
            valid_for,
            aggregation_uri: None,
            views,
            credentials: Credentials::default(),
            blind: Vec::new(),
            meta: BTreeMap::new(),
            spare: 0,
            open: OpenLists::default(),
            bound_to: Vec::new(),
        })
    }

    /// The series with other settings.
    ///
    /// # Errors
    /// What the change says, or why the settings make no sense after it.
    pub fn with<E: From<SeriesError>>(
        &self,
        change: impl FnOnce(&mut SeriesSettings) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut settings = self.settings.clone();
        change(&mut settings)?;
        Ok(Self::try_from(settings)?)
    }

    /// The part that credentials depend on: of it, nothing changes but the bits, which can grow.
    #[must_use]
    pub const fn register(&self) -> &Register {
        &self.register
    }

    /// Whether the same register would be published with the same claims.
    #[must_use]
    pub fn publishes_like(&self, other: &Self) -> bool {
        self.issuer == other.issuer
            && self.ttl == other.ttl
            && self.valid_for == other.valid_for
            && self.aggregation_uri == other.aggregation_uri
            && self.forms() == other.forms()
            && self.credentials == other.credentials
            && self.register.width == other.register.width
    }

    /// Whether a view has a document for each entry, which shows the reason of its status.
    #[must_use]
    pub fn publishes_documents(&self) -> bool {
        self.views
            .iter()
            .any(|known| known.view.row().holds == Holds::Documents)
    }

    /// Checks the settings against the profile, if the series has one.
    ///
    /// A list file that was made under other rules can still be read, and its credentials revoked:
    /// only who makes or changes settings asks.
    ///
    /// # Errors
    /// The first rule that must be kept and is not.
    pub fn conforms(&self) -> Result<(), Breach> {
        let first = self.breaches(Weight::Must).into_iter().next();
        first.map_or(Ok(()), Err)
    }

    /// Every rule of this weight that the settings break.
    #[must_use]
    pub fn breaches(&self, weight: Weight) -> Vec<Breach> {
        let Some(profile) = self.profile else {
            return Vec::new();
        };
        let mut breaches = profile.judge_settings(&SettingsFacts {
            views: &self.forms(),
            valid_for: self.valid_for,
            aggregation_uri: self.aggregation_uri.as_deref(),
            register: &self.register,
        });
        breaches.retain(|breach| breach.rule.weight == weight);
        breaches
    }

    /// The statuses that readers may take for good: the final ones, and what the profile keeps.
    #[must_use]
    pub fn lasting_statuses(&self) -> Vec<Status> {
        let mut lasting = self.register.final_statuses.clone();
        let revoked = self.profile.and_then(Profile::irrevocable).is_some();
        if revoked && !lasting.contains(&Status::INVALID) {
            lasting.push(Status::INVALID);
        }
        lasting
    }

    /// The published forms, without their templates.
    #[must_use]
    pub fn forms(&self) -> Vec<View> {
        self.views.iter().map(|view| view.view).collect()
    }
}

impl Deref for Series {
    type Target = SeriesSettings;

    fn deref(&self) -> &SeriesSettings {
        &self.settings
    }
}

impl Serialize for Series {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.settings.serialize(serializer)
    }
}

impl TryFrom<SeriesSettings> for Series {
    type Error = SeriesError;

    fn try_from(settings: SeriesSettings) -> Result<Self, SeriesError> {
        let register = settings.register()?;
        let views = &settings.views;
        if views.is_empty() {
            return Err(SeriesError::NoView);
        }
        for known in views {
            settings.check_view(known.view, &register)?;
        }
        check_ttl(settings.ttl, settings.valid_for)?;
        if settings.spare > OpenLists::MAX {
            return Err(SeriesError::Spare(settings.spare));
        }
        Ok(Self { settings, register })
    }
}

impl SeriesSettings {
    /// Whether a view is a W3C credential.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        self.views.iter().any(|known| known.view.is_credential())
    }

    /// Gives each entry of every list this many bits.
    pub fn widen(&mut self, width: Width) {
        self.bits = width.bits().into();
    }

    fn register(&self) -> Result<Register, SeriesError> {
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
        match (view.family(), self.credentials.proof) {
            (Family::Bitstring, Some(proof))
                if proof.is_rdf() && view.purpose() == Some(Purpose::Message) =>
            {
                Err(SeriesError::MessageInRdf(proof))
            }
            (Family::StatusList2021 | Family::RevocationList2020, Some(Proof::Cose)) => {
                Err(SeriesError::CoseAroundOldFormat(view))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a setting need not be written.
fn is_default<T: Default + PartialEq>(setting: &T) -> bool {
    *setting == T::default()
}

/// Checks that readers are not told to keep a copy for longer than it is valid.
///
/// # Errors
/// [`SeriesError::TtlAboveValidity`].
pub(crate) fn check_ttl(ttl: Duration, valid_for: Duration) -> Result<(), SeriesError> {
    if ttl > valid_for {
        return Err(SeriesError::TtlAboveValidity { ttl, valid_for });
    }
    Ok(())
}

/// The longest ttl with which readers come back before their copy expires, if this one is longer.
///
/// Tokens are renewed at half of their validity. Who fetched one right before has half of it left,
/// and with a longer ttl no reason to ask again before all of it is over.
pub(crate) fn ttl_in_time(ttl: Duration, valid_for: Duration) -> Option<Duration> {
    let longest = valid_for.half();
    (ttl > longest).then_some(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = concat!(
        r#"{"bits":2,"size":8,"defaultStatus":0,"finalStatuses":[1],"issuer":"did:example:1","#,
        r#""ttl":3600,"validFor":604800,"views":[{"view":"jwt","uri":"https://example.com/{n}"}]}"#,
    );

    #[test]
    fn what_is_read_is_written_and_makes_sense() {
        let series: Series = serde_json::from_str(TEXT).unwrap();
        assert_eq!(serde_json::to_string(&series).unwrap(), TEXT);
        assert_eq!(series.register().width, Width::Two);
        for (part, other, fault) in [
            (
                r#""bits":2"#,
                r#""bits":3"#,
                "3 bits per entry: a list has 1, 2, 4 or 8",
            ),
            (
                "[1]",
                "[4]",
                "status 4 does not fit 2 bits: the largest is 3",
            ),
            (
                r#"{"view":"jwt","uri":"https://example.com/{n}"}"#,
                "",
                "the series has no view",
            ),
        ] {
            let read = serde_json::from_str::<Series>(&TEXT.replace(part, other));
            assert_eq!(read.unwrap_err().to_string(), fault);
        }
    }

    #[test]
    fn a_change_that_makes_no_sense_changes_nothing() {
        let series: Series = serde_json::from_str(TEXT).unwrap();
        let changed = series.with(|settings| {
            settings.views.extend(series.views.clone());
            Ok::<_, SeriesError>(())
        });
        assert_eq!(changed, Err(SeriesError::ViewTwice(View::Jwt)));
    }

    #[test]
    fn a_ttl_ends_with_the_validity_and_better_before_the_renewal() {
        let seconds = |seconds| Duration::from_seconds(seconds).unwrap();
        assert_eq!(check_ttl(seconds(100), seconds(100)), Ok(()));
        assert!(check_ttl(seconds(101), seconds(100)).is_err());
        assert_eq!(ttl_in_time(seconds(50), seconds(100)), None);
        for late in [51, 100] {
            let longest = ttl_in_time(seconds(late), seconds(100));
            assert_eq!(longest, Some(seconds(50)), "{late}");
        }
        assert_eq!(ttl_in_time(seconds(1), seconds(1)), None);
    }
}

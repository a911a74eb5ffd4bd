//! Profiles: what a use of status lists demands beyond their specification.
//!
//! Each profile is a table of [`Rule`]s about the settings of a series, and about a status or an
//! index that is asked for. What a profile demands of tokens, their keys and their certificates
//! stands in a table of its own: `audit::profile`.
//!
//! What this tool refuses for everybody is in no table: a list that is not compressed, or a CWT
//! with anything but one signature. Nor is what nobody can see in a list file or a token: who
//! hosts a list, who signs the credentials, and for how long a list is kept.
//!
//! | file | holds |
//! |---|---|
//! | `rules` | the tables |
//! | `demand` | what can be demanded, and whether settings meet it |
//! | `ruling` | what a rule says of something |

mod demand;
mod rules;
mod ruling;

use std::fmt;

use super::names::named;
use super::{Duration, Status, TOKEN_STATUS_LIST, View};

pub(crate) use demand::{Demand, SettingsFacts};
pub(crate) use ruling::{Fact, Ruling};

/// A use of status lists that has rules of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// `ietf`: the Token Status List specification alone.
    Ietf,
    /// `haip`: the `OpenID4VC` High Assurance Interoperability Profile.
    Haip,
    /// `eudi`: the European Digital Identity Wallet.
    Eudi,
    /// `iso-mdoc`: mobile documents.
    IsoMdoc,
    /// `swiss`: the Swiss trust infrastructure (swiyu).
    Swiss,
}

/// One line of a profile's table.
///
/// `D` is what can be demanded: a [`Demand`] on settings, or one on tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule<D = Demand> {
    /// What is demanded.
    pub demand: D,
    /// What it means not to meet it.
    pub weight: Weight,
    /// Who demands it.
    pub(crate) specification: Specification,
    /// A section, a table or the name of a requirement; empty if only the specification is known.
    pub(crate) place: &'static str,
}

/// What it means not to meet a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It is refused.
    Must,
    /// It is warned of.
    Should,
}

/// Who has rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Specification {
    /// The Token Status List specification.
    TokenStatusList,
    /// The `OpenID4VC` High Assurance Interoperability Profile.
    Haip,
    /// The architecture of the European Digital Identity Wallet.
    EudiArf,
    /// Technical specification 3 of the same wallet.
    EudiTs3,
    /// ISO/IEC 18013-5, for mobile documents.
    Mdoc,
    /// The profile of the Swiss trust infrastructure for credentials.
    Swiss,
    /// What its registry takes.
    SwissRegistry,
}

/// A rule that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach<D = Demand> {
    /// Whose rule it is.
    pub profile: Profile,
    /// The rule.
    pub rule: Rule<D>,
    /// What there is in the place of what is demanded.
    pub found: String,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 5] = [
        Self::Ietf,
        Self::Haip,
        Self::Eudi,
        Self::IsoMdoc,
        Self::Swiss,
    ];

    /// The name, as flags and list files spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ietf => "ietf",
            Self::Haip => "haip",
            Self::Eudi => "eudi",
            Self::IsoMdoc => "iso-mdoc",
            Self::Swiss => "swiss",
        }
    }

    /// The view of a series that nobody gave one.
    #[must_use]
    pub const fn default_view(self) -> View {
        match self {
            Self::IsoMdoc => View::Cwt,
            Self::Ietf | Self::Haip | Self::Eudi | Self::Swiss => View::Jwt,
        }
    }

    /// How long tokens are valid if nobody said it.
    #[must_use]
    pub const fn default_validity(self) -> Duration {
        match self {
            Self::Haip | Self::Eudi => Duration::DAY,
            Self::Ietf | Self::IsoMdoc | Self::Swiss => Duration::WEEK,
        }
    }

    /// Whether the profile has rules for lists of this form.
    #[must_use]
    pub fn governs(self, view: View) -> bool {
        self.rules().iter().any(|rule| match rule.demand {
            Demand::AnyView(views) => views.contains(&view),
            Demand::OnlyView(only) => view == only,
            _ => false,
        })
    }

    /// Refuses an index that somebody chose, where it must not be predictable.
    ///
    /// # Errors
    /// The rule against it.
    pub fn chosen_index(self) -> Result<(), Breach> {
        let forbids = |demand| demand == Demand::UnpredictableIndexes;
        let breach = self.breach(forbids, "the index was chosen".to_owned());
        breach.map_or(Ok(()), Err)
    }

    /// Checks that the profile has this status.
    ///
    /// # Errors
    /// The rule against it.
    pub fn has_status(self, status: Status) -> Result<(), Breach> {
        let lacks = |demand| match demand {
            Demand::Statuses(known) => !known.contains(&status.value()),
            _ => false,
        };
        let breach = self.breach(lacks, format!("status {status}"));
        breach.map_or(Ok(()), Err)
    }

    /// The rule that a revoked credential stays revoked, if the profile has it.
    #[must_use]
    pub fn irrevocable(self) -> Option<Breach> {
        let found = format!("status {} is final", Status::INVALID);
        self.breach(|demand| demand == Demand::RevocationForGood, found)
    }

    /// Every rule that the settings of a series break.
    #[must_use]
    pub fn judge_settings(self, settings: &SettingsFacts<'_>) -> Vec<Breach> {
        let breach = |rule: &Rule| Breach::of(self, *rule, rule.demand.rule(settings));
        self.rules().iter().filter_map(breach).collect()
    }

    /// The first rule that demands such a thing, broken by what was found.
    fn breach(self, is_broken: impl Fn(Demand) -> bool, found: String) -> Option<Breach> {
        let rule = self.rules().iter().find(|rule| is_broken(rule.demand))?;
        Breach::of(self, *rule, Ruling::Broken(found))
    }
}

named!(Profile, "profile");

impl<D> Rule<D> {
    /// A rule that must be kept.
    pub(crate) const fn must(demand: D, of: Specification, place: &'static str) -> Self {
        Self::of(demand, Weight::Must, of, place)
    }

    /// A rule that is good to keep.
    pub(crate) const fn should(demand: D, of: Specification, place: &'static str) -> Self {
        Self::of(demand, Weight::Should, of, place)
    }

    const fn of(
        demand: D,
        weight: Weight,
        specification: Specification,
        place: &'static str,
    ) -> Self {
        Self {
            demand,
            weight,
            specification,
            place,
        }
    }

    /// Who demands it, and where that stands.
    pub(crate) fn source(&self) -> String {
        let specification = self.specification.name();
        match self.place {
            "" => specification.to_owned(),
            place => format!("{specification}, {place}"),
        }
    }
}

impl<D> Breach<D> {
    /// Takes what a rule says, if that is that it is broken.
    pub(crate) fn of(profile: Profile, rule: Rule<D>, ruling: Ruling) -> Option<Self> {
        match ruling {
            Ruling::Broken(found) => Some(Self {
                profile,
                rule,
                found,
            }),
            Ruling::Met | Ruling::NotApplicable => None,
        }
    }
}

impl<D: fmt::Display> Breach<D> {
    /// What is demanded, and by which profile.
    #[must_use]
    pub fn demand(&self) -> String {
        let verb = match self.rule.weight {
            Weight::Must => "demands",
            Weight::Should => "asks for",
        };
        format!("profile {} {verb} {}", self.profile, self.rule.demand)
    }

    /// What is demanded, by which profile, and where that stands.
    #[must_use]
    pub fn reason(&self) -> String {
        format!("{} ({})", self.demand(), self.rule.source())
    }
}

impl<D> fmt::Display for Breach<D> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.found)
    }
}

impl<D: fmt::Debug> std::error::Error for Breach<D> {}

impl Specification {
    const fn name(self) -> &'static str {
        match self {
            Self::TokenStatusList => TOKEN_STATUS_LIST,
            Self::Haip => "OpenID4VC HAIP 1.0",
            Self::EudiArf => "EUDI ARF",
            Self::EudiTs3 => "EUDI TS3",
            Self::Mdoc => "ISO/IEC 18013-5, second edition (working draft)",
            Self::Swiss => "Swiss Profile VC 1.0.0",
            Self::SwissRegistry => "swiyu status registry",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_its_name_and_keeps_its_own_defaults() {
        for profile in Profile::ALL {
            assert_eq!(profile.name().parse(), Ok(profile));
            let rules = profile.rules();
            for rule in rules {
                match rule.demand {
                    Demand::AnyView(views) => assert!(views.contains(&profile.default_view())),
                    Demand::OnlyView(view) => assert_eq!(view, profile.default_view()),
                    Demand::ValidAtMost(longest) => {
                        assert!(profile.default_validity() <= longest);
                    }
                    _ => {}
                }
            }
            let governs =
                |rule: &&Rule| matches!(rule.demand, Demand::AnyView(_) | Demand::OnlyView(_));
            assert_eq!(rules.iter().filter(governs).count(), 1, "{profile}");
        }
    }

    #[test]
    fn a_breach_names_the_profile_the_rule_and_its_source() {
        let breach = Profile::Eudi.irrevocable().unwrap();
        assert_eq!(breach.to_string(), "status invalid (1) is final");
        assert_eq!(
            breach.reason(),
            "profile eudi demands that what is revoked stays revoked (EUDI ARF, VCR_04)"
        );
        assert_eq!(Profile::Swiss.irrevocable(), None);
    }
}

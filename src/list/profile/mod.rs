//! Profiles: what a use of status lists demands beyond their specification.
//!
//! Each profile is a table of [`Rule`]s. A rule is about the settings of a series, about a status
//! or an index that is asked for, or about a token, whether it is to be signed or somebody
//! published it; `profile/token.rs` judges the last.
//!
//! What this tool refuses for everybody is in no table: a list that is not compressed, or a CWT
//! with anything but one signature. Nor is what nobody can see in a list file or a token: who
//! hosts a list, who signs the credentials, and for how long a list is kept.

mod rules;
mod ruling;
mod token;

use std::fmt;

use thiserror::Error;

use super::names::named;
use super::{Duration, Register, Series, Status, View, Width};

use ruling::Ruling;

pub use ruling::Fact;
pub use token::{CertificateFacts, Chain, TokenFacts};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What is demanded.
    pub demand: Demand,
    /// What it means not to meet it.
    pub weight: Weight,
    /// Who demands it.
    pub source: Source,
}

/// What it means not to meet a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It is refused.
    Must,
    /// It is warned of.
    Should,
}

/// A document, and the place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    document: &'static str,
    /// A section, a table or the name of a requirement; empty if only the document is known.
    place: &'static str,
}

/// What a rule demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// One of these views, whatever views there are besides.
    AnyView(&'static [View]),
    /// No other view than these.
    OnlyView(View),
    /// Entries of this width.
    Bits(Width),
    /// No other status than these.
    Statuses(&'static [u8]),
    /// What is revoked stays revoked, whoever asks.
    RevocationForGood,
    /// No index that somebody chose.
    UnpredictableIndexes,
    /// At least so many entries.
    Entries(u64),
    /// Tokens that are valid for so long at most.
    ValidAtMost(Duration),
    /// Tokens that expire.
    Expiry,
    /// No `aggregation_uri`.
    NoAggregation,
    /// A list of so many bytes at most, before it is compressed.
    ListBytes(u64),
    /// A token of so many bytes, the first and the last included.
    TokenBytes(u64, u64),
    /// A signature with one of these algorithms, by their JOSE names.
    Algorithms(&'static [&'static str]),
    /// A key id that is a DID and the key's name in its document.
    KeyIsInDid,
    /// This member in the JOSE header.
    HeaderMember(&'static str, &'static str),
    /// The key's certificate in the header.
    Certificate,
    /// The certificate in the header that the signature covers.
    ProtectedCertificate,
    /// A certificate that somebody else issued.
    NotSelfSigned,
    /// No trust anchor beside the certificate.
    NoAnchor,
    /// A certificate that is in force for so many days at most.
    CertificateDays(u64),
    /// A key usage that has `digitalSignature`.
    SignatureUsage,
    /// No extended key usage, or one that is not critical.
    PurposesNotCritical,
}

/// A rule that is broken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{found}")]
pub struct Breach {
    /// Whose rule it is.
    pub profile: Profile,
    /// The rule.
    pub rule: &'static Rule,
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

    /// The member that the JOSE header of every token has: its name and its value.
    #[must_use]
    pub fn header_member(self) -> Option<(&'static str, &'static str)> {
        self.rules().iter().find_map(|rule| match rule.demand {
            Demand::HeaderMember(name, value) => Some((name, value)),
            _ => None,
        })
    }

    /// Refuses an index that somebody chose, where it must not be predictable.
    ///
    /// # Errors
    /// The rule against it.
    pub fn chosen_index(self) -> Result<(), Breach> {
        let breach = self.breach_of(Demand::UnpredictableIndexes, "the index was chosen");
        breach.map_or(Ok(()), Err)
    }

    /// Checks that the profile has this status.
    ///
    /// # Errors
    /// The rule against it.
    pub fn has_status(self, status: Status) -> Result<(), Breach> {
        let lacks = |rule: &Rule| match rule.demand {
            Demand::Statuses(known) => !known.contains(&status.value()),
            _ => false,
        };
        match self.rules().iter().find(|rule| lacks(rule)) {
            Some(rule) => Err(self.broken(rule, format!("status {status}"))),
            None => Ok(()),
        }
    }

    /// The rule that a revoked credential stays revoked, if the profile has it.
    #[must_use]
    pub fn irrevocable(self) -> Option<Breach> {
        let found = format!("status {} is final", Status::INVALID);
        self.breach_of(Demand::RevocationForGood, found)
    }

    /// Every rule that the settings of a series break.
    #[must_use]
    pub fn judge_series(self, series: &Series) -> Vec<Breach> {
        let breach = |rule: &'static Rule| self.breach(rule, rule.demand.rule_series(series));
        self.rules().iter().filter_map(breach).collect()
    }

    fn breach(self, rule: &'static Rule, ruling: Ruling) -> Option<Breach> {
        match ruling {
            Ruling::Broken(found) => Some(self.broken(rule, found)),
            Ruling::Met | Ruling::NotApplicable => None,
        }
    }

    fn breach_of(self, demand: Demand, found: impl Into<String>) -> Option<Breach> {
        let rule = self.rules().iter().find(|rule| rule.demand == demand)?;
        Some(self.broken(rule, found))
    }

    fn broken(self, rule: &'static Rule, found: impl Into<String>) -> Breach {
        Breach {
            profile: self,
            rule,
            found: found.into(),
        }
    }
}

named!(Profile, "profile");

impl Breach {
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
        format!("{} ({})", self.demand(), self.rule.source)
    }
}

impl Series {
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
        let breaches = self.profile.map(|profile| profile.judge_series(self));
        let mut breaches = breaches.unwrap_or_default();
        breaches.retain(|breach| breach.rule.weight == weight);
        breaches
    }
}

impl Demand {
    /// Whether settings meet what is demanded.
    fn rule_series(self, series: &Series) -> Ruling {
        let forms = series.forms();
        match self {
            Self::AnyView(views) => {
                Ruling::demand(forms.iter().any(|view| views.contains(view)), || {
                    format!("the series has no view {}", alternatives(views))
                })
            }
            Self::OnlyView(only) => match forms.into_iter().find(|view| *view != only) {
                None => Ruling::Met,
                Some(other) => Ruling::Broken(format!("the series has the view {other}")),
            },
            Self::ValidAtMost(longest) => Ruling::demand(series.valid_for <= longest, || {
                format!("tokens are valid for {}", series.valid_for)
            }),
            Self::NoAggregation => match &series.aggregation_uri {
                None => Ruling::Met,
                Some(uri) => Ruling::Broken(format!("tokens name the aggregation '{uri}'")),
            },
            Self::Bits(_) | Self::RevocationForGood | Self::Entries(_) | Self::ListBytes(_) => {
                match series.register() {
                    Ok(register) => self.rule_register(&register),
                    Err(error) => Ruling::Broken(format!("the settings say nothing: {error}")),
                }
            }
            // They are about statuses and indexes that are asked for, and about tokens.
            Self::Statuses(_)
            | Self::UnpredictableIndexes
            | Self::Expiry
            | Self::TokenBytes(..)
            | Self::Algorithms(_)
            | Self::KeyIsInDid
            | Self::HeaderMember(..)
            | Self::Certificate
            | Self::ProtectedCertificate
            | Self::NotSelfSigned
            | Self::NoAnchor
            | Self::CertificateDays(_)
            | Self::SignatureUsage
            | Self::PurposesNotCritical => Ruling::NotApplicable,
        }
    }

    /// The same for the register of each list.
    fn rule_register(self, register: &Register) -> Ruling {
        let entries = register.size.entries();
        match self {
            Self::Bits(width) => Ruling::demand(register.width == width, || {
                format!("the entries have {}", register.width)
            }),
            Self::RevocationForGood => {
                let is_final = register.final_statuses.contains(&Status::INVALID);
                Ruling::demand(is_final, || {
                    format!("status {} is not final", Status::INVALID)
                })
            }
            Self::Entries(least) => {
                Ruling::demand(entries >= least, || format!("a list has {entries} entries"))
            }
            Self::ListBytes(most) => {
                let bytes = register.width.bytes_for(entries);
                Ruling::demand(bytes <= most, || format!("a list has {bytes} bytes"))
            }
            _ => Ruling::NotApplicable,
        }
    }

    /// The way to meet it.
    #[must_use]
    pub const fn way_out(self) -> &'static str {
        match self {
            Self::AnyView(_) => "add one: --as VIEW",
            Self::OnlyView(_) => "another list file for other views",
            Self::Bits(_) => "another --bits",
            Self::Statuses(_) => "give another status",
            Self::RevocationForGood => "--final invalid",
            Self::UnpredictableIndexes => "leave out --index",
            Self::Entries(_) => "a larger --size",
            Self::ValidAtMost(_) => "a shorter --valid-for",
            Self::Expiry => "sign it with an `exp`",
            Self::NoAggregation => "leave out --aggregation-uri",
            Self::ListBytes(_) => "a smaller --size, or fewer --bits",
            Self::TokenBytes(..) => "a new list file with a smaller --size",
            Self::Algorithms(_) => "another --key; to make one: statuslist keygen --alg ES256 FILE",
            Self::KeyIsInDid => "--kid did:METHOD:ID#KEY",
            Self::HeaderMember(..) => "sign it with the profile",
            Self::Certificate => "--cert FILE",
            Self::NotSelfSigned
            | Self::CertificateDays(_)
            | Self::SignatureUsage
            | Self::PurposesNotCritical => "another certificate: --cert FILE",
            Self::ProtectedCertificate => "move it to the protected header",
            Self::NoAnchor => "leave it out",
        }
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnyView(views) => write!(formatter, "a view {}", alternatives(views)),
            Self::OnlyView(view) => write!(formatter, "the view {view} alone"),
            Self::Bits(width) => write!(formatter, "entries of {width}"),
            Self::Statuses(known) => write!(formatter, "one of the statuses {}", listed(known)),
            Self::RevocationForGood => formatter.write_str("that what is revoked stays revoked"),
            Self::UnpredictableIndexes => formatter.write_str("indexes that nobody can predict"),
            Self::Entries(least) => write!(formatter, "at least {least} entries"),
            Self::ValidAtMost(longest) => write!(formatter, "a validity of at most {longest}"),
            Self::Expiry => formatter.write_str("tokens that expire"),
            Self::NoAggregation => formatter.write_str("lists without an aggregation"),
            Self::ListBytes(most) => write!(formatter, "a list of at most {most} bytes"),
            Self::TokenBytes(least, most) => {
                write!(formatter, "a token of {least} to {most} bytes")
            }
            Self::Algorithms([only]) => write!(formatter, "a signature with {only}"),
            Self::Algorithms(names) => {
                write!(formatter, "a signature with one of {}", names.join(", "))
            }
            Self::KeyIsInDid => formatter.write_str("a key id that is a DID and its key's name"),
            Self::HeaderMember(name, value) => {
                write!(formatter, "the header member {name} with '{value}'")
            }
            Self::Certificate => formatter.write_str("the key's certificate in the token"),
            Self::ProtectedCertificate => {
                formatter.write_str("the certificate in the protected header")
            }
            Self::NotSelfSigned => formatter.write_str("a certificate that is not self-signed"),
            Self::NoAnchor => formatter.write_str("certificates without the trust anchor"),
            Self::CertificateDays(most) => {
                write!(formatter, "a certificate for at most {most} days")
            }
            Self::SignatureUsage => {
                formatter.write_str("a certificate with the key usage digitalSignature")
            }
            Self::PurposesNotCritical => {
                formatter.write_str("an extended key usage that is not critical, or none")
            }
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            "" => formatter.write_str(self.document),
            place => write!(formatter, "{}, {place}", self.document),
        }
    }
}

fn alternatives(views: &[View]) -> String {
    let names: Vec<_> = views.iter().map(|view| view.name()).collect();
    names.join(" or ")
}

fn listed(statuses: &[u8]) -> String {
    let names: Vec<_> = statuses.iter().map(u8::to_string).collect();
    names.join(", ")
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

//! What a profile can demand of a token, and whether it meets it.

use std::fmt;

use super::certificate::{CertificateFacts, ChainEnd};
use crate::list::{Demand, Duration, Fact, Ruling, Status, View, Width};

/// What a rule demands of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenDemand {
    /// What is demanded of settings, as far as a token shows it.
    OfSettings(Demand),
    /// Tokens that expire.
    Expiry,
    /// A signature with one of these algorithms, by their JOSE names.
    Algorithms(&'static [&'static str]),
    /// A key id that is a DID and the key's name in its document.
    KeyIsInDid,
    /// This member in the JOSE header.
    HeaderMember(HeaderMember),
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
    /// A token of so many bytes, the first and the last included.
    TokenBytes(u64, u64),
}

/// A member of a JOSE header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeaderMember {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its value.
    pub(crate) value: &'static str,
}

/// What a profile can judge of a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenFacts<'a> {
    /// Its form: [`View::Jwt`] or [`View::Cwt`].
    pub(crate) view: View,
    /// The JOSE name of its algorithm.
    pub(crate) algorithm: Fact<&'a str>,
    /// The identifier of its key.
    pub(crate) key_id: Fact<&'a str>,
    /// The value of the header member that the profile demands, if it demands one.
    pub(crate) header_member: Fact<&'a str>,
    /// Whether it has an `aggregation_uri`, of whatever form.
    pub(crate) names_aggregation: bool,
    /// The seconds between its `iat` and its `exp`; missing if it never expires.
    pub(crate) valid_for: Fact<i64>,
    /// The width of its entries.
    pub(crate) width: Fact<Width>,
    /// The bytes of its list before they were compressed.
    pub(crate) list_bytes: Fact<u64>,
    /// The statuses that occur in it.
    pub(crate) statuses: Fact<&'a [Status]>,
    /// What its key's certificate says.
    pub(crate) certificate: Fact<CertificateFacts>,
    /// Whether it brings certificates where the signature does not cover them.
    pub(crate) unprotected_certificate: bool,
    /// The bytes of the token.
    pub(crate) bytes: Fact<u64>,
}

impl From<Demand> for TokenDemand {
    fn from(demand: Demand) -> Self {
        Self::OfSettings(demand)
    }
}

impl TokenDemand {
    /// When it is judged, whatever table it stands in: how long everything is comes at the end.
    pub(super) const fn step(self) -> u8 {
        match self {
            Self::OfSettings(Demand::ListBytes(_)) | Self::TokenBytes(..) => 4,
            Self::KeyIsInDid | Self::HeaderMember(_) => 3,
            Self::OfSettings(Demand::NoAggregation) => 2,
            Self::OfSettings(_) => 0,
            _ => 1,
        }
    }

    /// Whether a token meets what is demanded.
    pub(super) fn rule(self, facts: &TokenFacts<'_>) -> Ruling {
        // That there must be one is a rule of its own.
        let certificate = |judge: &dyn Fn(CertificateFacts) -> Ruling| match facts.certificate {
            Fact::Missing => Ruling::NotApplicable,
            known => known.rule("certificate", judge),
        };
        match self {
            Self::OfSettings(demand) => rule_settings(demand, facts),
            Self::Expiry => validity(facts.valid_for, u64::MAX),
            Self::TokenBytes(least, most) => facts.bytes.rule("length", |found| {
                Ruling::demand((least..=most).contains(&found), || {
                    format!("the token has {found} bytes")
                })
            }),
            Self::Algorithms(names) => facts.algorithm.rule("algorithm", |found| {
                Ruling::demand(names.contains(&found), || {
                    format!("the token is signed with {}", printable(found))
                })
            }),
            Self::KeyIsInDid => match facts.key_id {
                Fact::Missing => Ruling::Broken("the token names no key".to_owned()),
                known => known.rule("kid", |found| {
                    Ruling::demand(is_did_key(found), || {
                        format!("the key is called '{}'", printable(found))
                    })
                }),
            },
            Self::HeaderMember(HeaderMember { name, value }) => match facts.header_member {
                Fact::Missing => Ruling::Broken(format!("the header has no {name}")),
                known => known.rule(name, |found| {
                    Ruling::demand(found == value, || {
                        format!("the header's {name} is '{}'", printable(found))
                    })
                }),
            },
            Self::Certificate => facts.certificate.rule("certificate", |_| Ruling::Met),
            Self::ProtectedCertificate => Ruling::demand(!facts.unprotected_certificate, || {
                "the certificate is in the header that is not protected".to_owned()
            }),
            Self::NotSelfSigned => certificate(&|found| {
                Ruling::demand(found.end != ChainEnd::SelfSigned, || {
                    "the certificate is self-signed".to_owned()
                })
            }),
            Self::NoAnchor => certificate(&|found| {
                Ruling::demand(found.end != ChainEnd::WithAnchor, || {
                    "the trust anchor stands beside the certificate".to_owned()
                })
            }),
            Self::CertificateDays(most) => certificate(&|found| in_force(found.in_force, most)),
            Self::SignatureUsage => certificate(&|found| {
                Ruling::demand(found.signs, || {
                    "the certificate has no key usage digitalSignature".to_owned()
                })
            }),
            Self::PurposesNotCritical => certificate(&|found| {
                Ruling::demand(!found.critical_purposes, || {
                    "the certificate has a critical extended key usage".to_owned()
                })
            }),
        }
    }
}

/// Whether a certificate is in force for so many days at most.
fn in_force(seconds: i64, most: u64) -> Ruling {
    const DAY: u64 = 86_400;
    if seconds < 0 {
        return Ruling::Broken("the certificate ends before it begins".to_owned());
    }
    let days = seconds.unsigned_abs().div_ceil(DAY);
    Ruling::demand(days <= most, || {
        format!("the certificate is in force for {days} days")
    })
}

/// Whether a token shows that its settings meet what is demanded of them.
fn rule_settings(demand: Demand, facts: &TokenFacts<'_>) -> Ruling {
    let other_form = || format!("the token is a {}", facts.view);
    match demand {
        Demand::AnyView(views) => Ruling::demand(views.contains(&facts.view), other_form),
        Demand::OnlyView(only) => Ruling::demand(facts.view == only, other_form),
        Demand::Bits(width) => facts.width.rule("width of the entries", |found| {
            Ruling::demand(found == width, || format!("the entries have {found}"))
        }),
        Demand::Statuses(known) => facts.statuses.rule("list", |found| {
            let unknown = |status: &&Status| !known.contains(&status.value());
            match found.iter().find(unknown) {
                None => Ruling::Met,
                Some(status) => Ruling::Broken(format!("status {status} occurs in the list")),
            }
        }),
        Demand::Entries(least) => facts.list_bytes.rule("list", |bytes| {
            facts.width.rule("width of the entries", |width| {
                let found = bytes.saturating_mul(8) / u64::from(width.bits());
                Ruling::demand(found >= least, || format!("the list has {found} entries"))
            })
        }),
        Demand::ValidAtMost(longest) => validity(facts.valid_for, longest.seconds()),
        Demand::NoAggregation => Ruling::demand(!facts.names_aggregation, || {
            "the token names an aggregation".to_owned()
        }),
        Demand::ListBytes(most) => facts.list_bytes.rule("list", |found| {
            Ruling::demand(found <= most, || format!("the list has {found} bytes"))
        }),
        // They are about what may be done with a list.
        Demand::RevocationForGood | Demand::UnpredictableIndexes => Ruling::NotApplicable,
    }
}

impl fmt::Display for TokenDemand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OfSettings(demand) => demand.fmt(formatter),
            Self::Expiry => formatter.write_str("tokens that expire"),
            Self::TokenBytes(least, most) => {
                write!(formatter, "a token of {least} to {most} bytes")
            }
            Self::Algorithms([only]) => write!(formatter, "a signature with {only}"),
            Self::Algorithms(names) => {
                write!(formatter, "a signature with one of {}", names.join(", "))
            }
            Self::KeyIsInDid => formatter.write_str("a key id that is a DID and its key's name"),
            Self::HeaderMember(HeaderMember { name, value }) => {
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

/// Whether a token is valid for so many seconds at most. A length that is not above 0, or that no
/// duration can be, is judged like any other.
fn validity(found: Fact<i64>, most: u64) -> Ruling {
    let seconds = match found {
        Fact::Is(seconds) => seconds,
        Fact::Missing => return Ruling::Broken("the token never expires".to_owned()),
        Fact::Unclear => {
            return Ruling::Broken("how long the token is valid cannot be told".to_owned());
        }
        Fact::Elsewhere => return Ruling::NotApplicable,
    };
    match u64::try_from(seconds) {
        Err(_) | Ok(0) => Ruling::Broken("the token expires before it is issued".to_owned()),
        Ok(seconds) => Ruling::demand(seconds <= most, || {
            let length = Duration::from_seconds(seconds)
                .map_or_else(|| format!("{seconds} seconds"), |length| length.to_string());
            format!("the token is valid for {length}")
        }),
    }
}

/// Whether a key id is an absolute DID URL with the name of a key behind `#` (Decentralized
/// Identifiers v1.0, sections 3.1 and 3.2).
pub(super) fn is_did_key(text: &str) -> bool {
    let Some((did, key)) = text.split_once('#') else {
        return false;
    };
    let mut parts = did.splitn(3, ':');
    let is_method = |method: &str| {
        let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !method.is_empty() && method.bytes().all(lower)
    };
    let visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    parts.next() == Some("did")
        && parts.next().is_some_and(is_method)
        && parts.next().is_some_and(visible)
        && visible(key)
        && !key.contains('#')
}

/// Foreign text, short enough and without control characters.
fn printable(text: &str) -> String {
    const MOST: usize = 80;
    let escaped = text.chars().flat_map(char::escape_debug);
    escaped.take(MOST).collect()
}

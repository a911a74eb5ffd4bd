//! Judging a token by a profile.

use super::ruling::{Fact, Ruling};
use super::{Breach, Demand, Profile};
use crate::list::{Duration, Status, View, Width};

/// What a profile can judge of a token.
#[derive(Clone, Copy, Debug)]
pub struct TokenFacts<'a> {
    /// Its form: [`View::Jwt`] or [`View::Cwt`].
    pub view: View,
    /// The JOSE name of its algorithm.
    pub algorithm: Fact<&'a str>,
    /// The identifier of its key.
    pub key_id: Fact<&'a str>,
    /// The value of the header member that [`Profile::header_member`] names.
    pub header_member: Fact<&'a str>,
    /// Whether it has an `aggregation_uri`, of whatever form.
    pub names_aggregation: bool,
    /// The seconds between its `iat` and its `exp`; missing if it never expires.
    pub valid_for: Fact<i64>,
    /// The width of its entries.
    pub width: Fact<Width>,
    /// The bytes of its list before they were compressed.
    pub list_bytes: Fact<u64>,
    /// The statuses that occur in it.
    pub statuses: Fact<&'a [Status]>,
    /// What its key's certificate says.
    pub certificate: Fact<CertificateFacts>,
    /// Whether it brings certificates where the signature does not cover them.
    pub unprotected_certificate: bool,
    /// The bytes of the token.
    pub bytes: Fact<u64>,
}

/// What a profile can judge of the certificates in a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Where the chain ends.
    pub chain: Chain,
    /// The seconds for which the key's own certificate is in force.
    pub in_force: i64,
    /// Whether its key usage names signatures.
    pub signs: bool,
    /// Whether it has an extended key usage that is critical.
    pub critical_purposes: bool,
}

/// Where a chain of certificates ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Below the trust anchor.
    WithoutAnchor,
    /// At the trust anchor.
    WithAnchor,
    /// At its beginning: the key's own certificate is self-signed.
    SelfSigned,
}

impl Profile {
    /// Whether the profile has rules for tokens of this form.
    #[must_use]
    pub fn governs(self, view: View) -> bool {
        self.rules().iter().any(|rule| match rule.demand {
            Demand::AnyView(views) => views.contains(&view),
            Demand::OnlyView(only) => view == only,
            _ => false,
        })
    }

    /// Every rule that a token breaks. One in a form that the profile does not have breaks that
    /// rule and no other.
    #[must_use]
    pub fn judge_token(self, facts: &TokenFacts<'_>) -> Vec<Breach> {
        let governs = self.governs(facts.view);
        self.rules()
            .iter()
            .filter(|rule| {
                governs || matches!(rule.demand, Demand::AnyView(_) | Demand::OnlyView(_))
            })
            .filter_map(|rule| self.breach(rule, rule.demand.rule_token(facts)))
            .collect()
    }
}

impl Demand {
    /// Whether a token meets what is demanded.
    fn rule_token(self, facts: &TokenFacts<'_>) -> Ruling {
        let other_form = || format!("the token is a {}", facts.view);
        match self {
            Self::AnyView(views) => Ruling::demand(views.contains(&facts.view), other_form),
            Self::OnlyView(only) => Ruling::demand(facts.view == only, other_form),
            Self::Bits(width) => facts.width.rule("width of the entries", |found| {
                Ruling::demand(found == width, || format!("the entries have {found}"))
            }),
            Self::Statuses(known) => facts.statuses.rule("list", |found| {
                let unknown = |status: &&Status| !known.contains(&status.value());
                match found.iter().find(unknown) {
                    None => Ruling::Met,
                    Some(status) => Ruling::Broken(format!("status {status} occurs in the list")),
                }
            }),
            Self::Entries(least) => facts.list_bytes.rule("list", |bytes| {
                facts.width.rule("width of the entries", |width| {
                    let found = bytes.saturating_mul(8) / u64::from(width.bits());
                    Ruling::demand(found >= least, || format!("the list has {found} entries"))
                })
            }),
            Self::ValidAtMost(longest) => validity(facts.valid_for, longest.seconds()),
            Self::Expiry => validity(facts.valid_for, u64::MAX),
            Self::NoAggregation => Ruling::demand(!facts.names_aggregation, || {
                "the token names an aggregation".to_owned()
            }),
            Self::ListBytes(most) => facts.list_bytes.rule("list", |found| {
                Ruling::demand(found <= most, || format!("the list has {found} bytes"))
            }),
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
            Self::HeaderMember(name, value) => match facts.header_member {
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
            Self::NotSelfSigned
            | Self::NoAnchor
            | Self::CertificateDays(_)
            | Self::SignatureUsage
            | Self::PurposesNotCritical => match facts.certificate {
                // That there must be one is a rule of its own.
                Fact::Missing => Ruling::NotApplicable,
                known => known.rule("certificate", |found| self.rule_certificate(found)),
            },
            // They are about what may be done with a list.
            Self::RevocationForGood | Self::UnpredictableIndexes => Ruling::NotApplicable,
        }
    }

    /// The same for what a certificate says.
    fn rule_certificate(self, found: CertificateFacts) -> Ruling {
        match self {
            Self::NotSelfSigned => Ruling::demand(found.chain != Chain::SelfSigned, || {
                "the certificate is self-signed".to_owned()
            }),
            Self::NoAnchor => Ruling::demand(found.chain != Chain::WithAnchor, || {
                "the trust anchor stands beside the certificate".to_owned()
            }),
            Self::CertificateDays(_) if found.in_force < 0 => {
                Ruling::Broken("the certificate ends before it begins".to_owned())
            }
            Self::CertificateDays(most) => Ruling::demand(found.in_force <= days(most), || {
                let days = (found.in_force - 1).div_euclid(DAY) + 1;
                format!("the certificate is in force for {days} days")
            }),
            Self::SignatureUsage => Ruling::demand(found.signs, || {
                "the certificate has no key usage digitalSignature".to_owned()
            }),
            Self::PurposesNotCritical => Ruling::demand(!found.critical_purposes, || {
                "the certificate has a critical extended key usage".to_owned()
            }),
            _ => Ruling::NotApplicable,
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

const DAY: i64 = 86_400;

fn days(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(DAY)
}

/// Whether a key id is an absolute DID URL with the name of a key behind `#` (Decentralized
/// Identifiers v1.0, sections 3.1 and 3.2).
fn is_did_key(text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A token that every profile of its form accepts.
    fn facts(view: View) -> TokenFacts<'static> {
        TokenFacts {
            view,
            algorithm: Fact::Is("ES256"),
            key_id: Fact::Is("did:example:issuer#key-1"),
            header_member: Fact::Is("swiss-profile-vc:1.0.0"),
            names_aggregation: false,
            valid_for: Fact::Is(DAY),
            width: Fact::Is(Width::One),
            list_bytes: Fact::Is(16_384),
            statuses: Fact::Is(&[Status::VALID, Status::INVALID]),
            certificate: Fact::Is(CertificateFacts {
                chain: Chain::WithoutAnchor,
                in_force: 1_187 * DAY,
                signs: true,
                critical_purposes: false,
            }),
            unprotected_certificate: false,
            bytes: Fact::Is(1_000),
        }
    }

    /// The certificate of [`facts`], but for one thing.
    fn with(change: impl FnOnce(&mut CertificateFacts)) -> Fact<CertificateFacts> {
        let Fact::Is(mut certificate) = facts(View::Cwt).certificate else {
            panic!("there is a certificate");
        };
        change(&mut certificate);
        Fact::Is(certificate)
    }

    fn found(profile: Profile, facts: &TokenFacts<'_>) -> Vec<String> {
        let breaches = profile.judge_token(facts);
        breaches.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_good_token_breaks_no_rule() {
        for profile in Profile::ALL {
            let view = profile.default_view();
            assert_eq!(found(profile, &facts(view)), [""; 0], "{profile}");
        }
    }

    #[test]
    fn bounds_are_where_the_tables_say() {
        for (bytes, refused) in [(200, true), (201, false), (200_000, false), (200_001, true)] {
            let mut facts = facts(View::Jwt);
            facts.bytes = Fact::Is(bytes);
            assert_eq!(
                !found(Profile::Swiss, &facts).is_empty(),
                refused,
                "{bytes}"
            );
            facts.bytes = Fact::Elsewhere;
            facts.list_bytes = Fact::Is(bytes);
            let refused = bytes > 200_000;
            assert_eq!(
                !found(Profile::Swiss, &facts).is_empty(),
                refused,
                "{bytes}"
            );
        }
        for (seconds, refused) in [(86_400, false), (86_401, true)] {
            let mut facts = facts(View::Jwt);
            facts.valid_for = Fact::Is(seconds);
            assert_eq!(!found(Profile::Eudi, &facts).is_empty(), refused);
        }
        for (in_force, refused) in [(1_187 * DAY, false), (1_187 * DAY + 1, true)] {
            let mut facts = facts(View::Cwt);
            facts.certificate = with(|certificate| certificate.in_force = in_force);
            assert_eq!(!found(Profile::IsoMdoc, &facts).is_empty(), refused);
        }
    }

    #[test]
    fn a_validity_that_is_no_duration_is_not_within_bounds() {
        for (seconds, said) in [
            (101 * 365 * DAY, "the token is valid for 3185136000 seconds"),
            (
                i64::MAX,
                "the token is valid for 9223372036854775807 seconds",
            ),
            (0, "the token expires before it is issued"),
            (-1, "the token expires before it is issued"),
            (i64::MIN, "the token expires before it is issued"),
        ] {
            let mut facts = facts(View::Jwt);
            facts.valid_for = Fact::Is(seconds);
            assert_eq!(found(Profile::Eudi, &facts), [said]);
        }
        let mut ends_first = facts(View::Cwt);
        ends_first.certificate = with(|certificate| certificate.in_force = -1);
        assert_eq!(
            found(Profile::IsoMdoc, &ends_first),
            ["the certificate ends before it begins"]
        );
    }

    /// What cannot be evaluated is never met; what was judged elsewhere is not judged again.
    #[test]
    fn what_cannot_be_evaluated_is_broken() {
        let with_all = |view, fact: fn() -> Fact<()>| {
            fn same<T>(fact: Fact<()>) -> Fact<T> {
                match fact {
                    Fact::Missing => Fact::Missing,
                    Fact::Unclear => Fact::Unclear,
                    Fact::Is(()) | Fact::Elsewhere => Fact::Elsewhere,
                }
            }
            TokenFacts {
                algorithm: same(fact()),
                key_id: same(fact()),
                header_member: same(fact()),
                valid_for: same(fact()),
                width: same(fact()),
                list_bytes: same(fact()),
                statuses: same(fact()),
                certificate: same(fact()),
                bytes: same(fact()),
                ..facts(view)
            }
        };
        for profile in Profile::ALL {
            let view = profile.default_view();
            assert_eq!(found(profile, &with_all(view, || Fact::Elsewhere)), [""; 0]);
            let about_facts = |demand: &Demand| {
                !matches!(
                    demand,
                    Demand::AnyView(_)
                        | Demand::OnlyView(_)
                        | Demand::RevocationForGood
                        | Demand::UnpredictableIndexes
                        | Demand::NoAggregation
                        | Demand::ProtectedCertificate
                )
            };
            let rules = profile.rules().iter().map(|rule| rule.demand);
            let expected = rules.filter(about_facts).count();
            let unclear = found(profile, &with_all(view, || Fact::Unclear));
            assert_eq!(unclear.len(), expected, "{profile}: {unclear:?}");
        }
        assert_eq!(
            found(Profile::Haip, &with_all(View::Jwt, || Fact::Missing)),
            ["the token has no certificate", "the token has no algorithm"]
        );
    }

    #[test]
    fn a_token_of_another_form_breaks_one_rule() {
        let mut facts = facts(View::Jwt);
        facts.width = Fact::Is(Width::Two);
        assert_eq!(found(Profile::IsoMdoc, &facts), ["the token is a jwt"]);
        facts.view = View::Cwt;
        assert_eq!(found(Profile::Swiss, &facts), ["the token is a cwt"]);
    }

    #[test]
    fn what_this_tool_never_signs_is_found_in_foreign_tokens() {
        let mut token = facts(View::Cwt);
        token.valid_for = Fact::Missing;
        token.unprotected_certificate = true;
        token.algorithm = Fact::Is("ES256K");
        assert_eq!(
            found(Profile::IsoMdoc, &token),
            [
                "the token is signed with ES256K",
                "the token never expires",
                "the certificate is in the header that is not protected",
            ]
        );
        let mut token = facts(View::Jwt);
        token.valid_for = Fact::Missing;
        assert_eq!(found(Profile::Swiss, &token), ["the token never expires"]);
        assert_eq!(found(Profile::Eudi, &token), ["the token never expires"]);
        token.certificate = with(|certificate| certificate.chain = Chain::WithAnchor);
        let anchor = "the trust anchor stands beside the certificate";
        assert_eq!(found(Profile::Haip, &token), [anchor]);
    }

    #[test]
    fn keys_in_dids() {
        for text in ["did:example:issuer#key-1", "did:web:example.com:a%3A1#x"] {
            assert!(is_did_key(text), "{text}");
        }
        for text in [
            "",
            "key-1",
            "#key-1",
            "did:example:issuer",
            "did:example:issuer#",
            "did:example:#key",
            "did::issuer#key",
            "did:Example:issuer#key",
            "did:example:is suer#key",
            "did:example:issuer#a#b",
            "https://example.com/#key",
        ] {
            assert!(!is_did_key(text), "{text}");
        }
    }

    #[test]
    fn foreign_text_is_escaped_and_cut() {
        let mut facts = facts(View::Jwt);
        let long = format!("\u{1b}[31m{}", "x".repeat(1_000));
        facts.key_id = Fact::Is(&long);
        let found = found(Profile::Swiss, &facts).concat();
        assert!(
            found.starts_with("the key is called '\\u{1b}[31mxx"),
            "{found}"
        );
        assert!(found.len() < 120, "{found}");
    }
}

//! Judging a token by a profile.

use super::{Breach, Demand, Profile};
use crate::list::{Duration, Status, View, Width};

/// What a profile can judge of a token; what is not known, or cannot be read, is left out.
#[derive(Clone, Copy, Debug)]
pub struct TokenFacts<'a> {
    /// Its form: [`View::Jwt`] or [`View::Cwt`].
    pub view: View,
    /// The JOSE name of its algorithm.
    pub algorithm: Option<&'a str>,
    /// The identifier of its key.
    pub key_id: Option<&'a str>,
    /// The value of the header member that [`Profile::header_member`] names.
    pub header_member: Option<&'a str>,
    /// Its `aggregation_uri`.
    pub aggregation_uri: Option<&'a str>,
    /// The seconds between its `iat` and its `exp`; nothing if it never expires.
    pub valid_for: Option<i64>,
    /// The width of its entries.
    pub width: Option<Width>,
    /// The bytes of its list before they were compressed.
    pub list_bytes: Option<u64>,
    /// The statuses that occur in it, as far as they were looked for.
    pub statuses: &'a [Status],
    /// What its key's certificate says, if the token brings one.
    pub certificate: Option<CertificateFacts>,
    /// Whether it brings certificates where the signature does not cover them.
    pub unprotected_certificate: bool,
    /// The bytes of the token.
    pub bytes: Option<u64>,
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
            .filter_map(|rule| Some(self.broken(rule, rule.demand.unmet_by_token(facts)?)))
            .collect()
    }
}

impl Demand {
    /// What a token has in the place of what is demanded; `None` if it meets it, or if it is not
    /// about tokens.
    fn unmet_by_token(self, facts: &TokenFacts<'_>) -> Option<String> {
        match self {
            Self::AnyView(views) if !views.contains(&facts.view) => {
                Some(format!("the token is a {}", facts.view))
            }
            Self::OnlyView(only) if facts.view != only => {
                Some(format!("the token is a {}", facts.view))
            }
            Self::Bits(width) => {
                let found = facts.width.filter(|found| *found != width)?;
                Some(format!("the entries have {found}"))
            }
            Self::Statuses(known) => {
                let unknown = |status: &&Status| !known.contains(&status.value());
                let found = facts.statuses.iter().find(unknown)?;
                Some(format!("status {found} occurs in the list"))
            }
            Self::Entries(least) => {
                let found = facts.list_bytes? * 8 / u64::from(facts.width?.bits());
                (found < least).then(|| format!("the list has {found} entries"))
            }
            Self::ValidAtMost(longest) => match facts.valid_for {
                None => Some("the token never expires".to_owned()),
                Some(seconds) => {
                    let found = u64::try_from(seconds)
                        .ok()
                        .and_then(Duration::from_seconds)?;
                    (found > longest).then(|| format!("the token is valid for {found}"))
                }
            },
            Self::Expiry if facts.valid_for.is_none() => Some("the token never expires".to_owned()),
            Self::ProtectedCertificate if facts.unprotected_certificate => {
                Some("the certificate is in the header that is not protected".to_owned())
            }
            Self::NoAggregation => facts
                .aggregation_uri
                .map(|_| "the token names an aggregation".to_owned()),
            Self::ListBytes(most) => {
                let found = facts.list_bytes.filter(|found| *found > most)?;
                Some(format!("the list has {found} bytes"))
            }
            Self::TokenBytes(least, most) => {
                let found = facts
                    .bytes
                    .filter(|found| !(least..=most).contains(found))?;
                Some(format!("the token has {found} bytes"))
            }
            Self::Algorithms(names) => {
                let found = facts.algorithm.filter(|found| !names.contains(found))?;
                Some(format!("the token is signed with {}", printable(found)))
            }
            Self::KeyIsInDid => match facts.key_id {
                None => Some("the token names no key".to_owned()),
                Some(found) if is_did_key(found) => None,
                Some(found) => Some(format!("the key is called '{}'", printable(found))),
            },
            Self::HeaderMember(name, value) => match facts.header_member {
                None => Some(format!("the header has no {name}")),
                Some(found) if found == value => None,
                Some(found) => Some(format!("the header's {name} is '{}'", printable(found))),
            },
            other => other.unmet_by_certificate(facts.certificate),
        }
    }

    /// The same for the certificates of a token.
    fn unmet_by_certificate(self, found: Option<CertificateFacts>) -> Option<String> {
        let Some(found) = found else {
            return (self == Self::Certificate).then(|| "the token has no certificate".to_owned());
        };
        let text = match self {
            Self::NotSelfSigned if found.chain == Chain::SelfSigned => {
                "the certificate is self-signed".to_owned()
            }
            Self::NoAnchor if found.chain == Chain::WithAnchor => {
                "the trust anchor stands beside the certificate".to_owned()
            }
            Self::CertificateDays(most) if found.in_force > days(most) => {
                let days = (found.in_force - 1).div_euclid(DAY) + 1;
                format!("the certificate is in force for {days} days")
            }
            Self::SignatureUsage if !found.signs => {
                "the certificate has no key usage digitalSignature".to_owned()
            }
            Self::PurposesNotCritical if found.critical_purposes => {
                "the certificate has a critical extended key usage".to_owned()
            }
            _ => return None,
        };
        Some(text)
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
            algorithm: Some("ES256"),
            key_id: Some("did:example:issuer#key-1"),
            header_member: Some("swiss-profile-vc:1.0.0"),
            aggregation_uri: None,
            valid_for: Some(DAY),
            width: Some(Width::One),
            list_bytes: Some(16_384),
            statuses: &[Status::VALID, Status::INVALID],
            certificate: Some(CertificateFacts {
                chain: Chain::WithoutAnchor,
                in_force: 1_187 * DAY,
                signs: true,
                critical_purposes: false,
            }),
            unprotected_certificate: false,
            bytes: Some(1_000),
        }
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
            facts.bytes = Some(bytes);
            assert_eq!(
                !found(Profile::Swiss, &facts).is_empty(),
                refused,
                "{bytes}"
            );
            facts.bytes = None;
            facts.list_bytes = Some(bytes);
            let refused = bytes > 200_000;
            assert_eq!(
                !found(Profile::Swiss, &facts).is_empty(),
                refused,
                "{bytes}"
            );
        }
        for (seconds, refused) in [(86_400, false), (86_401, true)] {
            let mut facts = facts(View::Jwt);
            facts.valid_for = Some(seconds);
            assert_eq!(!found(Profile::Eudi, &facts).is_empty(), refused);
        }
        for (in_force, refused) in [(1_187 * DAY, false), (1_187 * DAY + 1, true)] {
            let mut facts = facts(View::Cwt);
            facts.certificate = facts.certificate.map(|certificate| CertificateFacts {
                in_force,
                ..certificate
            });
            assert_eq!(!found(Profile::IsoMdoc, &facts).is_empty(), refused);
        }
    }

    #[test]
    fn a_token_of_another_form_breaks_one_rule() {
        let mut facts = facts(View::Jwt);
        facts.width = Some(Width::Two);
        assert_eq!(found(Profile::IsoMdoc, &facts), ["the token is a jwt"]);
        facts.view = View::Cwt;
        assert_eq!(found(Profile::Swiss, &facts), ["the token is a cwt"]);
    }

    #[test]
    fn what_this_tool_never_signs_is_found_in_foreign_tokens() {
        let mut token = facts(View::Cwt);
        token.valid_for = None;
        token.unprotected_certificate = true;
        token.algorithm = Some("ES256K");
        assert_eq!(
            found(Profile::IsoMdoc, &token),
            [
                "the token is signed with ES256K",
                "the token never expires",
                "the certificate is in the header that is not protected",
            ]
        );
        let mut token = facts(View::Jwt);
        token.valid_for = None;
        assert_eq!(found(Profile::Swiss, &token), ["the token never expires"]);
        assert_eq!(found(Profile::Eudi, &token), ["the token never expires"]);
        token.certificate = token.certificate.map(|certificate| CertificateFacts {
            chain: Chain::WithAnchor,
            ..certificate
        });
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
        facts.key_id = Some(&long);
        let found = found(Profile::Swiss, &facts).concat();
        assert!(
            found.starts_with("the key is called '\\u{1b}[31mxx"),
            "{found}"
        );
        assert!(found.len() < 120, "{found}");
    }
}

//! The tables: what each profile demands of tokens, beside what it demands of settings.

use super::demand::{HeaderMember, TokenDemand};
use crate::list::Specification::{EudiTs3, Haip, Mdoc, Swiss, SwissRegistry};
use crate::list::{Profile, Rule};

/// What the profile demands of tokens alone.
pub(crate) const fn token_rules(profile: Profile) -> &'static [Rule<TokenDemand>] {
    match profile {
        Profile::Ietf => &[],
        Profile::Haip => HAIP,
        Profile::Eudi => EUDI,
        Profile::IsoMdoc => MDOC,
        Profile::Swiss => SWISS,
    }
}

const HAIP: &[Rule<TokenDemand>] = &[
    Rule::must(TokenDemand::Certificate, Haip, "section 6.1"),
    Rule::must(TokenDemand::NotSelfSigned, Haip, "section 6.1"),
    Rule::must(TokenDemand::NoAnchor, Haip, "section 6.1"),
    // All readers support it; the profile does not forbid others.
    Rule::should(TokenDemand::Algorithms(&["ES256"]), Haip, "crypto suites"),
];

const EUDI: &[Rule<TokenDemand>] = &[
    Rule::must(
        TokenDemand::Algorithms(&["ES256", "ES384", "ES512"]),
        EudiTs3,
        "",
    ),
    // The wallet's protocols are those of HAIP.
    Rule::must(TokenDemand::Certificate, Haip, "section 6.1"),
    Rule::must(TokenDemand::NotSelfSigned, Haip, "section 6.1"),
    Rule::must(TokenDemand::NoAnchor, Haip, "section 6.1"),
];

const MDOC: &[Rule<TokenDemand>] = &[
    Rule::must(
        TokenDemand::Algorithms(&["ES256", "ES384", "ES512", "EdDSA"]),
        Mdoc,
        "section 12.3.6",
    ),
    Rule::must(TokenDemand::Expiry, Mdoc, "section 12.3.6"),
    Rule::must(TokenDemand::Certificate, Mdoc, "section 12.3.6"),
    Rule::must(TokenDemand::ProtectedCertificate, Mdoc, "section 12.3.6"),
    Rule::must(TokenDemand::CertificateDays(1_187), Mdoc, "table B.9"),
    Rule::must(TokenDemand::SignatureUsage, Mdoc, "table B.9"),
    Rule::must(TokenDemand::PurposesNotCritical, Mdoc, "table B.9"),
];

const SWISS: &[Rule<TokenDemand>] = &[
    Rule::must(TokenDemand::Expiry, Swiss, ""),
    Rule::must(TokenDemand::KeyIsInDid, Swiss, ""),
    Rule::must(
        TokenDemand::HeaderMember(HeaderMember {
            name: "profile_version",
            value: "swiss-profile-vc:1.0.0",
        }),
        Swiss,
        "",
    ),
    // More than 200 bytes and at most 200 KB, which is not said to be 1,000 or 1,024 bytes each:
    // the smaller bound holds for both.
    Rule::must(TokenDemand::TokenBytes(201, 200_000), SwissRegistry, ""),
];

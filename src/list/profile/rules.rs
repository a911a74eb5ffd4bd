//! The tables.

use super::{Demand, Profile, Rule, Source, Weight};
use crate::list::{Duration, TOKEN_STATUS_LIST, View, Width};

const HAIP: &str = "OpenID4VC HAIP 1.0";
const ARF: &str = "EUDI ARF";
const TS3: &str = "EUDI TS3";
const MDOC: &str = "ISO/IEC 18013-5, second edition (working draft)";
const SWISS: &str = "Swiss Profile VC 1.0.0";
const SWISS_REGISTRY: &str = "swiyu status registry";

const TOKENS: &[View] = &[View::Jwt, View::Cwt];

impl Profile {
    /// What the profile demands.
    #[must_use]
    pub const fn rules(self) -> &'static [Rule] {
        match self {
            Self::Ietf => IETF_RULES,
            Self::Haip => HAIP_RULES,
            Self::Eudi => EUDI_RULES,
            Self::IsoMdoc => MDOC_RULES,
            Self::Swiss => SWISS_RULES,
        }
    }
}

const IETF_RULES: &[Rule] = &[
    must(Demand::AnyView(TOKENS), TOKEN_STATUS_LIST, "section 5"),
    // The others are to be registered before they are used.
    must(
        Demand::Statuses(&[0, 1, 2, 3, 12, 13, 14, 15]),
        TOKEN_STATUS_LIST,
        "sections 7.1 and 14.5",
    ),
];

const HAIP_RULES: &[Rule] = &[
    must(Demand::AnyView(TOKENS), HAIP, "section 6.1"),
    must(Demand::UnpredictableIndexes, HAIP, ""),
    must(Demand::Certificate, HAIP, "section 6.1"),
    must(Demand::NotSelfSigned, HAIP, "section 6.1"),
    must(Demand::NoAnchor, HAIP, "section 6.1"),
    // All readers support it; the profile does not forbid others.
    should(Demand::Algorithms(&["ES256"]), HAIP, "crypto suites"),
];

const EUDI_RULES: &[Rule] = &[
    must(Demand::AnyView(TOKENS), ARF, "VCR_11 and VCR_11a"),
    must(Demand::RevocationForGood, ARF, "VCR_04"),
    must(Demand::UnpredictableIndexes, ARF, "VCR_17"),
    // "Where appropriate": a pilot may have fewer.
    should(Demand::Entries(10_000), TS3, ""),
    // A revocation takes effect within 24 hours; readers may rely on a token until it expires.
    must(
        Demand::ValidAtMost(Duration::DAY),
        ARF,
        "VCR_01, after ETSI EN 319 411-1",
    ),
    must(Demand::Algorithms(&["ES256", "ES384", "ES512"]), TS3, ""),
    // The wallet's protocols are those of HAIP.
    must(Demand::Certificate, HAIP, "section 6.1"),
    must(Demand::NotSelfSigned, HAIP, "section 6.1"),
    must(Demand::NoAnchor, HAIP, "section 6.1"),
];

const MDOC_RULES: &[Rule] = &[
    must(Demand::AnyView(&[View::Cwt]), MDOC, "section 12.3.6"),
    must(Demand::Bits(Width::One), MDOC, "section 12.3.6"),
    must(Demand::RevocationForGood, MDOC, "section 12.3.6.1"),
    must(
        Demand::Algorithms(&["ES256", "ES384", "ES512", "EdDSA"]),
        MDOC,
        "section 12.3.6",
    ),
    must(Demand::Expiry, MDOC, "section 12.3.6"),
    must(Demand::Certificate, MDOC, "section 12.3.6"),
    must(Demand::ProtectedCertificate, MDOC, "section 12.3.6"),
    must(Demand::CertificateDays(1_187), MDOC, "table B.9"),
    must(Demand::SignatureUsage, MDOC, "table B.9"),
    must(Demand::PurposesNotCritical, MDOC, "table B.9"),
];

const SWISS_RULES: &[Rule] = &[
    must(Demand::OnlyView(View::Jwt), SWISS, ""),
    must(Demand::Statuses(&[0, 1, 2]), SWISS, ""),
    must(Demand::Expiry, SWISS, ""),
    must(Demand::NoAggregation, SWISS, ""),
    must(Demand::KeyIsInDid, SWISS, ""),
    must(
        Demand::HeaderMember("profile_version", "swiss-profile-vc:1.0.0"),
        SWISS,
        "",
    ),
    // More than 200 bytes and at most 200 KB, which is not said to be 1,000 or 1,024 bytes each:
    // the smaller bound holds for both.
    must(Demand::ListBytes(200_000), SWISS_REGISTRY, ""),
    must(Demand::TokenBytes(201, 200_000), SWISS_REGISTRY, ""),
];

const fn must(demand: Demand, document: &'static str, place: &'static str) -> Rule {
    Rule {
        demand,
        weight: Weight::Must,
        source: Source { document, place },
    }
}

const fn should(demand: Demand, document: &'static str, place: &'static str) -> Rule {
    Rule {
        demand,
        weight: Weight::Should,
        source: Source { document, place },
    }
}

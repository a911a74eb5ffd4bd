//! The tables.

use super::Specification::{EudiArf, EudiTs3, Haip, Mdoc, Swiss, SwissRegistry, TokenStatusList};
use super::demand::Demand;
use super::{Profile, Rule};
use crate::list::{Duration, View, Width};

const TOKENS: &[View] = &[View::Jwt, View::Cwt];

impl Profile {
    /// What the profile demands.
    #[must_use]
    pub const fn rules(self) -> &'static [Rule] {
        match self {
            Self::Ietf => IETF,
            Self::Haip => HAIP,
            Self::Eudi => EUDI,
            Self::IsoMdoc => MDOC,
            Self::Swiss => SWISS,
        }
    }
}

const IETF: &[Rule] = &[
    Rule::must(Demand::AnyView(TOKENS), TokenStatusList, "section 5"),
    // The others are to be registered before they are used.
    Rule::must(
        Demand::Statuses(&[0, 1, 2, 3, 12, 13, 14, 15]),
        TokenStatusList,
        "sections 7.1 and 14.5",
    ),
];

const HAIP: &[Rule] = &[
    Rule::must(Demand::AnyView(TOKENS), Haip, "section 6.1"),
    Rule::must(Demand::UnpredictableIndexes, Haip, ""),
];

const EUDI: &[Rule] = &[
    Rule::must(Demand::AnyView(TOKENS), EudiArf, "VCR_11 and VCR_11a"),
    Rule::must(Demand::RevocationForGood, EudiArf, "VCR_04"),
    Rule::must(Demand::UnpredictableIndexes, EudiArf, "VCR_17"),
    // "Where appropriate": a pilot may have fewer.
    Rule::should(Demand::Entries(10_000), EudiTs3, ""),
    // A revocation takes effect within 24 hours; readers may rely on a token until it expires.
    Rule::must(
        Demand::ValidAtMost(Duration::DAY),
        EudiArf,
        "VCR_01, after ETSI EN 319 411-1",
    ),
];

const MDOC: &[Rule] = &[
    Rule::must(Demand::AnyView(&[View::Cwt]), Mdoc, "section 12.3.6"),
    Rule::must(Demand::Bits(Width::One), Mdoc, "section 12.3.6"),
    Rule::must(Demand::RevocationForGood, Mdoc, "section 12.3.6.1"),
];

const SWISS: &[Rule] = &[
    Rule::must(Demand::OnlyView(View::Jwt), Swiss, ""),
    Rule::must(Demand::Statuses(&[0, 1, 2]), Swiss, ""),
    Rule::must(Demand::NoAggregation, Swiss, ""),
    // Of 200 KB at most, as tokens.
    Rule::must(Demand::ListBytes(200_000), SwissRegistry, ""),
];

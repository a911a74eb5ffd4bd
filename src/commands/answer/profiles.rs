//! The words for rules of profiles that are broken.

use std::fmt::Display;

use super::{Code, Error};
use crate::audit::TokenDemand;
use crate::list::{Breach, Demand};

impl<D: Copy + Display + Into<TokenDemand>> From<Breach<D>> for Error {
    fn from(breach: Breach<D>) -> Self {
        let reason = breach.reason();
        let demand = breach.rule.demand.into();
        let code = match demand {
            TokenDemand::OfSettings(Demand::Statuses(_)) => Code::InvalidStatus,
            _ => Code::Refused,
        };
        Self::new(code, breach.found)
            .because(reason)
            .hint(way_out(demand))
            .detail("profile", breach.profile.name())
    }
}

/// Says what would be better.
pub(crate) fn breach_warnings(breaches: Vec<Breach<impl Display>>) -> impl Iterator<Item = String> {
    let warning = |breach: Breach<_>| format!("{breach}: {}", breach.reason());
    breaches.into_iter().map(warning)
}

/// The way to meet a demand.
const fn way_out(demand: TokenDemand) -> &'static str {
    match demand {
        TokenDemand::OfSettings(demand) => match demand {
            Demand::AnyView(_) => "add one: --as VIEW",
            Demand::OnlyView(_) => "another list file for other views",
            Demand::Bits(_) => "another --bits",
            Demand::Statuses(_) => "give another status",
            Demand::RevocationForGood => "--final invalid",
            Demand::UnpredictableIndexes => "leave out --index",
            Demand::Entries(_) => "a larger --size",
            Demand::ValidAtMost(_) => "a shorter --valid-for",
            Demand::NoAggregation => "leave out --aggregation-uri",
            Demand::ListBytes(_) => "a smaller --size, or fewer --bits",
        },
        TokenDemand::Expiry => "sign it with an `exp`",
        TokenDemand::TokenBytes(..) => "a new list file with a smaller --size",
        TokenDemand::Algorithms(_) => {
            "another --key; to make one: statuslist keygen --alg ES256 FILE"
        }
        TokenDemand::KeyIsInDid => "--kid did:METHOD:ID#KEY",
        TokenDemand::HeaderMember(_) => "sign it with the profile",
        TokenDemand::Certificate => "--cert FILE",
        TokenDemand::NotSelfSigned
        | TokenDemand::CertificateDays(_)
        | TokenDemand::SignatureUsage
        | TokenDemand::PurposesNotCritical => "another certificate: --cert FILE",
        TokenDemand::ProtectedCertificate => "move it to the protected header",
        TokenDemand::NoAnchor => "leave it out",
    }
}

//! The published forms of a list: their names, and the endings of their files.

use super::names::named;
use super::{Proof, SeriesView};

/// One published form of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// `jwt`: a Status List Token in JWT format, which shows the whole value.
    Jwt,
    /// `cwt`: a Status List Token in CWT format, which shows the whole value.
    Cwt,
    /// `bitstring.PURPOSE`: a W3C Bitstring Status List.
    Bitstring(Purpose),
    /// `statuslist2021.PURPOSE`: a W3C `StatusList2021`, which knows revocation and suspension.
    StatusList2021(Purpose),
    /// `revocationlist2020`: a `RevocationList2020`, which knows revocation alone.
    RevocationList2020,
    /// `oa-ocsp`: one answer per document hash, as `OpenAttestation` verifiers ask for.
    OaOcsp,
}

/// What a W3C list says about credentials.
///
/// Source: Bitstring Status List v1.0, section 2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The credential is cancelled for good.
    Revocation,
    /// The credential is not to be accepted for now.
    Suspension,
    /// The value stands for a message.
    Message,
    /// A newer credential can be had; this one stays valid.
    Refresh,
}

/// The views that one reader knows: of one family, it takes in all purposes together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Readers of Status List Tokens in JWT format.
    Jwt,
    /// Readers of Status List Tokens in CWT format.
    Cwt,
    /// Readers of W3C Bitstring Status Lists.
    Bitstring,
    /// Readers of `StatusList2021`.
    StatusList2021,
    /// Readers of `RevocationList2020`.
    RevocationList2020,
    /// `OpenAttestation` verifiers.
    OaOcsp,
}

impl View {
    /// Every view.
    pub const ALL: [Self; 10] = [
        Self::Jwt,
        Self::Cwt,
        Self::Bitstring(Purpose::Revocation),
        Self::Bitstring(Purpose::Suspension),
        Self::Bitstring(Purpose::Message),
        Self::Bitstring(Purpose::Refresh),
        Self::StatusList2021(Purpose::Revocation),
        Self::StatusList2021(Purpose::Suspension),
        Self::RevocationList2020,
        Self::OaOcsp,
    ];

    /// The name, as flags and list files spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Cwt => "cwt",
            Self::Bitstring(Purpose::Revocation) => "bitstring.revocation",
            Self::Bitstring(Purpose::Suspension) => "bitstring.suspension",
            Self::Bitstring(Purpose::Message) => "bitstring.message",
            Self::Bitstring(Purpose::Refresh) => "bitstring.refresh",
            Self::StatusList2021(Purpose::Revocation) => "statuslist2021.revocation",
            Self::StatusList2021(Purpose::Suspension) => "statuslist2021.suspension",
            Self::StatusList2021(Purpose::Message) => "statuslist2021.message",
            Self::StatusList2021(Purpose::Refresh) => "statuslist2021.refresh",
            Self::RevocationList2020 => "revocationlist2020",
            Self::OaOcsp => "oa-ocsp",
        }
    }

    /// The family whose readers read it.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::Jwt => Family::Jwt,
            Self::Cwt => Family::Cwt,
            Self::Bitstring(_) => Family::Bitstring,
            Self::StatusList2021(_) => Family::StatusList2021,
            Self::RevocationList2020 => Family::RevocationList2020,
            Self::OaOcsp => Family::OaOcsp,
        }
    }

    /// What it says about credentials, if it says one thing only.
    #[must_use]
    pub const fn purpose(self) -> Option<Purpose> {
        match self {
            Self::Bitstring(purpose) | Self::StatusList2021(purpose) => Some(purpose),
            Self::RevocationList2020 => Some(Purpose::Revocation),
            Self::Jwt | Self::Cwt | Self::OaOcsp => None,
        }
    }

    /// The ending of the published file's name. One ending is one media type, because several
    /// hosts know types by endings only.
    #[must_use]
    pub fn ending(self, proof: Option<Proof>) -> String {
        let secured = match proof {
            Some(Proof::Jwt) => "vcjwt",
            Some(Proof::Cose) => "vccose",
            _ => "json",
        };
        match self {
            Self::Jwt => ".jwt".to_owned(),
            Self::Cwt => ".cwt".to_owned(),
            Self::Bitstring(purpose) => format!(".{purpose}.{secured}"),
            Self::StatusList2021(purpose) => format!(".2021.{purpose}.{secured}"),
            Self::RevocationList2020 => format!(".2020.{secured}"),
            // A folder: below it lies one file per document.
            Self::OaOcsp => ".ocsp".to_owned(),
        }
    }

    /// The template of this view's uris beside a view whose template is known: its ending takes
    /// the place of the known one's, or is appended.
    #[must_use]
    pub fn template_beside(self, known: &SeriesView, proof: Option<Proof>) -> String {
        let stem = known.uri.strip_suffix(&known.view.ending(proof));
        format!("{}{}", stem.unwrap_or(&known.uri), self.ending(proof))
    }
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [
        Self::Revocation,
        Self::Suspension,
        Self::Message,
        Self::Refresh,
    ];

    /// The name, as credentials spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
            Self::Message => "message",
            Self::Refresh => "refresh",
        }
    }
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 6] = [
        Self::Jwt,
        Self::Cwt,
        Self::Bitstring,
        Self::StatusList2021,
        Self::RevocationList2020,
        Self::OaOcsp,
    ];

    /// The name: that of its view, or what the names of its views begin with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Cwt => "cwt",
            Self::Bitstring => "bitstring",
            Self::StatusList2021 => "statuslist2021",
            Self::RevocationList2020 => "revocationlist2020",
            Self::OaOcsp => "oa-ocsp",
        }
    }

    /// Whether its views are W3C credentials.
    #[must_use]
    pub const fn is_w3c(self) -> bool {
        matches!(
            self,
            Self::Bitstring | Self::StatusList2021 | Self::RevocationList2020
        )
    }

    /// The view for a purpose, if the family has it.
    #[must_use]
    pub fn view(self, purpose: Purpose) -> Option<View> {
        View::ALL
            .into_iter()
            .find(|view| view.family() == self && view.purpose() == Some(purpose))
    }
}

named!(View, "view");
named!(Purpose, "purpose");
named!(Family, "family of views");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for view in View::ALL {
            assert_eq!(view.name().parse(), Ok(view));
        }
        for text in ["", "JWT", "bitstring", "statuslist2021.message"] {
            assert!(text.parse::<View>().is_err(), "{text}");
        }
        assert_eq!(
            "jtw".parse::<View>().unwrap_err().to_string(),
            "'jtw' is not a view: jwt, cwt, bitstring.revocation, bitstring.suspension, \
             bitstring.message, bitstring.refresh, statuslist2021.revocation, \
             statuslist2021.suspension, revocationlist2020, oa-ocsp"
        );
    }

    #[test]
    fn a_view_lies_beside_a_known_one() {
        let known = |uri: &str| SeriesView {
            view: View::Jwt,
            uri: uri.to_owned(),
        };
        let beside =
            |view: View, proof| view.template_beside(&known("https://example.com/{n}.jwt"), proof);
        let bitstring = View::Bitstring(Purpose::Revocation);
        for (view, proof, uri) in [
            (View::Cwt, None, "https://example.com/{n}.cwt"),
            (bitstring, None, "https://example.com/{n}.revocation.json"),
            (
                bitstring,
                Some(Proof::Jwt),
                "https://example.com/{n}.revocation.vcjwt",
            ),
            (
                bitstring,
                Some(Proof::Cose),
                "https://example.com/{n}.revocation.vccose",
            ),
            (
                View::StatusList2021(Purpose::Suspension),
                Some(Proof::EcdsaJcs2019),
                "https://example.com/{n}.2021.suspension.json",
            ),
            (
                View::RevocationList2020,
                None,
                "https://example.com/{n}.2020.json",
            ),
            (View::OaOcsp, None, "https://example.com/{n}.ocsp"),
        ] {
            assert_eq!(beside(view, proof), uri);
        }
        assert_eq!(
            View::Cwt.template_beside(&known("https://example.com/lists/{n}"), None),
            "https://example.com/lists/{n}.cwt"
        );
    }
}

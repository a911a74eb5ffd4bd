//! The published forms of a list, as one table with a row for each.
//!
//! Whatever is only to be known of a form stands in its row, so that nobody else needs to tell
//! forms apart. How each is written, and what a credential embeds of it, is one match in `token`.

use serde::{Deserialize, Serialize};

use super::names::named;
use super::{Proof, Purpose};

/// One published form of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// `jwt`: a Status List Token in JWT format.
    Jwt,
    /// `cwt`: a Status List Token in CWT format.
    Cwt,
    /// `bitstring.revocation`: a W3C Bitstring Status List.
    BitstringRevocation,
    /// `bitstring.suspension`: the same for suspensions.
    BitstringSuspension,
    /// `bitstring.message`: the same with messages.
    BitstringMessage,
    /// `bitstring.refresh`: the same with what has a newer version.
    BitstringRefresh,
    /// `statuslist2021.revocation`: a W3C `StatusList2021`.
    StatusList2021Revocation,
    /// `statuslist2021.suspension`: the same for suspensions.
    StatusList2021Suspension,
    /// `revocationlist2020`: a `RevocationList2020`.
    RevocationList2020,
    /// `oa-ocsp`: one answer per document hash, as `OpenAttestation` verifiers ask for.
    OaOcsp,
}

named! {
    "family of views";
    /// The views that one reader knows: of one family, it takes in all purposes together.
    ///
    /// The name is that of its view, or what the names of its views begin with.
    pub enum Family {
        /// Readers of Status List Tokens in JWT format.
        Jwt = "jwt",
        /// Readers of Status List Tokens in CWT format.
        Cwt = "cwt",
        /// Readers of W3C Bitstring Status Lists.
        Bitstring = "bitstring",
        /// Readers of `StatusList2021`.
        StatusList2021 = "statuslist2021",
        /// Readers of `RevocationList2020`.
        RevocationList2020 = "revocationlist2020",
        /// `OpenAttestation` verifiers.
        OaOcsp = "oa-ocsp",
    }
}

/// How the files of a view are secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Securing {
    /// By a JWS in the compact form.
    CompactJws,
    /// By a `COSE_Sign1`.
    CoseSign1,
    /// As a W3C credential, by the proof of the series.
    Credential,
    /// By nothing: readers trust the host.
    Nothing,
}

/// Which statuses a view shows as something other than valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// All but `valid`: an entry has its whole value there.
    Values,
    /// `invalid` alone.
    Invalid,
    /// `suspended`, and what the series declares beside it.
    Suspending,
    /// `invalid`, and all that suspends.
    InvalidOrSuspending,
}

/// What the files of a view hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// One file holds all entries of a list.
    Entries,
    /// Each file is the document of one entry, with the reason of its status.
    Documents,
}

/// Where a credential embeds what points to its entry, as `allocate` prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedding {
    /// Under the name of the view.
    OwnName,
    /// In the array `credentialStatus`.
    CredentialStatus,
}

/// What is to be known of a view.
#[derive(Clone, Copy)]
pub struct ViewRow {
    view: View,
    name: &'static str,
    family: Family,
    purpose: Option<Purpose>,
    /// For a credential, without that of its proof.
    ending: &'static str,
    /// For a credential, with a proof in it.
    media_type: &'static str,
    /// How its files are secured.
    pub securing: Securing,
    /// Which statuses it shows as something other than valid.
    pub shows: Shows,
    /// What its files hold.
    pub holds: Holds,
    /// Where credentials embed what points to an entry.
    pub embedding: Embedding,
}

/// The table, in the order of the variants.
const TABLE: [ViewRow; 10] = [
    ViewRow {
        view: View::Jwt,
        name: "jwt",
        family: Family::Jwt,
        purpose: None,
        ending: ".jwt",
        media_type: "application/statuslist+jwt",
        securing: Securing::CompactJws,
        shows: Shows::Values,
        holds: Holds::Entries,
        embedding: Embedding::OwnName,
    },
    ViewRow {
        view: View::Cwt,
        name: "cwt",
        family: Family::Cwt,
        purpose: None,
        ending: ".cwt",
        media_type: "application/statuslist+cwt",
        securing: Securing::CoseSign1,
        shows: Shows::Values,
        holds: Holds::Entries,
        embedding: Embedding::OwnName,
    },
    BITSTRING_REVOCATION,
    ViewRow {
        view: View::BitstringSuspension,
        name: "bitstring.suspension",
        family: Family::Bitstring,
        purpose: Some(Purpose::Suspension),
        ending: ".suspension",
        shows: Shows::Suspending,
        ..BITSTRING_REVOCATION
    },
    ViewRow {
        view: View::BitstringMessage,
        name: "bitstring.message",
        family: Family::Bitstring,
        purpose: Some(Purpose::Message),
        ending: ".message",
        shows: Shows::Values,
        ..BITSTRING_REVOCATION
    },
    ViewRow {
        view: View::BitstringRefresh,
        name: "bitstring.refresh",
        family: Family::Bitstring,
        purpose: Some(Purpose::Refresh),
        ending: ".refresh",
        shows: Shows::Invalid,
        ..BITSTRING_REVOCATION
    },
    ViewRow {
        view: View::StatusList2021Revocation,
        name: "statuslist2021.revocation",
        family: Family::StatusList2021,
        purpose: Some(Purpose::Revocation),
        ending: ".2021.revocation",
        shows: Shows::Invalid,
        ..BITSTRING_REVOCATION
    },
    ViewRow {
        view: View::StatusList2021Suspension,
        name: "statuslist2021.suspension",
        family: Family::StatusList2021,
        purpose: Some(Purpose::Suspension),
        ending: ".2021.suspension",
        shows: Shows::Suspending,
        ..BITSTRING_REVOCATION
    },
    ViewRow {
        view: View::RevocationList2020,
        name: "revocationlist2020",
        family: Family::RevocationList2020,
        purpose: Some(Purpose::Revocation),
        ending: ".2020",
        shows: Shows::Invalid,
        ..BITSTRING_REVOCATION
    },
    ViewRow {
        view: View::OaOcsp,
        name: "oa-ocsp",
        family: Family::OaOcsp,
        purpose: None,
        // A folder: below it lies one file per document.
        ending: ".ocsp",
        media_type: "application/json",
        securing: Securing::Nothing,
        shows: Shows::InvalidOrSuspending,
        holds: Holds::Documents,
        embedding: Embedding::OwnName,
    },
];

/// The row of a W3C credential; in what the others do not name they are like this one.
const BITSTRING_REVOCATION: ViewRow = ViewRow {
    view: View::BitstringRevocation,
    name: "bitstring.revocation",
    family: Family::Bitstring,
    purpose: Some(Purpose::Revocation),
    ending: ".revocation",
    media_type: EMBEDDED.media_type(),
    securing: Securing::Credential,
    shows: Shows::Invalid,
    holds: Holds::Entries,
    embedding: Embedding::CredentialStatus,
};

/// One of the proofs that stand in the credential, as the one does that nobody chose.
const EMBEDDED: Proof = Proof::EcdsaJcs2019;

impl View {
    /// Every view.
    pub const ALL: [Self; TABLE.len()] = {
        let mut all = [Self::Jwt; TABLE.len()];
        let mut place = 0;
        while place < TABLE.len() {
            all[place] = TABLE[place].view;
            assert!(all[place] as usize == place, "a row stands out of order");
            place += 1;
        }
        all
    };

    /// Its row of the table.
    #[must_use]
    pub const fn row(self) -> ViewRow {
        TABLE[self as usize]
    }

    /// The name, as flags and list files spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The family whose readers read it.
    #[must_use]
    pub const fn family(self) -> Family {
        self.row().family
    }

    /// What it says about credentials, if it says one thing only.
    #[must_use]
    pub const fn purpose(self) -> Option<Purpose> {
        self.row().purpose
    }

    /// Whether it is a W3C credential.
    #[must_use]
    pub const fn is_credential(self) -> bool {
        matches!(self.row().securing, Securing::Credential)
    }

    /// The view of a family for a purpose, if there is one.
    #[must_use]
    pub fn of(family: Family, purpose: Purpose) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|view| view.family() == family && view.purpose() == Some(purpose))
    }

    /// The ending of the published file's name. One ending is one media type, because several
    /// hosts know types by endings only.
    #[must_use]
    pub fn ending(self, proof: Option<Proof>) -> String {
        let secured = match self.row().securing {
            Securing::Credential => proof.unwrap_or(EMBEDDED).ending(),
            _ => "",
        };
        format!("{}{secured}", self.row().ending)
    }

    /// The media type of its files, where credentials are secured so.
    #[must_use]
    pub const fn media_type(self, proof: Option<Proof>) -> &'static str {
        match (self.row().securing, proof) {
            (Securing::Credential, Some(proof)) => proof.media_type(),
            _ => self.row().media_type,
        }
    }
}

named!(View, "view");

/// One view of a series: its form and the template of its uris.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesView {
    /// The published form.
    pub view: View,
    /// The template of the uri of each list, with `{n}` for the list's number.
    pub uri: String,
}

impl SeriesView {
    /// The template of another view's uris beside this one: its ending takes the place of the known
    /// one's, or is appended.
    #[must_use]
    pub fn template_beside(&self, view: View, proof: Option<Proof>) -> String {
        let stem = self.uri.strip_suffix(&self.view.ending(proof));
        format!("{}{}", stem.unwrap_or(&self.uri), view.ending(proof))
    }
}

/// The uri of one list in one view, as credentials name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListUri {
    /// The published form.
    pub view: View,
    /// Where the list is published in it.
    pub uri: String,
}

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
            |view, proof| known("https://example.com/{n}.jwt").template_beside(view, proof);
        let bitstring = View::BitstringRevocation;
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
                View::StatusList2021Suspension,
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
            known("https://example.com/lists/{n}").template_beside(View::Cwt, None),
            "https://example.com/lists/{n}.cwt"
        );
    }
}

//! Times, lengths and formats, as people read them.

use maud::{Markup, html};

use crate::list::{Proof, Purpose, Timestamp, View};

/// A point in time, in UTC.
pub(super) fn when(time: Timestamp) -> Markup {
    let exact = time.to_string();
    let read = jiff::Timestamp::from_second(time.second());
    html! {
        @match read {
            Ok(read) => {
                time datetime=(exact) {
                    (read.strftime("%-d %b %Y").to_string()) " "
                    span.clock { (read.strftime("%H:%M").to_string()) " UTC" }
                }
            }
            // Outside of the calendar.
            Err(_) => (exact),
        }
    }
}

/// A length of time: its two largest units.
pub(super) fn length(seconds: u64) -> String {
    let units = [
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, name) in units {
        let count = rest / unit;
        rest %= unit;
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            parts.push(format!("{count} {name}{plural}"));
        }
    }
    parts.truncate(2);
    if parts.is_empty() {
        return "0 seconds".to_owned();
    }
    parts.join(" ")
}

/// A published form in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Format {
    /// The format.
    pub(super) name: String,
    /// How it is secured, or who reads it.
    pub(super) detail: String,
}

impl Format {
    /// The form of a view.
    pub(super) fn of(view: View, proof: Option<Proof>) -> Self {
        let purpose = view.purpose().map_or("", Purpose::name);
        let of_purpose = |name: &str| format!("{name}: {purpose}");
        let (name, detail) = match view {
            View::Jwt => ("Token Status List, JWT".to_owned(), FOR_JWT.to_owned()),
            View::Cwt => ("Token Status List, CWT".to_owned(), FOR_CWT.to_owned()),
            View::BitstringRevocation
            | View::BitstringSuspension
            | View::BitstringMessage
            | View::BitstringRefresh => (of_purpose("Bitstring Status List"), secured(proof)),
            View::StatusList2021Revocation | View::StatusList2021Suspension => {
                (of_purpose("StatusList2021"), secured(proof))
            }
            View::RevocationList2020 => ("RevocationList2020".to_owned(), secured(proof)),
            View::OaOcsp => (
                "OpenAttestation OCSP responder".to_owned(),
                "one JSON file for each document, not signed".to_owned(),
            ),
        };
        Self { name, detail }
    }

    /// What a media type says of a file, if it is that of a published form.
    pub(super) fn of_media_type(media_type: &str) -> Option<Self> {
        let is_it = |view: &View| view.media_type(None) == media_type;
        match View::ALL.into_iter().find(is_it) {
            Some(view) if !view.is_credential() => Some(Self::of(view, None)),
            Some(_) => Some(Self::credential(None)),
            None => {
                let mut proofs = Proof::ALL.into_iter();
                let proof = proofs.find(|proof| proof.media_type() == media_type)?;
                Some(Self::credential(Some(proof)))
            }
        }
    }

    fn credential(proof: Option<Proof>) -> Self {
        Self {
            name: "W3C status list credential".to_owned(),
            detail: proof.map_or_else(String::new, |proof| secured(Some(proof))),
        }
    }
}

const FOR_JWT: &str = "for SD-JWT VC and other JSON credentials";
const FOR_CWT: &str = "for mdoc and other CBOR credentials";

fn secured(proof: Option<Proof>) -> String {
    match proof {
        Some(Proof::Jwt) => "W3C credential in a JWT".to_owned(),
        Some(Proof::Cose) => "W3C credential in a COSE message".to_owned(),
        Some(proof) => format!("W3C credential with an {proof} proof"),
        None => "W3C credential with a Data Integrity proof".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_two_words_at_most() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (90, "1 minute 30 seconds"),
            (3_600, "1 hour"),
            (604_800, "7 days"),
            (90_061, "1 day 1 hour"),
            (86_460, "1 day 1 minute"),
        ] {
            assert_eq!(length(seconds), words);
        }
    }

    #[test]
    fn times_have_a_form_for_machines_too() {
        let time = Timestamp::from_second(1_767_225_600);
        assert_eq!(
            when(time).into_string(),
            "<time datetime=\"2026-01-01T00:00:00Z\">1 Jan 2026 \
             <span class=\"clock\">00:00 UTC</span></time>"
        );
        let never = when(Timestamp::from_second(i64::MAX)).into_string();
        assert_eq!(never, "@9223372036854775807");
    }

    #[test]
    fn every_form_has_words_and_is_known_by_its_media_type() {
        for view in View::ALL {
            for proof in Proof::ALL.map(Some).into_iter().chain([None]) {
                let format = Format::of(view, proof);
                assert!(
                    !format.name.is_empty() && !format.detail.is_empty(),
                    "{view}"
                );
                let known = Format::of_media_type(view.media_type(proof));
                assert!(known.is_some(), "{view}");
            }
        }
        assert_eq!(Format::of_media_type("application/did+json"), None);
    }
}

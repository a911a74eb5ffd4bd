//! The answers of an `OpenAttestation` OCSP responder, as files: one document for each document
//! hash.
//!
//! This is not the protocol of RFC 6960: the answers are JSON, and not signed. A reader appends `/`
//! and the hash to the location that a document names, asks for its own hash and for each one up
//! to the root of its Merkle tree in turn, and takes a missing file for an error.
//!
//! Source: Open-Attestation/ocsp-responder (2024-11-27) and its reader, `@govtechsg/oa-verify`
//! 9.4.0.

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::node::{Node as _, WrongType};
use crate::list::{DocumentHash, DocumentHashError, Holds, ListUri, Reason, Series, Status, View};

/// The media type of the documents. Readers do not look at it.
pub const MEDIA_TYPE: &str = View::OaOcsp.media_type(None);

/// The name of the document for hosts that answer with it whenever there is no other.
pub const DEFAULT_FILE: &str = "default.json";

/// The uri of the file that stands for a place: its own or, of a folder of answers, that of the
/// answer for all hashes without one.
pub(crate) fn file_standing_for(place: &ListUri) -> String {
    if place.view.row().holds == Holds::Documents {
        format!("{}/{DEFAULT_FILE}", place.uri)
    } else {
        place.uri.clone()
    }
}

/// The reason code of a suspension, which is no code of RFC 5280.
const SUSPENDED: u16 = 1001;

/// What a responder says of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentAnswer {
    /// It is not revoked.
    NotRevoked,
    /// It is revoked, or on hold, for a reason of RFC 5280.
    Revoked(Reason),
    /// It is suspended for no reason that speaks of a hold, which readers take for revoked.
    Suspended,
}

impl DocumentAnswer {
    /// The answer for an entry of a series with this status, which was set for this reason.
    ///
    /// A status that neither revokes nor suspends gives the answer for valid documents: it can only
    /// be set with consent to that (see [`Series::takes`]).
    #[must_use]
    pub fn of(series: &Series, status: Status, reason: Option<Reason>) -> Self {
        if status == Status::INVALID {
            Self::Revoked(reason.unwrap_or_default())
        } else if series.suspends(status) {
            match reason {
                Some(reason) if reason.is_of_a_hold() => Self::Revoked(reason),
                _ => Self::Suspended,
            }
        } else {
            Self::NotRevoked
        }
    }

    /// The reason code, if there is a reason. It is never 7, which readers refuse.
    #[must_use]
    pub fn reason_code(self) -> Option<u16> {
        match self {
            Self::NotRevoked => None,
            Self::Revoked(reason) => Some(reason.code().into()),
            Self::Suspended => Some(SUSPENDED),
        }
    }

    /// Writes the document, with its members in a fixed order.
    #[must_use]
    pub fn to_json(self, hash: DocumentHash) -> Value {
        let hash = hash.to_string();
        match self.reason_code() {
            None => json!({ "revoked": false, "documentHash": hash }),
            Some(code) => json!({ "revoked": true, "documentHash": hash, "reasonCode": code }),
        }
    }
}

/// Writes what a document embeds to say where it is asked for: `revocation` of `OpenAttestation`
/// 2.0 and 3.0. The index of the entry is not in it: a document is found by its hash.
#[must_use]
pub fn reference(location: &str) -> Value {
    json!({ "type": "OCSP_RESPONDER", "location": location })
}

/// Writes the document for all hashes that have none of their own.
///
/// Readers check that there is a hash in it, and not which one.
#[must_use]
pub fn default_document() -> Value {
    json!({ "revoked": false, "documentHash": "" })
}

/// An answer, as somebody published it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedAnswer {
    /// What it says.
    pub answer: DocumentAnswer,
    /// The hash in it; none in the document for all hashes that have none of their own.
    pub hash: Option<DocumentHash>,
    /// How the hash is written.
    pub spelling: HashSpelling,
}

/// How a hash is written in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashSpelling {
    /// With `0x` and in lower case, as responders do.
    Usual,
    /// In another way, which readers do not mind.
    Unusual,
}

/// Whether JSON is meant to be an answer.
#[must_use]
pub fn is_answer(object: &Map<String, Value>) -> bool {
    object.contains_key("revoked") && object.contains_key("documentHash")
}

/// Reads an answer as readers do.
///
/// # Errors
/// Everything for which readers say that they could not find out, and hashes that are none.
pub fn read_answer(object: &Map<String, Value>) -> Result<PublishedAnswer, AnswerError> {
    let member = |name| object.get(name).ok_or(AnswerError::Missing(name));
    let hash = member("documentHash")?;
    let text = hash.as_text_of("documentHash")?;
    let hash = match text {
        "" => None,
        text => Some(text.parse::<DocumentHash>()?),
    };
    let is_usual = hash.is_none_or(|hash| hash.to_string() == text);
    let answer = match member("revoked")? {
        Value::Bool(false) => DocumentAnswer::NotRevoked,
        Value::Bool(true) => revoked(member("reasonCode")?)?,
        other => return Err(WrongType::new("revoked", other, "true or false").into()),
    };
    Ok(PublishedAnswer {
        answer,
        hash,
        spelling: if is_usual {
            HashSpelling::Usual
        } else {
            HashSpelling::Unusual
        },
    })
}

fn revoked(code: &Value) -> Result<DocumentAnswer, WrongType> {
    let number = code.as_u64();
    if number == Some(SUSPENDED.into()) {
        return Ok(DocumentAnswer::Suspended);
    }
    let reason = number.and_then(Reason::from_code);
    let reason =
        reason.ok_or_else(|| WrongType::new("reasonCode", code, "0 to 6, 8 to 10 or 1001"))?;
    Ok(DocumentAnswer::Revoked(reason))
}

/// Why readers cannot take JSON for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// A member is missing.
    #[error("there is no {0}")]
    Missing(&'static str),
    /// A member is not what it must be.
    #[error(transparent)]
    Wrong(#[from] WrongType),
    /// The hash is none.
    #[error("documentHash is wrong")]
    Hash(#[from] DocumentHashError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::{Duration, Register, SeriesError, SeriesView, Size, Width};

    const HASH: &str = "28b221f6287d8e4f8da09a835bcb750537cc8385e2535ff63591fdf0162be824";

    fn series() -> Series {
        let register = Register {
            width: Width::Eight,
            size: Size::new(1).unwrap(),
            default_status: Status::VALID,
            final_statuses: vec![],
        };
        let views = vec![SeriesView {
            view: View::OaOcsp,
            uri: "https://example.com/{n}".to_owned(),
        }];
        let issuer = "https://example.com".to_owned();
        Series::new(&register, issuer, Duration::HOUR, Duration::WEEK, views).unwrap()
    }

    #[test]
    fn each_status_has_its_answer() {
        let series = series();
        let reason = Some(Reason::Superseded);
        for (status, reason, answer, code) in [
            (Status::VALID, None, DocumentAnswer::NotRevoked, None),
            (Status::VALID, reason, DocumentAnswer::NotRevoked, None),
            (
                Status::INVALID,
                None,
                DocumentAnswer::Revoked(Reason::Unspecified),
                Some(0),
            ),
            (
                Status::INVALID,
                reason,
                DocumentAnswer::Revoked(Reason::Superseded),
                Some(4),
            ),
            (
                Status::SUSPENDED,
                None,
                DocumentAnswer::Suspended,
                Some(1001),
            ),
            (
                Status::SUSPENDED,
                reason,
                DocumentAnswer::Suspended,
                Some(1001),
            ),
            (
                Status::SUSPENDED,
                Some(Reason::CertificateHold),
                DocumentAnswer::Revoked(Reason::CertificateHold),
                Some(6),
            ),
            (
                Status::SUSPENDED,
                Some(Reason::RemoveFromCrl),
                DocumentAnswer::Revoked(Reason::RemoveFromCrl),
                Some(8),
            ),
        ] {
            assert_eq!(DocumentAnswer::of(&series, status, reason), answer);
            assert_eq!(answer.reason_code(), code);
        }
    }

    #[test]
    fn the_answer_shows_what_the_series_says_that_it_shows() {
        let series = series().with(|settings| {
            settings.credentials.suspending = vec![3, 17];
            Ok::<_, SeriesError>(())
        });
        let series = series.unwrap();
        for value in 0..=255 {
            let status = Status::new(value, Width::Eight).unwrap();
            let answer = DocumentAnswer::of(&series, status, None);
            let shown = series.shows(View::OaOcsp, status);
            assert_eq!(answer != DocumentAnswer::NotRevoked, shown, "{status}");
            assert_eq!(shown, [1, 2, 3, 17].contains(&value), "{status}");
        }
    }

    #[test]
    fn the_default_document_has_an_empty_hash() {
        assert_eq!(
            default_document().to_string(),
            r#"{"revoked":false,"documentHash":""}"#
        );
    }

    fn read(answer: &Value) -> Result<PublishedAnswer, AnswerError> {
        read_answer(answer.as_object().unwrap())
    }

    #[test]
    fn every_answer_is_read_as_it_is_written() {
        let hash: DocumentHash = HASH.parse().unwrap();
        let answers = Reason::ALL.map(DocumentAnswer::Revoked).into_iter();
        for answer in answers.chain([DocumentAnswer::NotRevoked, DocumentAnswer::Suspended]) {
            let expected = PublishedAnswer {
                answer,
                hash: Some(hash),
                spelling: HashSpelling::Usual,
            };
            assert_eq!(read(&answer.to_json(hash)), Ok(expected));
        }
        let default = read(&default_document()).unwrap();
        assert_eq!(
            (default.answer, default.hash),
            (DocumentAnswer::NotRevoked, None)
        );
        let upper = json!({ "revoked": false, "documentHash": HASH.to_ascii_uppercase() });
        let upper = read(&upper).unwrap();
        assert_eq!(
            (upper.hash, upper.spelling),
            (Some(hash), HashSpelling::Unusual)
        );
    }

    #[test]
    fn what_readers_do_not_understand_is_named() {
        for (answer, fault) in [
            (json!({ "revoked": false }), "there is no documentHash"),
            (json!({ "documentHash": HASH }), "there is no revoked"),
            (
                json!({ "revoked": true, "documentHash": HASH }),
                "there is no reasonCode",
            ),
            (
                json!({ "revoked": true, "documentHash": HASH, "reasonCode": 7 }),
                "reasonCode is the number 7, not 0 to 6, 8 to 10 or 1001",
            ),
            (
                json!({ "revoked": true, "documentHash": HASH, "reasonCode": "4" }),
                "reasonCode is a string, not 0 to 6, 8 to 10 or 1001",
            ),
            (
                json!({ "revoked": "false", "documentHash": HASH }),
                "revoked is a string, not true or false",
            ),
            (
                json!({ "revoked": false, "documentHash": 1 }),
                "documentHash is the number 1, not a string",
            ),
            (
                json!({ "revoked": false, "documentHash": "0x" }),
                "documentHash is wrong",
            ),
        ] {
            assert_eq!(read(&answer).unwrap_err().to_string(), fault);
        }
    }
}

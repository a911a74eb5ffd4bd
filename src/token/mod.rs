//! The published forms of a list: claims and packed entries to bytes, and back.
//!
//! One file per format. Nothing here knows keys, files or the clock: a payload goes to a signer
//! as bytes, and comes back from a verified token as parsed JSON or CBOR.
//!
//! A new format is a file here, its arm in [`Writer::of`], its row in the table of `list::View`, and
//! its judge in `audit`.

use serde_json::Value;

use crate::list::{Family, Series, View};

pub(crate) mod cite;
mod claims;
mod compression;
pub mod cwt;
pub mod jwt;
mod node;
mod number;
pub mod oa_ocsp;
mod reference;
mod status_list;
mod uri;
pub mod w3c;

pub use claims::{Claims, StatusList};
pub(crate) use compression::GunzipError;
pub use compression::{InflateError, InflateLimit, ZlibHeader, compress, gzip, inflate};
pub(crate) use node::Node;
pub(crate) use number::NumberError;
pub use number::{NumericDate, time_to_live};
pub(crate) use reference::{Reference, read_cwt_reference, read_jwt_reference};
pub use reference::{cwt_reference, jwt_reference};
pub(crate) use uri::is_uri;

use w3c::{CredentialView, ListFormat};

/// What writes the files of a view.
#[derive(Clone, Copy, Debug)]
pub enum Writer<'a> {
    /// The payload of a JWS in the compact form.
    CompactJws(Payload),
    /// The payload of a `COSE_Sign1`.
    CoseSign1(Payload),
    /// A W3C credential.
    Credential(CredentialView<'a>),
    /// Documents that are not signed, one for each entry.
    Documents(Embed),
}

/// How what is to be signed is written.
#[derive(Clone, Copy, Debug)]
pub struct Payload {
    /// The `typ` header.
    pub typ: &'static str,
    /// Encodes it.
    pub encode: fn(&Claims) -> Vec<u8>,
    embed: Embed,
}

/// Writes what a credential embeds, from the index of the entry and the uri of its list.
pub type Embed = fn(u64, &str) -> Embedded;

/// What a credential embeds to point to its entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Embedded {
    /// It is JSON.
    Json(Value),
    /// It is encoded CBOR.
    Cbor(Vec<u8>),
}

impl<'a> Writer<'a> {
    /// What writes a view of a series: a new format joins here.
    #[must_use]
    pub fn of(series: &'a Series, view: View) -> Self {
        let credential = |format| Self::Credential(CredentialView::new(series, view, format));
        match view.family() {
            Family::Jwt => Self::CompactJws(Payload {
                typ: jwt::TYPE,
                encode: jwt::encode_payload,
                embed: |index, uri| Embedded::Json(jwt_reference(index, uri)),
            }),
            Family::Cwt => Self::CoseSign1(Payload {
                typ: cwt::TYPE,
                encode: cwt::encode_payload,
                embed: |index, uri| Embedded::Cbor(cwt_reference(index, uri)),
            }),
            Family::Bitstring => credential(ListFormat::Bitstring),
            Family::StatusList2021 => credential(ListFormat::StatusList2021),
            Family::RevocationList2020 => credential(ListFormat::RevocationList2020),
            Family::OaOcsp => {
                Self::Documents(|_, location| Embedded::Json(oa_ocsp::reference(location)))
            }
        }
    }

    /// The W3C credential, if it is one.
    #[must_use]
    pub fn credential(self) -> Option<CredentialView<'a>> {
        match self {
            Self::Credential(view) => Some(view),
            _ => None,
        }
    }

    /// Writes what a credential embeds to point to an entry of the list with this uri.
    #[must_use]
    pub fn embed(self, index: u64, uri: &str) -> Embedded {
        match self {
            Self::CompactJws(payload) | Self::CoseSign1(payload) => (payload.embed)(index, uri),
            Self::Credential(view) => Embedded::Json(view.status_entry(uri, index)),
            Self::Documents(embed) => embed(index, uri),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::{Duration, Holds, Register, Securing, SeriesView, Size, Status, Width};

    /// What the table says of a view is what its writer does.
    #[test]
    fn each_view_is_written_as_its_row_says() {
        let register = Register {
            width: Width::Two,
            size: Size::new(1).unwrap(),
            default_status: Status::VALID,
            final_statuses: vec![],
        };
        let uri = "https://example.com/{n}".to_owned();
        let views = vec![SeriesView {
            view: View::Jwt,
            uri,
        }];
        let issuer = "https://example.com".to_owned();
        let series = Series::new(&register, issuer, Duration::HOUR, Duration::WEEK, views).unwrap();
        for view in View::ALL {
            let securing = match Writer::of(&series, view) {
                Writer::CompactJws(payload) => {
                    assert!(view.media_type(None).ends_with(payload.typ));
                    Securing::CompactJws
                }
                Writer::CoseSign1(payload) => {
                    assert_eq!(view.media_type(None), payload.typ);
                    Securing::CoseSign1
                }
                Writer::Credential(_) => Securing::Credential,
                Writer::Documents(_) => {
                    assert_eq!(view.row().holds, Holds::Documents);
                    Securing::Nothing
                }
            };
            assert_eq!(view.row().securing, securing, "{view}");
        }
    }
}

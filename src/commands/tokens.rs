//! Signed tokens from a state of a list file.

use std::num::NonZeroU64;

use serde_json::Map;

use super::options::{SigningKey, SigningOptions};
use super::{Code, Context, Error};
use crate::list::{Duration, Timestamp, View, check_ttl};
use crate::sign::cose::CoseHeader;
use crate::sign::{Header, Unsigned};
use crate::store::{ListRow, Snapshot, StoreError};
use crate::token::{Claims, StatusList, cwt, jwt};

/// How long a token is valid and may be kept.
#[derive(Clone, Copy)]
pub(super) struct Lifetimes {
    pub(super) ttl: Duration,
    pub(super) valid_for: Duration,
}

impl Lifetimes {
    /// Options first, then the settings file, then the list file.
    pub(super) fn resolve(
        options: &SigningOptions,
        context: &Context<'_>,
        snapshot: &Snapshot<'_>,
    ) -> Result<Self, Error> {
        let series = snapshot.series();
        let lifetimes = Self {
            ttl: options.ttl(context, series.ttl),
            valid_for: options.valid_for(context, series.valid_for),
        };
        check_ttl(lifetimes.ttl, lifetimes.valid_for)?;
        Ok(lifetimes)
    }
}

/// What the token of a list says when it is issued at a time.
pub(super) fn claims(
    snapshot: &Snapshot<'_>,
    list: &ListRow,
    uri: &str,
    lifetimes: Lifetimes,
    issued_at: Timestamp,
) -> Result<Claims, StoreError> {
    let series = snapshot.series();
    Ok(Claims {
        subject: uri.to_owned(),
        issuer: Some(series.issuer.clone()),
        issued_at: issued_at.second(),
        expires_at: Some(issued_at.plus(lifetimes.valid_for).second()),
        time_to_live: NonZeroU64::new(lifetimes.ttl.seconds()),
        aggregation_uri: series.aggregation_uri.clone(),
        list: StatusList {
            width: list.width,
            bytes: snapshot.packed(list)?,
        },
    })
}

/// Encodes and signs. The same claims and key give the same bytes.
pub(super) fn encode(view: View, key: &SigningKey, claims: &Claims) -> Result<Vec<u8>, Error> {
    Ok(key.signer.sign(unsigned(view, key, claims)?)?)
}

/// Encodes all but the signature. Fails if the key's certificate is not in force then.
fn unsigned(view: View, key: &SigningKey, claims: &Claims) -> Result<Unsigned, Error> {
    let algorithm = key.signer.public().algorithm();
    let mut extra = Map::new();
    let mut chain = Vec::new();
    if let Some(certificates) = &key.certificates {
        certificates.check_in_force(claims.issued_at)?;
        extra.insert("x5c".to_owned(), certificates.x5c());
        chain = certificates.x5chain();
    }
    Ok(match view {
        View::Jwt => {
            let header = Header {
                typ: Some(jwt::TYPE.to_owned()),
                kid: Some(key.id.clone()),
                extra,
            };
            Unsigned::compact(algorithm, &header, &jwt::encode_payload(claims))
        }
        View::Cwt => {
            let header = CoseHeader {
                typ: Some(cwt::TYPE.to_owned()),
                kid: Some(key.id.clone().into_bytes()),
                certificates: chain,
                ..CoseHeader::default()
            };
            Unsigned::sign1(algorithm, &header, cwt::encode_payload(claims))
        }
        other => return Err(not_yet(other)),
    })
}

/// Refuses a view that is not built yet.
pub(super) fn not_yet(view: View) -> Error {
    Error::new(
        Code::Refused,
        format!("view {view} cannot be published yet"),
    )
}

/// What the file of a view is served as.
pub(super) const fn media_type(view: View) -> &'static str {
    match view {
        View::Jwt => jwt::MEDIA_TYPE,
        View::Cwt => cwt::MEDIA_TYPE,
        View::OaOcsp => "application/json",
        View::Bitstring(_) | View::StatusList2021(_) | View::RevocationList2020 => "application/vc",
    }
}

//! Signed tokens from a state of a list file.

use std::num::NonZeroU64;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::credentials;
use super::profiles;
use super::signing::{NamedKey, SigningKey};
use super::{Code, Context, Error};
use crate::audit::header_member;
use crate::commands::options::SigningOptions;
use crate::list::{Duration, Register, Series, Status, Timestamp, View, check_ttl};
use crate::sign::cose::CoseHeader;
use crate::sign::{Header, Unsigned};
use crate::store::{ListRow, Snapshot, StoreError};
use crate::survey::Shape;
use crate::token::w3c::CredentialView;
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

/// A signed token, and what it says of itself.
pub(super) struct Token {
    pub(super) view: View,
    pub(super) uri: String,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) bytes: Vec<u8>,
}

/// What one published file says, before it is signed.
pub(super) struct Statement {
    pub(super) view: View,
    pub(super) claims: Claims,
    settings: Rc<Settings>,
}

/// The part of a series that its published files depend on.
pub(super) struct Settings {
    series: Series,
    register: Register,
}

impl Settings {
    pub(super) fn of(snapshot: &Snapshot<'_>) -> Rc<Self> {
        Rc::new(Self {
            series: snapshot.series().clone(),
            register: snapshot.register().clone(),
        })
    }
}

impl Statement {
    /// What the file of a list says when it is issued at a time.
    pub(super) fn of(
        snapshot: &Snapshot<'_>,
        settings: &Rc<Settings>,
        (list, view, uri): (&ListRow, View, &str),
        lifetimes: Lifetimes,
        issued_at: Timestamp,
    ) -> Result<Self, StoreError> {
        let series = &settings.series;
        let claims = Claims {
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
        };
        Ok(Self {
            view,
            claims,
            settings: Rc::clone(settings),
        })
    }

    /// Encodes and signs. The same statement and key give the same bytes.
    pub(super) fn signed(&self, key: &SigningKey) -> Result<Vec<u8>, Error> {
        Ok(key.signer.sign(self.unsigned(&key.named)?)?)
    }

    /// Encodes all but the signature. Fails if the key's certificate is not in force then, or if
    /// the profile of the series forbids it.
    pub(super) fn unsigned(&self, key: &NamedKey) -> Result<Unsigned, Error> {
        profiles::refuse(self, key, None)?;
        let unsigned = self.encoded(key)?;
        profiles::refuse(self, key, Some(unsigned.completed_length() as u64))?;
        Ok(unsigned)
    }

    fn encoded(&self, key: &NamedKey) -> Result<Unsigned, Error> {
        let claims = &self.claims;
        let algorithm = key.public.algorithm();
        if let Some(certificates) = &key.certificates {
            certificates.check_in_force(claims.issued_at)?;
        }
        Ok(match self.view {
            View::Jwt => {
                let header = Header {
                    typ: Some(jwt::TYPE.to_owned()),
                    kid: Some(key.id.clone()),
                    extra: self.header_members(key),
                };
                Unsigned::compact(algorithm, &header, &jwt::encode_payload(claims))
            }
            View::Cwt => {
                let header = CoseHeader {
                    typ: Some(cwt::TYPE.to_owned()),
                    kid: Some(key.id.clone().into_bytes()),
                    certificates: key.x5chain(),
                    ..CoseHeader::default()
                };
                Unsigned::sign1(algorithm, &header, cwt::encode_payload(claims))
            }
            view => match self.credential_view() {
                Some(credential) => {
                    credentials::unsigned(credential, &self.settings.series, key, claims)?
                }
                None => return Err(not_signed(view)),
            },
        })
    }

    /// What the header of a JWT has beside its algorithm, type and key.
    fn header_members(&self, key: &NamedKey) -> Map<String, Value> {
        let certificates = key.x5c().map(|x5c| ("x5c", x5c));
        let profile = self.series().profile.and_then(header_member);
        certificates
            .into_iter()
            .chain(profile.map(|member| (member.name, member.value.into())))
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// The W3C view, if it is one.
    pub(super) fn credential_view(&self) -> Option<CredentialView<'_>> {
        CredentialView::new(&self.settings.series, &self.settings.register, self.view)
    }

    /// The shape of the list in its view.
    pub(super) fn shape(&self) -> Shape<'_> {
        Shape::new(&self.settings.series, &self.settings.register, self.view)
    }

    /// The most bytes that the list has in its view.
    pub(super) fn inflated(&self) -> u64 {
        // A W3C list is padded to 16,384 bytes for each of at most 8 bits.
        (self.claims.list.bytes.len() as u64).max(1 << 17)
    }

    /// The statuses that an entry of the series does not leave.
    pub(super) fn finals(&self) -> Vec<Status> {
        self.settings
            .series
            .lasting_statuses(&self.settings.register)
    }

    pub(super) fn series(&self) -> &Series {
        &self.settings.series
    }

    /// What the file is served as.
    pub(super) fn media_type(&self) -> &'static str {
        match self.view {
            View::Jwt => jwt::MEDIA_TYPE,
            View::Cwt => cwt::MEDIA_TYPE,
            _ => self.credential_view().map_or("application/json", |view| {
                credentials::media_type(view.format(), self.settings.series.credentials.proof)
            }),
        }
    }
}

/// Refuses to sign a view that readers take as it is.
pub(super) fn not_signed(view: View) -> Error {
    Error::new(Code::Refused, format!("view {view} is not signed"))
        .because("it is one file for each document, which readers trust because of its host")
        .hint(format!("statuslist publish FILE --to FOLDER --as {view}"))
}

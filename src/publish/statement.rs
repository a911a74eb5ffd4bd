//! Signed tokens from a state of a list file.

use std::num::NonZeroU64;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::credential;
use super::error::StatementError;
use super::key::{KeyCertificates, NamedKey, TokenSigner};
use crate::audit::{TokenDemand, TokenFacts, header_member, token_breaches};
use crate::list::{Breach, Duration, Fact, ListUri, Profile, Series, Timestamp, View, Weight};
use crate::sign::cose::CoseHeader;
use crate::sign::{JoseHeader, Unsigned};
use crate::store::{ListRow, Snapshot, StoreError};
use crate::survey::Shape;
use crate::token::w3c::CredentialView;
use crate::token::{Claims, StatusList, Writer};

/// How long a token is valid and may be kept.
#[derive(Clone, Copy)]
pub(crate) struct Lifetimes {
    pub(crate) ttl: Duration,
    pub(crate) valid_for: Duration,
}

/// What one published file says, before it is signed.
pub(crate) struct Statement {
    pub(crate) view: View,
    pub(crate) claims: Claims,
    pub(crate) series: Rc<Series>,
}

impl Statement {
    /// What the file of a list says when it is issued at a time.
    pub(crate) fn of(
        snapshot: &Snapshot<'_>,
        list: &ListRow,
        place: ListUri,
        lifetimes: Lifetimes,
        issued_at: Timestamp,
    ) -> Result<Self, StoreError> {
        let entries = StatusList {
            width: list.width,
            bytes: snapshot.packed(list)?,
        };
        let series = Rc::new(snapshot.series().clone());
        Ok(Self::new(series, place, entries, lifetimes, issued_at))
    }

    /// The same of entries that are at hand.
    pub(crate) fn new(
        series: Rc<Series>,
        place: ListUri,
        list: StatusList,
        lifetimes: Lifetimes,
        issued_at: Timestamp,
    ) -> Self {
        let claims = Claims {
            subject: place.uri,
            issuer: Some(series.issuer.clone()),
            issued_at: issued_at.second(),
            expires_at: Some(issued_at.plus(lifetimes.valid_for).second()),
            time_to_live: NonZeroU64::new(lifetimes.ttl.seconds()),
            aggregation_uri: series.aggregation_uri.clone(),
            list,
        };
        Self {
            view: place.view,
            claims,
            series,
        }
    }

    /// Encodes and signs. The same statement and key give the same bytes.
    pub(crate) fn signed(&self, key: &TokenSigner) -> Result<Vec<u8>, StatementError> {
        Ok(key.signer.sign(self.unsigned(&key.named)?)?)
    }

    /// Encodes all but the signature. Fails if the key's certificate is not in force then, or if
    /// the profile of the series forbids it.
    pub(crate) fn unsigned(&self, key: &NamedKey) -> Result<Unsigned, StatementError> {
        self.refuse_breaches(key, Fact::Elsewhere)?;
        let unsigned = self.encoded(key)?;
        self.refuse_breaches(key, Fact::Is(unsigned.completed_length() as u64))?;
        Ok(unsigned)
    }

    fn encoded(&self, key: &NamedKey) -> Result<Unsigned, StatementError> {
        let claims = &self.claims;
        let algorithm = key.public.algorithm();
        if let Some(certificates) = &key.certificates {
            certificates.check_in_force(claims.issued_at)?;
        }
        Ok(match Writer::of(&self.series, self.view) {
            Writer::CompactJws(payload) => {
                let header = JoseHeader {
                    typ: Some(payload.typ.to_owned()),
                    kid: Some(key.id.clone()),
                    extra: self.header_members(key),
                };
                Unsigned::compact(algorithm, &header, &(payload.encode)(claims))
            }
            Writer::CoseSign1(payload) => {
                let header = CoseHeader {
                    typ: Some(payload.typ.to_owned()),
                    kid: Some(key.id.clone().into_bytes()),
                    certificates: key.x5chain(),
                    ..CoseHeader::default()
                };
                Unsigned::sign1(algorithm, &header, &(payload.encode)(claims))
            }
            Writer::Credential(view) => credential::unsigned(view, &self.series, key, claims)?,
            Writer::Documents(_) => return Err(StatementError::NotSigned(self.view)),
        })
    }

    /// What the header of a JWT has beside its algorithm, type and key.
    fn header_members(&self, key: &NamedKey) -> Map<String, Value> {
        let certificates = key.x5c().map(|x5c| ("x5c", x5c));
        let profile = self.series.profile.and_then(header_member);
        certificates
            .into_iter()
            .chain(profile.map(|member| (member.name, member.value.into())))
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// The W3C view, if it is one.
    pub(crate) fn credential_view(&self) -> Option<CredentialView<'_>> {
        Writer::of(&self.series, self.view).credential()
    }

    /// The shape of the list in its view.
    pub(crate) fn shape(&self) -> Shape<'_> {
        Shape {
            series: &self.series,
            view: self.view,
        }
    }

    /// Takes the list out, which leaves the statement without one.
    pub(crate) fn take_list(&mut self) -> StatusList {
        let list = &mut self.claims.list;
        StatusList {
            width: list.width,
            bytes: std::mem::take(&mut list.bytes),
        }
    }

    /// The most bytes that the list has in its view.
    pub(crate) fn inflated(&self) -> u64 {
        // A W3C list is padded to 16,384 bytes for each of at most 8 bits.
        (self.claims.list.bytes.len() as u64).max(1 << 17)
    }

    /// What the file is served as.
    pub(crate) fn media_type(&self) -> &'static str {
        self.view.media_type(self.series.credentials.proof)
    }

    /// What the profile of the series advises against.
    pub(crate) fn advice(&self, key: &NamedKey) -> Vec<Breach<TokenDemand>> {
        let mut breaches = self.breaches(key, Fact::Elsewhere);
        breaches.retain(|breach| breach.rule.weight == Weight::Should);
        breaches
    }

    /// Refuses a token that breaks a rule; how long it is, is known when it is encoded.
    fn refuse_breaches(&self, key: &NamedKey, bytes: Fact<u64>) -> Result<(), StatementError> {
        let mut breaches = self.breaches(key, bytes).into_iter();
        match breaches.find(|breach| breach.rule.weight == Weight::Must) {
            Some(breach) => Err(breach.into()),
            None => Ok(()),
        }
    }

    /// The rules that the token breaks, beside those that its series keeps.
    fn breaches(&self, key: &NamedKey, bytes: Fact<u64>) -> Vec<Breach<TokenDemand>> {
        let governs = |profile: &Profile| profile.governs(self.view);
        let Some(profile) = self.series.profile.filter(governs) else {
            return Vec::new();
        };
        let claims = &self.claims;
        let facts = TokenFacts {
            view: self.view,
            algorithm: Fact::Is(key.public.algorithm().name()),
            key_id: Fact::Is(&key.id),
            header_member: Fact::of(header_member(profile).map(|member| member.value)),
            names_aggregation: claims.aggregation_uri.is_some(),
            valid_for: Fact::of(claims.expires_at.map(|end| end - claims.issued_at)),
            // These were judged when the series was made, and when statuses were set.
            width: Fact::Elsewhere,
            list_bytes: Fact::Elsewhere,
            statuses: Fact::Elsewhere,
            certificate: Fact::of(key.certificates.as_ref().map(KeyCertificates::facts)),
            unprotected_certificate: false,
            bytes,
        };
        token_breaches(profile, &facts)
    }
}

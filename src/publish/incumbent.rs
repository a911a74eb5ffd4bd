//! What a site holds at a place already, as far as it can be read.

use std::num::NonZeroU64;

use serde_json::{Map, Value};

use super::credential;
use super::key::NamedKey;
use super::statement::Statement;
use crate::audit::{Checks, SignatureState, TokenJudgement, judge_token};
use crate::list::{Proof, Timestamp, Validity};
use crate::sign::cose::{parse_json_sign1, parse_sign1};
use crate::sign::{KeySet, PublicKey, SecuredDocument, parse_compact, trim_compact};
use crate::survey::{OtherShape, Shown};
use crate::token::InflateLimit;
use crate::token::w3c::envelope::{is_envelope, open_envelope};
use crate::token::w3c::{Bitstring, CredentialView, from_jwt_payload, rdf, reading};
use crate::wire::json::parse_strict;

/// What is at a place, compared with what belongs there.
#[derive(Default)]
pub(crate) struct Incumbent<'a> {
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) signed_by_us: bool,
    /// Whether it shows the same statuses.
    pub(crate) same_list: bool,
    /// Whether it says the same but for its times and its list.
    pub(crate) same_claims: bool,
    pub(crate) same_certificates: bool,
    /// Which list it is of, if it says that it is of another.
    pub(crate) other_subject: Option<String>,
    /// What it shows of each entry, if that can be read; if it is a list of another shape, how many
    /// entries of it have a final status.
    pub(crate) shown: Option<Result<Shown<'a>, Incomparable>>,
}

/// A list that cannot be compared entry by entry.
pub(crate) struct Incomparable {
    pub(crate) reason: OtherShape,
    /// How many of its entries have a final status.
    pub(crate) finals: u64,
}

impl Incomparable {
    fn new(reason: OtherShape, statement: &Statement, counts: &[u64]) -> Self {
        let finals = statement
            .shape()
            .count_of(counts, &statement.series.lasting_statuses());
        Self { reason, finals }
    }
}

impl<'a> Incumbent<'a> {
    /// Reads what is at the place of a view.
    pub(crate) fn read(
        bytes: &[u8],
        statement: &'a Statement,
        key: &NamedKey,
        now: Timestamp,
        limit: InflateLimit,
    ) -> Self {
        if let Some(view) = statement.credential_view() {
            return credential(bytes, statement, view, key, limit).unwrap_or_default();
        }
        let keys = KeySet::from(key.public.clone().unnamed());
        let judgement = judge_token(
            bytes,
            &Checks {
                keys: Some(&keys),
                uri: Some(&statement.claims.subject),
                ..Checks::new(now, limit)
            },
        );
        Self {
            issued_at: judgement.issued_at,
            expires_at: judgement.expires_at,
            signed_by_us: matches!(judgement.signature, SignatureState::Valid(_)),
            same_list: judgement.list.as_ref() == Some(&statement.claims.list),
            same_claims: claims_the_same(&judgement, statement, key),
            same_certificates: judgement.certificates.as_ref()
                == key.certificates.as_ref().map(|own| &own.chain),
            other_subject: judgement
                .subject
                .filter(|subject| *subject != statement.claims.subject),
            shown: judgement.list.map(|list| {
                let shown = statement.shape().list(list);
                shown.map_err(|reason| Incomparable::new(reason, statement, &judgement.counts))
            }),
        }
    }

    /// Its times, if it says them.
    pub(crate) fn validity(&self) -> Option<Validity> {
        Some(Validity {
            issued_at: self.issued_at?,
            expires_at: Some(self.expires_at?),
        })
    }
}

/// Whether a key signed what somebody published, be it a token, a credential, or a credential in an
/// envelope.
pub(crate) fn is_signed_by(bytes: &[u8], key: &PublicKey) -> bool {
    if let Ok(token) = parse_compact(trim_compact(bytes).0) {
        return token.verify(key).is_ok();
    }
    if let Ok(message) = parse_sign1(bytes) {
        return message.verify(key).is_ok();
    }
    if let Ok(message) = parse_json_sign1(bytes) {
        return message.verify(key).is_ok();
    }
    let Ok(Value::Object(document)) = parse_strict(bytes) else {
        return false;
    };
    if is_envelope(&document) {
        // An envelope holds no other.
        let inner = open_envelope(&document).ok();
        return inner.is_some_and(|inner| {
            let is_signed = |bytes: &[u8]| !bytes.starts_with(b"{") && is_signed_by(bytes, key);
            is_signed(&inner.content)
        });
    }
    let Ok(document) = SecuredDocument::new(Value::Object(document)) else {
        return false;
    };
    let n_quads = |document: &Map<String, Value>| Ok(rdf::n_quads(document)?);
    let mut proofs = document.proofs().iter().flatten();
    proofs.any(|proof| document.verify(proof, key, &n_quads).is_ok())
}

/// Whether a new token would claim the same but for its times and its list.
fn claims_the_same(judgement: &TokenJudgement, statement: &Statement, key: &NamedKey) -> bool {
    let claims = &statement.claims;
    let validity = |issued: i64, expires: Option<i64>| expires.map(|expires| expires - issued);
    let issued = judgement.issued_at.map_or(0, Timestamp::second);
    let expires = judgement.expires_at.map(Timestamp::second);
    judgement.subject.as_deref() == Some(claims.subject.as_str())
        && judgement.issuer == claims.issuer
        && judgement.ttl == claims.time_to_live.map(NonZeroU64::get)
        && judgement.aggregation_uri == claims.aggregation_uri
        && validity(issued, expires) == validity(claims.issued_at, claims.expires_at)
        && judgement.key_id.as_deref() == Some(key.id.as_str())
}

/// A credential and how it is secured.
struct Secured {
    credential: Map<String, Value>,
    signed_by_us: bool,
    /// What the signature says of itself, as far as a new one would say the same.
    method: Option<String>,
    same_certificates: bool,
}

fn credential<'a>(
    bytes: &[u8],
    statement: &'a Statement,
    view: CredentialView<'_>,
    key: &NamedKey,
    limit: InflateLimit,
) -> Option<Incumbent<'a>> {
    let series = &statement.series;
    let proof = credential::proof_for(series, &key.public).ok()?;
    let method = credential::verification_method(series, proof, &key.public).ok()?;
    let secured = match proof {
        Proof::Jwt => in_jwt(bytes, key),
        Proof::Cose => in_cose(bytes, key),
        _ => embedded(bytes, key),
    }?;
    let found = &secured.credential;
    let model = view.format().data_model();
    let date = |member| reading::date(found, member).ok().flatten();
    let (issued_at, expires_at) = (date(model.valid_from()), date(model.valid_until()));
    let bits = reading::published_bits(found, limit).ok();
    let ours = view.bits(&statement.claims.list);
    let same_list = bits.as_ref().is_some_and(|bits: &Bitstring| {
        bits.bytes == ours.bytes && bits.size.bits() == ours.size.bits()
    });
    let like_ours = issued_at.and_then(|issued_at| {
        let valid_for = statement.claims.expires_at? - statement.claims.issued_at;
        let mut claims = statement.claims.clone();
        claims.issued_at = issued_at.second();
        claims.expires_at = Some(issued_at.second() + valid_for);
        // The list is compared by its bits: compressing it here would be in vain.
        claims.list.bytes.clear();
        Some(view.credential(&claims, proof))
    });
    let same_claims = like_ours
        .is_some_and(|ours| without_list(ours) == without_list(Value::Object(found.clone())));
    Some(Incumbent {
        issued_at,
        expires_at,
        signed_by_us: secured.signed_by_us,
        same_list,
        same_claims: same_claims && secured.method == Some(method),
        same_certificates: secured.same_certificates,
        other_subject: other_subject(found, statement),
        shown: bits.map(|bits| {
            let counts = bits.count();
            let shown = statement.shape().bits(bits);
            shown.map_err(|reason| Incomparable::new(reason, statement, &counts))
        }),
    })
}

/// The id of a credential of another list.
fn other_subject(credential: &Map<String, Value>, statement: &Statement) -> Option<String> {
    let id = credential.get("id")?.as_str()?;
    (id != statement.claims.subject).then(|| id.to_owned())
}

fn without_list(mut credential: Value) -> Value {
    if let Some(Value::Object(subject)) = credential.get_mut("credentialSubject") {
        subject.remove("encodedList");
    }
    credential
}

fn embedded(bytes: &[u8], key: &NamedKey) -> Option<Secured> {
    let document = SecuredDocument::new(parse_strict(bytes).ok()?).ok()?;
    let [Ok(proof)] = document.proofs() else {
        return None;
    };
    let n_quads = |document: &Map<String, Value>| Ok(rdf::n_quads(document)?);
    let verified = document.verify(proof, &key.public, &n_quads);
    Some(Secured {
        credential: document.document().clone(),
        signed_by_us: verified.is_ok(),
        method: Some(proof.options().verification_method().to_owned()),
        // A proof in the document names its key, and carries no certificates.
        same_certificates: true,
    })
}

fn in_jwt(bytes: &[u8], key: &NamedKey) -> Option<Secured> {
    let token = parse_compact(trim_compact(bytes).0).ok()?;
    let method = token.header().get("kid").and_then(Value::as_str);
    let found = from_jwt_payload(token.payload().clone()).ok()?;
    Some(Secured {
        credential: found.credential,
        signed_by_us: token.verify(&key.public).is_ok(),
        method: method.map(str::to_owned),
        same_certificates: token.header().get("x5c") == key.x5c().as_ref(),
    })
}

fn in_cose(bytes: &[u8], key: &NamedKey) -> Option<Secured> {
    let message = parse_json_sign1(bytes).ok()?;
    let credential = message.payload().clone();
    Some(Secured {
        credential,
        signed_by_us: message.verify(&key.public).is_ok(),
        method: message
            .key_id()
            .ok()?
            .and_then(|id| String::from_utf8(id.to_vec()).ok()),
        same_certificates: message.certificates().ok()? == key.x5chain(),
    })
}

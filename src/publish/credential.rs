//! W3C credentials: how they are secured, and which key they name.

use serde_json::{Map, Value};

use super::error::StatementError;
use super::key::NamedKey;
use crate::list::{Proof, Series, Timestamp};
use crate::sign::cose::CoseHeader;
use crate::sign::{
    Canonicalization, Cryptosuite, DidKey, DidWeb, JoseHeader, ProofError, ProofOptions, PublicKey,
    Unsigned, UnsignedProof,
};
use crate::token::Claims;
use crate::token::w3c::{CredentialView, envelope, rdf};

/// A W3C list credential, all but its signature.
pub(crate) fn unsigned(
    view: CredentialView<'_>,
    series: &Series,
    key: &NamedKey,
    claims: &Claims,
) -> Result<Unsigned, StatementError> {
    let public = &key.public;
    let algorithm = public.algorithm();
    let proof = proof_for(series, public)?;
    let method = verification_method(series, proof, public)?;
    let model = view.format().data_model();
    Ok(match proof {
        Proof::Jwt => {
            let mut extra = Map::new();
            if let Some(kind) = model.jwt_content_type() {
                extra.insert("cty".to_owned(), kind.into());
            }
            if let Some(x5c) = key.x5c() {
                extra.insert("x5c".to_owned(), x5c);
            }
            let header = JoseHeader {
                typ: Some(model.jwt_type().to_owned()),
                kid: Some(method),
                extra,
            };
            let payload = view.jwt_payload(claims).to_string();
            Unsigned::compact(algorithm, &header, payload.as_bytes())
        }
        Proof::Cose => {
            let header = CoseHeader {
                typ: Some(envelope::COSE_MEDIA_TYPE.to_owned()),
                content_type: Some(envelope::MEDIA_TYPE.to_owned()),
                kid: Some(method.into_bytes()),
                certificates: key.x5chain(),
            };
            let payload = view.credential(claims, proof).to_string();
            Unsigned::sign1(algorithm, &header, payload.as_bytes())
        }
        _ => {
            let created = Timestamp::from_second(claims.issued_at).to_string();
            let options = suite(proof)
                .and_then(|suite| ProofOptions::new(suite, &method))
                .and_then(|options| options.with_created(&created))
                .map_err(StatementError::Insecure)?;
            let document = match view.credential(claims, proof) {
                Value::Object(members) => members,
                _ => Map::new(),
            };
            let proof = UnsignedProof::new(algorithm, document, options, &|document| {
                Ok(rdf::n_quads(document)?)
            })
            .map_err(StatementError::Insecure)?;
            Unsigned::proof(proof)
        }
    })
}

/// How the credentials of a series are secured with a key.
pub(crate) fn proof_for(series: &Series, key: &PublicKey) -> Result<Proof, StatementError> {
    let algorithm = key.algorithm();
    let refused = |proof| StatementError::OtherProof { algorithm, proof };
    let Some(proof) = series.credentials.proof else {
        let suite = Cryptosuite::of(Canonicalization::Jcs, algorithm);
        return suite
            .and_then(|suite| suite.name().parse().ok())
            .ok_or_else(|| refused(Proof::EcdsaJcs2019));
    };
    let fits = |proof| suite(proof).is_ok_and(|suite| suite.fits(algorithm));
    if proof.is_embedded() && !fits(proof) {
        return Err(refused(proof));
    }
    Ok(proof)
}

/// The uri of the key in proofs: what was configured, or what follows from the issuer.
///
/// Source: Controlled Identifiers v1.0, section 2.2; VC-JOSE-COSE, section 4.1.1.
pub(crate) fn verification_method(
    series: &Series,
    proof: Proof,
    key: &PublicKey,
) -> Result<String, StatementError> {
    let issuer = series.issuer.as_str();
    if issuer.starts_with("did:key:") {
        let did = DidKey::new(key);
        if did.did() != issuer {
            return Err(StatementError::NotTheIssuers {
                issuer: issuer.to_owned(),
                key: did.did(),
            });
        }
        return Ok(did.method());
    }
    if let Some(method) = &series.credentials.verification_method {
        return Ok(method.clone());
    }
    if issuer.starts_with("did:web:") {
        let did: DidWeb = issuer.parse().map_err(|source| StatementError::Issuer {
            issuer: issuer.to_owned(),
            source,
        })?;
        return Ok(if proof.is_embedded() {
            did.multikey_method(key)
        } else {
            did.json_web_key_method(key)
        });
    }
    if issuer.starts_with("https://") {
        return Ok(format!("{issuer}#{}", key.thumbprint()));
    }
    Err(StatementError::UnknownMethod(issuer.to_owned()))
}

fn suite(proof: Proof) -> Result<Cryptosuite, ProofError> {
    Ok(proof.name().parse::<Cryptosuite>()?)
}

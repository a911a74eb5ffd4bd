//! Credentials as JWT, and in envelopes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use statuslist::audit::{CredentialForm, CredentialKeys, Verdict};
use statuslist::sign::KeySet;
use statuslist::token::w3c::envelope::envelop_jwt;

use super::{
    P256, checks, did, findings, finds, finds_with, header, judged, jwt, method, public, unsigned,
    unsigned_2021,
};

fn with_header(member: &str, value: impl Into<Value>) -> String {
    let mut header = header();
    header[member] = value.into();
    jwt(&header, &unsigned())
}

fn without_header(member: &str) -> String {
    let mut header = header();
    header.as_object_mut().unwrap().remove(member).unwrap();
    jwt(&header, &unsigned())
}

fn with_claim(member: &str, value: impl Into<Value>) -> String {
    let mut payload = unsigned();
    payload[member] = value.into();
    jwt(&header(), &payload)
}

/// The older form, in which the credential is a claim.
fn old(change: impl FnOnce(&mut Value)) -> String {
    let mut payload = json!({
        "iss": did(),
        "nbf": 1_767_225_600,
        "exp": 1_767_830_400,
        "jti": "https://example.com/status/3",
        "sub": "https://example.com/status/3#list",
        "vc": unsigned_2021(),
    });
    change(&mut payload);
    jwt(&json!({"kid": method(), "typ": "JWT"}), &payload)
}

/// The same text with another header, which breaks its signature.
fn forged(header: &Value) -> String {
    let text = jwt(header, &unsigned());
    let (_, rest) = text.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
}

#[test]
fn typ() {
    let rule = "(VC-JOSE-COSE, section 3.1.1)";
    finds(
        without_header("typ"),
        &[&format!(
            "warning: the header has no typ: it should be vc+jwt {rule}"
        )],
    );
    for typ in ["JWT", "application/vc+jwt"] {
        finds(
            with_header("typ", typ),
            &[&format!(
                "warning: typ is {typ}: it should be vc+jwt {rule}"
            )],
        );
    }
    finds(
        with_header("typ", "statuslist+jwt"),
        &[
            "error STATUS_VERIFICATION_ERROR: typ is \"statuslist+jwt\", not vc+jwt (RFC 8725, section 3.11)",
        ],
    );
}

#[test]
fn cty() {
    finds(without_header("cty"), &[]);
    finds(
        with_header("cty", "application/vc"),
        &["warning: cty is \"application/vc\": it should be vc (VC-JOSE-COSE, section 3.1.1)"],
    );
}

#[test]
fn alg() {
    let mut none = header();
    none["alg"] = "none".into();
    finds(
        forged(&none),
        &[
            "error STATUS_VERIFICATION_ERROR: the token is not signed: its algorithm is `none` (RFC 8725, section 3.2)",
        ],
    );
    let mut mac = header();
    mac["alg"] = "HS256".into();
    let judgement = judged(forged(&mac), &checks());
    let [finding] = findings(&judgement).try_into().unwrap();
    assert!(
        finding.starts_with("error STATUS_VERIFICATION_ERROR: ")
            && finding.ends_with("(RFC 8725, section 3.1)"),
        "{finding}"
    );
    let mut missing = header();
    missing.as_object_mut().unwrap().remove("alg");
    finds(
        forged(&missing),
        &[
            "error STATUS_VERIFICATION_ERROR: the header does not name an algorithm (RFC 7515, section 4.1.1)",
        ],
    );
    let mut other = header();
    other["alg"] = "ES384".into();
    finds(
        forged(&other),
        &[
            "error STATUS_VERIFICATION_ERROR: the token is signed with ES384, no key is for it (RFC 7515, section 5.2)",
        ],
    );
}

#[test]
fn crit() {
    finds(
        with_header("crit", json!(["exp"])),
        &[
            "error STATUS_VERIFICATION_ERROR: the header demands an extension that is not known: exp (RFC 7515, section 4.1.11)",
        ],
    );
}

#[test]
fn keys_that_the_header_brings() {
    finds(
        with_header("jwk", public(P256).to_jwk()),
        &[
            "note: the key that the header brings was not used, for it proves nothing by itself: jwk (RFC 8725, section 3.8)",
        ],
    );
}

#[test]
fn kid() {
    finds(
        without_header("kid"),
        &[
            "error STATUS_VERIFICATION_ERROR: the issuer is a DID, but no kid says which of its keys it is (VC-JOSE-COSE, section 4.1.1)",
        ],
    );
    finds(
        with_header("kid", "key-1"),
        &[
            "error STATUS_VERIFICATION_ERROR: kid is \"key-1\", not the url of a key of the issuer (VC-JOSE-COSE, section 4.3)",
        ],
    );
    let mut with_iss = unsigned();
    with_iss["iss"] = did().into();
    let mut short = header();
    short["kid"] = "key-1".into();
    finds(jwt(&short, &with_iss), &[]);
}

#[test]
fn whoever_has_the_key_need_not_find_it() {
    let keys = KeySet::from(public(P256));
    let mut checks = checks();
    checks.keys = CredentialKeys::Trusted(&keys);
    let judgement = judged(with_header("kid", "key-1"), &checks);
    assert_eq!(
        findings(&judgement),
        [
            "warning: kid is \"key-1\", not the url of a key of the issuer (VC-JOSE-COSE, section 4.3)"
        ]
    );
    assert_eq!(judgement.verdict(), Verdict::Valid);
}

#[test]
fn a_changed_payload() {
    let good = jwt(&header(), &unsigned());
    let (start, signature) = good.rsplit_once('.').unwrap();
    let (head, _) = start.split_once('.').unwrap();
    let mut payload = unsigned();
    payload["credentialSubject"]["statusPurpose"] = "suspension".into();
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    finds(
        format!("{head}.{payload}.{signature}"),
        &["error STATUS_VERIFICATION_ERROR: the signature does not verify (RFC 7515, section 5.2)"],
    );
}

#[test]
fn white_space() {
    finds(
        format!("{}\n", jwt(&header(), &unsigned())),
        &[
            "warning: white space surrounds the token: strict readers refuse it (RFC 7515, section 7.1)",
        ],
    );
}

#[test]
fn iss_is_the_issuer() {
    finds(with_claim("iss", did()), &[]);
    finds(
        with_claim("iss", "did:example:1"),
        &[
            "error STATUS_VERIFICATION_ERROR: iss is not the same as issuer (VC-JOSE-COSE, section 4.1.2)",
        ],
    );
    finds(
        with_claim("jti", "urn:uuid:1"),
        &["warning: jti is not the same as id (VC-JOSE-COSE, section 1.1.2.1)"],
    );
    finds(
        with_claim("sub", 1),
        &["error MALFORMED_VALUE_ERROR: sub is the number 1, not a string (RFC 7519, section 4.1)"],
    );
}

#[test]
fn claims_beside_the_credential() {
    for claim in ["vc", "vp"] {
        finds(
            with_claim(claim, json!({})),
            &[&format!(
                "error MALFORMED_VALUE_ERROR: there is a claim {claim} beside the members of the credential (VC-JOSE-COSE, section 1.1.2.1)"
            )],
        );
    }
}

#[test]
fn times_of_the_signature() {
    finds(with_claim("iat", 1_767_398_460), &[]);
    finds(
        with_claim("iat", 1_767_398_461),
        &[
            "error STATUS_VERIFICATION_ERROR: it was signed in the future, at 2026-01-03T00:01:01Z (RFC 7519, section 4.1.6)",
        ],
    );
    finds(with_claim("exp", 1_767_398_401), &[]);
    finds(
        with_claim("exp", 1_767_398_400),
        &[
            "error STATUS_VERIFICATION_ERROR: its signature expired at 2026-01-03T00:00:00Z (RFC 7519, section 4.1.4)",
        ],
    );
    finds(
        with_claim("exp", "soon"),
        &[
            "error MALFORMED_VALUE_ERROR: exp is a string instead of a number of seconds (RFC 7519, section 4.1.4)",
        ],
    );
    let nbf = "warning: it has nbf, which is not recommended: validFrom says it (VC-JOSE-COSE, section 1.1.2.1)";
    finds(with_claim("nbf", 1_767_398_400), &[nbf]);
    finds(
        with_claim("nbf", 1_767_398_401),
        &[
            "error STATUS_VERIFICATION_ERROR: it is not valid before 2026-01-03T00:00:01Z (RFC 7519, section 4.1.5)",
            nbf,
        ],
    );
}

#[test]
fn the_older_form() {
    let token = old(|_| {});
    finds(&token, &[]);
    assert_eq!(judged(token, &checks()).form, CredentialForm::ClaimOfJwt);
    // Members that only the claims have are read there.
    let short = old(|payload| {
        let members = payload["vc"].as_object_mut().unwrap();
        for name in ["issuer", "issuanceDate", "expirationDate", "id"] {
            members.remove(name).unwrap();
        }
    });
    finds(short, &[]);
}

#[test]
fn claims_of_the_older_form() {
    finds(
        old(|payload| payload["iss"] = "did:example:1".into()),
        &["error MALFORMED_VALUE_ERROR: iss is not the same as issuer (VCDM 1.1, section 6.3.1)"],
    );
    finds(
        old(|payload| payload["exp"] = 1_767_830_401.into()),
        &[
            "error MALFORMED_VALUE_ERROR: exp is not the same as expirationDate (VCDM 1.1, section 6.3.1)",
        ],
    );
    finds(
        old(|payload| payload["vc"] = unsigned()),
        &[
            "error MALFORMED_VALUE_ERROR: the credential is a claim vc: under VCDM 2.0 it is the payload itself (VC-JOSE-COSE, section 1.1.2.1)",
        ],
    );
    finds(
        old(|payload| payload["vc"] = "e30".into()),
        &["error MALFORMED_VALUE_ERROR: vc is a string, not an object (VCDM 1.1, section 6.3.1)"],
    );
}

#[test]
fn typ_of_the_older_form() {
    let payload = json!({"vc": unsigned_2021()});
    finds(jwt(&json!({"kid": method()}), &payload), &[]);
    finds(
        jwt(&json!({"kid": method(), "typ": "vc+jwt"}), &payload),
        &["error MALFORMED_VALUE_ERROR: typ is \"vc+jwt\", not \"JWT\" (VCDM 1.1, section 6.3.1)"],
    );
}

#[test]
fn an_older_credential_as_the_payload() {
    let mut credential = unsigned_2021();
    credential["@context"].as_array_mut().unwrap().pop();
    finds(
        jwt(&header(), &credential),
        &[
            "error MALFORMED_VALUE_ERROR: the credential is the payload itself: under VCDM 1.1 it is a claim vc (VCDM 1.1, section 6.3.1)",
        ],
    );
}

#[test]
fn in_an_envelope() {
    let envelope = envelop_jwt(&jwt(&header(), &unsigned()));
    finds(&envelope, &[]);
    let judgement = judged(envelope.to_string(), &checks());
    assert!(judgement.is_enveloped);
    assert_eq!(judgement.form, CredentialForm::Jwt);
}

#[test]
fn envelopes_with_something_wrong() {
    let rule = "(VCDM 2.0, \"Enveloped Verifiable Credentials\")";
    let good = envelop_jwt(&jwt(&header(), &unsigned()));
    let with = |member: &str, value: Value| {
        let mut envelope = good.clone();
        envelope[member] = value;
        envelope
    };
    let id = good["id"].as_str().unwrap();
    for (envelope, finding) in [
        (
            with("@context", json!([])),
            "error MALFORMED_VALUE_ERROR: the @context of the envelope does not begin with that of VCDM 2.0",
        ),
        (
            with("id", json!("https://example.com/status/3")),
            "error MALFORMED_VALUE_ERROR: id is not a data: url",
        ),
        (
            with("id", id.replace("vc+jwt", "vp+jwt").into()),
            "error MALFORMED_VALUE_ERROR: what is enveloped is neither application/vc+jwt nor application/vc+cose",
        ),
        (
            with("issuer", json!("did:example:1")),
            "warning: nobody signed what else the envelope says: issuer",
        ),
    ] {
        finds_with(envelope, &checks(), &[&format!("{finding} {rule}")]);
    }
}

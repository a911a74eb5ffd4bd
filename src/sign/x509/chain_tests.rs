//! Certificates that are used as they are meant to be, and as they are not.

use serde_json::{Value, json};

use super::fixtures::{ders, embedded, key, message, pem};
use super::{CertificateChain, Oid};
use crate::sign::PublicKey;
use crate::wire::base64;

fn chain(pem: &str) -> CertificateChain {
    CertificateChain::parse(pem.as_bytes(), &key!("p256")).unwrap()
}

fn refusal(pem: &str) -> String {
    message(&CertificateChain::parse(pem.as_bytes(), &key!("p256")).unwrap_err())
}

#[test]
fn a_certificate_says_what_openssl_wrote_into_it() {
    let chain = chain(pem!("leaf", "intermediate"));
    let leaf = chain.leaf();
    assert_eq!(leaf.subject(), "CN=Test leaf,O=Example");
    assert_eq!(leaf.issuer(), "CN=Test intermediate,O=Example");
    assert_eq!(leaf.serial(), "2001");
    // 2025-01-01 and 2045-01-01.
    assert_eq!(leaf.validity().not_before, 1_735_689_600);
    assert_eq!(leaf.validity().not_after, 2_366_841_600);
    assert_eq!(leaf.names, ["URI:https://example.com", "DNS:example.com"]);
    assert!(leaf.purposes.is_empty());
    assert_eq!(leaf.public_key().unwrap(), key!("p256"));
    assert!(leaf.may_sign());
    assert!(!leaf.is_authority() && !leaf.may_certify() && !leaf.is_self_signed());
    let [intermediate] = chain.issuers() else {
        panic!("{chain:?}");
    };
    assert!(intermediate.may_certify() && !intermediate.may_sign());
    assert!(!intermediate.is_self_signed());
    // 2050-01-01, written as a generalized time.
    assert_eq!(intermediate.validity().not_after, 2_524_608_000);
}

#[test]
fn purposes_are_those_of_the_certificate() {
    let purpose: Oid = "1.3.6.1.4.1.32473.1".parse().unwrap();
    let client: Oid = "1.3.6.1.5.5.7.3.2".parse().unwrap();
    let leaf = chain(pem!("leaf-purpose", "intermediate")).leaf().clone();
    assert_eq!(leaf.purposes, [purpose, client]);
    assert!(leaf.has_purpose(purpose) && leaf.has_purpose(client));
    let any = chain(pem!("leaf-any-purpose", "intermediate"))
        .leaf()
        .clone();
    assert_eq!(any.purposes[0].to_string(), "2.5.29.37.0");
    assert!(!any.has_purpose(purpose));
    for text in ["", "1", "1.", "id-kp-x", "1.3.6.1.5.5.7.3.TBD", "9.9.9"] {
        assert!(text.parse::<Oid>().is_err(), "{text}");
    }
}

#[test]
fn the_anchor_at_the_end_is_left_out() {
    for (pem, embedded) in [
        (pem!("leaf"), 1),
        (pem!("leaf", "intermediate"), 2),
        (pem!("leaf", "intermediate", "root"), 2),
        (pem!("leaf-of-root", "root"), 1),
        (pem!("leaf-of-rsa-root", "rsa-root"), 1),
    ] {
        let chain = chain(pem);
        let all = ders(pem);
        let kept: Vec<_> = chain
            .certificates()
            .iter()
            .map(|it| it.der().to_vec())
            .collect();
        assert_eq!(kept, all[..embedded]);
        let left_out = chain.left_out().map(|it| it.der().to_vec());
        assert_eq!(left_out.as_ref(), all.get(embedded));
        assert!(!chain.leaf().is_self_signed());
    }
}

#[test]
fn a_self_signed_certificate_alone_is_kept_and_known_as_one() {
    for pem in [pem!("self-signed"), pem!("self-signed-authority")] {
        let chain = chain(pem);
        assert!(chain.leaf().is_self_signed());
        assert!(chain.issuers().is_empty() && chain.left_out().is_none());
    }
}

#[test]
fn every_kind_of_key_may_have_a_certificate() {
    let parse = CertificateChain::parse;
    assert!(parse(pem!("leaf-p384", "intermediate").as_bytes(), &key!("p384")).is_ok());
    assert!(parse(pem!("leaf-ed25519").as_bytes(), &key!("ed25519")).is_ok());
    assert!(parse(pem!("leaf-bare").as_bytes(), &key!("p256")).is_ok());
}

#[test]
fn x5c_is_base64_of_der_with_the_leaf_first() {
    let pem = pem!("leaf", "intermediate");
    let bodies: Vec<String> = pem
        .split("-----")
        .map(|part| part.replace('\n', ""))
        .filter(|part| part.starts_with("MII"))
        .collect();
    let chain = chain(pem);
    assert_eq!(chain.to_x5c(), json!(bodies));
    assert_eq!(CertificateChain::from_x5c(&chain.to_x5c()).unwrap(), chain);
}

#[test]
fn x5chain_holds_the_same_as_it_is() {
    let pem = pem!("leaf", "intermediate", "root");
    assert_eq!(chain(pem).to_x5chain(), ders(pem)[..2]);
}

#[test]
fn chains_that_are_not_those_of_the_key_are_refused() {
    assert_eq!(
        refusal(pem!("leaf-p384", "intermediate")),
        "the first certificate, CN=Test leaf-p384,O=Example, is for another key"
    );
    assert_eq!(
        refusal(pem!("leaf-rsa")),
        "the key of the first certificate cannot be used: \
         RSA keys are not supported; use P-256, P-384, P-521 or Ed25519"
    );
    assert_eq!(
        refusal(pem!("root", "intermediate", "leaf")),
        "the key's certificate is number 3, but it must come first, then its issuers"
    );
    assert_eq!(
        refusal(pem!("leaf", "root", "intermediate")),
        "certificate 1 was issued by CN=Test intermediate,O=Example, \
         but number 2 is that of CN=Test root,O=Example"
    );
    assert_eq!(
        refusal(pem!("leaf", "intermediate", "other-root")),
        "certificate 2 was issued by CN=Test root,O=Example, \
         but number 3 is that of CN=Test other-root,O=Example"
    );
    assert_eq!(
        refusal(pem!("leaf", "intermediate", "same-name-root")),
        "certificate 2 is not signed with the key of number 3"
    );
}

#[test]
fn certificates_that_may_not_be_used_so_are_refused() {
    assert_eq!(
        refusal(pem!("leaf-key-agreement", "intermediate")),
        "the key usage of the first certificate, CN=Test leaf-key-agreement,O=Example, \
         does not allow signatures"
    );
    assert_eq!(
        refusal(pem!("leaf-authority", "intermediate")),
        "the first certificate, CN=Test leaf-authority,O=Example, is that of an authority, \
         which signs no tokens"
    );
    assert_eq!(
        refusal(pem!("leaf-version-1", "intermediate")),
        "the first certificate, CN=Test leaf-version-1,O=Example, is not of version 3"
    );
    assert_eq!(
        refusal(pem!("leaf-of-no-sign-intermediate", "no-sign-intermediate")),
        "certificate 2, CN=Test no-sign-intermediate,O=Example, is not one that may issue others"
    );
    let error = CertificateChain::parse(
        pem!("leaf-of-leaf", "leaf-of-root").as_bytes(),
        &key!("p384"),
    );
    assert_eq!(
        message(&error.unwrap_err()),
        "certificate 2, CN=Test leaf-of-root,O=Example, is not one that may issue others"
    );
}

#[test]
fn files_that_are_no_certificates_are_refused() {
    for text in ["", "hello", "{}", "\u{feff}"] {
        assert_eq!(refusal(text), "this is no PEM file with certificates");
    }
    let key = include_str!("../../../tests/keys/test-p256-pkcs8.pem");
    assert_eq!(
        refusal(&[pem!("leaf"), key].concat()),
        "a private key was given where certificates belong"
    );
    let public = include_str!("../../../tests/keys/test-p256-public.pem");
    assert_eq!(
        refusal(public),
        "a PEM block `PUBLIC KEY` is not a certificate"
    );
    assert_eq!(
        refusal(&pem!("leaf").repeat(11)),
        "there are more than 10 certificates"
    );
    assert_eq!(
        refusal("-----BEGIN CERTIFICATE-----\nAAA*\n-----END CERTIFICATE-----\n"),
        "the PEM block `CERTIFICATE` is damaged"
    );
    let long = base64::encode(vec![0x30; 16 * 1024 + 1]);
    assert_eq!(
        refusal(&format!(
            "-----BEGIN CERTIFICATE-----\n{long}\n-----END CERTIFICATE-----\n"
        )),
        "the certificate is longer than any (limit: 16384 bytes)"
    );
    let swapped = pem!("leaf").replace("CERTIFICATE", "TRUSTED CERTIFICATE");
    assert_eq!(
        refusal(&swapped),
        "a PEM block `TRUSTED CERTIFICATE` is not a certificate"
    );
}

#[test]
fn what_is_no_x5c_is_named() {
    let fault = |x5c: Value| message(&CertificateChain::from_x5c(&x5c).unwrap_err());
    let leaf = chain(pem!("leaf")).to_x5c()[0].clone();
    for x5c in [
        json!(null),
        json!("MII"),
        json!({}),
        leaf.clone(),
        json!([]),
    ] {
        assert_eq!(fault(x5c), "there is no array of certificates");
    }
    let text = leaf.as_str().unwrap();
    let url = text.replace('+', "-").replace('/', "_");
    assert_ne!(text, url);
    for element in [json!(1), json!(url), json!(format!("{text}\n")), json!("*")] {
        assert_eq!(
            fault(json!([leaf, element])),
            "certificate 2 is not base64 in the standard alphabet, with padding"
        );
    }
    assert!(fault(json!([leaf, "AAAA"])).starts_with("certificate 2 cannot be read: the cert"));
    assert_eq!(
        fault(json!(vec![leaf; 11])),
        "there are more than 10 certificates"
    );
}

#[test]
fn the_order_of_what_a_token_brings_is_seen() {
    assert_eq!(
        embedded(pem!("leaf", "intermediate", "root")).out_of_order(),
        None
    );
    assert_eq!(embedded(pem!("leaf", "root")).out_of_order(), Some(1));
    let late = embedded(pem!("leaf", "intermediate", "other-root"));
    assert_eq!(late.out_of_order(), Some(2));
}

#[test]
fn control_characters_in_names_are_shown_as_they_are() {
    // The commands escape them; an escaped form could not be told from a name that has it.
    let chain = embedded(pem!("leaf-control"));
    assert_eq!(chain.leaf().names, ["URI:https:\u{1b}[m"]);
}

//! Paths from what a token brings to what somebody trusts.

use proptest::prelude::*;

use super::fixtures::{ders, embedded, key, message, pem};
use super::{Certificate, CertificateChain, TrustAnchors, Trusted};
use crate::sign::PublicKey;

/// 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;

fn anchors(pem: &str) -> TrustAnchors {
    TrustAnchors::parse(pem.as_bytes()).unwrap()
}

fn trusted(chain: &str, anchor: &str) -> Trusted {
    anchors(anchor).verify(&embedded(chain), NOW, None).unwrap()
}

fn distrust_at(chain: &str, anchor: &str, at: i64) -> String {
    let error = anchors(anchor).verify(&embedded(chain), at, None);
    message(&error.unwrap_err())
}

fn distrust(chain: &str, anchor: &str) -> String {
    distrust_at(chain, anchor, NOW)
}

#[test]
fn a_path_to_an_anchor_is_found_across_curves_and_hashes() {
    for (chain, anchor, subject) in [
        (pem!("leaf", "intermediate"), pem!("root"), "root"),
        (pem!("leaf-p384", "intermediate"), pem!("root"), "root"),
        (pem!("leaf-ed25519"), pem!("root"), "root"),
        (pem!("leaf-of-root"), pem!("root"), "root"),
        (pem!("leaf-bare", "intermediate"), pem!("root"), "root"),
        (
            pem!("leaf-of-ed25519-root"),
            pem!("ed25519-root"),
            "ed25519-root",
        ),
        // A hash may be shorter than the curve.
        (pem!("leaf-of-p521-root"), pem!("p521-root"), "p521-root"),
        // An intermediate authority may be trusted as well as a root.
        (pem!("leaf"), pem!("intermediate"), "intermediate"),
        (
            pem!("leaf", "intermediate"),
            pem!("intermediate"),
            "intermediate",
        ),
        // What else the chain or the file holds does no harm, in any order.
        (
            pem!("leaf", "leaf-expired", "root", "other-root", "intermediate"),
            pem!("rsa-root", "other-root", "same-name-root", "root"),
            "root",
        ),
        // A certificate that is trusted as it is.
        (pem!("self-signed"), pem!("self-signed"), "self-signed"),
    ] {
        let found = trusted(chain, anchor);
        assert_eq!(found.anchor, format!("CN=Test {subject},O=Example"));
        assert_eq!(found.key, embedded(chain).leaf().public_key().unwrap());
    }
}

#[test]
fn chains_that_lead_nowhere_are_not_trusted() {
    assert_eq!(
        distrust(pem!("leaf"), pem!("root")),
        "the certificates lead to CN=Test intermediate,O=Example, \
         which is not among the trust anchors"
    );
    assert_eq!(
        distrust(pem!("leaf", "intermediate", "root"), pem!("other-root")),
        "the certificates lead to CN=Test root,O=Example, which is not among the trust anchors"
    );
    assert_eq!(
        distrust(pem!("self-signed"), pem!("root")),
        "the certificates lead to CN=Test self-signed,O=Example, \
         which is not among the trust anchors"
    );
    assert_eq!(
        distrust(pem!("leaf-of-root"), pem!("same-name-root")),
        "the signature on a certificate does not verify with its issuer's key"
    );
    assert_eq!(
        distrust(
            pem!(
                "leaf-of-sub-intermediate",
                "sub-intermediate",
                "intermediate"
            ),
            pem!("root")
        ),
        "the path from the leaf to the trust anchor is too long"
    );
}

#[test]
fn authorities_with_other_keys_are_named_as_not_supported() {
    let both = pem!("rsa-root", "root");
    let reason = "RSA keys are not supported; use P-256, P-384, P-521 or Ed25519";
    let skipped = anchors(both).skipped;
    assert_eq!(skipped.len(), 1);
    assert_eq!(skipped[0].reason, reason);
    assert_eq!(
        distrust(pem!("leaf-of-rsa-root"), both),
        format!(
            "the certificates lead to CN=Test rsa-root,O=Example, \
             a trust anchor that cannot be used: {reason}"
        )
    );
    let none = |pem: &str| message(&TrustAnchors::parse(pem.as_bytes()).unwrap_err());
    assert_eq!(
        none(pem!("rsa-root", "secp256k1-root")),
        format!(
            "no certificate in it can be used as a trust anchor; \
             that of CN=Test rsa-root,O=Example: {reason}"
        )
    );
    assert_eq!(
        none(pem!("secp256k1-root")),
        "no certificate in it can be used as a trust anchor; that of CN=Test secp256k1-root,O=Example: \
         the curve secp256k1 is not supported; use P-256, P-384, P-521 or Ed25519"
    );
    assert_eq!(none(""), "this is no PEM file with certificates");
    assert_eq!(
        none(&pem!("root").repeat(1001)),
        "there are more than 1000 certificates"
    );
    // The anchor's own signature is never looked at, but those of issuers are.
    assert_eq!(
        distrust(pem!("leaf-of-root", "rsa-root"), pem!("other-root")),
        "the certificates lead to CN=Test root,O=Example, which is not among the trust anchors"
    );
}

#[test]
fn every_certificate_of_the_path_must_be_in_force() {
    let leaf = pem!("leaf-expired", "intermediate");
    assert_eq!(
        distrust(leaf, pem!("root")),
        "the certificate of CN=Test leaf-expired,O=Example cannot be relied on: \
         expired at 2025-01-01T00:00:00Z"
    );
    assert_eq!(
        distrust(pem!("leaf-not-yet", "intermediate"), pem!("root")),
        "the certificate of CN=Test leaf-not-yet,O=Example cannot be relied on: \
         not in force before 2027-01-01T00:00:00Z"
    );
    // The last second counts, the next one does not.
    let verify = |at| {
        anchors(pem!("root"))
            .verify(&embedded(leaf), at, None)
            .is_ok()
    };
    assert!(verify(1_735_689_600) && !verify(1_735_689_601));
    assert!(verify(1_704_067_200) && !verify(1_704_067_199));
    for at in [i64::MIN, -1, 0, i64::MAX] {
        assert!(!verify(at), "{at}");
    }
    // The intermediate's last second is the first of 2050.
    assert_eq!(
        distrust_at(pem!("leaf", "intermediate"), pem!("root"), 2_524_608_001),
        "the certificate of CN=Test leaf,O=Example cannot be relied on: \
         expired at 2045-01-01T00:00:00Z"
    );
    assert_eq!(
        distrust(pem!("leaf-of-expired-root"), pem!("expired-root", "root")),
        "the certificate of CN=Test expired-root,O=Example cannot be relied on: \
         expired at 2025-06-01T00:00:00Z"
    );
    // 2025-06-01, when it was still in force.
    let chain = embedded(pem!("leaf-of-expired-root"));
    assert!(
        anchors(pem!("expired-root"))
            .verify(&chain, 1_748_736_000, None)
            .is_ok()
    );
}

#[test]
fn certificates_are_trusted_for_what_they_are_meant_for_alone() {
    assert_eq!(
        distrust(pem!("leaf-key-agreement", "intermediate"), pem!("root")),
        "the key usage of the leaf does not allow signatures"
    );
    assert_eq!(
        distrust(pem!("leaf-authority", "intermediate"), pem!("root")),
        "the leaf is the certificate of an authority, which signs no tokens"
    );
    assert_eq!(
        distrust(pem!("leaf-critical", "intermediate"), pem!("root")),
        "a certificate has a critical extension that is not known"
    );
    assert_eq!(
        distrust(pem!("leaf-version-1", "intermediate"), pem!("root")),
        "the certificates do not follow RFC 5280: UnsupportedCertVersion"
    );
    for chain in [
        pem!("leaf-of-leaf", "leaf-of-root"),
        pem!("leaf-of-no-sign-intermediate", "no-sign-intermediate"),
    ] {
        assert_eq!(
            distrust(chain, pem!("root")),
            "a certificate issued another one, but is not one that may"
        );
    }
    assert_eq!(
        distrust(pem!("leaf-rsa"), pem!("root")),
        "the key of the leaf cannot be used: \
         RSA keys are not supported; use P-256, P-384, P-521 or Ed25519"
    );
}

#[test]
fn a_purpose_that_is_asked_for_must_be_there() {
    let verify = |chain: &str| {
        let purpose = "1.3.6.1.4.1.32473.1".parse().unwrap();
        anchors(pem!("root"))
            .verify(&embedded(chain), NOW, Some(purpose))
            .map_err(|error| message(&error))
    };
    assert!(verify(pem!("leaf-purpose", "intermediate")).is_ok());
    for chain in [
        pem!("leaf", "intermediate"),
        pem!("leaf-any-purpose", "intermediate"),
    ] {
        assert_eq!(
            verify(chain).unwrap_err(),
            "the leaf is not meant for the purpose 1.3.6.1.4.1.32473.1"
        );
    }
    // Nobody asks: any purpose will do.
    assert!(
        anchors(pem!("root"))
            .verify(&embedded(pem!("leaf-purpose", "intermediate")), NOW, None)
            .is_ok()
    );
}

#[test]
fn an_anchor_is_known_by_its_bytes() {
    let anchors = anchors(pem!("root", "other-root"));
    let certificate = |pem| embedded(pem).leaf().clone();
    assert!(anchors.contains(&certificate(pem!("root"))));
    assert!(!anchors.contains(&certificate(pem!("same-name-root"))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// One changed byte, anywhere in a certificate of the path, and nothing is trusted.
    #[test]
    fn changed_certificates_are_not_trusted(which in 0_usize..2, place in any::<prop::sample::Index>(), change in 1_u8..) {
        let mut certificates = ders(pem!("leaf", "intermediate"));
        let place = place.index(certificates[which].len());
        certificates[which][place] ^= change;
        if let Ok(chain) = CertificateChain::from_der(&certificates) {
            prop_assert!(anchors(pem!("root")).verify(&chain, NOW, None).is_err());
            let _ = (chain.leaf().subject(), chain.leaf().issuer(), chain.leaf().serial());
            let _ = (chain.leaf().is_self_signed(), chain.out_of_order());
        }
    }

    /// Nothing that is cut off, stretched or made up can do more than be refused.
    #[test]
    fn arbitrary_bytes_are_no_certificate(bytes in prop::collection::vec(any::<u8>(), 0..200), keep in 0_usize..400) {
        prop_assert!(Certificate::from_der(&bytes).is_err());
        let mut cut = ders(pem!("leaf")).remove(0);
        cut.truncate(keep);
        prop_assert!(Certificate::from_der(&cut).is_err());
        cut.extend(&bytes);
        let _ = Certificate::from_der(&cut);
        let _ = CertificateChain::parse(&bytes, &key!("p256"));
        let _ = TrustAnchors::parse(&bytes);
    }
}

#[test]
fn an_authority_limited_to_other_purposes_vouches_for_none_but_those() {
    macro_rules! file {
        ($name:literal) => {
            include_str!(concat!("../../../tests/vectors/purposes/", $name, ".pem"))
        };
    }
    let wanted = "1.3.6.1.4.1.32473.1".parse().unwrap();
    let verify = |chain: &str, purpose| {
        let error = anchors(file!("root")).verify(&embedded(chain), NOW, purpose);
        error.err().map(|error| message(&error))
    };
    let limited = "the authority CN=Test limited,O=Example is limited to other purposes than \
                   1.3.6.1.4.1.32473.1";
    for (chain, fault) in [
        (file!("meant"), None),
        (file!("any"), None),
        (file!("limited"), Some(limited)),
        (file!("two"), Some(limited)),
    ] {
        assert_eq!(verify(chain, Some(wanted)).as_deref(), fault);
        // Who asks for no purpose is not told of any.
        assert_eq!(verify(chain, None), None);
    }
}

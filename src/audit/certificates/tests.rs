//! What is found in the certificates of `tests/vectors/certificates`.

use serde_json::Value;

use super::*;
use crate::audit::TokenFormat;

/// 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

fn pem(names: &[&str]) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/certificates");
    let read = |name| std::fs::read_to_string(format!("{folder}/{name}.pem")).unwrap();
    names.iter().map(read).collect()
}

fn chain(names: &[&str]) -> CertificateChain {
    let body = |name| {
        let pem = pem(&[name]);
        let lines: Vec<_> = pem.lines().filter(|line| !line.starts_with('-')).collect();
        Value::from(lines.concat())
    };
    CertificateChain::from_x5c(&names.iter().map(|name| body(*name)).collect()).unwrap()
}

/// What is found in a token that was issued now, is valid for a week and is read a day later.
fn found(names: &[&str], anchors: Option<&[&str]>, purpose: Option<&str>) -> (bool, String) {
    let times = Times {
        issued: Some(Timestamp::from_second(NOW)),
        expires: Some(Timestamp::from_second(NOW + 7 * DAY)),
        read: Timestamp::from_second(NOW + DAY),
    };
    let chain = (!names.is_empty()).then(|| chain(names));
    found_at(chain.as_ref().map(Ok), anchors, purpose, times)
}

fn found_at(
    brought: Option<Result<&CertificateChain, String>>,
    anchors: Option<&[&str]>,
    purpose: Option<&str>,
    times: Times,
) -> (bool, String) {
    let anchors = anchors.map(|names| TrustAnchors::parse(pem(names).as_bytes()).unwrap());
    let trust = anchors.as_ref().map(|anchors| Trust {
        anchors,
        purpose: purpose.map(|purpose| purpose.parse().unwrap()),
    });
    let mut findings = Findings::default();
    let member = TokenFormat::Jwt.rules().certificates;
    let trusted = judge_certificates(member, brought, trust, times, &mut findings);
    let lines: Vec<String> = findings
        .0
        .iter()
        .map(|finding| {
            format!(
                "{:?}: {} ({})",
                finding.severity, finding.text, finding.source
            )
        })
        .collect();
    (trusted.is_some(), lines.join("\n"))
}

#[test]
fn a_chain_that_leads_to_an_anchor_is_trusted() {
    let good = (true, String::new());
    let root = Some(&["root"][..]);
    assert_eq!(found(&["leaf", "intermediate"], root, None), good);
    let purpose = Some("1.3.6.1.4.1.32473.1");
    assert_eq!(
        found(&["leaf-purpose", "intermediate"], root, purpose),
        good
    );
}

#[test]
fn without_anchors_nothing_is_trusted() {
    assert_eq!(found(&[], None, None), (false, String::new()));
    let alone = found(&["leaf", "intermediate"], None, None);
    assert_eq!(alone, (false, String::new()));
}

#[test]
fn with_anchors_a_chain_must_be_there_and_lead_to_one() {
    let root = Some(&["root"][..]);
    let (trusted, text) = found(&[], root, None);
    assert_eq!(
        text,
        "Error: the header has no x5c: nothing leads to a trust anchor \
         (draft-ietf-oauth-status-list-21, section 10)"
    );
    assert!(!trusted);
    let (trusted, text) = found(&["leaf"], root, None);
    assert_eq!(
        text,
        "Error: the certificates lead to CN=Test intermediate,O=Example, \
         which is not among the trust anchors (RFC 5280, section 6.1.3)"
    );
    assert!(!trusted);
    let (trusted, text) = found(&["leaf", "intermediate"], root, Some("1.3.6.1.4.1.32473.1"));
    assert_eq!(
        text,
        "Error: the leaf is not meant for the purpose 1.3.6.1.4.1.32473.1 \
         (RFC 5280, section 4.2.1.12)"
    );
    assert!(!trusted);
}

#[test]
fn what_cannot_be_read_is_named() {
    let times = Times {
        issued: None,
        expires: None,
        read: Timestamp::from_second(NOW),
    };
    // Without anchors nobody relies on it.
    for (anchors, severity) in [(None, "Warning"), (Some(&["root"][..]), "Error")] {
        let brought = Some(Err("there is no array of certificates".to_owned()));
        assert_eq!(
            found_at(brought, anchors, None, times),
            (
                false,
                format!(
                    "{severity}: x5c: there is no array of certificates (RFC 7515, section 4.1.6)"
                )
            )
        );
    }
}

#[test]
fn the_certificate_must_be_in_force_at_both_times() {
    let root = Some(&["root"][..]);
    let expired = "the certificate of CN=Test leaf-expired,O=Example cannot be relied on: \
                   expired at 2025-01-01T00:00:00Z (RFC 5280, section 4.1.2.5)";
    let outlived = "Warning: the token is valid until 2026-01-08T00:00:00Z, \
                    but its certificate only until";
    let (trusted, text) = found(&["leaf-expired", "intermediate"], root, None);
    let outlived_by_a_year = format!("{outlived} 2025-01-01T00:00:00Z (RFC 5280, section 4.1.2.5)");
    assert_eq!(text, format!("{outlived_by_a_year}\nError: {expired}"));
    assert!(!trusted);
    let (_, text) = found(&["leaf-expired", "intermediate"], None, None);
    assert_eq!(
        text,
        format!(
            "{outlived_by_a_year}\nWarning: the certificate is expired at 2025-01-01T00:00:00Z \
             (RFC 5280, section 4.1.2.5)"
        )
    );

    let short = chain(&["leaf-short", "intermediate"]);
    let at = |issued: i64, read: i64| {
        let times = Times {
            issued: Some(Timestamp::from_second(issued)),
            expires: None,
            read: Timestamp::from_second(read),
        };
        found_at(Some(Ok(&short)), root, None, times)
    };
    // It ends on 2026-01-03.
    assert_eq!(at(NOW, NOW + 2 * DAY), (true, String::new()));
    let fault = "the certificate of CN=Test leaf-short,O=Example cannot be relied on:";
    assert_eq!(
        at(NOW, NOW + 3 * DAY).1,
        format!(
            "Error: at 2026-01-04T00:00:00Z: {fault} expired at 2026-01-03T00:00:00Z \
             (RFC 5280, section 4.1.2.5)"
        )
    );
    // It begins on 2025-01-01.
    assert_eq!(
        at(NOW - 366 * DAY, NOW).1,
        format!(
            "Error: when the token was issued: {fault} not in force before \
             2025-01-01T00:00:00Z (RFC 5280, section 4.1.2.5)"
        )
    );
}

#[test]
fn a_certificate_that_ends_before_the_token_is_a_warning() {
    let (trusted, text) = found(&["leaf-short", "intermediate"], Some(&["root"]), None);
    assert_eq!(
        text,
        "Warning: the token is valid until 2026-01-08T00:00:00Z, but its certificate only until \
         2026-01-03T00:00:00Z (RFC 5280, section 4.1.2.5)"
    );
    assert!(trusted);
}

#[test]
fn what_should_not_stand_there_is_a_warning() {
    let anchor = "Warning: x5c includes a trust anchor, which readers have from elsewhere \
                  (OpenID4VC HAIP 1.0, section 6.1)";
    for (names, anchors) in [
        (&["leaf", "intermediate", "root"][..], Some(&["root"][..])),
        (&["leaf", "intermediate", "root"][..], None),
        (&["leaf", "intermediate"][..], Some(&["intermediate"][..])),
    ] {
        assert_eq!(
            found(names, anchors, None),
            (anchors.is_some(), anchor.to_owned())
        );
    }
    assert_eq!(
        found(&["leaf", "root", "intermediate"], Some(&["root"]), None),
        (
            true,
            format!(
                "Warning: certificate 1 of x5c is not followed by its issuer's \
                 (RFC 7515, section 4.1.6)\n{anchor}"
            )
        )
    );
    assert_eq!(
        found(&["self-signed"], None, None).1,
        "Warning: the certificate in x5c is self-signed (OpenID4VC HAIP 1.0, section 6.1)"
    );
    assert_eq!(
        found(&["leaf-key-agreement", "intermediate"], None, None).1,
        "Warning: the key usage of the leaf does not allow signatures \
         (RFC 5280, section 4.2.1.3)"
    );
}

#[test]
fn each_fault_of_a_path_names_its_rule() {
    let rule = |names: &[&str]| {
        let (trusted, text) = found(names, Some(&["root"]), None);
        assert!(!trusted && text.starts_with("Error"), "{text}");
        text[text.rfind('(').unwrap()..].to_owned()
    };
    for (names, section) in [
        (&["leaf-key-agreement", "intermediate"][..], "4.2.1.3"),
        (&["leaf-authority", "intermediate"][..], "4.2.1.9"),
        (&["leaf-of-leaf", "leaf-of-root"][..], "4.2.1.9"),
        (&["leaf-critical", "intermediate"][..], "4.2"),
        (&["leaf-rsa"][..], "4.1.2.7"),
        (&["leaf-of-rsa-root"][..], "6.1.3"),
    ] {
        assert_eq!(rule(names), format!("(RFC 5280, section {section})"));
    }
}

//! What breaks the rules of profiles.

use super::certificate::ChainEnd;
use super::demand::is_did_key;
use super::*;
use crate::list::{Fact, Status, View, Width};

const DAY: i64 = 86_400;

/// A token that every profile of its form accepts.
fn facts(view: View) -> TokenFacts<'static> {
    TokenFacts {
        view,
        algorithm: Fact::Is("ES256"),
        key_id: Fact::Is("did:example:issuer#key-1"),
        header_member: Fact::Is("swiss-profile-vc:1.0.0"),
        names_aggregation: false,
        valid_for: Fact::Is(DAY),
        width: Fact::Is(Width::One),
        list_bytes: Fact::Is(16_384),
        statuses: Fact::Is(&[Status::VALID, Status::INVALID]),
        certificate: Fact::Is(CertificateFacts {
            end: ChainEnd::WithoutAnchor,
            in_force: 1_187 * DAY,
            signs: true,
            critical_purposes: false,
        }),
        unprotected_certificate: false,
        bytes: Fact::Is(1_000),
    }
}

/// The certificate of [`facts`], but for one thing.
fn with(change: impl FnOnce(&mut CertificateFacts)) -> Fact<CertificateFacts> {
    let Fact::Is(mut certificate) = facts(View::Cwt).certificate else {
        panic!("there is a certificate");
    };
    change(&mut certificate);
    Fact::Is(certificate)
}

fn found(profile: Profile, facts: &TokenFacts<'_>) -> Vec<String> {
    let breaches = token_breaches(profile, facts);
    breaches.iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_token_breaks_no_rule() {
    for profile in Profile::ALL {
        let view = profile.default_view();
        assert_eq!(found(profile, &facts(view)), [""; 0], "{profile}");
    }
}

#[test]
fn bounds_are_where_the_tables_say() {
    for (bytes, refused) in [(200, true), (201, false), (200_000, false), (200_001, true)] {
        let mut facts = facts(View::Jwt);
        facts.bytes = Fact::Is(bytes);
        assert_eq!(
            !found(Profile::Swiss, &facts).is_empty(),
            refused,
            "{bytes}"
        );
        facts.bytes = Fact::Elsewhere;
        facts.list_bytes = Fact::Is(bytes);
        let refused = bytes > 200_000;
        assert_eq!(
            !found(Profile::Swiss, &facts).is_empty(),
            refused,
            "{bytes}"
        );
    }
    for (seconds, refused) in [(86_400, false), (86_401, true)] {
        let mut facts = facts(View::Jwt);
        facts.valid_for = Fact::Is(seconds);
        assert_eq!(!found(Profile::Eudi, &facts).is_empty(), refused);
    }
    for (in_force, refused) in [(1_187 * DAY, false), (1_187 * DAY + 1, true)] {
        let mut facts = facts(View::Cwt);
        facts.certificate = with(|certificate| certificate.in_force = in_force);
        assert_eq!(!found(Profile::IsoMdoc, &facts).is_empty(), refused);
    }
}

#[test]
fn a_validity_that_is_no_duration_is_not_within_bounds() {
    for (seconds, said) in [
        (101 * 365 * DAY, "the token is valid for 3185136000 seconds"),
        (
            i64::MAX,
            "the token is valid for 9223372036854775807 seconds",
        ),
        (0, "the token expires before it is issued"),
        (-1, "the token expires before it is issued"),
        (i64::MIN, "the token expires before it is issued"),
    ] {
        let mut facts = facts(View::Jwt);
        facts.valid_for = Fact::Is(seconds);
        assert_eq!(found(Profile::Eudi, &facts), [said]);
    }
    let mut ends_first = facts(View::Cwt);
    ends_first.certificate = with(|certificate| certificate.in_force = -1);
    assert_eq!(
        found(Profile::IsoMdoc, &ends_first),
        ["the certificate ends before it begins"]
    );
}

/// What cannot be evaluated is never met; what was judged elsewhere is not judged again.
#[test]
fn what_cannot_be_evaluated_is_broken() {
    let with_all = |view, fact: fn() -> Fact<()>| {
        fn same<T>(fact: Fact<()>) -> Fact<T> {
            match fact {
                Fact::Missing => Fact::Missing,
                Fact::Unclear => Fact::Unclear,
                Fact::Is(()) | Fact::Elsewhere => Fact::Elsewhere,
            }
        }
        TokenFacts {
            algorithm: same(fact()),
            key_id: same(fact()),
            header_member: same(fact()),
            valid_for: same(fact()),
            width: same(fact()),
            list_bytes: same(fact()),
            statuses: same(fact()),
            certificate: same(fact()),
            bytes: same(fact()),
            ..facts(view)
        }
    };
    for profile in Profile::ALL {
        let view = profile.default_view();
        assert_eq!(found(profile, &with_all(view, || Fact::Elsewhere)), [""; 0]);
        let about_settings = |demand: &Demand| {
            matches!(
                demand,
                Demand::Bits(_)
                    | Demand::Statuses(_)
                    | Demand::Entries(_)
                    | Demand::ValidAtMost(_)
                    | Demand::ListBytes(_)
            )
        };
        let settings = profile.rules().iter().map(|rule| rule.demand);
        let of_tokens = token_rules(profile).iter().map(|rule| rule.demand);
        let expected = settings.filter(about_settings).count()
            + of_tokens
                .filter(|demand| *demand != TokenDemand::ProtectedCertificate)
                .count();
        let unclear = found(profile, &with_all(view, || Fact::Unclear));
        assert_eq!(unclear.len(), expected, "{profile}: {unclear:?}");
    }
    assert_eq!(
        found(Profile::Haip, &with_all(View::Jwt, || Fact::Missing)),
        ["the token has no certificate", "the token has no algorithm"]
    );
}

#[test]
fn a_token_of_another_form_breaks_one_rule() {
    let mut facts = facts(View::Jwt);
    facts.width = Fact::Is(Width::Two);
    assert_eq!(found(Profile::IsoMdoc, &facts), ["the token is a jwt"]);
    facts.view = View::Cwt;
    assert_eq!(found(Profile::Swiss, &facts), ["the token is a cwt"]);
}

#[test]
fn what_this_tool_never_signs_is_found_in_foreign_tokens() {
    let mut token = facts(View::Cwt);
    token.valid_for = Fact::Missing;
    token.unprotected_certificate = true;
    token.algorithm = Fact::Is("ES256K");
    assert_eq!(
        found(Profile::IsoMdoc, &token),
        [
            "the token is signed with ES256K",
            "the token never expires",
            "the certificate is in the header that is not protected",
        ]
    );
    let mut token = facts(View::Jwt);
    token.valid_for = Fact::Missing;
    assert_eq!(found(Profile::Swiss, &token), ["the token never expires"]);
    assert_eq!(found(Profile::Eudi, &token), ["the token never expires"]);
    token.certificate = with(|certificate| certificate.end = ChainEnd::WithAnchor);
    let anchor = "the trust anchor stands beside the certificate";
    assert_eq!(found(Profile::Haip, &token), [anchor]);
}

#[test]
fn keys_in_dids() {
    for text in ["did:example:issuer#key-1", "did:web:example.com:a%3A1#x"] {
        assert!(is_did_key(text), "{text}");
    }
    for text in [
        "",
        "key-1",
        "#key-1",
        "did:example:issuer",
        "did:example:issuer#",
        "did:example:#key",
        "did::issuer#key",
        "did:Example:issuer#key",
        "did:example:is suer#key",
        "did:example:issuer#a#b",
        "https://example.com/#key",
    ] {
        assert!(!is_did_key(text), "{text}");
    }
}

#[test]
fn foreign_text_is_escaped_and_cut() {
    let mut facts = facts(View::Jwt);
    let long = format!("\u{1b}[31m{}", "x".repeat(1_000));
    facts.key_id = Fact::Is(&long);
    let found = found(Profile::Swiss, &facts).concat();
    assert!(
        found.starts_with("the key is called '\\u{1b}[31mxx"),
        "{found}"
    );
    assert!(found.len() < 120, "{found}");
}

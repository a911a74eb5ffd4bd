//! Anything at all, and good tokens with some of their bytes changed: nothing panics, and nothing
//! is called valid that says something else than what was signed.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use statuslist::audit::{TokenJudgement, Verdict};

use super::{base64url, cwt, judged, jwt};

/// One change of a byte string.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Cut(Index),
    Repeat(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        2 => any::<Index>().prop_map(Change::Remove),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Repeat(from, to)),
    ]
}

fn changed(token: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = token.to_vec();
    for change in changes {
        // A place, the end among them.
        let place = |index: &Index| index.index(bytes.len() + 1);
        match change {
            Change::Replace(at, byte) => {
                let at = place(at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Change::Insert(at, byte) => bytes.insert(place(at), *byte),
            Change::Remove(at) => {
                let at = place(at);
                if at < bytes.len() {
                    bytes.remove(at);
                }
            }
            Change::Cut(at) => bytes.truncate(place(at)),
            Change::Repeat(from, to) => {
                let (from, to) = (place(from), place(to));
                let again = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.extend(again);
            }
        }
    }
    bytes
}

/// Everything that the signature covers.
fn signed(judgement: TokenJudgement) -> impl PartialEq + std::fmt::Debug {
    (judgement.header, judgement.payload, judgement.list)
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{0,4}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn random_bytes_are_no_token(bytes in vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(judged(&bytes, |_| {}).verdict(), Verdict::Rejected);
    }

    #[test]
    fn random_bytes_in_the_form_of_a_token(
        parts in vec(vec(any::<u8>(), 0..60), 3),
        start in prop::sample::select(vec![&b"\xd2\x84"[..], b"\x84", b"\xd8\x3d\xd2\x84"]),
    ) {
        let compact: Vec<_> = parts.iter().map(base64url).collect();
        let message = [start, &parts.concat()].concat();
        let hex: String = message.iter().map(|byte| format!("{byte:02x}")).collect();
        for token in [compact.join(".").into_bytes(), message.clone(), hex.into(), base64url(message).into()] {
            prop_assert_eq!(judged(&token, |_| {}).verdict(), Verdict::Rejected);
        }
    }

    #[test]
    fn a_jwt_that_was_changed(changes in vec(change(), 1..5)) {
        let good = jwt::good_token();
        let token = changed(good.as_bytes(), &changes);
        let judgement = judged(&token, |_| {});
        if judgement.verdict() == Verdict::Valid {
            prop_assert_eq!(token.trim_ascii(), good.as_bytes());
        }
    }

    /// The tag and the unprotected header may change; nothing else is left.
    #[test]
    fn a_cwt_that_was_changed(changes in vec(change(), 1..5)) {
        let good = cwt::good_token();
        let judgement = judged(&changed(&good, &changes), |_| {});
        if judgement.verdict() == Verdict::Valid {
            prop_assert_eq!(signed(judgement), signed(judged(&good, |_| {})));
        }
    }

    #[test]
    fn a_jwt_with_claims_of_any_type(
        name in prop::sample::select(vec![
            "iss", "sub", "aud", "exp", "nbf", "iat", "ttl", "status_list", "status",
        ]),
        value in any_json(),
    ) {
        let token = jwt::claims(|claims| claims[name] = value.clone());
        let judgement = judged(token.as_bytes(), |_| {});
        let rejected = match name {
            "iss" => !value.is_string(),
            "sub" | "aud" | "status_list" => true,
            "ttl" => !value.as_f64().is_some_and(|seconds| seconds > 0.0),
            "status" => false,
            // Times depend on the number.
            _ => judgement.error().is_some(),
        };
        prop_assert_eq!(judgement.verdict() == Verdict::Rejected, rejected);
    }

    #[test]
    fn a_jwt_with_a_header_of_any_type(
        name in prop::sample::select(vec!["alg", "crit", "jwk", "kid", "typ", "x5c"]),
        value in any_json(),
    ) {
        let token = jwt::header(|header| header[name] = value.clone());
        let judgement = judged(token.as_bytes(), |_| {});
        let good = json!({"alg": "ES256", "kid": "12", "typ": "statuslist+jwt"});
        if matches!(name, "alg" | "crit" | "typ") && value != good[name] {
            prop_assert_eq!(judgement.verdict(), Verdict::Rejected);
        }
    }

    #[test]
    fn a_cwt_with_any_payload(changes in vec(change(), 0..5), payload in vec(any::<u8>(), 0..60)) {
        let good = cwt::encoded_claims();
        for payload in [payload, changed(&good, &changes)] {
            let judgement = judged(&cwt::payload(&payload), |_| {});
            prop_assert_eq!(judgement.verdict() == Verdict::Rejected, judgement.error().is_some());
        }
    }
}

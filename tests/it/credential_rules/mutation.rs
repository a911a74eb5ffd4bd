//! Anything at all, and good credentials with something changed: nothing panics, and nothing is
//! called valid that says something else than what was signed.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value};
use statuslist::audit::{CredentialJudgement, Verdict, judge_credential, recognise_credential};
use statuslist::sign::Cryptosuite;
use statuslist::token::w3c::envelope::envelop_jwt;

use super::{P256, checks, embedded, header, jwt, options, prove, unsigned, unsigned_2021};

fn judgement(bytes: &[u8]) -> Option<CredentialJudgement> {
    recognise_credential(bytes).map(|published| judge_credential(published, &checks()))
}

/// Every form, signed.
fn good() -> Vec<Vec<u8>> {
    let token = jwt(&header(), &unsigned());
    vec![
        embedded(unsigned(), |_| {}).to_string().into_bytes(),
        prove(unsigned(), P256, options(Cryptosuite::EcdsaRdfc2019))
            .to_string()
            .into_bytes(),
        embedded(unsigned_2021(), |_| {}).to_string().into_bytes(),
        envelop_jwt(&token).to_string().into_bytes(),
        token.into_bytes(),
    ]
}

/// What is changed in a credential.
#[derive(Clone, Debug)]
enum Change {
    /// Some bytes, whatever they mean.
    Bytes(Vec<(Index, u8)>),
    /// White space where the form has room for it, which no signature covers.
    WhiteSpace(Index, u8),
    /// The order of the members, in JSON; in a token, white space around it.
    Order(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => vec((any::<Index>(), any::<u8>()), 1..4).prop_map(Change::Bytes),
        1 => (any::<Index>(), prop::sample::select(b" \n\t".to_vec()))
            .prop_map(|(place, byte)| Change::WhiteSpace(place, byte)),
        1 => any::<Index>().prop_map(Change::Order),
    ]
}

impl Change {
    fn is_harmless(&self) -> bool {
        !matches!(self, Self::Bytes(_))
    }

    fn apply(&self, original: &[u8]) -> Vec<u8> {
        let mut bytes = original.to_vec();
        match self {
            Self::Bytes(changes) => {
                for (place, byte) in changes {
                    let place = place.index(bytes.len());
                    bytes[place] = *byte;
                }
            }
            Self::WhiteSpace(place, byte) => {
                let places = between_values(original);
                bytes.insert(places[place.index(places.len())], *byte);
            }
            Self::Order(first) => match serde_json::from_slice::<Map<String, Value>>(original) {
                Ok(object) => bytes = reordered(&object, *first),
                Err(_) => bytes.push(b'\n'),
            },
        }
        bytes
    }
}

/// The places around the punctuation of JSON, or before and behind anything else.
fn between_values(text: &[u8]) -> Vec<usize> {
    let mut places = vec![0, text.len()];
    let (mut is_text, mut is_escaped) = (false, false);
    for (place, byte) in text.iter().enumerate() {
        match byte {
            _ if text[0] != b'{' => break,
            b'"' if !is_escaped => is_text = !is_text,
            b'{' | b'}' | b'[' | b']' | b',' | b':' if !is_text => places.push(place),
            _ => {}
        }
        is_escaped = *byte == b'\\' && !is_escaped;
    }
    places
}

/// An object with its members in an order that begins with another one.
fn reordered(object: &Map<String, Value>, first: Index) -> Vec<u8> {
    let mut members: Vec<String> = object
        .iter()
        .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())))
        .collect();
    let first = 1 + first.index(members.len() - 1);
    members.rotate_left(first);
    format!("{{{}}}", members.join(",")).into_bytes()
}

/// Half of the changes keep what was signed. How often each assertion was reached is asserted too:
/// otherwise nobody would notice that all credentials are rejected for something else.
#[test]
fn a_changed_credential_says_what_was_signed_or_is_not_valid() {
    const CASES: u32 = 200;
    let forms = good();
    let before: Vec<_> = forms.iter().map(|form| judgement(form).unwrap()).collect();
    for judgement in &before {
        assert_eq!(judgement.verdict(), Verdict::Valid, "{judgement:?}");
    }
    let (valid, rejected) = (Cell::new(0), Cell::new(0));
    let config = ProptestConfig::with_cases(CASES);
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let strategy = (any::<Index>(), change());
    TestRunner::new_with_rng(config, rng)
        .run(&strategy, |(which, change)| {
            let which = which.index(forms.len());
            let bytes = change.apply(&forms[which]);
            let found = judgement(&bytes);
            let verdict = found.as_ref().map(CredentialJudgement::verdict);
            prop_assert!(verdict == Some(Verdict::Valid) || !change.is_harmless());
            match found {
                Some(found) if verdict == Some(Verdict::Valid) => {
                    let before = &before[which];
                    prop_assert_eq!(&found.bits, &before.bits);
                    prop_assert_eq!(&found.purposes, &before.purposes);
                    prop_assert_eq!(&found.id, &before.id);
                    prop_assert_eq!(&found.valid_until, &before.valid_until);
                    valid.set(valid.get() + u32::from(bytes != forms[which]));
                }
                Some(_) => rejected.set(rejected.get() + 1),
                // It is not even taken for a credential any more.
                None => {}
            }
            Ok(())
        })
        .unwrap();
    let (valid, rejected) = (valid.get(), rejected.get());
    assert!(valid >= CASES / 4, "still valid: {valid} of {CASES}");
    assert!(rejected >= CASES / 4, "rejected: {rejected} of {CASES}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn anything_is_judged_without_panic(
        bytes in vec(any::<u8>(), 0..300),
        text in r#"\{"(@context|credentialSubject|proof|type|issuer)":[\[\]{}":,a-z0-9]{0,60}\}"#,
    ) {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            if let Some(found) = judgement(bytes) {
                prop_assert_eq!(found.verdict(), Verdict::Rejected);
            }
        }
    }
}

//! Anything at all, and good credentials with some of their bytes changed: nothing panics, and
//! nothing is called valid that says something else than what was signed.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_changed_credential_says_what_was_signed_or_is_not_valid(
        which in any::<Index>(),
        changes in vec((any::<Index>(), any::<u8>()), 1..4),
    ) {
        let forms = good();
        let original = which.get(&forms);
        let mut bytes = original.clone();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let Some(found) = judgement(&bytes) else {
            return Ok(());
        };
        if found.verdict() == Verdict::Valid {
            let before = judgement(original).unwrap();
            prop_assert_eq!(found.bits, before.bits);
            prop_assert_eq!(found.purposes, before.purposes);
            prop_assert_eq!(found.id, before.id);
            prop_assert_eq!(found.valid_until, before.valid_until);
        }
    }

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

//! The canonical RDF of status list credentials, as a JSON-LD processor makes it, and the signed
//! lists of the Bitstring Status List specification.

use serde_json::{Value, json};
use statuslist::sign::{Cryptosuite, DidKey, SecuredDocument};
use statuslist::token::w3c::rdf;

const VECTORS: &str = include_str!("../vectors/w3c/rdf.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).expect("the vectors are JSON")
}

/// Our fixed lines are those of a JSON-LD processor.
fn check_n_quads(name: &str) {
    let vectors = vectors();
    let vector = &vectors["canonical"][name];
    let n_quads = rdf::n_quads(vector["document"].as_object().unwrap()).unwrap();
    let lines: Vec<_> = n_quads.lines().collect();
    assert_eq!(json!(lines), vector["n_quads"]);
    assert!(n_quads.ends_with(" .\n"));
}

#[test]
fn a_bitstring_status_list() {
    check_n_quads("bitstring");
}

#[test]
fn a_bitstring_status_list_without_subject_id() {
    check_n_quads("bitstring_without_subject_id");
}

#[test]
fn several_purposes() {
    check_n_quads("several_purposes");
}

#[test]
fn every_context_and_member() {
    check_n_quads("every_context_and_member");
}

#[test]
fn a_subject_that_is_the_credential() {
    check_n_quads("subject_is_the_credential");
}

#[test]
fn other_schemes() {
    check_n_quads("other_schemes");
}

#[test]
fn a_statuslist2021() {
    check_n_quads("statuslist2021");
}

#[test]
fn a_statuslist2021_without_subject_id() {
    check_n_quads("statuslist2021_without_subject_id");
}

#[test]
fn the_dates_of_credentials_1_1() {
    check_n_quads("dates_of_1_1");
}

#[test]
fn a_revocationlist2020() {
    check_n_quads("revocationlist2020");
}

#[test]
fn a_revocationlist2020_without_subject_id() {
    check_n_quads("revocationlist2020_without_subject_id");
}

#[test]
fn name_and_description() {
    check_n_quads("name_and_description");
}

#[test]
fn texts_in_languages() {
    check_n_quads("texts_in_languages");
}

#[test]
fn issuer_with_a_name() {
    check_n_quads("issuer_with_a_name");
}

#[test]
fn issuer_with_an_id_alone() {
    check_n_quads("issuer_with_an_id_alone");
}

#[test]
fn issuer_that_is_the_credential() {
    check_n_quads("issuer_that_is_the_credential");
}

#[test]
fn subject_with_a_name() {
    check_n_quads("subject_with_a_name");
}

#[test]
fn blank_subject_with_a_name() {
    check_n_quads("blank_subject_with_a_name");
}

#[test]
fn texts_and_every_context() {
    check_n_quads("texts_and_every_context");
}

#[test]
fn empty_texts() {
    check_n_quads("empty_texts");
}

#[test]
fn statuslist2021_issuer_with_an_id_alone() {
    check_n_quads("statuslist2021_issuer_with_an_id_alone");
}

#[test]
fn statuslist2021_with_texts() {
    check_n_quads("statuslist2021_with_texts");
}

#[test]
fn revocationlist2020_with_texts() {
    check_n_quads("revocationlist2020_with_texts");
}

/// A signed list of the specification verifies. Its verification method is the bare `did:key`.
fn check_signed_example(suite: Cryptosuite) {
    let vectors = vectors();
    let examples = vectors["signed"].as_array().unwrap();
    let example = examples
        .iter()
        .find(|example| example["proof"]["cryptosuite"] == suite.name())
        .unwrap();
    let secured = SecuredDocument::new(example.clone()).unwrap();
    let [Ok(proof)] = secured.proofs() else {
        panic!("one good proof");
    };
    let did = DidKey::parse(proof.options().verification_method()).unwrap();
    secured
        .verify(proof, did.key(), &|document| Ok(rdf::n_quads(document)?))
        .unwrap();
}

#[test]
fn bitstring_status_list_example_5_with_ecdsa() {
    check_signed_example(Cryptosuite::EcdsaRdfc2019);
}

#[test]
fn bitstring_status_list_example_5_with_eddsa() {
    check_signed_example(Cryptosuite::EddsaRdfc2022);
}

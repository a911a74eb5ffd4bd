//! The vectors of the W3C Data Integrity cryptosuites, of Multikeys, and of canonical forms.

use serde_json::{Map, Value, json};
use statuslist::sign::{
    Cryptosuite, DidKey, PrivateKey, ProofOptions, PublicKey, SecuredDocument, UnsignedProof,
    canonical_json,
};

const VECTORS: &str = include_str!("../vectors/w3c/data-integrity.json");

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

fn lines(value: &Value) -> String {
    let lines = value.as_array().expect("lines");
    lines
        .iter()
        .map(|line| format!("{}\n", text(line)))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A key is read from both its Multikey values as from its JSON Web Key, and written again.
fn check_multikey(name: &str) {
    let vectors = read(VECTORS);
    let key = &vectors["keys"][name];
    let multikey = text(&key["publicKeyMultibase"]);
    let jwk = PrivateKey::parse(key["jwk"].to_string().as_bytes()).unwrap();
    let secret = PrivateKey::from_multikey(text(&key["secretKeyMultibase"])).unwrap();
    let public = PublicKey::from_multikey(multikey).unwrap();

    assert_eq!(secret.public(), jwk.public());
    assert_eq!(public, *jwk.public());
    assert_eq!(jwk.public().to_multikey(), multikey);
    assert_eq!(secret.sign(b"message"), jwk.sign(b"message"));
}

#[test]
fn multikey_p256() {
    check_multikey("P-256");
}

#[test]
fn multikey_p384() {
    check_multikey("P-384");
}

#[test]
fn multikey_ed25519() {
    check_multikey("Ed25519");
}

/// Signing the document reproduces the vector byte for byte, and the vector verifies with the key
/// that its verification method names.
fn check_proof(name: &str) {
    let vectors = read(VECTORS);
    let vector = &vectors["vectors"][name];
    let proof = &vector["proof"];
    let n_quads = |_: &Map<String, Value>| Ok(lines(&vectors["canonical_n_quads"]));
    let suite: Cryptosuite = text(&proof["cryptosuite"]).parse().unwrap();
    let key = &vectors["keys"][text(&vector["key"])]["secretKeyMultibase"];
    let key = PrivateKey::from_multikey(text(key)).unwrap();

    let options = ProofOptions::new(suite, &DidKey::new(key.public()).method())
        .and_then(|options| options.with_created(text(&proof["created"])))
        .unwrap();
    let document = object(&vectors["document"]).clone();
    let unsigned = UnsignedProof::new(key.algorithm(), document, options, &n_quads).unwrap();
    assert_eq!(hex(unsigned.message()), text(&vector["hash_data"]));
    let signature = key.sign(unsigned.message());
    let mut expected = vectors["document"].clone();
    expected["proof"] = proof.clone();
    assert_eq!(
        unsigned.finish(&signature).to_string(),
        expected.to_string()
    );

    let secured = SecuredDocument::new(expected).unwrap();
    let [Ok(proof)] = secured.proofs() else {
        panic!("one good proof");
    };
    let method = DidKey::parse_method(proof.options().verification_method()).unwrap();
    assert_eq!(proof.signature(), signature);
    secured.verify(proof, method.key(), &n_quads).unwrap();
}

#[test]
fn ecdsa_jcs_2019_with_p256() {
    check_proof("ecdsa-jcs-2019/P-256");
}

/// The s of its signature is high.
#[test]
fn ecdsa_jcs_2019_with_p384() {
    check_proof("ecdsa-jcs-2019/P-384");
}

/// The s of its signature is high.
#[test]
fn ecdsa_rdfc_2019_with_p256() {
    check_proof("ecdsa-rdfc-2019/P-256");
}

#[test]
fn ecdsa_rdfc_2019_with_p384() {
    check_proof("ecdsa-rdfc-2019/P-384");
}

#[test]
fn eddsa_jcs_2022() {
    check_proof("eddsa-jcs-2022");
}

#[test]
fn eddsa_rdfc_2022() {
    check_proof("eddsa-rdfc-2022");
}

#[test]
fn canonical_json_of_the_vectors() {
    let vectors = read(VECTORS);
    let canonical = canonical_json(object(&vectors["document"])).unwrap();
    assert_eq!(canonical, text(&vectors["canonical_json"]));
}

/// RFC 8785, appendix B: doubles by their bits. The values that are no numbers are left out,
/// because JSON does not have them.
#[test]
fn canonical_numbers_of_rfc8785() {
    for (bits, expected) in [
        (0x0000_0000_0000_0000, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] {
        let number = json!({"": f64::from_bits(bits)});
        let canonical = canonical_json(object(&number)).unwrap();
        assert_eq!(canonical, format!("{{\"\":{expected}}}"));
    }
}

/// RFC 8785, section 3.2.2: white space, numbers, texts and literals.
#[test]
fn canonical_values_of_rfc8785() {
    let input = r#"{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    }"#;
    let expected = concat!(
        r#"{"literals":[null,true,false],"#,
        r#""numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
        r#""string":"€$\u000f\nA'B\"\\\\\"/"}"#
    );
    let canonical = canonical_json(object(&read(input))).unwrap();
    assert_eq!(canonical, expected);
}

/// RFC 8785, section 3.2.3: members by their names in UTF-16.
#[test]
fn canonical_order_of_rfc8785() {
    let input = r#"{
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
    }"#;
    let canonical = canonical_json(object(&read(input))).unwrap();
    let order: Vec<_> = [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]
    .map(|name| canonical.find(name).unwrap())
    .to_vec();
    assert!(order.is_sorted(), "{canonical}");
    assert!(canonical.starts_with(r#"{"\r":"Carriage Return","1":"One","#));
}

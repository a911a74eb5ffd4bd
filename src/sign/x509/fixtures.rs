//! The certificates of `tests/vectors/certificates`, and what the tests need to use them.

use super::CertificateChain;
use crate::wire::base64;

/// Joins PEM files of the folder.
macro_rules! pem {
    ($($name:literal),*) => {
        concat!($(include_str!(concat!("../../../tests/vectors/certificates/", $name, ".pem"))),*)
    };
}

macro_rules! key {
    ($name:literal) => {
        PublicKey::parse(include_bytes!(concat!(
            "../../../tests/keys/test-",
            $name,
            "-public.pem"
        )))
        .unwrap()
    };
}

pub(super) use {key, pem};

/// The message of a refusal, with everything behind it.
pub(super) fn message(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text = format!("{text}: {error}");
        next = error.source();
    }
    text
}

/// The bytes of the blocks of a PEM text, read in another way than the code reads them.
pub(super) fn ders(pem: &str) -> Vec<Vec<u8>> {
    pem.split("-----BEGIN CERTIFICATE-----")
        .skip(1)
        .map(|block| {
            let body = block.split("-----END").next().unwrap();
            base64::decode(body.replace('\n', "")).unwrap()
        })
        .collect()
}

/// Whatever a token may bring: nothing is checked before it is verified.
pub(super) fn embedded(pem: &str) -> CertificateChain {
    CertificateChain::from_der(&ders(pem)).unwrap()
}

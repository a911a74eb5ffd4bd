//! Why something is not the key that was asked for.

use super::algorithm::Algorithm;
use crate::wire::json::JsonError;
use crate::wire::text::brief;

/// The most keys that a set is read with.
pub(super) const MAX_SET_KEYS: usize = 1024;

/// Says why a key could not be read or made.
///
/// No message contains key material: only labels, member names and names of curves.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Neither PEM nor JSON.
    #[error("this is neither a PEM key nor a JSON Web Key")]
    NotAKey,
    /// Longer than any key.
    #[error("this is longer than any key or key set (limit: {0} bytes)")]
    TooLong(usize),
    /// JSON that cannot be read, or has a member twice.
    #[error("the JSON Web Key cannot be read")]
    Json(#[from] JsonError),
    /// A PEM block without its end, or with text that is not base64.
    #[error("the PEM block `{0}` is damaged")]
    DamagedPem(String),
    /// A PEM block whose content has not the structure that its label promises.
    #[error("the PEM block `{0}` does not contain what its label says")]
    DamagedDer(&'static str),
    /// A PEM block of a kind that holds no key.
    #[error("a PEM block `{0}` is not a key")]
    UnsupportedPem(String),
    /// More than one key in one document.
    #[error("more than one key was given where one belongs")]
    SeveralKeys,
    /// A private key protected by a password.
    #[error("encrypted private keys are not supported; decrypt it first (openssl pkey)")]
    Encrypted,
    /// An RSA key.
    #[error("RSA keys are not supported; use {keys}", keys = Algorithm::all_keys())]
    Rsa,
    /// A symmetric key (`kty` is `oct`).
    #[error("symmetric keys are not supported; use {keys}", keys = Algorithm::all_keys())]
    Symmetric,
    /// A certificate or certificate request.
    #[error("a certificate was given where a key belongs")]
    Certificate,
    /// A `kty` or algorithm identifier of another kind of key.
    #[error("keys of type `{0}` are not supported; use {keys}", keys = Algorithm::all_keys())]
    UnsupportedType(String),
    /// A key of a known type, but with another name within it: another curve, where it is one.
    #[error("the {kind} {name} is not supported; use {keys}", keys = Algorithm::all_keys())]
    UnsupportedName {
        /// What the type names its kinds by.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A JSON Web Key without a member that it needs.
    #[error("the JSON Web Key has no member `{0}`")]
    MissingMember(&'static str),
    /// A JSON Web Key with a member of the wrong type, encoding or length.
    #[error("the member `{0}` of the JSON Web Key has not the right type, encoding or length")]
    BadMember(&'static str),
    /// A JSON Web Key whose `alg` is for another kind of keys.
    #[error("the JSON Web Key says `alg` {stated}, but a key on {key} cannot be used with that")]
    AlgorithmMismatch {
        /// What `alg` says.
        stated: String,
        /// The kind of the key.
        key: &'static str,
    },
    /// A JSON Web Key whose `use` or `key_ops` excludes what it is wanted for.
    #[error("the member `{0}` of the JSON Web Key does not allow signatures")]
    NotForSignatures(&'static str),
    /// A public key that is not a usable point of its curve.
    #[error("the public key is not a valid point of its curve")]
    InvalidPoint,
    /// A private key outside the range of its curve.
    #[error("the private key is not a valid number for its curve")]
    InvalidSecret,
    /// A private key together with the public key of another.
    #[error("the public part does not belong to the private part")]
    PublicPartMismatch,
    /// A private key in the place of a public one.
    #[error("a private key was given where a public one belongs")]
    PrivateGiven,
    /// A public key in the place of a private one.
    #[error("a public key was given where a private one belongs")]
    PublicGiven,
    /// A key set in the place of one key.
    #[error("a key set was given where one key belongs")]
    KeySetGiven,
    /// A document without an array `keys`.
    #[error("this is not a key set: it has no array `keys`")]
    NotAKeySet,
    /// A key set with more keys than anybody needs.
    #[error("the key set has more than {MAX_SET_KEYS} keys")]
    TooManyKeys,
    /// A text that should be a Multikey, without the letter `z` in front.
    #[error("the key does not begin with `z`, as base58 in a Multikey does")]
    NotBase58,
    /// A Multikey with a letter that is not of the alphabet.
    #[error("the key has a letter that is not of base58")]
    BadLetter,
    /// A Multikey of a kind that is not known, or of the wrong length for its kind.
    #[error("the key is of an unknown kind or length; use {keys}", keys = Algorithm::all_keys())]
    UnknownMultikey,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness(#[source] getrandom::Error),
}

impl KeyError {
    /// Says what a PEM block with this label is, if not the key that was asked for.
    pub(super) fn from_label(label: &str) -> Self {
        match label {
            "ENCRYPTED PRIVATE KEY" => Self::Encrypted,
            "RSA PRIVATE KEY" | "RSA PUBLIC KEY" => Self::Rsa,
            "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" | "CERTIFICATE REQUEST" => {
                Self::Certificate
            }
            other => Self::UnsupportedPem(brief(other)),
        }
    }
}

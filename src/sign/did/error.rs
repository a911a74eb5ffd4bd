//! Why an identifier or the document behind it gives no key.

use crate::sign::key_error::KeyError;
use crate::wire::json::JsonError;

/// The largest document that is read, in bytes.
pub(super) const LONGEST: usize = 1024 * 1024;

/// Says why an identifier, or the document behind it, gives no key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DidError {
    /// A text that is not a `did:key`, or has more to it, such as a query.
    #[error("`{0}` is not a did:key")]
    NotDidKey(String),
    /// A `did:key` without the fragment that names its one verification method.
    #[error("the did:key names no verification method: it lacks its `#` part")]
    NoFragment,
    /// A `did:key` whose fragment names another key.
    #[error("the `#` part of the did:key names another key than the did:key itself")]
    OtherFragment,
    /// A text that is not a `did:web`, or no URL that one stands for.
    #[error("`{text}` cannot be a did:web: {fault}")]
    NotDidWeb {
        /// The text, cut if it is long.
        text: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A document that is larger than any that is read.
    #[error("the document has more than {LONGEST} bytes")]
    TooLong,
    /// A document that is not unambiguous JSON.
    #[error("the document is not valid JSON")]
    Json(#[from] JsonError),
    /// A document that has not the shape of one about keys.
    #[error("the document is not a controlled identifier document: {0}")]
    NotADocument(&'static str),
    /// A document about another identifier than was asked for.
    #[error("the document is about `{found}`, not about `{wanted}`")]
    OtherSubject {
        /// The identifier in the document.
        found: String,
        /// The one that was asked for.
        wanted: String,
    },
    /// A verification method that the document does not have.
    #[error("the document has no verification method `{0}`")]
    NoMethod(String),
    /// A verification method that the document defines more than once.
    #[error("the document defines the verification method `{0}` more than once")]
    SeveralMethods(String),
    /// A verification method that may not make assertions, such as credentials.
    #[error("the verification method `{0}` is not listed under assertionMethod")]
    NotForAssertions(String),
    /// A verification method that belongs to somebody else than the subject of the document.
    #[error("the verification method `{0}` is controlled by somebody else")]
    OtherController(String),
    /// A verification method of a type that is not known.
    #[error("verification methods of type `{0}` are not supported; use Multikey or JsonWebKey")]
    UnknownType(String),
    /// A verification method without a member that it needs, or with one of the wrong kind.
    #[error("the member `{0}` of the verification method is missing or not as it should be")]
    BadMember(&'static str),
    /// A verification method with more than one key, of which readers may take either.
    #[error("the verification method has more than one key: {0}")]
    SeveralKeys(String),
    /// A secret key in a document that is for everybody to read.
    #[error("the document contains a secret key: whoever has read it can sign")]
    SecretPublished,
    /// A JSON Web Key or Multikey that is not usable.
    #[error("the key of the verification method cannot be used")]
    Key(#[from] KeyError),
}

//! `did:key`: identifiers that are keys.

use super::error::DidError;
use crate::sign::public_key::PublicKey;
use crate::wire::text::brief;

const PREFIX: &str = "did:key:";

/// Holds a `did:key` (The did:key Method 0.9), which is its key in Multikey form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidKey {
    multikey: String,
    key: PublicKey,
}

impl DidKey {
    /// Makes the identifier of a key.
    #[must_use]
    pub fn new(key: &PublicKey) -> Self {
        Self {
            multikey: key.to_multikey(),
            key: key.clone(),
        }
    }

    /// Reads an identifier, `did:key:z…`, as an issuer has it.
    ///
    /// # Errors
    ///
    /// [`DidError::NotDidKey`] if it is something else or has a path, query or fragment, and
    /// [`DidError::Key`] if its key is not usable.
    pub fn parse(text: &str) -> Result<Self, DidError> {
        let multikey = text
            .strip_prefix(PREFIX)
            .filter(|rest| !rest.contains(['/', '?', '#']))
            .ok_or_else(|| DidError::NotDidKey(brief(text)))?;
        Ok(Self {
            key: PublicKey::from_multikey(multikey)?,
            multikey: multikey.to_owned(),
        })
    }

    /// Reads the URL of a verification method, `did:key:z…#z…`, with the same text twice.
    ///
    /// # Errors
    ///
    /// Those of [`Self::parse`]; [`DidError::NoFragment`] for the bare identifier, which names no
    /// method although examples in specifications use it so; [`DidError::OtherFragment`].
    pub fn parse_method(url: &str) -> Result<Self, DidError> {
        let Some((did, fragment)) = url.split_once('#') else {
            return Err(Self::parse(url).map_or_else(|error| error, |_| DidError::NoFragment));
        };
        let did = Self::parse(did)?;
        if fragment == did.multikey {
            Ok(did)
        } else {
            Err(DidError::OtherFragment)
        }
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Writes the identifier.
    #[must_use]
    pub fn did(&self) -> String {
        format!("{PREFIX}{}", self.multikey)
    }

    /// Writes the URL of its one verification method.
    #[must_use]
    pub fn method(&self) -> String {
        format!("{PREFIX}{0}#{0}", self.multikey)
    }
}

#[cfg(test)]
mod tests {
    use super::{DidError, DidKey};
    use crate::sign::{Algorithm, PrivateKey};

    const DID: &str = "did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP";
    const OTHER: &str = "zDnaewCdcZ4ERAPqpnobQrwXcCRqCw7tWR95DSnQPaMhwJJnv";

    #[test]
    fn identifiers_go_there_and_back() {
        for algorithm in Algorithm::ALL {
            let key = PrivateKey::generate(algorithm).unwrap();
            let did = DidKey::new(key.public());
            assert_eq!(DidKey::parse(&did.did()).unwrap(), did);
            assert_eq!(DidKey::parse_method(&did.method()).unwrap(), did);
            assert_eq!(did.key(), key.public());
        }
        let method = format!("{DID}#{}", DID.strip_prefix("did:key:").unwrap());
        assert_eq!(DidKey::parse(DID).unwrap().method(), method);
    }

    #[test]
    fn a_method_is_the_key_twice() {
        let read = |url: &str| DidKey::parse_method(url).unwrap_err();
        assert!(matches!(read(DID), DidError::NoFragment));
        let other = read(&format!("{DID}#{OTHER}"));
        assert!(matches!(other, DidError::OtherFragment));
        assert!(matches!(read(&format!("{DID}#")), DidError::OtherFragment));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "did:web:example.com",
            "DID:KEY:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
            &format!("{DID}?a=b"),
            &format!("{DID}/a"),
            &format!("{DID}#{OTHER}"),
        ] {
            let error = DidKey::parse(text).unwrap_err();
            assert!(matches!(error, DidError::NotDidKey(_)), "{text}");
        }
        for text in ["did:key:", "did:key:1.1:z6Mk", "did:key:z6Mk"] {
            let error = DidKey::parse(text).unwrap_err();
            assert!(matches!(error, DidError::Key(_)), "{text}");
            let error = DidKey::parse_method(text).unwrap_err();
            assert!(matches!(error, DidError::Key(_)), "{text}");
        }
    }
}

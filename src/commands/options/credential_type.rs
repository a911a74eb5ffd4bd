//! The types of the credentials that list files of a pool are kept for.

use std::fmt;
use std::str::FromStr;

use crate::commands::Error;

/// The type of a credential, such as a `vct` or a document type, as the issuer spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialType(String);

/// What stands for no type where the types of a list file are named.
const NONE: &str = "none";

/// The most bytes that a type may have.
const MAX_BYTES: usize = 1024;

impl CredentialType {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The types that a list file is bound to, each once; no type if it is for all.
    ///
    /// # Errors
    /// `none` beside others.
    pub(crate) fn set_of(types: &[Self]) -> Result<Vec<String>, Error> {
        let mut set: Vec<_> = types.iter().map(|one| one.0.clone()).collect();
        set.sort_unstable();
        set.dedup();
        if !set.iter().any(|one| one == NONE) {
            return Ok(set);
        }
        if set.len() > 1 {
            return Err(
                Error::refused("--bound-to none, and a type").hint("name the types, or none alone")
            );
        }
        Ok(Vec::new())
    }

    /// The same, where nothing is to change if no type is named.
    ///
    /// # Errors
    /// Those of [`Self::set_of`].
    pub(crate) fn change(types: &[Self]) -> Result<Option<Vec<String>>, Error> {
        let named = !types.is_empty();
        named.then(|| Self::set_of(types)).transpose()
    }

    /// Reads the type of one credential.
    ///
    /// # Errors
    /// It is none, or none can be spelled like this.
    pub(crate) fn of_credential(text: &str) -> Result<Self, String> {
        match text.parse()? {
            Self(text) if text == NONE => Err("'none' is no type of a credential".to_owned()),
            named => Ok(named),
        }
    }
}

impl FromStr for CredentialType {
    type Err = String;

    /// Reads one without the white space around it.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let fits = !text.is_empty() && text.len() <= MAX_BYTES && !text.contains(char::is_control);
        fits.then(|| Self(text.to_owned()))
            .ok_or_else(|| format!("1 to {MAX_BYTES} bytes without control characters are needed"))
    }
}

impl fmt::Display for CredentialType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_a_set_and_none_is_no_type() {
        let types = |texts: &[&str]| {
            let types: Vec<CredentialType> =
                texts.iter().map(|text| text.parse().unwrap()).collect();
            CredentialType::set_of(&types).map_err(|error| error.message)
        };
        assert_eq!(types(&["b", " a ", "b"]).unwrap(), ["a", "b"]);
        assert_eq!(types(&["none"]).unwrap(), [""; 0]);
        assert_eq!(
            types(&["a", "none"]),
            Err("--bound-to none, and a type".to_owned())
        );
        for wrong in ["", " ", "a\tb", &"x".repeat(1025)] {
            assert!(wrong.parse::<CredentialType>().is_err(), "{wrong:?}");
        }
        assert!(CredentialType::of_credential("none").is_err());
        assert!(CredentialType::of_credential("pid").is_ok());
    }
}

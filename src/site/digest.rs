//! 32 bytes, written as 64 lower-case hexadecimal digits.

use std::{
    fmt,
    fs::File,
    io::{self, BufRead as _, BufReader},
    path::Path,
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::wire::hex::{decode_into, hex};

/// A SHA-256 value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// Computes the SHA-256 value of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Computes that of a file, however long, without holding it.
    ///
    /// # Errors
    ///
    /// Those of the operating system.
    pub(crate) fn of_file(path: &Path) -> io::Result<Self> {
        let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
        let mut hasher = Sha256::new();
        loop {
            let part = file.fill_buf()?;
            if part.is_empty() {
                return Ok(Self(hasher.finalize().into()));
            }
            hasher.update(part);
            let length = part.len();
            file.consume(length);
        }
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// Says that a text is not a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a digest is 64 hexadecimal digits in lower case")]
pub struct BadDigest;

impl FromStr for Digest {
    type Err = BadDigest;

    fn from_str(text: &str) -> Result<Self, BadDigest> {
        // Only one way to write a digest is read, so that texts can be compared.
        if text.contains(|digit: char| digit.is_ascii_uppercase()) {
            return Err(BadDigest);
        }
        let mut bytes = [0; 32];
        decode_into(text.as_bytes(), &mut bytes).ok_or(BadDigest)?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Digest {
    type Error = BadDigest;

    fn try_from(text: String) -> Result<Self, BadDigest> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Digest({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-2, appendix B.1.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn is_sha_256_in_hexadecimal() {
        let digest = Digest::of(b"abc");
        assert_eq!(digest.to_string(), ABC);
        assert_eq!(ABC.parse(), Ok(digest));
        assert_eq!(Digest::from(*digest.as_bytes()), digest);
    }

    #[test]
    fn is_written_in_one_way() {
        for text in [
            "",
            "00",
            &ABC[1..],
            &ABC.to_uppercase(),
            &ABC.replace('b', "g"),
            &format!("{ABC}0"),
            &format!("{ABC}00"),
            &"é".repeat(32),
        ] {
            assert_eq!(text.parse::<Digest>(), Err(BadDigest), "{text}");
        }
    }
}

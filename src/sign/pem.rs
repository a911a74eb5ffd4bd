//! PEM blocks (RFC 7468), read as leniently as the section on parsing allows.
//!
//! Text around the blocks, any line length and any white space are accepted, because keys travel
//! through editors, YAML files and environment variables.

use zeroize::Zeroizing;

use super::key_error::KeyError;
use crate::wire::base64;

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// Is one PEM block, not yet decoded.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    body: &'a str,
}

/// Finds the PEM blocks of a text, in their order.
pub(super) fn blocks(text: &str) -> Result<Vec<Block<'_>>, KeyError> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after_begin)) = rest.split_once(BEGIN) {
        // A damaged first line must not carry the key into an error message as its label.
        let (label, after_label) = after_begin
            .split_once(DASHES)
            .filter(|(label, _)| is_label(label))
            .ok_or_else(|| KeyError::DamagedPem("without a label".to_owned()))?;
        let (body, after_body) = after_label
            .split_once(&format!("-----END {label}{DASHES}"))
            .ok_or_else(|| KeyError::DamagedPem(label.to_owned()))?;
        blocks.push(Block { label, body });
        rest = after_body;
    }
    Ok(blocks)
}

impl Block<'_> {
    /// Tells whether the label promises a private key, of whatever kind.
    pub(super) fn is_private(&self) -> bool {
        self.label.ends_with("PRIVATE KEY")
    }

    /// Decodes the block.
    ///
    /// # Errors
    ///
    /// [`KeyError::Encrypted`] for the traditional encryption of RFC 1421, and
    /// [`KeyError::DamagedPem`] for what is not base64.
    pub(super) fn decode(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        if self.body.contains("Proc-Type:") && self.body.contains("ENCRYPTED") {
            return Err(KeyError::Encrypted);
        }
        // With its capacity from the start, so that no copy is left behind by growing.
        let mut text = Zeroizing::new(Vec::with_capacity(self.body.len()));
        text.extend(self.body.bytes().filter(|byte| !byte.is_ascii_whitespace()));
        base64::decode(&*text)
            .map(Zeroizing::new)
            .ok_or_else(|| KeyError::DamagedPem(self.label.to_owned()))
    }
}

fn is_label(text: &str) -> bool {
    text.len() <= 40
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ')
}

#[cfg(test)]
mod tests {
    use p256::pkcs8::LineEnding;
    use p256::pkcs8::der::pem::encode_string;

    use super::blocks;

    #[test]
    fn what_others_write_is_read() {
        for length in [0, 1, 47, 48, 49, 96, 200] {
            let content: Vec<u8> = (0..=255).cycle().take(length).collect();
            let text = encode_string("SOME THING", LineEnding::LF, &content).unwrap();
            let found = blocks(&text).unwrap();
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].label, "SOME THING");
            assert_eq!(*found[0].decode().unwrap(), content);
        }
    }

    #[test]
    fn any_wrapping_and_surroundings_are_read() {
        let text = "note\r\n-----BEGIN A-----\r\n  AQ\r\n ID \r\n-----END A-----\r\n\
                    -----BEGIN B----- BA== -----END B-----";
        let found = blocks(text).unwrap();
        assert_eq!(*found[0].decode().unwrap(), [1, 2, 3]);
        assert_eq!(*found[1].decode().unwrap(), [4]);
    }

    #[test]
    fn damaged_blocks_are_refused() {
        assert!(blocks("-----BEGIN A").is_err());
        assert!(blocks("-----BEGIN A-----\nAQID").is_err());
        assert!(blocks("-----BEGIN A-----\nAQID\n-----END B-----").is_err());
        let text = "-----BEGIN A-----\nA*==\n-----END A-----";
        assert!(blocks(text).unwrap()[0].decode().is_err());
    }
}

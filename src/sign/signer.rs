//! How signatures are made.

use super::private_key::PrivateKey;
use super::public_key::PublicKey;
use super::sign_error::SignError;
use super::signer_command::SignerCommand;
use super::unsigned::Unsigned;

/// Makes signatures, all with one key.
///
/// Has no `Debug`, because it may hold the key.
pub enum Signer {
    /// Signs with a private key of this process.
    Key(PrivateKey),
    /// Has a program sign, which alone can use the key.
    Command(SignerCommand),
}

impl Signer {
    /// Returns the public key that verifies the signatures.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        match self {
            Self::Key(key) => key.public(),
            Self::Command(program) => &program.public,
        }
    }

    /// Signs, checks the signature with the public key, and completes the token with it.
    ///
    /// # Errors
    ///
    /// Those of [`Unsigned::finish`], and that a program fails or prints no signature.
    pub fn sign(&self, unsigned: Unsigned) -> Result<Vec<u8>, SignError> {
        let signature = match self {
            Self::Key(key) => key.sign(unsigned.message()),
            Self::Command(program) => program.run(unsigned.message())?,
        };
        unsigned.finish(self.public(), &signature)
    }
}

impl From<PrivateKey> for Signer {
    fn from(key: PrivateKey) -> Self {
        Self::Key(key)
    }
}

//! `keygen`: makes a signing key.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{Answer, Code, Context, Error, Facts, Written};
use crate::disk::{Visibility, create_new};
use crate::sign::{Algorithm, DidKey, PrivateKey};
use crate::wire::shell::quote;

/// Makes a signing key, and prints its public half as a JWK.
///
/// The file is made readable by its owner alone (PEM, PKCS#8). An existing file is never
/// overwritten. Also says the did:key of the key, an issuer that needs no host.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The file for the private key.
    pub(super) file: PathBuf,
    /// What the key signs with.
    #[arg(
        long = "alg",
        value_name = "ALG",
        default_value = "ES256",
        help = format!("What the key signs with: {}", Algorithm::all_with_keys())
    )]
    algorithm: Algorithm,
}

/// Runs the command.
///
/// # Errors
/// The file exists, or the disk fails.
pub(super) fn run(args: &Args, _: &Context<'_>) -> Result<Answer, Error> {
    let key = PrivateKey::generate(args.algorithm)?;
    let file = quote(&args.file);
    create_new(&args.file, key.to_pem().as_bytes(), Visibility::Secret).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            Error::new(Code::Conflict, format!("{file} exists"))
                .because("a key is never overwritten: what it signed could not be signed again")
                .hint("choose another name")
        } else {
            error.into()
        }
    })?;
    let jwk = key.public().to_jwk();
    let line = format!("{jwk}\n");
    let did = DidKey::new(key.public()).did();
    let facts = serde_json::json!({
        "file": args.file.display().to_string(),
        "publicKey": jwk,
        "didKey": did,
    });
    let written = Written::only(args.file.display().to_string())
        .again(format!("its public half: openssl pkey -pubout -in {file}"));
    Ok(Answer::bytes(line.into_bytes(), Facts(facts))
        .wrote(written)
        .note(format!(
            "made {file}, readable by you alone; its public half is on standard output"
        ))
        .note(format!("as an issuer that is this key: {did}")))
}

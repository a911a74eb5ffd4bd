//! Signing in two steps, for keys that cannot leave their home: what is to be signed goes out, and
//! a signature comes back.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Answer, Code, Context, Error, Facts, SCHEMA, Written};
use crate::commands::options::KeySource;
use crate::commands::options::SigningOptions;
use crate::disk::{Visibility, replace};
use crate::list::{Timestamp, View};
use crate::publish::{NamedKey, Statement};
use crate::sign::Unsigned;
use crate::site::Digest;
use crate::token::w3c::rdf;
use crate::wire::json::parse_strict;
use crate::wire::shell::quote;
use crate::wire::text::{printable, text_or_hex};

/// The most bytes that a prepared token may have.
const PREPARED_LIMIT: u64 = 1 << 30;

/// The most bytes that a signature may have; the longest in DER has 139.
const SIGNATURE_LIMIT: u64 = 4096;

/// The options of signing in two steps.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Signing in two steps")]
pub(crate) struct DetachedOptions {
    /// Sign nothing: print what is to be signed, and write to this file what --attach needs; --key is
    /// the public key.
    #[arg(long, value_name = "PREPARED")]
    pub prepare: Option<PathBuf>,
    /// Complete what --prepare wrote to this file with a signature that --key, the public key,
    /// verifies.
    #[arg(
        long,
        value_name = "PREPARED",
        conflicts_with_all = ["file", "view", "list", "prepare"],
        requires = "signature"
    )]
    pub attach: Option<PathBuf>,
    /// The signature for --attach: a file, or - for standard input; raw (r and s) or DER.
    #[arg(
        long,
        value_name = "SIGNATURE",
        conflicts_with = "file",
        requires = "attach"
    )]
    pub signature: Option<PathBuf>,
}

/// One of the two steps.
pub(super) enum DetachedStep<'a> {
    /// Write what is to be signed, and to this file what completes it.
    Prepare(&'a Path),
    /// Complete a prepared token with a signature.
    Attach {
        prepared: &'a Path,
        signature: &'a Path,
    },
}

impl DetachedOptions {
    /// The step that was asked for; `None` if signing is to be done here and now.
    pub(super) fn step(&self) -> Option<DetachedStep<'_>> {
        match (&self.prepare, &self.attach, &self.signature) {
            (Some(prepared), ..) => Some(DetachedStep::Prepare(prepared)),
            (None, Some(prepared), Some(signature)) => Some(DetachedStep::Attach {
                prepared,
                signature,
            }),
            _ => None,
        }
    }
}

/// What --prepare writes and --attach reads: a token without its signature.
struct PreparedToken {
    about: About,
    unsigned: Unsigned,
}

/// The same as a file; nothing of it is secret.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct About {
    schema: u64,
    view: View,
    uri: String,
    issued_at: Timestamp,
    expires_at: Option<Timestamp>,
    algorithm: String,
    key_id: String,
    /// Of the bytes that are to be signed, for whoever signs or approves.
    message_sha256: Digest,
    unsigned: Value,
}

/// A signed token, and what it says of itself.
pub(super) struct SignedToken {
    pub(super) view: View,
    pub(super) uri: String,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) bytes: Vec<u8>,
}

/// Where the two results of --prepare go.
pub(super) struct Destinations<'a> {
    /// What --attach needs.
    pub(super) prepared: Destination<'a>,
    /// What is to be signed.
    pub(super) message: Destination<'a>,
}

/// Where a result goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination<'a> {
    Stdout,
    File(&'a Path),
}

/// Writes exactly the bytes that are to be signed, and what completes them later.
pub(super) fn prepare(
    statement: &Statement,
    key: &NamedKey,
    to: &Destinations<'_>,
) -> Result<Answer, Error> {
    if (to.prepared, to.message) == (Destination::Stdout, Destination::Stdout) {
        return Err(Error::new(
            Code::Refused,
            "what is to be signed and what completes it cannot both go to standard output",
        )
        .hint("--prepare FILE, or -o FILE"));
    }
    let prepared = PreparedToken::new(statement, key)?;
    let mut facts = prepared.facts();
    let mut text = serde_json::to_vec(&prepared.about)
        .map_err(|source| Error::io("cannot write down what was prepared").because_of(&source))?;
    text.push(b'\n');
    let message = prepared.unsigned.message().to_vec();
    let next = format!(
        "once the {} bytes {} are signed with {}: statuslist sign --attach {} --signature FILE --key KEY",
        message.len(),
        to.message,
        prepared.about.algorithm,
        to.prepared.argument(),
    );
    let mut written = Written::default();
    if let Destination::File(path) = to.prepared {
        replace(path, &text, Visibility::Public)?;
        written.add(path.display().to_string());
        facts["prepared"] = path.display().to_string().into();
    }
    if let Destination::File(path) = to.message {
        written.before(replace(path, &message, Visibility::Public))?;
        written.add(path.display().to_string());
    } else {
        let (name, text) = text_or_hex("message", &message);
        facts[name] = text.into();
    }
    let facts = Facts(facts);
    let answer = match (to.message, to.prepared) {
        (Destination::Stdout, _) => Answer::bytes(message, facts),
        (_, Destination::Stdout) => Answer::bytes(text, facts),
        _ => Answer::report(facts),
    };
    Ok(answer.wrote(written).note(next))
}

/// Completes what was prepared, if the public key verifies the signature.
pub(super) fn attach(
    prepared_file: &Path,
    signature: &Path,
    signing: &SigningOptions,
    context: &Context<'_>,
) -> Result<SignedToken, Error> {
    let stdin = [prepared_file, signature]
        .into_iter()
        .filter(|path| path.as_os_str() == "-")
        .count()
        + usize::from(signing.key_source(context) == Some(KeySource::Stdin));
    if stdin > 1 {
        return Err(Error::new(
            Code::Refused,
            "only one of --attach, --signature and --key can read standard input",
        ));
    }
    let key = signing.named_key(context)?.public;
    let prepared = PreparedToken::read(prepared_file, context)?;
    signing.check_key_id(&prepared.about.key_id)?;
    let signature = context.read_file(signature, SIGNATURE_LIMIT)?;
    let bytes = prepared
        .unsigned
        .finish(&key, &signature)
        .map_err(|error| {
            let file = quote(prepared_file);
            Error::of_signing(format!("cannot complete {file}"), &error)
        })?;
    Ok(SignedToken {
        view: prepared.about.view,
        uri: prepared.about.uri,
        issued_at: prepared.about.issued_at,
        expires_at: prepared.about.expires_at,
        bytes,
    })
}

impl PreparedToken {
    fn new(statement: &Statement, key: &NamedKey) -> Result<Self, Error> {
        let unsigned = statement.unsigned(key)?;
        let claims = &statement.claims;
        let about = About {
            schema: SCHEMA,
            view: statement.view,
            uri: claims.subject.clone(),
            issued_at: Timestamp::from_second(claims.issued_at),
            expires_at: claims.expires_at.map(Timestamp::from_second),
            algorithm: unsigned.algorithm().name().to_owned(),
            key_id: key.id.clone(),
            message_sha256: Digest::of(unsigned.message()),
            unsigned: unsigned.to_json(),
        };
        Ok(Self { about, unsigned })
    }

    fn read(path: &Path, context: &Context<'_>) -> Result<Self, Error> {
        let bytes = context.read_file(path, PREPARED_LIMIT)?;
        let unusable = || {
            let file = quote(path);
            Error::io(format!("{file} is not what --prepare wrote"))
        };
        let value = parse_strict(&bytes).map_err(|error| unusable().because_of(&error))?;
        if value.get("schema") != Some(&SCHEMA.into()) {
            return Err(unusable().because("it does not have the schema version of this program"));
        }
        let misread = |error: &dyn std::error::Error| {
            // They may repeat what somebody wrote into the file.
            std::iter::successors(Some(error), |error| error.source())
                .fold(unusable(), |unusable, error| {
                    unusable.because(printable(&error.to_string()))
                })
        };
        let mut about: About = serde_json::from_value(value).map_err(|error| misread(&error))?;
        let n_quads = |document: &Map<String, Value>| Ok(rdf::n_quads(document)?);
        let unsigned = Unsigned::from_json(about.unsigned.take(), &n_quads)
            .map_err(|error| misread(&error))?;
        if Digest::of(unsigned.message()) != about.message_sha256
            || unsigned.algorithm().name() != about.algorithm
        {
            return Err(unusable().because("it was changed"));
        }
        Ok(Self { about, unsigned })
    }

    fn facts(&self) -> Value {
        json!({
            "view": self.about.view,
            "uri": self.about.uri,
            "issuedAt": self.about.issued_at,
            "expiresAt": self.about.expires_at,
            "algorithm": self.about.algorithm,
            "keyId": self.about.key_id,
            "bytes": self.unsigned.message().len(),
            "messageSha256": self.about.message_sha256,
        })
    }
}

impl<'a> From<Option<&'a Path>> for Destination<'a> {
    fn from(path: Option<&'a Path>) -> Self {
        path.filter(|path| path.as_os_str() != "-")
            .map_or(Self::Stdout, Self::File)
    }
}

impl Destination<'_> {
    /// As it is typed.
    fn argument(self) -> String {
        match self {
            Self::Stdout => "FILE".to_owned(),
            Self::File(path) => quote(path),
        }
    }
}

impl fmt::Display for Destination<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdout => formatter.write_str("on standard output"),
            Self::File(path) => write!(formatter, "in {}", quote(path)),
        }
    }
}

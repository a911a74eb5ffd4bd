//! Why something is not published.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::departure::Lifted;
use super::hosts::{ConfigError, HostFault};
use crate::audit::TokenDemand;
use crate::list::{Breach, ListNumber, Proof, Timestamp, View};
use crate::sign::{Algorithm, DidError, KeyError, NotInForce, ProofError, SignError};
use crate::site::{ManifestEntry, ManifestError, PathClash, SitePath, SitePathError, TargetError};
use crate::store::StoreError;
use crate::wire::shell::quote;

/// Says why a token cannot be made.
#[derive(Debug, Error)]
pub(crate) enum StatementError {
    /// The profile of the series forbids it.
    #[error(transparent)]
    Breach(#[from] Breach<TokenDemand>),

    /// The key's certificate is not in force when the token is issued, in Unix seconds.
    #[error(
        "the certificate in {} is not in force at {}",
        quote(path),
        Timestamp::from_second(*issued_at)
    )]
    NotInForce {
        path: PathBuf,
        issued_at: i64,
        source: NotInForce,
    },

    /// Readers take the files of the view as they are.
    #[error("view {0} is not signed")]
    NotSigned(View),

    /// The key does not fit how the credentials of the series are secured.
    #[error("the key signs with {algorithm}, and {proof} does not go with it")]
    OtherProof { algorithm: Algorithm, proof: Proof },

    /// The issuer is a `did:key` of another key.
    #[error("the key is not the one that the issuer names")]
    NotTheIssuers { issuer: String, key: String },

    /// The issuer is no `did:web` that can be used.
    #[error("the issuer {issuer} cannot be used")]
    Issuer { issuer: String, source: DidError },

    /// Nothing says how proofs name the key.
    #[error("it is not known which key of the issuer {0} signs")]
    UnknownMethod(String),

    /// The credential cannot be secured.
    #[error("the credential cannot be secured")]
    Insecure(#[source] ProofError),

    /// The signature was not made.
    #[error("cannot sign")]
    Sign(#[from] SignError),
}

/// Says why something is not published. Unless it is [`PublishError::Interrupted`], nothing was
/// written.
#[derive(Debug, Error)]
pub(crate) enum PublishError {
    #[error("cannot use the list file {}", quote(file))]
    Store { file: PathBuf, source: StoreError },

    #[error(transparent)]
    Target(#[from] TargetError),

    #[error(transparent)]
    Manifest(#[from] ManifestError),

    #[error(transparent)]
    Statement(#[from] StatementError),

    /// There are tokens to be signed, and no key.
    #[error("no signing key was named")]
    NoKey,

    /// A token serves nobody that is expired when it is written.
    #[error("the token of list {list} would be expired at {at}")]
    Expired { list: ListNumber, at: Timestamp },

    /// No file can be at the uri of a list.
    #[error("cannot publish at '{uri}'")]
    Uri { uri: String, source: SitePathError },

    /// No file can be at the uri of an aggregation.
    #[error("cannot publish the aggregation '{uri}'")]
    Aggregation { uri: String, source: SitePathError },

    /// The profile of a list file allows no page for people.
    #[error("profile swiss allows no page for people")]
    NoPage(PathBuf),

    /// What waited until everything was decided is lost.
    #[error("what is to be published could not be read back from a temporary file")]
    Spool(#[source] std::io::Error),

    /// No file can be beside a token.
    #[error("a site cannot hold the file")]
    SideFile(#[source] SitePathError),

    /// Two files cannot be in one site.
    #[error("two files cannot be published there")]
    Clash(#[source] PathClash),

    /// What would be public must stay secret.
    #[error("{} lies in the site {}", quote(file), quote(site))]
    Secret {
        kind: SecretKind,
        file: PathBuf,
        site: PathBuf,
    },

    /// What is there must stay.
    #[error("'{path}' must not be replaced")]
    Conflict { path: SitePath, reason: Conflict },

    /// The site says nothing of the list file, and may not be its first.
    #[error("nothing there says what was published of {} before", quote(file))]
    Silent { file: PathBuf, silence: Silence },

    /// Readers see newer files than the target has.
    #[error("the target is behind what readers see")]
    Behind(Vec<SitePath>),

    /// There are files where a site is served, and no manifest.
    #[error("{} is there, and {} is not", quote(file), quote(manifest))]
    NoManifest { file: PathBuf, manifest: PathBuf },

    /// What is served has more files, or more bytes, than are fetched.
    #[error("the manifest names {files} files of {bytes} bytes in all")]
    TooMuch { files: usize, bytes: u64 },

    /// A file that readers see is not taken over.
    #[error("{} cannot be taken over", quote(file))]
    Uncarried { file: PathBuf, reason: Uncarried },

    /// The set of keys that is there is none, or not one of public keys alone.
    #[error("{} must not be replaced", quote(file))]
    Keys { file: PathBuf, source: KeyError },

    /// A key cannot be used, shown or taken out so.
    #[error("cannot go on with the key '{}'", .0.name.escape_debug())]
    Key(KeyRefusal),

    /// A publication that goes back would let entries leave a final status, and that was not asked
    /// for, or is not to be had.
    #[error("entries would leave a final status")]
    Lifts(Vec<Lifted>),

    /// The host cannot be told what it should do.
    #[error("the host cannot be set up for this site")]
    Host(#[from] HostFault),

    /// The settings of the host are not written.
    #[error(transparent)]
    HostConfig(#[from] ConfigError),

    /// The target failed when some files had been written.
    #[error("the publication was interrupted")]
    Interrupted {
        /// The files that were written, none if it was the first that failed.
        written: Vec<String>,
        source: Box<PublishError>,
    },
}

/// A key that cannot be used, shown or taken out, and why.
#[derive(Debug)]
pub(crate) struct KeyRefusal {
    /// As tokens call it, or as it was named.
    pub(crate) name: String,
    pub(crate) fault: KeyFault,
}

/// Why a key cannot be used, shown or taken out.
#[derive(Debug)]
pub(crate) enum KeyFault {
    /// It was announced, and readers may still have the keys from before.
    TooEarly {
        announced: Timestamp,
        from: Timestamp,
    },
    /// It was taken out of the site for good.
    Dropped(Timestamp),
    /// It is to be announced, although it was taken out or is to be.
    Announced,
    /// It is to be taken out, and would sign.
    StillSigns,
    /// Files stay that it signed.
    Needed(Vec<String>),
    /// The site shows no key of this name; these are the names.
    Unknown(Vec<String>),
    /// Several keys have this name; these are their thumbprints.
    Several(Vec<String>),
}

impl KeyFault {
    /// The same of a key.
    pub(crate) fn of(self, name: &str) -> PublishError {
        PublishError::Key(KeyRefusal {
            name: name.to_owned(),
            fault: self,
        })
    }
}

/// Says why what is in a place must stay.
#[derive(Debug)]
pub(crate) enum Conflict {
    /// It was made from a state that the list file never had.
    OtherHistory,
    /// It is not what the manifest describes.
    NotAsDescribed,
    /// The manifest does not know it.
    NotKnown,
    /// It was issued later than the token that would replace it.
    Newer { issued: Timestamp, now: Timestamp },
    /// Another key signed it.
    OtherKey,
    /// It is the token of another list.
    OtherSubject { subject: String },
    /// It shows other statuses than the list file, which has not changed since.
    OtherStatuses { list: ListNumber, file: PathBuf },
    /// Entries would leave a final status, and no revision of the list file let them.
    Lost {
        lifted: Box<Lifted>,
        file: PathBuf,
        maker: Maker,
    },
}

/// Says why a file that the manifest names is not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uncarried {
    /// There is none.
    Gone,
    /// It is not the one that the manifest describes.
    Differs,
    /// It is nothing that belongs in a site.
    Stranger,
}

/// Why a site that says nothing of a list file may not be its first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Silence {
    /// The list file is not where it lives.
    Copy,
    /// The list file travels by design: nobody knows whether it is the newest.
    Travels,
    /// The list file remembers a publication to this target, or to one that is gone.
    Published { target: String, at: Timestamp },
}

/// What a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretKind {
    ListFile,
    PrivateKey,
    Settings,
    Seed,
}

/// Who made what is in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// The manifest says that it was made from the list file, which has lost what it published.
    ThisFile,
    /// Nobody knows.
    Others,
}

impl PublishError {
    /// Says that a list file cannot be used.
    pub(crate) fn of_store(file: &Path, source: StoreError) -> Self {
        let file = file.to_owned();
        Self::Store { file, source }
    }
}

impl Conflict {
    /// A file that is not the one of the manifest's entry, or has no entry.
    pub(crate) fn unknown(entry: Option<&ManifestEntry>) -> Self {
        match entry {
            Some(_) => Self::NotAsDescribed,
            None => Self::NotKnown,
        }
    }

    /// The same for a path.
    pub(crate) fn at(self, path: &SitePath) -> PublishError {
        PublishError::Conflict {
            path: path.clone(),
            reason: self,
        }
    }
}

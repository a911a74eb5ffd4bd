//! What `inspect` is asked.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::commands::options::KeySource;
use crate::commands::options::{CheckingOptions, InflateOption, WaitOption};
use crate::commands::{Code, Context, Error};
use crate::list::{EntryName, Profile};
use crate::sign::ControllerDocument;
use crate::wire::shell::quote;

/// Looks at a list file, or at a token that somebody published.
///
/// Of a list file: settings, use, statuses, the last revisions, what was published; and whether
/// everything in it agrees. Of a pool, a folder of list files: the types that each is bound to, its
/// lists, their use, what it remembers of its newest publication (due from half of the validity on,
/// or when something changed since; expiring in the last quarter), and what comes next; exits with
/// 4 if a file could not be read. Of a token, in JWT or CWT format (as bytes, hexadecimal digits or
/// base64): header, claims, sizes, times, statuses, and every fault with the rule that it breaks.
/// The same of a W3C credential with a status list of any of the three kinds, in whatever way it is
/// secured; and of the answer of an OCSP responder for documents, which nobody signs. A signature
/// is checked only with a key from elsewhere, with the token's own certificate if that leads to a
/// trust anchor from elsewhere, or with the key of an issuer that is a did:key. Exits with 1 if
/// there is a fault for which readers must reject the token, and if a key was given and no signature
/// could be checked with it. Refuses more than 16384 values, and more than 4 MiB of names and texts
/// beside the list: memory stays within three times the inflated list and 64 MiB, or six times one
/// that cannot be compressed.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// A list file, a folder of list files (a pool), a token, or - for a token on standard input.
    #[arg(value_name = "TARGET")]
    pub target: PathBuf,
    /// Show this entry: INDEX, or URI#INDEX of the token with that uri; of a list file, every form.
    #[arg(long, value_name = "ENTRY")]
    pub entry: Option<EntryName>,
    /// Check that the token is for this uri, as credentials name it.
    #[arg(long, value_name = "URI")]
    pub uri: Option<String>,
    /// Check that the token keeps to the rules of this use of status lists: ietf, haip, eudi,
    /// iso-mdoc or swiss.
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<Profile>,
    /// Check that a W3C list is for this: revocation, suspension, refresh or message.
    #[arg(long, value_name = "PURPOSE")]
    pub purpose: Option<String>,
    /// Read the bits of a W3C list in this order, and show the first entries that are set.
    #[arg(long, value_name = "ORDER")]
    pub bit_order: Option<BitOrders>,
    /// Check the signature of a W3C credential with the DID document of its issuer.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key", "jwks"], help_heading = "Checking")]
    pub did_document: Option<PathBuf>,
    #[command(flatten)]
    pub inflate: InflateOption,
    #[command(flatten)]
    pub wait: WaitOption,
    #[command(flatten)]
    pub checking: CheckingOptions,
}

/// The orders in which the bits of a W3C list may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BitOrders {
    /// The most significant bit of a byte first, as the standard says.
    Msb,
    /// The least significant one first, as some lists of before 2023 have it.
    Lsb,
    /// Both, one after the other.
    Both,
}

/// What knows a check.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Everything,
    Tokens,
    Credentials,
}

impl Args {
    /// What has no signature, and no uri or all of them, cannot be checked against one.
    pub(crate) fn refuse_checks(&self, found: &str) -> Result<(), Error> {
        let hint = "leave it out, or name a published token";
        let all = [Scope::Everything, Scope::Tokens, Scope::Credentials];
        self.refuse(&all, "tokens", found, hint)
    }

    /// What is asked only of W3C credentials.
    pub(super) fn refuse_credential_checks(&self) -> Result<(), Error> {
        let scopes = [Scope::Credentials];
        self.refuse(&scopes, "W3C credentials", "none", "leave it out")
    }

    /// What is asked only of Status List Tokens.
    pub(super) fn refuse_token_checks(&self) -> Result<(), Error> {
        let (known_to, found) = ("Status List Tokens", "a W3C credential");
        self.refuse(&[Scope::Tokens], known_to, found, "leave it out")
    }

    /// Refuses the first check that was asked for and is of one of these scopes: it is for other
    /// things than what was found.
    fn refuse(
        &self,
        scopes: &[Scope],
        known_to: &str,
        found: &str,
        hint: &str,
    ) -> Result<(), Error> {
        let checking = &self.checking;
        let verifying = &checking.verifying;
        let trust = &verifying.certificates.trust;
        let document = &self.did_document;
        let options = [
            ("--uri", Scope::Everything, self.uri.is_some()),
            ("--profile", Scope::Tokens, self.profile.is_some()),
            ("--purpose", Scope::Credentials, self.purpose.is_some()),
            ("--bit-order", Scope::Credentials, self.bit_order.is_some()),
            ("--did-document", Scope::Credentials, document.is_some()),
            ("--key", Scope::Everything, verifying.key.is_some()),
            ("--jwks", Scope::Everything, verifying.jwks.is_some()),
            ("--trust", Scope::Tokens, trust.is_some()),
            ("--audience", Scope::Tokens, checking.audience.is_some()),
            ("--max-age", Scope::Tokens, checking.max_age.is_some()),
            ("--at", Scope::Everything, checking.at.is_some()),
        ];
        let is_refused =
            |(_, scope, is_given): &&(_, Scope, bool)| *is_given && scopes.contains(scope);
        let Some((name, ..)) = options.iter().find(is_refused) else {
            return Ok(());
        };
        let target = quote(&self.target);
        let message = format!("{name} is for {known_to}, and {target} is {found}");
        Err(Error::new(Code::Refused, message).hint(hint))
    }
}

/// The entry that is asked for, and of which list.
pub(crate) struct Asked<'a> {
    index: Option<u64>,
    /// The uri that the list must have, if one was named.
    pub(crate) uri: Option<&'a str>,
}

impl Asked<'_> {
    /// The index to answer for, by the uri that a list says of itself. Another list's entry with
    /// this number is no answer.
    pub(crate) fn index_in(&self, own: Option<&str>) -> Option<u64> {
        let is_it = self.uri.is_none_or(|uri| own == Some(uri));
        self.index.filter(|_| is_it)
    }
}

impl Args {
    /// Finds out which entry is asked for. `found` is what TARGET is.
    pub(crate) fn asked(&self, found: &str) -> Result<Asked<'_>, Error> {
        let (named, index) = match &self.entry {
            None => (None, None),
            Some(EntryName::AtUri(uri, index)) => (Some(uri.as_str()), Some(*index)),
            Some(EntryName::Index(index)) => (None, Some(*index)),
            Some(other) => {
                return Err(Error::new(
                    Code::Refused,
                    format!("{found} does not know what '{other}' is"),
                )
                .hint("--entry INDEX or --entry URI#INDEX"));
            }
        };
        match (named, self.uri.as_deref()) {
            (Some(named), Some(uri)) if named != uri => Err(Error::new(
                Code::Refused,
                format!("--entry is of '{named}', but --uri is '{uri}'"),
            )
            .hint("one of the two is enough")),
            (named, uri) => Ok(Asked {
                index,
                uri: uri.or(named),
            }),
        }
    }

    /// Reads the document that says which keys the issuer has.
    pub(crate) fn did_document(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<ControllerDocument>, Error> {
        let Some(path) = &self.did_document else {
            return Ok(None);
        };
        let bytes = context.read_key(&KeySource::File(path.clone()))?;
        let document = ControllerDocument::parse(&bytes).map_err(|error| {
            let message = format!("cannot use the document in {}", quote(path));
            Error::new(Code::BadKey, message).because_of(&error)
        })?;
        Ok(Some(document))
    }
}

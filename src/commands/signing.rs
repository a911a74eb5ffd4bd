//! The key that tokens are signed with, read where the options say.

use std::ffi::OsString;

use super::certificates::KeyCertificates;
use super::options::SigningOptions;
use super::options::WaitOption;
use super::{Answer, Code, Context, Error};
use crate::commands::answer::exposure::warn_if_key_is_readable;
use crate::commands::options::CertificateOptions;
use crate::commands::options::KeySource;
use crate::list::Duration;
use crate::publish::secrets::{Kind, Secret};
use crate::sign::{Algorithm, KeyError, PrivateKey, Program, PublicKey, Signer};

/// How tokens are signed, and what they say of the key.
pub(crate) struct SigningKey {
    pub(crate) signer: Signer,
    pub(crate) named: NamedKey,
    /// What people should know of the place where the private key is.
    pub(crate) exposed: Option<String>,
}

/// A public key, and what tokens say of it.
pub(crate) struct NamedKey {
    pub(crate) public: PublicKey,
    pub(crate) id: String,
    pub(crate) certificates: Option<KeyCertificates>,
}

impl NamedKey {
    /// The `x5c` of tokens, if there are certificates.
    pub(crate) fn x5c(&self) -> Option<serde_json::Value> {
        self.certificates.as_ref().map(KeyCertificates::x5c)
    }

    /// The `x5chain` of tokens; empty without certificates.
    pub(crate) fn x5chain(&self) -> Vec<Vec<u8>> {
        let certificates = self.certificates.as_ref();
        certificates
            .map(KeyCertificates::x5chain)
            .unwrap_or_default()
    }

    /// Adds what people should know of the certificates in a token that is valid until a time.
    pub(crate) fn remark(&self, mut answer: Answer, expires_at: Option<i64>) -> Answer {
        if let Some(certificates) = &self.certificates {
            answer.notes.extend(certificates.note());
            answer.warnings.extend(certificates.warning(expires_at));
        }
        answer
    }
}

impl SigningOptions {
    /// Reads the private key; or the public one, where a command signs.
    pub(crate) fn signing_key(
        &self,
        context: &Context<'_>,
        wait: &WaitOption,
    ) -> Result<SigningKey, Error> {
        if let Some(command) = self.signer_command(context) {
            let named = self.named_key(context)?;
            let program = Program::new(command.to_owned(), named.public.clone())
                .without_variables(self.kept_back(context))
                .with_variable("STATUSLIST_ALG", named.public.algorithm().name().to_owned())
                .with_variable("STATUSLIST_KID", named.id.clone())
                .with_patience(wait.time());
            let signer = program.into();
            return Ok(SigningKey {
                signer,
                named,
                exposed: None,
            });
        }
        let source = self.key_source(context).ok_or_else(without_key)?;
        let bytes = context.read_key(&source)?;
        let key = PrivateKey::parse(&bytes).map_err(|error| bad_key(&source, &error))?;
        self.check_algorithm(&source, key.algorithm())?;
        let named = self.name(context, key.public().clone())?;
        let signer = key.into();
        let exposed = match &source {
            KeySource::File(path) => warn_if_key_is_readable(path),
            _ => None,
        };
        Ok(SigningKey {
            signer,
            named,
            exposed,
        })
    }

    /// Reads the public key of what signs elsewhere, and names it.
    pub(crate) fn named_key(&self, context: &Context<'_>) -> Result<NamedKey, Error> {
        self.name(context, self.public_key(context)?)
    }

    /// Refuses to complete a token that names its key otherwise than it was asked for.
    pub(crate) fn check_key_id(&self, prepared: &str) -> Result<(), Error> {
        match &self.kid {
            Some(wanted) if wanted != prepared => Err(Error::new(
                Code::Refused,
                "the prepared token names another key than --kid",
            )
            .hint("prepare it anew with this --kid, or leave --kid out")),
            _ => Ok(()),
        }
    }

    /// Reads the public key of what signs elsewhere.
    fn public_key(&self, context: &Context<'_>) -> Result<PublicKey, Error> {
        let source = self.key_source(context).ok_or_else(|| {
            Error::new(Code::Refused, "no public key was named")
                .because("every signature that is made elsewhere is checked")
                .hint("--key FILE, with the public half of the key that signs")
        })?;
        let bytes = context.read_key(&source)?;
        let key = PublicKey::parse(&bytes).map_err(|error| match &error {
            KeyError::PrivateGiven => bad_key(&source, &error).hint(
                "what signs elsewhere needs no private key here; its public half: openssl pkey -pubout",
            ),
            _ => bad_key(&source, &error),
        })?;
        self.check_algorithm(&source, key.algorithm())?;
        Ok(key)
    }

    /// The files with secrets that are named.
    pub(crate) fn secrets(&self, context: &Context<'_>) -> Vec<Secret> {
        let mut secrets = Vec::new();
        // Where a command signs, the key is the public one.
        if let (Some(KeySource::File(path)), None) =
            (self.key_source(context), self.signer_command(context))
        {
            secrets.push(Secret::new(&path, Kind::PrivateKey));
        }
        if let Some(path) = &context.settings.file {
            secrets.push(Secret::new(path, Kind::Settings));
        }
        secrets
    }

    /// Whether anything is said of a key: then it must be there and fit, even if nothing is to be
    /// signed, because whoever said it believes that it counts.
    pub(crate) fn names_key(&self, context: &Context<'_>) -> bool {
        let CertificateOptions { cert, eku } = &self.certificates;
        let settings = &context.settings;
        self.key_source(context).is_some()
            || self.signer_command(context).is_some()
            || self.algorithm.is_some()
            || self.kid.is_some()
            || cert.is_some()
            || settings.cert.is_some()
            || eku.is_some()
    }

    pub(crate) fn key_source(&self, context: &Context<'_>) -> Option<KeySource> {
        self.key.clone().or_else(|| context.settings.key.clone())
    }

    /// The command that signs, if one does; an empty one takes away what the settings file says.
    fn signer_command<'a>(&'a self, context: &'a Context<'_>) -> Option<&'a str> {
        self.signer_command
            .as_deref()
            .or(context.settings.signer_command.as_deref())
            .filter(|command| !command.is_empty())
    }

    /// The variables that a command that signs has no business with: settings of this program, and
    /// those that hold keys.
    fn kept_back(&self, context: &Context<'_>) -> Vec<OsString> {
        let sources = self.key.iter().chain(&context.settings.key);
        let keys = sources.filter_map(|source| match source {
            KeySource::Environment(name) => Some(OsString::from(name)),
            _ => None,
        });
        let own = context.own_variables.iter().cloned();
        own.chain(keys).collect()
    }

    fn name(&self, context: &Context<'_>, public: PublicKey) -> Result<NamedKey, Error> {
        let id = self
            .kid
            .clone()
            .or_else(|| context.settings.key_id.clone())
            .unwrap_or_else(|| public.key_id().to_owned());
        let certificates = self.certificates.of_key(&public, context)?;
        Ok(NamedKey {
            public,
            id,
            certificates,
        })
    }

    fn check_algorithm(&self, source: &KeySource, found: Algorithm) -> Result<(), Error> {
        match self.algorithm {
            Some(wanted) if wanted != found => Err(cannot_use(source).because(format!(
                "a key on {} signs with {found}, and --alg is {wanted}",
                found.curve()
            ))),
            _ => Ok(()),
        }
    }

    pub(crate) fn ttl(&self, context: &Context<'_>, stored: Duration) -> Duration {
        self.ttl.or(context.settings.ttl).unwrap_or(stored)
    }

    pub(crate) fn valid_for(&self, context: &Context<'_>, stored: Duration) -> Duration {
        self.valid_for
            .or(context.settings.valid_for)
            .unwrap_or(stored)
    }
}

/// Says that nobody named a key.
pub(crate) fn without_key() -> Error {
    Error::new(super::Code::Refused, "no signing key was named")
        .hint("--key FILE; to make one: statuslist keygen FILE")
}

pub(crate) fn bad_key(source: &KeySource, error: &KeyError) -> Error {
    cannot_use(source).because_of(error)
}

pub(crate) fn cannot_use(source: &KeySource) -> Error {
    Error::new(
        super::Code::BadKey,
        format!("cannot use the key in {source}"),
    )
}

//! The key that tokens are signed with, read where the options say.

use std::ffi::OsString;

use super::certificates;
use super::options::SigningOptions;
use super::options::WaitOption;
use super::{Answer, Code, Context, Error, Settings};
use crate::commands::answer::exposure::warn_if_key_is_readable;
use crate::commands::answer::lifetimes::no_time_for_renewal;
use crate::commands::answer::publishing::without_key;
use crate::commands::options::CertificateOptions;
use crate::commands::options::KeySource;
use crate::list::{Series, check_ttl};
use crate::publish::{Lifetimes, NamedKey, SecretFile, SecretKind, TokenSigner};
use crate::sign::{Algorithm, KeyError, PrivateKey, PublicKey, Signer, SignerCommand};
use crate::store::Snapshot;

/// The key that tokens are signed with, and what was found where it is.
pub(super) struct GivenKey {
    pub(super) key: TokenSigner,
    /// What people should know of the place where the private key is.
    pub(super) exposed: Option<String>,
}

/// Adds what people should know of a key's certificates in a token that is valid until a time.
pub(super) fn remark(mut answer: Answer, key: &NamedKey, expires_at: Option<i64>) -> Answer {
    if let Some(certificates) = &key.certificates {
        answer.notes.extend(certificates::note(certificates));
        answer
            .warnings
            .extend(certificates::warning(certificates, expires_at));
    }
    answer
}

impl SigningOptions {
    /// Reads the private key; or the public one, where a command signs.
    pub(super) fn signing_key(
        &self,
        context: &Context<'_>,
        wait: &WaitOption,
    ) -> Result<GivenKey, Error> {
        self.signing_key_of(&context.settings, context, wait)
    }

    /// The options that hold for every key.
    pub(super) fn of_named_key(&self) -> Self {
        Self {
            key: None,
            signer_command: None,
            kid: None,
            certificates: CertificateOptions {
                cert: None,
                eku: None,
            },
            ..self.clone()
        }
    }

    /// The same of settings that are those of one key.
    pub(super) fn signing_key_of(
        &self,
        settings: &Settings,
        context: &Context<'_>,
        wait: &WaitOption,
    ) -> Result<GivenKey, Error> {
        if let Some(command) = self.signer_command(settings) {
            let public = self.public_key(settings, context)?;
            let named = self.name(settings, context, public)?;
            let algorithm = named.public.algorithm().name().to_owned();
            let signer = Signer::Command(SignerCommand {
                command: command.to_owned(),
                environment: vec![
                    ("STATUSLIST_ALG", algorithm),
                    ("STATUSLIST_KID", named.id.clone()),
                ],
                kept_back: self.kept_back(context),
                patience: wait.time(),
                public: named.public.clone(),
            });
            return Ok(GivenKey {
                key: TokenSigner { signer, named },
                exposed: None,
            });
        }
        let source = self.source(settings).ok_or_else(without_key)?;
        let bytes = context.read_key(&source)?;
        let key = PrivateKey::parse(&bytes).map_err(|error| bad_key(&source, &error))?;
        self.check_algorithm(&source, key.algorithm())?;
        let named = self.name(settings, context, key.public().clone())?;
        let signer = key.into();
        let exposed = match &source {
            KeySource::File(path) => warn_if_key_is_readable(path),
            _ => None,
        };
        let key = TokenSigner { signer, named };
        Ok(GivenKey { key, exposed })
    }

    /// Reads the public key of what signs elsewhere, and names it.
    pub(super) fn named_key(&self, context: &Context<'_>) -> Result<NamedKey, Error> {
        self.named_key_of(&context.settings, context)
    }

    /// The same of settings that are those of one key.
    pub(super) fn named_key_of(
        &self,
        settings: &Settings,
        context: &Context<'_>,
    ) -> Result<NamedKey, Error> {
        let public = self.public_key(settings, context)?;
        self.name(settings, context, public)
    }

    /// Reads the public half of a key that is to sign later.
    pub(super) fn announced_key(
        &self,
        settings: &Settings,
        context: &Context<'_>,
    ) -> Result<NamedKey, Error> {
        let source = self.source(settings).ok_or_else(without_key)?;
        let bytes = context.read_key(&source)?;
        let public = match PublicKey::parse(&bytes) {
            Err(KeyError::PrivateGiven) => {
                let private =
                    PrivateKey::parse(&bytes).map_err(|error| bad_key(&source, &error))?;
                private.public().clone()
            }
            public => public.map_err(|error| bad_key(&source, &error))?,
        };
        let id = settings.key_id.clone();
        Ok(NamedKey {
            id: id.unwrap_or_else(|| public.key_id().to_owned()),
            public,
            certificates: None,
        })
    }

    /// Refuses to complete a token that names its key otherwise than it was asked for.
    pub(super) fn check_key_id(&self, prepared: &str) -> Result<(), Error> {
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
    fn public_key(&self, settings: &Settings, context: &Context<'_>) -> Result<PublicKey, Error> {
        let source = self.source(settings).ok_or_else(|| {
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
    pub(super) fn secrets(&self, context: &Context<'_>) -> Vec<SecretFile> {
        let mut secrets = Vec::new();
        // Where a command signs, the key is the public one.
        let settings = &context.settings;
        if let (Some(KeySource::File(path)), None) =
            (self.source(settings), self.signer_command(settings))
        {
            secrets.push(SecretFile::new(&path, SecretKind::PrivateKey));
        }
        for named in &settings.named_keys {
            if let (Some(KeySource::File(path)), None) = (&named.key, &named.signer_command) {
                secrets.push(SecretFile::new(path, SecretKind::PrivateKey));
            }
        }
        if let Some(path) = &context.settings.file {
            secrets.push(SecretFile::new(path, SecretKind::Settings));
        }
        secrets
    }

    /// Whether anything is said of a key: then it must be there and fit, even if nothing is to be
    /// signed, because whoever said it believes that it counts.
    pub(super) fn names_key(&self, context: &Context<'_>) -> bool {
        let CertificateOptions { cert, eku } = &self.certificates;
        let settings = &context.settings;
        self.key_source(context).is_some()
            || self.signer_command(settings).is_some()
            || self.algorithm.is_some()
            || self.kid.is_some()
            || cert.is_some()
            || settings.cert.is_some()
            || eku.is_some()
    }

    pub(super) fn key_source(&self, context: &Context<'_>) -> Option<KeySource> {
        self.source(&context.settings)
    }

    fn source(&self, settings: &Settings) -> Option<KeySource> {
        self.key.clone().or_else(|| settings.key.clone())
    }

    /// The command that signs, if one does; an empty one takes away what the settings file says.
    fn signer_command<'a>(&'a self, settings: &'a Settings) -> Option<&'a str> {
        self.signer_command
            .as_deref()
            .or(settings.signer_command.as_deref())
            .filter(|command| !command.is_empty())
    }

    /// The variables that a command that signs has no business with: settings of this program, and
    /// those that hold keys.
    pub(super) fn kept_back(&self, context: &Context<'_>) -> Vec<OsString> {
        let mut all = context.kept_back();
        if let Some(KeySource::Environment(name)) = &self.key {
            all.push(OsString::from(name));
        }
        all
    }

    fn name(
        &self,
        settings: &Settings,
        context: &Context<'_>,
        public: PublicKey,
    ) -> Result<NamedKey, Error> {
        let id = self
            .kid
            .clone()
            .or_else(|| settings.key_id.clone())
            .unwrap_or_else(|| public.key_id().to_owned());
        let certificates = self.certificates.of_key(&public, settings, context)?;
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
                found.key_name()
            ))),
            _ => Ok(()),
        }
    }

    /// How long tokens are valid and may be kept: options first, then the settings file, then the
    /// list file.
    pub(super) fn lifetimes(
        &self,
        context: &Context<'_>,
        snapshot: &Snapshot<'_>,
    ) -> Result<Lifetimes, Error> {
        let (settings, series) = (&context.settings, snapshot.series());
        let valid_for = self.valid_for.or(settings.valid_for);
        let lifetimes = Lifetimes {
            ttl: self.ttl.or(settings.ttl).unwrap_or(series.ttl),
            valid_for: valid_for.unwrap_or(series.valid_for),
        };
        check_ttl(lifetimes.ttl, lifetimes.valid_for)?;
        Ok(lifetimes)
    }
}

/// Warns of lifetimes that leave no time for renewal, unless the list file says the same: then who
/// made or configured it was told.
pub(super) fn haste(lifetimes: &Lifetimes, series: &Series) -> Option<String> {
    let Lifetimes { ttl, valid_for } = *lifetimes;
    let differs = ttl != series.ttl || valid_for != series.valid_for;
    differs.then(|| no_time_for_renewal(ttl, valid_for))?
}

pub(super) fn bad_key(source: &KeySource, error: &KeyError) -> Error {
    cannot_use(source).because_of(error)
}

pub(super) fn cannot_use(source: &KeySource) -> Error {
    Error::new(
        super::Code::BadKey,
        format!("cannot use the key in {source}"),
    )
}

//! Why somebody was not told.

use std::process::ExitStatus;
use std::time::Duration;

use thiserror::Error;

use super::secret::SecretFault;
use crate::net::NetError;
use crate::store::StoreError;

/// Says why somebody was not told; no variant has the url or the secret.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    /// There is no answer, or no end of it.
    #[error("it took longer than {} s", .0.as_secs_f64())]
    TimedOut(Duration),

    /// All the time went to others, or to what was told before.
    #[error("the time for all was up")]
    TimeUp,

    /// Nobody answers under the name, or at the address.
    #[error("no connection: {0}")]
    Unreachable(String),

    /// The certificate, or the answer, is not as the protocols have it.
    #[error("its answer cannot be read: {0}")]
    Protocol(String),

    /// The answer is too long to be one.
    #[error("its answer has more than {0} bytes")]
    TooLarge(u64),

    /// It sends what it should take elsewhere.
    #[error("it answered {0}, a redirect, and none is followed")]
    Redirects(u16),

    /// It wants to hear no more.
    #[error("it answered 410: it asks to be taken out of the settings")]
    Gone,

    /// It did not take it.
    #[error("it answered {0}")]
    Status(u16),

    /// There is nothing to sign with.
    #[error(transparent)]
    Secret(#[from] SecretFault),

    /// The command cannot be started or waited for.
    #[error("it cannot be run: {0}")]
    Run(std::io::Error),

    /// The command says that it failed.
    #[error("it failed: {0}")]
    Failed(ExitStatus),

    /// What there is to tell cannot be read, or what was told not recorded.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    /// Takes what went wrong on the net, without the url.
    pub(super) fn of(error: NetError, patience: Duration) -> Self {
        match error {
            NetError::TimedOut { .. } => Self::TimedOut(patience),
            NetError::Unreachable { source, .. } => Self::Unreachable(source.to_string()),
            NetError::TooLarge { limit, .. } => Self::TooLarge(limit),
            NetError::Protocol { source, .. } => Self::Protocol(source.to_string()),
            // No redirect is followed, and the url was read with the settings.
            NetError::Url(_)
            | NetError::RedirectElsewhere { .. }
            | NetError::TooManyRedirects { .. }
            | NetError::RedirectNowhere(_) => Self::Protocol("its url".to_owned()),
        }
    }
}

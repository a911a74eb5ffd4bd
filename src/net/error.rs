//! Why there is no answer.

use std::time::Duration;

use thiserror::Error;

use crate::wire::shell::quote;

/// Says why nothing was fetched from a url; its variants say what is wrong as data.
#[derive(Debug, Error)]
pub(crate) enum NetError {
    /// Not `http://` or `https://` with a host.
    #[error("{} is no http or https url", quote(.0))]
    Url(String),

    /// Nobody answers under the name, or at the address.
    #[error("no connection to {}", quote(url))]
    Unreachable {
        url: String,
        source: Box<ureq::Error>,
    },

    /// The whole exchange took longer than it may.
    #[error("{} took longer than {} s", quote(url), patience.as_secs_f64())]
    TimedOut { url: String, patience: Duration },

    /// The body has more bytes than are read.
    #[error("{} has more than {limit} bytes", quote(url))]
    TooLarge { url: String, limit: u64 },

    /// The host sends its readers elsewhere.
    #[error("{} redirects to another host: {}", quote(url), quote(to))]
    RedirectElsewhere { url: String, to: String },

    /// From one redirect to the next.
    #[error("{} redirects more than {most} times", quote(url))]
    TooManyRedirects { url: String, most: usize },

    /// A redirect that says nowhere.
    #[error("{} redirects without saying where", quote(.0))]
    RedirectNowhere(String),

    /// The certificate, or the answer, is not as the protocols have it.
    #[error("the answer of {} cannot be read", quote(url))]
    Protocol {
        url: String,
        source: Box<ureq::Error>,
    },
}

impl NetError {
    /// Tells apart what kept an answer from coming.
    pub(super) fn of(url: &str, patience: Duration, source: ureq::Error) -> Self {
        let url = url.to_owned();
        match source {
            ureq::Error::Timeout(_) => Self::TimedOut { url, patience },
            ureq::Error::Io(ref error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock
                ) =>
            {
                Self::TimedOut { url, patience }
            }
            ureq::Error::BodyExceedsLimit(limit) => Self::TooLarge { url, limit },
            ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => Self::Unreachable {
                url,
                source: Box::new(source),
            },
            ureq::Error::Io(ref error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                Self::Unreachable {
                    url,
                    source: Box::new(source),
                }
            }
            source => Self::Protocol {
                url,
                source: Box::new(source),
            },
        }
    }
}

//! What is wrong with how a host serves a file.

use crate::list::Timestamp;
use crate::net::NetError;

use super::Level;

/// What is wrong with how a host serves a file, or worth knowing of it.
#[derive(Debug)]
pub(crate) enum HostFault {
    /// No answer came that could be read within the bounds.
    NoAnswer(NetError),
    /// The time for all uris was over before this one was asked for.
    NotAsked,
    /// The host says that there is no such file.
    Absent(u16),
    /// It answers with another status than 200.
    Status(u16),
    /// Anybody on the way can read and change what it sends.
    NotHttps,
    /// The type is missing, or another one than readers expect.
    ContentType {
        found: Option<String>,
        expected: String,
    },
    /// Scripts of other origins may not read it.
    NoCors(Option<String>),
    /// Nothing says how long caches keep it, so that each does as it likes.
    NoMaxAge(Option<String>),
    /// Caches keep it for longer than it may be relied on.
    CachedTooLong { seconds: u64, most: u64 },
    /// It is encoded although nobody asked for that.
    Encoded(String),
    /// Who accepts gzip gets another status.
    GzipStatus(u16),
    /// Who accepts gzip gets an encoding that he did not name.
    GzipEncoded(String),
    /// What should be gzip cannot be read as such within the bounds.
    GzipUnreadable(String),
    /// Who accepts gzip gets another file.
    GzipDiffers,
    /// It answers, but not at the uri itself.
    Redirected(Vec<String>),
    /// Its clock and ours differ.
    Clock { host: Timestamp, ours: Timestamp },
}

impl HostFault {
    pub(crate) const fn level(&self) -> Level {
        match self {
            Self::Redirected(_) | Self::Clock { .. } => Level::Fine,
            _ => Level::Fault,
        }
    }

    /// Whether nobody knows what the host has there. That it has nothing is known of one that says
    /// so.
    pub(super) const fn hides_the_file(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::NotAsked | Self::Status(_))
    }

    /// The name for programs.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::NoAnswer(NetError::TimedOut { .. }) => "timed-out",
            Self::NoAnswer(NetError::TooLarge { .. }) => "too-large",
            Self::NoAnswer(NetError::RedirectElsewhere { .. }) => "redirected-elsewhere",
            Self::NoAnswer(NetError::TooManyRedirects { .. }) => "redirected-in-circles",
            Self::NoAnswer(_) => "unreachable",
            Self::NotAsked => "not-asked",
            Self::Absent(_) => "absent",
            Self::Status(_) => "status",
            Self::NotHttps => "not-https",
            Self::ContentType { .. } => "content-type",
            Self::NoCors(_) => "no-cors",
            Self::NoMaxAge(_) => "no-max-age",
            Self::CachedTooLong { .. } => "cached-too-long",
            Self::Encoded(_) => "encoded-unasked",
            Self::GzipStatus(_) | Self::GzipEncoded(_) | Self::GzipUnreadable(_) => "gzip-broken",
            Self::GzipDiffers => "gzip-differs",
            Self::Redirected(_) => "redirected",
            Self::Clock { .. } => "clock",
        }
    }
}

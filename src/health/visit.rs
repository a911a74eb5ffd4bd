//! Asking a host for a file as its readers do: once as it is, and once with gzip allowed.

use std::io::Read;
use std::time::{Duration, Instant};

use flate2::read::MultiGzDecoder;

use super::HostFault;
use crate::net::{Client, NetError, Request, Response};

/// An origin that no page has: hosts that answer only to some origins are told from those that
/// answer to all.
pub(super) const ORIGIN: &str = "https://verifier.example";

/// How long hosts may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// One uri.
    pub(crate) each: Duration,
    /// All of them together end here.
    pub(crate) until: Instant,
}

/// One file that a host is asked for.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    pub(super) client: &'a Client,
    pub(super) url: &'a str,
    /// What readers say that they accept.
    pub(super) accept: &'a str,
    /// The most bytes of a body.
    pub(super) limit: u64,
    pub(super) patience: Patience,
}

/// What a host answered.
pub(super) struct Visited {
    pub(super) response: Response,
    /// How long the first answer took.
    pub(super) took: Duration,
    /// Whether it compresses where that is asked for.
    pub(super) gzip: Result<Gzip, HostFault>,
}

/// Whether a host compresses where that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gzip {
    Offered,
    NotOffered,
}

impl Visit<'_> {
    /// Asks for the file.
    ///
    /// # Errors
    /// There is no answer to judge.
    pub(super) fn pay(&self) -> Result<Visited, HostFault> {
        let end = self.patience.until.min(Instant::now() + self.patience.each);
        let begun = Instant::now();
        if end <= begun {
            return Err(HostFault::NotAsked);
        }
        let response = self.get(&[], end).map_err(HostFault::NoAnswer)?;
        let took = begun.elapsed();
        if response.is_absent() {
            return Err(HostFault::Absent(response.status));
        }
        if !response.is_ok() {
            return Err(HostFault::Status(response.status));
        }
        let gzip = match self.gzipped(&response.body, end) {
            // It may have been published anew between the two.
            Err(HostFault::GzipDiffers) => {
                let again = self.get(&[], end).map_err(HostFault::NoAnswer)?;
                self.gzipped(&again.body, end)
            }
            gzip => gzip,
        };
        Ok(Visited {
            response,
            took,
            gzip,
        })
    }

    /// Asks again, with gzip allowed, for what has these bytes.
    fn gzipped(&self, plain: &[u8], end: Instant) -> Result<Gzip, HostFault> {
        let allowed = [("accept-encoding", "gzip")];
        let response = self.get(&allowed, end).map_err(HostFault::NoAnswer)?;
        if !response.is_ok() {
            return Err(HostFault::GzipStatus(response.status));
        }
        let (body, gzip) = match encoding(&response) {
            None => (response.body, Gzip::NotOffered),
            Some("gzip" | "x-gzip") => {
                let inflated = gunzipped(&response.body, plain.len() as u64);
                let inflated =
                    inflated.map_err(|error| HostFault::GzipUnreadable(error.to_string()))?;
                (inflated, Gzip::Offered)
            }
            Some(other) => return Err(HostFault::GzipEncoded(other.to_owned())),
        };
        if body == plain {
            Ok(gzip)
        } else {
            Err(HostFault::GzipDiffers)
        }
    }

    fn get(&self, more: &[(&str, &str)], end: Instant) -> Result<Response, NetError> {
        let mut headers = vec![("accept", self.accept), ("origin", ORIGIN)];
        headers.extend(more);
        self.client.get(&Request {
            url: self.url,
            headers: &headers,
            limit: self.limit,
            patience: end.saturating_duration_since(Instant::now()),
        })
    }
}

/// How a body is encoded, if it is.
pub(super) fn encoding(response: &Response) -> Option<&str> {
    let encoding = response.header("content-encoding")?.trim();
    let is_none = encoding.is_empty() || encoding.eq_ignore_ascii_case("identity");
    (!is_none).then_some(encoding)
}

/// Inflates what is expected to have so many bytes; of one that has more, one byte more.
fn gunzipped(stream: &[u8], expected: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let decoder = MultiGzDecoder::new(stream);
    decoder.take(expected + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

//! The client.

use std::io::Read;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use ureq::http::{Response as HttpResponse, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::{NetError, Response};

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 5;

/// Asks hosts. One client keeps its connections; it trusts the certificates that the system trusts
/// (`SSL_CERT_FILE` names others), and goes through the proxy of `HTTPS_PROXY` and its like.
pub(crate) struct Client {
    agent: Agent,
}

/// What is asked for, and what it may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) url: &'a str,
    /// Beside those that every request has.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// The most bytes of a body.
    pub(crate) limit: u64,
    /// The time for all of it, redirects included.
    pub(crate) patience: Duration,
}

impl Client {
    pub(crate) fn new() -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("statuslist/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: config.new_agent(),
        }
    }

    /// Fetches what is at a url.
    ///
    /// # Errors
    /// There is no answer that can be read within the bounds. A status such as 404 is an answer.
    pub(crate) fn get(&self, request: &Request<'_>) -> Result<Response, NetError> {
        let end = Instant::now() + request.patience;
        let mut redirects = Vec::new();
        let mut url = request.url.to_owned();
        loop {
            let uri = parse(&url)?;
            let mut call = self.agent.get(uri.clone());
            for (name, value) in request.headers {
                call = call.header(*name, *value);
            }
            let left = end.saturating_duration_since(Instant::now());
            let call = call.config().timeout_global(Some(left)).build().call();
            let answer = call.map_err(|error| NetError::of(&url, request.patience, error))?;
            let response = read(&url, answer, request)?;
            if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
                return Ok(Response {
                    redirects,
                    ..response
                });
            }
            let next = redirected(&uri, &response)?;
            redirects.push(url);
            if redirects.len() > MOST_REDIRECTS {
                let url = request.url.to_owned();
                let most = MOST_REDIRECTS;
                return Err(NetError::TooManyRedirects { url, most });
            }
            url = next;
        }
    }

    /// Sends a body to a url. Redirects are not followed: they are the answer.
    ///
    /// # Errors
    /// There is no answer that can be read within the bounds.
    pub(crate) fn post(&self, request: &Request<'_>, body: &[u8]) -> Result<Response, NetError> {
        let mut call = self.agent.post(parse(request.url)?);
        for (name, value) in request.headers {
            call = call.header(*name, *value);
        }
        let timed = call.config().timeout_global(Some(request.patience)).build();
        let answer = timed.send(body);
        let answer = answer.map_err(|error| NetError::of(request.url, request.patience, error))?;
        read(request.url, answer, request)
    }
}

/// What a url says of where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination {
    /// Scheme, host and port, without anything that may be secret.
    pub(crate) origin: String,
    pub(crate) encrypted: bool,
    pub(crate) loopback: bool,
    /// Whether it names a user.
    pub(crate) user: bool,
}

/// Says where a url leads; nothing if it is no http or https url.
pub(crate) fn destination(url: &str) -> Option<Destination> {
    let uri: Uri = url.parse().ok()?;
    let scheme = uri
        .scheme_str()
        .filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let authority = uri.authority()?.as_str();
    let (user, host) = match authority.rsplit_once('@') {
        Some((_, host)) => (true, host),
        None => (false, authority),
    };
    (!host.is_empty()).then(|| Destination {
        origin: format!("{scheme}://{host}"),
        encrypted: scheme == "https",
        loopback: is_loopback(url),
        user,
    })
}

/// Whether a url is one of this very machine.
pub(crate) fn is_loopback(url: &str) -> bool {
    let Ok(uri) = parse(url) else { return false };
    let host = uri.host().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

fn parse(url: &str) -> Result<Uri, NetError> {
    let wrong = || NetError::Url(url.to_owned());
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
    let has_host = uri.host().is_some_and(|host| !host.is_empty());
    let has_user = uri
        .authority()
        .is_some_and(|all| all.as_str().contains('@'));
    if is_http && has_host && !has_user {
        Ok(uri)
    } else {
        Err(wrong())
    }
}

fn read(
    url: &str,
    mut answer: HttpResponse<Body>,
    request: &Request<'_>,
) -> Result<Response, NetError> {
    let headers = answer.headers().iter();
    let headers = headers.filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    let headers = headers.collect();
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    // One byte more than may come tells a body of that length from a longer one.
    let mut reader = answer
        .body_mut()
        .with_config()
        .limit(u64::MAX)
        .reader()
        .take(request.limit.saturating_add(1));
    reader
        .read_to_end(&mut body)
        .map_err(|error| NetError::of(url, request.patience, ureq::Error::from(error)))?;
    if body.len() as u64 > request.limit {
        return Err(NetError::TooLarge {
            url: url.to_owned(),
            limit: request.limit,
        });
    }
    Ok(Response {
        url: url.to_owned(),
        redirects: Vec::new(),
        status,
        headers,
        body,
    })
}

/// Where a redirect leads, if that is on the same host; from `http` to `https` on its usual port is
/// not another.
fn redirected(from: &Uri, response: &Response) -> Result<String, NetError> {
    let url = response.url.clone();
    let location = response.header("location");
    let location = location.ok_or_else(|| NetError::RedirectNowhere(url.clone()))?;
    let next = resolve(from, location);
    let to = parse(&next)?;
    let same_host = to.host() == from.host();
    let same_port = to.port_u16() == from.port_u16();
    let same_scheme = to.scheme() == from.scheme();
    let upgraded = from.scheme_str() == Some("http") && to.scheme_str() == Some("https");
    if same_host && same_port && (same_scheme || upgraded) {
        Ok(next)
    } else {
        Err(NetError::RedirectElsewhere { url, to: next })
    }
}

/// A reference, read from a url (RFC 3986, section 5.2, without dot segments, which no host needs
/// to send).
fn resolve(from: &Uri, location: &str) -> String {
    let scheme = from.scheme_str().unwrap_or("https");
    let authority = from.authority().map_or("", |authority| authority.as_str());
    if location.starts_with("http://") || location.starts_with("https://") {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else {
        let folder = from
            .path()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{location}")
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;

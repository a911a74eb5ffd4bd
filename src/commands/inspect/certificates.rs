//! What `inspect` shows of the certificates that a token brings.

use std::fmt;

use serde::Serialize;

use crate::list::Timestamp;
use crate::sign::{Certificate, CertificateChain, Oid};
use crate::wire::text::escaped;

/// The certificates that a token brings.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Certificates {
    trusted: bool,
    /// The trust anchor that they lead to.
    anchor: Option<String>,
    /// The leaf first.
    chain: Vec<CertificateShown>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateShown {
    subject: String,
    issuer: String,
    serial: String,
    not_before: Timestamp,
    not_after: Timestamp,
    names: Vec<String>,
    purposes: Vec<String>,
}

impl Certificates {
    pub(crate) fn of(chain: &CertificateChain, anchor: Option<String>) -> Self {
        Self {
            trusted: anchor.is_some(),
            anchor,
            chain: chain
                .certificates()
                .iter()
                .map(CertificateShown::of)
                .collect(),
        }
    }
}

impl CertificateShown {
    fn of(certificate: &Certificate) -> Self {
        let validity = certificate.validity();
        Self {
            subject: certificate.subject(),
            issuer: certificate.issuer(),
            serial: certificate.serial(),
            not_before: Timestamp::from_second(validity.not_before),
            not_after: Timestamp::from_second(validity.not_after),
            names: certificate.names.clone(),
            purposes: certificate.purposes.iter().map(Oid::to_string).collect(),
        }
    }
}

impl fmt::Display for Certificates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((leaf, issuers)) = self.chain.split_first() else {
            return Ok(());
        };
        writeln!(formatter, "certified:  {}", escaped(&leaf.subject))?;
        writeln!(
            formatter,
            "  in force: {} to {}",
            leaf.not_before, leaf.not_after
        )?;
        for (label, texts) in [("names:", &leaf.names), ("purposes:", &leaf.purposes)] {
            if !texts.is_empty() {
                writeln!(formatter, "  {label:<9} {}", escaped(&texts.join(", ")))?;
            }
        }
        for issuer in issuers {
            writeln!(formatter, "  issuer:   {}", escaped(&issuer.subject))?;
        }
        match &self.anchor {
            Some(anchor) => writeln!(formatter, "  anchor:   {}", escaped(anchor)),
            None => writeln!(formatter, "  anchor:   none: not trusted"),
        }
    }
}

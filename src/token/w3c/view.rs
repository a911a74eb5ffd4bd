//! A W3C view of a series: its bits, its credential, and the entries that point to it.

use serde_json::{Value, json};

use super::messages::status_messages;
use super::{Bitstring, DataModel, ListFormat, StatusSize, encode_list};
use crate::list::{BitOrder, Proof, Purpose, Series, Shows, Timestamp, View};
use crate::token::{Claims, StatusList};
use crate::wire::json::object;

/// The context that defines the terms of an embedded proof, where the first context does not.
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

/// A view of a series that is published as a W3C credential.
#[derive(Clone, Copy, Debug)]
pub struct CredentialView<'a> {
    series: &'a Series,
    view: View,
    format: ListFormat,
}

impl<'a> CredentialView<'a> {
    /// Takes a view of a series, and the format that it has.
    pub(crate) const fn new(series: &'a Series, view: View, format: ListFormat) -> Self {
        Self {
            series,
            view,
            format,
        }
    }

    /// The format.
    #[must_use]
    pub const fn format(self) -> ListFormat {
        self.format
    }

    /// Which bit of a byte is the first one.
    #[must_use]
    pub fn bit_order(self) -> BitOrder {
        match self.format {
            ListFormat::Bitstring => BitOrder::Msb,
            ListFormat::StatusList2021 | ListFormat::RevocationList2020 => {
                self.series.credentials.bit_order
            }
        }
    }

    /// Whether an entry has its whole value there, and not one bit.
    #[must_use]
    pub const fn holds_values(self) -> bool {
        matches!(self.view.row().shows, Shows::Values)
    }

    /// The bits that the view shows of the entries of a list, padded to the minimum.
    #[must_use]
    pub fn bits(self, list: &StatusList) -> Bitstring {
        let default = self.series.register().default_status;
        if self.holds_values() {
            Bitstring::values(list, default)
        } else {
            let shows = |status| self.series.shows(self.view, status);
            Bitstring::flags(list, default, shows, self.bit_order())
        }
    }

    /// Writes the credential, unsigned, with its members in a fixed order: the same input gives the
    /// same text.
    ///
    /// `proof` is how it will be secured: a proof within it may need a context of its own.
    ///
    /// Source: Bitstring Status List v1.0, section 2.2; `StatusList2021` (draft of 2023-04-27),
    /// section 2.2; `RevocationList2020`. The dates of the older two are those of VCDM 1.1,
    /// sections 4.6 and 4.8, which their examples do not have.
    #[must_use]
    pub fn credential(self, claims: &Claims, proof: Proof) -> Value {
        let model = self.format.data_model();
        let mut contexts = self.format.contexts().to_vec();
        if proof.is_embedded() && model == DataModel::V1 {
            contexts.push(DATA_INTEGRITY);
        }
        let types = json!(["VerifiableCredential", self.format.credential_type()]);
        object([
            ("@context", Some(contexts.into())),
            ("id", Some(claims.subject.clone().into())),
            ("type", Some(types)),
            ("issuer", Some(self.issuer(claims).into())),
            (model.valid_from(), Some(date(claims.issued_at))),
            (model.valid_until(), claims.expires_at.map(date)),
            ("credentialSubject", Some(self.subject(claims))),
        ])
    }

    /// Who issues: what the claims say, else what the series says.
    pub(super) fn issuer(self, claims: &Claims) -> String {
        let issuer = claims.issuer.as_ref();
        issuer.unwrap_or(&self.series.issuer).clone()
    }

    /// The list itself.
    fn subject(self, claims: &Claims) -> Value {
        let bits = self.bits(&claims.list);
        let encoded = encode_list(self.format, &bits.bytes);
        let ttl = claims
            .time_to_live
            .filter(|_| self.format == ListFormat::Bitstring)
            .map(|seconds| seconds.get().saturating_mul(1000));
        let size = self.holds_values().then_some(bits.size);
        object([
            ("id", Some(format!("{}#list", claims.subject).into())),
            ("type", Some(self.format.subject_type().into())),
            ("statusPurpose", self.status_purpose().map(Value::from)),
            ("ttl", ttl.map(Value::from)),
            ("encodedList", Some(encoded.into())),
            ("statusSize", size.map(|size| size.bits().into())),
            ("statusMessages", size.map(|size| self.messages(size))),
        ])
    }

    /// Writes the entry (`credentialStatus`) that points a credential to its place in a list.
    ///
    /// The id is the uri of the list with the index behind `#`: it must not be the uri itself.
    ///
    /// Source: Bitstring Status List v1.0, section 2.1; `StatusList2021` (draft of 2023-04-27),
    /// section 2.1; `RevocationList2020`.
    #[must_use]
    pub fn status_entry(self, uri: &str, index: u64) -> Value {
        let (index_member, list_member) = match self.format {
            ListFormat::Bitstring | ListFormat::StatusList2021 => {
                ("statusListIndex", "statusListCredential")
            }
            ListFormat::RevocationList2020 => ("revocationListIndex", "revocationListCredential"),
        };
        let size = StatusSize::from(self.series.register().width);
        let size = self.holds_values().then_some(size);
        // One bit is what an entry without a size has.
        let stated = size.filter(|size| *size != StatusSize::ONE);
        object([
            ("id", Some(format!("{uri}#{index}").into())),
            ("type", Some(self.format.entry_type().into())),
            ("statusPurpose", self.status_purpose().map(Value::from)),
            // A string, though it is a number: the type is part of what is signed.
            (index_member, Some(index.to_string().into())),
            (list_member, Some(uri.into())),
            ("statusSize", stated.map(|size| size.bits().into())),
            ("statusMessage", size.map(|size| self.messages(size))),
        ])
    }

    fn messages(self, size: StatusSize) -> Value {
        status_messages(&self.series.credentials.messages, size)
    }

    /// The `statusPurpose`, which a `RevocationList2020` does not have.
    #[must_use]
    pub fn status_purpose(self) -> Option<&'static str> {
        match self.format {
            ListFormat::Bitstring | ListFormat::StatusList2021 => {
                self.view.purpose().map(Purpose::name)
            }
            ListFormat::RevocationList2020 => None,
        }
    }
}

fn date(second: i64) -> Value {
    Timestamp::from_second(second).to_string().into()
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(super) use tests::{claims, credential_view, series};

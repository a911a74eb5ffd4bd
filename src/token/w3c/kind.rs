//! The kinds of W3C lists, and the terms that each has.

use std::fmt;

use super::{BitOrder, Bitstring, StatusMessages};
use crate::list::Status;
use crate::token::StatusList;

/// A W3C specification of status lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Bitstring Status List v1.0.
    Bitstring,
    /// `StatusList2021` (Status List v2021).
    StatusList2021,
    /// `RevocationList2020`.
    RevocationList2020,
}

/// A version of the Verifiable Credentials Data Model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataModel {
    /// Version 1.1, with `issuanceDate` and `expirationDate`.
    V1,
    /// Version 2.0, with `validFrom` and `validUntil`.
    V2,
}

/// One W3C list: its format, and what its bits mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind<'a> {
    /// A Bitstring Status List.
    Bitstring(Purpose<'a>),
    /// A `StatusList2021`.
    StatusList2021 {
        /// What the bits mean.
        purpose: Purpose2021<'a>,
        /// Which bit of a byte comes first; the standard demands the most significant one.
        order: BitOrder,
    },
    /// A `RevocationList2020`: bits are set where the status is `invalid`.
    RevocationList2020 {
        /// Which bit of a byte comes first; nothing states it.
        order: BitOrder,
    },
}

/// What the entries of a Bitstring Status List mean (`statusPurpose`).
///
/// Source: Bitstring Status List v1.0, section 2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// 1 where the status is `invalid`, for ever.
    Revocation,
    /// 1 where the status is one of these, for a time; usually `suspended` alone.
    Suspension(&'a [Status]),
    /// 1 where the status is 1: a new credential is available, and this one stays valid.
    Refresh,
    /// The whole value, with a message for each.
    Message(&'a StatusMessages),
}

/// What the entries of a `StatusList2021` mean (`statusPurpose`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose2021<'a> {
    /// 1 where the status is `invalid`, for ever.
    Revocation,
    /// 1 where the status is one of these, for a time; usually `suspended` alone.
    Suspension(&'a [Status]),
}

impl Format {
    /// Every format, newest first.
    pub const ALL: [Self; 3] = [
        Self::Bitstring,
        Self::StatusList2021,
        Self::RevocationList2020,
    ];

    /// The `type` of the credential that is the list, beside `VerifiableCredential`.
    #[must_use]
    pub const fn credential_type(self) -> &'static str {
        match self {
            Self::Bitstring => "BitstringStatusListCredential",
            Self::StatusList2021 => "StatusList2021Credential",
            Self::RevocationList2020 => "RevocationList2020Credential",
        }
    }

    /// The `type` of its `credentialSubject`.
    #[must_use]
    pub const fn subject_type(self) -> &'static str {
        match self {
            Self::Bitstring => "BitstringStatusList",
            Self::StatusList2021 => "StatusList2021",
            Self::RevocationList2020 => "RevocationList2020",
        }
    }

    /// The `type` of the entry in a credential whose status is in the list.
    #[must_use]
    pub const fn entry_type(self) -> &'static str {
        match self {
            Self::Bitstring => "BitstringStatusListEntry",
            Self::StatusList2021 => "StatusList2021Entry",
            Self::RevocationList2020 => "RevocationList2020Status",
        }
    }

    /// The data model that the credential follows.
    #[must_use]
    pub const fn data_model(self) -> DataModel {
        match self {
            Self::Bitstring => DataModel::V2,
            Self::StatusList2021 | Self::RevocationList2020 => DataModel::V1,
        }
    }

    /// The JSON-LD contexts of the credential, without those of a proof.
    #[must_use]
    pub const fn contexts(self) -> &'static [&'static str] {
        match self {
            Self::Bitstring => const { &[DataModel::V2.context()] },
            Self::StatusList2021 => {
                const {
                    &[
                        DataModel::V1.context(),
                        "https://w3id.org/vc/status-list/2021/v1",
                    ]
                }
            }
            Self::RevocationList2020 => {
                const {
                    &[
                        DataModel::V1.context(),
                        "https://w3id.org/vc-revocation-list-2020/v1",
                    ]
                }
            }
        }
    }

    /// The character in front of the encoded list: that of multibase, or none.
    ///
    /// Source: Bitstring Status List v1.0, section 2.2; the older formats know no multibase.
    #[must_use]
    pub const fn multibase_prefix(self) -> &'static str {
        match self {
            Self::Bitstring => "u",
            Self::StatusList2021 | Self::RevocationList2020 => "",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.subject_type())
    }
}

impl DataModel {
    /// The JSON-LD context that comes first in its credentials.
    #[must_use]
    pub const fn context(self) -> &'static str {
        match self {
            Self::V1 => "https://www.w3.org/2018/credentials/v1",
            Self::V2 => "https://www.w3.org/ns/credentials/v2",
        }
    }

    /// The member with the time from which on a credential is valid.
    #[must_use]
    pub const fn valid_from(self) -> &'static str {
        match self {
            Self::V1 => "issuanceDate",
            Self::V2 => "validFrom",
        }
    }

    /// The member with the time until which a credential is valid.
    #[must_use]
    pub const fn valid_until(self) -> &'static str {
        match self {
            Self::V1 => "expirationDate",
            Self::V2 => "validUntil",
        }
    }
}

impl ListKind<'_> {
    /// The format.
    #[must_use]
    pub const fn format(self) -> Format {
        match self {
            Self::Bitstring(_) => Format::Bitstring,
            Self::StatusList2021 { .. } => Format::StatusList2021,
            Self::RevocationList2020 { .. } => Format::RevocationList2020,
        }
    }

    /// The `statusPurpose`; a `RevocationList2020` has none.
    #[must_use]
    pub const fn purpose(self) -> Option<&'static str> {
        match self {
            Self::Bitstring(Purpose::Revocation)
            | Self::StatusList2021 {
                purpose: Purpose2021::Revocation,
                ..
            } => Some("revocation"),
            Self::Bitstring(Purpose::Suspension(_))
            | Self::StatusList2021 {
                purpose: Purpose2021::Suspension(_),
                ..
            } => Some("suspension"),
            Self::Bitstring(Purpose::Refresh) => Some("refresh"),
            Self::Bitstring(Purpose::Message(_)) => Some("message"),
            Self::RevocationList2020 { .. } => None,
        }
    }

    /// What the list shows of a register, padded to the minimum.
    #[must_use]
    pub fn bits(self, register: &StatusList, default_status: Status) -> Bitstring {
        const INVALID: &[Status] = &[Status::INVALID];

        let (set, order) = match self {
            Self::Bitstring(Purpose::Message(_)) => {
                return Bitstring::values(register, default_status);
            }
            // A refresh is value 1 of a series of its own.
            Self::Bitstring(Purpose::Revocation | Purpose::Refresh) => {
                (INVALID, BitOrder::MostSignificantFirst)
            }
            Self::Bitstring(Purpose::Suspension(set)) => (set, BitOrder::MostSignificantFirst),
            Self::StatusList2021 { purpose, order } => match purpose {
                Purpose2021::Revocation => (INVALID, order),
                Purpose2021::Suspension(set) => (set, order),
            },
            Self::RevocationList2020 { order } => (INVALID, order),
        };
        Bitstring::flags(register, default_status, set, order)
    }
}

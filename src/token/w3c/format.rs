//! The W3C formats of a list, and the terms that each has.

use std::fmt;

/// A W3C specification of status lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListFormat {
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

impl ListFormat {
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

impl fmt::Display for ListFormat {
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

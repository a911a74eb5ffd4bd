//! The W3C forms of a list: Bitstring Status List v1.0 and its two predecessors.
//!
//! | file | holds |
//! |---|---|
//! | `kind` | the three formats, their terms, and what their bits mean |
//! | `bitstring` | the bits: from a register, and read at any size and in both orders |
//! | `encoded_list` | the bits as the text `encodedList`, and back |
//! | `messages` | what the values of a `message` list stand for |
//! | `credential` | the credential that is published |
//! | `entry` | what other credentials say about their place in it |
//! | `reading` | the parts of a published credential, one by one |
//! | `rdf` | the credential as RDF, in canonical form |
//! | `vc_jwt` | the credential as the payload of a JWT |
//! | `envelope` | a signed credential as JSON |

mod bitstring;
mod credential;
mod encoded_list;
mod entry;
pub mod envelope;
mod kind;
mod messages;
pub mod rdf;
pub mod reading;
mod vc_jwt;

pub use bitstring::{BitOrder, Bitstring, MINIMUM_ENTRIES, StatusSize, StatusSizeError};
pub use credential::{ListCredential, Securing};
pub use encoded_list::{DecodedList, Deviation, EncodedListError, decode_list, encode_list};
pub use entry::status_entry;
pub use kind::{DataModel, Format, ListKind, Purpose, Purpose2021};
pub use messages::{
    MessagesError, PublishedMessages, Spelling, StatusMessages, published_messages,
};
pub use reading::CredentialError;
pub use vc_jwt::{ClaimFault, JwtCredential, Place, VcJwtError, from_jwt_payload};

//! The W3C forms of a list: Bitstring Status List v1.0 and its two predecessors.
//!
//! | file | holds |
//! |---|---|
//! | `format` | the three formats, and the terms that each has |
//! | `bitstring` | the bits: from a register, and read at any size and in both orders |
//! | `encoded_list` | the bits as the text `encodedList`, and back |
//! | `messages` | what the values of a list of messages stand for |
//! | `view` | a view of a series: its credential, and the entries that point to it |
//! | `reading` | the parts of a published credential, one by one |
//! | `vc_jwt` | the credential as the payload of a JWT |
//! | `envelope` | a signed credential as JSON |

mod bitstring;
mod encoded_list;
pub mod envelope;
mod format;
mod messages;
pub mod rdf;
pub mod reading;
mod vc_jwt;
mod view;

pub use bitstring::{Bitstring, StatusSize};
pub(crate) use bitstring::{MINIMUM_ENTRIES, StatusSizeError};
pub use encoded_list::{DecodedList, decode_list, encode_list};
pub(crate) use encoded_list::{Deviation, EncodedListError, PackedList};
pub use format::{DataModel, ListFormat};
pub(crate) use messages::{MessagesError, PublishedMessages, Spelling, published_messages};
pub(crate) use vc_jwt::{ClaimFault, JwtCredential, VcJwtError};
pub use vc_jwt::{PayloadPlace, from_jwt_payload};
pub(crate) use view::CredentialView;

//! Groups of options that several commands have. They parse: nothing here opens, locks or looks at
//! a file.

mod certificates;
mod checking;
mod credential_type;
mod hosting;
mod key_source;
mod live;
mod page;
mod publishing;
mod regeneration;
mod signing;
mod turns;
mod views;
mod write;

pub(crate) use certificates::{CertificateOptions, TrustOptions};
pub(crate) use checking::{CheckingOptions, InflateOption, VerifyingOptions};
pub(crate) use credential_type::CredentialType;
pub(crate) use hosting::HostOptions;
pub(crate) use key_source::KeySource;
pub(crate) use live::LiveOptions;
pub(crate) use page::PageOption;
pub(crate) use publishing::{PublishOption, PublishWhen};
pub(crate) use regeneration::{RegenerationOptions, batch_size, urgent_status};
pub(crate) use signing::SigningOptions;
pub(crate) use turns::{TurnOptions, open_lists, spare_count, spare_lists};
pub(crate) use views::{CredentialOptions, ViewName, bit_order};
pub(super) use write::key_value;
pub(crate) use write::{PublishedOption, WaitOption, WithinOption, WriteOptions};

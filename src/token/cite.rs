//! The specification, as messages name it.

pub use crate::list::TOKEN_STATUS_LIST;

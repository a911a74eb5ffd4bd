//! The specification, as messages name it.

pub(crate) use crate::list::TOKEN_STATUS_LIST;

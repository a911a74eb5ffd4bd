//! Settings files: TOML or JSON, read strictly, and every fault with its place.
//!
//! What can be set stands in tables ([`Setting`]). The reader, its messages and the schema for
//! editors are made from them, so that none knows a name that another does not.

mod file;
mod reading;
mod schema;
mod setting;
mod statuslist_toml;

pub(crate) use file::SettingsFile;
pub(crate) use reading::{Item, Reading};
pub(crate) use schema::schema;
pub(crate) use setting::{Scalar, Setting, Shape};
pub(crate) use statuslist_toml::{Inner, LIST, Tables, has_section};

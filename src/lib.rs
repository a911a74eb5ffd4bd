//! Status lists for digital credentials, kept in one local file and published as signed static
//! files.

pub mod audit;
pub mod disk;
pub mod list;
pub mod sign;
pub mod site;
pub mod store;
pub mod token;

//! What settings of other systems say about publishing, which no list file holds: said as lines for
//! `statuslist.toml`.

use crate::wire::text::escaped;

/// EUDIPLO names a certificate that it keeps.
pub(super) fn of_certificate(id: &str) -> String {
    let line = line("keys", "cert", &format!("{id}.pem"));
    format!("{line}, a PEM file of that certificate and its issuers, beside the key")
}

/// The ACA-Py plugin writes lists to a folder.
pub(super) fn of_folder(folder: &str) -> String {
    line("publish", "to", folder)
}

/// A line of the settings file, with its table.
fn line(section: &str, name: &str, value: &str) -> String {
    let value = escaped(&serde_json::Value::from(value).to_string());
    format!("it is about publishing: in statuslist.toml, under [{section}]: {name} = {value}")
}

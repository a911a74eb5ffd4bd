//! What a credential says about where its status is: `credentialStatus`.

use serde_json::{Map, Value};

use super::{Format, ListKind, Purpose};
use crate::list::Width;

/// Writes the entry that points a credential to its place in a list.
///
/// `width` is that of the register, which only entries with messages show. The id is the uri of the list with the index behind `#`:
/// it must not be the uri itself.
///
/// Source: Bitstring Status List v1.0, section 2.1; `StatusList2021` (draft of 2023-04-27),
/// section 2.1; `RevocationList2020`.
#[must_use]
pub fn status_entry(kind: ListKind<'_>, uri: &str, index: u64, width: Width) -> Value {
    let format = kind.format();
    let (index_member, list_member) = match format {
        Format::Bitstring | Format::StatusList2021 => ("statusListIndex", "statusListCredential"),
        Format::RevocationList2020 => ("revocationListIndex", "revocationListCredential"),
    };
    let mut entry = Map::new();
    let mut insert = |name: &str, value: Value| entry.insert(name.to_owned(), value);
    insert("id", format!("{uri}#{index}").into());
    insert("type", format.entry_type().into());
    if let Some(purpose) = kind.purpose() {
        insert("statusPurpose", purpose.into());
    }
    // A string, also where a number would do: other types give other hashes.
    insert(index_member, index.to_string().into());
    insert(list_member, uri.into());
    if let ListKind::Bitstring(Purpose::Message(messages)) = kind {
        // One bit is what an entry without a size has.
        if width != Width::One {
            insert("statusSize", width.bits().into());
        }
        insert("statusMessage", messages.to_json(width.into()));
    }
    entry.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Status;
    use crate::token::w3c::{BitOrder, Purpose2021, StatusMessages};

    const URI: &str = "https://example.com/status/3";

    fn text(kind: ListKind<'_>, width: Width) -> String {
        status_entry(kind, URI, 94567, width).to_string()
    }

    #[test]
    fn a_bitstring_entry_has_its_index_as_a_string() {
        for (purpose, name) in [
            (Purpose::Revocation, "revocation"),
            (Purpose::Suspension(&[Status::SUSPENDED]), "suspension"),
            (Purpose::Refresh, "refresh"),
        ] {
            assert_eq!(
                text(ListKind::Bitstring(purpose), Width::Two),
                [
                    r#"{"id":"https://example.com/status/3#94567","#,
                    r#""type":"BitstringStatusListEntry","statusPurpose":""#,
                    name,
                    r#"","statusListIndex":"94567","#,
                    r#""statusListCredential":"https://example.com/status/3"}"#,
                ]
                .concat()
            );
        }
    }

    #[test]
    fn an_entry_with_messages_tells_its_size_unless_it_is_one_bit() {
        let messages = StatusMessages::default();
        let kind = ListKind::Bitstring(Purpose::Message(&messages));
        let (_, two_bits) = text(kind, Width::Two)
            .split_once(r#""statusListCredential":"https://example.com/status/3","#)
            .map(|(before, behind)| (before.to_owned(), behind.to_owned()))
            .unwrap();
        assert_eq!(
            two_bits,
            concat!(
                r#""statusSize":2,"statusMessage":["#,
                r#"{"status":"0x0","message":"valid"},{"status":"0x1","message":"invalid"},"#,
                r#"{"status":"0x2","message":"suspended"},{"status":"0x3","message":"undefined"}]}"#
            )
        );
        let one_bit = status_entry(kind, URI, 0, Width::One);
        assert_eq!(one_bit.get("statusSize"), None);
        assert_eq!(one_bit["statusMessage"].as_array().unwrap().len(), 2);
        let eight_bits = status_entry(kind, URI, 0, Width::Eight);
        assert_eq!(eight_bits["statusMessage"].as_array().unwrap().len(), 256);
    }

    #[test]
    fn the_older_entries() {
        let order = BitOrder::default();
        let purpose = Purpose2021::Revocation;
        assert_eq!(
            text(ListKind::StatusList2021 { purpose, order }, Width::One),
            concat!(
                r#"{"id":"https://example.com/status/3#94567","type":"StatusList2021Entry","#,
                r#""statusPurpose":"revocation","statusListIndex":"94567","#,
                r#""statusListCredential":"https://example.com/status/3"}"#
            )
        );
        assert_eq!(
            text(ListKind::RevocationList2020 { order }, Width::One),
            concat!(
                r#"{"id":"https://example.com/status/3#94567","type":"RevocationList2020Status","#,
                r#""revocationListIndex":"94567","#,
                r#""revocationListCredential":"https://example.com/status/3"}"#
            )
        );
    }
}

//! Which members the objects of a batch have, and which one is wrong.
//!
//! A member that nobody knows is no decoration: it may be a condition or a list id that is written
//! otherwise than here, and leaving it out would change another entry, or without the condition.

use std::cell::RefCell;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use crate::commands::Error;
use crate::list::nearest;
use crate::wire::text::echo;

/// The members of an operation, and of the bodies that hold several.
pub(super) const OF_BODY: [&str; 22] = [
    "op",
    "operation",
    "listId",
    "idx",
    "uri",
    "tokenId",
    "group",
    "status",
    "reason",
    "note",
    "if",
    "expiresAt",
    "revokedAt",
    "documentHash",
    "documentPath",
    "count",
    "tokenIds",
    "initialStatus",
    "updates",
    "credentialId",
    "credentialStatus",
    "indexAllocator",
];

/// The members of one of `updates`.
pub(super) const OF_UPDATE: [&str; 10] = [
    "listId",
    "idx",
    "uri",
    "tokenId",
    "group",
    "status",
    "reason",
    "note",
    "if",
    "revokedAt",
];

/// The members of `credentialStatus`: those of an entry in a credential, and of DVP's update.
pub(super) const OF_CREDENTIAL_STATUS: [&str; 13] = [
    "id",
    "type",
    "statusPurpose",
    "purpose",
    "status",
    "statusListIndex",
    "statusListCredential",
    "statusSize",
    "statusMessage",
    "statusReference",
    "revocationListIndex",
    "revocationListCredential",
    "reasonCode",
];

/// Finds the member that is to blame where a body was refused: the first that is not known, or
/// stands twice. Holds no values.
pub(super) fn wrong_member(text: &str, known: &'static [&'static str]) -> Option<Error> {
    let found = RefCell::new(None);
    let names = Names {
        known,
        pointer: String::new(),
        found: &found,
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let _ = names.deserialize(&mut deserializer);
    found.into_inner()
}

/// An object whose members have these names, or an array of such objects.
struct Names<'a> {
    known: &'static [&'static str],
    /// Where it stands (RFC 6901).
    pointer: String,
    found: &'a RefCell<Option<Error>>,
}

impl<'a> Names<'a> {
    fn below(&self, step: &str, known: &'static [&'static str]) -> Names<'a> {
        Names {
            known,
            pointer: self.place_of(step),
            found: self.found,
        }
    }

    fn place_of(&self, step: &str) -> String {
        let step = step.replace('~', "~0").replace('/', "~1");
        format!("{}/{step}", self.pointer)
    }

    fn unknown(&self, name: &str) -> Error {
        let place = self.place_of(&echo(name));
        let hint = match nearest(name, self.known.iter().copied()) {
            Some(meant) => format!("did you mean '{meant}'?"),
            None => format!("the members are {}", self.known.join(", ")),
        };
        Error::refused(format!("unknown member '{place}'")).hint(hint)
    }
}

impl<'de> DeserializeSeed<'de> for Names<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Names<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut place: u64 = 0;
        while elements
            .next_element_seed(self.below(&place.to_string(), self.known))?
            .is_some()
        {
            place += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut seen = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            let known = self.known.iter().position(|known| *known == name);
            let wrong = match known {
                None => Some(self.unknown(&name)),
                Some(known) if seen.contains(&known) => {
                    let place = self.place_of(&name);
                    Some(Error::refused(format!("member '{place}' stands twice")))
                }
                Some(_) => None,
            };
            if wrong.is_some() {
                *self.found.borrow_mut() = wrong;
                return Err(A::Error::custom("a wrong member"));
            }
            seen.extend(known);
            match name.as_str() {
                "updates" => members.next_value_seed(self.below(&name, &OF_UPDATE))?,
                "credentialStatus" => {
                    members.next_value_seed(self.below(&name, &OF_CREDENTIAL_STATUS))?;
                }
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde::Deserialize;

    use super::*;

    /// The names in the parser's own message: those that are read.
    pub(in crate::commands::batch) fn read_by<'de, T: Deserialize<'de>>() -> Vec<String> {
        let error = serde_json::from_str::<T>(r#"{"?":0}"#).err().unwrap();
        let message = error.to_string();
        let (_, names) = message.split_once("expected").unwrap();
        let names = names.split('`').skip(1).step_by(2);
        names.map(str::to_owned).collect()
    }

    #[test]
    fn the_first_wrong_member_is_found_with_its_place() {
        for (text, place, meant) in [
            (r#"{"op":"set","stats":1}"#, "/stats", Some("status")),
            (r#"{"LISTID":"0"}"#, "/LISTID", Some("listId")),
            (
                r#"{"updates":[{"idx":1},{"listID":"0"}]}"#,
                "/updates/1/listID",
                Some("listId"),
            ),
            (
                r#"{"credentialStatus":{"x/~y":1}}"#,
                "/credentialStatus/x~1~0y",
                None,
            ),
            (
                r#"{"credentialStatus":[{"id":"a"},{"if":1}]}"#,
                "/credentialStatus/1/if",
                None,
            ),
        ] {
            let error = wrong_member(text, &OF_BODY).unwrap();
            assert_eq!(error.message, format!("unknown member '{place}'"), "{text}");
            let hint = error.hint.unwrap();
            match meant {
                Some(meant) => assert_eq!(hint, format!("did you mean '{meant}'?"), "{text}"),
                None => assert!(hint.starts_with("the members are "), "{text}: {hint}"),
            }
        }
        for (text, place) in [
            (r#"{"if":0,"\u0069f":1}"#, "/if"),
            (r#"{"updates":[{"idx":1,"idx":1}]}"#, "/updates/0/idx"),
        ] {
            let message = wrong_member(text, &OF_BODY).unwrap().message;
            assert_eq!(message, format!("member '{place}' stands twice"));
        }
        for text in [
            r#"{"op":"set","updates":[{"idx":{"unread":1}}]}"#,
            "7",
            "{",
            "{}",
        ] {
            assert!(wrong_member(text, &OF_BODY).is_none(), "{text}");
        }
    }
}

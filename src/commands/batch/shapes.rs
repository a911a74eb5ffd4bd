//! What the objects of a batch hold, read without a copy of their text where that can be.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// One operation as named fields, whatever form it was written in, and the members that only bodies
/// of JSON have. Those that do not go together are refused later, by name.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Fields<'a> {
    pub(super) op: Option<Cow<'a, str>>,
    pub(super) operation: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) list_id: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) idx: Option<Cow<'a, str>>,
    pub(super) uri: Option<Cow<'a, str>>,
    pub(super) token_id: Option<Cow<'a, str>>,
    pub(super) group: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) status: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) reason: Option<Cow<'a, str>>,
    pub(super) note: Option<Cow<'a, str>>,
    #[serde(rename = "if", borrow, default, deserialize_with = "scalar")]
    pub(super) expected: Option<Cow<'a, str>>,
    pub(super) expires_at: Option<Cow<'a, str>>,
    pub(super) revoked_at: Option<Cow<'a, str>>,
    pub(super) document_hash: Option<Cow<'a, str>>,
    pub(super) document_path: Option<Vec<Cow<'a, str>>>,
    pub(super) count: Option<u64>,
    pub(super) token_ids: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) initial_status: Option<Cow<'a, str>>,
    pub(super) updates: Option<Vec<Object<Update<'a>>>>,
    pub(super) credential_id: Option<Cow<'a, str>>,
    pub(super) credential_status: Option<OneOrMany<CredentialStatus<'a>>>,
    /// Who hands out indexes: here it is always the list file.
    pub(super) index_allocator: Option<Cow<'a, str>>,
    /// Whether a reason that is not known is a fault, as in CSV, and not a note.
    #[serde(skip)]
    pub(super) known_reasons: bool,
}

/// One change of the guide's batch update.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Update<'a> {
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) list_id: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) idx: Option<Cow<'a, str>>,
    pub(super) uri: Option<Cow<'a, str>>,
    pub(super) token_id: Option<Cow<'a, str>>,
    pub(super) group: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) status: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) reason: Option<Cow<'a, str>>,
    pub(super) note: Option<Cow<'a, str>>,
    #[serde(rename = "if", borrow, default, deserialize_with = "scalar")]
    pub(super) expected: Option<Cow<'a, str>>,
    pub(super) revoked_at: Option<Cow<'a, str>>,
}

/// `credentialStatus` in its old and new forms: what a credential carries, or what names a purpose.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CredentialStatus<'a> {
    /// The name of the entry itself, which says nothing that the others do not.
    #[serde(rename = "id")]
    _id: Option<Cow<'a, str>>,
    #[serde(rename = "type")]
    pub(super) kind: Option<Cow<'a, str>>,
    pub(super) status_purpose: Option<Cow<'a, str>>,
    pub(super) purpose: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) status: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) status_list_index: Option<Cow<'a, str>>,
    pub(super) status_list_credential: Option<Cow<'a, str>>,
    pub(super) status_size: Option<u64>,
    /// What the values of a message mean; messages are not set by purpose.
    #[serde(rename = "statusMessage")]
    _status_message: Option<IgnoredAny>,
    /// Where people read about the status.
    #[serde(rename = "statusReference")]
    _status_reference: Option<IgnoredAny>,
    #[serde(borrow, default, deserialize_with = "scalar")]
    pub(super) revocation_list_index: Option<Cow<'a, str>>,
    pub(super) revocation_list_credential: Option<Cow<'a, str>>,
    pub(super) reason_code: Option<u64>,
}

/// A value that is written as an object. A derived reader takes an array of its members too, which
/// names none of them.
pub(super) struct Object<T>(pub(super) T);

/// An object, or an array of such.
pub(super) struct OneOrMany<T>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Shape<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Shape<T> {
            type Value = Object<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }

        deserializer.deserialize_map(Shape(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Shape<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Shape<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object or an array of objects")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
                let one = T::deserialize(MapAccessDeserializer::new(members))?;
                Ok(OneOrMany(vec![one]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Self::Value, A::Error> {
                let many = Vec::<Object<T>>::deserialize(SeqAccessDeserializer::new(elements))?;
                Ok(OneOrMany(many.into_iter().map(|Object(one)| one).collect()))
            }
        }

        deserializer.deserialize_any(Shape(PhantomData))
    }
}

/// Reads a whole number, a text, true or false as the text that it is written as.
pub(super) fn scalar<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Cow<'a, str>>, D::Error> {
    struct Shape;

    impl<'de> Visitor<'de> for Shape {
        type Value = Option<Cow<'de, str>>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a whole number, a text, true or false")
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
            value.deserialize_any(self)
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
            Ok(Some(value.to_string().into()))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
            Ok(Some(value.to_string().into()))
        }

        fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
            Ok(Some(Cow::Borrowed(text)))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(text.to_owned().into()))
        }
    }

    deserializer.deserialize_option(Shape)
}

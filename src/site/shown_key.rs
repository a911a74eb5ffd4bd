//! The public keys that a site shows, as its manifest remembers them.

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::wire::base64url;

/// The most keys that a manifest remembers: as many as a key set is read with.
const MOST: usize = 1024;

/// The longest name of a key, in bytes.
const LONGEST_NAME: usize = 1024;

/// A public key that a site shows under one name, or that was taken out of it for good.
///
/// Nothing in it tells of issuance: tokens say their `exp`, and everybody can see when a key came.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShownKey {
    /// The key, as key sets hold it.
    pub(crate) jwk: PublicJwk,
    /// When it was first shown, in Unix seconds.
    pub(crate) since: i64,
    /// The last `exp` that was signed with it, in Unix seconds; nothing if nobody knows of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<i64>,
    /// When it was announced, in Unix seconds; nothing if it was not, before it signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) announced: Option<i64>,
    /// When it was taken out for good, in Unix seconds. It is remembered so that it does not come
    /// back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dropped: Option<i64>,
}

/// A public JSON Web Key with these members and no others: a member of a private key is refused by
/// its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublicJwk {
    /// What tokens call it.
    #[serde(deserialize_with = "name")]
    pub(crate) kid: String,
    pub(crate) kty: String,
    pub(crate) crv: String,
    #[serde(deserialize_with = "coordinate")]
    pub(crate) x: String,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "some_coordinate"
    )]
    pub(crate) y: Option<String>,
    pub(crate) alg: String,
    #[serde(rename = "use")]
    pub(crate) purpose: String,
}

/// Reads keys that are all different, and sorts them.
pub(super) fn distinct<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<ShownKey>>, D::Error> {
    let mut keys = Vec::<ShownKey>::deserialize(deserializer)?;
    if keys.len() > MOST {
        let count = keys.len();
        return Err(de::Error::custom(format_args!(
            "{count} keys are more than {MOST}"
        )));
    }
    keys.sort_by(|one, other| one.jwk.cmp(&other.jwk));
    let mut pairs = keys.iter().zip(keys.iter().skip(1));
    if let Some((twice, _)) = pairs.find(|(one, next)| one.jwk == next.jwk) {
        let kid = twice.jwk.kid.escape_debug();
        return Err(de::Error::custom(format_args!("key '{kid}' occurs twice")));
    }
    Ok(Some(keys))
}

/// Reads an RFC 7638 thumbprint with SHA-256.
pub(super) fn thumbprint<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match base64url::decode(&text) {
        Ok(bytes) if bytes.len() == 32 => Ok(Some(text)),
        _ => Err(de::Error::custom(
            "the key that signed is named by its RFC 7638 thumbprint",
        )),
    }
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() || text.len() > LONGEST_NAME {
        return Err(de::Error::custom(format_args!(
            "a kid has 1 to {LONGEST_NAME} bytes"
        )));
    }
    Ok(text)
}

fn coordinate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    base64url::decode(&text).map_err(de::Error::custom)?;
    Ok(text)
}

fn some_coordinate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    coordinate(deserializer).map(Some)
}

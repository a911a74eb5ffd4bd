//! What JSON and CBOR have in common, so that the same code reads what both carry.

use coset::cbor::Value as CborValue;
use serde_json::Value;
use thiserror::Error;

use crate::wire::{cbor, json};

/// A claim or a member that has another type than it must have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{member} is {found}, not {expected}")]
pub struct WrongType {
    /// Which one.
    pub member: &'static str,
    /// What it is.
    pub found: String,
    /// What it must be.
    pub expected: &'static str,
}

impl WrongType {
    pub(super) fn new(member: &'static str, found: &impl Node, expected: &'static str) -> Self {
        Self {
            member,
            found: found.describe(),
            expected,
        }
    }
}

/// A value of JSON or CBOR.
pub trait Node: Sized {
    /// What a map is called.
    const MAP: &'static str;
    /// What a text is called.
    const TEXT: &'static str;

    /// Whether it is a map.
    fn is_map(&self) -> bool;
    /// The member of a map with this name.
    fn get(&self, name: &str) -> Option<&Self>;
    /// The whole number from 0 on that it is.
    fn unsigned(&self) -> Option<u64>;
    /// The number that it is; exact for whole ones up to 2^53.
    fn number(&self) -> Option<f64>;
    /// The text that it is.
    fn text(&self) -> Option<&str>;
    /// The values of the array that it is.
    fn items(&self) -> Option<&[Self]>;
    /// Names it in a message; of what has no bound, only the kind.
    fn describe(&self) -> String;

    /// The member with this name, if this is a map; in messages it is `called`.
    ///
    /// # Errors
    /// It is no map.
    fn member(&self, called: &'static str, name: &str) -> Result<Option<&Self>, WrongType> {
        if self.is_map() {
            Ok(self.get(name))
        } else {
            Err(WrongType::new(called, self, Self::MAP))
        }
    }

    /// The text that this must be; in messages it is `called`.
    ///
    /// # Errors
    /// It is no text.
    fn as_text_of(&self, called: &'static str) -> Result<&str, WrongType> {
        self.text()
            .ok_or_else(|| WrongType::new(called, self, Self::TEXT))
    }
}

impl Node for Value {
    const MAP: &'static str = "an object";
    const TEXT: &'static str = "a string";

    fn is_map(&self) -> bool {
        self.is_object()
    }

    fn get(&self, name: &str) -> Option<&Self> {
        self.get(name)
    }

    fn unsigned(&self) -> Option<u64> {
        self.as_u64()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn text(&self) -> Option<&str> {
        self.as_str()
    }

    fn items(&self) -> Option<&[Self]> {
        self.as_array().map(Vec::as_slice)
    }

    fn describe(&self) -> String {
        json::describe(self)
    }
}

impl Node for CborValue {
    const MAP: &'static str = "a map";
    const TEXT: &'static str = "a text";

    fn is_map(&self) -> bool {
        Self::is_map(self)
    }

    fn get(&self, name: &str) -> Option<&Self> {
        cbor::find(self.as_map()?, &name.into())
    }

    fn unsigned(&self) -> Option<u64> {
        self.as_integer()?.try_into().ok()
    }

    #[expect(clippy::cast_precision_loss, reason = "as documented")]
    fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(i128::from(*number) as f64),
            other => other.as_float(),
        }
    }

    fn text(&self) -> Option<&str> {
        self.as_text()
    }

    fn items(&self) -> Option<&[Self]> {
        self.as_array().map(Vec::as_slice)
    }

    fn describe(&self) -> String {
        cbor::describe(self)
    }
}

//! What can be set, and how it is written.

/// A setting: its name, what it does, and how it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    /// What it does, for editors. Empty where the help of the option of this name says it.
    pub(crate) about: &'static str,
    pub(crate) shape: Shape,
}

/// How a setting is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One value.
    One(Scalar),
    /// One value, or an array of them.
    Many(Scalar),
    /// A table of names with a value each, or with an array of them; or `NAME=VALUE`, one or an
    /// array of them.
    Pairs(Scalar),
    /// A table with values of any kind.
    Free,
    /// Something of a shape of its own.
    Any,
}

/// What one value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text,
    TextOrNull,
    Whole,
    TextOrWhole,
    Truth,
}

impl Setting {
    pub(crate) const fn new(name: &'static str, shape: Shape, about: &'static str) -> Self {
        Self { name, about, shape }
    }
}

impl Shape {
    /// What is to be written, for a message.
    pub(crate) const fn wanted(self) -> &'static str {
        match self {
            Self::One(scalar) => scalar.wanted(),
            Self::Many(Scalar::TextOrWhole | Scalar::Whole) => {
                "a text, a whole number, or an array of them"
            }
            Self::Many(_) => "a text or an array of texts",
            Self::Pairs(_) => "a table, or NAME=VALUE",
            Self::Free => "a table",
            Self::Any => "a value",
        }
    }
}

impl Scalar {
    const fn wanted(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::TextOrNull => "a text or null",
            Self::Whole => "a whole number",
            Self::TextOrWhole => "a text or a whole number",
            Self::Truth => "true or false",
        }
    }
}

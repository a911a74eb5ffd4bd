//! Names as they are written and read: in flags, list files and results.

use thiserror::Error;

use crate::wire::text::echo;

/// A text that is none of the names it should be one of.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("'{}' is not a {kind}: {}", echo(text), names.join(", "))]
pub struct UnknownName {
    /// What was written.
    pub text: String,
    /// What is named.
    pub kind: &'static str,
    /// The names that there are.
    pub names: Vec<&'static str>,
}

/// Makes an enum whose variants are told by their names alone, or gives any type with `ALL` and
/// `name` its text form.
macro_rules! named {
    (
        $kind:literal;
        $(#[$about:meta])*
        pub enum $type:ident { $($(#[$variant_about:meta])* $variant:ident = $name:literal,)+ }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$variant_about])* $variant,)+ }

        impl $type {
            #[doc = concat!("Every ", $kind, ".")]
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name, as it is written everywhere.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        named!($type, $kind);
    };
    ($type:ident, $kind:literal) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::list::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .into_iter()
                    .find(|value| value.name() == text)
                    .ok_or_else(|| $crate::list::UnknownName {
                        text: text.to_owned(),
                        kind: $kind,
                        names: Self::ALL.into_iter().map(Self::name).collect(),
                    })
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = <String as serde::Deserialize>::deserialize(deserializer)?;
                name.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use named;

//! The keys that a command signs with, read where the options and the settings file say.

use super::key_pins::{KeyPin, most_exact};
use super::options::{SigningOptions, WaitOption};
use super::signing::GivenKey;
use super::{Context, Error};
use crate::publish::{KeyRules, NamedKey, SigningKeys, Site, TokenPlace, TokenSigner};

/// The keys that a command signs with.
pub(super) struct KeyRing {
    /// The one that signs what no pin is for.
    default: Option<GivenKey>,
    pinned: Vec<PinnedKey>,
    pins: Vec<KeyPin>,
}

struct PinnedKey {
    name: String,
    given: GivenKey,
}

/// Whether a key must be there that signs what no pin is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DefaultKey {
    Needed,
    IfNamed,
}

impl SigningKeys for KeyRing {
    fn key_of(&self, place: &TokenPlace<'_>) -> Option<&TokenSigner> {
        let given = match most_exact(&self.pins, place) {
            Some(pin) => {
                let mut pinned = self.pinned.iter();
                pinned
                    .find(|pinned| pinned.name == pin.key)
                    .map(|pinned| &pinned.given)
            }
            None => self.default.as_ref(),
        };
        given.map(|given| &given.key)
    }
}

impl KeyRing {
    /// Reads all keys. A key on the command line, or of the environment, signs everything.
    ///
    /// # Errors
    /// A key cannot be read, or none is named that is needed.
    pub(super) fn read(
        signing: &SigningOptions,
        context: &Context<'_>,
        wait: &WaitOption,
        default: DefaultKey,
    ) -> Result<Self, Error> {
        let settings = &context.settings;
        let pins = match signing.key {
            Some(_) => Vec::new(),
            None => settings.pins.clone(),
        };
        let default =
            if signing.names_key(context) || (default == DefaultKey::Needed && pins.is_empty()) {
                Some(signing.signing_key(context, wait)?)
            } else {
                None
            };
        let mut pinned: Vec<PinnedKey> = Vec::new();
        for pin in &pins {
            let Some(of_key) = settings.of_key(&pin.key) else {
                continue;
            };
            if pinned.iter().all(|known| known.name != pin.key) {
                let options = signing.of_named_key();
                pinned.push(PinnedKey {
                    name: pin.key.clone(),
                    given: options.signing_key_of(&of_key, context, wait)?,
                });
            }
        }
        Ok(Self {
            default,
            pinned,
            pins,
        })
    }

    /// All keys, and what was found where they are.
    pub(super) fn given(&self) -> impl Iterator<Item = &GivenKey> {
        let pinned = self.pinned.iter().map(|pinned| &pinned.given);
        self.default.iter().chain(pinned)
    }
}

/// Reads the keys that are announced, and finds the one that is to be taken out.
///
/// # Errors
/// A key cannot be read; or the site does not show the one.
pub(super) fn rules(
    signing: &SigningOptions,
    dropped: Option<&str>,
    site: &Site<'_>,
    context: &Context<'_>,
) -> Result<KeyRules, Error> {
    let dropped = dropped.map(|name| site.keys.find(name).cloned());
    Ok(KeyRules {
        announced: announced(signing, context)?,
        dropped: dropped.transpose()?,
    })
}

fn announced(signing: &SigningOptions, context: &Context<'_>) -> Result<Vec<NamedKey>, Error> {
    let settings = &context.settings;
    let keys = settings
        .next
        .iter()
        .filter_map(|name| settings.of_key(name));
    let options = signing.of_named_key();
    keys.map(|of_key| options.announced_key(&of_key, context))
        .collect()
}

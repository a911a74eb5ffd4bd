//! The table `keys` of the settings file.

use super::Found;
use crate::commands::settings::{Inner, Reading, SettingsFile, Tables};
use crate::commands::{Error, KeyPin, NamedKeySettings, Settings};

/// The longest name of a key.
const LONGEST: usize = 64;

impl Found<'_> {
    /// Reads which keys there are, and which of them signs what.
    ///
    /// # Errors
    /// A key is named that is not there, or the table contradicts itself.
    pub(super) fn keys(
        &self,
        file: &SettingsFile,
        keys: &Reading<'_>,
        tables: &Tables<'_>,
        settings: &mut Settings,
    ) -> Result<(), Error> {
        for inner in tables.named("keys") {
            settings.named_keys.push(self.named_key(file, inner)?);
        }
        let named = settings.named_keys.clone();
        settings.sign_with(&self.key_settings("", keys)?);
        if let Some(item) = keys.one("use") {
            let own = ["signing", "signer-command", "kid", "cert", "eku"];
            if let Some(other) = own.into_iter().find(|name| keys.one(name).is_some()) {
                let reason = format!("the table says {other} of a key of its own");
                return Err(keys.fault(item, "use", reason));
            }
            settings.sign_with(known(keys, "use", &named)(&item.text, item.offset)?);
        }
        for item in keys.items("next") {
            known(keys, "next", &named)(&item.text, item.offset)?;
            if keys.text("use").as_ref() == Some(&item.text) {
                let reason = format!("the key '{}' signs already", item.text);
                return Err(keys.fault(item, "next", reason));
            }
            settings.next.push(item.text.clone());
        }
        for inner in tables.items("keys", "pin") {
            let pin = self.pin(file, inner, &named)?;
            if let Some(other) = settings
                .pins
                .iter()
                .position(|known| known.contradicts(&pin))
            {
                let (one, two, nth) = (&settings.pins[other].key, &pin.key, other + 1);
                return Err(file
                    .fault(
                        inner.offset,
                        format!(
                            "pin: some tokens would be for '{two}' and, by pin {nth}, for '{one}'"
                        ),
                    )
                    .hint("let one of them say more exactly which tokens it is for"));
            }
            settings.pins.push(pin);
        }
        Ok(())
    }

    fn named_key(&self, file: &SettingsFile, inner: &Inner<'_>) -> Result<NamedKeySettings, Error> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if inner.name.is_empty() || inner.name.len() > LONGEST || !inner.name.bytes().all(is_plain)
        {
            let reason = format!(
                "the name of a key has 1 to {LONGEST} letters, digits, hyphens, underscores and dots"
            );
            return Err(file.fault(inner.offset, reason));
        }
        if inner.reading.one("signing").is_none() {
            let reason = format!("the key '{}' has no signing", inner.name);
            return Err(file.fault(inner.offset, reason));
        }
        self.key_settings(inner.name, &inner.reading)
    }

    fn key_settings(&self, name: &str, keys: &Reading<'_>) -> Result<NamedKeySettings, Error> {
        Ok(NamedKeySettings {
            name: name.to_owned(),
            key: self.key(keys)?,
            signer_command: self.signer_command(keys)?,
            key_id: keys.text("kid"),
            cert: keys.text("cert").map(|path| self.below(&path)),
            eku: keys.text("eku"),
        })
    }

    fn pin(
        &self,
        file: &SettingsFile,
        inner: &Inner<'_>,
        named: &[NamedKeySettings],
    ) -> Result<KeyPin, Error> {
        let Inner {
            offset, reading, ..
        } = inner;
        let Some(key) = reading.one("key") else {
            return Err(file.fault(*offset, "pin: it names no key"));
        };
        known(reading, "key", named)(&key.text, key.offset)?;
        let terms = ["file", "issuer", "list", "view"];
        if terms.iter().all(|term| reading.one(term).is_none()) {
            return Err(file
                .fault(*offset, "pin: it does not say which tokens it is for")
                .hint("file, issuer, list or view; for all of them: use = NAME"));
        }
        Ok(KeyPin {
            key: key.text.clone(),
            file: reading.text("file").map(|path| self.below(&path)),
            issuer: reading.text("issuer"),
            list: reading.parse("list")?,
            view: reading.parse("view")?,
        })
    }
}

/// Finds a key by its name; a fault of the setting that names it, if there is none.
fn known<'k>(
    reading: &'k Reading<'_>,
    setting: &'static str,
    named: &'k [NamedKeySettings],
) -> impl Fn(&str, usize) -> Result<&'k NamedKeySettings, Error> {
    move |name, offset| {
        let found = named.iter().find(|key| key.name == name);
        found.ok_or_else(|| {
            let item = crate::commands::settings::Item {
                offset,
                text: name.to_owned(),
            };
            let known: Vec<_> = named.iter().map(|key| key.name.as_str()).collect();
            let fault = reading.fault(&item, setting, "no table [keys.NAME] has this name");
            match known.as_slice() {
                [] => fault,
                known => fault.hint(format!("the names are {}", known.join(", "))),
            }
        })
    }
}

//! The settings file.

use std::path::{Path, PathBuf};

use crate::commands::settings::{Reading, SettingsFile, Tables};
use crate::commands::{Error, KeySource, REGENERATION, ReceiverSettings, Settings, policy_of};
use crate::disk::read_bounded;
use crate::wire::shell::quote;

mod keys;

/// The file that is read when none is named.
const USUAL: &str = "statuslist.toml";

/// Reads the settings file: the one that is named, which must be there, or the usual one. A file that
/// was merely found runs no program: it may have come with the folder (the case of git's
/// `safe.directory`).
///
/// # Errors
/// It cannot be read, or says something that is not understood.
pub(super) fn load(named: Option<&Path>) -> Result<Settings, Error> {
    let path = named.unwrap_or_else(|| Path::new(USUAL));
    let bytes = match read_bounded(path, SettingsFile::LIMIT) {
        Err(error) if error.is_not_found() && named.is_none() => return Ok(Settings::default()),
        read => read?,
    };
    let file = SettingsFile::parse(path, bytes)?;
    let tables = Tables::of(&file)?;
    let found = Found {
        file: path,
        named: named.is_some(),
    };
    let mut settings = Settings {
        file: Some(path.to_owned()),
        ..Settings::default()
    };
    if let Some(token) = tables.get("status-list-token") {
        settings.ttl = token.parse("ttl")?;
        settings.valid_for = token.parse("expiration")?;
    }
    if let Some(keys) = tables.get("keys") {
        found.keys(&file, keys, &tables, &mut settings)?;
    }
    if let Some(publish) = tables.get("publish") {
        settings.to = publish.text("to").map(|to| found.below(&to));
        settings.base_url = publish.text("base-url");
        settings.page = publish.text("page").is_some_and(|page| page == "true");
        settings.host = publish.parse("host")?;
        settings.host_config = publish.text("host-config").map(|path| found.below(&path));
    }
    settings.regeneration = tables.get(REGENERATION).map(policy_of).transpose()?;
    settings.receivers = found.receivers(&tables)?;
    settings.has_list = tables.list.is_some();
    Ok(settings)
}

/// The file that is read.
struct Found<'a> {
    file: &'a Path,
    /// Whether somebody named it.
    named: bool,
}

impl Found<'_> {
    /// Where a path leads that counts from the folder of the file.
    fn below(&self, path: &str) -> PathBuf {
        self.folder().join(path)
    }

    fn folder(&self) -> &Path {
        self.file.parent().unwrap_or_else(|| Path::new(""))
    }

    fn key(&self, keys: &Reading<'_>) -> Result<Option<KeySource>, Error> {
        let (Some(item), Some(source)) = (keys.one("signing"), keys.parse::<KeySource>("signing")?)
        else {
            return Ok(None);
        };
        if source.is_itself(&self.below(&item.text)) {
            return Err(keys
                .fault(item, "signing", "it looks like a key itself")
                .hint("name the file of the key, or env:NAME"));
        }
        Ok(Some(source.below(self.folder())))
    }

    /// Whoever prepared a folder would run programs as everybody who works in it, or be told what
    /// they do.
    fn receivers(&self, tables: &Tables<'_>) -> Result<Vec<ReceiverSettings>, Error> {
        let webhooks = tables
            .each("webhook")
            .map(|table| (table, "this sends what happens"));
        let hooks = tables
            .each("hook")
            .map(|table| (table, "this runs a program"));
        if let Some((table, does)) = webhooks.chain(hooks).next().filter(|_| !self.named) {
            let reason = format!("the file was found and not named, and {does}");
            return Err(table.refused(reason).hint(self.to_name_it()));
        }
        ReceiverSettings::all(tables, self.folder())
    }

    fn to_name_it(&self) -> String {
        format!(
            "read it; if it can be trusted: --config {0}, or STATUSLIST_CONFIG={0}",
            quote(self.file)
        )
    }

    /// Whoever prepared a folder would run programs as everybody who works in it.
    fn signer_command(&self, keys: &Reading<'_>) -> Result<Option<String>, Error> {
        match keys.one("signer-command") {
            Some(item) if !self.named && !item.text.is_empty() => Err(keys
                .fault(
                    item,
                    "signer-command",
                    "the file was found and not named, and this runs a program",
                )
                .hint(self.to_name_it())),
            item => Ok(item.map(|item| item.text.clone())),
        }
    }
}

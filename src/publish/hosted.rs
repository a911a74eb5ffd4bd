//! The settings of the host, as part of a publication.

use std::path::Path;

use super::error::PublishError;
use super::file::SiteFile;
use super::hosts::{
    self, ConfigError, ConfigFile, Defaults, HostPlan, Hosting, Limit, REDIRECTS, Settings,
    is_generated,
};
use super::rules::Rules;
use super::side_files::{self, SideFile};
use super::site::Site;
use super::spool::Spool;
use crate::site::{Digest, Host, SitePath};

/// What the host of a site is told, and what is to be done for it.
#[derive(Debug)]
pub(crate) struct Hosted {
    pub(crate) host: Host,
    /// The settings, if they lie beside the site.
    pub(crate) config: Option<ConfigFile>,
    /// What the host cannot be told.
    pub(crate) limits: Vec<Limit>,
    /// The files that the settings leave out.
    pub(crate) strangers: Vec<SitePath>,
    pub(crate) defaults: Defaults,
    /// The files in the site that hold settings.
    pub(super) files: Vec<SiteFile>,
}

/// What goes with the settings into the manifest, and where they wait.
pub(super) struct HostGround<'a, 's> {
    pub(super) site: &'a Site<'s>,
    pub(super) rules: &'a Rules,
    /// The state of a list file that they were made from.
    pub(super) chain: Digest,
    pub(super) spool: &'a mut Spool,
}

impl Hosted {
    /// Decides which files with settings are to be written.
    ///
    /// # Errors
    /// The host cannot be told, or somebody else wrote what is there.
    pub(super) fn decide(
        hosting: &Hosting,
        plan: HostPlan,
        ground: &mut HostGround<'_, '_>,
    ) -> Result<Self, PublishError> {
        let host = hosting.host;
        let settings = hosts::of(host, &plan)?;
        let mut hosted = Self {
            host,
            config: None,
            limits: settings.limits.clone(),
            defaults: if plan.has_documents() {
                settings.defaults
            } else {
                Defaults::Nobody
            },
            strangers: plan.strangers,
            files: Vec::new(),
        };
        hosted.settle(hosting, settings, ground)?;
        Ok(hosted)
    }

    fn settle(
        &mut self,
        hosting: &Hosting,
        settings: Settings,
        ground: &mut HostGround<'_, '_>,
    ) -> Result<(), PublishError> {
        let has_redirects = settings.others.iter().any(|one| one.name == REDIRECTS);
        if !has_redirects {
            self.files.extend(ground.without_redirects(self.host)?);
        }
        match (&hosting.file, hosts::name_in_site(self.host), settings.main) {
            (Some(file), _, Some(text)) => {
                self.config = Some(ConfigFile::decide(file, self.host, &text)?);
                // What belongs into the site is left to whoever puts the settings there.
                self.defaults = match hosts::home(self.host) {
                    hosts::Home::Elsewhere => self.defaults,
                    _ => Defaults::Nobody,
                };
                return Ok(());
            }
            (None, Some(name), Some(text)) => self.files.push(ground.file(name, text)?),
            _ => {}
        }
        for other in settings.others {
            self.files.push(ground.file(other.name, other.text)?);
        }
        Ok(())
    }

    /// Writes the settings that lie beside the site.
    ///
    /// # Errors
    /// The disk fails.
    pub(super) fn write(&self) -> Result<(), ConfigError> {
        self.config.as_ref().map_or(Ok(()), ConfigFile::write)
    }
}

impl HostGround<'_, '_> {
    /// Takes the rules out of a file that was generated for another host: some let them go before
    /// files that are there, so that revoked documents would be answered with the default.
    fn without_redirects(&mut self, host: Host) -> Result<Option<SiteFile>, PublishError> {
        let path: SitePath = REDIRECTS.parse().map_err(PublishError::SideFile)?;
        let found = self.site.read(&path, side_files::LIMIT)?;
        match found.filter(|found| is_generated(found)) {
            Some(_) => self.file(REDIRECTS, hosts::headed(host, "")).map(Some),
            None => Ok(None),
        }
    }

    fn file(&mut self, name: &str, text: String) -> Result<SiteFile, PublishError> {
        let path: SitePath = name.parse().map_err(PublishError::SideFile)?;
        let found = self.site.read(&path, side_files::LIMIT)?;
        let media_type = match Path::new(name).extension() {
            Some(ending) if ending == "json" => "application/json",
            _ => "text/plain",
        };
        let mut file = SideFile::of_bytes(path, text.into_bytes(), media_type, self.chain);
        // What this tool generated, a run left that ended before the manifest was written.
        file.interrupted = found.filter(|found| is_generated(found));
        file.decide(self.site, self.rules, self.spool)
    }
}

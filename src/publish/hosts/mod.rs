//! What hosts are told: media types, who may read, and how long copies may be kept.
//!
//! One description, the [`HostPlan`], is made from what is published; a host needs the file that
//! writes it down as that host reads it, and its row in [`of`]. The description names no list where
//! a host knows patterns, so that nobody has to tell it when a series goes on.
//!
//! What an url holds, and what a manifest says, does not get into settings as it is: expressions are
//! made of letters and digits and of codes ([`pattern`]), media types are those that this tool knows
//! ([`plan`]), and paths that a host could take differently are refused.
//!
//! | file | holds |
//! |---|---|
//! | `served` | what is published, as far as hosts need to know it |
//! | `plan`, `pattern` | what is done with which paths |
//! | `nginx`, `apache`, `caddy` | settings of servers |
//! | `netlify`, `cloudflare`, `azure`, `s3` | settings of services |
//! | `config_file` | the file beside the site that holds them |

mod apache;
mod azure;
mod caddy;
mod cloudflare;
mod config_file;
mod netlify;
mod nginx;
mod pattern;
mod plan;
mod s3;
mod served;

use std::path::PathBuf;

use thiserror::Error;

pub(crate) use config_file::{ConfigError, ConfigFile, headed, is_generated};
pub(crate) use plan::HostPlan;
pub(crate) use served::Served;

use crate::site::Host;

/// The file in which hosts look for other answers than the files that are there.
pub(crate) const REDIRECTS: &str = "_redirects";

/// Where the settings of a host are to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hosting {
    pub(crate) host: Host,
    /// The file beside the site; `None` if the host reads them from the site, or has none.
    pub(crate) file: Option<PathBuf>,
}

/// Where a host looks for its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// In a file of the site.
    Site,
    /// Where its administrator says.
    Elsewhere,
    /// Nowhere: nothing can be set.
    Nowhere,
}

/// What a host cannot be told, or does otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// It serves files by its own types alone.
    Types,
    /// It lets copies be kept for this many seconds.
    Keeping { seconds: u64 },
    /// Who may read is a setting of the bucket.
    Bucket,
    /// A file of this type has no ending of its own, by which the host could tell it.
    OneTypePerEnding(&'static str),
}

/// Says why a host cannot be told what it should do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum HostFault {
    /// A path of a list holds what the host could take differently.
    #[error(
        "a path of the site has the character {character:?}, which {host} could take differently"
    )]
    Character { host: Host, character: char },

    /// The host takes no more rules.
    #[error("it would have {rules} rules, and {most} are taken at most")]
    TooManyRules { rules: usize, most: usize },

    /// The host takes no longer line.
    #[error("the line '{path}' would have more than {most} characters")]
    LongLine { path: String, most: usize },
}

/// What a host is told.
pub(crate) struct Settings {
    /// The text of the settings; `None` if there are none.
    pub(crate) main: Option<String>,
    /// Further files of the site, by their names.
    pub(crate) others: Vec<SiteSettings>,
    pub(crate) limits: Vec<Limit>,
    /// Who answers for documents without a file.
    pub(crate) defaults: Defaults,
}

/// A file of settings in the site.
pub(crate) struct SiteSettings {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

/// Who answers for documents without a file, once the settings are in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defaults {
    TheHost,
    Nobody,
}

/// The name of the file in the site that holds the settings.
pub(crate) const fn name_in_site(host: Host) -> Option<&'static str> {
    match host {
        Host::Netlify | Host::CloudflarePages => Some("_headers"),
        Host::AzureStaticWebApps => Some("staticwebapp.config.json"),
        Host::GithubPages => Some(".nojekyll"),
        Host::Nginx | Host::Apache | Host::Caddy | Host::S3 | Host::GitlabPages => None,
    }
}

/// Where a host looks for its settings.
pub(crate) const fn home(host: Host) -> Home {
    match host {
        Host::Netlify | Host::CloudflarePages | Host::AzureStaticWebApps => Home::Site,
        Host::Nginx | Host::Apache | Host::Caddy | Host::S3 => Home::Elsewhere,
        Host::GithubPages | Host::GitlabPages => Home::Nowhere,
    }
}

/// What a host is told. Every host has its row here.
///
/// # Errors
/// The host cannot be told.
pub(crate) fn of(host: Host, plan: &HostPlan) -> Result<Settings, HostFault> {
    use Defaults::{Nobody, TheHost};
    match host {
        Host::Nginx => Ok(Settings::file(host, &nginx::write(plan), TheHost)),
        Host::Apache => Ok(Settings::file(host, &apache::write(plan), TheHost)),
        Host::Caddy => {
            refuse(host, plan.unusual_prefix())?;
            Ok(Settings::file(host, &caddy::write(plan), TheHost))
        }
        Host::Netlify => {
            refuse(host, plan.unusual())?;
            let mut settings = Settings::file(host, &netlify::headers(plan), TheHost);
            settings
                .others
                .extend(netlify::redirects(plan).map(|text| SiteSettings {
                    name: REDIRECTS,
                    text: config_file::headed(host, &text),
                }));
            Ok(settings)
        }
        Host::CloudflarePages => {
            refuse(host, plan.unusual())?;
            Ok(Settings::file(host, &cloudflare::headers(plan)?, Nobody))
        }
        Host::AzureStaticWebApps => {
            refuse(host, plan.unusual())?;
            let (text, limits) = azure::write(plan);
            Ok(Settings {
                main: Some(text),
                limits,
                ..Settings::none()
            })
        }
        Host::S3 => Ok(Settings {
            main: Some(format!(
                "#!/bin/sh\n{}",
                config_file::headed(host, &s3::write(plan))
            )),
            limits: vec![Limit::Bucket],
            ..Settings::none()
        }),
        Host::GithubPages => Ok(Settings {
            // Without it, a generator would pass over some files.
            main: Some(String::new()),
            limits: vec![Limit::Types, Limit::Keeping { seconds: 600 }],
            ..Settings::none()
        }),
        Host::GitlabPages => Ok(Settings {
            limits: vec![Limit::Types, Limit::Keeping { seconds: 600 }],
            ..Settings::none()
        }),
    }
}

impl Settings {
    const fn none() -> Self {
        Self {
            main: None,
            others: Vec::new(),
            limits: Vec::new(),
            defaults: Defaults::Nobody,
        }
    }

    fn file(host: Host, text: &str, defaults: Defaults) -> Self {
        Self {
            main: Some(config_file::headed(host, text)),
            defaults,
            ..Self::none()
        }
    }
}

fn refuse(host: Host, unusual: Option<char>) -> Result<(), HostFault> {
    match unusual {
        Some(character) => Err(HostFault::Character { host, character }),
        None => Ok(()),
    }
}

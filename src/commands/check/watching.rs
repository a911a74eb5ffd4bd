//! What all targets of one run are checked with.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Args;
use super::keys::CheckedWith;
use super::target::TargetKind;
use crate::audit::Checks;
use crate::commands::certificates::Authorities;
use crate::commands::session::base_url;
use crate::commands::{Code, Context, Error};
use crate::disk::folder_of;
use crate::health::{Hosts, Level, Patience, Watch};
use crate::list::{Policy, Timestamp};
use crate::site::{BaseUrl, SitePath};
use crate::wire::shell::quote;

/// What all targets of one run are checked with.
pub(super) struct Watching<'a> {
    pub(super) args: &'a Args,
    pub(super) trusted: CheckedWith,
    pub(super) base: Option<BaseUrl>,
    /// Asks hosts; for urls, and where --http says so.
    pub(super) hosts: Hosts,
    /// The site of the list files, and whether it must be there.
    pub(super) site: Option<(PathBuf, MustBe)>,
    pub(super) now: Timestamp,
    pub(super) until: Instant,
    pub(super) counts_days: CountsDays,
}

/// Whether a site must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MustBe {
    /// Somebody named it for this run.
    There,
    /// The settings name it, perhaps for another machine.
    ThereOrNot,
}

/// Whether what a list file did over time is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CountsDays {
    Yes,
    No,
}

impl<'a> Watching<'a> {
    /// # Errors
    /// A key, a certificate or a base url cannot be used.
    pub(super) fn new(args: &'a Args, context: &Context<'_>) -> Result<Self, Error> {
        let until = Instant::now() + Duration::from_secs(args.max_time.seconds());
        let patience = Patience {
            each: Duration::from_secs(args.timeout.seconds()),
            until,
        };
        let named = args.to.clone().map(|site| (site, MustBe::There));
        let settings = context.settings.to.clone();
        Ok(Self {
            args,
            trusted: CheckedWith::new(args, context)?,
            base: base_url(args.base_url.as_ref(), context)?,
            hosts: Hosts::new(patience, context.clock.real),
            site: named.or_else(|| settings.map(|site| (site, MustBe::ThereOrNot))),
            now: context.clock.now(),
            until,
            counts_days: if args.metrics || args.metrics_file.is_some() {
                CountsDays::Yes
            } else {
                CountsDays::No
            },
        })
    }

    /// From which level on the check fails.
    pub(super) fn fails_from(&self) -> Level {
        self.args.fail_on.level()
    }

    /// How one target is checked.
    pub(super) fn watch<'w>(
        &'w self,
        base: Option<&'w BaseUrl>,
        hosts: Option<&'w Hosts>,
    ) -> Watch<'w> {
        let limit = self.args.inflate.limit();
        Watch {
            checks: Checks {
                keys: self.trusted.keys.as_ref(),
                trust: self.trusted.authorities.as_ref().map(Authorities::trust),
                ..Checks::new(self.now, limit)
            },
            limit: self.args.inflate.token_limit(),
            base,
            policy: Policy::default(),
            max_latency: self.args.max_latency,
            certificate: self.trusted.certificate,
            certificate_days: self.args.cert_days,
            hosts,
        }
    }

    /// Refuses to write metrics where everybody can read them.
    pub(super) fn refuse_in_site(&self, file: &Path, kinds: &[TargetKind]) -> Result<(), Error> {
        let folder = std::fs::canonicalize(folder_of(file));
        let Ok(folder) = folder else {
            // Writing says what is wrong with it.
            return Ok(());
        };
        let manifest = SitePath::manifest();
        let has_manifest = |folder: &Path| folder.join(manifest.as_path()).exists();
        let sites = kinds.iter().filter_map(TargetKind::site);
        let sites = sites.chain(self.site.iter().map(|(site, _)| site.as_path()));
        let is_below =
            |site: &Path| std::fs::canonicalize(site).is_ok_and(|site| folder.starts_with(site));
        let site = folder
            .ancestors()
            .find(|folder| has_manifest(folder))
            .map(Path::to_owned)
            .or_else(|| {
                sites
                    .filter(|site| is_below(site))
                    .map(Path::to_owned)
                    .next()
            });
        match site {
            None => Ok(()),
            Some(site) => Err(Error::new(
                Code::Refused,
                format!("{} lies in the site {}", quote(file), quote(site)),
            )
            .because("metrics tell how much was issued, and everything in a site is public")
            .hint("--metrics-file with a file elsewhere")),
        }
    }
}

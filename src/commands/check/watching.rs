//! What all targets of one run are checked with.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::Args;
use super::keys::CheckedWith;
use crate::audit::Checks;
use crate::commands::certificates::Authorities;
use crate::commands::session::base_url;
use crate::commands::{Context, Error};
use crate::health::{Hosts, Level, Patience, Watch};
use crate::list::{Policy, Timestamp};
use crate::site::BaseUrl;

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
    pub(super) policy: Policy,
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
            policy: args.regeneration.policy(context)?.unwrap_or_default(),
            until,
            counts_days: if args.metrics || args.metrics_file.is_some() || args.html.is_some() {
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

    /// How long one answer may take from now on.
    pub(super) fn patience_now(&self) -> Duration {
        let left = self.until.saturating_duration_since(Instant::now());
        left.min(Duration::from_secs(self.args.timeout.seconds()))
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
            policy: self.policy.clone(),
            max_latency: self.args.max_latency,
            certificate: self.trusted.certificate,
            certificate_days: self.args.cert_days,
            hosts,
        }
    }
}

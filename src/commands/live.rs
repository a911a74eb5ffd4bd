//! The hosts of list files, asked what is published there.

use std::path::Path;
use std::time::Duration as Patience;

use super::answer::live::{of_carried, of_expired, of_nothing, of_unshown};
use super::options::LiveOptions;
use super::{Context, Error, session};
use crate::list::Timestamp;
use crate::publish::{Live, PublishError, PublishPlan};
use crate::site::{BaseUrl, LiveSite, SitePath, SitePathError};
use crate::store::StoreError;
use crate::token::oa_ocsp::file_standing_for;

/// How far the clocks of two machines may be apart before somebody is told.
const SKEW: u64 = 3600;

/// What people are told of hosts.
pub(super) struct Said {
    pub(super) notes: Vec<String>,
    pub(super) warnings: Vec<String>,
}

/// Where the lists of some list files are served.
pub(super) struct Hosts {
    pub(super) site: LiveSite,
    /// The files of the lists.
    pub(super) paths: Vec<SitePath>,
}

impl Hosts {
    /// Reads from list files where their lists are served.
    ///
    /// # Errors
    /// A list file cannot be read, or a uri is none of a file below the base url.
    pub(super) fn of(
        files: &[&Path],
        base: Option<&BaseUrl>,
        options: &LiveOptions,
        patience: Patience,
    ) -> Result<Self, Error> {
        let mut uris = Vec::new();
        for file in files {
            let of_file = |error: StoreError| Error::of_store(file, &error);
            let store = session::open_to_read(file, patience)?;
            let snapshot = store.snapshot().map_err(of_file)?;
            for list in snapshot.lists().map_err(of_file)? {
                let places = snapshot.uris(list.number).map_err(of_file)?;
                uris.extend(places.iter().map(file_standing_for));
            }
        }
        let within = Patience::from_secs(options.live_timeout.seconds());
        let path = |uri: &String| {
            let wrong = |source: SitePathError| PublishError::Uri {
                uri: uri.clone(),
                source,
            };
            SitePath::own(uri, base).map_err(wrong)
        };
        let paths = uris.iter().map(path).collect::<Result<_, _>>()?;
        let site = LiveSite::of(uris.iter().map(String::as_str), base, within);
        let site = site.map_err(|source| PublishError::Uri {
            uri: uris.first().cloned().unwrap_or_default(),
            source,
        })?;
        Ok(Self { site, paths })
    }

    /// Reads the manifest that is served.
    ///
    /// # Errors
    /// Those of [`Live::read`].
    pub(super) fn read(&self, limit: u64) -> Result<Live<'_>, PublishError> {
        Live::read(&self.site, &self.paths, limit)
    }

    /// What people are told of what was read.
    pub(super) fn said(&self, live: &Live<'_>, plan: &PublishPlan, context: &Context<'_>) -> Said {
        let host = live.host();
        let real = context.clock.real;
        let nothing = (!live.is_there()).then(|| of_nothing(host));
        let clock = context
            .clock
            .given
            .is_none()
            .then(|| self.clock_warning(real));
        Said {
            notes: nothing
                .into_iter()
                .chain(of_carried(&plan.carried, host))
                .collect(),
            warnings: (clock.flatten().into_iter())
                .chain(of_expired(&plan.carried, context.clock.now()))
                .chain(of_unshown(&plan.unshown))
                .collect(),
        }
    }

    /// Warns that a host's clock and this machine's are far apart: readers refuse tokens that were
    /// issued in their future, and take what has expired for good if theirs is behind.
    fn clock_warning(&self, real: Timestamp) -> Option<String> {
        let date = self.site.date()?;
        let said = Timestamp::of_http(&date)?;
        let apart = said.second().abs_diff(real.second());
        let host = self.site.host();
        (apart > SKEW).then(|| {
            format!(
                "the clock of {host} says {said}, and this machine's {real}: check which is right, \
                 because readers refuse tokens that are issued in their future"
            )
        })
    }
}

//! The visibility rule: no published form may show an entry as valid that is not.
//!
//! A status is kept once and published in several forms, and a reader knows one family of them. Some
//! families have no word for some statuses: a `RevocationList2020` cannot say that a credential is
//! suspended. To set such a status all the same would leave it valid for those readers, without
//! anybody being told. So a status other than `valid` may be set only if every family of the series
//! shows it as something other than valid, or if its owner said that this family's readers may take
//! it for valid.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Family, SeriesView, Shows, Status, View};

/// Consent that readers of a family of views take entries with a status for valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// The readers.
    pub view: Family,
    /// The number of the status.
    pub status: u64,
}

/// A status that the readers of one family of views would take for valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("view {family} does not show status {status}: its readers would take the entry for valid")]
pub struct BlindError {
    /// The views that do not show it.
    pub family: Family,
    /// The status.
    pub status: Status,
}

/// The settings that decide who sees which status.
#[derive(Clone, Copy)]
pub(super) struct Visibility<'a> {
    pub(super) views: &'a [SeriesView],
    /// The statuses beside `suspended` that suspend.
    pub(super) suspending: &'a [u64],
    pub(super) blind: &'a [Consent],
}

impl Visibility<'_> {
    /// Whether a status suspends.
    pub(super) fn suspends(self, status: Status) -> bool {
        status == Status::SUSPENDED || self.suspending.contains(&status.value().into())
    }

    /// Whether readers of one view see an entry with this status as something other than valid.
    pub(super) fn shows(self, view: View, status: Status) -> bool {
        match view.shows() {
            Shows::Values => status != Status::VALID,
            Shows::Invalid => status == Status::INVALID,
            Shows::Suspending => self.suspends(status),
            Shows::InvalidOrSuspending => status == Status::INVALID || self.suspends(status),
        }
    }

    /// Checks the rule for a status. Fails with the first family of which no view shows it.
    pub(super) fn check(self, status: Status) -> Result<(), BlindError> {
        if status == Status::VALID {
            return Ok(());
        }
        let views = || self.views.iter().map(|known| known.view);
        let is_shown =
            |family| views().any(|view| view.family() == family && self.shows(view, status));
        let is_consented = |family| {
            self.blind.contains(&Consent {
                view: family,
                status: status.value().into(),
            })
        };
        match views()
            .map(View::family)
            .find(|family| !is_shown(*family) && !is_consented(*family))
        {
            Some(family) => Err(BlindError { family, status }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::{Purpose, Width};

    /// The statuses that a set of views shows, written down from the table of what each view
    /// holds, without the code under test.
    fn expected(views: &[View], status: u8) -> bool {
        let has = |view: View| views.contains(&view);
        let family = |name: &str| views.iter().any(|view| view.name().starts_with(name));
        if status == 0 {
            return true;
        }
        let bitstring = has(View::BitstringMessage)
            || (status == 1 && has(View::BitstringRevocation))
            || (status == 1 && has(View::BitstringRefresh))
            || (status == 2 && has(View::BitstringSuspension));
        let status_list_2021 = (status == 1 && has(View::StatusList2021Revocation))
            || (status == 2 && has(View::StatusList2021Suspension));
        (bitstring || !family("bitstring"))
            && (status_list_2021 || !family("statuslist2021"))
            && (status == 1 || !family("revocationlist2020"))
            && (status <= 2 || !family("oa-ocsp"))
    }

    fn templates(views: &[View]) -> Vec<SeriesView> {
        let template = |view: &View| SeriesView {
            view: *view,
            uri: format!("https://example.com/{{n}}{}", view.ending(None)),
        };
        views.iter().map(template).collect()
    }

    fn visibility(views: &[SeriesView]) -> Visibility<'_> {
        Visibility {
            views,
            suspending: &[],
            blind: &[],
        }
    }

    #[test]
    fn every_combination_of_views_shows_what_it_must() {
        // A refresh stands alone; all other views go together.
        let views: Vec<View> = View::ALL
            .into_iter()
            .filter(|view| view.purpose() != Some(Purpose::Refresh))
            .collect();
        for chosen in 1_u32..1 << views.len() {
            let chosen: Vec<View> = (0..views.len())
                .filter(|place| chosen >> place & 1 == 1)
                .map(|place| views[place])
                .collect();
            let templates = templates(&chosen);
            for width in [Width::Two, Width::Four, Width::Eight] {
                for value in 0..=width.largest() {
                    let status = Status::new(value.into(), width).unwrap();
                    let visible = visibility(&templates).check(status).is_ok();
                    assert_eq!(visible, expected(&chosen, value), "{chosen:?} {value}");
                }
            }
        }
    }

    #[test]
    fn consent_is_for_one_family_and_one_status() {
        let templates = templates(&[View::Jwt, View::RevocationList2020, View::OaOcsp]);
        let blind = |family, status| Err(BlindError { family, status });
        let without = visibility(&templates);
        assert_eq!(
            without.check(Status::SUSPENDED),
            blind(Family::RevocationList2020, Status::SUSPENDED)
        );
        let with = Visibility {
            blind: &[Consent {
                view: Family::RevocationList2020,
                status: 2,
            }],
            ..without
        };
        assert_eq!(with.check(Status::SUSPENDED), Ok(()));
        let three = Status::new(3, Width::Two).unwrap();
        assert_eq!(with.check(three), blind(Family::RevocationList2020, three));
    }

    #[test]
    fn a_declared_status_suspends() {
        let templates = templates(&[View::BitstringSuspension]);
        let three = Status::new(3, Width::Two).unwrap();
        let without = visibility(&templates);
        assert!(without.check(three).is_err());
        let with = Visibility {
            suspending: &[3],
            ..without
        };
        assert!(with.check(three).is_ok());
    }
}

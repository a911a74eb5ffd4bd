//! The visibility rule: no published form may show an entry as valid that is not.
//!
//! A status is kept once and published in several forms, and a reader knows one family of them. Some
//! families have no word for some statuses: a `RevocationList2020` cannot say that a credential is
//! suspended. To set such a status all the same would leave it valid for those readers, without
//! anybody being told. So a status other than `valid` may be set only if every family of the series
//! shows it as something other than valid, or if its owner said that this family's readers may take
//! it for valid.

use thiserror::Error;

use super::{Breach, Consent, Family, Series, Shows, Status, View};

/// A status that the readers of one family of views would take for valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("view {family} does not show status {status}: its readers would take the entry for valid")]
pub struct BlindError {
    /// The views that do not show it.
    pub family: Family,
    /// The status.
    pub status: Status,
}

/// Why a status does not fit the settings of a series.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UnfitStatus {
    /// Some readers would not see it.
    #[error(transparent)]
    Blind(#[from] BlindError),
    /// The profile does not have it.
    #[error(transparent)]
    Profile(#[from] Breach),
}

impl Series {
    /// Checks that an entry may have a status: the profile has it, and all readers see it.
    ///
    /// # Errors
    /// The rule of the profile, or the first family of which no view would show it.
    pub fn takes(&self, status: Status) -> Result<(), UnfitStatus> {
        if let Some(profile) = self.profile {
            profile.has_status(status)?;
        }
        Ok(self.visible(status)?)
    }

    /// Whether a reader of one view sees an entry with this status as something other than valid:
    /// the bit of the entry, where it has one.
    #[must_use]
    pub fn shows(&self, view: View, status: Status) -> bool {
        match view.row().shows {
            Shows::Values => status != Status::VALID,
            Shows::Invalid => status == Status::INVALID,
            Shows::Suspending => self.suspends(status),
            Shows::InvalidOrSuspending => status == Status::INVALID || self.suspends(status),
        }
    }

    /// Whether a status suspends: `suspended` does, and what the settings declare.
    #[must_use]
    pub fn suspends(&self, status: Status) -> bool {
        let declared = &self.credentials.suspending;
        status == Status::SUSPENDED || declared.contains(&status.value().into())
    }

    fn visible(&self, status: Status) -> Result<(), BlindError> {
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
        views()
            .map(View::family)
            .find(|family| !is_shown(*family) && !is_consented(*family))
            .map_or(Ok(()), |family| Err(BlindError { family, status }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::{
        Duration, Purpose, Register, SeriesError, SeriesSettings, SeriesView, Size, Width,
    };

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

    fn series(views: &[View], width: Width) -> Series {
        let register = Register {
            width,
            size: Size::new(100).unwrap(),
            default_status: Status::VALID,
            final_statuses: vec![Status::INVALID],
        };
        let views = views.iter().map(|view| SeriesView {
            view: *view,
            uri: format!("https://example.com/{{n}}{}", view.ending(None)),
        });
        Series::new(
            &register,
            "https://example.com".to_owned(),
            Duration::HOUR,
            Duration::WEEK,
            views.collect(),
        )
        .unwrap_or_else(|error| panic!("{error}"))
    }

    fn changed(series: &Series, change: impl FnOnce(&mut SeriesSettings)) -> Series {
        let changed = series.with(|settings| {
            change(settings);
            Ok::<_, SeriesError>(())
        });
        changed.unwrap()
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
            for width in [Width::Two, Width::Four, Width::Eight] {
                let series = series(&chosen, width);
                for value in 0..=width.largest() {
                    let status = Status::new(value.into(), width).unwrap();
                    let visible = series.visible(status).is_ok();
                    assert_eq!(visible, expected(&chosen, value), "{chosen:?} {value}");
                }
            }
        }
    }

    #[test]
    fn consent_is_for_one_family_and_one_status() {
        let views = [View::Jwt, View::RevocationList2020, View::OaOcsp];
        let without = series(&views, Width::Two);
        let blind = |family, status| Err(BlindError { family, status });
        assert_eq!(
            without.visible(Status::SUSPENDED),
            blind(Family::RevocationList2020, Status::SUSPENDED)
        );
        let with = changed(&without, |settings| {
            settings.blind.push(Consent {
                view: Family::RevocationList2020,
                status: 2,
            });
        });
        assert_eq!(with.visible(Status::SUSPENDED), Ok(()));
        let three = Status::new(3, Width::Two).unwrap();
        assert_eq!(
            with.visible(three),
            blind(Family::RevocationList2020, three)
        );
    }

    #[test]
    fn a_declared_status_suspends() {
        let without = series(&[View::BitstringSuspension], Width::Two);
        let three = Status::new(3, Width::Two).unwrap();
        assert!(without.visible(three).is_err());
        let with = changed(&without, |settings| settings.credentials.suspending.push(3));
        assert!(with.visible(three).is_ok());
    }
}

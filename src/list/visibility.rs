//! What readers see: no published form may show an entry as valid that is not.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Breach, Family, Purpose, Series, Status, View};

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
    /// The rule of the profile, or the view that would not show it.
    pub fn takes(&self, status: Status) -> Result<(), UnfitStatus> {
        if let Some(profile) = self.profile {
            profile.has_status(status)?;
        }
        Ok(self.visible(status)?)
    }

    /// Whether a reader of one view sees an entry with this status as something other than valid.
    #[must_use]
    pub fn shows(&self, view: View, status: Status) -> bool {
        match view {
            View::Jwt | View::Cwt | View::Bitstring(Purpose::Message) => status != Status::VALID,
            View::Bitstring(purpose) | View::StatusList2021(purpose) => self.sets(purpose, status),
            View::RevocationList2020 => self.sets(Purpose::Revocation, status),
            View::OaOcsp => status == Status::INVALID || self.sets(Purpose::Suspension, status),
        }
    }

    /// Whether a view may show why an entry has this status.
    #[must_use]
    pub fn publishes_reasons(&self, status: Status) -> bool {
        status != Status::VALID && self.has(View::OaOcsp)
    }

    /// Whether the bit that a list of this purpose has for an entry is set at a status.
    ///
    /// A list of messages has no such bit: its entries hold the whole value.
    #[must_use]
    pub fn sets(&self, purpose: Purpose, status: Status) -> bool {
        match purpose {
            Purpose::Revocation | Purpose::Refresh => status == Status::INVALID,
            Purpose::Suspension => {
                let declared = &self.credentials.suspending;
                status == Status::SUSPENDED || declared.contains(&u64::from(status.value()))
            }
            Purpose::Message => false,
        }
    }

    /// Checks that a status may be set: every family of views shows it, or there is consent that
    /// one does not.
    ///
    /// # Errors
    /// The first family of which no view shows a status other than valid.
    pub fn visible(&self, status: Status) -> Result<(), BlindError> {
        if status == Status::VALID {
            return Ok(());
        }
        let shown = |family: Family| {
            let mut views = self.views.iter().map(|view| view.view);
            views.any(|view| view.family() == family && self.shows(view, status))
        };
        let consented = |family: Family| {
            self.blind.contains(&Consent {
                view: family,
                status: status.value().into(),
            })
        };
        match self
            .views
            .iter()
            .map(|view| view.view.family())
            .find(|family| !shown(*family) && !consented(*family))
        {
            Some(family) => Err(BlindError { family, status }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::{Duration, Register, SeriesView, Size, Width};

    /// The statuses that a set of views shows, written down from the table of what each view
    /// holds, without the code under test.
    fn expected(views: &[View], status: u8) -> bool {
        let has = |view: View| views.contains(&view);
        let family = |name: &str| views.iter().any(|view| view.name().starts_with(name));
        if status == 0 {
            return true;
        }
        let bitstring = has(View::Bitstring(Purpose::Message))
            || (status == 1 && has(View::Bitstring(Purpose::Revocation)))
            || (status == 1 && has(View::Bitstring(Purpose::Refresh)))
            || (status == 2 && has(View::Bitstring(Purpose::Suspension)));
        let status_list_2021 = (status == 1 && has(View::StatusList2021(Purpose::Revocation)))
            || (status == 2 && has(View::StatusList2021(Purpose::Suspension)));
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
        let mut series = series(&views, Width::Two);
        let blind = |family, status| Err(BlindError { family, status });
        assert_eq!(
            series.visible(Status::SUSPENDED),
            blind(Family::RevocationList2020, Status::SUSPENDED)
        );
        series.blind.push(Consent {
            view: Family::RevocationList2020,
            status: 2,
        });
        assert_eq!(series.visible(Status::SUSPENDED), Ok(()));
        let three = Status::new(3, Width::Two).unwrap();
        assert_eq!(
            series.visible(three),
            blind(Family::RevocationList2020, three)
        );
    }

    #[test]
    fn a_declared_status_suspends() {
        let views = [View::Bitstring(Purpose::Suspension)];
        let mut series = series(&views, Width::Two);
        let three = Status::new(3, Width::Two).unwrap();
        assert!(series.visible(three).is_err());
        series.credentials.suspending.push(3);
        assert!(series.visible(three).is_ok());
    }
}

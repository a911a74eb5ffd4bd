//! What all sites of a list file say of all its lists.

use super::compare::Comparison;
use super::error::SurveyError;
use super::found::{Survey, SurveyedFile};
use super::list_file::{ListFile, OwnList};
use super::lists::Site;
use super::published::Standing;
use super::surveying::{Adoption, Surveying};
use crate::list::{ListNumber, pages};
use crate::site::{Manifest, SitePath, Target, Unpublishable, uris_of};
use crate::token::StatusList;

impl Surveying<'_> {
    /// Compares sites with a list file.
    ///
    /// # Errors
    /// A file cannot be read; or something is to be taken over, and nothing can be.
    pub(crate) fn survey<L: ListFile>(
        &self,
        list_file: &L,
        sites: &[Box<dyn Target>],
    ) -> Result<Survey, SurveyError<L::Error>> {
        let adopts = self.adoption == Adoption::Wanted;
        if adopts && self.verification.keys.is_none() && self.verification.trust.is_none() {
            return Err(SurveyError::NoKey);
        }
        if adopts && sites.len() > 1 {
            return Err(SurveyError::SeveralSites);
        }
        let series = list_file.series();
        let finals = series.lasting_statuses();
        let mut survey = Survey::default();
        for target in sites {
            let target = target.as_ref();
            let manifest = Manifest::load(target)?.unwrap_or_default();
            let site = Site {
                target,
                manifest: &manifest,
                base: self.base,
            };
            let known = list_file.numbers().map_err(SurveyError::ListFile)?;
            let unknown = site.unknown_lists(&known, &series.views)?;
            let comparison = Comparison {
                list_file,
                site,
                finals: &finals,
                surveying: self,
            };
            for number in known.union(&unknown).copied() {
                if known.contains(&number) {
                    let own = list_file.list(number).map_err(SurveyError::ListFile)?;
                    comparison.list(&own, &mut survey)?;
                    comparison.answers(&own, &mut survey)?;
                } else {
                    let own = untouched(list_file, number)?;
                    if comparison.list(&own, &mut survey)? {
                        survey.unknown_lists.push(number);
                    }
                }
            }
        }
        let mut signed = survey.files.iter().filter_map(SurveyedFile::standing);
        if adopts && !signed.any(|standing| matches!(standing, Standing::Verified(_))) {
            return Err(SurveyError::NothingVerifies(closest(&survey.files)));
        }
        Ok(survey)
    }
}

/// A list that the list file does not know, as nobody changed it.
fn untouched<L: ListFile>(list_file: &L, number: ListNumber) -> Result<OwnList, Unpublishable> {
    let register = list_file.register();
    let bytes = register.width.bytes_for(register.size.entries());
    let byte = pages::uniform_byte(register.width, register.default_status.value());
    Ok(OwnList {
        number,
        uris: uris_of(&list_file.series().views, number)?,
        statuses: StatusList {
            width: register.width,
            bytes: vec![byte; usize::try_from(bytes).unwrap_or(usize::MAX)],
        },
    })
}

/// The file that says best why nothing verifies: the first by path that was rejected, else the
/// first that nothing was given for.
fn closest(files: &[SurveyedFile]) -> Option<(SitePath, Standing)> {
    files
        .iter()
        .filter_map(|file| Some((file.path.clone(), file.standing()?.clone())))
        .min_by_key(|(path, standing)| (*standing == Standing::NotChecked, path.clone()))
}

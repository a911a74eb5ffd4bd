//! What all sites of a list file say of all its lists.

use super::compare::Comparison;
use super::found::Survey;
use super::list_file::{ListFile, OwnList};
use super::lists::SurveyedSite;
use super::surveying::Surveying;
use crate::list::{ListNumber, pages};
use crate::site::{Manifest, Target, Unpublishable, numbered_uris_of};
use crate::token::StatusList;

impl Surveying<'_> {
    /// Compares sites with a list file.
    ///
    /// # Errors
    /// A file cannot be read; or files that verify contradict each other.
    pub(crate) fn survey<L: ListFile>(
        &self,
        list_file: &L,
        sites: &[Box<dyn Target>],
    ) -> Result<Survey, L::Error> {
        let finals = self.series.lasting_statuses();
        let mut survey = Survey::default();
        for target in sites {
            let target = target.as_ref();
            survey.sites.push(target.root().display().to_string());
            let manifest = Manifest::load(target)?.unwrap_or_default();
            let site = SurveyedSite {
                target,
                manifest: &manifest,
                base: self.base,
            };
            let known = list_file.numbers()?;
            let unknown = site.unknown_lists::<L::Error>(&known, &self.series.views)?;
            let comparison = Comparison {
                list_file,
                site,
                finals: &finals,
                surveying: self,
            };
            for number in known.union(&unknown).copied() {
                if known.contains(&number) {
                    let own = list_file.list(number)?;
                    comparison.list(&own, &mut survey)?;
                    comparison.answers(&own, &mut survey)?;
                } else if comparison.list(&self.untouched(number)?, &mut survey)? {
                    survey.unknown_lists.push(number);
                }
            }
        }
        Ok(survey)
    }

    /// A list that the list file does not know, as nobody changed it.
    fn untouched(&self, number: ListNumber) -> Result<OwnList, Unpublishable> {
        let register = self.series.register();
        let bytes = register.width.bytes_for(register.size.entries());
        let byte = pages::uniform_byte(register.width, register.default_status.value());
        Ok(OwnList {
            number,
            uris: numbered_uris_of(&self.series.views, number)?,
            statuses: StatusList {
                width: register.width,
                bytes: vec![byte; usize::try_from(bytes).unwrap_or(usize::MAX)],
            },
            documents: Vec::new(),
        })
    }
}

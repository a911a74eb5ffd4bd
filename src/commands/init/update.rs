//! Settings for a list file that is there already: what may change is changed, and what may not is
//! reported. A list in use is never reset.

use serde_json::json;

use super::options::ListOptions;
use crate::commands::configuration::{Aggregation, Change, NoteChange, Templates};
use crate::commands::options::{CredentialOptions, CredentialType, TurnOptions};
use crate::commands::{Code, Error};
use crate::list::{Series, Status, StatusName, View};
use crate::site::{ViewsError, template_of};
use crate::wire::text::cut;

/// A setting that cannot become what was asked for.
pub(super) struct Difference {
    pub(super) setting: &'static str,
    pub(super) is: String,
    pub(super) wanted: String,
}

/// What is asked of a list file: the change that may be, and what may not.
pub(super) struct Update {
    pub(super) change: Change,
    pub(super) differences: Vec<Difference>,
}

impl Update {
    /// Compares what is wanted with what the file says. What nobody named stays as it is.
    pub(super) fn of(options: &ListOptions, series: &Series) -> Result<Self, Error> {
        let mut comparison = Comparison {
            options,
            series,
            differences: Vec::new(),
        };
        comparison.register()?;
        let new_views = comparison.views()?;
        let templates = comparison.templates()?;
        let credentials = comparison.credentials();
        let notes = options.meta.iter().map(|(key, value)| NoteChange::Kept {
            key: key.clone(),
            value: value.clone(),
        });
        let aggregation = comparison.aggregation()?;
        let change = Change {
            issuer: options.issuer.clone(),
            ttl: options.ttl,
            valid_for: options.valid_for,
            aggregation,
            notes: notes.collect(),
            bound_to: CredentialType::change(&options.bound_to)?,
            bits: None,
            size: None,
            turns: TurnOptions {
                open: options.open.filter(|open| *open != series.open),
                spare: options.spare.filter(|spare| *spare != series.spare),
            },
            new_views,
            templates: Templates::OfNewViews(templates),
            credentials,
        };
        Ok(Self {
            change,
            differences: comparison.differences,
        })
    }
}

/// Refuses to change what credentials depend on.
pub(super) fn refused(file: &str, differences: &[Difference]) -> Error {
    let facts: Vec<_> = differences
        .iter()
        .map(|one| json!({ "setting": one.setting, "is": one.is, "wanted": one.wanted }))
        .collect();
    let message = format!("{file} has other settings, which cannot change");
    let mut error = Error::new(Code::Conflict, message).detail("differences", facts);
    for one in differences {
        error = error.because(format!(
            "{} is {}, and {} is wanted",
            one.setting,
            cut(&one.is),
            cut(&one.wanted)
        ));
    }
    let of_future_lists = |one: &Difference| ["size", "uri"].contains(&one.setting);
    error.hint(if differences.iter().all(of_future_lists) {
        format!("for future lists: statuslist configure {file} --size N, --uri TEMPLATE")
    } else if differences.iter().all(is_wider) {
        format!("entries can get more bits, for good: statuslist configure {file} --bits N")
    } else {
        "make another list file, or take out of the settings what differs".to_owned()
    })
}

/// Whether entries are to get more bits; there is one digit for each width.
fn is_wider(one: &Difference) -> bool {
    one.setting == "bits" && one.wanted > one.is
}

struct Comparison<'a> {
    options: &'a ListOptions,
    series: &'a Series,
    differences: Vec<Difference>,
}

impl Comparison<'_> {
    fn differs<T: PartialEq>(
        &mut self,
        setting: &'static str,
        is: &T,
        wanted: Option<&T>,
        shown: impl Fn(&T) -> String,
    ) {
        if let Some(wanted) = wanted.filter(|wanted| *wanted != is) {
            self.differences.push(Difference {
                setting,
                is: shown(is),
                wanted: shown(wanted),
            });
        }
    }

    /// What credentials depend on.
    fn register(&mut self) -> Result<(), Error> {
        let (options, series) = (self.options, self.series);
        let register = series.register();
        let number = |status: &Status| u64::from(status.value());
        let bits = options.bits.as_ref();
        self.differs("bits", &register.width, bits, |width| {
            width.bits().to_string()
        });
        let size = options.size.as_ref();
        self.differs("size", &series.size, size, |size| {
            size.entries().to_string()
        });
        let default = options.default_status.map(StatusName::number);
        let known = number(&register.default_status);
        self.differs("default-status", &known, default.as_ref(), u64::to_string);
        let finals = options
            .named_finals()?
            .map(|names| sorted(names.into_iter().map(StatusName::number).collect()));
        let known = sorted(register.final_statuses.iter().map(number).collect());
        self.differs("final", &known, finals.as_ref(), |statuses| {
            listed(statuses)
        });
        let profile = options.profile.map(Some);
        self.differs("profile", &series.profile, profile.as_ref(), |profile| {
            profile.map_or_else(|| "none".to_owned(), |profile| profile.to_string())
        });
        Ok(())
    }

    /// The forms that are new. One that is published cannot be taken back.
    fn views(&mut self) -> Result<Vec<View>, Error> {
        let wanted = self.options.forms()?;
        let known = self.series.forms();
        let lost = known.iter().any(|view| !wanted.contains(view));
        if !wanted.is_empty() && lost {
            self.differs("as", &known, Some(&wanted), |views| listed(views));
            return Ok(Vec::new());
        }
        Ok(wanted
            .into_iter()
            .filter(|view| !known.contains(view))
            .collect())
    }

    /// The templates of new views. Those of views that there are must be what they are.
    fn templates(&mut self) -> Result<Vec<String>, Error> {
        let known = &self.series.views;
        let mut templates = Vec::new();
        let mut common = known.first();
        for text in self.options.templates() {
            let named = text.split_once('=').and_then(|(name, template)| {
                let view: View = name.parse().ok()?;
                Some((view, template))
            });
            let (view, template) = match named {
                Some((view, template)) => (known.iter().find(|known| known.view == view), template),
                // A second one without a view is refused with those of the new views.
                None => (common.take(), text.as_str()),
            };
            match view {
                Some(view) => {
                    template_of(template)?;
                    self.differs("uri", &view.uri, Some(&template.to_owned()), String::clone);
                }
                None if named.is_none() => return Err(ViewsError::TwoWithoutView.into()),
                None => templates.push(text),
            }
        }
        Ok(templates)
    }

    /// What is given of the W3C views, without what is so already.
    fn credentials(&mut self) -> CredentialOptions {
        let known = &self.series.credentials;
        let mut given = self.options.credentials.clone();
        if !self.series.has_credentials() {
            return given;
        }
        let written = |proof: &Option<_>| match proof {
            Some(proof) => format!("{proof}"),
            None => "by the key".to_owned(),
        };
        let proof = given.proof.take().map(Some);
        self.differs("proof", &known.proof, proof.as_ref(), written);
        let method = given.verification_method.take().map(Some);
        self.differs(
            "verification-method",
            &known.verification_method,
            method.as_ref(),
            |method| method.clone().unwrap_or_else(|| "by the key".to_owned()),
        );
        let order = given.bit_order.take();
        self.differs("bit-order", &known.bit_order, order.as_ref(), |order| {
            format!("{order:?}").to_lowercase()
        });
        given
    }

    fn aggregation(&self) -> Result<Option<Aggregation>, Error> {
        if let Some(uri) = &self.options.aggregation_uri {
            return Ok(Some(Aggregation::of(uri)));
        }
        if !self.options.aggregated || self.series.aggregation_uri.is_some() {
            return Ok(None);
        }
        let Some(first) = self.series.views.first() else {
            return Ok(None);
        };
        let uri = self.options.aggregation(&template_of(&first.uri)?);
        Ok(uri.map(Aggregation::At))
    }
}

fn sorted(mut numbers: Vec<u64>) -> Vec<u64> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn listed<T: std::fmt::Display>(values: &[T]) -> String {
    if values.is_empty() {
        return "none".to_owned();
    }
    let texts: Vec<_> = values.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

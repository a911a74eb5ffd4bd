//! A list file that can be made: its settings make sense, and are not on the disk yet.

use std::path::Path;

use serde_json::json;

use super::args::Args;
use super::foreign::{Foreign, IMMEDIATE};
use super::made::{Became, Made, Outcome};
use super::options::ListOptions;
use crate::change::new_list;
use crate::commands::answer::lifetimes::no_time_for_renewal;
use crate::commands::answer::profiles::breach_warnings;
use crate::commands::{Context, Error, session, widening};
use crate::list::{ListNumber, Register, Seed, Series, Weight};
use crate::site::{UriTemplate, ViewsError, mistaken_for, template_of};
use crate::store::{self, ListState, Master, NewList, Revision, Stamp, StoreError, Work};
use crate::wire::hex::hex;
use crate::wire::shell::quote;

/// The entries above which a common reader refuses a list.
const READERS_CAP: u64 = 1 << 26;

/// A list file that can be made.
pub(super) struct Blueprint {
    pub(super) series: Series,
    template: UriTemplate,
    /// The secret that the seeds of its lists are derived from, if one was given.
    master: Option<Seed>,
    /// The lists that it begins with.
    lists: Vec<NewList>,
    /// Whether somebody named the issuer.
    names_issuer: bool,
    notes: Vec<String>,
}

impl Blueprint {
    /// Puts the settings of a new series together, with what variables of other systems say where
    /// nobody else says it.
    pub(super) fn of(
        options: &ListOptions,
        master: Option<&Seed>,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let foreign = Foreign::of(options, context)?;
        let options = options.clone().over(foreign.options);
        let made = Self::with(&options, master, foreign.notes.clone(), context);
        let mut made = made.map_err(|error| {
            let notes = foreign.notes.iter();
            notes.fold(error, Error::because)
        })?;
        if let Some(publishing) = &foreign.publishing {
            let lines = publishing.lines(made.series.valid_for, made.series.register().width)?;
            made.notes.push(format!("{IMMEDIATE}: {lines}"));
        }
        Ok(made)
    }

    fn with(
        options: &ListOptions,
        master: Option<&Seed>,
        mut notes: Vec<String>,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let views = options.series_views()?;
        let template = template_of(&views.first().ok_or(ViewsError::NoUri)?.uri)?;
        let register = options.register(&views)?;
        let series = options.series(context, &template, &register, views)?;
        if let (None, Some(uri)) = (&options.aggregation_uri, &series.aggregation_uri) {
            notes.push(format!("the aggregation is published at {uri}"));
        }
        Ok(Self {
            lists: first_lists(&series, master)?,
            master: master.cloned(),
            series,
            template,
            names_issuer: options.issuer.is_some(),
            notes,
        })
    }

    /// Who asks for what, and when.
    pub(super) fn stamp(&self, args: &Args, context: &Context<'_>) -> Result<Stamp, Error> {
        let first = self.lists.first().filter(|_| self.master.is_some());
        let digest = first.map(|list| hex(&list.seed.sha256()));
        let request = json!({ "series": self.series, "seedSha256": digest });
        args.write.stamp(context, "init", &request)
    }

    /// The answer when it is made by this revision.
    pub(super) fn made(&self, revision: Revision) -> Made {
        let uri = self.lists.first().map(NewList::first_uri);
        Made {
            created_at: revision.at,
            revision: revision.rev,
            ..Made::of(ListNumber::FIRST, uri.unwrap_or_default(), &self.series)
        }
    }

    /// What became of a list file that this revision made, or would have.
    pub(super) fn outcome(&self, file: &Path, revision: Revision, stamp: Stamp) -> Outcome {
        Outcome {
            made: self.made(revision),
            became: Became::Made,
            revision,
            stamp,
            repeats: None,
            notes: self.notes(file),
            warnings: self.warnings(),
        }
    }

    fn notes(&self, file: &Path) -> Vec<String> {
        let file = quote(file);
        let mut notes = vec![format!(
            "made {file}; it holds secrets: keep it private, and back it up: statuslist backup {file} COPY"
        )];
        if !self.names_issuer {
            notes.push(format!(
                "the issuer is {}; if credentials name another: statuslist configure {file} --issuer URI",
                self.series.issuer
            ));
        }
        notes.extend(widening::advice(&self.series, &file));
        notes.extend(self.notes.iter().cloned());
        notes
    }

    /// Where its lists are published.
    pub(super) fn uris(&self) -> impl Iterator<Item = &String> {
        let lists = self.lists.iter();
        lists.flat_map(|list| list.uris.iter().map(|(_, uri)| uri))
    }

    /// Warns of what readers or later commands cannot do with such a list.
    fn warnings(&self) -> Vec<String> {
        let series = &self.series;
        let register = series.register();
        let mut warnings = Vec::new();
        if !self.template.tells_lists_apart() {
            warnings.push(
                "the uri has no {n}: the series has this one list, and cannot go on when it is full"
                    .to_owned(),
            );
        }
        for view in &series.views {
            if let Some(other) = mistaken_for(view, series.credentials.proof) {
                warnings.push(format!(
                    "view {} is published at {}, which hosts take for {other}",
                    view.view, view.uri
                ));
            }
        }
        if register.size.entries() > READERS_CAP {
            warnings.push(format!(
                "a list of {} entries: common readers refuse more than {READERS_CAP}",
                register.size.entries()
            ));
        }
        warnings.extend(too_long(register));
        warnings.extend(no_time_for_renewal(series.ttl, series.valid_for));
        warnings.extend(breach_warnings(series.breaches(Weight::Should)));
        warnings
    }
}

impl Args {
    /// Makes a list file. The caller holds the lock of its folder.
    pub(super) fn make(
        &self,
        file: &Path,
        blueprint: &Blueprint,
        context: &Context<'_>,
    ) -> Result<Outcome, Error> {
        let stamp = blueprint.stamp(self, context)?;
        let lineage = store::lineage_of(*session::random()?);
        let work = Work {
            new_lists: blueprint.lists.clone(),
            master: blueprint.master.clone().map(Master::Kept),
            ..Work::default()
        };
        let created = store::prepare_file(file, &lineage, &blueprint.series, &stamp, work)
            .and_then(|prepared| self.write.carry_out(prepared));
        let (revision, repeats) = match created {
            Ok(revision) => (revision, None),
            Err(error) => match session::earlier(file, &stamp, self.write.wait.time()) {
                Some(event) if matches!(error, StoreError::Exists) => {
                    (Revision::repeated(&event), Some(event))
                }
                _ => return Err(Error::of_store(file, &error)),
            },
        };
        Ok(Outcome {
            repeats,
            ..blueprint.outcome(file, revision, stamp)
        })
    }
}

/// Warns of lists that are longer than what `inspect` inflates unasked.
pub(in crate::commands) fn too_long(register: &Register) -> Option<String> {
    let bytes = register.width.bytes_for(register.size.entries());
    let limit = crate::token::InflateLimit::default().bytes();
    (bytes > limit).then(|| {
        format!("a list of {bytes} bytes: `inspect` needs --max-inflated {bytes} to read it")
    })
}

/// The lists that a series begins with: those that hand out entries, then those in reserve.
fn first_lists(series: &Series, master: Option<&Seed>) -> Result<Vec<NewList>, Error> {
    let open = series.open.count();
    let mut lists = Vec::new();
    let mut next = Some(ListNumber::FIRST);
    for place in 0..open + series.spare {
        let Some(number) = next else {
            break;
        };
        let seed = match master {
            Some(master) => master.derive(number.value()),
            None => Seed::new(*session::random()?),
        };
        let state = if place < open {
            ListState::Open
        } else {
            ListState::Spare
        };
        lists.push(new_list(series, number, seed, state)?);
        next = number.next();
    }
    Ok(lists)
}

//! In which list file of a pool each line of a batch has its entry.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Args;
use super::faults::{Fault, Faults};
use super::lines::Lines;
use crate::change::{ChangeError, LineIsFoundBy, LinesToFind, Request};
use crate::commands::options::CredentialType;
use crate::commands::pool::{
    Choice, ListedUnder, Member, Pool, PoolError, Purpose, Remarks, Wanted, Why,
};
use crate::commands::{Context, Error};
use crate::list::Timestamp;
use crate::store::{Snapshot, StoreError, Whereabouts};

/// Where the lines of a batch belong.
pub(super) struct Placed {
    /// The list files of the pool that could be asked, by name.
    pub(super) files: Vec<PathBuf>,
    /// For each line, which of them is its own; nothing for those that have a fault.
    pub(super) owners: Vec<Option<u32>>,
    /// Which list file hands out entries, if lines take any.
    pub(super) choice: Option<Choice>,
    /// The list files that did the operation before, the first one first.
    pub(super) done: Vec<PathBuf>,
    pub(super) remarks: Remarks,
}

/// What a list file says of the lines of a batch.
struct Says {
    /// The places of those that are its own.
    lines: Vec<u32>,
    whereabouts: Whereabouts,
    /// When it did the operation.
    done: Option<Timestamp>,
}

/// The lines that no list file has.
#[derive(Default)]
struct Homeless {
    /// Those that take a new entry, or mean one that is taken by a line before.
    fresh: Vec<u32>,
    /// How many new entries that are.
    entries: u64,
    /// The others.
    lost: Vec<u32>,
}

impl Args {
    /// Finds the list file of each line. One that no list file has is a fault.
    pub(super) fn place(
        &self,
        pool: &Pool,
        lines: &mut Lines<'_>,
        context: &Context<'_>,
    ) -> Result<Placed, Error> {
        let request = &lines.request;
        let to_find = LinesToFind::of(request);
        let id = self.write.op_id.as_deref();
        let survey = pool.ask(|_, snapshot| Says::of(snapshot, &to_find, id));
        let owners = owners(&survey.members, request)?;
        let homeless = Homeless::of(&owners, request, &to_find);
        if !survey.remarks.unread.is_empty() && !are_sure(&owners, &survey.members, request) {
            survey.refuse_unread(&self.file, Purpose::Batch)?;
        }
        for place in &homeless.lost {
            let line = &request.lines[*place as usize];
            let fault = Fault::of(line.number, self.not_found(request.found_by(line)));
            lines.faults.add(fault);
        }
        let done = done(&survey.members);
        let files = survey.members.into_iter().map(|member| member.file);
        let mut placed = Placed {
            files: files.collect(),
            owners,
            choice: None,
            done,
            remarks: survey.remarks,
        };
        if homeless.entries > 0 {
            let choice = self.choose(pool, request, &placed, &homeless, context)?;
            let owner = placed.which(&choice.file);
            for place in homeless.fresh {
                placed.owners[place as usize] = owner;
            }
            placed.choice = Some(choice);
        }
        Ok(placed)
    }

    /// Chooses the list file that hands out entries, or finds the one that did.
    fn choose(
        &self,
        pool: &Pool,
        request: &Request,
        placed: &Placed,
        homeless: &Homeless,
        context: &Context<'_>,
    ) -> Result<Choice, Error> {
        let before = if self.per_file {
            self.took_before(pool, request, placed, homeless, context)?
        } else {
            placed.done.first().cloned()
        };
        if let Some(file) = before {
            let why = Why::Repeated;
            return Ok(Choice { file, why });
        }
        let (choice, _) = pool.to_take_of(Wanted {
            entries: homeless.entries,
            credential_type: self.credential_type.as_ref().map(CredentialType::as_str),
            // What they did for this operation is not added to.
            except: &placed.done,
            ..Wanted::default()
        })?;
        Ok(choice)
    }

    /// The list file that took entries for this very batch before: that is known by the lines that
    /// it was asked for.
    fn took_before(
        &self,
        pool: &Pool,
        request: &Request,
        placed: &Placed,
        homeless: &Homeless,
        context: &Context<'_>,
    ) -> Result<Option<PathBuf>, Error> {
        let Some(id) = &self.write.op_id else {
            return Ok(None);
        };
        let mut failed = None;
        let survey = pool.ask(|file, snapshot| {
            let Some(event) = snapshot.event_of(id)? else {
                return Ok(false);
            };
            let own = placed.which(file);
            let is_its = |place: u32| {
                let owner = placed.owners[place as usize];
                owner.is_some() && owner == own || homeless.fresh.binary_search(&place).is_ok()
            };
            match self.stamp(request.part(is_its).1, context) {
                Ok(stamp) => snapshot.asked_for(&event, &stamp),
                Err(error) => {
                    failed = Some(error);
                    Ok(false)
                }
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        survey.refuse_unread(&self.file, Purpose::HandOut)?;
        let mut members = survey.members.into_iter();
        Ok(members
            .find(|member| member.answer)
            .map(|member| member.file))
    }

    /// Says that no list file of the pool has the entry of a line.
    fn not_found(&self, found_by: LineIsFoundBy) -> Error {
        let of_store = |error: StoreError| Error::of_line(&self.file, ChangeError::Store(error));
        match found_by {
            LineIsFoundBy::Uri(uri) => of_store(StoreError::NoUri(uri)),
            LineIsFoundBy::Token(token) => of_store(StoreError::NoToken(token)),
            LineIsFoundBy::Nothing(name) => PoolError::OfWhichFile {
                folder: self.file.clone(),
                name,
            }
            .into(),
            LineIsFoundBy::NewEntry => Error::refused("it takes an entry of no list file"),
        }
    }
}

impl Placed {
    /// Which of the list files this is.
    fn which(&self, file: &Path) -> Option<u32> {
        let which = self.files.iter().position(|own| own == file)?;
        u32::try_from(which).ok()
    }

    /// The list files that lines belong to, by name, each with the place of the first of them.
    pub(super) fn in_use(&self) -> BTreeMap<u32, usize> {
        let mut first = BTreeMap::new();
        for (place, owner) in self.owners.iter().enumerate() {
            if let Some(owner) = owner {
                first.entry(*owner).or_insert(place);
            }
        }
        first
    }
}

impl Says {
    fn of(
        snapshot: &Snapshot<'_>,
        to_find: &LinesToFind<'_>,
        operation_id: Option<&str>,
    ) -> Result<Self, StoreError> {
        let event = operation_id.map(|id| snapshot.event_of(id)).transpose()?;
        Ok(Self {
            lines: to_find.on_file(snapshot)?,
            whereabouts: snapshot.whereabouts()?,
            done: event.flatten().map(|event| event.at),
        })
    }
}

impl Homeless {
    fn of(owners: &[Option<u32>], request: &Request, to_find: &LinesToFind<'_>) -> Self {
        let mut homeless = Self::default();
        for (place, line) in request.places() {
            if owners[place as usize].is_some() {
                continue;
            }
            if request.found_by(line) == LineIsFoundBy::NewEntry {
                homeless.entries += 1;
                homeless.fresh.push(place);
            } else if to_find.follows_its_allocation(place) {
                homeless.fresh.push(place);
            } else {
                homeless.lost.push(place);
            }
        }
        homeless
    }
}

/// Which of the list files has the entry of each line.
fn owners(members: &[Member<Says>], request: &Request) -> Result<Vec<Option<u32>>, PoolError> {
    let mut owners: Vec<Option<u32>> = vec![None; request.lines.len()];
    for (which, member) in (0..).zip(members) {
        for place in &member.answer.lines {
            let place = *place as usize;
            let before = owners[place].replace(which);
            if let (Some(first), Some(what)) = (before, listed_under(request, place)) {
                return Err(PoolError::Twice {
                    what,
                    first: members[first as usize].file.clone(),
                    second: member.file.clone(),
                });
            }
        }
    }
    Ok(owners)
}

/// What the list file of a line is found by.
fn listed_under(request: &Request, place: usize) -> Option<ListedUnder> {
    let line = &request.lines[place];
    match request.found_by(line) {
        LineIsFoundBy::Uri(uri) => Some(ListedUnder::Uri(uri)),
        _ => line.token().cloned().map(ListedUnder::Token),
    }
}

/// Whether no line can have its entry in a file that could not be asked: each is found by its uri,
/// in a list file that is no copy.
fn are_sure(owners: &[Option<u32>], members: &[Member<Says>], request: &Request) -> bool {
    let is_here = |which: u32| members[which as usize].answer.whereabouts == Whereabouts::Here;
    request.places().all(|(place, line)| {
        let by_uri = matches!(request.found_by(line), LineIsFoundBy::Uri(_));
        by_uri && owners[place as usize].is_some_and(is_here)
    })
}

/// The list files that did the operation, the first one first.
fn done(members: &[Member<Says>]) -> Vec<PathBuf> {
    let done = members
        .iter()
        .filter_map(|member| Some((member.answer.done?, member.file.clone())));
    let mut done: Vec<_> = done.collect();
    done.sort();
    done.into_iter().map(|(_, file)| file).collect()
}

/// Whether a batch may go on in spite of its faults.
pub(super) fn may_go_on(args: &Args, faults: &Faults) -> bool {
    faults.count() == 0 || args.skip_invalid
}

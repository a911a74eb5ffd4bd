//! Finding the list file of a pool that hands out entries.

use std::path::{Path, PathBuf};

use super::choice::{self, Choice, NoChoice, Offer, Room, Why};
use super::error::{ListedUnder, PoolError, Purpose};
use super::survey::{Member, Pool, Remarks};
use crate::change::{KnownTokens, Roster};
use crate::list::{Timestamp, TokenId};
use crate::store::{ListState, Snapshot, StoreError};

/// The entries that are wanted of a pool.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    /// How many.
    pub(crate) entries: u64,
    /// The type of the credentials, if it was said.
    pub(crate) credential_type: Option<&'a str>,
    /// The token ids that they are for.
    pub(crate) tokens: &'a [TokenId],
    /// What is done for those that have an entry.
    pub(crate) known_tokens: KnownTokens,
    /// The operation id, if it was given.
    pub(crate) operation_id: Option<&'a str>,
    /// The list files that are not to be used.
    pub(crate) except: &'a [PathBuf],
}

/// What a list file says of entries that are wanted.
pub(super) struct Supply {
    bound_to: Vec<String>,
    room: Room,
    /// When it did the operation.
    done: Option<Timestamp>,
    /// Which of the token ids have an entry in it.
    tokens: Vec<usize>,
    /// The uris of the lists that it would take entries of.
    uris: Vec<String>,
}

impl Pool {
    /// The list file that hands out these entries, or handed them out.
    ///
    /// # Errors
    /// One could not be asked, none has room, two claim the same, or token ids have entries
    /// elsewhere.
    pub(crate) fn to_take_of(&self, wanted: Wanted<'_>) -> Result<(Choice, Remarks), PoolError> {
        let survey = self.ask(|_, snapshot| Supply::of(snapshot, wanted));
        survey.refuse_unread(&self.folder, Purpose::HandOut)?;
        survey.refuse_none(&self.folder)?;
        let (members, remarks) = (survey.members, survey.remarks);
        let chosen = self.choose(&members, wanted)?;
        let taken = members.iter().find(|member| member.file == chosen.file);
        if let Some(taken) = taken {
            self.refuse_shared_uris(taken)?;
        }
        Ok((chosen, remarks))
    }

    fn choose(&self, members: &[Member<Supply>], wanted: Wanted<'_>) -> Result<Choice, PoolError> {
        let done = members.iter().filter_map(|member| {
            let at = member.answer.done?;
            Some((at, &member.file))
        });
        if let Some((_, file)) = done.min() {
            return Ok(Choice {
                file: file.clone(),
                why: Why::Repeated,
            });
        }
        let holders = holders(members, wanted.tokens)?;
        let held = wanted.tokens.iter().zip(&holders);
        let mut held = held.filter_map(|(token, holder)| Some((token, (*holder)?)));
        if let Some((token, file)) = held.next() {
            if wanted.known_tokens == KnownTokens::Refused {
                return Err(PoolError::TokenTaken {
                    token: token.clone(),
                    file: file.to_owned(),
                });
            }
            if holders.iter().all(|holder| *holder == Some(file)) {
                return Ok(Choice {
                    file: file.to_owned(),
                    why: Why::Existing,
                });
            }
        }
        let may_be_used = |member: &&Member<Supply>| !wanted.except.contains(&member.file);
        let offers = members.iter().filter(may_be_used).map(Supply::offer);
        let offers: Vec<_> = offers.collect();
        let choice = choice::choose(&offers, wanted.credential_type)
            .map_err(|no_choice| self.no_choice(no_choice, wanted))?;
        for (token, holder) in wanted.tokens.iter().zip(holders) {
            if let Some(file) = holder.filter(|file| *file != choice.file) {
                return Err(PoolError::TokenElsewhere {
                    token: token.clone(),
                    file: file.to_owned(),
                    chosen: choice.file,
                });
            }
        }
        Ok(choice)
    }

    fn no_choice(&self, no_choice: NoChoice, wanted: Wanted<'_>) -> PoolError {
        let folder = self.folder.clone();
        match no_choice {
            NoChoice::NoneFor => PoolError::NoneFor {
                folder,
                credential_type: wanted.credential_type.map(str::to_owned),
            },
            NoChoice::Full(full) => PoolError::NoRoom {
                folder,
                wanted: wanted.entries,
                full,
            },
        }
    }

    /// Refuses to hand out entries at a uri that another list file of the pool has.
    fn refuse_shared_uris(&self, taken: &Member<Supply>) -> Result<(), PoolError> {
        let survey = self.ask(|file, snapshot| {
            if file == taken.file {
                return Ok(None);
            }
            for uri in &taken.answer.uris {
                if snapshot.has_uri(uri)? {
                    return Ok(Some(uri.clone()));
                }
            }
            Ok(None)
        });
        survey.refuse_unread(&self.folder, Purpose::HandOut)?;
        let mut members = survey.members.into_iter();
        match members.find_map(|member| Some((member.answer?, member.file))) {
            None => Ok(()),
            Some((uri, other)) => Err(PoolError::twice(
                ListedUnder::Uri(uri),
                taken.file.clone(),
                other,
            )),
        }
    }
}

impl Supply {
    fn of(snapshot: &Snapshot<'_>, wanted: Wanted<'_>) -> Result<Self, StoreError> {
        let done = match wanted.operation_id {
            Some(id) => snapshot.event_of(id)?.map(|event| event.at),
            None => None,
        };
        let mut tokens = Vec::new();
        for (place, token) in wanted.tokens.iter().enumerate() {
            if has_token(snapshot, token)? {
                tokens.push(place);
            }
        }
        let mut uris = Vec::new();
        for list in snapshot.lists()? {
            if matches!(list.state, ListState::Open | ListState::Spare) {
                uris.extend(snapshot.uris(list.number)?.into_iter().map(|uri| uri.uri));
            }
        }
        let fresh = wanted.entries.saturating_sub(tokens.len() as u64);
        Ok(Self {
            bound_to: snapshot.series().bound_to.clone(),
            room: room(snapshot, fresh)?,
            done,
            tokens,
            uris,
        })
    }

    fn offer(member: &Member<Self>) -> Offer {
        Offer {
            file: member.file.clone(),
            bound_to: member.answer.bound_to.clone(),
            room: member.answer.room,
        }
    }
}

/// Whether a list file has so many entries left, those of lists that wait for their turn and of
/// lists that it makes then among them.
pub(super) fn room(snapshot: &Snapshot<'_>, entries: u64) -> Result<Room, StoreError> {
    let room = Roster::of(snapshot, snapshot.series())?.room(None)?;
    Ok(if room >= entries.max(1) {
        Room::Enough
    } else {
        Room::TooLittle
    })
}

/// The list file that has the entry of each token id, if one has.
fn holders<'a>(
    members: &'a [Member<Supply>],
    tokens: &[TokenId],
) -> Result<Vec<Option<&'a Path>>, PoolError> {
    let mut holders: Vec<Option<&Path>> = vec![None; tokens.len()];
    for member in members {
        for place in &member.answer.tokens {
            if let Some(first) = holders[*place].replace(&member.file) {
                let (first, second) = (first.to_owned(), member.file.clone());
                let what = ListedUnder::Token(tokens[*place].clone());
                return Err(PoolError::twice(what, first, second));
            }
        }
    }
    Ok(holders)
}

/// Whether an entry has a token id, as the file spells it.
pub(super) fn has_token(snapshot: &Snapshot<'_>, token: &TokenId) -> Result<bool, StoreError> {
    let token = snapshot.token_on_file(token)?;
    Ok(snapshot.by_token(&token)?.is_some())
}

impl PoolError {
    /// Two list files have what only one may have.
    pub(super) fn twice(what: ListedUnder, one: PathBuf, other: PathBuf) -> Self {
        let (first, second) = if one < other {
            (one, other)
        } else {
            (other, one)
        };
        Self::Twice {
            what,
            first,
            second,
        }
    }
}

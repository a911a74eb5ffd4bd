//! Finding the list files of a pool that entries lie in.

use std::path::PathBuf;

use super::error::{ListedUnder, PoolError, Purpose};
use super::hand_out::has_token;
use super::survey::{Member, Pool, Remarks};
use crate::list::{EntryName, GroupName, TokenId};
use crate::store::{Snapshot, StoreError, Whereabouts};

/// What an entry of a pool is found by. What else a list file has once, such as a group of entries,
/// is found by an arm of its own here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sought<'a> {
    /// The uri of its list.
    Uri(&'a str),
    /// Its token id.
    Token(&'a TokenId),
    /// The group that it is one of.
    Group(&'a GroupName),
}

/// Where entries lie.
pub(crate) struct Found {
    /// For each entry, its list file.
    pub(crate) files: Vec<PathBuf>,
    /// The files that did not answer.
    pub(crate) remarks: Remarks,
}

/// Where entries lie, and what every list file says of them.
struct Located {
    found: Found,
    members: Vec<Member<Says>>,
}

/// What a list file says of entries that are sought.
struct Says {
    /// Which of them lie in it.
    has: Vec<usize>,
    /// Whether it is where it lives, and so the one that handed out its entries.
    whereabouts: Whereabouts,
    /// Whether it knows the operation id.
    knows_operation: bool,
}

impl<'a> Sought<'a> {
    /// What the name of an entry is found by; nothing if it could be of any list file.
    pub(crate) fn of(name: &'a EntryName) -> Option<Self> {
        match name {
            EntryName::AtUri(uri, _) => Some(Self::Uri(uri)),
            EntryName::Token(token) => Some(Self::Token(token)),
            EntryName::Group(group) => Some(Self::Group(group)),
            EntryName::Index(_) | EntryName::InList(..) => None,
        }
    }

    /// Whether a list file has it.
    pub(crate) fn lies_in(self, snapshot: &Snapshot<'_>) -> Result<bool, StoreError> {
        match self {
            Self::Uri(uri) => snapshot.has_uri(uri),
            Self::Token(token) => has_token(snapshot, token),
            Self::Group(group) => match snapshot.entries_in(group, i64::MAX) {
                Ok(_) => Ok(true),
                Err(StoreError::NoGroup(_)) => Ok(false),
                Err(error) => Err(error),
            },
        }
    }

    /// The same, as what two list files may not have.
    pub(crate) fn listed_under(self) -> ListedUnder {
        match self {
            Self::Uri(uri) => ListedUnder::Uri(uri.to_owned()),
            Self::Token(token) => ListedUnder::Token(token.clone()),
            Self::Group(group) => ListedUnder::Group(group.clone()),
        }
    }
}

impl Pool {
    /// Finds the list files that entries lie in, to ask about them.
    ///
    /// # Errors
    /// A name does not say which list file, none has it, or two have.
    pub(crate) fn find(&self, names: &[EntryName]) -> Result<Found, PoolError> {
        self.locate(names, None).map(|located| located.found)
    }

    /// Finds the list file that an entry lies in, to set it.
    ///
    /// # Errors
    /// The same; another file may have the entry and could not be asked; or the operation id
    /// belongs to another request.
    pub(crate) fn find_to_set(
        &self,
        name: &EntryName,
        operation_id: Option<&str>,
    ) -> Result<(PathBuf, Remarks), PoolError> {
        let Located { found, members } = self.locate(std::slice::from_ref(name), operation_id)?;
        let remarks = found.remarks;
        let is_it = |member: &&Member<Says>| found.files.first() == Some(&member.file);
        let Some(meant) = members.iter().find(is_it) else {
            return Err(self.not_found(name, &remarks));
        };
        if !remarks.unread.is_empty() {
            self.refuse_doubtful(name, meant, &remarks)?;
        }
        let elsewhere = members
            .iter()
            .find(|member| member.answer.knows_operation && !is_it(member));
        match (elsewhere, operation_id) {
            (Some(other), Some(id)) => Err(PoolError::OperationElsewhere {
                id: id.to_owned(),
                file: other.file.clone(),
            }),
            _ => Ok((meant.file.clone(), remarks)),
        }
    }

    /// Refuses to set an entry that a file may have too which could not be asked.
    fn refuse_doubtful(
        &self,
        name: &EntryName,
        meant: &Member<Says>,
        remarks: &Remarks,
    ) -> Result<(), PoolError> {
        let unread = remarks.unread.clone();
        match Sought::of(name) {
            Some(Sought::Uri(_)) => match meant.answer.whereabouts {
                Whereabouts::Here => Ok(()),
                Whereabouts::Elsewhere | Whereabouts::Anywhere | Whereabouts::Unknown => {
                    Err(PoolError::MayBeACopy {
                        file: meant.file.clone(),
                        name: name.clone(),
                        unread,
                    })
                }
            },
            _ => Err(PoolError::Unread {
                folder: self.folder.clone(),
                purpose: Purpose::Set(name.clone()),
                unread,
            }),
        }
    }

    fn not_found(&self, name: &EntryName, remarks: &Remarks) -> PoolError {
        PoolError::NotFound {
            folder: self.folder.clone(),
            name: name.clone(),
            backups: remarks.backups.clone(),
        }
    }

    fn locate(
        &self,
        names: &[EntryName],
        operation_id: Option<&str>,
    ) -> Result<Located, PoolError> {
        let mut sought = Vec::with_capacity(names.len());
        for name in names {
            sought.push(Sought::of(name).ok_or_else(|| PoolError::OfWhichFile {
                folder: self.folder.clone(),
                name: name.clone(),
            })?);
        }
        let survey = self.ask(|_, snapshot| Says::of(snapshot, &sought, operation_id));
        let mut files: Vec<Option<PathBuf>> = vec![None; names.len()];
        for member in &survey.members {
            for place in &member.answer.has {
                if let Some(first) = files[*place].replace(member.file.clone()) {
                    let what = sought[*place].listed_under();
                    return Err(PoolError::twice(what, first, member.file.clone()));
                }
            }
        }
        let found = files.into_iter().zip(names).map(|(file, name)| {
            if file.is_none() {
                survey.refuse_unread(&self.folder, Purpose::Find(name.clone()))?;
            }
            file.ok_or_else(|| self.not_found(name, &survey.remarks))
        });
        let files = found.collect::<Result<_, PoolError>>()?;
        Ok(Located {
            found: Found {
                files,
                remarks: survey.remarks,
            },
            members: survey.members,
        })
    }
}

impl Says {
    fn of(
        snapshot: &Snapshot<'_>,
        sought: &[Sought<'_>],
        operation_id: Option<&str>,
    ) -> Result<Self, StoreError> {
        let mut has = Vec::new();
        for (place, one) in sought.iter().enumerate() {
            if one.lies_in(snapshot)? {
                has.push(place);
            }
        }
        let event = operation_id.map(|id| snapshot.event_of(id)).transpose()?;
        Ok(Self {
            has,
            whereabouts: snapshot.whereabouts()?,
            knows_operation: event.flatten().is_some(),
        })
    }
}

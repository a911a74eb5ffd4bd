//! Why a change cannot be made.

use std::sync::Arc;

use thiserror::Error;

use crate::list::{
    Breach, DocumentHash, EntryId, EntryName, GroupName, ListNumber, ReasonError, SeriesError,
    StatusError, StoryError, Timestamp, TokenId, UnfitStatus, View,
};
use crate::site::Unpublishable;
use crate::store::StoreError;

/// Why a change, or one line of it, cannot be made.
#[derive(Debug, Error)]
pub(crate) enum ChangeError {
    /// Each token id is for one entry.
    #[error("{entries} entries for {tokens} token ids")]
    OtherCount {
        /// How many entries are asked for.
        entries: u64,
        /// How many token ids are named.
        tokens: u64,
    },
    /// An index is one entry; this many are asked for.
    #[error("one index for {0} entries")]
    OneIndex(u64),
    /// Each document is for one entry.
    #[error("{documents} document hashes for {entries} entries")]
    OtherDocumentCount {
        /// How many hashes are given.
        documents: u64,
        /// How many entries are asked for.
        entries: u64,
    },
    /// The request names a token id twice.
    #[error("token id '{0}' stands twice in the request")]
    TokenTwice(TokenId),
    /// The request names a document twice.
    #[error("document {0} stands twice in the request")]
    DocumentTwice(DocumentHash),
    /// Nobody would be told of the document.
    #[error("a document hash, and the series has no view {}", View::OaOcsp)]
    NoDocumentView,
    /// The token id has an entry, and it is not asked for once more.
    #[error("token id '{token}' has entry {entry} already")]
    TokenTaken {
        /// The token id.
        token: TokenId,
        /// Its entry.
        entry: EntryId,
    },
    /// An earlier line takes an entry for the token id.
    #[error("token id '{token}' is in line {line} too")]
    TokenInLine {
        /// The token id.
        token: TokenId,
        /// The number of the earlier line.
        line: u32,
    },
    /// An earlier line records the document.
    #[error("document {hash} is in line {line} too")]
    DocumentInLine {
        /// The hash of the document.
        hash: DocumentHash,
        /// The number of the earlier line.
        line: u32,
    },
    /// The entry has not the document that it is said to have.
    #[error("entry {entry} is not that of document {hash}")]
    OtherDocument {
        /// The entry.
        entry: EntryId,
        /// The hash of the document.
        hash: DocumentHash,
    },
    /// An earlier line takes the entry of the token id, for no document or another one.
    #[error("an earlier line has its token id, and not document {0}")]
    OtherDocumentInLine(DocumentHash),
    /// The entry of the token id is not in the group that it is said to be in.
    #[error("entry {entry} is not in the group '{group}'")]
    OtherGroup {
        /// The entry.
        entry: EntryId,
        /// The group that is said.
        group: GroupName,
    },
    /// An earlier line takes the entry of the token id, for no group or another one.
    #[error("an earlier line has its token id, and not the group '{0}'")]
    OtherGroupInLine(GroupName),
    /// Another entry has the token id that an entry is to get.
    #[error("token id '{token}' has entry {entry} already")]
    TokenElsewhere {
        /// The token id.
        token: TokenId,
        /// Its entry.
        entry: EntryId,
    },
    /// The entry has another token id.
    #[error("entry {0} has another token id")]
    HasToken(EntryId),
    /// The entry is in another group.
    #[error("entry {0} is in another group")]
    HasGroup(EntryId),
    /// The credential of the entry expires at another time.
    #[error("entry {0} has another expiry")]
    HasExpiry(EntryId),
    /// A purge removed what the entry was called.
    #[error("the names of entry {0} were removed")]
    NamesRemoved(EntryId),
    /// A request has so many entries at most.
    #[error("more than {0} entries")]
    TooMany(usize),
    /// The entry has not the token id that the line says besides.
    #[error("entry {entry} does not have the token id '{token}'")]
    OtherToken {
        /// The entry.
        entry: EntryId,
        /// The token id.
        token: TokenId,
    },
    /// The entry lies in another list than the line says besides.
    #[error("entry {name} is not in list {list}")]
    OtherList {
        /// The entry as it is named.
        name: EntryName,
        /// The list that is said.
        list: ListNumber,
    },
    /// The entry would have ended before it is handed out.
    #[error("{kind} lies in the past: {time}")]
    Past {
        /// Which of its ends.
        kind: TermKind,
        /// The end.
        time: Timestamp,
        /// The time of the request.
        now: Timestamp,
    },
    /// No entry of the list is left for this line.
    #[error("list {0} is at capacity")]
    Full(ListNumber),
    /// A series that can have one list only would need another.
    #[error("the series cannot have another list: its uri {0} has no {{n}} and no {{id}}")]
    OneListOnly(String),
    /// A new list would have the uri of another one.
    #[error("list {number} would have the uri of list {other}: {uri}")]
    UriTaken {
        /// The uri.
        uri: String,
        /// The list that has it.
        other: ListNumber,
        /// The new list.
        number: ListNumber,
    },
    /// Lists have numbers to 4,194,303.
    #[error("the series has no list number left")]
    NoNumberLeft,
    /// An index of which it is not said which list it is in.
    #[error("index {0} of which list? several are open")]
    IndexOfWhichList(u64),
    /// No site can hold the files of a new list.
    #[error(transparent)]
    Unpublishable(#[from] Unpublishable),
    /// There is no list to take entries of.
    #[error(transparent)]
    NoList(Arc<StoreError>),
    /// The status does not fit the list.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// The status does not fit the settings of the series.
    #[error(transparent)]
    Unfit(#[from] UnfitStatus),
    /// There is no status to start with.
    #[error(transparent)]
    NoStart(#[from] SeriesError),
    /// The reason does not fit the status.
    #[error(transparent)]
    Reason(#[from] ReasonError),
    /// The profile of the series is against it.
    #[error(transparent)]
    Profile(#[from] Breach),
    /// The line cannot be applied to the entry as it is.
    #[error("entry {entry}: {error}")]
    Story {
        /// The entry.
        entry: EntryId,
        /// Why.
        error: StoryError,
    },
    /// The list file does not have what is named, or cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What ends at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TermKind {
    /// The credential.
    Expiry,
    /// The keeping of its status.
    Keeping,
}

impl std::fmt::Display for TermKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Expiry => "the expiry",
            Self::Keeping => "the time until which the status is kept",
        })
    }
}

impl ChangeError {
    /// Whether the line is wrong, and not the list file.
    pub(super) const fn is_of_the_line(&self) -> bool {
        match self {
            Self::Store(error) => matches!(
                error,
                StoreError::NoToken(_)
                    | StoreError::NoGroup(_)
                    | StoreError::NotOneEntry(_)
                    | StoreError::NoList(_)
                    | StoreError::NoUri(_)
                    | StoreError::OutsideList { .. }
                    | StoreError::NotAllocated(_)
                    | StoreError::Ambiguous { .. }
                    | StoreError::OtherList { .. }
                    | StoreError::DocumentTaken { .. }
                    | StoreError::Retired(_)
            ),
            _ => true,
        }
    }
}

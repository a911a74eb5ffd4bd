//! What it means that a change cannot be made.

use std::path::Path;

use super::{Answer, Code, Error, counted};
use crate::change::ChangeError;
use crate::list::{EntryId, StoryError, View};
use crate::store::StoreError;
use crate::wire::shell::quote;

impl Error {
    /// Says what it means that a request cannot be carried out.
    pub(crate) fn of_change(file: &Path, error: ChangeError) -> Self {
        let text = error.to_string();
        match error {
            ChangeError::OtherCount { entries, tokens } => {
                let tokens = counted(tokens, "token id", "token ids");
                Self::refused(format!("--count {entries} and {tokens}"))
                    .because("each token id names one entry")
                    .hint("leave out --count")
            }
            ChangeError::OneIndex(entries) => {
                Self::refused(format!("--index and {entries} entries"))
                    .because("--index names one entry")
            }
            ChangeError::OtherDocumentCount { documents, entries } => {
                let documents = counted(documents, "document hash", "document hashes");
                let entries = counted(entries, "entry", "entries");
                Self::refused(format!("{documents} for {entries}"))
                    .because("each document hash is for one entry")
                    .hint("leave out --count, or give as many token ids")
            }
            ChangeError::TokenTwice(token) => Self::new(Code::DoubleAllocation, text)
                .hint("name it once")
                .detail("tokenId", token.to_string()),
            ChangeError::DocumentTwice(hash) => Self::new(Code::DoubleAllocation, text)
                .hint("name it once")
                .detail("documentHash", hash.to_string()),
            ChangeError::NoDocumentView => Self::refused(text).hint(format!(
                "statuslist configure FILE --add-view {}",
                View::OaOcsp
            )),
            ChangeError::TokenTaken { token, entry } => Self::new(Code::DoubleAllocation, text)
                .hint(
                    "to get its entry again: --or-existing; a re-issued credential needs a new \
                     token id",
                )
                .detail("tokenId", token.to_string())
                .about(entry),
            ChangeError::TokenInLine { .. }
            | ChangeError::DocumentInLine { .. }
            | ChangeError::OtherDocumentInLine(_)
            | ChangeError::OtherGroupInLine(_) => Self::new(Code::DoubleAllocation, text),
            ChangeError::OtherDocument { entry, hash } => Self::new(Code::DoubleAllocation, text)
                .because("an entry has the document that it was handed out for, or none")
                .hint("a re-issued document needs a new token id")
                .detail("documentHash", hash.to_string())
                .about(entry),
            ChangeError::OtherGroup { .. }
            | ChangeError::TokenElsewhere { .. }
            | ChangeError::HasToken(_)
            | ChangeError::HasGroup(_)
            | ChangeError::HasExpiry(_)
            | ChangeError::NamesRemoved(_) => Self::of_names(error, text),
            ChangeError::TooMany(_) => Self::refused(text).hint("split it"),
            ChangeError::OtherToken { .. } => Self::refused(text)
                .because("the line names the entry in two ways that do not agree"),
            ChangeError::OtherList { .. } => {
                Self::refused(text).hint("the token id has its entry in another list")
            }
            ChangeError::Past { now, .. } => Self::refused(text)
                .because(format!("it is {now}"))
                .hint("if that is meant: --allow-past"),
            ChangeError::Full(_) => Self::new(Code::CapacityExceeded, text),
            ChangeError::NoNumberLeft => Self::new(Code::CapacityExceeded, text)
                .hint("make another list file, with another --uri"),
            ChangeError::OneListOnly(_) => Self::new(Code::CapacityExceeded, text).hint(format!(
                "give future lists another uri: statuslist configure {} --uri \
                 'https://example.com/statuslists/{{n}}.jwt'",
                quote(file)
            )),
            ChangeError::UriTaken { .. } => Self::refused(text).hint(format!(
                "give future lists another uri: statuslist configure {} --uri TEMPLATE",
                quote(file)
            )),
            ChangeError::IndexOfWhichList(_) => Self::refused(text).hint("say it: --list N"),
            ChangeError::Unpublishable(error) => error.into(),
            ChangeError::NoList(error) => Self::of_store(file, &error),
            ChangeError::Status(error) => error.into(),
            ChangeError::Unfit(error) => error.into(),
            ChangeError::NoStart(error) => error.into(),
            ChangeError::Reason(error) => error.into(),
            ChangeError::Profile(breach) => breach.into(),
            ChangeError::Story { entry, error } => match error {
                StoryError::Transition(error) => Self {
                    message: text,
                    ..error.into()
                }
                .about(entry),
                StoryError::SetTwice(_) => Self::refused(text)
                    .hint("one batch stores one change of an entry: leave one of the lines out"),
            },
            ChangeError::Store(error) => Self::of_store(file, &error),
        }
    }

    /// Says what it means that an entry cannot be called what was asked.
    fn of_names(error: ChangeError, text: String) -> Self {
        match error {
            ChangeError::OtherGroup { entry, group } => Self::new(Code::DoubleAllocation, text)
                .because("an entry keeps the group that it got first")
                .hint("leave out the group to get the entry as it is")
                .detail("group", group.to_string())
                .about(entry),
            ChangeError::TokenElsewhere { token, entry } => Self::new(Code::DoubleAllocation, text)
                .because("each token id names one entry")
                .detail("tokenId", token.to_string())
                .about(entry),
            ChangeError::HasToken(entry) => Self::new(Code::DoubleAllocation, text)
                .because("an entry keeps the names that it got first")
                .hint("a re-issued credential needs an entry of its own")
                .about(entry),
            ChangeError::HasGroup(entry) | ChangeError::HasExpiry(entry) => Self::refused(text)
                .because("an entry keeps what was said of it first")
                .about(entry),
            ChangeError::NamesRemoved(entry) => Self::refused(text)
                .because("token ids and groups of its list were purged")
                .about(entry),
            _ => Self::refused(text),
        }
    }

    /// Says what it means that one line of many cannot: in few words, as there may be many faults.
    pub(crate) fn of_line(file: &Path, error: ChangeError) -> Self {
        let double = || Self::new(Code::DoubleAllocation, error.to_string());
        match &error {
            ChangeError::TokenTaken { .. } => {
                double().hint("to get its entry again: --or-existing")
            }
            ChangeError::OtherDocument { .. }
            | ChangeError::OtherGroup { .. }
            | ChangeError::Store(StoreError::DocumentTaken { .. }) => double(),
            ChangeError::Store(StoreError::Retired(list)) => {
                Self::refused(error.to_string()).detail("listId", list.to_string())
            }
            ChangeError::Store(store) => Self::of_store(file, store),
            _ => Self::of_change(file, error),
        }
    }

    /// Says which entry it is about.
    pub(super) fn about(self, entry: EntryId) -> Self {
        self.detail("listId", entry.list.to_string())
            .detail("idx", entry.index.value())
    }
}

impl Answer {
    /// Warns of statuses that readers of documents do not see, because nobody recorded the hash.
    pub(crate) fn unseen_by_document(mut self, count: u64) -> Self {
        if count > 0 {
            let entries = counted(count, "entry has", "entries have");
            let view = View::OaOcsp;
            self.warnings.push(format!(
                "{entries} no document hash: readers of view {view} do not see the status"
            ));
        }
        self
    }
}

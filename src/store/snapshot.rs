//! Questions to a list file, all answered from one state of it.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Row, Transaction, TransactionBehavior, params};

use super::chain::Hash;
use super::error::{Reading, StoreError};
use super::format::Format;
use super::indexes;
use super::open::{Access, Store, check_schema};
use super::query::{all, columns, one, only, value};
use super::rows::{Closure, ListRow, list_number};
use super::shards::{self, Shard};
use crate::list::{
    EntryId, EntryName, Index, ListNumber, ListUri, Permutation, Register, Series, Status,
    Timestamp,
};

/// One state of a list file.
pub struct Snapshot<'s> {
    pub(super) transaction: Transaction<'s>,
    pub(super) path: &'s Path,
    pub(super) lineage: String,
    pub(super) copied_at: Option<Timestamp>,
    pub(super) head: Head,
    pub(super) format: Format,
    series: Series,
    /// Every list, once somebody asked for one.
    lists: OnceCell<Vec<ListRow>>,
    /// Whether any entry was named after it was handed out, once somebody asked.
    pub(super) labelled: OnceCell<bool>,
}

/// The newest revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub rev: i64,
    /// The value that chains it to all before.
    pub chain: Hash,
    /// When it was made.
    pub at: Timestamp,
}

impl Store {
    /// Takes one state of the file to ask about.
    ///
    /// # Errors
    /// Another process is writing, or the file contradicts itself.
    pub fn snapshot(&self) -> Result<Snapshot<'_>, StoreError> {
        Snapshot::begin(self, Access::Read)
    }
}

impl<'s> Snapshot<'s> {
    pub(super) fn begin(store: &'s Store, access: Access) -> Result<Self, StoreError> {
        // SQLite looks for a journal whenever it begins, not only when it opens the file.
        super::beside::check(&store.path)?;
        let behavior = match access {
            Access::Read => TransactionBehavior::Deferred,
            Access::Write => TransactionBehavior::Immediate,
        };
        let transaction =
            Transaction::new_unchecked(&store.connection, behavior).reading("lock")?;
        let format = Format::read(&transaction)?;
        if format != store.format {
            // Another process took it to a newer one since it was opened.
            check_schema(&transaction, format)?;
        }
        let sql = "SELECT lineage, rev, chain, config, copied_at FROM meta WHERE id = 1";
        let (lineage, rev, chain, config, copied_at): (_, _, _, String, _) =
            only(&transaction, sql, [], columns)?;
        let sql = "SELECT ts FROM event WHERE rev = ?1";
        let at = only(&transaction, sql, params![rev], value)?;
        let series = serde_json::from_str(&config).map_err(|source| {
            StoreError::Corrupt(format!("its settings make no sense: {source}"))
        })?;
        Ok(Self {
            transaction,
            path: &store.path,
            lineage,
            copied_at,
            head: Head { rev, chain, at },
            format,
            series,
            lists: OnceCell::new(),
            labelled: OnceCell::new(),
        })
    }

    /// The settings of the series.
    #[must_use]
    pub const fn series(&self) -> &Series {
        &self.series
    }

    /// The part of the settings that credentials depend on.
    #[must_use]
    pub const fn register(&self) -> &Register {
        self.series.register()
    }

    /// The newest revision.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// When the file was written as a backup, if it is one.
    #[must_use]
    pub const fn copied_at(&self) -> Option<Timestamp> {
        self.copied_at
    }

    /// Every list, lowest number first.
    ///
    /// # Errors
    /// The file cannot be read, or contradicts itself.
    pub fn lists(&self) -> Result<Vec<ListRow>, StoreError> {
        self.known_lists().map(<[ListRow]>::to_vec)
    }

    /// The same without a copy. They are read once, and all of them: what the newest revision left
    /// is one hash.
    pub(super) fn known_lists(&self) -> Result<&[ListRow], StoreError> {
        if let Some(lists) = self.lists.get() {
            return Ok(lists);
        }
        let lists = self.read_lists()?;
        Ok(self.lists.get_or_init(|| lists))
    }

    fn read_lists(&self) -> Result<Vec<ListRow>, StoreError> {
        let mut closures = Closure::all(&self.transaction, self.format)?;
        let sql = format!("SELECT {} FROM list ORDER BY list_id", ListRow::COLUMNS);
        let read = |row: &Row<'_>| {
            let mut list = self.as_registered(ListRow::read(row)?)?;
            list.closure = closures.remove(&list.number);
            Ok(list)
        };
        let lists: Vec<_> = all(&self.transaction, &sql, [], read)?;
        self.confirm_lists(&lists)?;
        Ok(lists)
    }

    /// One list.
    ///
    /// # Errors
    /// [`StoreError::NoList`], or the file cannot be read.
    pub fn list(&self, number: ListNumber) -> Result<ListRow, StoreError> {
        let lists = self.known_lists()?;
        let at = lists.binary_search_by_key(&number, |list| list.number);
        at.map(|at| lists[at].clone())
            .map_err(|_| StoreError::NoList(number))
    }

    /// Compares what a list's row says twice with the settings: a flipped bit there would change
    /// the status of every entry that nobody has set.
    fn as_registered(&self, list: ListRow) -> Result<ListRow, StoreError> {
        let register = self.register();
        // Lists of other sizes were made before the size was changed.
        if list.width == register.width
            && (list.size == register.size || self.format > Format::Two)
            && list.default_status == register.default_status
        {
            Ok(list)
        } else {
            Err(StoreError::Corrupt(format!(
                "list {} has not the bits, the size or the default status of its series",
                list.number
            )))
        }
    }

    /// The list that hands out entries.
    ///
    /// # Errors
    /// [`StoreError::NoOpenList`], or the file cannot be read.
    pub fn open_list(&self) -> Result<ListRow, StoreError> {
        self.lists()?
            .into_iter()
            .find(ListRow::hands_out)
            .ok_or(StoreError::NoOpenList)
    }

    /// The uris of a list, by the names of their views: one for each view of the series.
    ///
    /// # Errors
    /// The file cannot be read, or the views are not those of the series.
    pub fn uris(&self, list: ListNumber) -> Result<Vec<ListUri>, StoreError> {
        let sql = "SELECT view, uri FROM list_view WHERE list_id = ?1 ORDER BY view";
        let views = &self.series.views;
        // A view that is missing, or has another name, would be published no more without a word.
        let other = || StoreError::Corrupt(format!("list {list} has not the views of its series"));
        let uris: Vec<_> = all(&self.transaction, sql, params![list.value()], |row| {
            let (name, uri): (String, _) = columns(row)?;
            let known = views.iter().find(|known| known.view.name() == name);
            let view = known.ok_or_else(other)?.view;
            Ok(ListUri { view, uri })
        })?;
        if uris.len() == views.len() {
            Ok(uris)
        } else {
            Err(other())
        }
    }

    /// The uri of a list in the series' first view.
    ///
    /// # Errors
    /// The file cannot be read, or has no such uri.
    pub fn first_uri(&self, list: ListNumber) -> Result<String, StoreError> {
        self.first_among(list, self.uris(list)?)
    }

    /// The one of a list's uris that is in the series' first view.
    ///
    /// # Errors
    /// There is none.
    pub fn first_among(&self, list: ListNumber, uris: Vec<ListUri>) -> Result<String, StoreError> {
        let first = self.series.views.first().map(|known| known.view);
        uris.into_iter()
            .find(|uri| Some(uri.view) == first)
            .map(|uri| uri.uri)
            .ok_or_else(|| StoreError::Corrupt(format!("list {list} has no uri")))
    }

    /// The uri of every list in the series' first view.
    ///
    /// # Errors
    /// The file cannot be read, or a list has no such uri.
    pub fn first_uris(&self) -> Result<BTreeMap<ListNumber, String>, StoreError> {
        let first = self.series.views.first();
        let first = first.map(|known| known.view.name());
        let sql = "SELECT list_id, uri FROM list_view WHERE view = ?1";
        let uris: BTreeMap<_, _> = all(&self.transaction, sql, params![first], |row| {
            let (list, uri) = columns(row)?;
            Ok((list_number(list)?, uri))
        })?;
        match self
            .known_lists()?
            .iter()
            .find(|list| !uris.contains_key(&list.number))
        {
            None => Ok(uris),
            Some(list) => {
                let list = list.number;
                Err(StoreError::Corrupt(format!("list {list} has no uri")))
            }
        }
    }

    /// Finds the entry that a name means, and makes sure that it was handed out, as far as the file
    /// can know that.
    ///
    /// `within` is the list that a bare index counts in.
    ///
    /// # Errors
    /// No such list, uri or token id; an index outside the list or not handed out; a bare index
    /// although entries of several lists were handed out.
    pub fn find(
        &self,
        name: &EntryName,
        within: Option<ListNumber>,
    ) -> Result<EntryId, StoreError> {
        let entry = self.locate(name, within)?;
        if let Some(list) = within.filter(|list| *list != entry.list) {
            return Err(StoreError::OtherList {
                name: name.clone(),
                list,
            });
        }
        Ok(entry)
    }

    fn locate(&self, name: &EntryName, within: Option<ListNumber>) -> Result<EntryId, StoreError> {
        let (number, place) = match name {
            EntryName::Token(token) => {
                let token = self.token_on_file(token)?;
                return self
                    .by_token(&token)?
                    .map(|row| row.entry())
                    .ok_or(StoreError::NoToken(token));
            }
            EntryName::Group(group) => return Err(StoreError::NotOneEntry((**group).clone())),
            EntryName::InList(list, place) => (*list, *place),
            EntryName::AtUri(uri, place) => (self.list_at(uri)?, *place),
            EntryName::Index(place) => match within {
                Some(list) => (list, *place),
                None => (self.only_list(name)?, *place),
            },
        };
        let list = self.list(number)?;
        let entry = entry_of(&list, place)?;
        match self.allocation_in(&list, entry.index)? {
            Some(_) => Ok(entry),
            None if list.may_have_handed_out_any() => Ok(entry),
            None => Err(StoreError::NotAllocated(entry)),
        }
    }

    /// The list with this uri, in any view.
    ///
    /// # Errors
    /// [`StoreError::NoUri`], or the file cannot be read.
    pub fn list_at(&self, uri: &str) -> Result<ListNumber, StoreError> {
        let sql = "SELECT list_id, view FROM list_view WHERE uri = ?1";
        let found: Option<(i64, String)> = one(&self.transaction, sql, params![uri], columns)?;
        let list = found.as_ref().map(|(list, _)| list_number(*list));
        let row = found.map(|(list, view)| vec![list.into(), view.into()]);
        indexes::URI.check(&self.transaction, uri.to_owned(), row)?;
        list.unwrap_or_else(|| Err(StoreError::NoUri(uri.to_owned())))
    }

    /// Whether a list has this uri, in any view.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn has_uri(&self, uri: &str) -> Result<bool, StoreError> {
        match self.list_at(uri) {
            Ok(_) => Ok(true),
            Err(StoreError::NoUri(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The one list that has handed out entries, or may have.
    fn only_list(&self, name: &EntryName) -> Result<ListNumber, StoreError> {
        let lists = self.lists()?;
        let used: Vec<_> = lists
            .iter()
            .filter(|list| list.is_in_use())
            .map(|list| list.number)
            .collect();
        match used.as_slice() {
            [] => Ok(lists.first().map_or(ListNumber::FIRST, |list| list.number)),
            [only] => Ok(*only),
            _ => Err(StoreError::Ambiguous {
                name: name.clone(),
                lists: used,
            }),
        }
    }

    /// The status of an entry, compared with the newest change of it.
    ///
    /// # Errors
    /// The two differ, or the file cannot be read.
    pub fn status(&self, entry: EntryId) -> Result<Status, StoreError> {
        let list = self.list(entry.list)?;
        let status =
            Shard::load(&self.transaction, &list, entry.index)?.read(&list, entry.index)?;
        let recorded = self
            .last_change(entry)?
            .map_or(list.default_status, |change| change.row.new);
        if status != recorded {
            return Err(StoreError::contradiction(entry, status, recorded));
        }
        Ok(status)
    }

    /// A whole list, packed least significant bit first, of exactly as many bytes as its entries
    /// need. Bits beyond the last entry have the default status.
    ///
    /// # Errors
    /// A page is damaged or missing, or the file cannot be read.
    pub fn packed(&self, list: &ListRow) -> Result<Vec<u8>, StoreError> {
        shards::read_all(&self.transaction, list)
    }
}

/// The permutation of a list.
pub(super) fn permutation(list: &ListRow) -> Result<Permutation, StoreError> {
    Permutation::new(&list.seed, list.size.entries())
        .map_err(|source| StoreError::Corrupt(source.to_string()))
}

/// The step of the permutation that leads to an index.
pub(crate) fn step_of(list: &ListRow, index: Index) -> Result<u64, StoreError> {
    permutation(list)?
        .number_of(u64::from(index.value()))
        .ok_or_else(|| StoreError::Corrupt(format!("index {index} in list {}", list.number)))
}

/// The entry at a place of a list.
pub(crate) fn entry_of(list: &ListRow, place: u64) -> Result<EntryId, StoreError> {
    u32::try_from(place)
        .ok()
        .filter(|_| place < list.size.entries())
        .map(|index| EntryId {
            list: list.number,
            index: Index::new(index),
        })
        .ok_or(StoreError::OutsideList {
            list: list.number,
            index: place,
            size: list.size.entries(),
        })
}

//! What a site says of the entries of one list, compared with the file.

use std::iter::Peekable;
use std::path::Path;

use super::report::{Difference, FileLine, Outcome, Published, Signature};
use crate::audit::recognise_answer;
use crate::commands::{Code, Error};
use crate::list::{
    EntryId, Holds, Index, ListNumber, ListUri, Register, Remark, Series, Status, View,
};
use crate::site::{BaseUrl, Digest, Manifest, SitePath, Target};
use crate::store::{Ancestor, ChangeRow, Origin, Role, Snapshot};
use crate::survey::{Shape, Shown, Standing, Statuses, Verification, entry_of, read};
use crate::token::StatusList;
use crate::token::oa_ocsp::{DEFAULT_FILE, read_answer};

/// The most bytes of the answer for one document that are read.
const MOST_OF_AN_ANSWER: u64 = 1 << 16;

/// Whether what a site says is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Adoption {
    Wanted,
    NotWanted,
}

/// A site, and what its files are compared with.
pub(super) struct Comparison<'a, 's> {
    /// The list file.
    pub(super) file: &'a Path,
    pub(super) site: &'a dyn Target,
    pub(super) manifest: &'a Manifest,
    pub(super) base: Option<&'a BaseUrl>,
    pub(super) snapshot: &'a Snapshot<'s>,
    pub(super) finals: &'a [Status],
    pub(super) verification: Verification<'a>,
    /// The most bytes of a file that are read.
    pub(super) limit: u64,
    pub(super) adoption: Adoption,
}

/// What is taken over.
#[derive(Default)]
pub(super) struct Plan {
    /// By entry.
    pub(super) changes: Vec<Change>,
    /// The files that verify, each with its digest.
    pub(super) files: Vec<(SitePath, Digest)>,
    /// The states that those files were made from, as the site's manifest says.
    pub(super) ancestors: Vec<Ancestor>,
    /// The lists that the file did not know.
    pub(super) lists: Vec<ListNumber>,
}

/// One status that is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) entry: EntryId,
    pub(super) old: Status,
    pub(super) new: Status,
}

impl Plan {
    /// The note of the revision: what was given, and what was taken over.
    pub(super) fn note(&self, given: &str) -> String {
        let files = self.files.iter();
        let files: Vec<_> = files
            .map(|(path, digest)| format!("{path} sha256:{digest}"))
            .collect();
        let adopted = format!("adopted {}", files.join(", "));
        match given {
            "" => adopted,
            given => format!("{given}; {adopted}"),
        }
    }

    /// Warns of statuses that are taken over although a view does not show them: the site does not
    /// show them there either, and to leave them out would be worse.
    pub(super) fn unshown(&self, series: &Series) -> Vec<String> {
        let mut statuses: Vec<_> = self.changes.iter().map(|change| change.new).collect();
        statuses.sort_unstable();
        statuses.dedup();
        let errors = statuses
            .into_iter()
            .filter_map(|status| series.takes(status).err());
        errors.map(|error| error.to_string()).collect()
    }
}

impl Change {
    pub(super) fn row(&self) -> ChangeRow {
        ChangeRow {
            entry: self.entry,
            old: self.old,
            new: self.new,
            remark: Remark::default(),
        }
    }
}

/// A list, as the file has it.
pub(super) struct Own {
    pub(super) number: ListNumber,
    pub(super) uris: Vec<ListUri>,
    pub(super) packed: StatusList,
    pub(super) is_known: bool,
}

/// A file of the site.
struct Found<'a> {
    view: View,
    path: SitePath,
    digest: Digest,
    standing: Standing,
    shown: Option<Shown<'a>>,
    /// The revision of the file that it was made from, if it was.
    from: Option<i64>,
    differing: u64,
}

/// What becomes of the entries that files show otherwise than the list file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Treatment {
    /// They get the status that the files show.
    Adopt,
    /// They are shown.
    Show,
    /// They are shown, as older than the list file.
    ShowAsOlder,
}

impl<'a> Comparison<'a, '_> {
    fn series(&self) -> &'a Series {
        self.snapshot.series()
    }

    fn register(&self) -> &'a Register {
        self.snapshot.register()
    }

    /// Compares a list with all that the site has of it.
    ///
    /// All views of one list are in memory at once, each within the limit of what may be inflated;
    /// beside them only what is to be changed, and the first entries that differ.
    ///
    /// # Errors
    /// A file cannot be read; or the files contradict each other about an entry that is to be taken
    /// over.
    pub(super) fn list(
        &self,
        own: &Own,
        published: &mut Published,
        plan: &mut Plan,
    ) -> Result<(), Error> {
        let mut found = Vec::new();
        let holding = |what| {
            let uris = own.uris.iter();
            uris.filter(move |uri| uri.view.row().holds == what)
        };
        for uri in holding(Holds::Entries) {
            found.extend(self.file(uri.view, &uri.uri)?);
        }
        // What the list file published itself says nothing new: what differs was changed since.
        let (mut older, newer): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|file| file.from.is_some());
        let (mut verified, mut others): (Vec<_>, Vec<_>) = newer
            .into_iter()
            .partition(|file| matches!(file.standing, Standing::Verified(_)));
        let treatment = match self.adoption {
            Adoption::Wanted => Treatment::Adopt,
            Adoption::NotWanted => Treatment::Show,
        };
        self.group(own, (&mut older, Treatment::ShowAsOlder), published, plan)?;
        self.group(own, (&mut verified, treatment), published, plan)?;
        self.group(own, (&mut others, Treatment::Show), published, plan)?;
        let adopts = treatment == Treatment::Adopt && !verified.is_empty();
        let is_there = !verified.is_empty() || !others.is_empty();
        if !own.is_known && is_there {
            published.unknown_lists.push(own.number.to_string());
            if adopts {
                plan.lists.push(own.number);
            }
        }
        for file in &verified {
            published.files.push(file.line(own, adopts));
            if adopts {
                plan.files.push((file.path.clone(), file.digest));
                let entry = self.manifest.entries.get(&file.path);
                plan.ancestors.extend(entry.map(|entry| Ancestor {
                    path: file.path.as_str().to_owned(),
                    chain: *entry.chain.as_bytes(),
                }));
            }
        }
        for file in older.iter().chain(&others) {
            published.files.push(file.line(own, false));
        }
        for uri in holding(Holds::Documents).filter(|_| own.is_known) {
            self.documents(own, uri, published)?;
        }
        Ok(())
    }

    fn file(&self, view: View, uri: &str) -> Result<Option<Found<'a>>, Error> {
        let path = self.path(uri)?;
        let Some(bytes) = self.site.read(&path, self.limit)? else {
            return Ok(None);
        };
        let shape = Shape::new(self.series(), self.register(), view);
        let mut list = read(&bytes, shape, uri, &self.verification);
        // An older file that verifies could be put back in the place of a newer one. One that is
        // newer than the manifest was left by a publication that was interrupted.
        let entry = self.manifest.entries.get(&path);
        if let Some(entry) = entry.filter(|entry| !entry.matches(&bytes))
            && list
                .issued_at
                .is_none_or(|issued| issued.second() < entry.issued_at)
        {
            let text = "it is not the file that the site's manifest describes, and older";
            list.standing = Standing::Rejected(text.to_owned());
        }
        let is_described = entry.is_some_and(|entry| entry.matches(&bytes));
        let is_refused = matches!(list.standing, Standing::Rejected(_));
        let from = if is_described && !is_refused {
            self.origin(&path)?.since()
        } else {
            None
        };
        Ok(Some(Found {
            view,
            path,
            digest: Digest::of(&bytes),
            standing: list.standing,
            shown: list.shown,
            from,
            differing: 0,
        }))
    }

    fn origin(&self, path: &SitePath) -> Result<Origin, Error> {
        let entry = self.manifest.entries.get(path);
        self.snapshot
            .origin_of(path.as_str(), entry.map(|entry| entry.chain.as_bytes()))
            .map_err(|error| Error::of_store(self.file, &error))
    }

    fn path(&self, uri: &str) -> Result<SitePath, Error> {
        SitePath::of(uri, self.base)
            .map_err(|error| crate::commands::views::unpublishable(uri, &error))
    }

    /// Goes through the entries of which files say something else than the register, and puts
    /// together what they say.
    fn group(
        &self,
        own: &Own,
        (files, treatment): (&mut [Found<'_>], Treatment),
        published: &mut Published,
        plan: &mut Plan,
    ) -> Result<(), Error> {
        let shown: Vec<(&SitePath, &Shown<'_>)> = files
            .iter()
            .filter_map(|file| Some((&file.path, file.shown.as_ref()?)))
            .collect();
        let mut counts = vec![0; shown.len()];
        let differing = shown.iter().map(|(_, shown)| shown.differing(&own.packed));
        for index in merged(differing) {
            let entry = EntryId {
                list: own.number,
                index: Index::new(u32::try_from(index).unwrap_or(u32::MAX)),
            };
            let status = entry_of(&own.packed, index);
            let says = || shown.iter().map(|(_, shown)| shown.says(index));
            let mut views = Vec::new();
            for ((count, (_, shown)), says) in counts.iter_mut().zip(&shown).zip(says()) {
                if !says.contains(status) {
                    *count += 1;
                    views.push(shown.view().name().to_owned());
                }
            }
            let together = says().reduce(Statuses::and).and_then(Statuses::lowest);
            let outcome = match together {
                _ if treatment == Treatment::ShowAsOlder => Outcome::Older,
                _ if self.finals.contains(&status) => Outcome::Kept,
                _ if treatment == Treatment::Show => Outcome::Unchanged,
                None => return Err(contradiction(entry, &shown, index)),
                Some(new) => {
                    plan.changes.push(Change {
                        entry,
                        old: status,
                        new,
                    });
                    Outcome::Adopted
                }
            };
            let verified = matches!(files[0].standing, Standing::Verified(_));
            published.add(Difference {
                list_id: own.number.to_string(),
                idx: entry.index.value(),
                status: status.value(),
                published: together.map(Status::value),
                views,
                verified,
                outcome,
            });
        }
        let readable = files.iter_mut().filter(|file| file.shown.is_some());
        for (file, count) in readable.zip(counts) {
            file.differing = count;
        }
        Ok(())
    }

    /// Compares the answers for documents, which nobody signs.
    fn documents(
        &self,
        own: &Own,
        ListUri {
            view,
            uri: location,
        }: &ListUri,
        published: &mut Published,
    ) -> Result<(), Error> {
        let first = self.path(&format!("{location}/{DEFAULT_FILE}"))?;
        let from = self.origin(&first)?.since();
        let mut line = FileLine {
            path: self.path(location)?.as_str().to_owned(),
            list_id: own.number.to_string(),
            view: view.name().to_owned(),
            sha256: None,
            signature: Signature::None,
            reason: None,
            from_revision: from,
            differing: 0,
            adopted: false,
        };
        let of_file = |error| Error::of_store(self.file, &error);
        let mut rows = Vec::new();
        self.snapshot
            .each_document(own.number, |row| {
                rows.push(*row);
                Ok(())
            })
            .map_err(of_file)?;
        let mut any = false;
        for row in rows.iter().filter(|row| row.role == Role::Document) {
            let path = self.path(&format!("{location}/{}", row.hash))?;
            let Some(bytes) = self.site.read(&path, MOST_OF_AN_ANSWER)? else {
                continue;
            };
            any = true;
            let Some(Ok(found)) = recognise_answer(&bytes).as_ref().map(read_answer) else {
                let reason = || format!("'{path}' is no answer that can be read");
                line.reason.get_or_insert_with(reason);
                continue;
            };
            let width = self.register().width;
            let says = Statuses::answered(found.answer, self.series(), width);
            let index = row.entry.index.value();
            let status = entry_of(&own.packed, index.into());
            if !says.contains(status) {
                line.differing += 1;
                published.add(Difference {
                    list_id: own.number.to_string(),
                    idx: index,
                    status: status.value(),
                    published: says.lowest().map(Status::value),
                    views: vec![view.name().to_owned()],
                    verified: false,
                    outcome: match from {
                        Some(_) => Outcome::Older,
                        None if self.finals.contains(&status) => Outcome::Kept,
                        None => Outcome::Unchanged,
                    },
                });
            }
        }
        if any {
            published.files.push(line);
        }
        Ok(())
    }
}

impl Found<'_> {
    fn line(&self, own: &Own, adopted: bool) -> FileLine {
        let (signature, reason) = match &self.standing {
            Standing::Verified(_) => (Signature::Valid, None),
            Standing::NotChecked => (Signature::NotChecked, None),
            Standing::Rejected(reason) => (Signature::Rejected, Some(reason.clone())),
        };
        FileLine {
            path: self.path.as_str().to_owned(),
            list_id: own.number.to_string(),
            view: self.view.name().to_owned(),
            sha256: Some(self.digest.to_string()),
            signature,
            reason,
            from_revision: self.from,
            differing: self.differing,
            adopted,
        }
    }
}

/// The numbers that come up in any of several sorted sequences, each once, lowest first.
fn merged<I: Iterator<Item = u64>>(
    sequences: impl Iterator<Item = I>,
) -> impl Iterator<Item = u64> {
    let mut sequences: Vec<Peekable<I>> = sequences.map(Iterator::peekable).collect();
    std::iter::from_fn(move || {
        let next = sequences.iter_mut().filter_map(|one| one.peek().copied());
        let next = next.min()?;
        for sequence in &mut sequences {
            sequence.next_if_eq(&next);
        }
        Some(next)
    })
}

/// Says that files that verify say different things of an entry.
fn contradiction(entry: EntryId, shown: &[(&SitePath, &Shown<'_>)], index: u64) -> Error {
    let mut error = Error::new(
        Code::Conflict,
        format!("the site's files contradict each other about entry {entry}"),
    );
    for (path, shown) in shown {
        let says = match shown.says(index).only_one() {
            Some(status) => status.to_string(),
            None => format!("that bit {index} is not set"),
        };
        error = error.because(format!("'{path}' says {says}"));
    }
    error
        .hint(
            "one of them is older, as after an interrupted publication: find out which, and move it \
             away",
        )
        .detail("listId", entry.list.to_string())
        .detail("idx", entry.index.value())
}

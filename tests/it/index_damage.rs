//! Bits that flip in the indexes of SQLite: no lookup leads to a stranger's row, and what a lookup
//! does not notice, `inspect` does.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use statuslist::list::{DocumentHash, TokenId};
use statuslist::store::{Access, Store, StoreError};

use crate::harness::Place;

const FILE: &str = "list.slist";

/// A page of an index: where it begins in the file, and how long it is.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub(crate) start: usize,
    pub(crate) length: usize,
}

/// The pages of every index of a list file, found as SQLite's documentation of its file format says
/// (section 1.6, B-tree pages). Tables that are indexes themselves (`WITHOUT ROWID`) are not among
/// them.
pub(crate) fn index_pages(file: &Path) -> Vec<Page> {
    let bytes = std::fs::read(file).unwrap();
    let connection = Connection::open(file).unwrap();
    let mut statement = connection
        .prepare("SELECT rootpage FROM sqlite_schema WHERE type = 'index' ORDER BY rootpage")
        .unwrap();
    let roots = statement
        .query_map([], |row| row.get::<_, u32>(0).map(|root| root as usize))
        .unwrap();
    let length = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let mut todo: Vec<usize> = roots.collect::<Result<_, _>>().unwrap();
    let mut pages = Vec::new();
    while let Some(number) = todo.pop() {
        let start = (number - 1) * length;
        pages.push(Page { start, length });
        let page = &bytes[start..start + length];
        let cells = usize::from(u16::from_be_bytes([page[3], page[4]]));
        let child = |at: usize| u32::from_be_bytes(page[at..at + 4].try_into().unwrap()) as usize;
        match page[0] {
            0x0a => {}
            0x02 => {
                todo.push(child(8));
                for cell in 0..cells {
                    let at = 12 + 2 * cell;
                    todo.push(child(usize::from(u16::from_be_bytes([
                        page[at],
                        page[at + 1],
                    ]))));
                }
            }
            other => panic!("page {number} is of kind {other}"),
        }
    }
    pages.sort_unstable_by_key(|page| page.start);
    pages
}

/// A list file with some of everything that an index is for.
pub(crate) fn place() -> Place {
    let place = Place::new();
    place.write("seed", crate::harness::SEED);
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    place.done(
        "init list.slist --uri https://example.com/lists/{n}.jwt --as jwt --as cwt --as oa-ocsp \
         --bits 2 --size 1000 --seed-file seed",
    );
    let documents: String = (0..6)
        .map(|n| {
            format!(
                "{{\"op\":\"allocate\",\"tokenId\":\"tok{n}\",\"documentHash\":\"{}\"}}\n",
                hash(n)
            )
        })
        .collect();
    place.write("ops.jsonl", documents);
    place.done("batch list.slist ops.jsonl --op-id first");
    for n in 0..6 {
        let status = ["suspended", "revoked", "valid"][n % 3];
        place.done(&format!("set list.slist id:tok{n} {status} --op-id op{n}"));
    }
    place
}

pub(crate) fn hash(n: usize) -> String {
    format!("{:064x}", 0x5eed_0000 + n * 0x0101)
}

/// What every index is asked, and what it answers.
fn answers(file: &Path) -> Vec<Result<String, StoreError>> {
    let store = match Store::open(file, Access::Read, Duration::ZERO) {
        Ok(store) => store,
        Err(error) => return vec![Err(error)],
    };
    let snapshot = match store.snapshot() {
        Ok(snapshot) => snapshot,
        Err(error) => return vec![Err(error)],
    };
    let mut answers = Vec::new();
    for n in 0..7 {
        let token: TokenId = format!("tok{n}").parse().unwrap();
        let found = snapshot.by_token(&token);
        answers.push(found.map(|row| format!("{:?}", row.map(|row| row.entry()))));
        let event = snapshot.event_of(&format!("op{n}"));
        answers.push(event.map(|event| format!("{:?}", event.map(|event| event.rev))));
        let document: DocumentHash = hash(n).parse().unwrap();
        let entry = snapshot.entry_of_document(document, i64::MAX);
        if let Ok(Some(entry)) = entry {
            answers.push(snapshot.document_of(entry).map(|hash| format!("{hash:?}")));
        }
        answers.push(entry.map(|entry| format!("{entry:?}")));
        answers.push(
            snapshot
                .changed_by(3 + i64::try_from(n).unwrap())
                .map(|at| format!("{at:?}")),
        );
    }
    for ending in ["0.jwt", "0.cwt", "0.ocsp", "1.jwt", "q.jwt"] {
        let list = snapshot.list_at(&format!("https://example.com/lists/{ending}"));
        answers.push(match list {
            Err(StoreError::NoUri(_)) => Ok("none".to_owned()),
            list => list.map(|list| format!("{list:?}")),
        });
    }
    answers
}

fn intact(file: &Path) -> bool {
    let verified = Store::open(file, Access::Read, Duration::ZERO)
        .and_then(|store| store.snapshot()?.verify().map(drop));
    verified.is_ok()
}

/// `set URI#7` or `set id:tok3` would change a stranger's entry, a token id would get a second one,
/// an operation would be done again.
#[test]
fn no_flipped_bit_of_an_index_leads_to_a_strangers_row() {
    let place = place();
    let file = place.path(FILE);
    let whole: Vec<_> = answers(&file).into_iter().map(Result::unwrap).collect();
    assert!(intact(&file));
    let bytes = place.read(FILE);
    let (mut seen, mut hidden, mut same) = (0, 0, 0);
    let mut wrong: Vec<usize> = Vec::new();
    for page in index_pages(&file) {
        // What is in use: the header with the pointers, and the cells at the end.
        let used = (page.start..page.start + 32).chain(page.start + 3000..page.start + page.length);
        for bit in used
            .flat_map(|byte| (0..8).map(move |bit| byte * 8 + bit))
            .step_by(53)
        {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            place.write("flipped.slist", &damaged);
            let file = place.path("flipped.slist");
            let found = answers(&file);
            if found.iter().any(Result::is_err) {
                seen += 1;
            } else {
                let found: Vec<_> = found.into_iter().map(Result::unwrap).collect();
                if found == whole {
                    same += 1;
                } else {
                    hidden += 1;
                    if intact(&file) || found.iter().any(|answer| !whole.contains(answer)) {
                        wrong.push(bit);
                    }
                }
            }
        }
    }
    assert!(seen > 50 && same > 500, "{seen} seen, {same} the same");
    assert!(hidden < seen / 4, "{hidden} hidden, {seen} seen");
    assert!(wrong.is_empty(), "{wrong:?}");
}

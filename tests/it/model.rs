//! Whole lives of list files against a simple model: the same statuses, packed bytes and history.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use statuslist::list::{EntryId, Index, ListNumber, Permutation, Seed};
use statuslist::store::{Access, Store};

use crate::harness::{Place, SEED};

#[derive(Clone, Debug)]
enum Step {
    Allocate { count: u64, status: u8 },
    Set { which: usize, status: u8 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (1..6_u64, any::<u8>()).prop_map(|(count, status)| Step::Allocate { count, status }),
        (any::<usize>(), any::<u8>()).prop_map(|(which, status)| Step::Set { which, status }),
        (any::<usize>(), any::<u8>()).prop_map(|(which, status)| Step::Set { which, status }),
    ];
    prop::collection::vec(step, 1..12)
}

/// What a list file must say.
struct Model {
    bits: u8,
    size: u64,
    order: Vec<u32>,
    /// The statuses that each entry had, the newest last.
    entries: BTreeMap<u32, Vec<u8>>,
}

impl Model {
    fn new(bits: u8, size: u64) -> Self {
        let master: Vec<u8> = (0..32).collect();
        let seed = Seed::new(master.try_into().unwrap()).derive(0);
        let order = Permutation::new(&seed, size)
            .unwrap()
            .indexes_of(0..size)
            .unwrap();
        Self {
            bits,
            size,
            order,
            entries: BTreeMap::new(),
        }
    }

    /// Plays one step, and returns the command line and whether it may succeed.
    fn play(&mut self, step: &Step) -> Option<(String, bool)> {
        let largest = u8::MAX >> (8 - self.bits);
        match step {
            Step::Allocate { count, status } => {
                let status = status & largest;
                let taken = self.entries.len();
                let wanted = usize::try_from(*count).unwrap();
                let fits = taken + wanted <= self.order.len();
                if fits {
                    for index in &self.order[taken..taken + wanted] {
                        let first = if status == 0 {
                            vec![0]
                        } else {
                            vec![0, status]
                        };
                        self.entries.insert(*index, first);
                    }
                }
                Some((
                    format!("allocate list --count {count} --status {status}"),
                    fits,
                ))
            }
            Step::Set { which, status } => {
                let status = status & largest;
                let known = self.entries.len();
                let (index, past) = self.entries.iter_mut().nth(which % known.max(1))?;
                if past.last() != Some(&status) {
                    past.push(status);
                }
                Some((format!("set list {index} {status}"), true))
            }
        }
    }

    fn packed(&self) -> Vec<u8> {
        let bits = usize::from(self.bits);
        let mut bytes = vec![0; (usize::try_from(self.size).unwrap() * bits).div_ceil(8)];
        for (index, past) in &self.entries {
            let place = usize::try_from(*index).unwrap() * bits;
            bytes[place / 8] |= past.last().unwrap() << (place % 8);
        }
        bytes
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_list_file_is_what_was_done_to_it(
        bits in prop::sample::select(vec![1_u8, 2, 4, 8]),
        size in 1..60_u64,
        steps in steps(),
    ) {
        let place = Place::new();
        place.write("seed", SEED);
        place.done(&format!(
            "init list --uri https://example.com/{{n}} --bits {bits} --size {size} \
             --seed-file seed --final none"
        ));
        let mut model = Model::new(bits, size);
        for step in &steps {
            let Some((line, fits)) = model.play(step) else { continue };
            let run = place.line(&line);
            prop_assert_eq!(run.code == 0, fits, "{}: {}", line, run.stderr);
        }
        let store = Store::open(&place.path("list"), Access::Read, Duration::ZERO).unwrap();
        let snapshot = store.snapshot().unwrap();
        snapshot.verify().unwrap();
        let list = snapshot.list(ListNumber::FIRST).unwrap();
        prop_assert_eq!(list.taken, model.entries.len() as u64);
        prop_assert_eq!(snapshot.packed(&list).unwrap(), model.packed());
        for (index, past) in &model.entries {
            let entry = EntryId { list: ListNumber::FIRST, index: Index::new(*index) };
            let status = snapshot.status(entry).unwrap().value();
            prop_assert_eq!(Some(&status), past.last());
            let changes = snapshot.changes_of(entry).unwrap();
            let news: Vec<u8> = changes.iter().map(|change| change.row.new.value()).collect();
            prop_assert_eq!(&news[..], &past[1..]);
        }
    }
}

//! A disk that can lose its power: what was written is only sure to be there once it was synced.

use std::collections::BTreeMap;

use super::recording::Call;

/// What a file system promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Promise {
    /// As ext4 does: to sync any file writes the journal of names too, and names reach the disk in
    /// the order in which they changed.
    Ordered,
    /// As POSIX says: only to sync a folder makes its names sure, and they come in any order.
    Strict,
}

/// The files of one folder: what programs see, and what is surely on the disk.
#[derive(Clone)]
pub(super) struct Disk {
    promise: Promise,
    files: Vec<File>,
    seen: Names,
    sure: Names,
    /// Changes of names that are not surely on the disk.
    unsure: Vec<Rename>,
}

/// The content of a folder.
pub(super) type Content = BTreeMap<String, Vec<u8>>;

type Names = BTreeMap<String, usize>;

/// A name gets a file, or loses the one that it has.
#[derive(Clone)]
struct Rename {
    name: String,
    file: Option<usize>,
}

#[derive(Clone, Default)]
struct File {
    sure: Vec<u8>,
    unsure: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

/// The part of a write that disks write whole.
const SECTOR: usize = 512;

impl Disk {
    pub(super) fn new(promise: Promise, content: &Content) -> Self {
        let names: Names = content.keys().cloned().zip(0..).collect();
        let file = |bytes: &Vec<u8>| File {
            sure: bytes.clone(),
            unsure: Vec::new(),
        };
        Self {
            promise,
            files: content.values().map(file).collect(),
            seen: names.clone(),
            sure: names,
            unsure: Vec::new(),
        }
    }

    pub(super) fn apply(&mut self, call: &Call) {
        match call {
            Call::Create(name) => {
                self.files.push(File::default());
                self.name(name, Some(self.files.len() - 1));
            }
            Call::Write(name, offset, data) => {
                let change = Change::Write(*offset, data.clone());
                self.file(name).unsure.push(change);
            }
            Call::Truncate(name, length) => self.file(name).unsure.push(Change::Truncate(*length)),
            Call::Sync(name) if name.is_empty() => self.settle_names(),
            Call::Sync(name) => {
                let file = self.file(name);
                for change in std::mem::take(&mut file.unsure) {
                    change.apply(&mut file.sure, 0);
                }
                if self.promise == Promise::Ordered {
                    self.settle_names();
                }
            }
            Call::Unlink(name) => self.name(name, None),
            Call::Rename(from, to) => {
                let file = self.seen[from];
                self.name(to, Some(file));
                self.name(from, None);
            }
            Call::Link(from, to) => self.name(to, Some(self.seen[from])),
            Call::Acknowledge => {}
        }
    }

    /// What programs see.
    pub(super) fn content(&self) -> Content {
        let mut whole = self.clone();
        whole.settle_names();
        for file in &mut whole.files {
            for change in std::mem::take(&mut file.unsure) {
                change.apply(&mut file.sure, 0);
            }
        }
        whole.of(&whole.sure)
    }

    /// What could be there after the power was cut now.
    ///
    /// Sample 0 has nothing but what is sure, sample 1 all that was written, and the others lose,
    /// tear and reorder.
    pub(super) fn crash(&self, sample: u64, random: &mut Random) -> Content {
        // Of 256: from nearly all lost to nearly all kept.
        let odds = match sample {
            0 => 0,
            1 => 256,
            _ => [20, 80, 128, 176, 236][random.below(5)],
        };
        let torn = sample > 1 && random.below(2) == 0;
        let garbage = if sample > 1 {
            (random.next() & 0xFF) as u8
        } else {
            0
        };
        let mut left = self.clone();
        let unsure = std::mem::take(&mut left.unsure);
        let reached = match sample {
            0 => 0,
            1 => unsure.len(),
            _ => random.below(unsure.len() + 1),
        };
        for (at, rename) in unsure.into_iter().enumerate() {
            let kept = match self.promise {
                Promise::Ordered => at < reached,
                Promise::Strict => random.below(256) < odds,
            };
            if kept {
                rename.apply(&mut left.sure);
            }
        }
        for file in &mut left.files {
            for change in std::mem::take(&mut file.unsure) {
                match change {
                    Change::Write(offset, data) if torn => {
                        for (offset, sector) in sectors(offset, &data) {
                            if random.below(256) < odds {
                                Change::Write(offset, sector.to_vec())
                                    .apply(&mut file.sure, garbage);
                            }
                        }
                    }
                    change if random.below(256) < odds => change.apply(&mut file.sure, garbage),
                    _ => {}
                }
            }
        }
        left.of(&left.sure)
    }

    fn name(&mut self, name: &str, file: Option<usize>) {
        let rename = Rename {
            name: name.to_owned(),
            file,
        };
        rename.apply(&mut self.seen);
        self.unsure.push(rename);
    }

    fn file(&mut self, name: &str) -> &mut File {
        &mut self.files[self.seen[name]]
    }

    fn settle_names(&mut self) {
        for rename in self.unsure.drain(..) {
            rename.apply(&mut self.sure);
        }
    }

    fn of(&self, names: &Names) -> Content {
        names
            .iter()
            .map(|(name, file)| (name.clone(), self.files[*file].sure.clone()))
            .collect()
    }
}

impl Rename {
    fn apply(&self, names: &mut Names) {
        match self.file {
            Some(file) => names.insert(self.name.clone(), file),
            None => names.remove(&self.name),
        };
    }
}

impl Change {
    /// Does what was asked; a gap before it is filled with `garbage`, because a disk may hold
    /// anything where nothing was written yet.
    fn apply(&self, bytes: &mut Vec<u8>, garbage: u8) {
        match self {
            Self::Write(offset, data) => {
                let start = usize::try_from(*offset).unwrap();
                let end = start + data.len();
                if bytes.len() < end {
                    bytes.resize(end, garbage);
                }
                bytes[start..end].copy_from_slice(data);
            }
            Self::Truncate(length) => bytes.resize(usize::try_from(*length).unwrap(), garbage),
        }
    }
}

/// A write cut where the sectors of the disk end.
fn sectors(offset: u64, data: &[u8]) -> Vec<(u64, &[u8])> {
    let mut parts = Vec::new();
    let mut rest = data;
    let mut at = offset;
    while !rest.is_empty() {
        let inside = usize::try_from(at).unwrap() % SECTOR;
        let (part, behind) = rest.split_at(rest.len().min(SECTOR - inside));
        parts.push((at, part));
        at += part.len() as u64;
        rest = behind;
    }
    parts
}

/// Numbers that look random and are the same in every run (`SplitMix64`).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }
}

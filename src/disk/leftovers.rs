//! What killed runs left.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::Path,
};

use rustix::fs::OFlags;

use super::atomic::{TEMPORARY_PREFIX, TEMPORARY_SUFFIX};

/// The age from which a leftover is removed, in seconds: a day.
const AGE: i64 = 24 * 60 * 60;

/// What a draft's folder may hold: the file, and what `SQLite` puts beside it.
const IN_A_DRAFT: [&str; 4] = ["draft", "draft-journal", "draft-wal", "draft-shm"];

/// Removes from a folder the temporary files and folders of runs that were killed more than a day
/// before `now`, in Unix seconds.
///
/// Whoever makes one holds a lock on it, so one that can be locked is nobody's. Only what has the
/// exact form of ours is removed, and belongs to the user of this process; where locks do not work
/// or anything else is in doubt, it stays. What cannot be removed is left for the next time.
pub(crate) fn clear_leftovers(folder: &Path, now: i64) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(is_ours) {
            clear(&entry.path(), now);
        }
    }
}

/// Whether a file has the name of one that is being made, or was left by a killed process.
pub(crate) fn is_temporary(file: &Path) -> bool {
    let name = file.file_name().and_then(std::ffi::OsStr::to_str);
    name.is_some_and(is_ours)
}

/// Whether a name is one that a temporary file or folder gets.
fn is_ours(name: &str) -> bool {
    let random = name
        .strip_prefix(TEMPORARY_PREFIX)
        .and_then(|rest| rest.strip_suffix(TEMPORARY_SUFFIX));
    random.is_some_and(|random| {
        random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Removes one file or folder that nobody holds any more; `None` if it stays.
fn clear(path: &Path, now: i64) -> Option<()> {
    let held = lock(path)?;
    let found = held.metadata().ok()?;
    if !is_old(&found, now) || !is_still_there(path, &found) {
        return None;
    }
    if found.is_file() {
        return fs::remove_file(path).ok();
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).ok()? {
        let entry = entry.ok()?;
        let inner = fs::symlink_metadata(entry.path()).ok()?;
        let known = entry
            .file_name()
            .to_str()
            .is_some_and(|name| IN_A_DRAFT.contains(&name));
        if !known || !inner.is_file() || !is_old(&inner, now) {
            return None;
        }
        files.push(entry.path());
    }
    for file in files {
        fs::remove_file(file).ok()?;
    }
    fs::remove_dir(path).ok()
}

/// Takes the lock that whoever made a file or folder holds.
fn lock(path: &Path) -> Option<File> {
    let found = fs::symlink_metadata(path).ok()?;
    if !found.is_file() && !found.is_dir() {
        return None;
    }
    // A pipe or a link that took its place meanwhile is neither waited for nor followed.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let held = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
        .ok()?;
    held.try_lock().ok()?;
    Some(held)
}

fn is_old(metadata: &Metadata, now: i64) -> bool {
    let ours = metadata.uid() == rustix::process::geteuid().as_raw();
    ours && metadata.mtime() < now.saturating_sub(AGE)
}

fn is_still_there(path: &Path, held: &Metadata) -> bool {
    fs::symlink_metadata(path)
        .is_ok_and(|found| (found.dev(), found.ino()) == (held.dev(), held.ino()))
}

#[cfg(test)]
mod tests {
    use std::{
        fs::FileTimes,
        os::unix::fs::symlink,
        time::{Duration, UNIX_EPOCH},
    };

    use super::*;
    use crate::disk::{Draft, Visibility};

    const NOW: i64 = 2_000_000_000;

    fn age(path: &Path, days: u64) {
        let time = UNIX_EPOCH + Duration::from_secs(NOW.cast_unsigned() - days * 86_400 - 1);
        let times = FileTimes::new().set_modified(time);
        File::open(path).unwrap().set_times(times).unwrap();
    }

    fn file(folder: &Path, name: &str, days: u64) {
        let path = folder.join(name);
        fs::File::create_new(&path).unwrap();
        age(&path, days);
    }

    /// What a killed run leaves.
    fn draft(folder: &Path, name: &str, inside: &[&str], days: u64) {
        let path = folder.join(name);
        fs::create_dir(&path).unwrap();
        for name in inside {
            file(&path, name, days);
        }
        age(&path, days);
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_old_and_nobodys_is_removed() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path();
        file(folder, ".statuslist-aB3xyz.tmp", 1);
        draft(folder, ".statuslist-000000.tmp", &IN_A_DRAFT, 2);
        draft(folder, ".statuslist-111111.tmp", &[], 1);
        clear_leftovers(folder, NOW);
        assert_eq!(names(folder), [""; 0]);
    }

    #[test]
    fn what_is_fresh_or_held_stays() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path();
        file(folder, ".statuslist-aaaaaa.tmp", 0);
        draft(folder, ".statuslist-bbbbbb.tmp", &["draft"], 0);
        // An old folder around a file that is being written.
        draft(folder, ".statuslist-cccccc.tmp", &[], 0);
        file(&folder.join(".statuslist-cccccc.tmp"), "draft", 0);
        age(&folder.join(".statuslist-cccccc.tmp"), 5);
        file(folder, ".statuslist-dddddd.tmp", 5);
        let held = File::open(folder.join(".statuslist-dddddd.tmp")).unwrap();
        held.lock().unwrap();
        let draft = Draft::beside(&folder.join("target"), Visibility::Secret).unwrap();
        age(draft.path(), 5);
        age(draft.path().parent().unwrap(), 5);
        let before = names(folder);
        assert_eq!(before.len(), 5);
        clear_leftovers(folder, NOW);
        assert_eq!(names(folder), before);
    }

    #[test]
    fn what_is_not_ours_stays() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path();
        for name in [
            ".statuslist-.tmp",
            ".statuslist-aaaaa.tmp",
            ".statuslist-aaaaaaa.tmp",
            ".statuslist-aaa-aa.tmp",
            ".statuslist-aaaaaa.tmp.gz",
            ".statuslist-aaaaaa",
            "statuslist-aaaaaa.tmp",
            ".statuslist-notes.tmp.",
        ] {
            file(folder, name, 9);
        }
        draft(folder, ".statuslist-eeeeee.tmp", &["draft", "mine"], 9);
        draft(folder, ".statuslist-ffffff.tmp", &[], 9);
        fs::create_dir(folder.join(".statuslist-ffffff.tmp/draft")).unwrap();
        age(&folder.join(".statuslist-ffffff.tmp"), 9);
        let elsewhere = tempfile::tempdir().unwrap();
        file(elsewhere.path(), "draft", 9);
        age(elsewhere.path(), 9);
        symlink(elsewhere.path(), folder.join(".statuslist-gggggg.tmp")).unwrap();
        let before = names(folder);
        assert_eq!(before.len(), 11);
        clear_leftovers(folder, NOW);
        assert_eq!(names(folder), before);
        assert_eq!(names(elsewhere.path()), ["draft"]);
        assert_eq!(
            names(&folder.join(".statuslist-eeeeee.tmp")),
            ["draft", "mine"]
        );
        // Only root can give a file away.
        file(folder, ".statuslist-hhhhhh.tmp", 9);
        let path = folder.join(".statuslist-hhhhhh.tmp");
        if std::os::unix::fs::chown(&path, Some(65_534), None).is_ok() {
            clear_leftovers(folder, NOW);
            assert!(path.exists());
        }
    }
}

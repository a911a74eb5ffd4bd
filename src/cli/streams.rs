//! Whether the standard streams lead anywhere.

use std::os::fd::AsFd;

use rustix::fs::{FileType, OFlags, fcntl_getfl, fstat, stat};

/// Says whether a stream was closed before the program began.
///
/// Rust's runtime puts the null device, open for reading and writing, in place of a closed stream.
/// What a shell opens with `>/dev/null` or `</dev/null` is open one way. Some launchers
/// (Python's `DEVNULL` is one) open it both ways, so this is a reason to warn and not to refuse.
pub(super) fn seems_closed(stream: impl AsFd) -> bool {
    let (Ok(flags), Ok(found), Ok(null)) =
        (fcntl_getfl(&stream), fstat(&stream), stat("/dev/null"))
    else {
        return false;
    };
    flags & OFlags::RWMODE == OFlags::RDWR
        && FileType::from_raw_mode(found.st_mode).is_char_device()
        && found.st_rdev == null.st_rdev
}

//! What the machine says: the clock, the environment, and who asks.

use std::ffi::OsString;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::commands::Clock;
use crate::list::Timestamp;

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
pub(super) fn real_time() -> Timestamp {
    let second = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    };
    Timestamp::from_second(second)
}

pub(super) fn clock(given: Option<Timestamp>) -> Clock {
    Clock {
        real: real_time(),
        given,
        source_date: variable("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment"
)]
pub(super) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// The variables that are settings of this program.
pub(super) fn own_variables() -> Vec<OsString> {
    std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.as_encoded_bytes().starts_with(b"STATUSLIST_"))
        .collect()
}

/// user@host, as far as the machine says.
pub(super) fn actor() -> String {
    let user = ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))
        .map_or_else(
            || format!("uid{}", rustix::process::getuid().as_raw()),
            |value| value.to_string_lossy().into_owned(),
        );
    let host = rustix::system::uname();
    format!("{user}@{}", host.nodename().to_string_lossy())
}

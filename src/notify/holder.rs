//! Which process tells a receiver.

use rustix::io::Errno;
use rustix::process::{Pid, getpid, test_kill_process};

use crate::disk::machine;

/// The name of this process, on all machines.
pub(super) fn this_process() -> String {
    format!("{}/{}", machine(), getpid().as_raw_nonzero())
}

/// Whether a process is known to have ended. One of another machine is waited for; one with this
/// process's own number was another.
pub(super) fn is_gone(name: &str) -> bool {
    let Some((host, number)) = name.rsplit_once('/') else {
        return true;
    };
    let number = number.parse().ok().and_then(Pid::from_raw);
    match number {
        _ if host != machine() => false,
        Some(number) if number != getpid() => test_kill_process(number) == Err(Errno::SRCH),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_of_this_machine_is_known_to_have_ended() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let number = child.id();
        child.wait().unwrap();
        assert!(is_gone(&format!("{}/{number}", machine())));
        assert!(is_gone(&this_process()), "it has just begun");
        assert!(!is_gone(&format!("{}/1", machine())), "it lives");
        assert!(!is_gone(&format!("elsewhere/{number}")), "nobody knows");
    }
}

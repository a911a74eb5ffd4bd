//! How much memory `publish` takes of many lists: that of the largest. Only Linux tells how much a
//! process took.

#![cfg(target_os = "linux")]

use std::process::Stdio;

use crate::harness::Place;

const MIB: u64 = 1 << 20;

/// How many bytes each list has.
const LIST: u64 = 8 * MIB;

const FILES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// Publishes list files, and returns the most memory that the process took, in bytes.
fn publish(place: &Place, files: &[&str]) -> u64 {
    let mut command = place.command();
    command.arg("publish").args(files);
    command.args(["--to", "site", "--key", "key.pem", "--json"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.unwrap();
    // What the system says at the end counts what this process had when it made the other.
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        memory = memory.max(kib.unwrap_or_default() << 10);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return memory;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

#[test]
fn many_lists_take_the_memory_of_one() {
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    // Another default status than 0: the system gives zeros without memory.
    for name in FILES {
        place.done(&format!(
            "init {name} --uri https://example.com/{name}/{{n}}.jwt --bits 2 --size {} \
             --default-status suspended",
            4 * LIST
        ));
    }
    publish(&place, &FILES[..1]);
    let of_one = publish(&place, &FILES[..1]);
    // What is to be written waits: the first in memory, the others in a file.
    let written = publish(&place, &FILES);
    assert!(written < of_one + 4 * LIST, "{} MiB", written / MIB);
    let unchanged = publish(&place, &FILES);
    assert!(unchanged < of_one + LIST, "{} MiB", unchanged / MIB);
}

//! The memory that a batch takes, measured of real processes.

use std::process::Stdio;

use wait4::Wait4;

use crate::harness::Place;

const LINES: usize = 60_000;

/// Runs a batch without keeping anything of it; returns its exit code and its peak of memory in
/// bytes.
fn peak(place: &Place, name: &str) -> (i32, u64) {
    peak_with(place, name, &["--status", "suspended"])
}

fn peak_with(place: &Place, name: &str, options: &[&str]) -> (i32, u64) {
    let mut command = place.command();
    command
        .args(["batch", "list.slist", name, "-n"])
        .args(options)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let done = command.spawn().unwrap().wait4().unwrap();
    (done.status.code().unwrap(), done.rusage.maxrss)
}

/// A fault must not make what was read, or what follows it, pile up.
#[test]
fn a_batch_with_one_bad_line_takes_no_more_memory_than_without_it() {
    let place = Place::with_list_of(2, 1_000_000);
    let padding = " ".repeat(200);
    let csv = format!("allocate,{padding}\n");
    let json = format!("{{\"op\":\"allocate\"{padding}}}\n");
    for (header, line, bad) in [
        // A quote that is never closed makes one record of all that follows.
        ("op,expiresAt\n", &csv, "allocate,\"\n"),
        ("op,expiresAt\n", &csv, "allocate\n"),
        ("", &json, "{\"op\":\"allocate\",\"unknown\":1}\n"),
    ] {
        let whole = |at: Option<usize>| {
            let lines = (0..LINES).map(|place| if Some(place) == at { bad } else { line });
            std::iter::once(header).chain(lines).collect::<String>()
        };
        place.write("good", whole(None));
        let (code, good) = peak(&place, "good");
        assert_eq!(code, 0, "{line}");
        place.write("bad", whole(Some(1)));
        let (code, with_fault) = peak(&place, "bad");
        assert_eq!(code, 1, "{bad}");
        let bound = good + good / 10 + (4 << 20);
        assert!(
            with_fault <= bound,
            "{bad}: {with_fault} bytes instead of {good}"
        );
    }
}

#[test]
fn a_quote_that_is_never_closed_is_named_with_its_line() {
    let place = Place::with_list();
    let mut text = "op,note\nallocate,\nallocate,\"\n".to_owned();
    text.push_str(&"allocate,\n".repeat(200_000));
    place.write("ops.csv", text);
    place.refuses(
        "batch list.slist ops.csv",
        snapbox::str![[r#"
--- stderr
error: line 3: a record of more than 1048576 bytes
hint: a quote that is opened is closed in the same record
--- exit 1

"#]],
    );
}

/// The object that the guide answers with is written entry by entry, with what credentials embed.
#[test]
fn a_response_with_claims_takes_no_more_memory_than_lines_without() {
    let place = Place::with_list_of(2, 1_000_000);
    place.write(
        "body",
        format!(r#"{{"operation":"allocate","count":{LINES}}}"#),
    );
    let (code, lines) = peak_with(&place, "body", &["--input", "jsonl"]);
    assert_eq!(code, 0);
    let (code, response) = peak_with(&place, "body", &["--claim", "jwt"]);
    assert_eq!(code, 0);
    // As text, an entry has about 250 bytes.
    assert!(
        response <= lines + lines / 4 + (1 << 20),
        "{response} bytes instead of {lines}"
    );
}

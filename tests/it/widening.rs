//! `configure --bits`: entries get more bits, and keep their indexes and statuses.

use std::time::Duration;

use snapbox::str;
use statuslist::store::{Access, Store};

use crate::crashes::{ROUNDS, kill_one};
use crate::full_disk::limited;
use crate::harness::{Place, SEED};
use crate::shapes;

const URI: &str = "--uri https://example.com/statuslists/{n}.jwt";

/// A place with a list file of 1 bit, in which entry a is revoked and b is valid; and its indexes.
fn place(options: &str) -> (Place, [u64; 2]) {
    let place = Place::new();
    place.write("seed", SEED);
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done(&format!(
        "init list.slist {URI} --bits 1 --seed-file seed {options}"
    ));
    let indexes = ["a", "b"].map(|token| {
        let one: shapes::One = place.decode(&format!("allocate list.slist --token-id {token}"));
        one.idx
    });
    place.done("set list.slist id:a revoked");
    (place, indexes)
}

fn verify(place: &Place, file: &str) -> i64 {
    let store = Store::open(&place.path(file), Access::Read, Duration::ZERO).unwrap();
    let snapshot = store.snapshot().unwrap();
    snapshot.verify().unwrap();
    snapshot.head().rev
}

#[test]
fn entries_get_more_bits_and_can_be_suspended() {
    let (place, [a, b]) = place("");
    let publish = "publish list.slist --to site --key key.pem";
    let token = "site/statuslists/0.jwt";
    let shown = |file: &str| {
        let entry = |index: u64| {
            let line = format!("inspect {file} --key public.pem --entry {index}");
            let token: shapes::Token = place.decode(&line);
            (token.list.unwrap().bits, token.entry.unwrap().status)
        };
        [entry(a), entry(b)]
    };
    place.done(publish);
    std::fs::copy(place.path(token), place.path("old.jwt")).unwrap();
    place.refuses(
        "set list.slist id:b suspended",
        str![[r#"
--- stderr
error: status 2 does not fit 1 bit: the largest is 1
hint: with more bits it fits: statuslist configure FILE --bits 2, or init with --bits 2
--- exit 1

"#]],
    );
    place.shows(
        "configure list.slist --bits 2",
        str![[r#"
--- stderr
configured, revision 5; to make it visible: statuslist publish 'list.slist'
entries have 2 bits each from revision 5 on, and keep their indexes and statuses

"#]],
    );
    place.done("set list.slist id:b suspended");
    place.done(publish);
    assert_eq!(shown("old.jwt"), [(1, 1), (1, 0)]);
    assert_eq!(shown(token), [(2, 1), (2, 2)]);
    let got: shapes::ListFile = place.decode("inspect list.slist");
    assert_eq!((got.settings.bits, got.lists[0].bits), (2, 2));
    // The indexes in credentials are those of before.
    for (name, index, status) in [("a", a, 1), ("b", b, 2)] {
        let got: shapes::Got = place.decode(&format!("get list.slist id:{name}"));
        assert_eq!((got.idx, got.status), (index, Some(status)));
    }
    assert_eq!(verify(&place, "list.slist"), 6);
}

#[test]
fn what_is_published_is_written_anew_and_no_final_status_is_lost() {
    let (place, _) = place("--as jwt,cwt,bitstring.revocation --issuer https://example.com");
    let publish = "publish list.slist --to site --key key.pem";
    place.done(publish);
    place.done("configure list.slist --bits 4");
    place.shows(
        publish,
        str![[r#"
written    statuslists/0.cwt (336 bytes, expires 2026-01-08T00:00:00Z): the list changed
written    statuslists/0.jwt (572 bytes, expires 2026-01-08T00:00:00Z): the list changed
unchanged  statuslists/0.revocation.json
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.cwt has expired by the real clock: readers refuse it
2 files written, 1 unchanged

"#]],
    );
    let token: shapes::Token = place.decode("inspect site/statuslists/0.cwt --key public.pem");
    assert_eq!(token.list.unwrap().bits, 4);
    place.done("inspect list.slist");
}

/// What a site has of before shows the same statuses, whoever compares them.
#[test]
fn a_backup_is_compared_with_what_was_published_before() {
    let (place, [a, _]) = place("");
    place.done("publish list.slist --to site --key key.pem");
    place.done("configure list.slist --bits 2");
    place.done("set list.slist id:b suspended");
    place.done("backup list.slist copy.slist");
    let restored: shapes::Restored = place.decode("restore copy.slist --to site");
    let site = restored.published.unwrap();
    let shown = format!("{site:?}");
    assert_eq!(site.files[0].reason, None, "{shown}");
    assert_eq!(site.files[0].differing, 1, "{shown}");
    let got: shapes::Got = place.decode(&format!("get copy.slist 0/{a}"));
    assert_eq!(got.status, Some(1));
}

#[test]
fn what_is_kept_to_one_bit_is_refused_by_name() {
    let (place, _) = place("");
    for (line, said) in [
        (
            "configure list.slist --bits 1",
            str![[r#"
--- stderr
error: entries have 1 bit each already
--- exit 1

"#]],
        ),
        (
            "configure list.slist --bits 3",
            str![[r#"
--- stderr
error: invalid value '3' for '--bits <N>': 3 bits per entry: a list has 1, 2, 4 or 8

For more information, try '--help'.
--- exit 2

"#]],
        ),
    ] {
        place.refuses(line, said);
    }
    place.done("configure list.slist --bits 8");
    place.refuses(
        "configure list.slist --bits 2",
        str![[r#"
--- stderr
error: entries have 8 bits each, and cannot get 2 bits
because: they would lose statuses that they have or may get
--- exit 1

"#]],
    );
    for (options, said) in [
        (
            "--profile iso-mdoc --as cwt",
            str![[r#"
--- stderr
error: the entries have 2 bits
because: profile iso-mdoc demands entries of 1 bit (ISO/IEC 18013-5, second edition (working draft), section 12.3.6)
hint: another --bits
--- exit 1

"#]],
        ),
        (
            "--as bitstring.message --issuer https://example.com",
            str![[r#"
--- stderr
error: entries have 1 bit each, and cannot get 2 bits
because: credentials with bitstring.message say how many bits their entry has
hint: another list file: statuslist init FILE --bits 2
--- exit 1

"#]],
        ),
        (
            "--as bitstring.refresh --issuer https://example.com",
            str![[r#"
--- stderr
error: bitstring.refresh needs a series of its own, of 1 bit, with default status valid and final status invalid
--- exit 1

"#]],
        ),
    ] {
        let (place, _) = self::place(options);
        place.refuses("configure list.slist --bits 2", said);
    }
}

#[test]
fn a_form_that_cannot_suspend_goes_on_and_says_so_when_it_matters() {
    let options = "--as jwt,revocationlist2020 --issuer https://example.com";
    let (place, _) = place(options);
    place.done("configure list.slist --bits 2");
    place.refuses(
        "set list.slist id:b suspended",
        str![[r#"
--- stderr
error: view revocationlist2020 does not show status suspended (2): its readers would take the entry for valid
hint: add a view that shows it, or consent: statuslist configure FILE --blind revocationlist2020=2
--- exit 1

"#]],
    );
    place.done("configure list.slist --blind revocationlist2020=suspended");
    place.done("set list.slist id:b suspended");
}

#[test]
fn a_list_of_suspensions_comes_with_the_bits_that_it_needs() {
    let options = "--as bitstring.revocation --issuer did:web:example.com";
    let (place, [_, b]) = place(options);
    let add = "configure list.slist --add-view bitstring.suspension";
    assert_eq!(place.line(add).code, 1);
    place.done(&format!("{add} --bits 2"));
    place.done("set list.slist id:b suspended");
    place.done("publish list.slist --to site --key key.pem");
    let all: Vec<String> = place
        .files()
        .keys()
        .filter_map(|path| path.to_str().map(str::to_owned))
        .filter(|path| path.contains("suspension"))
        .collect();
    let [suspensions] = all.as_slice() else {
        panic!("{all:?}");
    };
    let line = format!("inspect {suspensions} --key public.pem --entry {b}");
    let shown: shapes::Credential = place.decode(&line);
    assert_eq!(shown.entries[0].value, 1);
}

#[test]
fn a_dry_run_and_a_repetition_change_nothing() {
    let (place, _) = place("");
    let before = place.files();
    place.shows(
        "configure list.slist --bits 2 -n",
        str![[r#"
--- stderr
dry run: nothing was changed; without -n:
configured, revision 5; to make it visible: statuslist publish 'list.slist'
entries have 2 bits each from revision 5 on, and keep their indexes and statuses

"#]],
    );
    assert!(before == place.files());
    place.done("configure list.slist --bits 2 --op-id wider");
    let before = place.files();
    let again: shapes::Configured = place.decode("configure list.slist --bits 2 --op-id wider");
    assert_eq!((again.bits, again.revision, again.repeated), (2, 5, true));
    assert!(before == place.files());
}

#[test]
fn init_says_what_one_bit_cannot_do_where_that_can_change() {
    for (options, expected) in [
        ("", Some("configure 'list.slist' --bits 2")),
        ("--bits 2", None),
        ("--profile iso-mdoc --as cwt", None),
        ("--as bitstring.refresh --issuer https://example.com", None),
        (
            "--as bitstring.message --issuer https://example.com",
            Some("they keep 1 bit for good"),
        ),
    ] {
        let place = Place::new();
        let run = place.line(&format!("init list.slist {URI} {options}"));
        assert_eq!(run.code, 0, "{options}: {}", run.stderr);
        let said = run
            .stderr
            .lines()
            .find(|line| line.starts_with("entries of 1 bit"));
        match expected {
            Some(text) => assert!(said.unwrap().contains(text), "{options}: {said:?}"),
            None => assert_eq!(said, None, "{options}"),
        }
        let place = Place::new();
        let quiet = place.line(&format!("init list.slist {URI} {options} -q"));
        assert!(
            !quiet.stderr.contains("suspended"),
            "{options}: {}",
            quiet.stderr
        );
    }
}

/// A file with many pages, so that something can go wrong between them.
fn large() -> Place {
    let (place, _) = place("--size 2000000 -q");
    let updates: String = (0..400)
        .map(|n| format!("{{\"op\":\"allocate\",\"tokenId\":\"t{n}\"}}\n"))
        .chain((0..400).map(|n| format!("{{\"op\":\"set\",\"tokenId\":\"t{n}\",\"status\":1}}\n")))
        .collect();
    place.write("ops.jsonl", updates);
    place.done("batch list.slist ops.jsonl");
    place
}

#[test]
fn a_full_disk_leaves_the_file_as_it_was() {
    let place = large();
    let before = place.read("list.slist");
    // What is there can be written, and hardly anything behind it.
    let there = before.len() as u64 / 512;
    for blocks in [0, 8, there, there + 40, there + 200] {
        let run = limited(&place, blocks, &["configure", "list.slist", "--bits", "2"]);
        assert_eq!(run.code, 4, "{blocks}: {}", run.stderr);
        assert!(before == place.read("list.slist"), "{blocks}");
    }
    place.done("configure list.slist --bits 2");
    verify(&place, "list.slist");
}

#[test]
fn a_killed_process_leaves_the_file_as_it_was_or_wider() {
    let place = large();
    let mut wider = 0;
    for round in 0..ROUNDS {
        let name = format!("copy-{round}.slist");
        std::fs::copy(place.path("list.slist"), place.path(&name)).unwrap();
        kill_one(&place, &["configure", &name, "--bits", "2"], round);
        let bits = place
            .decode::<shapes::ListFile>(&format!("inspect {name}"))
            .settings
            .bits;
        assert_eq!(verify(&place, &name), if bits == 1 { 5 } else { 6 });
        wider += u32::from(bits == 2);
        std::fs::remove_file(place.path(&name)).unwrap();
    }
    assert!(wider < ROUNDS, "every process was faster than its death");
}

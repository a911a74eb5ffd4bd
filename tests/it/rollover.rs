//! Series whose lists take turns.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use serde_json::Value;
use snapbox::str;

use crate::harness::Place;

const URI: &str = "https://example.com/statuslists/{n}.jwt";

/// A folder with a key.
fn place() -> Place {
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place
}

/// A series with small lists.
fn series(options: &[&str]) -> Place {
    let place = self::place();
    let mut arguments = vec!["init", "l", "--uri", URI, "--size", "4", "-q"];
    arguments.extend(options);
    place.ok(&arguments);
    place
}

fn states(place: &Place) -> Vec<(String, String, u64)> {
    let shown = place.json(&["inspect", "l", "--json"]);
    let lists = shown["lists"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = |list: &Value| {
        let allocated = list["allocated"].as_u64().unwrap();
        (text(&list["listId"]), text(&list["state"]), allocated)
    };
    lists.iter().map(list).collect()
}

fn named(states: &[(String, String, u64)]) -> Vec<(&str, &str, u64)> {
    states
        .iter()
        .map(|(list, state, count)| (list.as_str(), state.as_str(), *count))
        .collect()
}

#[test]
fn init_makes_an_open_list_and_a_spare_one() {
    let place = self::place();
    let made = place.json(&["init", "l", "--uri", URI, "--spare", "1", "--json"]);
    assert_eq!((&made["open"], &made["spare"]), (&1.into(), &1.into()));
    assert_eq!(
        named(&states(&place)),
        [("0", "open", 0), ("1", "spare", 0)]
    );
    let place = self::place();
    place.ok(&[
        "init", "l", "--uri", URI, "--open", "2", "--spare", "3", "-q",
    ]);
    let states = states(&place);
    let states: Vec<_> = states.iter().map(|(_, state, _)| state.as_str()).collect();
    assert_eq!(states, ["open", "open", "spare", "spare", "spare"]);
}

#[test]
fn by_default_as_many_wait_as_are_open() {
    for (open, spare) in [(1, 1), (3, 3)] {
        let place = self::place();
        let open_lists = open.to_string();
        let arguments = ["init", "l", "--uri", URI, "--open", &open_lists, "--json"];
        let run = place
            .command()
            .args(arguments)
            .env_remove("STATUSLIST_SPARE")
            .output();
        let run = run.unwrap();
        assert!(run.status.success());
        let made: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(
            (&made["open"], &made["spare"]),
            (&open.into(), &spare.into())
        );
    }
}

#[test]
fn one_allocation_spans_lists_and_each_entry_says_its_own() {
    let place = series(&["--spare", "1"]);
    place.ok(&["allocate", "l", "--count", "3", "-q"]);
    let handed = place.json(&["allocate", "l", "--count", "7", "--json", "-q"]);
    let entries = handed["allocations"].as_array().unwrap();
    let lists: Vec<_> = entries
        .iter()
        .map(|entry| entry["listId"].as_str().unwrap())
        .collect();
    assert_eq!(lists, ["0", "1", "1", "1", "1", "2", "2"]);
    for entry in entries {
        let list = entry["listId"].as_str().unwrap();
        assert_eq!(
            entry["uri"],
            format!("https://example.com/statuslists/{list}.jwt")
        );
    }
    assert_eq!(
        named(&states(&place)),
        [
            ("0", "full", 4),
            ("1", "full", 4),
            ("2", "open", 2),
            ("3", "spare", 0)
        ]
    );
    // Each index of a list once.
    let mut taken = BTreeSet::new();
    for entry in entries {
        assert!(taken.insert((entry["uri"].clone().to_string(), entry["idx"].as_u64())));
    }
    place.ok(&["inspect", "l"]);
}

#[test]
fn the_spare_opens_when_the_last_entry_goes_and_a_new_one_is_made() {
    let place = series(&["--spare", "1"]);
    let run = place.run(&["allocate", "l", "--count", "4"]);
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
warning: no site is known to have list 0: publish it before credentials with these entries are used
allocated 4 entries of list 0 (4 left), revision 2
list 1 is open now, list 2 is new and in reserve; publish before entries of new lists are handed out: statuslist publish 'l'

"#]]
    );
    assert_eq!(
        named(&states(&place)),
        [("0", "full", 4), ("1", "open", 0), ("2", "spare", 0)]
    );
}

#[test]
fn a_repetition_gives_the_same_entries_whatever_came_since() {
    for options in [
        ["--spare", "1"].as_slice(),
        &["--open", "3", "--spare", "2"],
    ] {
        let place = series(options);
        let line = [
            "allocate", "l", "--count", "9", "--op-id", "nine", "--json", "-q",
        ];
        let first = place.json(&line);
        place.ok(&["allocate", "l", "--count", "5", "-q"]);
        let again = place.json(&line);
        assert_eq!(first["allocations"].as_array().unwrap().len(), 9);
        let entries = |answer: &Value| {
            let entries = answer["allocations"].as_array().unwrap().iter();
            entries
                .map(|one| (one["listId"].clone(), one["idx"].clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(entries(&first), entries(&again));
        place.write("ops.jsonl", "{\"op\":\"allocate\"}\n".repeat(11));
        let line = ["batch", "l", "ops.jsonl", "--op-id", "eleven", "-q"];
        let first = place.ok(&line);
        place.ok(&["allocate", "l", "--count", "6", "-q"]);
        let again = place.ok(&line).replace(",\"repeated\":true", "");
        assert_eq!(first, again);
        place.ok(&["inspect", "l"]);
    }
}

#[test]
fn a_bare_index_is_refused_once_two_lists_are_in_use() {
    let place = series(&["--spare", "1", "--bits", "2"]);
    place.ok(&["allocate", "l", "--count", "4", "-q"]);
    place.ok(&["set", "l", "1", "suspended", "-q"]);
    place.ok(&["allocate", "l", "-q"]);
    place.refuses(
        "set l 1 valid",
        str![[r#"
--- stderr
error: index 1 could mean an entry of more than one list
because: the series has handed out entries of several lists
hint: write 0/1 or 1/1 or URI#1
--- exit 1

"#]],
    );
    place.ok(&["set", "l", "0/1", "valid", "-q"]);
    place.ok(&["set", "l", "1", "suspended", "--list", "0", "-q"]);
}

#[test]
fn several_open_lists_share_what_is_handed_out() {
    let place = self::place();
    place.ok(&[
        "init", "l", "--uri", URI, "--size", "1000", "--open", "4", "--spare", "4", "-q",
    ]);
    for round in 0..8 {
        let tokens: Vec<_> = (0..50).map(|n| format!("{round}-{n}")).collect();
        let mut line = vec!["allocate", "l", "-q"];
        for token in &tokens {
            line.extend(["--token-id", token]);
        }
        place.ok(&line);
    }
    let states = states(&place);
    let handed: Vec<_> = states.iter().take(4).map(|(_, _, count)| *count).collect();
    assert_eq!(handed.iter().sum::<u64>(), 400);
    // 100 are expected of each, and 5 deviations are 43.
    assert!(
        handed.iter().all(|count| (57..=143).contains(count)),
        "{handed:?}"
    );
    place.ok(&["inspect", "l"]);
}

#[test]
fn lists_of_several_open_ones_are_replaced_one_by_one() {
    let place = series(&["--open", "2", "--spare", "1"]);
    let mut seen: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for _ in 0..25 {
        let entry = place.json(&["allocate", "l", "--json", "-q"]);
        let list = entry["listId"].as_str().unwrap().to_owned();
        let index = entry["idx"].as_u64().unwrap();
        assert!(seen.entry(list).or_default().insert(index));
        let states = states(&place);
        let count = |wanted: &str| {
            states
                .iter()
                .filter(|(_, state, _)| state == wanted)
                .count()
        };
        assert_eq!((count("open"), count("spare")), (2, 1), "{states:?}");
    }
    place.ok(&["inspect", "l"]);
}

#[test]
fn the_name_of_a_list_hides_its_number() {
    let place = self::place();
    place.write("seed", [7; 32]);
    let uri = "https://example.com/{id}.jwt";
    let line = [
        "init",
        "l",
        "--uri",
        uri,
        "--spare",
        "2",
        "--size",
        "4",
        "--seed-file",
        "seed",
        "-q",
    ];
    place.ok(&line);
    place.ok(&["allocate", "l", "--count", "13", "-q"]);
    let shown = place.json(&["inspect", "l", "--json"]);
    let lists = shown["lists"].as_array().unwrap();
    assert_eq!(lists.len(), 6);
    let mut names = BTreeSet::new();
    for list in lists {
        let uri = list["uris"][0]["uri"].as_str().unwrap();
        let name = uri.strip_prefix("https://example.com/").unwrap();
        let name = name.strip_suffix(".jwt").unwrap();
        assert_eq!(name.len(), 32);
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
        );
        assert!(names.insert(name.to_owned()));
    }
    place.done("publish l --to site --key key.pem");
    // One secret, one series: the same names again.
    let other = self::place();
    other.write("seed", [7; 32]);
    other.ok(&line);
    other.ok(&["allocate", "l", "--count", "13", "-q"]);
    let again = other.json(&["inspect", "l", "--json"]);
    let uris = |shown: &Value| {
        let lists = shown["lists"].as_array().unwrap().iter();
        lists.map(|list| list["uris"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(uris(&shown), uris(&again));
}

#[test]
fn concurrent_allocators_never_get_an_index_of_one_list_booked_on_another() {
    for options in [
        ["--spare", "1"].as_slice(),
        &["--open", "2", "--spare", "1"],
    ] {
        let place = series(options);
        let entries: Vec<(String, u64, String)> = thread::scope(|scope| {
            let writers: Vec<_> = (0..5)
                .map(|writer| {
                    let place = &place;
                    scope.spawn(move || {
                        let mut got = Vec::new();
                        for round in 0..8 {
                            let token = format!("{writer}-{round}");
                            let entry = place.json(&[
                                "allocate",
                                "l",
                                "--token-id",
                                &token,
                                "--json",
                                "-q",
                            ]);
                            let list = entry["listId"].as_str().unwrap().to_owned();
                            got.push((list, entry["idx"].as_u64().unwrap(), token));
                        }
                        got
                    })
                })
                .collect();
            writers
                .into_iter()
                .flat_map(|writer| writer.join().unwrap())
                .collect()
        });
        let places: BTreeSet<_> = entries
            .iter()
            .map(|(list, index, _)| (list, index))
            .collect();
        assert_eq!(places.len(), 40);
        for (list, index, token) in &entries {
            let found = place.json(&["get", "l", &format!("id:{token}"), "--json"]);
            assert_eq!(
                (&found["listId"], &found["idx"]),
                (&list.as_str().into(), &(*index).into())
            );
        }
        place.ok(&["inspect", "l"]);
    }
}

#[test]
fn entries_of_a_list_that_no_site_has_can_be_refused() {
    let place = series(&["--spare", "1"]);
    place.refuses(
        "allocate l --require-published",
        str![[r#"
--- stderr
error: no site is known to have list 0
because: --require-published was given
hint: publish it first: statuslist publish 'l'
--- exit 1

"#]],
    );
    place.done("publish l --to site --key key.pem");
    place.ok(&["allocate", "l", "--require-published", "--count", "7", "-q"]);
    place.refuses(
        "allocate l --require-published --count 2",
        str![[r#"
--- stderr
error: no site is known to have list 2
because: --require-published was given
hint: publish it first: statuslist publish 'l'
--- exit 1

"#]],
    );
    assert_eq!(named(&states(&place))[2], ("2", "spare", 0));
    place.write("ops.jsonl", "{\"op\":\"allocate\"}\n".repeat(2));
    place.refuses(
        "batch l ops.jsonl --require-published",
        str![[r#"
--- stderr
error: no site is known to have list 2
because: --require-published was given
hint: publish it first: statuslist publish 'l'
--- exit 1

"#]],
    );
}

#[test]
fn a_series_that_ends_says_so_in_time() {
    let place = self::place();
    place.ok(&[
        "init", "l", "--uri", URI, "--size", "100", "--spare", "0", "-q",
    ]);
    place.done("publish l --to site --key key.pem");
    for (count, warning) in [
        ("79", ""),
        (
            "1",
            "warning: 20 entries are left (80 % are taken), and no list is in reserve; to go on: statuslist configure 'l' --spare 1\n",
        ),
        (
            "15",
            "warning: only 5 entries are left (95 % are taken), and no list is in reserve; to go on: statuslist configure 'l' --spare 1\n",
        ),
        (
            "5",
            "warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'l' --spare 1\n",
        ),
    ] {
        let run = place.run(&["allocate", "l", "--count", count, "-q"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, warning));
    }
    place.refuses(
        "allocate l",
        str![[r#"
--- stderr
error: list 0 is at capacity
because: 1 wanted, 0 left: 100 of 100 entries are taken
hint: go on with another list: statuslist roll 'l'
--- exit 1

"#]],
    );
    place.ok(&["configure", "l", "--spare", "1", "-q"]);
    place.ok(&["allocate", "l", "-q"]);
    assert_eq!(
        named(&states(&place)),
        [("0", "full", 100), ("1", "open", 1), ("2", "spare", 0)]
    );
}

#[test]
fn a_turn_ends_by_hand() {
    let place = series(&["--spare", "1"]);
    place.ok(&["allocate", "l", "--token-id", "a", "-q"]);
    place.shows(
        "roll l",
        str![[r#"
ended:      0
open:       1
in reserve: 2
--- stderr
1 turn has ended, revision 3
list 1 is open now, list 2 is new and in reserve; publish before entries of new lists are handed out: statuslist publish 'l'

"#]],
    );
    assert_eq!(
        named(&states(&place)),
        [("0", "closed", 1), ("1", "open", 0), ("2", "spare", 0)]
    );
    // Statuses can be set, of what was handed out alone.
    place.ok(&["set", "l", "id:a", "revoked", "-q"]);
    let taken = place.json(&["get", "l", "id:a", "--json"])["idx"]
        .as_u64()
        .unwrap();
    let other = format!("0/{}", (taken + 1) % 4);
    assert_eq!(place.run(&["set", "l", &other, "revoked"]).code, 1);
    assert_eq!(place.run(&["allocate", "l", "--list", "0"]).code, 1);
    place.refuses(
        "roll l --list 0",
        str![[r#"
--- stderr
error: list 0 is not open
because: it is closed
--- exit 1

"#]],
    );
    place.ok(&["inspect", "l"]);
    let first = place.json(&["roll", "l", "--op-id", "2026-12", "--json", "-q"]);
    place.ok(&["roll", "l", "-q"]);
    let again = place.json(&["roll", "l", "--op-id", "2026-12", "--json", "-q"]);
    for member in ["ended", "opened", "reserved", "revision"] {
        assert_eq!(first[member], again[member], "{member}");
    }
}

#[test]
fn a_series_with_one_uri_cannot_go_on_until_future_lists_have_another() {
    let place = self::place();
    place.refuses(
        "init l --uri https://example.com/list.jwt --spare 1",
        str![[r#"
--- stderr
error: the series can have one list only
because: its uri https://example.com/list.jwt has no {n} and no {id}
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.ok(&[
        "init",
        "l",
        "--uri",
        "https://example.com/list.jwt",
        "--size",
        "2",
        "-q",
    ]);
    place.ok(&["allocate", "l", "--count", "2", "-q"]);
    place.refuses(
        "roll l",
        str![[r#"
--- stderr
error: the series cannot have another list: its uri https://example.com/list.jwt has no {n} and no {id}
hint: give future lists another uri: statuslist configure 'l' --uri 'https://example.com/statuslists/{n}.jwt'
--- exit 1

"#]],
    );
    place.refuses(
        "configure l --spare 1",
        str![[r#"
--- stderr
error: the series can have one list only
because: its uri https://example.com/list.jwt has no {n} and no {id}
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.ok(&["configure", "l", "--uri", URI, "--spare", "1", "-q"]);
    let entry = place.json(&["allocate", "l", "--json", "-q"]);
    assert_eq!(entry["uri"], "https://example.com/statuslists/1.jwt");
    let shown = place.json(&["inspect", "l", "--json"]);
    assert_eq!(
        shown["lists"][0]["uris"][0]["uri"],
        "https://example.com/list.jwt"
    );
    place.ok(&["inspect", "l"]);
}

#[test]
fn the_size_of_future_lists_can_change() {
    let place = series(&["--spare", "1"]);
    place.ok(&["configure", "l", "--size", "10", "-q"]);
    place.ok(&["allocate", "l", "--count", "9", "-q"]);
    let shown = place.json(&["inspect", "l", "--json"]);
    let sizes: Vec<_> = shown["lists"]
        .as_array()
        .unwrap()
        .iter()
        .map(|list| list["size"].as_u64().unwrap())
        .collect();
    assert_eq!(sizes, [4, 4, 10, 10]);
    place.done("publish l --to site --key key.pem");
    place.ok(&["inspect", "l"]);
}

#[test]
fn spare_lists_are_published_like_the_others() {
    let place = series(&["--spare", "2"]);
    place.done("publish l --to site --key key.pem");
    for list in 0..3 {
        place.ok(&["inspect", &format!("site/statuslists/{list}.jwt")]);
    }
}

#[test]
fn a_restored_copy_makes_lists_of_its_own() {
    let place = self::place();
    place.write("seed", [7; 32]);
    place.ok(&[
        "init",
        "l",
        "--uri",
        URI,
        "--spare",
        "2",
        "--size",
        "4",
        "--seed-file",
        "seed",
        "-q",
    ]);
    place.ok(&["allocate", "l", "--token-id", "a", "-q"]);
    place.ok(&["roll", "l", "-q"]);
    place.ok(&["backup", "l", "copy", "-q"]);
    place.done("publish l --to site --key key.pem");
    place.ok(&["allocate", "l", "--count", "9", "-q"]);
    place.ok(&["restore", "copy", "--to", "site", "-q"]);
    let shown = place.json(&["inspect", "copy", "--json"]);
    let lists = shown["lists"].as_array().unwrap();
    let of = |list: &Value| {
        (
            list["listId"].as_str().unwrap().to_owned(),
            list["state"].as_str().unwrap().to_owned(),
        )
    };
    let lists: Vec<_> = lists.iter().map(of).collect();
    let expected = [
        "closed", "closed", "closed", "closed", "open", "spare", "spare",
    ];
    assert_eq!(
        lists
            .iter()
            .map(|(_, state)| state.as_str())
            .collect::<Vec<_>>(),
        expected
    );
    // What the issuer closed handed out nothing else; of the others nobody knows.
    assert_eq!(place.run(&["set", "copy", "1/0", "revoked"]).code, 0);
    let taken = place.json(&["get", "copy", "id:a", "--json"])["idx"]
        .as_u64()
        .unwrap();
    let other = format!("0/{}", (taken + 1) % 4);
    assert_eq!(place.run(&["set", "copy", &other, "revoked"]).code, 1);
    // The master of the original would give the same secrets again.
    place.ok(&["allocate", "l", "--count", "30", "-q"]);
    place.ok(&["allocate", "copy", "--count", "30", "-q"]);
    place.ok(&["inspect", "copy"]);
}

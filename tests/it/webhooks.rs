//! `[[webhook]]`: who is told what happens, and what becomes of it when he does not listen.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;
use snapbox::str;

use crate::full_disk::unprivileged;
use crate::harness::Place;
use crate::receiver::{ALL, Answer, Receiver, SECRET};

const CHANGES: &str = "['index.status_changed']";

/// A place with a list, of which entry `id:a` was handed out, and somebody who is told.
fn told(receiver: &Receiver, events: &str) -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    receiver.is_told(&place, events, "");
    place
}

/// Changes the entry, and says what standard error shows besides.
fn set(place: &Place, status: &str) -> String {
    let line = format!("set list.slist id:a {status} --allow-final --config told.toml -q");
    let run = place.line(&line);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stderr
}

const REST: &str = "; the next command sends the rest\n";

fn warned(receiver: &Receiver, why: &str) -> String {
    let origin = receiver.url.strip_suffix("/in").unwrap();
    format!("warning: webhook at {origin} was not told everything: {why}{REST}")
}

#[test]
fn guide_registration_is_url_events_and_secret() {
    let receiver = Receiver::new();
    let place = told(&receiver, CHANGES);
    assert_eq!(set(&place, "suspended"), "");
    let sent = receiver.next();
    assert!(
        sent.head.starts_with("POST /in HTTP/1.1\r\n"),
        "{}",
        sent.head
    );
    assert_eq!(sent.header("content-type"), "application/json");
    assert!(sent.is_signed());
    assert!(sent.id().starts_with("msg_") && sent.id().len() == 36);
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let time: u64 = sent.header("webhook-timestamp").parse().unwrap();
    assert!(time.abs_diff(now) < 60, "{time}, and it is {now}");
    // Publishing is not what it asked for.
    place.done("publish list.slist --to site --key key.pem --config told.toml");
    assert!(receiver.events().is_empty());
}

#[test]
fn guide_event_index_status_changed() {
    let receiver = Receiver::new();
    let place = told(&receiver, CHANGES);
    place.done(
        "set list.slist id:a revoked --reason keyCompromise --revoked-at 2025-12-24T00:00:00Z \
         --note secret --op-id one --config told.toml",
    );
    let entry = place.json(&["get", "list.slist", "id:a", "--json"]);
    assert_eq!(
        receiver.next().json(),
        json!({
            "event": "index.status_changed",
            "timestamp": "2026-01-01T00:00:00Z",
            "data": {
                "revision": 3,
                "operation": "set",
                "operationId": "one",
                "count": 1,
                "truncated": false,
                "changes": [{
                    "listId": "0",
                    "idx": entry["idx"],
                    "uri": "https://example.com/statuslists/0.jwt",
                    "previousStatus": 0,
                    "currentStatus": 1,
                    "reason": "keyCompromise",
                    "revokedAt": "2025-12-24T00:00:00Z",
                }],
            },
        })
    );
    // What is only annotated has the status that it had.
    place.done("set list.slist id:a revoked --note more --config told.toml");
    assert!(receiver.events().is_empty());
}

#[test]
fn guide_event_status_list_regenerated() {
    let receiver = Receiver::new();
    let place = told(&receiver, "['status_list.regenerated']");
    let publish = "publish list.slist --to site --key key.pem --config told.toml";
    place.done(publish);
    let hash = |place: &Place| {
        use sha2::Digest;
        let digest = sha2::Sha256::digest(place.read("site/statuslists/0.jwt"));
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}")
    };
    assert_eq!(
        receiver.next().json(),
        json!({
            "event": "status_list.regenerated",
            "timestamp": "2026-01-01T00:00:00Z",
            "data": {
                "listId": "0",
                "uri": "https://example.com/statuslists/0.jwt",
                "tokenHash": hash(&place),
                "changedIndices": 0,
                "nextRegeneration": "2026-01-04T12:00:00Z",
                "view": "jwt",
                "revision": 1,
                "issuedAt": "2026-01-01T00:00:00Z",
                "expiresAt": "2026-01-08T00:00:00Z",
            },
        })
    );
    // Nothing is written, nothing is told.
    place.done(publish);
    assert!(receiver.events().is_empty());
    place.done("set list.slist id:a suspended");
    place.done(&format!("{publish} --now 2026-01-01T01:00:00Z"));
    let data = receiver.next().data();
    assert_eq!(data["changedIndices"], 1);
    assert_eq!(data["tokenHash"], hash(&place));
}

#[test]
fn guide_event_status_list_capacity_warning() {
    let receiver = Receiver::new();
    let place = Place::with_list_of(2, 100);
    receiver.is_told(&place, "['status_list.capacity_warning']", "");
    for (count, expected) in [
        (79, None),
        (1, Some((80, 80))),
        (5, None),
        (14, Some((95, 99))),
    ] {
        let line = format!("allocate list.slist --count {count} --config told.toml");
        let warned = place.line(&line).stderr.contains("% are taken");
        let told: Vec<_> = receiver.sent();
        let found = told.first().map(|sent| {
            let data = sent.data();
            assert_eq!(data["size"], 100);
            assert_eq!(data["uri"], "https://example.com/statuslists/0.jwt");
            let number = |name: &str| data[name].as_u64().unwrap();
            (number("threshold"), number("allocated"))
        });
        assert_eq!(found, expected, "{count}");
        assert!(warned || expected.is_none(), "as allocate itself does");
        assert!(told.len() <= 1);
    }
    // With a list in reserve it is no matter.
    let place = Place::with_list_of(2, 100);
    receiver.is_told(&place, "['status_list.capacity_warning']", "");
    place.done("configure list.slist --spare 1");
    place.done("allocate list.slist --count 99 --config told.toml");
    assert!(receiver.events().is_empty());
}

#[test]
fn guide_event_status_list_expired() {
    let receiver = Receiver::new();
    let place = told(
        &receiver,
        "['status_list.expired', 'status_list.regenerated']",
    );
    let publish = "publish list.slist --to site --key key.pem --config told.toml --now";
    place.done(&format!("{publish} 2025-06-01T00:00:00Z"));
    let first = receiver.next().data();
    place.done(&format!("{publish} 2025-06-07T00:00:00Z -n"));
    // Eight days later it has expired, and is replaced.
    place.done(&format!("{publish} 2025-06-09T00:00:00Z"));
    let (expired, regenerated) = (receiver.next(), receiver.next());
    assert_eq!(expired.event(), "status_list.expired");
    assert_eq!(expired.data()["tokenHash"], first["tokenHash"]);
    assert_eq!(expired.data()["expiresAt"], "2025-06-08T00:00:00Z");
    assert_eq!(regenerated.event(), "status_list.regenerated");
    place.done(&format!("{publish} 2025-06-09T00:00:00Z"));
    assert!(receiver.events().is_empty(), "once for each token");
}

#[test]
fn index_allocated_has_token_ids_only_if_asked() {
    let (plain, asked) = (Receiver::new(), Receiver::new());
    let place = Place::with_list();
    let events = "['index.allocated']";
    plain.is_told(&place, events, "");
    let tables = plain.table(events, "") + &asked.table(events, "token-ids = true");
    place.write("told.toml", tables);
    place
        .done("allocate list.slist --token-id alice --token-id bob --op-id two --config told.toml");
    let (plain, asked) = (plain.next(), asked.next());
    assert_ne!(plain.id(), asked.id());
    assert!(!String::from_utf8_lossy(&plain.body).contains("alice"));
    let data = asked.data();
    assert_eq!(
        (&data["count"], &data["truncated"]),
        (&json!(2), &json!(false))
    );
    let tokens = data["allocations"].as_array().unwrap().iter();
    let tokens: Vec<_> = tokens.map(|one| one["tokenId"].as_str().unwrap()).collect();
    assert_eq!(tokens, ["alice", "bob"]);
}

#[test]
fn a_large_revision_is_one_message_of_bounded_size() {
    let receiver = Receiver::new();
    let place = Place::with_list_of(2, 100_000);
    receiver.is_told(&place, ALL, "");
    place.done("allocate list.slist --count 20000 -q --config told.toml");
    let handed_out = receiver.next();
    let data = handed_out.data();
    assert_eq!(
        (&data["count"], &data["truncated"]),
        (&json!(20000), &json!(true))
    );
    assert_eq!(data["allocations"].as_array().unwrap().len(), 100);
    assert!(handed_out.body.len() < 20_000, "{}", handed_out.body.len());
    let lines: String = (0..3000)
        .map(|idx| format!("0/{idx} suspended\n"))
        .collect();
    place.write("all", lines.replace(' ', "\n").replace("suspended\n", ""));
    let line =
        "batch list.slist all --input entries --status suspended --skip-invalid --config told.toml";
    let run = place.line(line);
    assert!([0, 5].contains(&run.code), "{}", run.stderr);
    let data = receiver.next().data();
    assert_eq!(data["truncated"], true);
    assert_eq!(data["changes"].as_array().unwrap().len(), 100);
}

#[test]
fn what_was_refused_comes_again_in_order_under_the_same_id() {
    let receiver = Receiver::answering(vec![Answer::Status(500)]);
    let place = told(&receiver, CHANGES);
    assert_eq!(
        set(&place, "suspended"),
        warned(&receiver, "it answered 500")
    );
    let first = receiver.next();
    assert_eq!(set(&place, "valid"), "");
    let (again, next) = (receiver.next(), receiver.next());
    assert_eq!((first.id(), &first.body), (again.id(), &again.body));
    assert_ne!(again.id(), next.id());
    assert_eq!(next.data()["revision"], 4);
    assert!(again.is_signed() && next.is_signed());
    assert!(receiver.sent().is_empty());
}

#[test]
fn every_answer_but_success_is_a_refusal_and_says_why() {
    let receiver = Receiver::new();
    let place = told(&receiver, CHANGES);
    let mut status = ["suspended", "valid"].into_iter().cycle();
    let big = |head: &str, times: usize| Answer::Bytes(head.repeat(times).into_bytes());
    let long = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(1 << 17));
    for (answer, why) in [
        (
            Answer::Status(302),
            "it answered 302, a redirect, and none is followed",
        ),
        (Answer::Status(404), "it answered 404"),
        (
            Answer::Bytes(long.into_bytes()),
            "its answer has more than 65536 bytes",
        ),
        (
            Answer::Endless("\r\nendless"),
            "its answer has more than 65536 bytes",
        ),
        (big("nonsense ", 1), "its answer cannot be read"),
        (
            Answer::Endless("X-Header: and so on\r\n"),
            "its answer cannot be read",
        ),
        (Answer::Close, ""),
    ] {
        receiver.answers(answer);
        let started = Instant::now();
        let said = set(&place, status.next().unwrap());
        let expected = warned(&receiver, why);
        let expected = expected.strip_suffix(REST).unwrap();
        assert!(
            said.starts_with(expected) && said.ends_with(REST),
            "{why}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(started.elapsed() < Duration::from_secs(8), "{why}");
        receiver.sent();
    }
    for status in [200, 204] {
        receiver.answers(Answer::Status(status));
    }
    assert_eq!(set(&place, status.next().unwrap()), "");
    let revisions = receiver.sent();
    let revisions = revisions.iter().map(|sent| sent.data()["revision"].clone());
    assert_eq!(revisions.collect::<Vec<_>>(), (3..=10).collect::<Vec<_>>());
    receiver.answers(Answer::Status(410));
    let said = set(&place, "suspended");
    assert!(
        said.ends_with(
            "it answered 410: it asks to be taken out of the settings; until then each command \
             tries again\n"
        ),
        "{said}"
    );
}

/// Whoever does not answer costs the command no more than the limit, all of them together, and the
/// others are told meanwhile.
#[test]
fn a_dead_receiver_costs_no_more_than_the_limit() {
    let silent = Receiver::answering(vec![Answer::Silence]);
    let slow = Receiver::answering(vec![Answer::Bytes(b"HTTP/1.1 200 OK\r\nA: b".to_vec())]);
    slow.answers(Answer::Silence);
    let alive = Receiver::new();
    let place = told(&silent, CHANGES);
    let tables = [&silent, &slow, &alive].map(|one| one.table(CHANGES, ""));
    let hook = "[[hook]]\ncommand = 'sleep 1000 & sleep 1000'\nevents = 'index.status_changed'\n";
    place.write("told.toml", tables.concat() + hook);
    let started = Instant::now();
    let said = set(&place, "suspended");
    let took = started.elapsed();
    assert!(took < Duration::from_secs(8), "{took:?}");
    assert_eq!(alive.events(), ["index.status_changed"]);
    let lines: Vec<_> = said.lines().collect();
    assert!(lines[0].contains("it took longer than"), "{said}");
    assert!(
        lines[2].starts_with("warning: hook 'sleep 1000 & sleep 1000' was not"),
        "{said}"
    );
    assert_eq!(lines.len(), 3, "{said}");
}

#[test]
fn the_result_is_there_before_anybody_is_told() {
    let silent = Receiver::answering(vec![Answer::Silence]);
    let place = told(&silent, ALL);
    let mut command = place.command();
    command.args(["allocate", "list.slist", "--config", "told.toml"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    silent.next();
    let mut line = String::new();
    let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut output, &mut line).unwrap();
    assert!(line.starts_with("0/"), "{line}");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A command that is killed while it tells has done its work, and the next one tells the rest.
#[test]
fn the_rest_comes_after_a_kill() {
    let receiver = Receiver::answering(vec![Answer::Silence]);
    let place = told(&receiver, CHANGES);
    let mut command = place.command();
    command.args([
        "set",
        "list.slist",
        "id:a",
        "suspended",
        "--config",
        "told.toml",
    ]);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let first = receiver.next();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(set(&place, "valid"), "");
    let (again, next) = (receiver.next(), receiver.next());
    assert_eq!(first.id(), again.id());
    assert_eq!(next.data()["revision"], 4);
    place.done("inspect list.slist");
}

#[test]
fn what_was_down_gets_everything_in_order() {
    let receiver = Receiver::new();
    let place = told(&receiver, CHANGES);
    set(&place, "suspended");
    receiver.next();
    // Without the settings, nobody is told, and nothing is lost.
    for status in ["valid", "suspended", "valid"] {
        place.done(&format!("set list.slist id:a {status}"));
    }
    place.done("allocate list.slist --config told.toml");
    let revisions = receiver.sent();
    let revisions = revisions.iter().map(|sent| sent.data()["revision"].clone());
    assert_eq!(revisions.collect::<Vec<_>>(), [4, 5, 6]);
}

#[test]
fn a_new_receiver_begins_at_the_present() {
    let receiver = Receiver::new();
    let place = told(&receiver, ALL);
    for status in ["suspended", "valid"] {
        place.done(&format!("set list.slist id:a {status}"));
    }
    place.done("publish list.slist --to site --key key.pem");
    set(&place, "suspended");
    let sent = receiver.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].data()["revision"], 5);
}

/// A copy has the cursors of its original.
#[test]
fn copies_and_backups_do_not_repeat_what_was_told() {
    let receiver = Receiver::new();
    let place = told(&receiver, CHANGES);
    set(&place, "suspended");
    place.done("backup list.slist backup.slist --config told.toml");
    place.write("copy.slist", place.read("list.slist"));
    set(&place, "valid");
    let original = receiver.sent();
    assert_eq!(original.len(), 2);
    place.done("restore backup.slist --no-site --config told.toml");
    for file in ["copy.slist", "backup.slist"] {
        place.done(&format!("set {file} id:a valid --config told.toml"));
        let sent = receiver.sent();
        assert_eq!(sent.len(), 1, "{file}");
        // Another history has other ids, though its revisions may have the same numbers.
        assert_ne!(sent[0].id(), original[1].id(), "{file}");
        place.done(&format!("inspect {file}"));
    }
}

#[test]
fn commands_that_run_at_once_tell_everything_once_and_in_order() {
    let receiver = Receiver::new();
    let place = told(&receiver, "['index.allocated']");
    let line = ["allocate", "list.slist", "-q", "--config", "told.toml"];
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    let run = place.run(&line);
                    assert_eq!(
                        (run.code, run.stderr.contains("not told")),
                        (0, false),
                        "{run:?}"
                    );
                }
            });
        }
    });
    let sent = receiver.sent();
    let revisions: Vec<_> = sent
        .iter()
        .map(|sent| sent.data()["revision"].as_i64())
        .collect();
    assert_eq!(revisions, (3..23).map(Some).collect::<Vec<_>>());
}

#[test]
fn a_dry_run_and_a_refused_command_tell_nothing() {
    let receiver = Receiver::new();
    let place = told(&receiver, ALL);
    let before = place.read("list.slist");
    place.done("set list.slist id:a suspended -n --config told.toml");
    assert_eq!(
        place
            .line("set list.slist id:b suspended --config told.toml")
            .code,
        1
    );
    place.done("publish list.slist --to site --key key.pem -n --config told.toml");
    place.done("get list.slist id:a --config told.toml");
    assert!(receiver.sent().is_empty());
    assert!(before == place.read("list.slist"));
}

#[test]
fn a_pool_is_told_of_file_by_file() {
    let receiver = Receiver::new();
    let place = Place::with_list();
    receiver.is_told(&place, ALL, "");
    std::fs::create_dir(place.path("pool")).unwrap();
    for name in ["one", "two"] {
        place.done(&format!(
            "init pool/{name}.slist --uri https://example.com/{name}/{{n}}.jwt --size 100 --bits 2"
        ));
    }
    place.done("allocate pool --config told.toml");
    place.done("publish pool --to site --key key.pem --config told.toml");
    let uris = receiver.sent();
    let uris: Vec<_> = uris
        .iter()
        .map(|sent| {
            sent.data()["uri"]
                .as_str()
                .unwrap_or("allocated")
                .to_owned()
        })
        .collect();
    assert_eq!(
        uris,
        [
            "allocated",
            "https://example.com/one/0.jwt",
            "https://example.com/two/0.jwt",
        ]
    );
}

#[test]
fn a_list_file_that_cannot_be_written_tells_nothing_and_says_so_once() {
    let receiver = Receiver::new();
    let place = told(&receiver, ALL);
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(place.path("key.pem"), readable).unwrap();
    let before = std::fs::metadata(place.path("")).unwrap().permissions();
    std::fs::create_dir(place.path("site")).unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(place.path("site"), open).unwrap();
    for name in ["list.slist", "told.toml", "secret"] {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o444);
        std::fs::set_permissions(place.path(name), mode).unwrap();
    }
    let closed = std::os::unix::fs::PermissionsExt::from_mode(0o555);
    std::fs::set_permissions(place.path(""), closed).unwrap();
    let run = unprivileged(
        &place,
        &[
            "publish",
            "list.slist",
            "--to",
            "site",
            "--key",
            "key.pem",
            "--config",
            "told.toml",
        ],
    );
    std::fs::set_permissions(place.path(""), before).unwrap();
    assert_eq!(run.code, 0, "{}", run.stderr);
    let said = run
        .stderr
        .lines()
        .filter(|line| line.contains("nobody was told"));
    assert_eq!(said.count(), 1, "{}", run.stderr);
    assert!(receiver.sent().is_empty());
}

#[test]
fn an_older_format_tells_from_its_first_change_on() {
    let receiver = Receiver::new();
    let place = crate::formats::fixture(1);
    receiver.is_told(&place, ALL, "");
    let run = place.line("publish list.slist --to site --key key.pem --config told.toml");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let said = "warning: nobody was told what happened in 'list.slist': it has format 1, which knows \
                no receivers; the first change takes it to a newer one\n";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    place.done("set list.slist id:alpha revoked --config told.toml");
    assert_eq!(receiver.events(), ["index.status_changed"]);
    place.done("inspect list.slist");
}

#[test]
fn warnings_are_objects_where_json_is_wanted() {
    let receiver = Receiver::answering(vec![Answer::Status(503)]);
    let place = told(&receiver, CHANGES);
    let run = place.line("set list.slist id:a suspended --config told.toml --json -q --op-id one");
    assert_eq!(run.code, 0);
    let lines: Vec<_> = run.stderr.lines().collect();
    let object: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    let warning = object["warning"].as_str().unwrap();
    assert!(
        warning.ends_with("it answered 503; the next command sends the rest"),
        "{warning}"
    );
    assert_eq!(object["requestId"], "one");
}

#[test]
fn a_secret_that_cannot_be_used_fails_no_command_and_is_never_shown() {
    let receiver = Receiver::new();
    let place = told(&receiver, CHANGES);
    let wrong = "its secret is not whsec_ and base64 of 24 to 64 bytes";
    let short = format!("whsec_{}", "QUFB".repeat(5));
    for (secret, why) in [
        ("hunter2", wrong),
        ("whsec_****", wrong),
        (short.as_str(), wrong),
        ("", wrong),
    ] {
        place.write("secret", secret);
        let said = set(
            &place,
            if secret.len() % 2 == 0 {
                "valid"
            } else {
                "suspended"
            },
        );
        assert_eq!(said, warned(&receiver, why), "{secret}");
        assert!(secret.is_empty() || !said.contains(secret));
    }
    std::fs::remove_file(place.path("secret")).unwrap();
    let said = set(&place, "suspended");
    assert!(
        said.contains("its secret cannot be read: cannot open"),
        "{said}"
    );
    assert!(receiver.sent().is_empty());
    place.write("secret", SECRET);
    set(&place, "valid");
    assert!(!receiver.sent().is_empty(), "nothing is lost");
}

#[test]
fn a_secret_may_be_in_the_environment() {
    let receiver = Receiver::new();
    let place = told(&receiver, CHANGES);
    let table = receiver
        .table(CHANGES, "")
        .replace("'secret'", "'env:HOOK_SECRET'");
    place.write("told.toml", table);
    let run = |secret: Option<&str>| {
        let mut command = place.command();
        command.args([
            "set",
            "list.slist",
            "id:a",
            "suspended",
            "--config",
            "told.toml",
        ]);
        command.envs(secret.map(|secret| ("HOOK_SECRET", secret)));
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    let said = run(None);
    assert!(
        said.contains("the environment variable HOOK_SECRET is not set"),
        "{said}"
    );
    assert!(!run(Some(SECRET)).contains("warning"));
    assert!(receiver.next().is_signed());
}

#[test]
fn a_settings_file_that_is_merely_found_tells_nobody() {
    let receiver = Receiver::new();
    let place = told(&receiver, CHANGES);
    place.write(
        "statuslist.toml",
        "[[webhook]]\nurl = 'https://example.com/'\n",
    );
    place.refuses("set list.slist id:a suspended", str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:1:1: the file was found and not named, and this sends what happens
hint: read it; if it can be trusted: --config 'statuslist.toml', or STATUSLIST_CONFIG='statuslist.toml'
--- exit 1

"#]]);
    place.write(
        "statuslist.toml",
        "[[hook]]\ncommand = 'true'\nevents = []\n",
    );
    place.refuses("get list.slist id:a", str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:1:1: the file was found and not named, and this runs a program
hint: read it; if it can be trusted: --config 'statuslist.toml', or STATUSLIST_CONFIG='statuslist.toml'
--- exit 1

"#]]);
    let mut command = place.command();
    command.env("STATUSLIST_CONFIG", "told.toml");
    command.args(["set", "list.slist", "id:a", "suspended"]);
    assert!(command.status().unwrap().success());
    assert_eq!(receiver.events().len(), 1);
}

#[test]
fn what_the_settings_may_not_say() {
    let place = Place::with_list();
    let url = "url = 'https://example.com/in'";
    let rest = "secret = 'secret'\nevents = ['index.allocated']";
    let mut said = String::new();
    for table in [
        format!("[[webhook]]\n{rest}"),
        format!("[[webhook]]\nurl = 'http://example.com/in/TOPSECRET'\n{rest}"),
        format!("[[webhook]]\nurl = 'https://user:TOPSECRET@example.com/'\n{rest}"),
        format!("[[webhook]]\nurl = 'ftp://TOPSECRET'\n{rest}"),
        format!("[[webhook]]\n{url}\nevents = 'index.allocated'\nsecret = '{SECRET}'"),
        format!("[[webhook]]\n{url}\nevents = []\nsecret = '-'"),
        format!("[[webhook]]\n{url}\nsecret = 'secret'"),
        format!("[[webhook]]\n{url}\nsecret = 'secret'\nevents = ['index.status_change']"),
        format!("[[webhook]]\n{url}\n{rest}\n[[webhook]]\n{url}\n{rest}"),
        format!("[[webhook]]\n{url}\n{rest}\ntoken-ids = 'yes'"),
        format!("[[webhook]]\n{url}\n{rest}\nretries = 3"),
        format!("[webhook]\n{url}\n{rest}"),
        "[[hook]]\ncommand = ' '\nevents = []".to_owned(),
        "[[hook]]\nevents = []".to_owned(),
    ] {
        place.write("c.toml", &table);
        let run = place.line("get list.slist 0/1 --config c.toml");
        assert_eq!(run.code, 1, "{table}");
        let shown = run.stderr.split_once('\n').unwrap().1;
        assert!(
            !shown.contains("TOPSECRET") && !shown.contains(SECRET),
            "{shown}"
        );
        said.push_str(shown);
    }
    snapbox::assert_data_eq!(
        said,
        str![[r#"
because: c.toml:1:1: url is missing
because: c.toml:2:7: url: http is for this machine alone
hint: use https
because: c.toml:2:7: url: it has a user name or a password
hint: leave it out: messages are signed with the secret
because: c.toml:2:7: url: it is no http or https url
because: c.toml:4:10: secret: it looks like a secret itself
hint: name the file of the secret, or env:NAME
because: c.toml:4:10: secret: standard input is not for this
hint: name the file of the secret, or env:NAME
because: c.toml:1:1: events is missing or empty
because: c.toml:4:11: events: unknown event 'index.status_change'
hint: did you mean 'index.status_changed'? the events are status_list.regenerated, status_list.capacity_warning, status_list.expired, index.status_changed, index.allocated
because: c.toml:5:1: webhook at https://example.com is there twice
hint: give each a name of its own: name = "…"
because: c.toml:5:13: token-ids is a text, and should be true or false
because: c.toml:5:1: unknown member 'retries'
hint: the names are name, url, events, secret, token-ids
because: c.toml:1:1: webhook is a table, and should be an array of tables: [[webhook]]
because: c.toml:2:11: command: it is empty
because: c.toml:1:1: command is missing

"#]]
    );
}

//! When changes are published: the regeneration policy at work.

use snapbox::str;

use crate::harness::Place;
use crate::shapes;

/// With `a`, `b` and `c` in the list, published at 2026-01-01T00:00:00Z by these settings.
fn published(regeneration: &str) -> Place {
    let place = Place::with_list();
    let settings = format!(
        "[keys]\nsigning = \"key.pem\"\n[publish]\nto = \"site\"\n[regeneration]\n{regeneration}\n"
    );
    place.write("statuslist.toml", settings);
    for id in ["a", "b", "c"] {
        place.done(&format!("allocate list.slist --token-id {id}"));
    }
    place.done("publish list.slist");
    place
}

/// Publishes what is due at a time of 2026-01-01, and says whether that was the token.
fn writes_at(place: &Place, time: &str) -> bool {
    let line = format!("publish list.slist --if-due --now 2026-01-01T{time}Z");
    let published: shapes::Published = place.decode(&line);
    let token = &published.files[0];
    assert_eq!(published.written == 1, token.action == "written");
    published.written == 1
}

fn set_at(place: &Place, time: &str, what: &str) -> (String, String) {
    let line = format!("set list.slist {what} --now 2026-01-01T{time}Z");
    let set: shapes::Set = place.decode(&line);
    (set.effective_at.unwrap(), set.visible_by.unwrap())
}

fn at(time: &str) -> String {
    format!("2026-01-01T{time}Z")
}

#[test]
fn without_a_policy_nobody_knows_when() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("publish list.slist --to site --key key.pem");
    let set: shapes::Set = place.decode("set list.slist id:a revoked");
    assert_eq!((set.effective_at, set.visible_by), (None, None));
    let line = "publish list.slist --to site --key key.pem --if-due";
    let published: shapes::Published = place.decode(line);
    assert_eq!(published.written, 1);
}

#[test]
fn guide_regeneration_on_demand_is_at_each_update() {
    let place = published("strategy = \"on-demand\"");
    let (effective, visible) = set_at(&place, "00:01:00", "id:a revoked");
    // A cache keeps the token for its ttl of an hour, and a reader as long again.
    assert_eq!((effective, visible), (at("00:01:00"), at("02:01:00")));
    assert!(writes_at(&place, "00:01:00"));
    assert!(!writes_at(&place, "00:01:01"));
}

#[test]
fn guide_regeneration_periodic_is_every_n_seconds() {
    let place = published("strategy = \"periodic\"\nperiodic-interval = 300");
    let (effective, visible) = set_at(&place, "00:01:00", "id:a revoked");
    assert_eq!((effective, visible), (at("00:05:00"), at("02:05:00")));
    assert!(!writes_at(&place, "00:04:59"));
    let (effective, _) = set_at(&place, "00:04:59", "id:b revoked");
    assert_eq!(effective, at("00:05:00"));
    assert!(writes_at(&place, "00:05:00"));
    // Nothing waits, so nothing is written, however many intervals pass.
    assert!(!writes_at(&place, "01:00:00"));
    let (effective, _) = set_at(&place, "01:00:01", "id:c revoked");
    assert_eq!(effective, at("01:00:01"));
    assert!(writes_at(&place, "01:00:01"));
}

#[test]
fn guide_regeneration_batched_collects_and_then_regenerates() {
    let place = published("strategy = \"batched\"\nbatch-window = 60\nmax-batch-size = 3");
    assert_eq!(
        set_at(&place, "01:00:00", "id:a suspended").0,
        at("01:01:00")
    );
    assert_eq!(
        set_at(&place, "01:00:30", "id:b suspended").0,
        at("01:01:00")
    );
    assert!(!writes_at(&place, "01:00:59"));
    assert_eq!(
        set_at(&place, "01:00:59", "id:c suspended").0,
        at("01:00:59")
    );
    assert!(writes_at(&place, "01:00:59"));
    assert_eq!(set_at(&place, "02:00:00", "id:a valid").0, at("02:01:00"));
    assert!(!writes_at(&place, "02:00:59"));
    assert!(writes_at(&place, "02:01:00"));
}

#[test]
fn guide_regeneration_hybrid_is_periodic_and_at_once_for_urgent_statuses() {
    let place = published("strategy = \"hybrid\"\nurgent-statuses = [1]");
    assert_eq!(
        set_at(&place, "00:01:00", "id:a suspended").0,
        at("00:05:00")
    );
    assert!(!writes_at(&place, "00:02:00"));
    assert_eq!(set_at(&place, "00:02:00", "id:b revoked").0, at("00:02:00"));
    assert!(writes_at(&place, "00:02:00"));
    assert_eq!(set_at(&place, "00:03:00", "id:a valid").0, at("00:07:00"));
}

#[test]
fn a_token_is_renewed_when_so_much_of_its_validity_is_left() {
    let place = published("renew-before = \"6d\"");
    place.shows(
        "publish list.slist --if-due --now 2026-01-01T23:59:59Z",
        str![[r#"
unchanged  statuslists/0.jwt
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 1 unchanged

"#]],
    );
    place.shows(
        "publish list.slist --if-due --now 2026-01-02T00:00:00Z",
        str![[r#"
written    statuslists/0.jwt (434 bytes, expires 2026-01-09T00:00:00Z): no more than 6d of its validity is left
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-03T00:00:00Z at the latest

"#]],
    );
}

#[test]
fn a_change_that_is_undone_leaves_nothing_to_wait_for() {
    let place = published("strategy = \"periodic\"");
    set_at(&place, "00:01:00", "id:a suspended");
    set_at(&place, "00:02:00", "id:a valid");
    assert!(!writes_at(&place, "00:10:00"));
}

#[test]
fn what_waits_is_said_and_in_no_hurry() {
    let place = published("strategy = \"periodic\"");
    place.shows(
        "set list.slist id:a suspended --now 2026-01-01T00:01:00Z",
        str![[r#"
--- stderr
0/826: valid (0) -> suspended (2), revision 5; to be published at 2026-01-01T00:05:00Z, and seen everywhere by 2026-01-01T02:05:00Z: statuslist publish --if-due 'list.slist'

"#]],
    );
    place.shows(
        "publish list.slist --if-due --now 2026-01-01T00:02:00Z",
        str![[r#"
waiting    statuslists/0.jwt (changes wait until they are due: 2026-01-01T00:05:00Z)
unchanged  jwks.json (216 bytes)
--- stderr
0 files written, 1 unchanged

"#]],
    );
    let line = "publish list.slist --if-due --now 2026-01-01T00:02:00Z";
    let published: shapes::Published = place.decode(line);
    let token = &published.files[0];
    assert_eq!(token.action, "waiting");
    assert_eq!(token.issued_at, at("00:00:00"));
    assert_eq!(token.due_at, Some(at("00:05:00")));
    assert_eq!(published.due_at, Some(at("00:05:00")));
    // Without --if-due every change is published.
    place.shows(
        "publish list.slist --now 2026-01-01T00:02:00Z",
        str![[r#"
written    statuslists/0.jwt (439 bytes, expires 2026-01-08T00:02:00Z): the list changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-01-04T12:02:00Z at the latest

"#]],
    );
}

#[test]
fn all_views_of_a_list_are_published_together() {
    let place = published("strategy = \"periodic\"");
    set_at(&place, "00:01:00", "id:a suspended");
    place.done("configure list.slist --add-view cwt --now 2026-01-01T00:01:00Z");
    // The new view is not there yet, and so the other does not wait.
    place.shows(
        "publish list.slist --if-due --now 2026-01-01T00:02:00Z",
        str![[r#"
written    statuslists/0.cwt (260 bytes, expires 2026-01-08T00:02:00Z): it was not there
written    statuslists/0.jwt (439 bytes, expires 2026-01-08T00:02:00Z): the list changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.cwt has expired by the real clock: readers refuse it
2 files written, 0 unchanged
publish again by 2026-01-04T12:02:00Z at the latest

"#]],
    );
}

#[test]
fn the_answer_says_by_its_status_whether_something_would_be_written() {
    let place = published("strategy = \"periodic\"");
    place.shows(
        "publish list.slist -n --exit-code",
        str![[r#"
unchanged  statuslists/0.jwt
unchanged  jwks.json (216 bytes)
--- stderr
dry run: 0 files would be written, 1 unchanged

"#]],
    );
    set_at(&place, "00:01:00", "id:a suspended");
    let waiting = "publish list.slist --if-due -n --exit-code --now 2026-01-01T00:02:00Z";
    assert_eq!(place.line(waiting).code, 0);
    let due = waiting.replace("00:02", "00:05");
    place.refuses(
        &due,
        str![[r#"
would write  statuslists/0.jwt (439 bytes, expires 2026-01-08T00:05:00Z): the list changed
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
dry run: 1 file would be written, 0 unchanged
publish again by 2026-01-04T12:05:00Z at the latest
error: the site is not up to date
hint: the same command without -n and --exit-code
--- exit 1

"#]],
    );
    assert_eq!(place.line("publish list.slist --exit-code").code, 2);
}

#[test]
fn a_batch_says_when_it_will_be_seen() {
    let place = published("strategy = \"batched\"");
    place.write("ops", "id:a\nid:b\n");
    let batch = "batch list.slist ops --status suspended --now 2026-01-01T01:00:00Z --op-id x";
    place.shows(batch, str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"a","previousStatus":0,"currentStatus":2,"change":"changed","effectiveAt":"2026-01-01T01:01:00Z","visibleBy":"2026-01-01T03:01:00Z"}
{"schema":1,"line":2,"op":"set","listId":"0","idx":785,"uri":"https://example.com/statuslists/0.jwt","tokenId":"b","previousStatus":0,"currentStatus":2,"change":"changed","effectiveAt":"2026-01-01T01:01:00Z","visibleBy":"2026-01-01T03:01:00Z"}
--- stderr
2 changed, revision 5; to be published at 2026-01-01T01:01:00Z, and seen everywhere by 2026-01-01T03:01:00Z: statuslist publish --if-due 'list.slist'

"#]]);
    // As the first time.
    place.shows(batch, str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"a","previousStatus":0,"currentStatus":2,"change":"changed","effectiveAt":"2026-01-01T01:01:00Z","visibleBy":"2026-01-01T03:01:00Z","repeated":true}
{"schema":1,"line":2,"op":"set","listId":"0","idx":785,"uri":"https://example.com/statuslists/0.jwt","tokenId":"b","previousStatus":0,"currentStatus":2,"change":"changed","effectiveAt":"2026-01-01T01:01:00Z","visibleBy":"2026-01-01T03:01:00Z","repeated":true}
--- stderr
warning: operation 'x' was done before, at 2026-01-01T01:00:00Z, revision 5: nothing was changed

"#]]);
    place.done("publish list.slist --now 2026-01-01T01:00:10Z");
    // It was published before it was due.
    place.shows(batch, str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"a","previousStatus":0,"currentStatus":2,"change":"changed","effectiveAt":"2026-01-01T01:00:10Z","visibleBy":"2026-01-01T03:00:10Z","repeated":true}
{"schema":1,"line":2,"op":"set","listId":"0","idx":785,"uri":"https://example.com/statuslists/0.jwt","tokenId":"b","previousStatus":0,"currentStatus":2,"change":"changed","effectiveAt":"2026-01-01T01:00:10Z","visibleBy":"2026-01-01T03:00:10Z","repeated":true}
--- stderr
warning: operation 'x' was done before, at 2026-01-01T01:00:00Z, revision 5: nothing was changed

"#]]);
    let body = r#"{"operation": "update", "updates": [{"idx": 826, "status": 1}]}"#;
    place.write("body.json", body);
    place.shows(
        "batch list.slist body.json --now 2026-01-01T01:01:00Z",
        str![[r#"
{"schema":1,"updated":1,"results":[{"listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","previousStatus":2,"currentStatus":1,"change":"changed","effectiveAt":"2026-01-01T01:02:00Z","visibleBy":"2026-01-01T03:02:00Z"}],"effectiveAt":"2026-01-01T01:02:00Z","visibleBy":"2026-01-01T03:02:00Z","revision":6}
--- stderr
1 changed, revision 6; to be published at 2026-01-01T01:02:00Z, and seen everywhere by 2026-01-01T03:02:00Z: statuslist publish --if-due 'list.slist'

"#]],
    );
}

#[test]
fn a_group_says_when_it_will_be_seen() {
    let place = published("strategy = \"on-demand\"");
    place.done("allocate list.slist --group g --count 2");
    let line = "set list.slist group:g suspended --now 2026-01-01T01:00:00Z";
    place.shows(line, str![[r#"
0/130	valid (0) -> suspended (2)
0/306	valid (0) -> suspended (2)
--- stderr
group 'g': 2 changed, revision 6; to be published at 2026-01-01T01:00:00Z, and seen everywhere by 2026-01-01T03:00:00Z: statuslist publish --if-due 'list.slist'

"#]]);
    place.shows(&format!("{line} --json"), str![[r#"
{"schema":1,"group":"g","results":[{"listId":"0","idx":130,"uri":"https://example.com/statuslists/0.jwt","previousStatus":2,"currentStatus":2,"change":"unchanged"},{"listId":"0","idx":306,"uri":"https://example.com/statuslists/0.jwt","previousStatus":2,"currentStatus":2,"change":"unchanged"}],"updated":0,"skipped":[],"effectiveAt":null,"visibleBy":null,"revision":6}
--- stderr
group 'g': 2 unchanged, revision 6

"#]]);
}

#[test]
fn a_change_is_published_at_once_if_that_is_asked_for() {
    let place = published("strategy = \"periodic\"");
    let now = "--now 2026-01-01T00:01:00Z";
    place.shows(
        &format!("set list.slist id:a suspended --publish=if-due {now}"),
        str![[r#"
--- stderr
0/826: valid (0) -> suspended (2), revision 5; to be published at 2026-01-01T00:05:00Z, and seen everywhere by 2026-01-01T02:05:00Z: statuslist publish --if-due 'list.slist'
waiting    statuslists/0.jwt (changes wait until they are due: 2026-01-01T00:05:00Z)
unchanged  jwks.json (216 bytes)
0 files written, 1 unchanged

"#]],
    );
    place.shows(
        &format!("set list.slist id:b suspended --publish {now}"),
        str![[r#"
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
0/785: valid (0) -> suspended (2), revision 6
written    statuslists/0.jwt (444 bytes, expires 2026-01-08T00:01:00Z): the list changed
unchanged  jwks.json (216 bytes)
1 file written, 0 unchanged
publish again by 2026-01-04T12:01:00Z at the latest

"#]],
    );
    let set = format!("set list.slist id:c suspended --publish {now}");
    let set: shapes::Set = place.decode(&set);
    assert_eq!(set.effective_at, Some(at("00:01:00")));
    let publication = set.publication.unwrap();
    assert_eq!(publication.files[0].action, "written");
    assert_eq!(publication.due_at, Some("2026-01-04T12:01:00Z".to_owned()));
    place.write("ops", "id:a\nid:b\n");
    place.shows(
        &format!("batch list.slist ops --status valid --publish {now}"),
        str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"a","previousStatus":2,"currentStatus":0,"change":"changed","effectiveAt":"2026-01-01T00:01:00Z","visibleBy":"2026-01-01T02:01:00Z"}
{"schema":1,"line":2,"op":"set","listId":"0","idx":785,"uri":"https://example.com/statuslists/0.jwt","tokenId":"b","previousStatus":2,"currentStatus":0,"change":"changed","effectiveAt":"2026-01-01T00:01:00Z","visibleBy":"2026-01-01T02:01:00Z"}
--- stderr
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
2 changed, revision 8
written    statuslists/0.jwt (439 bytes, expires 2026-01-08T00:01:00Z): the list changed
unchanged  jwks.json (216 bytes)
1 file written, 0 unchanged
publish again by 2026-01-04T12:01:00Z at the latest

"#]],
    );
    place.shows(
        &format!("set list.slist id:a suspended --publish -n {now}"),
        str![[r#"
--- stderr
dry run: nothing was changed; without -n:
0/826: valid (0) -> suspended (2), revision 9
nothing was published either

"#]],
    );
}

#[test]
fn a_change_stands_where_publishing_it_fails_and_repeating_publishes_it() {
    let place = published("strategy = \"on-demand\"");
    place.write("key.pem", "none");
    let set = "set list.slist id:a suspended --publish --op-id x --now 2026-01-01T00:01:00Z";
    place.shows(
        set,
        str![[r#"
--- stderr
0/826: valid (0) -> suspended (2), revision 5
error: the change is made, and publishing it failed
because: cannot use the key in 'key.pem'
because: this is neither a PEM key nor a JSON Web Key
hint: statuslist publish 'list.slist'
--- exit 4

"#]],
    );
    let run = place.line(&format!("{set} --json"));
    assert_eq!(run.code, 4);
    assert!(run.stdout.contains("\"revision\":"), "{}", run.stdout);
    let error = run.error();
    assert_eq!(error.details["outcome"], "committed");
    assert_eq!(error.details["publication"], "BAD_KEY");
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    place.shows(
        set,
        str![[r#"
--- stderr
warning: operation 'x' was done before, at 2026-01-01T00:01:00Z, revision 5: nothing was changed
warning: statuslists/0.jwt has expired by the real clock: readers refuse it
at that time: 0/826: valid (0) -> suspended (2), revision 5
written    statuslists/0.jwt (439 bytes, expires 2026-01-08T00:01:00Z): the list changed
unchanged  jwks.json (216 bytes)
1 file written, 0 unchanged
publish again by 2026-01-04T12:01:00Z at the latest

"#]],
    );
}

#[test]
fn a_policy_that_contradicts_the_list_is_refused_before_anything_is_changed() {
    let place = published("strategy = \"on-demand\"");
    for (policy, line) in [
        (
            "strategy = \"periodic\"\nperiodic-interval = \"4d\"",
            "set list.slist id:a suspended",
        ),
        (
            "strategy = \"hybrid\"\nurgent-statuses = [9]",
            "publish list.slist",
        ),
        ("renew-before = \"7d\"", "publish list.slist"),
    ] {
        let settings = format!(
            "[keys]\nsigning = \"key.pem\"\n[publish]\nto = \"site\"\n[regeneration]\n{policy}\n"
        );
        place.write("statuslist.toml", settings);
        let run = place.line(line);
        assert_eq!(run.code, 1, "{policy}: {}", run.stderr);
        assert!(
            run.stderr
                .contains("the policy of regeneration does not fit"),
            "{}",
            run.stderr
        );
    }
    place.refuses(
        "publish list.slist",
        str![[r#"
--- stderr
error: the policy of regeneration does not fit
because: tokens are valid for 604800 s and to be renewed 604800 s before their end
hint: renew-before under [regeneration] in 'statuslist.toml': less than 7d
--- exit 1

"#]],
    );
}

#[test]
fn nothing_is_changed_where_no_site_is_known() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.refuses(
        "set list.slist id:a revoked --publish",
        str![[r#"
--- stderr
error: no site was named
hint: --to FOLDER
--- exit 1

"#]],
    );
    place.write("ops", "id:a\n");
    place.refuses(
        "batch list.slist ops --status revoked --publish",
        str![[r#"
--- stderr
error: no site was named
hint: --to FOLDER
--- exit 1

"#]],
    );
}

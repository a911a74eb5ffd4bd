//! `retire`: a list is closed, and published until nobody needs it any more.

use serde_json::Value;
use snapbox::str;

use crate::harness::{PRIVATE_KEY, Place, SEED};
use crate::shapes::{self, Retired};

/// A place with a list of entries `a`, which expires in March, `b` and another, which do in June.
fn expiring() -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --expires-at 2026-03-01");
    place.done("allocate list.slist --token-id b --expires-at 2026-06-01T12:00:00Z");
    place.done("allocate list.slist --index 7 --expires-at 2026-06-01");
    place
}

/// Makes sure that a list file agrees with itself, and returns the state of its first list.
#[track_caller]
fn state(place: &Place, file: &str) -> String {
    let file: shapes::ListFile = place.decode(&format!("inspect {file}"));
    file.lists[0].state.clone()
}

#[test]
fn a_list_is_closed_and_retired_when_its_last_entry_has_expired() {
    let place = expiring();
    place.shows("retire list.slist --now 2026-04-01T00:00:00Z", str![[r#"
--- stderr
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'list.slist' --spare 1
list 0 is closed to allocation, revision 5; it stays published until 2026-06-01T12:00:00Z: 2 entries have not ended
to retire it then: statuslist retire 'list.slist' --due

"#]]);
    assert_eq!(state(&place, "list.slist"), "closed");
    place.refuses(
        "allocate list.slist",
        str![[r#"
--- stderr
error: no list is open to allocation
because: every list of the series is closed
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --list 0",
        str![[r#"
--- stderr
error: list 0 is closed to allocation
because: its turn was ended
hint: leave out --list: another list may be open
--- exit 1

"#]],
    );
    place.done("set list.slist id:b revoked");
    place.done("publish list.slist --to site --key key.pem");
    assert!(place.path("site/statuslists/0.jwt").exists());
    place.refuses(
        "retire list.slist --now 2026-06-01T11:59:59Z",
        str![[r#"
--- stderr
error: list 0 cannot be retired yet
because: 1 of 3 entries have not ended, the last one until 2026-06-01T12:00:00Z
hint: from 2026-06-01T12:00:00Z on: statuslist retire 'list.slist' --due
--- exit 1

"#]],
    );
    place.shows(
        "retire list.slist --due --now 2026-06-01T11:59:59Z",
        str![[r#"
--- stderr
no list is due

"#]],
    );
    place.shows("inspect list.slist --now 2026-06-01T11:59:59Z", str![[r#"
list file:  revision 6 of 2026-04-01T00:00:00Z
lives:      here
intact:     6 revisions, 1 change, 3 allocations
issuer:     https://example.com
default:    valid (0)
final:      invalid (1)
ttl:        1h
valid for:  7d
view:       jwt at https://example.com/statuslists/{n}.jwt
list 0:     closed, 3 of 1000 entries allocated (0.3 %), 2 bits
  jwt       https://example.com/statuslists/0.jwt
  due       at 2026-06-01T12:00:00Z
  not ended                1
  without expiry           0
  valid (0)                2
  invalid (1)              1
revision:   6 at 2026-04-01T00:00:00Z: set by tester, 1 status
revision:   5 at 2026-04-01T00:00:00Z: retire by tester, 0 statuses
revision:   4 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   3 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   2 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
published:  list 0 as jwt, revision 6, issued 2026-01-01T00:00:00Z, expires 2026-01-08T00:00:00Z, in PLACE/site

"#]]);
    place.shows("inspect list.slist --now 2026-06-01T12:00:00Z", str![[r#"
list file:  revision 6 of 2026-04-01T00:00:00Z
lives:      here
intact:     6 revisions, 1 change, 3 allocations
issuer:     https://example.com
default:    valid (0)
final:      invalid (1)
ttl:        1h
valid for:  7d
view:       jwt at https://example.com/statuslists/{n}.jwt
list 0:     closed, 3 of 1000 entries allocated (0.3 %), 2 bits
  jwt       https://example.com/statuslists/0.jwt
  due       since 2026-06-01T12:00:00Z
  not ended                0
  without expiry           0
  valid (0)                2
  invalid (1)              1
revision:   6 at 2026-04-01T00:00:00Z: set by tester, 1 status
revision:   5 at 2026-04-01T00:00:00Z: retire by tester, 0 statuses
revision:   4 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   3 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   2 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
published:  list 0 as jwt, revision 6, issued 2026-01-01T00:00:00Z, expires 2026-01-08T00:00:00Z, in PLACE/site
--- stderr
list 0 is due to be retired: statuslist retire 'list.slist' --due

"#]]);
    place.shows(
        "retire list.slist --due --now 2026-06-01T12:00:00Z",
        str![[r#"
--- stderr
list 0 is retired, revision 7: it was needed until 2026-06-01T12:00:00Z
to take it out of publication: statuslist publish 'list.slist'

"#]],
    );
    assert_eq!(state(&place, "list.slist"), "retired");
    place.shows(
        "get list.slist id:a",
        str![[r#"
entry:      0/826
status:     valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
expires:    2026-03-01T00:00:00Z
list:       retired
updated:    2026-01-01T00:00:00Z

"#]],
    );
    place.refuses(
        "retire list.slist",
        str![[r#"
--- stderr
error: the series has no list that could be retired
because: every list of it is spare or retired
--- exit 1

"#]],
    );
    place.shows(
        "retire list.slist --list 0",
        str![[r#"
--- stderr
list 0 is retired already, nothing changed

"#]],
    );
    place.refuses(
        "retire list.slist --list 0 --keep-until 2026-12-01",
        str![[r#"
--- stderr
error: list 0 is retired
because: it is published no more, as every entry of it had ended
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
}

#[test]
fn a_list_whose_entries_have_ended_is_retired_at_once() {
    let place = expiring();
    let retired: Retired = place.decode("retire list.slist --now 2026-07-01T00:00:00Z");
    let [list] = retired.lists.as_slice() else {
        panic!("{retired:?}");
    };
    assert_eq!((retired.count, retired.revision), (1, 5));
    assert!(retired.exhausted && retired.opened.is_empty());
    assert_eq!(
        (list.previous_state.as_str(), list.state.as_str()),
        ("open", "retired")
    );
    assert_eq!(
        (list.allocated, list.unexpired, list.without_expiry),
        (3, 0, 0)
    );
    assert_eq!(list.ends_at.as_deref(), Some("2026-06-01T12:00:00Z"));
    assert!(list.complete && list.changed && !list.all_revoked);
    assert_eq!(state(&place, "list.slist"), "retired");
    // A full list is retired like a closed one.
    let place = Place::with_list_of(1, 3);
    place.done("allocate list.slist --count 3 --expires-at 2026-03-01");
    assert_eq!(state(&place, "list.slist"), "full");
    place.shows(
        "retire list.slist --now 2026-03-01T00:00:00Z",
        str![[r#"
--- stderr
list 0 is retired, revision 3: it was needed until 2026-03-01T00:00:00Z
to take it out of publication: statuslist publish 'list.slist'

"#]],
    );
    assert_eq!(state(&place, "list.slist"), "retired");
    // Nobody needs a list that handed out nothing.
    let place = Place::with_list();
    place.shows(
        "retire list.slist",
        str![[r#"
--- stderr
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'list.slist' --spare 1
list 0 is retired, revision 2: it handed out nothing
to take it out of publication: statuslist publish 'list.slist'

"#]],
    );
    assert_eq!(state(&place, "list.slist"), "retired");
}

#[test]
fn what_is_retired_takes_no_status_and_is_signed_no_more() {
    let place = expiring();
    place.done("retire list.slist --now 2026-07-01T00:00:00Z");
    place.refuses(
        "set list.slist id:a revoked",
        str![[r#"
--- stderr
error: list 0 is retired
because: it is published no more, as every entry of it had ended
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "set list.slist 0/7 valid",
        str![[r#"
--- stderr
error: list 0 is retired
because: it is published no more, as every entry of it had ended
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "sign list.slist --key key.pem --list 0",
        str![[r#"
--- stderr
error: list 0 is retired
because: it is published no more, as every entry of it had ended
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "sign list.slist --key key.pem",
        str![[r#"
--- stderr
error: list 0 is retired
because: it is published no more, as every entry of it had ended
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --list 0",
        str![[r#"
--- stderr
error: list 0 is retired
because: it is published no more, as every entry of it had ended
hint: see the lists of the series: statuslist inspect 'list.slist'
--- exit 1

"#]],
    );
    let input = "{\"op\":\"set\",\"tokenId\":\"a\",\"status\":1}\n{\"op\":\"set\",\"idx\":7,\"status\":1}\n";
    place.write("ops", input);
    place.refuses(
        "batch list.slist ops",
        str![[r#"
--- stderr
ops:1: list 0 is retired
ops:2: list 0 is retired
error: the batch has 2 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]],
    );
}

#[test]
fn what_is_retired_is_published_no_more() {
    let place = expiring();
    place.done("configure list.slist --aggregation-uri https://example.com/all.json");
    place.done("backup list.slist copy.slist");
    place.done("restore copy.slist --no-site");
    let publish = "publish copy.slist --to site --key key.pem --now 2026-07-01T00:00:00Z";
    place.done(publish);
    let all = || String::from_utf8(place.read("site/all.json")).unwrap();
    let (first, second) = (
        "\"https://example.com/statuslists/0.jwt\"",
        "\"https://example.com/statuslists/1.jwt\"",
    );
    assert_eq!(all(), format!("{{\"status_lists\":[{first},{second}]}}\n"));
    let retire = "retire copy.slist --list 0 --keep-until 2026-07-01 --allow-past";
    place.done(&format!("{retire} --now 2026-07-01T00:00:00Z"));
    place.shows(&publish.replace("07-01", "08-01"), str![[r#"
written    statuslists/1.jwt (499 bytes, expires 2026-08-08T00:00:00Z): half of its validity has passed
written    all.json (59 bytes)
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/1.jwt has expired by the real clock: readers refuse it
1 file written, 0 unchanged
publish again by 2026-08-04T12:00:00Z at the latest
1 file of retired lists stays in the site; to remove it: --prune

"#]]);
    assert_eq!(all(), format!("{{\"status_lists\":[{second}]}}\n"));
}

/// The first revision of an older file takes it to the newest format.
#[test]
fn a_list_of_an_older_file_is_closed() {
    let place = Place::new();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/format-1.slist");
    std::fs::copy(fixture, place.path("list.slist")).unwrap();
    let states = || {
        let file: shapes::ListFile = place.decode("inspect list.slist");
        let lists = file.lists.iter().map(|list| list.state.clone());
        lists.collect::<Vec<_>>()
    };
    assert_eq!(states(), ["closed", "open"]);
    place.shows(
        "retire list.slist --list 1 --now 2026-10-01T00:00:00Z",
        str![[r#"
--- stderr
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'list.slist' --spare 1
warning: others can read 'list.slist', which holds the list's secrets: chmod 600 'list.slist'
list 1 is closed to allocation, revision 14; it stays published: 1 entry has no expiry
what was handed out is revoked, but not expired: a list that is missing is no revocation, and readers could not check the credentials
to say how long such entries are kept: statuslist retire 'list.slist' --list 1 --keep-until TIME
the list file was taken to format 4; older versions of statuslist cannot read it

"#]],
    );
    place.refuses(
        "retire list.slist --list 0",
        str![[r#"
--- stderr
error: list 0 cannot be retired yet
because: 1 of 6 entries have not ended, the last one until 2027-01-01T00:00:00Z
because: 5 entries have no expiry
because: restore closed it: the original may have handed out entries that are not known here
hint: say how long such entries are kept: statuslist retire 'list.slist' --list 0 --keep-until TIME
--- exit 1

"#]],
    );
    place.shows(
        "retire list.slist --due --now 2026-11-01T00:00:00Z",
        str![[r#"
--- stderr
warning: others can read 'list.slist', which holds the list's secrets: chmod 600 'list.slist'
no list is due

"#]],
    );
    assert_eq!(states(), ["closed", "closed"]);
}

/// A batch that was done before the list was retired is answered as it was.
#[test]
fn a_batch_of_before_is_answered_as_the_first_time() {
    let place = expiring();
    place.write("ops", "{\"op\":\"set\",\"tokenId\":\"a\",\"status\":1}\n");
    let first = place.done("batch list.slist ops --op-id one");
    place.done("retire list.slist --now 2026-07-01T00:00:00Z");
    let again = place.line("batch list.slist ops --op-id one");
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(again.of_the_first_time(), first);
}

#[test]
fn entries_without_an_expiry_are_kept_until_somebody_says_how_long() {
    let place = expiring();
    place.done("allocate list.slist --count 2");
    place.shows(
        "retire list.slist --now 2026-07-01T00:00:00Z",
        str![[r#"
--- stderr
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'list.slist' --spare 1
list 0 is closed to allocation, revision 6; it stays published: 2 entries have no expiry
to say how long such entries are kept: statuslist retire 'list.slist' --list 0 --keep-until TIME

"#]],
    );
    place.refuses(
        "retire list.slist --now 2026-07-01T00:00:00Z",
        str![[r#"
--- stderr
error: list 0 cannot be retired yet
because: 2 entries have no expiry
hint: say how long such entries are kept: statuslist retire 'list.slist' --list 0 --keep-until TIME
--- exit 1

"#]],
    );
    place.shows(
        "retire list.slist --due --now 2026-11-01T00:00:00Z",
        str![[r#"
--- stderr
no list is due

"#]],
    );
    place.refuses(
        "retire list.slist --now 2026-07-01T00:00:00Z --keep-until 2026-07-01",
        str![[r#"
--- stderr
error: the time until which the list is kept lies in the past: 2026-07-01T00:00:00Z
because: it is 2026-07-01T00:00:00Z
hint: if that is meant: --allow-past
--- exit 1

"#]],
    );
    let keep = "retire list.slist --now 2026-07-01T00:00:00Z --keep-until 2026-09-01";
    place.shows(keep, str![[r#"
--- stderr
list 0: revision 7 says how long it is kept; it stays published until 2026-09-01T00:00:00Z: 2 entries have no expiry
to retire it then: statuslist retire 'list.slist' --due

"#]]);
    place.shows(
        keep,
        str![[r#"
--- stderr
list 0: nothing changed; it stays published until 2026-09-01T00:00:00Z: 2 entries have no expiry
to retire it then: statuslist retire 'list.slist' --due

"#]],
    );
    place.shows(
        "inspect list.slist --now 2026-08-01T00:00:00Z",
        str![[r#"
list file:  revision 7 of 2026-07-01T00:00:00Z
lives:      here
intact:     7 revisions, 0 changes, 5 allocations
issuer:     https://example.com
default:    valid (0)
final:      invalid (1)
ttl:        1h
valid for:  7d
view:       jwt at https://example.com/statuslists/{n}.jwt
list 0:     closed, 5 of 1000 entries allocated (0.5 %), 2 bits
  jwt       https://example.com/statuslists/0.jwt
  kept      until 2026-09-01T00:00:00Z
  due       at 2026-09-01T00:00:00Z
  not ended                0
  without expiry           2
  valid (0)                5
revision:   7 at 2026-07-01T00:00:00Z: retire by tester, 0 statuses
revision:   6 at 2026-07-01T00:00:00Z: retire by tester, 0 statuses
revision:   5 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   4 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   3 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses

"#]],
    );
    place.shows(
        "get list.slist 0/7",
        str![[r#"
entry:      0/7
status:     valid (0)
uri:        https://example.com/statuslists/0.jwt
allocated:  2026-01-01T00:00:00Z
expires:    2026-06-01T00:00:00Z
list:       closed, kept until 2026-09-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

"#]],
    );
    place.refuses(
        "retire list.slist --now 2026-08-01T00:00:00Z",
        str![[r#"
--- stderr
error: list 0 cannot be retired yet
because: 2 entries have no expiry
because: it is kept until 2026-09-01T00:00:00Z
hint: from 2026-09-01T00:00:00Z on: statuslist retire 'list.slist' --due
--- exit 1

"#]],
    );
    place.shows(
        "retire list.slist --now 2026-09-01T00:00:00Z",
        str![[r#"
--- stderr
list 0 is retired, revision 8: it was needed until 2026-09-01T00:00:00Z
to take it out of publication: statuslist publish 'list.slist'

"#]],
    );
    assert_eq!(state(&place, "list.slist"), "retired");
    let file: shapes::ListFile = place.decode("inspect list.slist --now 2026-09-01T00:00:00Z");
    let list = &file.lists[0];
    assert_eq!(
        (list.unexpired, list.without_expiry, list.due),
        (0, 2, false)
    );
    assert_eq!(list.kept_until.as_deref(), Some("2026-09-01T00:00:00Z"));
}

#[test]
fn a_list_may_be_kept_until_a_time_that_is_over() {
    let place = Place::with_list();
    place.done("allocate list.slist");
    place.shows(
        "retire list.slist --keep-until 2025-06-01 --allow-past",
        str![[r#"
--- stderr
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'list.slist' --spare 1
list 0 is retired, revision 3: it was needed until 2025-06-01T00:00:00Z
to take it out of publication: statuslist publish 'list.slist'

"#]],
    );
    assert_eq!(state(&place, "list.slist"), "retired");
    // And one whose entries have all expired for longer than that.
    let place = expiring();
    place.shows(
        "retire list.slist --now 2026-07-01T00:00:00Z --keep-until 2026-08-01",
        str![[r#"
--- stderr
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'list.slist' --spare 1
list 0 is closed to allocation, revision 5; it stays published until 2026-08-01T00:00:00Z
to retire it then: statuslist retire 'list.slist' --due

"#]],
    );
}

#[test]
fn a_list_of_revoked_entries_stays_until_they_expire() {
    let place = expiring();
    for entry in ["id:a", "id:b", "0/7"] {
        place.done(&format!("set list.slist {entry} revoked"));
    }
    place.shows("retire list.slist", str![[r#"
--- stderr
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'list.slist' --spare 1
list 0 is closed to allocation, revision 8; it stays published until 2026-06-01T12:00:00Z: 3 entries have not ended
what was handed out is revoked, but not expired: a list that is missing is no revocation, and readers could not check the credentials
to retire it then: statuslist retire 'list.slist' --due

"#]]);
    place.refuses("retire list.slist", str![[r#"
--- stderr
error: list 0 cannot be retired yet
because: 3 of 3 entries have not ended, the last one until 2026-06-01T12:00:00Z
because: what was handed out is revoked, but not expired: a list that is missing is no revocation, and readers could not check the credentials
hint: from 2026-06-01T12:00:00Z on: statuslist retire 'list.slist' --due
--- exit 1

"#]]);
}

#[test]
fn a_timer_leaves_lists_alone_that_hand_out_entries() {
    let place = expiring();
    place.shows(
        "retire list.slist --due --now 2026-07-01T00:00:00Z",
        str![[r#"
--- stderr
no list is due

"#]],
    );
    assert_eq!(state(&place, "list.slist"), "open");
    for (line, expected) in [
        ("--due --list 0", "'--due' cannot be used with '--list <N>'"),
        ("--due --keep-until 2027-01-01", "cannot be used with"),
        ("--allow-past", "--keep-until <TIME>"),
    ] {
        let run = place.line(&format!("retire list.slist {line}"));
        assert_eq!(run.code, 2, "{line}");
        assert!(run.stderr.contains(expected), "{line}: {}", run.stderr);
    }
}

#[test]
fn several_lists_are_told_apart_and_what_a_copy_does_not_know_is_needed() {
    let place = expiring();
    place.done("backup list.slist copy.slist");
    place.refuses(
        "retire copy.slist",
        str![[r#"
--- stderr
error: 'copy.slist' is a backup, which cannot be changed
because: its original may have handed out the same indexes since
hint: to use it in place of the original: statuslist restore 'copy.slist'
--- exit 1

"#]],
    );
    place.done("restore copy.slist --no-site");
    place.refuses(
        "retire copy.slist",
        str![[r#"
--- stderr
error: the series has 2 lists in use, and none was named
hint: --list 0 or --list 1
--- exit 1

"#]],
    );
    place.refuses(
        "retire copy.slist --list 2",
        str![[r#"
--- stderr
error: the series has no list 2
hint: see the lists of the series: statuslist inspect 'copy.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "retire copy.slist --list 0 --now 2026-07-01T00:00:00Z",
        str![[r#"
--- stderr
error: list 0 cannot be retired yet
because: restore closed it: the original may have handed out entries that are not known here
hint: say how long such entries are kept: statuslist retire 'copy.slist' --list 0 --keep-until TIME
--- exit 1

"#]],
    );
    place.shows(
        "retire copy.slist --due --now 2026-07-01T00:00:00Z",
        str![[r#"
--- stderr
no list is due

"#]],
    );
    place.done("retire copy.slist --list 0 --keep-until 2026-08-01");
    place.shows(
        "retire copy.slist --due --now 2026-08-01T00:00:00Z",
        str![[r#"
--- stderr
list 0 is retired, revision 7: it was needed until 2026-08-01T00:00:00Z
to take it out of publication: statuslist publish 'copy.slist'

"#]],
    );
    place.done("sign copy.slist --key key.pem -o token --now 2026-08-01T00:00:00Z");
    assert_eq!(state(&place, "copy.slist"), "retired");
    // Now there is one list in use.
    place.shows(
        "retire copy.slist -n",
        str![[r#"
--- stderr
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'copy.slist' --spare 1
dry run: nothing was changed; without -n:
list 1 is retired, revision 8: it handed out nothing
to take it out of publication: statuslist publish 'copy.slist'

"#]],
    );
}

#[test]
fn a_copy_retires_nothing() {
    let place = expiring();
    std::fs::copy(place.path("list.slist"), place.path("copy")).unwrap();
    place.refuses("retire copy --now 2026-07-01T00:00:00Z", str![[r#"
--- stderr
error: 'copy' does not live here, so it hands out no entries
because: it is a copy, or was moved from another file system or machine
because: the file that it comes from may hand out the same indexes
hint: if that file is gone for good: statuslist configure 'copy' --moved; to use both: statuslist restore 'copy' --copy; if it travels by design, one at a time: statuslist configure 'copy' --anywhere
--- exit 1

"#]]);
}

#[test]
fn a_dry_run_changes_nothing_and_a_repetition_says_the_same() {
    let place = expiring();
    let files = place.files();
    place.shows(
        "retire list.slist -n --now 2026-07-01T00:00:00Z",
        str![[r#"
--- stderr
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'list.slist' --spare 1
dry run: nothing was changed; without -n:
list 0 is retired, revision 5: it was needed until 2026-06-01T12:00:00Z
to take it out of publication: statuslist publish 'list.slist'

"#]],
    );
    assert!(files == place.files());
    place.shows("retire list.slist --op-id end", str![[r#"
--- stderr
warning: no entry is left, and no list is in reserve; to go on: statuslist configure 'list.slist' --spare 1
list 0 is closed to allocation, revision 5; it stays published until 2026-06-01T12:00:00Z: 3 entries have not ended
to retire it then: statuslist retire 'list.slist' --due

"#]]);
    place.shows(
        "retire list.slist --op-id end --now 2026-07-01T00:00:00Z",
        str![[r#"
--- stderr
warning: operation 'end' was done before, at 2026-01-01T00:00:00Z, revision 5: nothing was changed
list 0 is closed to allocation, revision 5; it stays published until 2026-06-01T12:00:00Z: 3 entries have not ended
to retire it then: statuslist retire 'list.slist' --due

"#]],
    );
    let error = place.line("retire list.slist --op-id end --due --json");
    assert_eq!(error.error().code, "CONFLICT");
    let due: Retired = place.decode("retire list.slist --op-id due --due");
    assert_eq!((due.count, due.repeated), (0, false));
    let due: Retired =
        place.decode("retire list.slist --op-id due --due --now 2026-07-01T00:00:00Z");
    assert_eq!((due.count, due.repeated), (0, true));
    assert_eq!(state(&place, "list.slist"), "closed");
}

#[test]
fn a_status_may_be_kept_for_longer_than_the_expiry() {
    let place = Place::with_list();
    place.done("allocate list.slist --index 7 --expires-at 2026-03-01");
    let keep = "--keep-until 2026-07-01 --expires-at 2026-04-01";
    let first = place.done(&format!(
        "allocate list.slist --token-id a --token-id b {keep} --op-id one"
    ));
    place.done("allocate list.slist --index 9 --keep-until 2026-08-01T00:00:00+02:00");
    place.done("allocate list.slist --count 3 --expires-at 2026-05-01");
    place.shows(
        "get list.slist id:b",
        str![[r#"
entry:      0/785
status:     valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   b
allocated:  2026-01-01T00:00:00Z
expires:    2026-04-01T00:00:00Z
kept until: 2026-07-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

"#]],
    );
    let got: shapes::Got = place.decode("get list.slist id:a");
    assert_eq!(got.expires_at.as_deref(), Some("2026-04-01T00:00:00Z"));
    assert_eq!(got.kept_until.as_deref(), Some("2026-07-01T00:00:00Z"));
    let got: shapes::Got = place.decode("get list.slist 0/9");
    assert_eq!(
        (got.expires_at, got.kept_until.as_deref()),
        (None, Some("2026-07-31T22:00:00Z"))
    );
    let got: shapes::Got = place.decode("get list.slist 0/7");
    assert_eq!(got.kept_until, None);
    // The same is answered again, later too; for another time it is another request.
    let again = place.line(&format!(
        "allocate list.slist --token-id a --token-id b {keep} --op-id one --now 2026-10-01T00:00:00Z"
    ));
    assert_eq!((again.code, &again.stdout), (0, &first), "{}", again.stderr);
    place.refuses(
        "allocate list.slist --token-id a --token-id b --expires-at 2026-04-01 --op-id one",
        str![[r#"
--- stderr
error: operation id 'one' belongs to another request, revision 3
hint: use another --op-id for another request
--- exit 1

"#]],
    );
    let file: shapes::ListFile = place.decode("inspect list.slist --now 2026-06-01T00:00:00Z");
    let list = &file.lists[0];
    assert_eq!(
        (list.unexpired, list.without_expiry, list.due),
        (3, 0, false)
    );
    assert_eq!(list.ends_at.as_deref(), Some("2026-07-31T22:00:00Z"));
    place.done("retire list.slist --now 2026-07-30T00:00:00Z");
    let retired: Retired = place.decode("retire list.slist --due --now 2026-07-31T21:59:59Z");
    assert_eq!(retired.count, 0);
    let retired: Retired = place.decode("retire list.slist --due --now 2026-07-31T22:00:00Z");
    assert_eq!(retired.count, 1);
    assert_eq!(state(&place, "list.slist"), "retired");
}

#[test]
fn an_expiry_is_a_date_or_a_time_and_not_in_the_past() {
    let place = Place::with_list();
    let one: shapes::One = place.decode("allocate list.slist --expires-at 2026-02-02");
    assert_eq!(one.expires_at.as_deref(), Some("2026-02-02T00:00:00Z"));
    place.refuses(
        "allocate list.slist --expires-at 2025-12-31",
        str![[r#"
--- stderr
error: the expiry lies in the past: 2025-12-31T00:00:00Z
because: it is 2026-01-01T00:00:00Z
hint: if that is meant: --allow-past
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --expires-at 2026-01-01",
        str![[r#"
--- stderr
error: the expiry lies in the past: 2026-01-01T00:00:00Z
because: it is 2026-01-01T00:00:00Z
hint: if that is meant: --allow-past
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --token-id a --keep-until 2025-12-31T23:59:59Z",
        str![[r#"
--- stderr
error: the time until which the status is kept lies in the past: 2025-12-31T23:59:59Z
because: it is 2026-01-01T00:00:00Z
hint: if that is meant: --allow-past
--- exit 1

"#]],
    );
    place.refuses(
        "allocate list.slist --expires-at 2026-02-30",
        str![[r#"
--- stderr
error: invalid value '2026-02-30' for '--expires-at <TIME>': '2026-02-30' is not a time

For more information, try '--help'.
--- exit 2

"#]],
    );
    let past = "allocate list.slist --token-id a --expires-at 2025-12-31 --allow-past";
    let one: shapes::One = place.decode(past);
    assert_eq!(one.expires_at.as_deref(), Some("2025-12-31T00:00:00Z"));
    // An entry that was handed out before is no new one.
    place.done("allocate list.slist --token-id a --or-existing --expires-at 2025-12-31");
    // What was not in the past is answered again when it is.
    let line = "allocate list.slist --expires-at 2026-02-02 --op-id one";
    let first = place.done(line);
    let again = place.line(&format!("{line} --now 2026-03-01T00:00:00Z"));
    assert_eq!((again.code, &again.stdout), (0, &first), "{}", again.stderr);
    place.refuses(
        &format!("{line} --allow-past"),
        str![[r#"
--- stderr
error: operation id 'one' belongs to another request, revision 4
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

#[test]
fn a_batch_takes_dates_and_refuses_the_past() {
    let place = Place::with_list();
    place.write(
        "ops",
        "op,tokenId,expiresAt\nallocate,a,2026-02-02\nallocate,b,2025-12-31\nallocate,c,2026-01-01T00:00:00Z\n\
         allocate,d,2026-01-01T00:00:01Z\n",
    );
    place.refuses("batch list.slist ops", str![[r#"
--- stderr
ops:3: the expiry lies in the past: 2025-12-31T00:00:00Z: it is 2026-01-01T00:00:00Z, if that is meant: --allow-past
ops:4: the expiry lies in the past: 2026-01-01T00:00:00Z: it is 2026-01-01T00:00:00Z, if that is meant: --allow-past
error: the batch has 2 faults: nothing was changed
hint: mend them, or apply the others with --skip-invalid
--- exit 1

"#]]);
    let skip = "batch list.slist ops --skip-invalid --op-id one";
    let first = place.line(skip);
    assert_eq!(first.code, 5, "{}", first.stderr);
    let got: shapes::Got = place.decode("get list.slist id:a");
    assert_eq!(got.expires_at.as_deref(), Some("2026-02-02T00:00:00Z"));
    // Later the same lines are in the past as the first time.
    let again = place.line(&format!("{skip} --now 2026-05-01T00:00:00Z"));
    assert_eq!(again.code, 5, "{}", again.stderr);
    assert_eq!(again.of_the_first_time(), first.stdout);
    let conflict = place.line(&format!("{skip} --allow-past --json"));
    assert_eq!(conflict.error().code, "CONFLICT");
    place.write(
        "more",
        "{\"op\":\"allocate\",\"tokenId\":\"e\",\"expiresAt\":\"2025-12-31\"}\n",
    );
    let allowed: Value =
        serde_json::from_str(&place.done("batch list.slist more --allow-past")).unwrap();
    assert_eq!(allowed["tokenId"], "e");
    let file: shapes::ListFile = place.decode("inspect list.slist");
    let list = &file.lists[0];
    assert_eq!((list.allocated, list.unexpired), (3, 2));
}

/// A list that is closed leaves its turn to a spare, as one does that is full.
#[test]
fn the_next_list_takes_the_turn_of_one_that_is_closed() {
    let place = Place::new();
    place.write("seed", SEED);
    place.copy_key(PRIVATE_KEY, "key.pem");
    place.done(
        "init list.slist --uri https://example.com/{n}.jwt --size 9 --seed-file seed --spare 1",
    );
    place.done("allocate list.slist --token-id a --expires-at 2026-03-01 --keep-until 2026-04-01");
    place.shows("retire list.slist --op-id one", str![[r#"
--- stderr
list 0 is closed to allocation, revision 3; it stays published until 2026-04-01T00:00:00Z: 1 entry has not ended
to retire it then: statuslist retire 'list.slist' --due
list 1 is open now, list 2 is new and in reserve; publish before entries of new lists are handed out: statuslist publish 'list.slist'

"#]]);
    place.shows("retire list.slist --op-id one", str![[r#"
--- stderr
warning: operation 'one' was done before, at 2026-01-01T00:00:00Z, revision 3: nothing was changed
list 0 is closed to allocation, revision 3; it stays published until 2026-04-01T00:00:00Z: 1 entry has not ended
to retire it then: statuslist retire 'list.slist' --due

"#]]);
    place.refuses(
        "retire list.slist --list 2",
        str![[r#"
--- stderr
error: list 2 is spare: it has handed out nothing
because: it takes its turn when another list is full or closed
--- exit 1

"#]],
    );
    place.refuses(
        "retire list.slist",
        str![[r#"
--- stderr
error: the series has 2 lists in use, and none was named
hint: --list 0 or --list 1
--- exit 1

"#]],
    );
    let states = || {
        let line = "inspect list.slist --now 2026-04-01T00:00:00Z --json";
        let file: Value = serde_json::from_str(&place.done(line)).unwrap();
        let lists = file["lists"].as_array().unwrap().iter();
        let of = |list: &Value| (list["state"].clone(), list["due"].clone());
        lists.map(of).collect::<Vec<_>>()
    };
    let of = |states: &[(&str, bool)]| {
        let states = states.iter();
        states
            .map(|(state, due)| (Value::from(*state), Value::from(*due)))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        states(),
        of(&[("closed", true), ("open", false), ("spare", false)])
    );
    // Entries of two lists: the run of each is kept.
    let many: shapes::Many = place
        .decode("allocate list.slist --count 12 --expires-at 2026-03-01 --keep-until 2026-06-01");
    assert_eq!(many.count, 12);
    let last = &many.allocations[11];
    let got: shapes::Got = place.decode(&format!("get list.slist {}/{}", last.list_id, last.idx));
    assert_eq!(got.kept_until.as_deref(), Some("2026-06-01T00:00:00Z"));
    place.shows(
        "retire list.slist --due --now 2026-06-01T00:00:00Z",
        str![[r#"
--- stderr
list 0 is retired, revision 5: it was needed until 2026-04-01T00:00:00Z
list 1 is retired, revision 5: it was needed until 2026-06-01T00:00:00Z
to take them out of publication: statuslist publish 'list.slist'

"#]],
    );
    assert_eq!(
        states(),
        of(&[
            ("retired", false),
            ("retired", false),
            ("open", false),
            ("spare", false)
        ])
    );
    // Every spare and open list is left.
    let retired: Retired = place.decode("retire list.slist --due --now 2026-07-01T00:00:00Z");
    assert_eq!(retired.count, 0);
    place.done("publish list.slist --to site --key key.pem --now 2026-07-01T00:00:00Z");
    assert!(!place.path("site/0.jwt").exists() && place.path("site/3.jwt").exists());
}

/// Several lists serve one request: each keeps its own entries, and the file agrees with itself.
#[test]
fn entries_of_several_open_lists_are_kept() {
    let place = Place::new();
    place.write("seed", SEED);
    place.done(
        "init list.slist --uri https://example.com/{n}.jwt --size 20 --seed-file seed --open 3 \
         --spare 1",
    );
    place.done("allocate list.slist --count 7 --expires-at 2026-02-01 --op-id one");
    place.done("allocate list.slist --count 50 --keep-until 2026-06-01 --op-id two");
    place.done("allocate list.slist --list 2 --index 3 --keep-until 2026-05-01 --op-id three");
    let line = "inspect list.slist --now 2026-05-01T00:00:00Z --json";
    let file: Value = serde_json::from_str(&place.done(line)).unwrap();
    let lists = file["lists"].as_array().unwrap().iter();
    let sum = |name: &str| -> u64 {
        let counts = lists.clone().map(|list| list[name].as_u64().unwrap());
        counts.sum()
    };
    assert_eq!(
        (sum("allocated"), sum("unexpired"), sum("withoutExpiry")),
        (58, 50, 0)
    );
}

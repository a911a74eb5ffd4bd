//! An operation that is repeated: it says so, whoever asks.

use serde_json::Value;
use snapbox::str;

use crate::harness::Place;
use crate::shapes;

/// The first answer and the second one, both for programs, and what the second says to people.
fn twice<T: serde::de::DeserializeOwned>(place: &Place, line: &str) -> (T, T) {
    let line = format!("{line} --op-id one");
    let first = place.decode(&line);
    let files = place.files();
    let again = place.line(&format!("{line} -q"));
    assert_eq!(again.code, 0, "{line}: {}", again.stderr);
    assert!(
        again
            .stderr
            .contains("warning: operation 'one' was done before"),
        "{line}: {}",
        again.stderr
    );
    let second = place.decode(&line);
    assert!(files == place.files(), "{line}: a file changed");
    (first, second)
}

#[test]
fn every_command_that_repeats_an_operation_says_so() {
    let place = Place::new();
    place.write("seed", crate::harness::SEED);
    let line = "init list.slist --uri https://example.com/{n}.jwt --bits 2 --seed-file seed";
    let (first, second): (shapes::Made, shapes::Made) = twice(&place, line);
    assert_eq!((first.repeated, second.repeated), (false, true));

    let place = Place::with_list();
    let (first, second): (shapes::Configured, shapes::Configured) =
        twice(&place, "configure list.slist --ttl 50m");
    assert_eq!((first.repeated, second.repeated), (false, true));

    let place = Place::with_list();
    let (first, second): (shapes::One, shapes::One) =
        twice(&place, "allocate list.slist --token-id a");
    assert_eq!((first.repeated, second.repeated), (false, true));
    assert_eq!(first.idx, second.idx);

    let place = Place::with_list();
    let (first, second): (shapes::Many, shapes::Many) =
        twice(&place, "allocate list.slist --count 2");
    assert_eq!((first.repeated, second.repeated), (false, true));

    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    let (first, second): (shapes::Set, shapes::Set) = twice(&place, "set list.slist id:a revoked");
    assert_eq!((first.repeated, second.repeated), (false, true));

    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.write("ops", r#"{"op":"set","tokenId":"a","status":1}"#);
    let (first, second): (Value, Value) = twice(&place, "batch list.slist ops");
    assert_eq!(
        (&first["repeated"], &second["repeated"]),
        (&Value::Null, &true.into())
    );

    let place = Place::with_list();
    place.done("backup list.slist copy.slist");
    let (first, second): (shapes::Restored, shapes::Restored) =
        twice(&place, "restore copy.slist --no-site");
    assert_eq!((first.repeated, second.repeated), (false, true));
}

/// The answer is that of the first time, and the entry may have been changed since.
#[test]
fn what_was_undone_since_is_not_reported_as_changed() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked --op-id one");
    place.done("set list.slist id:a valid --allow-final");
    place.shows("set list.slist id:a revoked --op-id one", str![[r#"
--- stderr
warning: operation 'one' was done before, at 2026-01-01T00:00:00Z, revision 3: nothing was changed
warning: entry 0/826 was invalid (1) then, and is valid (0) now
at that time: 0/826: valid (0) -> invalid (1), revision 3; to make it visible: statuslist publish 'list.slist'

"#]]);
    place.shows(
        "set list.slist id:a revoked --op-id one -q --json",
        str![[r#"
{"schema":1,"listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","previousStatus":0,"currentStatus":1,"change":"changed","reason":"unspecified","note":null,"revokedAt":null,"updatedAt":"2026-01-01T00:00:00Z","effectiveAt":null,"visibleBy":null,"revision":3,"repeated":true}
--- stderr
{"warning":"operation 'one' was done before, at 2026-01-01T00:00:00Z, revision 3: nothing was changed","timestamp":"2026-01-01T00:00:00Z","requestId":"one"}
{"warning":"entry 0/826 was invalid (1) then, and is valid (0) now","timestamp":"2026-01-01T00:00:00Z","requestId":"one"}

"#]],
    );
    place.write("ops", "id:a\n");
    place.done("batch list.slist ops --status revoked --op-id two");
    place.done("set list.slist id:a valid --allow-final");
    place.shows(
        "batch list.slist ops --status revoked --op-id two -q",
        str![[r#"
{"schema":1,"line":1,"op":"set","listId":"0","idx":826,"uri":"https://example.com/statuslists/0.jwt","tokenId":"a","previousStatus":0,"currentStatus":1,"change":"changed","repeated":true}
--- stderr
warning: operation 'two' was done before, at 2026-01-01T00:00:00Z, revision 5: nothing was changed

"#]],
    );
    place.shows(
        "batch list.slist ops --status revoked --op-id two --csv",
        str![[r#"
line,op,listId,idx,uri,tokenId,status,existing,previousStatus,currentStatus,change
1,set,0,826,https://example.com/statuslists/0.jwt,a,,,0,1,changed
--- stderr
warning: operation 'two' was done before, at 2026-01-01T00:00:00Z, revision 5: nothing was changed

"#]],
    );
}

//! `init`: a list file, what it says of itself, and every setting that makes no sense.

use snapbox::str;

use crate::harness::Place;
use crate::shapes;

#[test]
fn an_operation_id_gives_the_first_results_again() {
    let place = Place::new();
    let init = "init list.slist --uri https://example.com/{n}.jwt --op-id once";
    let first: shapes::Made = place.decode(init);
    let file = place.read("list.slist");
    assert_eq!(first, place.decode(init));
    assert!(file == place.read("list.slist"));
    place.refuses(
        "init list.slist --uri https://example.com/{n}.jwt --bits 2 --op-id once",
        str![[r#"
--- stderr
error: 'list.slist' exists
because: a list file or a backup is never overwritten
hint: choose another name
--- exit 1

"#]],
    );
}

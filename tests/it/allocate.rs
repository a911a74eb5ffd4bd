//! `allocate`: entries by the permutation, one by one or many, and every way in which it is
//! refused.

use snapbox::str;

use crate::harness::Place;
use crate::shapes;

#[test]
fn more_than_there_can_be_is_refused_before_memory_is_taken() {
    let place = Place::with_list();
    place.refuses(
        "allocate list.slist --count 4294967296",
        str![[r#"
--- stderr
error: list 0 is at capacity
because: 4294967296 wanted, 1000 left: 0 of 1000 entries are taken
hint: a list never grows: make another list file, with another --uri
--- exit 1

"#]],
    );
}

#[test]
fn a_token_id_again_names_the_revision_that_there_is() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    let again: shapes::One = place.decode("allocate list.slist --token-id a --or-existing");
    assert_eq!((again.existing, again.idx, again.revision), (true, 826, 2));
}

//! `configure`: settings that may change, as a revision.

use crate::harness::Place;
use crate::shapes;

#[test]
fn an_operation_id_gives_the_first_results_again() {
    let place = Place::with_list();
    let first: shapes::Configured = place.decode("configure list.slist --ttl 5m --op-id one");
    place.done("configure list.slist --ttl 10m");
    let file = place.read("list.slist");
    assert_eq!((first.ttl, first.changed, first.revision), (300, true, 2));
    assert_eq!(
        first,
        place.decode("configure list.slist --ttl 5m --op-id one")
    );
    assert!(file == place.read("list.slist"));
}

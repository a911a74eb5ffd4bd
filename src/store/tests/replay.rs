//! What the log says, held against the file: each contradiction has its name.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Place, bodies, corrupt, keep, new_list, number, series_in};
use crate::disk;
use crate::list::{SeriesError, Status, Width};
use crate::store::ancestors::Ancestor;
use crate::store::replay::Replay;
use crate::store::{Home, NewUri, Store, StoreError, Work};

/// Two lists, of which the first is closed and got a second view later; adopted states; a home.
fn store(place: &Place) -> Store {
    let store = place.open();
    let series = store.snapshot().unwrap().series().clone();
    let work = Work {
        new_lists: vec![new_list(&series, 1)],
        closed: vec![number(0)],
        ancestors: vec![Ancestor {
            path: "0".to_owned(),
            chain: [5; 32],
        }],
        ..Work::default()
    };
    keep(&store, "second list", work);
    let cwt = series_in(&["cwt"], Width::Two, 9, &[]).views[0].clone();
    let series = series.with::<SeriesError>(|settings| {
        settings.views.push(cwt);
        Ok(())
    });
    let series = series.unwrap();
    let uri = |list| NewUri {
        list: number(list),
        view: series.views[1].view,
        uri: format!("https://example.com/cwt/{list}"),
    };
    let work = Work {
        new_uris: vec![uri(0), uri(1)],
        series: Some(series.clone()),
        ..Work::default()
    };
    keep(&store, "second view", work);
    let work = Work {
        home: Some(Home {
            identity: disk::FileIdentity::of(&place.file()).unwrap(),
            anywhere: true,
        }),
        ..Work::default()
    };
    keep(&store, "anywhere", work);
    store.snapshot().unwrap().verify().unwrap();
    store
}

/// Plays bodies that were changed, and compares.
fn compare(store: &Store, change: impl FnOnce(&mut Vec<Value>)) -> Result<(), StoreError> {
    let mut bodies = bodies(store);
    change(&mut bodies);
    let snapshot = store.snapshot().unwrap();
    let mut replay = Replay::default();
    for (rev, body) in (1..).zip(&bodies) {
        replay.format_of(body);
        replay.take(rev, true, body);
    }
    let lists = snapshot.lists()?.into_iter();
    let lists: BTreeMap<_, _> = lists.map(|list| (list.number, list)).collect();
    replay.compare(&snapshot, &lists)
}

#[test]
fn each_contradiction_is_found() {
    let place = Place::with(&series_in(&["jwt"], Width::Two, 9, &[Status::INVALID]));
    let store = store(&place);
    compare(&store, |_| ()).unwrap();
    let settings = "the settings are not what the log says";
    let sites = "the adopted states of sites are not what the log says";
    let homes = "the places where it may be are not what the log says";
    let first = "size, seed or uris of list 0 are not what the log says";
    let second = "size, seed or uris of list 1 are not what the log says";
    let state = "state or revision of list 0 are not what the log says";
    let all = "the lists are not what the log says";
    let cases: [(usize, &str, Value, &str); 15] = [
        (2, "/series/issuer", json!("https://example.org"), settings),
        (
            2,
            "/series/views/1/view",
            json!("bitstring.revocation"),
            settings,
        ),
        (2, "/series", json!(7), settings),
        (
            0,
            "/format",
            json!(null),
            "the tables are not what the log says",
        ),
        (1, "/ancestors/0/path", json!("1"), sites),
        (1, "/ancestors", json!([]), sites),
        (3, "/home/anywhere", json!(false), homes),
        (3, "/home/inode", json!(1), homes),
        (0, "/lists/0/seedSha256", json!("00"), first),
        (0, "/lists/0/size", json!(10), first),
        (
            1,
            "/lists/0/uris/jwt",
            json!("https://example.com/jwt/0"),
            second,
        ),
        (2, "/uris/0/uri", json!("https://example.com/cwt/7"), first),
        (1, "/lists", json!([]), all),
        (1, "/lists/0/list", json!(2), all),
        (1, "/closed", json!([]), state),
    ];
    for (place, pointer, value, expected) in cases {
        let result = compare(&store, |bodies| {
            *bodies[place].pointer_mut(pointer).expect(pointer) = value;
        });
        corrupt(result, expected);
    }
}

/// What another setting changes in every published file counts as a change of every list.
#[test]
fn the_revision_of_a_list_is_the_last_that_changes_what_it_publishes() {
    let place = Place::with(&series_in(&["jwt"], Width::Two, 9, &[]));
    let store = store(&place);
    let moved = compare(&store, |bodies| {
        let body = bodies.pop().unwrap();
        bodies.push(json!({}));
        bodies.push(body);
    });
    moved.unwrap();
    let earlier = compare(&store, |bodies| bodies.insert(2, json!({})));
    corrupt(
        earlier,
        "state or revision of list 0 are not what the log says",
    );
}

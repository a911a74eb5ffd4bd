//! `configure`: settings that may change, as a revision.

use snapbox::str;

use crate::harness::Place;
use crate::shapes;

#[test]
fn a_change_of_what_is_published_says_so() {
    let place = Place::with_list();
    place.shows(
        "configure list.slist --ttl 10m --issuer https://i.example",
        str![[r#"
--- stderr
configured, revision 2; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    let file: shapes::ListFile = place.decode("inspect list.slist");
    assert_eq!(
        (file.settings.ttl, file.settings.issuer.as_str()),
        (600, "https://i.example")
    );
    assert_eq!((file.revision, file.revisions[0].visible), (2, true));
}

#[test]
fn a_private_note_changes_nothing_that_is_published() {
    let place = Place::with_list();
    place.shows(
        "configure list.slist --meta team=cards --meta x=1",
        str![[r#"
--- stderr
configured, revision 2

"#]],
    );
    let file: shapes::ListFile = place.decode("inspect list.slist");
    assert_eq!(file.settings.meta["team"], "cards");
    assert!(!file.revisions[0].visible);
    place.done("configure list.slist --meta team=");
    let file: shapes::ListFile = place.decode("inspect list.slist");
    assert_eq!(file.settings.meta.len(), 1);
}

#[test]
fn what_differs_in_nothing_is_no_revision() {
    let place = Place::with_list();
    let before = place.files();
    place.shows(
        "configure list.slist --ttl 1h",
        str![[r#"
--- stderr
nothing differs from what the file says

"#]],
    );
    assert!(before == place.files());
    let again: shapes::Configured = place.decode("configure list.slist --ttl 1h");
    assert_eq!((again.changed, again.revision), (false, 1));
}

#[test]
fn a_dry_run_changes_nothing() {
    let place = Place::with_list();
    let before = place.files();
    place.shows(
        "configure list.slist --ttl 5m -n",
        str![[r#"
--- stderr
dry run: nothing was changed; without -n:
configured, revision 2; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    assert!(before == place.files());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let place = Place::with_list();
    place.refuses("configure list.slist", str![[r#"
--- stderr
error: the following required arguments were not provided:
  <--issuer <URI>|--ttl <DURATION>|--valid-for <DURATION>|--aggregation-uri <URI>|--meta <KEY=VALUE>|--add-view <VIEW>|--proof <PROOF>|--verification-method <URI>|--bit-order <ORDER>|--suspending <STATUS>|--message <STATUS=TEXT>|--blind <VIEW=STATUS>|--moved|--anywhere|--uri <[VIEW=]TEMPLATE>|--size <ENTRIES>|--open <N>|--spare <N>|--bits <N>|--bound-to <TYPE>>

Usage: statuslist configure --actor <WHO> --now <TIME> <--issuer <URI>|--ttl <DURATION>|--valid-for <DURATION>|--aggregation-uri <URI>|--meta <KEY=VALUE>|--add-view <VIEW>|--proof <PROOF>|--verification-method <URI>|--bit-order <ORDER>|--suspending <STATUS>|--message <STATUS=TEXT>|--blind <VIEW=STATUS>|--moved|--anywhere|--uri <[VIEW=]TEMPLATE>|--size <ENTRIES>|--open <N>|--spare <N>|--bits <N>|--bound-to <TYPE>> <FILE>

For more information, try '--help'.
--- exit 2

"#]]);
    place.refuses(
        "configure list.slist --ttl 8d",
        str![[r#"
--- stderr
error: a ttl of 8d is longer than the validity of 7d
because: readers would keep a copy that has expired
hint: a shorter --ttl or a longer --valid-for
--- exit 1

"#]],
    );
    place.refuses(
        "configure list.slist --valid-for 59m",
        str![[r#"
--- stderr
error: a ttl of 1h is longer than the validity of 59m
because: readers would keep a copy that has expired
hint: a shorter --ttl or a longer --valid-for
--- exit 1

"#]],
    );
    place.refuses(
        "configure list.slist --add-view jwt",
        str![[r#"
--- stderr
error: the series has the view jwt already
--- exit 1

"#]],
    );
    place.refuses(
        "configure list.slist --uri cwt=https://example.com/{n}.cwt",
        str![[r#"
--- stderr
error: a uri for view cwt, which is not asked for
hint: --as cwt
--- exit 1

"#]],
    );
    place.refuses("configure list.slist --ttl 0", str![[r#"
--- stderr
error: invalid value '0' for '--ttl <DURATION>': '0' is not a whole number of seconds from 1 second to 100 years

For more information, try '--help'.
--- exit 2

"#]]);
}

#[test]
fn an_aggregation_uri_comes_and_goes() {
    let place = Place::with_list();
    let uri = "https://example.com/all";
    let set: shapes::Configured =
        place.decode(&format!("configure list.slist --aggregation-uri {uri}"));
    assert_eq!(set.aggregation_uri.as_deref(), Some(uri));
    let gone: shapes::Configured = place.decode("configure list.slist --aggregation-uri none");
    assert_eq!(gone.aggregation_uri, None);
}

#[test]
fn an_operation_id_gives_the_first_results_again() {
    let place = Place::with_list();
    let mut first: shapes::Configured = place.decode("configure list.slist --ttl 5m --op-id one");
    first.repeated = true;
    place.done("configure list.slist --ttl 10m");
    let file = place.read("list.slist");
    assert_eq!((first.ttl, first.changed, first.revision), (300, true, 2));
    assert_eq!(
        first,
        place.decode("configure list.slist --ttl 5m --op-id one")
    );
    assert!(file == place.read("list.slist"));
    place.refuses(
        "configure list.slist --ttl 6m --op-id one",
        str![[r#"
--- stderr
error: operation id 'one' belongs to another request, revision 2
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

#[test]
fn a_ttl_without_time_for_renewal_is_warned_of_by_who_sets_it() {
    let place = Place::with_list();
    place.shows("configure list.slist --valid-for 1h", str![[r#"
--- stderr
warning: with a ttl of 1h and tokens that are valid for 1h, readers may hold a copy until the very moment it expires: there is no time for renewal, and who cannot fetch the next one at that moment has no list; a ttl of at most 30m leaves time
configured, revision 2; to make it visible: statuslist publish 'list.slist'

"#]]);
    let other = place.line("configure list.slist --meta a=b");
    assert!(!other.stderr.contains("ttl of"), "{}", other.stderr);
}

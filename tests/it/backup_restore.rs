//! `backup` and `restore`: a copy that cannot hand out an index twice.

use snapbox::str;

use crate::harness::Place;
use crate::shapes;

#[test]
fn the_base_url_of_the_settings_file_says_where_the_site_has_its_lists() {
    let place = Place::with_list();
    place.write(
        "statuslist.toml",
        "[publish]\nto = 'site'\nbase-url = 'https://example.com/statuslists'\n",
    );
    place.done("publish list.slist --key key.pem");
    assert!(place.path("site/0.jwt").exists());
    place.done("backup list.slist copy.slist");
    place.write("site/1.jwt", "somebody else's");
    let restored: shapes::Restored = place.decode("restore copy.slist");
    assert_eq!(restored.list_id, "2");
}

#[test]
fn a_uri_without_a_number_that_the_site_uses_is_refused() {
    let place = Place::with_list();
    place.done("publish list.slist --to site --key key.pem");
    place.done("backup list.slist copy.slist");
    place.write("site/other.jwt", "somebody else's");
    place.refuses(
        "restore copy.slist --uri https://example.com/other.jwt",
        str![[r#"
--- stderr
error: the site has 'other.jwt' already
because: the uri https://example.com/other.jwt has no {n}
hint: another --uri, best one with {n}
--- exit 1

"#]],
    );
}

#[test]
fn an_operation_id_gives_the_first_results_again() {
    let place = Place::with_list();
    place.done("backup list.slist copy.slist");
    let restore = "restore copy.slist --no-site --op-id again";
    let first: shapes::Restored = place.decode(restore);
    let file = place.read("copy.slist");
    assert_eq!(first, place.decode(restore));
    assert!(file == place.read("copy.slist"));
    place.refuses(
        "restore copy.slist --no-site --uri https://example.com/x/{n}.jwt --op-id again",
        str![[r#"
--- stderr
error: operation id 'again' belongs to another request, revision 2
hint: use another --op-id for another request
--- exit 1

"#]],
    );
}

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
    let mut first: shapes::Restored = place.decode(restore);
    first.repeated = true;
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

/// A place with a list whose entries 0/826 and 0/785 are handed out, and a restored copy of it.
fn restored() -> Place {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a --token-id b");
    place.done("backup list.slist copy.slist");
    place.done("restore copy.slist --no-site");
    place
}

#[test]
fn a_backup_is_only_looked_at() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.shows("backup list.slist copy.slist", str![[r#"
--- stderr
backed up 'list.slist' to 'copy.slist'; to use it in place of the original: statuslist restore 'copy.slist'

"#]]);
    assert_eq!(place.mode("copy.slist"), 0o600);
    place.refuses(
        "allocate copy.slist",
        str![[r#"
--- stderr
error: 'copy.slist' is a backup, which cannot be changed
because: its original may have handed out the same indexes since
hint: to use it in place of the original: statuslist restore 'copy.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "set copy.slist id:a revoked",
        str![[r#"
--- stderr
error: 'copy.slist' is a backup, which cannot be changed
because: its original may have handed out the same indexes since
hint: to use it in place of the original: statuslist restore 'copy.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "configure copy.slist --ttl 5m",
        str![[r#"
--- stderr
error: 'copy.slist' is a backup, which cannot be changed
because: its original may have handed out the same indexes since
hint: to use it in place of the original: statuslist restore 'copy.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "backup list.slist copy.slist",
        str![[r#"
--- stderr
error: 'copy.slist' exists
because: a list file or a backup is never overwritten
hint: choose another name
--- exit 1

"#]],
    );
    place.refuses(
        "restore list.slist --no-site",
        str![[r#"
--- stderr
error: the file is not a backup: it was not written by the backup command, or is restored
hint: restore is for files that `statuslist backup` wrote; if it is a plain copy, to be used in place of the original: statuslist restore 'list.slist' --copy
--- exit 1

"#]],
    );
    place.shows(
        "get copy.slist id:a",
        str![[r#"
entry:      0/826
status:     valid (0)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z

"#]],
    );
    place.shows(
        "inspect copy.slist",
        str![[r#"
list file:  revision 2 of 2026-01-01T00:00:00Z
backup:     written at 2026-01-01T00:00:00Z; restore it before it can be changed
intact:     2 revisions, 0 changes, 1 allocation
issuer:     https://example.com
default:    valid (0)
final:      invalid (1)
ttl:        1h
valid for:  7d
view:       jwt at https://example.com/statuslists/{n}.jwt
list 0:     open, 1 of 1000 entries allocated (0.1 %), 2 bits
  jwt       https://example.com/statuslists/0.jwt
  valid (0)                1
revision:   2 at 2026-01-01T00:00:00Z: allocate by tester, 0 statuses
revision:   1 at 2026-01-01T00:00:00Z: init by tester, 0 statuses

"#]],
    );
}

#[test]
fn no_index_is_given_again() {
    let place = Place::with_list();
    place.done("backup list.slist copy.slist");
    let many: shapes::Many = place.decode("allocate list.slist --count 100");
    place.shows("restore copy.slist --no-site", str![[r#"
new list:  1
uri:       https://example.com/statuslists/1.jwt
closed:    0
--- stderr
'copy.slist' is in use again, revision 2: new entries come from list 1, which is to be published first: statuslist publish 'copy.slist'; statuses set in the original after the backup are not in it

"#]]);
    let after: shapes::Many = place.decode("allocate copy.slist --count 1000");
    assert_eq!(
        many.uri.as_deref(),
        Some("https://example.com/statuslists/0.jwt")
    );
    assert!(after.allocations.iter().all(|one| one.list_id == "1"));
    assert_eq!(
        after.uri.as_deref(),
        Some("https://example.com/statuslists/1.jwt")
    );
    place.refuses(
        "allocate copy.slist --list 0",
        str![[r#"
--- stderr
error: list 0 is closed to allocation
because: it was closed when the file was restored from a backup
hint: leave out --list: another list is open
--- exit 1

"#]],
    );
    place.refuses(
        "allocate copy.slist",
        str![[r#"
--- stderr
error: list 1 is at capacity
because: 1 wanted, 0 left: 1000 of 1000 entries are taken
hint: go on with another list: statuslist roll 'copy.slist'
--- exit 1

"#]],
    );
    place.refuses(
        "restore copy.slist --no-site",
        str![[r#"
--- stderr
error: the file is not a backup: it was not written by the backup command, or is restored
hint: restore is for files that `statuslist backup` wrote; if it is a plain copy, to be used in place of the original: statuslist restore 'copy.slist' --copy
--- exit 1

"#]],
    );
}

#[test]
fn a_new_number_skips_what_the_site_uses() {
    let place = Place::with_list();
    place.done("publish list.slist --to site --key key.pem");
    place.done("backup list.slist copy.slist");
    place.write("site/statuslists/1.jwt", "x");
    place.refuses(
        "restore copy.slist --to missing",
        str![[r#"
--- stderr
error: cannot open folder 'missing'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
    let restored: shapes::Restored = place.decode("restore copy.slist");
    assert_eq!(
        (restored.list_id.as_str(), restored.closed),
        ("2", vec!["0".to_owned()])
    );
    place.shows(
        "publish copy.slist --to site --key key.pem",
        str![[r#"
unchanged  statuslists/0.jwt
written    statuslists/2.jwt (434 bytes, expires 2026-01-08T00:00:00Z): it was not there
unchanged  jwks.json (216 bytes)
--- stderr
warning: statuslists/2.jwt has expired by the real clock: readers refuse it
1 file written, 1 unchanged

"#]],
    );
}

#[test]
fn a_restore_needs_to_know_the_site() {
    let place = Place::with_list();
    place.done("backup list.slist copy.slist");
    place.refuses(
        "restore copy.slist",
        str![[r#"
--- stderr
error: no site was named
because: the original may have published lists that the backup does not know
hint: --to FOLDER, or --no-site if there is none
--- exit 1

"#]],
    );
    place.shows("restore copy.slist --no-site -n", str![[r#"
new list:  1
uri:       https://example.com/statuslists/1.jwt
closed:    0
--- stderr
dry run: nothing was changed; without -n:
'copy.slist' is in use again, revision 2: new entries come from list 1, which is to be published first: statuslist publish 'copy.slist'; statuses set in the original after the backup are not in it

"#]]);
    place.refuses(
        "allocate copy.slist",
        str![[r#"
--- stderr
error: 'copy.slist' is a backup, which cannot be changed
because: its original may have handed out the same indexes since
hint: to use it in place of the original: statuslist restore 'copy.slist'
--- exit 1

"#]],
    );
    place.done("init one.slist --uri https://example.com/one.jwt");
    place.done("backup one.slist two.slist");
    place.refuses(
        "restore two.slist --no-site",
        str![[r#"
--- stderr
error: the series cannot have another list
because: its uri https://example.com/one.jwt has no {n}
hint: --uri 'https://example.com/statuslists/{n}.jwt'
--- exit 1

"#]],
    );
    place.done("restore two.slist --no-site --uri https://example.com/two/{n}.jwt");
}

#[test]
fn yesterdays_script_is_refused_once_a_second_list_is_in_use() {
    let place = restored();
    place.done("set copy.slist 826 suspended");
    let one: shapes::One = place.decode("allocate copy.slist --token-id c");
    assert_eq!(one.list_id, "1");
    place.refuses(
        "set copy.slist 826 valid",
        str![[r#"
--- stderr
error: index 826 could mean an entry of more than one list
because: the series has handed out entries of several lists
hint: write 0/826 or 1/826 or URI#826
--- exit 1

"#]],
    );
    place.refuses(
        "get copy.slist 826",
        str![[r#"
--- stderr
error: index 826 could mean an entry of more than one list
because: the series has handed out entries of several lists
hint: write 0/826 or 1/826 or URI#826
--- exit 1

"#]],
    );
    place.done("set copy.slist 826 valid --list 0");
    place.done("set copy.slist 0/826 suspended");
    place.done("set copy.slist https://example.com/statuslists/0.jwt#826 valid");
    place.done("set copy.slist id:a revoked");
    let idx = one.idx;
    place.done(&format!("set copy.slist 1/{idx} revoked"));
    place.refuses(
        "sign copy.slist --key key.pem",
        str![[r#"
--- stderr
error: the series has 2 lists, and no --list says which one
hint: --list N
--- exit 1

"#]],
    );
    place.done("sign copy.slist --key key.pem --list 1");
    let file: shapes::ListFile = place.decode("inspect copy.slist");
    let states: Vec<_> = file.lists.iter().map(|list| list.state.as_str()).collect();
    assert_eq!(states, ["closed", "open"]);
}

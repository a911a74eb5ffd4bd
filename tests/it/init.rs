//! `init`: a list file, what it says of itself, and every setting that makes no sense.

use snapbox::str;

use crate::harness::{NOW, Place, SEED};
use crate::shapes;

const URI: &str = "--uri https://example.com/statuslists/{n}.jwt";

#[test]
fn what_is_made_and_with_which_defaults() {
    let place = Place::new();
    place.shows(
        &format!("init list.slist {URI}"),
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    131072 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'list.slist' --bits 2

"#]],
    );
    assert_eq!(place.mode("list.slist"), 0o600);
    let names: Vec<_> = place.files().into_keys().collect();
    assert_eq!(names, [place.path("list.slist")]);
}

#[test]
fn the_same_for_programs() {
    let place = Place::new();
    let made: shapes::Made = place.decode(&format!(
        "init list.slist {URI} --bits 2 --size 2^20 --ttl 10m --valid-for 1d --final none \
         --issuer https://issuer.example --meta purpose=employee_credentials --meta a=b"
    ));
    assert_eq!(
        made,
        shapes::Made {
            schema: 1,
            list_id: "0".to_owned(),
            uri: "https://example.com/statuslists/0.jwt".to_owned(),
            profile: None,
            bits: 2,
            size: 1 << 20,
            open: 1,
            spare: 0,
            allocated: 0,
            default_status: 0,
            final_statuses: vec![],
            issuer: "https://issuer.example".to_owned(),
            ttl: 600,
            valid_for: 86_400,
            created_at: NOW.to_owned(),
            metadata: [("a", "b"), ("purpose", "employee_credentials")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            revision: 1,
            repeated: false,
        }
    );
}

#[test]
fn quiet_drops_notes_and_keeps_results_and_warnings() {
    let place = Place::new();
    place.shows(
        "init list.slist --uri https://example.com/list.jwt --size 3 -q",
        str![[r#"
list:       0
uri:        https://example.com/list.jwt
entries:    3 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
warning: the uri has no {n}: the series has this one list, and cannot go on when it is full

"#]],
    );
}

#[test]
fn a_dry_run_makes_nothing() {
    let place = Place::new();
    place.shows(
        &format!("init list.slist {URI} -n"),
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    131072 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
dry run: nothing was changed; without -n:
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'list.slist' --bits 2

"#]],
    );
    assert!(place.files().is_empty());
}

#[test]
fn large_lists_are_made_with_a_warning() {
    let place = Place::new();
    place.shows(
        &format!("init list.slist {URI} --size 2^32 --bits 8"),
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    4294967296 of 8 bits
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
warning: a list of 4294967296 entries: common readers refuse more than 67108864
warning: a list of 4294967296 bytes: `inspect` needs --max-inflated 4294967296 to read it
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI

"#]],
    );
}

#[test]
fn an_operation_id_gives_the_first_results_again() {
    let place = Place::new();
    let init = "init list.slist --uri https://example.com/{n}.jwt --op-id once";
    let mut first: shapes::Made = place.decode(init);
    first.repeated = true;
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

#[test]
fn a_file_that_exists_is_never_overwritten() {
    let place = Place::with_list();
    place.refuses(
        &format!("init list.slist {URI}"),
        str![[r#"
--- stderr
error: 'list.slist' exists
because: a list file or a backup is never overwritten
hint: choose another name
--- exit 1

"#]],
    );
    place.refuses(
        &format!("init key.pem {URI}"),
        str![[r#"
--- stderr
error: 'key.pem' exists
because: a list file or a backup is never overwritten
hint: choose another name
--- exit 1

"#]],
    );
    std::os::unix::fs::symlink("nowhere", place.path("link.slist")).unwrap();
    place.refuses(
        &format!("init link.slist {URI}"),
        str![[r#"
--- stderr
error: 'link.slist' exists
because: a list file or a backup is never overwritten
hint: choose another name
--- exit 1

"#]],
    );
}

#[test]
fn a_folder_that_is_not_there_is_an_error_of_the_disk() {
    let place = Place::new();
    place.refuses(
        &format!("init missing/list.slist {URI}"),
        str![[r#"
--- stderr
error: cannot open folder 'missing'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
}

#[test]
fn without_a_uri_there_is_no_list() {
    let place = Place::new();
    place.refuses(
        "init list.slist",
        str![[r#"
--- stderr
error: no uri was given
because: credentials name the uri of their list, so it can never change
hint: --uri 'https://example.com/statuslists/{n}.jwt'
--- exit 1

"#]],
    );
    place.refuses(
        "init list.slist --base-url https://example.com",
        str![[r#"
--- stderr
error: no uri was given
because: credentials name the uri of their list, so it can never change
hint: --uri 'https://example.com/statuslists/{n}.jwt'
--- exit 1

"#]],
    );
    let made: shapes::Made =
        place.decode("init list.slist --base-url https://example.com/ --path-template /l/{n}.jwt");
    assert_eq!(made.uri, "https://example.com/l/0.jwt");
}

#[test]
fn templates_that_no_site_can_hold() {
    let place = Place::new();
    place.refuses(
        "init x --uri https://example.com/../{n}.jwt",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/../{n}.jwt'
because: uri 'https://example.com/../{n}.jwt' has the path segment '.' or '..'
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses(
        "init x --uri https://example.com/a/%2e%2e/{n}.jwt",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/a/%2e%2e/{n}.jwt'
because: uri 'https://example.com/a/%2e%2e/{n}.jwt' has the path segment '.' or '..'
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses(
        "init x --uri https://example.com/a//{n}.jwt",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/a//{n}.jwt'
because: uri 'https://example.com/a//{n}.jwt' has an empty path segment
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses("init x --uri https://example.com/a%2F{n}.jwt", str![[r#"
--- stderr
error: cannot publish at 'https://example.com/a%2F{n}.jwt'
because: uri 'https://example.com/a%2F{n}.jwt' has the encoded character %2F, which hosts take differently
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]]);
    place.refuses(
        "init x --uri https://example.com/{n}.jwt?x=1",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/{n}.jwt?x=1'
because: uri 'https://example.com/{n}.jwt?x=1' has a query, which a static file cannot have
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses(
        "init x --uri https://example.com/{n}.jwt#x",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/{n}.jwt#x'
because: uri 'https://example.com/{n}.jwt#x' has a fragment, which never reaches a host
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses(
        "init x --uri https://example.com/{n}/",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/{n}/'
because: uri 'https://example.com/{n}/' ends with '/' and so names a folder
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses(
        "init x --uri https://example.com/",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/'
because: uri 'https://example.com/' has no path and so names no file
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses(
        "init x --uri https://example.com/jwks.json",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/jwks.json'
because: path 'jwks.json' is kept for this tool's own files
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses(
        "init x --uri https://example.com/.well-known/{n}",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/.well-known/{n}'
because: path '.well-known/0' is kept for this tool's own files
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses(
        "init x --uri https://example.com/statuslist-manifest.json",
        str![[r#"
--- stderr
error: cannot publish at 'https://example.com/statuslist-manifest.json'
because: path 'statuslist-manifest.json' is kept for this tool's own files
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses("init x --uri https://example.com/{m}.jwt", str![[r#"
--- stderr
error: cannot publish at 'https://example.com/{m}.jwt'
because: uri 'https://example.com/{m}.jwt' has the placeholder {m}; there are {n}, {purpose} and {view}
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]]);
    place.refuses(
        "init x --uri /statuslists/{n}.jwt",
        str![[r#"
--- stderr
error: cannot publish at '/statuslists/{n}.jwt'
because: uri '/statuslists/{n}.jwt' does not begin with https:// or http://
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
    place.refuses(
        "init x --uri ftp://example.com/{n}.jwt",
        str![[r#"
--- stderr
error: cannot publish at 'ftp://example.com/{n}.jwt'
because: uri 'ftp://example.com/{n}.jwt' does not begin with https:// or http://
hint: a uri such as https://example.com/statuslists/{n}.jwt
--- exit 1

"#]],
    );
}

#[test]
fn settings_that_make_no_sense_together() {
    let place = Place::new();
    place.refuses(
        &format!("init x {URI} --ttl 8d"),
        str![[r#"
--- stderr
error: a ttl of 8d is longer than the validity of 7d
because: readers would keep a copy that has expired
hint: a shorter --ttl or a longer --valid-for
--- exit 1

"#]],
    );
    for line in [
        "--default-status invalid",
        "--default-status suspended --bits 2 --final invalid,suspended",
    ] {
        let run = place.line(&format!("init x {URI} {line}"));
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{line}");
        assert!(run.stderr.contains("is final\n"), "{}", run.stderr);
        assert!(!place.path("x").exists(), "{line}");
    }
    place.refuses(
        &format!("init x {URI} --default-status invalid"),
        str![[r#"
--- stderr
error: the default status invalid (1) is final
because: the credential could never become anything else
hint: another --default-status, or without it: --final none
--- exit 1

"#]],
    );
    place.refuses(
        &format!("init x {URI} --default-status 2"),
        str![[r#"
--- stderr
error: status 2 does not fit 1 bit: the largest is 1
hint: with more bits it fits: statuslist configure FILE --bits 2, or init with --bits 2
--- exit 1

"#]],
    );
    place.refuses(
        &format!("init x {URI} --final suspended"),
        str![[r#"
--- stderr
error: status 2 does not fit 1 bit: the largest is 1
hint: with more bits it fits: statuslist configure FILE --bits 2, or init with --bits 2
--- exit 1

"#]],
    );
    place.refuses(
        &format!("init x {URI} --final revokd"),
        str![[r#"
--- stderr
error: 'revokd' is not a status; did you mean 'revoked'?
--- exit 1

"#]],
    );
}

#[test]
fn values_that_are_no_values() {
    let place = Place::new();
    place.refuses(
        &format!("init x {URI} --bits 3"),
        str![[r#"
--- stderr
error: invalid value '3' for '--bits <N>': 3 bits per entry: a list has 1, 2, 4 or 8

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(
        &format!("init x {URI} --size 0"),
        str![[r#"
--- stderr
error: invalid value '0' for '--size <ENTRIES>': '0' is not a number of entries from 1 to 2^32

For more information, try '--help'.
--- exit 2

"#]],
    );
    place.refuses(&format!("init x {URI} --size 4294967297"), str![[r#"
--- stderr
error: invalid value '4294967297' for '--size <ENTRIES>': '4294967297' is not a number of entries from 1 to 2^32

For more information, try '--help'.
--- exit 2

"#]]);
    place.refuses(&format!("init x {URI} --ttl 1y"), str![[r#"
--- stderr
error: invalid value '1y' for '--ttl <DURATION>': '1y' counts in months or years, which differ in length

For more information, try '--help'.
--- exit 2

"#]]);
    place.refuses(
        &format!("init x {URI} --meta nokey"),
        str![[r#"
--- stderr
error: invalid value 'nokey' for '--meta <KEY=VALUE>': KEY=VALUE is needed

For more information, try '--help'.
--- exit 2

"#]],
    );
}

#[test]
fn a_seed_that_is_none() {
    let place = Place::new();
    place.write("short", "00ff");
    place.refuses(
        &format!("init x {URI} --seed-file short"),
        str![[r#"
--- stderr
error: cannot use the seed in 'short'
because: 32 bytes or 64 hexadecimal digits are needed
hint: head -c 32 /dev/urandom > FILE
--- exit 4

"#]],
    );
    place.refuses(
        &format!("init x {URI} --seed-file missing"),
        str![[r#"
--- stderr
error: cannot open 'missing'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
    place.refuses(
        &format!("init x {URI} --seed-file env:NOWHERE"),
        str![[r#"
--- stderr
error: the environment variable NOWHERE is not set
--- exit 4

"#]],
    );
}

#[test]
fn a_seed_as_digits_as_bytes_and_from_elsewhere_is_one_seed() {
    let place = Place::new();
    place.write("digits", format!("{SEED}\n"));
    let bytes: Vec<u8> = (0..32).collect();
    place.write("bytes", &bytes);
    let init = format!("{URI} --bits 2 --size 1000 --seed-file");
    place.done(&format!("init a {init} digits"));
    place.done(&format!("init b {init} bytes"));
    let run = place
        .command()
        .args([
            "init",
            "c",
            "--uri",
            "https://example.com/{n}.jwt",
            "--bits",
            "2",
        ])
        .args(["--size", "1000", "--seed-file", "env:MASTER"])
        .env("MASTER", SEED)
        .output()
        .unwrap();
    assert!(run.status.success());
    for file in ["a", "b", "c"] {
        let one: shapes::One = place.decode(&format!("allocate {file}"));
        assert_eq!(one.idx, 826);
    }
}

#[test]
fn random_seeds_differ() {
    let place = Place::new();
    for file in ["a", "b"] {
        place.done(&format!("init {file} {URI} --size 2^32"));
    }
    let index = |file| place.decode::<shapes::One>(&format!("allocate {file}")).idx;
    assert_ne!(index("a"), index("b"));
}

#[test]
fn the_help_shows_the_placeholder() {
    let place = Place::new();
    let help = place.done("init --help");
    assert!(help.contains("with {n} for the list's number"), "{help}");
    assert!(place.done("restore --help").contains("without {n}"));
}

/// As EUDIPLO issues: `exp` is `iat` and `ttl`.
#[test]
fn a_ttl_without_time_for_renewal_is_allowed_and_warned_of() {
    let place = Place::new();
    for (name, ttl) in [("whole", "1h"), ("more-than-half", "31m")] {
        let made: shapes::Made =
            place.decode(&format!("init {name} {URI} --ttl {ttl} --valid-for 1h"));
        assert_eq!(made.valid_for, 3600);
    }
    place.shows(
        &format!("init x {URI} --ttl 1h --valid-for 1h"),
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    131072 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  1h
--- stderr
warning: with a ttl of 1h and tokens that are valid for 1h, readers may hold a copy until the very moment it expires: there is no time for renewal, and who cannot fetch the next one at that moment has no list; a ttl of at most 30m leaves time
made 'x'; it holds secrets: keep it private, and back it up: statuslist backup 'x' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'x' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'x' --bits 2

"#]],
    );
    let in_time = place.line(&format!("init y {URI} --ttl 30m --valid-for 1h"));
    assert!(!in_time.stderr.contains("ttl of"), "{}", in_time.stderr);
}

#[test]
fn the_way_out_of_a_final_default() {
    let place = Place::new();
    place.done(&format!(
        "init x {URI} --default-status invalid --final none"
    ));
    let one: shapes::One = place.decode("allocate x");
    assert_eq!(one.status, 1);
    place.done(&format!("set x 0/{} valid --if invalid", one.idx));
}

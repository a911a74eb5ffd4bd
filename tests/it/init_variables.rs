//! `init` takes what the variables of the systems say that it replaces, where nobody says otherwise.

use snapbox::str;

use crate::harness::{Place, Run};
use crate::shapes;

fn init(place: &Place, options: &str, variables: &[(&str, &str)]) -> Run {
    let output = place
        .command()
        .args(["init", "list.slist"])
        .args(options.split_whitespace())
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    output.into()
}

#[track_caller]
fn shows(options: &str, variables: &[(&str, &str)], expected: impl snapbox::IntoData) {
    let place = Place::new();
    init(&place, options, variables).shows(&place, expected);
}

const URI: &str = "--uri https://example.com/lists/{n}.jwt";

const ACAPY: [(&str, &str); 5] = [
    ("STATUS_LIST_SIZE", "131072"),
    ("STATUS_LIST_SHARD_SIZE", "1024"),
    ("STATUS_LIST_BASE_URL", "https://lists.example.com"),
    ("STATUS_LIST_BASE_DIR", "/srv/lists"),
    (
        "STATUS_LIST_PATH_TEMPLATE",
        "/{status_type}/status/{status_list_number}",
    ),
];

const EUDIPLO: [(&str, &str); 5] = [
    ("STATUS_CAPACITY", "100000"),
    ("STATUS_BITS", "2"),
    ("STATUS_TTL", "3600"),
    ("STATUS_IMMEDIATE_UPDATE", "false"),
    ("STATUS_ENABLE_AGGREGATION", "true"),
];

#[test]
fn those_of_the_aca_py_plugin() {
    shows(
        "",
        &ACAPY,
        str![[r#"
list:       0
uri:        https://lists.example.com/jwt/status/0
entries:    131072 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://lists.example.com
ttl:        1h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://lists.example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'list.slist' --bits 2
took STATUS_LIST_SIZE: --size 131072
took STATUS_LIST_BASE_URL: --base-url https://lists.example.com
took STATUS_LIST_PATH_TEMPLATE: --path-template /{purpose}/status/{n}
STATUS_LIST_SHARD_SIZE has no effect
STATUS_LIST_BASE_DIR: it is about publishing: in statuslist.toml, under [publish]: to = "/srv/lists"

"#]],
    );
}

#[test]
fn those_of_eudiplo() {
    shows(
        URI,
        &EUDIPLO,
        str![[r#"
list:       0
uri:        https://example.com/lists/0.jwt
entries:    100000 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI
took STATUS_CAPACITY: --size 100000
took STATUS_BITS: --bits 2
took STATUS_TTL: --ttl 3600
took STATUS_ENABLE_AGGREGATION: an aggregation is published beside the lists
the aggregation is published at https://example.com/lists/aggregation.json
STATUS_IMMEDIATE_UPDATE: it is about publishing: put this into statuslist.toml
[regeneration]
strategy = "periodic"
periodic-interval = 302400

"#]],
    );
}

#[test]
fn what_is_said_otherwise_is_not_taken_and_not_noted() {
    let variables = [ACAPY.as_slice(), EUDIPLO.as_slice()].concat();
    shows(
        &format!(
            "{URI} --size 10 --bits 1 --ttl 5m --aggregation-uri https://example.com/all.json"
        ),
        &variables,
        str![[r#"
list:       0
uri:        https://example.com/lists/0.jwt
entries:    10 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        5m
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'list.slist' --bits 2
STATUS_LIST_SHARD_SIZE has no effect
STATUS_LIST_BASE_DIR: it is about publishing: in statuslist.toml, under [publish]: to = "/srv/lists"
STATUS_IMMEDIATE_UPDATE: it is about publishing: put this into statuslist.toml
[regeneration]
strategy = "periodic"
periodic-interval = 302400

"#]],
    );
    let place = Place::new();
    let run = init(
        &place,
        URI,
        &[
            ("STATUSLIST_SIZE", "10"),
            ("STATUS_LIST_SIZE", "20"),
            ("STATUSLIST_BASE_DIR", "site"),
            ("STATUS_LIST_BASE_DIR", "/srv"),
            ("STATUS_BITS", ""),
        ],
    );
    assert_eq!(run.code, 0);
    assert!(!run.stderr.contains("STATUS_"), "{}", run.stderr);
}

#[test]
fn the_settings_file_goes_before_the_variables() {
    let place = Place::new();
    place.write("s.toml", "[list]\nsize = 10\n");
    place.write(
        "statuslist.toml",
        "[status-list-token]\nttl = 60\n[publish]\nto = 'site'\n",
    );
    let run = init(
        &place,
        &format!("{URI} --from s.toml"),
        &[
            ("STATUS_LIST_SIZE", "20"),
            ("STATUS_TTL", "70"),
            ("STATUS_LIST_BASE_DIR", "/srv"),
            ("STATUS_BITS", "2"),
        ],
    );
    run.shows(&place, str![[r#"
list:       0
uri:        https://example.com/lists/0.jwt
entries:    10 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1m
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI
took STATUS_BITS: --bits 2

"#]]);
    let file: shapes::ListFile = place.decode("inspect list.slist");
    let settings = file.settings;
    assert_eq!((settings.size, settings.ttl, settings.bits), (10, 60, 2));
}

#[test]
fn a_list_file_that_is_there_does_not_follow_them() {
    let place = Place::with_list();
    place.write("s.toml", "[list]\nbits = 2\n");
    let run = init(
        &place,
        "--from s.toml -q",
        &[("STATUS_LIST_SIZE", "20"), ("STATUS_TTL", "70")],
    );
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let file: shapes::ListFile = place.decode("inspect list.slist");
    assert_eq!((file.revision, file.settings.ttl), (1, 3600));
}

#[test]
fn a_part_of_a_uri_may_come_from_either() {
    let place = Place::new();
    let run = init(
        &place,
        "--path-template {n}.jwt",
        &[
            ("STATUS_LIST_BASE_URL", "https://lists.example.com/a/"),
            ("STATUS_LIST_PATH_TEMPLATE", "/{tenant_id}"),
        ],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("https://lists.example.com/a/0.jwt"));
    assert!(!run.stderr.contains("PATH_TEMPLATE"));
    shows(
        "",
        &[("STATUS_LIST_BASE_URL", "https://lists.example.com")],
        str![[r#"
--- stderr
error: no uri was given
because: credentials name the uri of their list, so it can never change
hint: --uri 'https://example.com/statuslists/{n}.jwt'
--- exit 1

"#]],
    );
}

#[test]
fn what_cannot_be_taken_is_refused_by_name() {
    let with_path = |path| [("STATUS_LIST_BASE_URL", "https://example.com"), path];
    let path = |template| with_path(("STATUS_LIST_PATH_TEMPLATE", template));
    shows(
        "",
        &path("/tenants/{tenant_id}/{list_number}"),
        str![[r#"
--- stderr
error: cannot take STATUS_LIST_PATH_TEMPLATE
because: '{tenant_id}' stands for nothing here
hint: a tenant has list files of its own: --uri TEMPLATE, with its name in it
--- exit 1

"#]],
    );
    shows(
        "",
        &path("/{list_number:05d}"),
        str![[r#"
--- stderr
error: cannot take STATUS_LIST_PATH_TEMPLATE
because: nothing is known that '{list_number:05d}' stands for
hint: --uri TEMPLATE, with {n} for the number of the list
--- exit 1

"#]],
    );
    shows(
        "",
        &path("/{list_number"),
        str![[r#"
--- stderr
error: cannot take STATUS_LIST_PATH_TEMPLATE
because: its braces do not match
hint: --uri TEMPLATE, with {n} for the number of the list
--- exit 1

"#]],
    );
    shows(
        URI,
        &[("STATUS_BITS", "3")],
        str![[r#"
--- stderr
error: cannot take STATUS_BITS
because: 3 bits per entry: a list has 1, 2, 4 or 8
hint: --bits, or unset it
--- exit 1

"#]],
    );
    shows(
        URI,
        &[("STATUS_TTL", "soon")],
        str![[r#"
--- stderr
error: cannot take STATUS_TTL
because: 'soon' is not a length of time
hint: --ttl, or unset it
--- exit 1

"#]],
    );
    shows(
        URI,
        &[("STATUS_LIST_SIZE", "0")],
        str![[r#"
--- stderr
error: cannot take STATUS_LIST_SIZE
because: '0' is not a number of entries from 1 to 2^32
hint: --size, or unset it
--- exit 1

"#]],
    );
    shows(
        URI,
        &[("STATUS_ENABLE_AGGREGATION", "1")],
        str![[r#"
--- stderr
error: cannot take STATUS_ENABLE_AGGREGATION
because: '1' is neither true nor false
hint: unset it
--- exit 1

"#]],
    );
    shows(
        URI,
        &[("STATUS_LIST_SIZE", "10"), ("STATUS_CAPACITY", "20")],
        str![[r#"
--- stderr
error: STATUS_LIST_SIZE and STATUS_CAPACITY name two sizes
because: 10 and 20
hint: --size, or unset one of them
--- exit 1

"#]],
    );
}

#[test]
fn a_variable_that_does_not_go_with_the_rest_is_named() {
    shows(
        &format!("{URI} --as bitstring.suspension --issuer did:web:example.com"),
        &[("STATUS_BITS", "1")],
        str![[r#"
--- stderr
error: view bitstring.suspension needs entries of 2 bits: 1 bit cannot tell suspended from invalid
because: took STATUS_BITS: --bits 1
hint: --bits 2
--- exit 1

"#]],
    );
}

#[test]
fn every_placeholder_of_the_plugin_has_ours() {
    for (theirs, uri) in [
        ("{list_number}", "0"),
        ("{status_list_number}.jwt", "0.jwt"),
        ("{status_purpose}/{list_number}", "jwt/0"),
        ("{view}/{purpose}/{n}", "jwt/jwt/0"),
    ] {
        let place = Place::new();
        let run = init(
            &place,
            "-q",
            &[
                ("STATUS_LIST_BASE_URL", "https://example.com/s"),
                ("STATUS_LIST_PATH_TEMPLATE", theirs),
            ],
        );
        let line = format!("uri:        https://example.com/s/{uri}\n");
        assert!(run.stdout.contains(&line), "{theirs}: {}", run.stdout);
    }
}

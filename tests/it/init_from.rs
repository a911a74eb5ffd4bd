//! `init --from`: settings files in our own words, in those of the guide, of EUDIPLO and of ACA-Py.

use serde_json::{Value, json};
use snapbox::str;

use crate::harness::Place;

/// What `init list.slist` says of a settings file, with options.
#[track_caller]
fn shows(name: &str, text: &str, options: &str, expected: impl snapbox::IntoData) {
    let place = Place::new();
    place.write(name, text);
    place.shows(
        &format!("init list.slist --from {name} {options}"),
        expected,
    );
}

/// What is refused about a settings file: nothing is made.
#[track_caller]
fn refuses(name: &str, text: impl AsRef<[u8]>, expected: impl snapbox::IntoData) {
    let place = Place::new();
    place.write(name, text);
    place.refuses(
        &format!("init list.slist --uri https://example.com/{{n}}.jwt --from {name}"),
        expected,
    );
}

/// The settings of the list file that a settings file makes.
fn settings(name: &str, text: &str, options: &str) -> Value {
    let place = Place::new();
    place.write(name, text);
    place.done(&format!("init list.slist --from {name} {options}"));
    settings_of(&place)
}

fn settings_of(place: &Place) -> Value {
    place.json(&["inspect", "list.slist", "--json"])["settings"].clone()
}

const EVERYTHING: &str = r#"
[list]
uri = { jwt = "https://example.com/s/{n}.jwt", "bitstring.suspension" = "https://example.com/s/{n}-hold.json" }
as = ["jwt", "bitstring"]
purpose = ["revocation", "suspension"]
bits = 4
size = "10k"
default-status = 0
final = ["invalid", 3]
issuer = "did:web:example.com"
ttl = 600
valid-for = "1d"
aggregation-uri = "https://example.com/all.json"
proof = "jwt"
verification-method = "did:web:example.com#1"
suspending = 12
message = { invalid = "gone", 12 = "on hold" }
blind = { bitstring = [3, 13] }

[list.meta]
team = "cards"
"#;

#[test]
fn every_setting_has_the_name_of_its_option() {
    let of_toml = settings("list.toml", EVERYTHING, "");
    let of_options = {
        let place = Place::new();
        place.done(
            "init list.slist --uri jwt=https://example.com/s/{n}.jwt \
             --uri bitstring.suspension=https://example.com/s/{n}-hold.json --as jwt,bitstring \
             --purpose revocation,suspension --bits 4 --size 10k --default-status 0 \
             --final invalid,3 --issuer did:web:example.com --ttl 600 --valid-for 1d \
             --aggregation-uri https://example.com/all.json --proof jwt \
             --verification-method did:web:example.com#1 --suspending 12 --message invalid=gone \
             --message '12=on hold' --blind bitstring=3 --blind bitstring=13 --meta team=cards",
        );
        settings_of(&place)
    };
    assert_eq!(of_toml, of_options);
    let json = json!({
        "uri": {
            "jwt": "https://example.com/s/{n}.jwt",
            "bitstring.suspension": "https://example.com/s/{n}-hold.json",
        },
        "as": ["jwt", "bitstring"],
        "purpose": ["revocation", "suspension"],
        "bits": 4,
        "size": 10_000,
        "default-status": "valid",
        "final": ["invalid", 3],
        "issuer": "did:web:example.com",
        "ttl": "10m",
        "valid-for": 86_400,
        "aggregation-uri": "https://example.com/all.json",
        "proof": "jwt",
        "verification-method": "did:web:example.com#1",
        "suspending": ["12"],
        "message": ["invalid=gone", "12=on hold"],
        "blind": ["bitstring=3", "bitstring=13"],
        "meta": { "team": "cards" },
    });
    assert_eq!(settings("list.json", &json.to_string(), ""), of_options);
}

#[test]
fn an_option_goes_before_the_environment_and_that_before_the_settings_file() {
    let place = Place::new();
    place.write(
        "s.toml",
        "uri = 'https://example.com/{n}.jwt'\nttl = 60\nbits = 2\nmeta = { a = '1', b = '2' }",
    );
    let made = place
        .command()
        .args("init list.slist --from s.toml --ttl 3m --meta b=3".split(' '))
        .envs([("STATUSLIST_TTL", "2m"), ("STATUSLIST_BITS", "4")])
        .output()
        .unwrap();
    assert!(made.status.success());
    let made = settings_of(&place);
    assert_eq!((&made["ttl"], &made["bits"]), (&json!(180), &json!(4)));
    assert_eq!(made["meta"], json!({ "a": "1", "b": "3" }));
}

#[test]
fn a_settings_file_may_come_on_standard_input_and_needs_no_ending() {
    let place = Place::new();
    for (name, text) in [
        ("a", "uri = 'https://example.com/{n}.jwt'"),
        ("b", "[list]\nuri = 'https://example.com/{n}.jwt'"),
        ("c", r#" {"uri": "https://example.com/{n}.jwt"}"#),
        ("d", r#"{"list": {"uri": "https://example.com/{n}.jwt"}}"#),
    ] {
        let run = place.run_with_input(
            &["init", &format!("{name}.slist"), "--from", "-"],
            text.as_bytes(),
        );
        assert_eq!(run.code, 0, "{text}: {}", run.stderr);
        place.write(name, text);
        place.done(&format!("init {name}2.slist --from {name}"));
    }
    let run = place.run_with_input(&["init", "e.slist", "--from", "-"], b"a = 1");
    run.shows(&place, str![[r#"
--- stderr
error: cannot use the settings file standard input
because: standard input:1:1: unknown member 'a'
hint: did you mean 'as'? the names are uri, as, purpose, profile, base-url, path-template, bits, size, default-status, final, issuer, ttl, valid-for, aggregation-uri, meta, bound-to, open, spare, proof, verification-method, bit-order, suspending, message, blind, defaultStatus, metadata, defaultBits, defaultCapacity, credentialConfigurationId, enableAggregation, immediateUpdate, certId
--- exit 1

"#]]);
}

#[test]
fn one_file_may_hold_all_settings() {
    let place = Place::new();
    place.write(
        "statuslist.toml",
        "[list]\nuri = 'https://example.com/{n}.jwt'\n[publish]\nto = 'site'\n",
    );
    place.shows("init list.slist --from statuslist.toml", str![[r#"
list:       0
uri:        https://example.com/0.jwt
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

"#]]);
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    place.done("publish list.slist --key key.pem");
    assert!(place.path("site/0.jwt").exists());
    std::fs::rename(place.path("statuslist.toml"), place.path("other.toml")).unwrap();
    place.shows(
        "init other.slist --from other.toml -q",
        str![[r#"
list:       0
uri:        https://example.com/0.jwt
entries:    131072 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d

"#]],
    );
    place.shows("init third.slist --from other.toml", str![[r#"
list:       0
uri:        https://example.com/0.jwt
entries:    131072 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
made 'third.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'third.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'third.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'third.slist' --bits 2
only [list] of 'other.toml' was read: the rest is for --config 'other.toml'

"#]]);
    place.write("other.toml", "[publish]\nto = 'site'\n");
    place.refuses(
        "init fourth.slist --from other.toml",
        str![[r#"
--- stderr
error: cannot use the settings file 'other.toml'
because: it has no table [list]
--- exit 1

"#]],
    );
    place.write("other.toml", "[list]\n[publsh]\nto = 'site'\n");
    place.refuses(
        "init fourth.slist --from other.toml",
        str![[r#"
--- stderr
error: cannot use the settings file 'other.toml'
because: other.toml:2:2: unknown table 'publsh'
hint: did you mean 'publish'? the names are status-list-token, keys, publish, regeneration, webhook, hook, list
--- exit 1

"#]],
    );
}

#[test]
fn settings_of_a_list_that_are_not_asked_for_are_named() {
    let place = Place::new();
    place.write("statuslist.toml", "[list]\nttl = 60\n");
    place.shows("init list.slist --uri https://example.com/{n}.jwt", str![[r#"
list:       0
uri:        https://example.com/0.jwt
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
[list] in 'statuslist.toml' was not read: for that, --from 'statuslist.toml'

"#]]);
}

#[test]
fn the_body_of_the_guide() {
    shows(
        "create.json",
        r#"{"bits": 1, "size": 100000, "defaultStatus": 0, "ttl": 43200,
            "metadata": {"issuer": "https://issuer.example", "purpose": "employee_credentials"}}"#,
        "--uri https://example.com/{n}.jwt",
        str![[r#"
list:       0
uri:        https://example.com/0.jwt
entries:    100000 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        12h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'list.slist' --bits 2

"#]],
    );
    let made = settings(
        "create.json",
        r#"{"bits": 2, "size": 7, "metadata": {"a": "text", "b": {"c": [1, true, null]}}}"#,
        "--uri https://example.com/{n}.jwt",
    );
    assert_eq!(
        made["meta"],
        json!({ "a": "text", "b": { "c": [1, true, null] } })
    );
}

#[test]
fn what_eudiplo_keeps_of_a_tenant() {
    shows(
        "tenant.json",
        r#"{"defaultBits": 2, "defaultCapacity": 100000, "ttl": 3600, "immediateUpdate": true,
            "enableAggregation": true}"#,
        "--uri https://example.com/lists/{n}.jwt",
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
the aggregation is published at https://example.com/lists/aggregation.json
it is about publishing: put this into statuslist.toml
[regeneration]
strategy = "on-demand"

"#]],
    );
    let made = settings(
        "tenant.json",
        r#"{"enableAggregation": false, "defaultBits": 2}"#,
        "--uri https://example.com/lists/{n}.jwt",
    );
    assert_eq!(
        (&made["aggregationUri"], &made["bits"]),
        (&Value::Null, &json!(2))
    );
    let made = settings(
        "tenant.json",
        r#"{"enableAggregation": true, "uri": "https://example.com/lists/{n}/a.jwt"}"#,
        "",
    );
    let uri = "https://example.com/lists/aggregation.json";
    assert_eq!(made["aggregationUri"], uri);
}

#[test]
fn what_eudiplo_keeps_of_a_list() {
    shows(
        "list.json",
        r#"{"credentialConfigurationId": "org.iso.18013.5.1.mDL", "certId": "status-signing-cert",
            "uri": "https://example.com/{n}.jwt"}"#,
        "",
        str![[r#"
list:       0
uri:        https://example.com/0.jwt
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
certId: it is about publishing: in statuslist.toml, under [keys]: cert = "status-signing-cert.pem", a PEM file of that certificate and its issuers, beside the key

"#]],
    );
    let made = settings(
        "list.json",
        r#"{"credentialConfigurationId": "org.iso.18013.5.1.mDL"}"#,
        "--uri https://example.com/{n}.jwt",
    );
    assert_eq!(made["boundTo"], json!(["org.iso.18013.5.1.mDL"]));
    let shared = settings(
        "list.json",
        r#"{"credentialConfigurationId": null, "certId": null}"#,
        "--uri https://example.com/{n}.jwt",
    );
    assert_eq!(shared["boundTo"], Value::Null);
}

#[test]
fn a_name_that_nobody_knows_is_refused_with_those_that_are_known() {
    refuses(
        "s.toml",
        "[list]\nbitz = 1\n",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:2:1: unknown member 'bitz'
hint: did you mean 'bits'? the names are uri, as, purpose, profile, base-url, path-template, bits, size, default-status, final, issuer, ttl, valid-for, aggregation-uri, meta, bound-to, open, spare, proof, verification-method, bit-order, suspending, message, blind, defaultStatus, metadata, defaultBits, defaultCapacity, credentialConfigurationId, enableAggregation, immediateUpdate, certId
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        "{\"bits\": 1,\n \"defaultSize\": 5}",
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:2:2: unknown member 'defaultSize'
hint: did you mean 'defaultBits'? the names are uri, as, purpose, profile, base-url, path-template, bits, size, default-status, final, issuer, ttl, valid-for, aggregation-uri, meta, bound-to, open, spare, proof, verification-method, bit-order, suspending, message, blind, defaultStatus, metadata, defaultBits, defaultCapacity, credentialConfigurationId, enableAggregation, immediateUpdate, certId
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "seed-file = 'seed'\n",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:1: unknown member 'seed-file'
hint: the names are uri, as, purpose, profile, base-url, path-template, bits, size, default-status, final, issuer, ttl, valid-for, aggregation-uri, meta, bound-to, open, spare, proof, verification-method, bit-order, suspending, message, blind, defaultStatus, metadata, defaultBits, defaultCapacity, credentialConfigurationId, enableAggregation, immediateUpdate, certId
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        r#"{"credentialConfigurationId": "x", "defaultStatus": 0}"#,
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:1:36: 'defaultStatus' is a name of the integration guide, and 'credentialConfigurationId' one of EUDIPLO: a file holds those of one of them
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        r#"{"bits": 1, "defaultBits": 1}"#,
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:1:13: 'defaultBits' stands here, and 'bits' before
hint: both are --bits: one of them is enough
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        r#"{"meta": {}, "metadata": {}}"#,
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:1:14: 'metadata' stands here, and 'meta' before
hint: both are --meta: one of them is enough
--- exit 1

"#]],
    );
}

#[test]
fn a_value_that_is_none_of_its_setting_is_refused_with_its_place() {
    refuses(
        "s.toml",
        "[list]\nbits = '1'\n",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:2:8: bits is a text, and should be a whole number
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "bits = 3",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:8: bits: 3 bits per entry: a list has 1, 2, 4 or 8
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "ttl = [60]",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:7: ttl is an array, and should be a text or a whole number
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "ttl = 0",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:7: ttl: '0' is not a whole number of seconds from 1 second to 100 years
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "ttl = -60",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:7: ttl is a number below 0 or with a fraction, and should be a text or a whole number
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "ttl = 1.5",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:7: ttl is a number below 0 or with a fraction, and should be a text or a whole number
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "size = '1 million'",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:8: size: '1 million' is not a number of entries from 1 to 2^32
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "as = [ 'jwt',\n 'jwtt' ]",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:2:2: as: 'jwtt' is not a view: jwt, cwt, bitstring.revocation, bitstring.suspension, bitstring.message, bitstring.refresh, statuslist2021.revocation, statuslist2021.suspension, revocationlist2020, oa-ocsp
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "as = []",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:6: as is empty: leave it out
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "final = [\n'revokd']",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:2:1: final: 'revokd' is not a status; did you mean 'revoked'?
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "default-status = true",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:18: default-status is true or false, and should be a text or a whole number
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "meta = ['a=b']",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:8: meta is an array, and should be a table
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "blind = { jwt = ['x'] }",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:18: blind: 'x' is not a status (valid, invalid, suspended, or a number)
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "list = 1",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:8: list is a whole number, not a table
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        r#"{"immediateUpdate": "yes"}"#,
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:1:21: immediateUpdate is a text, and should be true or false
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        "[1]",
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:1:2: a definition is a whole number, not a table
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        "[]",
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: it holds no definition
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        "7",
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:1:1: it holds a whole number, not settings
--- exit 1

"#]],
    );
}

#[test]
fn no_status_is_final_where_the_array_is_empty() {
    let made = settings("s.toml", "final = []", "--uri https://example.com/{n}.jwt");
    assert_eq!(made["finalStatuses"], json!([]));
}

#[test]
fn a_hostile_file_is_refused_by_name() {
    let deep = format!(
        "[list]\nmeta = {}{}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    refuses(
        "s.toml",
        &deep,
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:2:88: cannot recurse further; max recursion depth met
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        "[".repeat(100_000),
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:1:128: recursion limit exceeded
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "bits = 1\nbits = 2",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:2:1: duplicate key
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        "{\"bits\": 1,\n \"bits\": 2}",
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:2:7: the member 'bits' stands twice
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "meta = { a = nan }",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:14: infinity and what is no number are not read
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        r#"{"metadata": {"a": NaN}}"#,
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:1:20: expected value
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        "ttl = 2026-01-01",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:7: a date or time is read as a text alone: quote it
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        "\u{feff}{}",
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:1:1: the text begins with a byte order mark, which JSON has not
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        b"{\"issuer\": \"\xff\"}",
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: s.json:1:13: the text is not UTF-8 from here on
--- exit 1

"#]],
    );
    refuses(
        "s.toml",
        b"issuer = '\xff'",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:1:11: the text is not UTF-8 from here on
--- exit 1

"#]],
    );
    let many = format!("{{\"metadata\": {{\"a\": [{}0]}}}}", "0,".repeat(1 << 15));
    refuses(
        "s.json",
        &many,
        str![[r#"
--- stderr
error: cannot use the settings file 's.json'
because: it has more than 16384 values, which are not read
--- exit 1

"#]],
    );
    refuses(
        "s.json",
        vec![b' '; 100_000_000],
        str![[r#"
--- stderr
error: 's.json' is larger than 1048576 bytes
--- exit 4

"#]],
    );
    refuses(
        "s.toml",
        vec![b'#'; (1 << 20) + 1],
        str![[r#"
--- stderr
error: 's.toml' is larger than 1048576 bytes
--- exit 4

"#]],
    );
}

#[test]
fn a_toml_file_may_begin_with_a_byte_order_mark() {
    let made = settings(
        "s.toml",
        "\u{feff}bits = 2",
        "--uri https://example.com/{n}.jwt",
    );
    assert_eq!(made["bits"], 2);
}

#[test]
fn what_may_be_a_key_is_not_repeated() {
    let place = Place::new();
    let seed = crate::harness::SEED;
    for text in [
        format!("{seed} = 1"),
        format!("ttl = '{seed}'"),
        format!("size = '{seed}'"),
        format!("as = '{seed}'"),
        format!("profile = '{seed}'"),
        format!("default-status = '{seed}'"),
        seed.to_owned(),
    ] {
        place.write("s.toml", &text);
        let run = place.line("init list.slist --uri https://example.com/{n}.jwt --from s.toml");
        assert_eq!(run.code, 1, "{text}");
        assert!(!run.stderr.contains(seed), "{text}: {}", run.stderr);
    }
}

#[test]
fn nothing_in_a_settings_file_can_drive_a_terminal() {
    let place = Place::new();
    for text in [
        r#"{"issuer": "a\u001b[2J"}"#,
        r#"{"uri": "https://example.com/\u001b[2J"}"#,
        r#"{"certId": "\u202e\u001b[2J"}"#,
        r#"{"\u001b[2J": 1}"#,
        r#"{"bits": 1, "size": "\u001b[2J"}"#,
        r#"{"as": "\u001b[2J"}"#,
        r#"{"aggregation-uri": "\u001b[2J", "bound-to": "\u001b[2J", "meta": {"\u001b[2J": "\u202e"}}"#,
        r#"{"supported_cred_id": "\u001b[2J", "list_type": "\u001b[2J"}"#,
        r#"[{"issuer_did": "\u001b[2J"}, {"issuer_did": "b", "status_purpose": "suspension"}]"#,
    ] {
        place.write("s.json", text);
        for file in ["list.slist", "fresh.slist"] {
            let uri = if text.contains("\"uri\"") {
                ""
            } else {
                "--uri https://example.com/{n}.jwt"
            };
            let run = place.line(&format!("init {file} {uri} --from s.json"));
            let shown = format!("{}{}", run.stdout, run.stderr);
            let drives = |character: char| {
                character.is_control() && character != '\n' || character == '\u{202e}'
            };
            assert!(!shown.contains(drives), "{text}: {shown:?}");
        }
        let _ = std::fs::remove_file(place.path("fresh.slist"));
    }
}

#[test]
fn an_aggregation_that_is_none_is_none() {
    let made = settings(
        "s.toml",
        "aggregation-uri = 'none'",
        "--uri https://example.com/{n}.jwt",
    );
    assert_eq!(made["aggregationUri"], Value::Null);
}

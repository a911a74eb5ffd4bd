//! `init --from` with definitions of the ACA-Py status-list plugin.

use serde_json::{Value, json};
use snapbox::str;

use crate::harness::Place;

const URI: &str = "--uri https://example.com/{n}.json";

#[track_caller]
fn shows(definitions: &Value, options: &str, expected: impl snapbox::IntoData) {
    let place = Place::new();
    place.write("defs.json", definitions.to_string());
    place.shows(
        &format!("init list.slist {URI} --from defs.json {options}"),
        expected,
    );
}

#[track_caller]
fn refuses(definitions: &Value, expected: impl snapbox::IntoData) {
    let place = Place::new();
    place.write("defs.json", definitions.to_string());
    place.refuses(
        &format!("init list.slist {URI} --issuer did:web:example.com --from defs.json"),
        expected,
    );
}

fn settings(definitions: &Value) -> Value {
    let place = Place::new();
    place.write("defs.json", definitions.to_string());
    place.done(&format!("init list.slist {URI} --from defs.json"));
    place.json(&["inspect", "list.slist", "--json"])["settings"].clone()
}

fn forms(series: &Value) -> Vec<&str> {
    let views = series["views"].as_array().unwrap().iter();
    views.map(|view| view["view"].as_str().unwrap()).collect()
}

#[test]
fn a_definition_is_a_series_of_one_view() {
    let definition = json!({
        "supported_cred_id": "employee", "status_purpose": "revocation", "status_size": 1,
        "list_size": 131_072, "shard_size": 1024, "list_type": "w3c",
        "issuer_did": "did:web:example.com", "verification_method": "did:web:example.com#1",
    });
    shows(
        &definition,
        "",
        str![[r#"
list:       0
uri:        https://example.com/0.json
entries:    131072 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     did:web:example.com
ttl:        1h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
entries of 1 bit cannot be suspended; to be able to later: statuslist configure 'list.slist' --bits 2
shard_size has no effect

"#]],
    );
    let made = settings(&definition);
    assert_eq!(forms(&made), ["bitstring.revocation"]);
    assert_eq!(made["boundTo"], json!(["employee"]));
    let method = &made["credentials"]["verificationMethod"];
    assert_eq!(method, "did:web:example.com#1");
}

#[test]
fn an_ietf_definition_is_a_jwt_and_a_suspension_takes_two_bits() {
    let definition = json!({ "list_type": "ietf", "status_purpose": "suspension" });
    shows(
        &definition,
        "",
        str![[r#"
list:       0
uri:        https://example.com/0.json
entries:    131072 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI
an entry has 2 bits: 1 says invalid, and 2 suspended

"#]],
    );
    let made = settings(&json!({ "list_type": "ietf" }));
    assert_eq!((forms(&made), &made["bits"]), (vec!["jwt"], &json!(1)));
}

#[test]
fn definitions_of_one_type_are_one_series_with_several_views() {
    let of = |purpose: &str, list_type: &str| {
        json!({
            "supported_cred_id": "employee", "status_purpose": purpose, "list_type": list_type,
            "list_size": 131_072, "issuer_did": "did:web:example.com",
        })
    };
    let definitions = json!([
        of("revocation", "w3c"),
        of("suspension", "w3c"),
        of("revocation", "ietf")
    ]);
    shows(
        &definitions,
        "",
        str![[r#"
list:       0
uri:        https://example.com/0.json
entries:    131072 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     did:web:example.com
ttl:        1h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
an entry has 2 bits: 1 says invalid, and 2 suspended
3 definitions are one series: a credential has one entry, and its status is set once for all of them

"#]],
    );
    let made = settings(&definitions);
    assert_eq!(
        forms(&made),
        ["bitstring.revocation", "bitstring.suspension", "jwt"]
    );
    assert_eq!(made["bits"], 2);
}

#[test]
fn messages_are_read_in_both_spellings_of_their_codes() {
    let with = |codes: [&str; 4], size: u8| {
        let messages: Vec<_> = codes
            .iter()
            .zip(["active", "revoked", "pending", "suspended"])
            .map(|(status, message)| json!({ "status": status, "message": message }))
            .collect();
        json!({
            "status_purpose": "message", "status_size": size, "status_message": messages,
            "list_type": "w3c", "issuer_did": "did:web:example.com",
        })
    };
    let expected = json!({ "0": "active", "1": "revoked", "2": "pending", "3": "suspended" });
    for definition in [
        with(["0x00", "0x01", "0x10", "0x11"], 2),
        with(["0x0", "0x1", "0x2", "0x3"], 2),
        with(["0x0000", "0x0001", "0x0010", "0x0011"], 4),
        with(["0x00", "0x01", "0x02", "0x03"], 8),
    ] {
        let made = settings(&definition);
        assert_eq!(made["credentials"]["messages"], expected, "{definition}");
        assert_eq!(made["finalStatuses"], json!([]));
    }
    shows(
        &with(["0x0", "0x1", "0x2", "0x3"], 2),
        "",
        str![[r#"
list:       0
uri:        https://example.com/0.json
entries:    131072 of 2 bits
default:    valid (0)
final:      none
issuer:     did:web:example.com
ttl:        1h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
no definition revokes, so that no status is final: as --final none

"#]],
    );
    shows(
        &with(["0x0", "0x1", "0x2", "0x3"], 2),
        "--final invalid -q",
        str![[r#"
list:       0
uri:        https://example.com/0.json
entries:    131072 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     did:web:example.com
ttl:        1h
valid for:  7d

"#]],
    );
    refuses(
        &with(["0x0", "0x1", "0x2", "0x4"], 2),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:183: '0x4' is not a status of 2 bits, such as 0x1
--- exit 1

"#]],
    );
    refuses(
        &with(["0", "1", "2", "3"], 2),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:73: '0' is not a status of 2 bits, such as 0x1
--- exit 1

"#]],
    );
}

#[test]
fn what_cannot_be_one_series_is_refused() {
    let first = json!({ "supported_cred_id": "a", "list_type": "w3c" });
    refuses(
        &json!([first, { "supported_cred_id": "b", "list_type": "ietf" }]),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:67: supported_cred_id is 'b' here, and 'a' before
hint: definitions that differ in it are series of their own: a file for each
--- exit 1

"#]],
    );
    refuses(
        &json!([first, first]),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:46: a second definition with this list_type and purpose revocation
--- exit 1

"#]],
    );
    refuses(
        &json!([{ "list_size": 8 }, { "list_size": 16, "status_purpose": "suspension" }]),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:31: list_size is '16' here, and '8' before
hint: definitions that differ in it are series of their own: a file for each
--- exit 1

"#]],
    );
    refuses(
        &json!([{}, 1]),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:5: a definition is a whole number, not a table
--- exit 1

"#]],
    );
    refuses(
        &json!({ "list_type": "w3x" }),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:14: list_type: 'w3x' is neither ietf nor w3c
--- exit 1

"#]],
    );
    refuses(
        &json!({ "status_size": 3 }),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:16: status_size: 3 bits per entry: a list has 1, 2, 4 or 8
--- exit 1

"#]],
    );
    refuses(
        &json!({ "status_purpose": "cancellation" }),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:19: status_purpose: 'cancellation' is not a purpose: revocation, suspension, message, refresh
--- exit 1

"#]],
    );
    refuses(
        &json!({ "status_message": [{ "status": "0x1" }] }),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:20: status_message is for the purpose message, not for revocation
--- exit 1

"#]],
    );
    refuses(
        &json!({ "status_purpose": "message", "status_message": "x" }),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:46: status_message is an array of {"status": "0x1", "message": "…"}
--- exit 1

"#]],
    );
    refuses(
        &json!({ "status_purpose": "message", "status_message": [{ "code": "0x1" }] }),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:48: unknown member 'code'
hint: the names are status, message
--- exit 1

"#]],
    );
}

#[test]
fn a_definition_in_use_is_not_begun_anew() {
    for name in [
        "list_seed",
        "list_index",
        "list_number",
        "next_list_number",
        "list_numbers",
    ] {
        let place = Place::new();
        let mut definition = json!({ "list_type": "ietf" });
        definition[name] = 1.into();
        place.write("defs.json", definition.to_string());
        let run = place.line(&format!("init list.slist {URI} --from defs.json"));
        assert_eq!(run.code, 1);
        let said = format!("defs.json:1:21: '{name}' is of lists that are in use");
        assert!(run.stderr.contains(&said), "{}", run.stderr);
    }
    refuses(
        &json!({ "list_type": "ietf", "list_index": 5 }),
        str![[r#"
--- stderr
error: cannot use the settings file 'defs.json'
because: defs.json:1:21: 'list_index' is of lists that are in use
hint: a new list gives no index that such a list gave: leave it out, and keep the old lists where they are until their credentials have expired
--- exit 1

"#]],
    );
}

#[test]
fn our_own_names_may_stand_beside_those_of_a_definition() {
    let place = Place::new();
    let definition = json!({
        "supported_cred_id": "a", "list_type": "ietf", "uri": "https://example.com/a/{n}.jwt",
        "ttl": "5m",
    });
    place.write("defs.json", definition.to_string());
    place.done("init list.slist --from defs.json");
    let file = place.json(&["inspect", "list.slist", "--json"]);
    assert_eq!(file["settings"]["ttl"], 300);
}

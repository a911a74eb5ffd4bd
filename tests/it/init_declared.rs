//! `init --from` of a list file that is there: what may change is changed, what may not is refused,
//! and a list in use is never reset.

use serde_json::json;
use snapbox::str;

use crate::harness::{Place, SEED};
use crate::shapes;

const SETTINGS: &str = "[list]
uri = 'https://example.com/statuslists/{n}.jwt'
bits = 2
size = 1000
";

/// A place with a list file in use, and the settings that it was made by.
fn in_use() -> Place {
    let place = Place::new();
    place.write("seed", SEED);
    place.copy_key(crate::harness::PRIVATE_KEY, "key.pem");
    place.write("s.toml", SETTINGS);
    place.done("init list.slist --from s.toml --seed-file seed");
    place.done("allocate list.slist --token-id a --token-id b");
    place.done("set list.slist id:a revoked");
    place
}

#[test]
fn nothing_is_changed_where_nothing_differs() {
    let place = in_use();
    let before = place.files();
    place.shows(
        "init list.slist --from s.toml",
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    1000 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
'list.slist' is as the settings say: nothing was changed

"#]],
    );
    place.shows(
        "init list.slist --from s.toml --seed-file seed -q",
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    1000 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d

"#]],
    );
    assert!(before == place.files());
    let declared: shapes::Declared = place.decode("init list.slist --from s.toml");
    assert_eq!(
        (
            declared.outcome.as_str(),
            declared.revision,
            declared.allocated
        ),
        ("unchanged", 3, 2)
    );
}

#[test]
fn what_may_change_is_changed_in_one_revision() {
    let place = in_use();
    place.write(
        "s.toml",
        format!(
            "{SETTINGS}ttl = '10m'\nvalid-for = '2d'\nissuer = 'did:web:example.com'\n\
             aggregation-uri = 'https://example.com/all.json'\nas = ['jwt', 'cwt', 'bitstring']\n\
             suspending = 3\nmeta = {{ team = 'cards' }}\nbound-to = ['employee']\n"
        ),
    );
    place.shows(
        "init list.slist --from s.toml",
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    1000 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     did:web:example.com
ttl:        10m
valid for:  2d
--- stderr
changed 'list.slist', revision 4; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    let file = place.json(&["inspect", "list.slist", "--json"]);
    assert_eq!(file["revision"], 4);
    assert_eq!(file["revisions"][0]["operation"], "configure");
    let settings = &file["settings"];
    assert_eq!(
        (&settings["ttl"], &settings["validFor"]),
        (&json!(600), &json!(172_800))
    );
    assert_eq!(settings["issuer"], "did:web:example.com");
    assert_eq!(settings["meta"], json!({ "team": "cards" }));
    assert_eq!(settings["boundTo"], json!(["employee"]));
    let views = settings["views"].as_array().unwrap().iter();
    let forms: Vec<_> = views.map(|view| &view["view"]).collect();
    assert_eq!(forms, ["jwt", "cwt", "bitstring.revocation"]);
    // The entries are what they were.
    place.done("get list.slist id:a --is invalid");
    place.done("get list.slist id:b --is valid");
    place.shows(
        "init list.slist --from s.toml",
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    1000 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     did:web:example.com
ttl:        10m
valid for:  2d
--- stderr
'list.slist' is as the settings say: nothing was changed

"#]],
    );
}

#[test]
fn a_dry_run_says_what_would_change() {
    let place = in_use();
    place.write("s.toml", format!("{SETTINGS}ttl = '10m'\n"));
    let before = place.files();
    place.shows(
        "init list.slist --from s.toml -n",
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    1000 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        10m
valid for:  7d
--- stderr
dry run: nothing was changed; without -n:
changed 'list.slist', revision 4; to make it visible: statuslist publish 'list.slist'

"#]],
    );
    assert!(before == place.files());
}

#[test]
fn what_nobody_names_stays_as_it_is() {
    let place = in_use();
    place.done("configure list.slist --ttl 5m --meta team=cards --add-view cwt");
    let before = place.read("list.slist");
    place.write("s.toml", "[list]\n");
    place.shows(
        "init list.slist --from s.toml -q",
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    1000 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        5m
valid for:  7d

"#]],
    );
    place.write("s.toml", "[list]\nmeta = { team = 'cards' }\nuri = ['https://example.com/statuslists/{n}.jwt', 'cwt=https://example.com/statuslists/{n}.cwt']");
    place.shows(
        "init list.slist --from s.toml -q",
        str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    1000 of 2 bits
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        5m
valid for:  7d

"#]],
    );
    assert!(before == place.read("list.slist"));
}

#[test]
fn what_credentials_depend_on_is_refused_all_of_it_by_name() {
    let place = in_use();
    place.write(
        "s.toml",
        "[list]\nuri = 'https://example.com/other/{n}.jwt'\nas = 'cwt'\nbits = 4\nsize = 2000\n\
         default-status = 'suspended'\nfinal = ['suspended', 'invalid']\nprofile = 'ietf'\n\
         ttl = '1m'\n",
    );
    place.write("other", [7; 32]);
    place.refuses("init list.slist --from s.toml --seed-file other", str![[r#"
--- stderr
error: 'list.slist' has other settings, which cannot change
because: bits is 2, and 4 is wanted
because: size is 1000, and 2000 is wanted
because: default-status is 0, and 2 is wanted
because: final is 1, and 1, 2 is wanted
because: profile is none, and ietf is wanted
because: as is jwt, and cwt is wanted
because: uri is https://example.com/statuslists/{n}.jwt, and https://example.com/other/{n}.jwt is wanted
because: seed-file is another secret, and this one is wanted
hint: make another list file, or take out of the settings what differs
--- exit 1

"#]]);
    let run = place.line("init list.slist --from s.toml --json");
    let differences = run.error().details["differences"].clone();
    assert_eq!(
        differences[0],
        json!({ "setting": "bits", "is": "2", "wanted": "4" })
    );
}

#[test]
fn how_credentials_are_secured_is_refused() {
    let place = Place::new();
    let settings = "[list]\nuri = 'https://example.com/{n}.json'\nas = 'bitstring'\n\
                    issuer = 'did:web:example.com'\nproof = 'jwt'\n";
    place.write("s.toml", settings);
    place.done("init list.slist --from s.toml");
    place.shows(
        "init list.slist --from s.toml -q",
        str![[r#"
list:       0
uri:        https://example.com/0.json
entries:    131072 of 1 bit
default:    valid (0)
final:      invalid (1)
issuer:     did:web:example.com
ttl:        1h
valid for:  7d

"#]],
    );
    place.write(
        "s.toml",
        format!(
            "{}verification-method = 'x'\nbit-order = 'lsb'\n",
            settings.replace("jwt", "cose")
        ),
    );
    place.refuses(
        "init list.slist --from s.toml",
        str![[r#"
--- stderr
error: 'list.slist' has other settings, which cannot change
because: proof is jwt, and cose is wanted
because: verification-method is by the key, and x is wanted
because: bit-order is msb, and lsb is wanted
hint: make another list file, or take out of the settings what differs
--- exit 1

"#]],
    );
}

#[test]
fn a_view_needs_what_it_needs() {
    let place = in_use();
    place.write("s.toml", format!("{SETTINGS}as = ['jwt', 'bitstring']\n"));
    place.refuses(
        "init list.slist --from s.toml",
        str![[r#"
--- stderr
error: view bitstring.revocation needs an issuer
because: verifiers compare it with the key that the list is signed with
hint: --issuer URI: a did:key, a did:web or an https uri
--- exit 1

"#]],
    );
    place.write("s.toml", "[list]\nas = ['jwt']\nuri = { cwt = 'x' }\n");
    place.refuses(
        "init list.slist --from s.toml",
        str![[r#"
--- stderr
error: a uri for view cwt, which is not asked for
hint: --as cwt
--- exit 1

"#]],
    );
    place.write(
        "s.toml",
        "[list]\nuri = ['https://example.com/statuslists/{n}.jwt', 'https://example.com/2/{n}.jwt']",
    );
    place.refuses(
        "init list.slist --from s.toml",
        str![[r#"
--- stderr
error: two uris that name no view
hint: --uri VIEW=TEMPLATE
--- exit 1

"#]],
    );
    place.write(
        "s.toml",
        format!("{SETTINGS}ttl = '5d'\nvalid-for = '4d'\n"),
    );
    place.refuses(
        "init list.slist --from s.toml",
        str![[r#"
--- stderr
error: a ttl of 5d is longer than the validity of 4d
because: readers would keep a copy that has expired
hint: a shorter --ttl or a longer --valid-for
--- exit 1

"#]],
    );
}

#[test]
fn without_settings_an_existing_file_is_never_touched() {
    let place = in_use();
    place.refuses(
        "init list.slist --uri https://example.com/statuslists/{n}.jwt --bits 2 --size 1000",
        str![[r#"
--- stderr
error: 'list.slist' exists
because: a list file or a backup is never overwritten
hint: choose another name
--- exit 1

"#]],
    );
    place.write("list.txt", "hello");
    place.refuses(
        "init list.txt --from s.toml",
        str![[r#"
--- stderr
error: cannot use 'list.txt' as a list file
because: it is no SQLite database
--- exit 4

"#]],
    );
    place.done("backup list.slist copy.slist");
    place.refuses(
        "init copy.slist --from s.toml",
        str![[r#"
--- stderr
error: 'copy.slist' is a backup, which cannot be changed
because: its original may have handed out the same indexes since
hint: to use it in place of the original: statuslist restore 'copy.slist'
--- exit 1

"#]],
    );
}

#[test]
fn an_operation_id_gives_the_first_results_again() {
    let place = Place::new();
    place.write("s.toml", SETTINGS);
    let mut made: shapes::Declared = place.decode("init list.slist --from s.toml --op-id one");
    assert_eq!((made.outcome.as_str(), made.revision), ("made", 1));
    let before = place.files();
    made.repeated = true;
    assert_eq!(
        made,
        place.decode("init list.slist --from s.toml --op-id one")
    );
    assert!(before == place.files());
    place.write("s.toml", format!("{SETTINGS}ttl = 60\n"));
    place.refuses(
        "init list.slist --from s.toml --op-id one",
        str![[r#"
--- stderr
error: operation id 'one' belongs to another request, revision 1
hint: use another --op-id for another request
--- exit 1

"#]],
    );
    let mut changed: shapes::Declared = place.decode("init list.slist --from s.toml --op-id two");
    assert_eq!((changed.outcome.as_str(), changed.revision), ("changed", 2));
    place.done("configure list.slist --ttl 2m");
    let before = place.files();
    changed.repeated = true;
    assert_eq!(
        changed,
        place.decode("init list.slist --from s.toml --op-id two")
    );
    assert!(before == place.files());
}

#[test]
fn two_processes_make_one_file() {
    let place = Place::new();
    place.write("s.toml", SETTINGS);
    let children: Vec<_> = (0..4)
        .map(|_| {
            let mut command = place.command();
            command.args(["init", "list.slist", "--from", "s.toml", "--json"]);
            command
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut outcomes: Vec<String> = children
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success());
            let declared: shapes::Declared = serde_json::from_slice(&output.stdout).unwrap();
            declared.outcome
        })
        .collect();
    outcomes.sort();
    assert_eq!(outcomes, ["made", "unchanged", "unchanged", "unchanged"]);
    let file: shapes::ListFile = place.decode("inspect list.slist");
    assert_eq!(file.revision, 1);
}

/// Runs `init` without the variable by which tests have one list.
fn init(place: &Place, arguments: &str) -> crate::harness::Run {
    let mut command = place.command();
    command.env_remove("STATUSLIST_SPARE");
    let output = command.args(arguments.split(' ')).output().unwrap();
    output.into()
}

#[test]
fn lists_in_reserve_are_made_as_the_settings_say() {
    let place = Place::new();
    place.write("s.toml", format!("{SETTINGS}spare = 1\n"));
    init(&place, "init list.slist --from s.toml").shows(&place, str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    1000 of 2 bits
lists:      1 open, 1 in reserve
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
made 'list.slist'; it holds secrets: keep it private, and back it up: statuslist backup 'list.slist' COPY
the issuer is https://example.com; if credentials name another: statuslist configure 'list.slist' --issuer URI

"#]]);
    place.write("s.toml", format!("{SETTINGS}spare = 2\nopen = 2\n"));
    init(&place, "init list.slist --from s.toml").shows(&place, str![[r#"
list:       0
uri:        https://example.com/statuslists/0.jwt
entries:    1000 of 2 bits
lists:      2 open, 2 in reserve
default:    valid (0)
final:      invalid (1)
issuer:     https://example.com
ttl:        1h
valid for:  7d
--- stderr
changed 'list.slist', revision 2; to make it visible: statuslist publish 'list.slist'
list 1 is open now, lists 2, 3 are new and in reserve; publish before entries of new lists are handed out: statuslist publish 'list.slist'

"#]]);
    let again = init(&place, "init list.slist --from s.toml --json");
    let declared: shapes::Declared = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!((declared.open, declared.spare), (2, 2));
    assert_eq!(declared.outcome, "unchanged");
    place.write("s.toml", SETTINGS);
    let run = init(&place, "init list.slist --from s.toml -q");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    place.write("s.toml", format!("{SETTINGS}spare = 1001\n"));
    place.refuses(
        "init list.slist --from s.toml",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:5:9: spare: 0 to 1000 is needed
--- exit 1

"#]],
    );
    place.write("s.toml", format!("{SETTINGS}open = 0\n"));
    place.refuses(
        "init list.slist --from s.toml",
        str![[r#"
--- stderr
error: cannot use the settings file 's.toml'
because: s.toml:5:8: open: 0 open lists: 1 to 1000 are possible
--- exit 1

"#]],
    );
}

#[test]
fn what_can_change_for_future_lists_is_said() {
    let place = in_use();
    place.write(
        "s.toml",
        "[list]\nuri = 'https://example.com/other/{n}.jwt'\nsize = 2000\n",
    );
    place.refuses("init list.slist --from s.toml", str![[r#"
--- stderr
error: 'list.slist' has other settings, which cannot change
because: size is 1000, and 2000 is wanted
because: uri is https://example.com/statuslists/{n}.jwt, and https://example.com/other/{n}.jwt is wanted
hint: for future lists: statuslist configure 'list.slist' --size N, --uri TEMPLATE
--- exit 1

"#]]);
    place.done("configure list.slist --size 2000 --uri https://example.com/other/{n}.jwt");
    // The list that is there has the size that it had.
    let declared: shapes::Declared = place.decode("init list.slist --from s.toml");
    assert_eq!(
        (declared.outcome.as_str(), declared.size),
        ("unchanged", 1000)
    );
    assert_eq!(declared.uri, "https://example.com/statuslists/0.jwt");
}

#[test]
fn one_file_cannot_come_from_standard_input_twice() {
    let place = Place::new();
    place.refuses(
        "init list.slist --from - --seed-file -",
        str![[r#"
--- stderr
error: --from and --seed-file both read standard input
--- exit 1

"#]],
    );
}

#[test]
fn what_made_a_list_file_agrees_with_it() {
    let uri = "--uri https://example.com/{n}.json";
    for (name, text, options) in [
        (
            "s.toml",
            "[list]\nuri = { jwt = 'https://example.com/s/{n}.jwt', \
             'bitstring.suspension' = 'https://example.com/s/{n}-hold.json' }\n\
             as = ['jwt', 'bitstring']\npurpose = ['revocation', 'suspension']\nbits = 4\n\
             size = '10k'\ndefault-status = 0\nfinal = [3, 'invalid', 3]\n\
             issuer = 'did:web:example.com'\nttl = 600\nvalid-for = '1d'\n\
             aggregation-uri = 'https://example.com/all.json'\nproof = 'jwt'\n\
             verification-method = 'did:web:example.com#1'\nbit-order = 'msb'\nsuspending = 12\n\
             message = { invalid = 'gone' }\nblind = { bitstring = [3, 13] }\nopen = 2\nspare = 1\n\
             bound-to = ['a', 'b']\nmeta = { a = { b = [1, 2.5, true] } }\n",
            "",
        ),
        ("s.toml", "final = []\nprofile = 'haip'\n", uri),
        (
            "s.toml",
            "base-url = 'https://example.com/a'\npath-template = '/{view}/{n}'\nas = ['cwt', 'jwt']",
            "",
        ),
        (
            "s.toml",
            "as = ['bitstring.message', 'bitstring.revocation']\nissuer = 'did:web:example.com'\n\
             bits = 2\naggregation-uri = 'none'\n",
            uri,
        ),
        (
            "s.toml",
            "as = 'statuslist2021'\nbit-order = 'lsb'\nproof = 'jwt'\nissuer = 'did:web:a.example'",
            uri,
        ),
        (
            "s.json",
            r#"{"bits": 1, "size": 5, "defaultStatus": 0, "ttl": 60, "metadata": {"a": null}}"#,
            uri,
        ),
        (
            "s.json",
            r#"{"defaultBits": 2, "defaultCapacity": 9, "ttl": 60, "enableAggregation": true,
                "immediateUpdate": false}"#,
            uri,
        ),
        (
            "s.json",
            r#"{"credentialConfigurationId": "mdl", "certId": "c"}"#,
            uri,
        ),
        (
            "s.json",
            r#"[{"supported_cred_id": "a", "list_type": "w3c", "issuer_did": "did:web:example.com",
                 "verification_method": "did:web:example.com#1", "list_size": 8, "shard_size": 2},
                {"status_purpose": "suspension"},
                {"status_purpose": "message", "status_size": 2,
                 "status_message": [{"status": "0x10", "message": "x"}]},
                {"list_type": "ietf"}]"#,
            uri,
        ),
    ] {
        let place = Place::new();
        place.write(name, text);
        let line = format!("init list.slist --from {name} {options}");
        let line = line.trim_end();
        let made = init(&place, line);
        assert_eq!(made.code, 0, "{text}: {}", made.stderr);
        let before = place.files();
        let again = init(&place, &format!("{line} --json"));
        assert_eq!(again.code, 0, "{text}: {}", again.stderr);
        let declared: shapes::Declared = serde_json::from_str(&again.stdout).unwrap();
        assert_eq!(declared.outcome, "unchanged", "{text}");
        assert!(before == place.files(), "{text}");
    }
}

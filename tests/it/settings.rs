//! Settings: an option goes before the environment, that before the settings file, that before
//! the list file.

use snapbox::str;

use crate::harness::Place;
use crate::shapes;

fn ttl(place: &Place, options: &[&str], environment: &[(&str, &str)]) -> u64 {
    let output = place
        .command()
        .args(["sign", "list.slist", "--key", "key.pem", "-o", "token.jwt"])
        .args(options)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    place
        .decode::<shapes::Token>("inspect token.jwt")
        .ttl
        .unwrap()
}

#[test]
fn what_goes_before_what() {
    let place = Place::with_list();
    assert_eq!(ttl(&place, &[], &[]), 3600);
    place.done("configure list.slist --ttl 50m");
    assert_eq!(ttl(&place, &[], &[]), 3000);
    place.write("statuslist.toml", "[status-list-token]\nttl = \"40m\"\n");
    assert_eq!(ttl(&place, &[], &[]), 2400);
    let environment = [("STATUSLIST_TTL", "30m")];
    assert_eq!(ttl(&place, &[], &environment), 1800);
    assert_eq!(ttl(&place, &["--ttl", "20m"], &environment), 1200);
    place.write("other.toml", "[status-list-token]\nttl = 600\n");
    assert_eq!(ttl(&place, &["--config", "other.toml"], &[]), 600);
    assert_eq!(
        ttl(&place, &[], &[("STATUSLIST_CONFIG", "other.toml")]),
        600
    );
}

#[test]
fn paths_count_from_the_settings_file() {
    let place = Place::with_list();
    std::fs::create_dir(place.path("etc")).unwrap();
    place.copy_key("test-p256-pkcs8.pem", "etc/signing.pem");
    place.write(
        "etc/statuslist.toml",
        "[keys]\nsigning = 'signing.pem'\nkid = 'key 7'\n\n[publish]\nto = 'site'\n",
    );
    place.done("publish list.slist --config etc/statuslist.toml");
    let token: shapes::Token = place.decode("inspect etc/site/statuslists/0.jwt");
    assert_eq!(token.header["kid"], "key 7");
    place.done("publish list.slist --config etc/statuslist.toml --to elsewhere");
    assert!(place.path("elsewhere/statuslists/0.jwt").exists());
}

#[test]
fn the_environment_names_site_and_key() {
    let place = Place::with_list();
    let output = place
        .command()
        .args(["publish", "list.slist"])
        .env("STATUSLIST_KEY", "key.pem")
        .env("STATUSLIST_BASE_DIR", "site")
        .env("STATUSLIST_BASE_URL", "https://example.com/statuslists")
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(place.path("site/0.jwt").exists());
}

#[test]
fn a_settings_file_that_makes_no_sense() {
    let place = Place::with_list();
    place.refuses(
        "inspect list.slist --config missing.toml",
        str![[r#"
--- stderr
error: cannot open 'missing.toml'
because: No such file or directory (os error 2)
--- exit 4

"#]],
    );
    place.write("statuslist.toml", "[publish]\nto = 'x'\nsecret = 'x'\n");
    place.refuses(
        "inspect list.slist",
        str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:3:1: unknown member 'secret'
hint: the names are to, base-url, host, host-config, page
--- exit 1

"#]],
    );
    place.write("statuslist.toml", "[keys]\nsigning = 'k\n");
    place.refuses(
        "inspect list.slist",
        str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:13: invalid literal string, expected `'`
--- exit 1

"#]],
    );
    place.write("statuslist.toml", "[status-list-token]\nttl = 0\n");
    place.refuses(
        "inspect list.slist",
        str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:7: ttl: '0' is not a whole number of seconds from 1 second to 100 years
--- exit 1

"#]],
    );
    place.write(
        "statuslist.toml",
        "[status-list-token]\nexpiration = \"1y\"\n",
    );
    place.refuses(
        "inspect list.slist",
        str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:14: expiration: '1y' counts in months or years, which differ in length
--- exit 1

"#]],
    );
}

#[test]
fn a_fault_has_its_place_and_the_names_that_are_known() {
    let place = Place::with_list();
    for (text, expected) in [
        ("[publsh]\n", "statuslist.toml:1:2: unknown table 'publsh'"),
        ("to = 'x'\n", "statuslist.toml:1:1: unknown table 'to'"),
        (
            "[keys]\n\n  kids = 'x'\n",
            "statuslist.toml:3:3: unknown member 'kids'",
        ),
        (
            "publish = 'x'\n",
            "statuslist.toml:1:11: publish is a text, not a table",
        ),
        (
            "[keys]\nkid = 7\n",
            "statuslist.toml:2:7: kid is a whole number, and should be a text",
        ),
        (
            "[keys]\nkid = '1'\nkid = '2'\n",
            "statuslist.toml:3:1: duplicate key",
        ),
        (
            "[keys]\nkid = 2026-01-01\n",
            "statuslist.toml:2:7: a date or time is read as a text alone: quote it",
        ),
    ] {
        place.write("statuslist.toml", text);
        let run = place.line("get list.slist 0/1");
        assert_eq!(run.code, 1, "{text}");
        let because = format!("because: {expected}\n");
        assert!(run.stderr.contains(&because), "{text}: {}", run.stderr);
    }
    place.write("statuslist.toml", "[keys]\nsinging = 'x'\n");
    place.refuses(
        "get list.slist 0/1",
        str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:1: unknown member 'singing'
hint: did you mean 'signing'? the names are signing, signer-command, kid, cert, eku, use, next, pin
--- exit 1

"#]],
    );
    place.write("statuslist.toml", b"[keys]\nkid = '\xff'\n");
    place.refuses(
        "get list.slist 0/1",
        str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:8: the text is not UTF-8 from here on
--- exit 1

"#]],
    );
    place.write("statuslist.toml", vec![b'#'; (1 << 20) + 1]);
    place.refuses(
        "get list.slist 0/1",
        str![[r#"
--- stderr
error: 'statuslist.toml' is larger than 1048576 bytes
--- exit 4

"#]],
    );
}

/// The schema of the settings file, as it is generated.
fn schema() -> serde_json::Value {
    let generated = statuslist::cli::generated().unwrap();
    let name = std::path::Path::new("completions/statuslist.toml.schema.json");
    let file = generated.into_iter().find(|(path, _)| path == name);
    serde_json::from_slice(&file.unwrap().1).unwrap()
}

#[test]
fn the_schema_names_what_is_read_and_nothing_else() {
    let place = Place::with_list();
    let schema = schema();
    assert_eq!(schema["additionalProperties"], false);
    let tables = schema["properties"].as_object().unwrap();
    for (table, about) in tables {
        let is_array = about["type"] == "array";
        let (about, begin) = if is_array {
            (&about["items"], format!("[[{table}]]"))
        } else {
            (about, format!("[{table}]"))
        };
        let others = match table.as_str() {
            // Keys have names of their own.
            "keys" => &about["additionalProperties"]["additionalProperties"],
            _ => &about["additionalProperties"],
        };
        assert_eq!(*others, false, "{table}");
        for (name, about) in about["properties"].as_object().unwrap() {
            assert!(!about["description"].as_str().unwrap().is_empty(), "{name}");
            if name == "pin" {
                continue;
            }
            // No setting is an array of arrays, so that each says what it should be.
            place.write("statuslist.toml", format!("{begin}\n{name} = [[]]\n"));
            let line = match table.as_str() {
                "list" => "init list.slist --from statuslist.toml",
                _ => "get list.slist 0/1",
            };
            let run = place.line(line);
            let said = run.stderr.contains("because: statuslist.toml:2:")
                && run.stderr.contains(&format!(": {name} is "))
                && run.stderr.contains(" should be ");
            assert!(said, "{table}.{name}: {}", run.stderr);
        }
    }
    // All names that a message lists are in the schema.
    place.write("statuslist.toml", "[x]\n");
    let run = place.line("get list.slist 0/1");
    let names: Vec<_> = tables.keys().map(String::as_str).collect();
    let hint = format!("hint: the names are {}\n", names.join(", "));
    assert!(run.stderr.contains(&hint), "{}", run.stderr);
}

#[test]
fn no_secret_is_ever_shown() {
    let place = Place::with_list();
    let key = String::from_utf8(place.read("key.pem")).unwrap();
    let body = key.lines().nth(1).unwrap().to_owned();
    let derived =
        statuslist::list::Seed::new(std::array::from_fn(|n| u8::try_from(n).unwrap())).derive(0);
    let secrets: Vec<Vec<u8>> = vec![
        body.into_bytes(),
        crate::harness::SEED.as_bytes().to_vec(),
        (0..32).collect(),
        derived.as_bytes().to_vec(),
        derived
            .as_bytes()
            .iter()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
            .into(),
    ];
    let hides = |bytes: &[u8], place: &str| {
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "{place} shows a secret");
        }
    };
    for line in [
        "allocate list.slist --token-id a --token-id b --json",
        "allocate list.slist --token-id a --json",
        "set list.slist id:a revoked",
        "get list.slist id:a --history --json",
        "sign list.slist --key key.pem",
        "publish list.slist --to site --key key.pem --json",
        "inspect list.slist --json",
        "inspect list.slist",
        "inspect site/statuslists/0.jwt --key key.pem",
        "inspect seed",
        "inspect key.pem",
        "sign list.slist --key seed",
        "init other.slist --uri https://example.com/{n}.jwt --seed-file key.pem",
        "backup list.slist copy.slist --json",
        "restore copy.slist --json",
        "keygen key.pem",
        "inspect list.slist --config key.pem",
        "inspect list.slist --config seed --json",
    ] {
        let run = place.line(line);
        hides(run.stdout.as_bytes(), line);
        hides(run.stderr.as_bytes(), line);
    }
    for (path, bytes) in place.files() {
        if path.starts_with(place.path("site")) {
            hides(&bytes, &path.display().to_string());
        }
    }
}

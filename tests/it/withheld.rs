//! Keys and seeds that landed where something else belongs: no message shows them. Nor is anything
//! repeated at length.

use crate::harness::{PRIVATE_KEY, Place, Run, SEED};

const SEED_BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A place with a list, `key.pem`, `key.jwk`, and its secrets.
fn place() -> (Place, Vec<String>) {
    let place = Place::with_list();
    place.copy_key("test-p256-private.jwk", "key.jwk");
    place.write("seed64", SEED_BASE64);
    let pem = String::from_utf8(place.read("key.pem")).unwrap();
    let mut secrets: Vec<_> = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .map(str::to_owned)
        .collect();
    let jwk: serde_json::Value = serde_json::from_slice(&place.read("key.jwk")).unwrap();
    secrets.push(jwk["d"].as_str().unwrap().to_owned());
    secrets.extend([
        SEED.to_owned(),
        SEED_BASE64.trim_end_matches('=').to_owned(),
    ]);
    (place, secrets)
}

#[track_caller]
fn hides(run: &Run, secrets: &[String], what: &str) {
    assert_ne!(run.code, 0, "{what}");
    for secret in secrets {
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains(secret.as_str()), "{what}: {text}");
        }
    }
}

#[test]
fn a_seed_or_a_key_that_is_an_argument_is_not_repeated() {
    let (place, secrets) = place();
    let text = |name: &str| String::from_utf8(place.read(name)).unwrap();
    let keys = [
        text("key.pem"),
        text("key.jwk"),
        SEED.to_owned(),
        SEED.to_uppercase(),
        SEED_BASE64.to_owned(),
    ];
    let init = ["init", "new.slist", "--uri", "https://example.com/{n}.jwt"];
    let mut secrets = secrets;
    secrets.push(SEED.to_uppercase());
    for key in &keys {
        for json in [&[][..], &["--json"]] {
            for command in [
                [&init[..], &["--seed-file", key]].concat(),
                [&init[..], &["--bad", "--seed-file", key]].concat(),
                vec!["sign", "list.slist", "--key", key],
                vec!["inspect", "list.slist", "--key", key],
                vec!["sign", "list.slist", "--key", key, "--alg", "none"],
            ] {
                let run = place.run(&[&command[..], json].concat());
                hides(&run, &secrets, &format!("{command:?}"));
            }
            // Where a seed could be another name, and only what is a key for sure is withheld.
            if key.contains("BEGIN") || key.contains("kty") {
                for command in [
                    vec!["inspect", key],
                    vec!["get", key, "0/1"],
                    vec!["get", "list.slist", key],
                    vec!["set", "list.slist", "0/1", key],
                    vec!["get", "list.slist", "0/1", "--at", key],
                    vec!["batch", "list.slist", key],
                    vec![key],
                ] {
                    let run = place.run(&[&command[..], json].concat());
                    hides(&run, &secrets, &format!("{command:?}"));
                }
            }
        }
    }
    let run = place.run(&[&init[..], &["--seed-file", SEED]].concat());
    run.shows(
        &place,
        snapbox::str![[r#"
--- stderr
error: a key itself was given
because: others can see it in the list of processes, and in the shell's history
hint: make a new key if anybody may have seen it; give its file, - or env:NAME
--- exit 4

"#]],
    );
    for (name, value) in [
        ("STATUSLIST_KEY", SEED_BASE64),
        ("STATUSLIST_KEY", &keys[1]),
    ] {
        let mut command = place.command();
        command.args(["sign", "list.slist"]).env(name, value);
        let run: Run = command.output().unwrap().into();
        hides(&run, &secrets, name);
    }
}

#[test]
fn a_key_in_the_settings_file_is_not_repeated() {
    let (place, secrets) = place();
    let text = |name: &str| String::from_utf8(place.read(name)).unwrap();
    for key in [
        text("key.pem"),
        text("key.jwk"),
        SEED.to_owned(),
        SEED_BASE64.to_owned(),
        text("key.pem").lines().nth(1).unwrap().to_owned(),
    ] {
        for settings in [
            format!("[keys]\nsigning = '''{key}'''\n"),
            format!("[keys]\nsigning = {key}\n"),
            format!("[keys]\n{key}\n"),
            format!("{key} = 1\n"),
        ] {
            place.write("statuslist.toml", &settings);
            for line in ["sign list.slist", "inspect list.slist --json"] {
                let run = place.line(line);
                hides(&run, &secrets, &settings);
                assert_eq!(run.code, 1, "{settings}: {}", run.stderr);
            }
        }
    }
    place.write("statuslist.toml", format!("[keys]\nsigning = '{SEED}'\n"));
    place.refuses(
        "sign list.slist",
        snapbox::str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:11: signing: it looks like a key itself
hint: name the file of the key, or env:NAME
--- exit 1

"#]],
    );
    // The name of a file may look like a key.
    place.copy_key(PRIVATE_KEY, SEED);
    place.done("sign list.slist");
}

#[test]
fn a_key_that_is_read_as_a_batch_is_not_repeated() {
    let (place, secrets) = place();
    let pem = String::from_utf8(place.read("key.pem")).unwrap();
    let jwk: serde_json::Value = serde_json::from_slice(&place.read("key.jwk")).unwrap();
    place.write("body.pem", pem.lines().nth(1).unwrap());
    place.write(
        "end.pem",
        pem.lines().skip(1).collect::<Vec<_>>().join("\n"),
    );
    place.write("key.json", serde_json::to_string_pretty(&jwk).unwrap());
    place.write("set.json", format!("{{\"keys\":[{jwk}]}}"));
    place.write("spaces.pem", format!("\n \n{pem}"));
    place.write("raw", (0..32).collect::<Vec<u8>>());
    for name in [
        "key.pem",
        "key.jwk",
        "key.json",
        "set.json",
        "seed",
        "seed64",
        "body.pem",
        "end.pem",
        "spaces.pem",
        "raw",
    ] {
        for form in [
            "",
            "--input jsonl",
            "--input json",
            "--input csv",
            "--input entries",
        ] {
            for more in ["--status revoked", "--json"] {
                let line = format!("batch list.slist {name} {form} {more}");
                let run = place.line(&line);
                hides(&run, &secrets, &line);
                assert_eq!(run.code, 1, "{line}: {}", run.stderr);
            }
        }
    }
    place.refuses(
        "batch list.slist key.pem",
        snapbox::str![[r#"
--- stderr
error: the batch looks like a key
because: nothing of it is shown, in case it is one
hint: name the file with the operations
--- exit 1

"#]],
    );
    // One among the lines: it is not shown either.
    let body = pem.lines().nth(1).unwrap();
    for text in [
        format!("id:a\n{body}\n{SEED}\n"),
        format!(
            "{{\"op\":\"set\",\"idx\":\"{body}\"}}\n{{\"op\":\"set\",\"tokenId\":5,\"{SEED}\":1}}\n"
        ),
        format!("op,{SEED}\nset,1\n"),
        format!("op,status\nset,{body}\n{SEED},1\n"),
    ] {
        place.write("ops", &text);
        hides(&place.line("batch list.slist ops"), &secrets, &text);
    }
}

#[test]
fn nothing_is_repeated_beyond_200_characters() {
    let place = Place::with_list();
    let long = "x y".repeat(2000);
    let shown = "x y".repeat(67);
    let lines = [
        vec!["get", "list.slist", &long],
        vec!["get", &long, "0/1"],
        vec!["inspect", &long],
        vec!["set", "list.slist", "0/1", &long],
        vec!["set", "list.slist", "0/1", "1", "--reason", &long],
        vec!["set", "list.slist", "0/1", "1", "--revoked-at", &long],
        vec!["configure", "list.slist", "--ttl", &long],
        vec!["sign", "list.slist", "--key", &long],
        vec!["batch", "list.slist", &long],
        vec![&long],
    ];
    for line in &lines {
        for json in [&[][..], &["--json"]] {
            let run = place.run(&[&line[..], json].concat());
            assert_ne!(run.code, 0);
            assert!(!run.stderr.contains(&shown), "{}", run.stderr);
        }
    }
    for text in [
        long.clone(),
        format!("op,{long}\n"),
        format!("op,status\nset,{long}\n{long},1\n"),
        format!(
            "op,idx,status,if,reason,revokedAt\nset,{long},1,1,kc,\nset,1,1,1,{long},\nset,1,1,1,kc,{long}\n"
        ),
        format!(
            "{{\"op\":\"{long}\"}}\n{{\"{long}\":1}}\n{{\"op\":5,\"count\":\"{long}\"}}\n{{\"idx\":{{\"{long}\":1}}}}\n"
        ),
        format!("{{\"op\":\"set\",\"uri\":\"{long}\",\"idx\":1,\"status\":1}}\n"),
        format!(
            "{{\"op\":\"set\",\"tokenId\":\"{}\",\"status\":1}}\n",
            &long[..1000]
        ),
        format!(
            "{{\"credentialId\":\"a\",\"credentialStatus\":{{\"type\":\"{long}\"}}}}\n{{\"credentialId\":\"a\",\"credentialStatus\":{{\"purpose\":\"{long}\"}}}}\n"
        ),
    ] {
        place.write("ops", &text);
        for line in ["batch list.slist ops", "batch list.slist ops --json"] {
            let run = place.line(line);
            assert_eq!(run.code, 1, "{text:.40}");
            assert!(!run.stderr.contains(&shown), "{text:.40}: {}", run.stderr);
        }
    }
    place.write("statuslist.toml", format!("[keys]\n'{long}' = 1\n"));
    let run = place.line("inspect list.slist");
    assert!(
        run.code == 1 && !run.stderr.contains(&shown),
        "{}",
        run.stderr
    );
}

#[test]
fn a_crash_leaves_no_core_with_keys() {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    let run = place.line(
        "sign list.slist --key public.pem --signer-command 'while read -r line; do echo \"$line\"; done </proc/$PPID/limits >limits'",
    );
    assert_ne!(run.code, 0);
    let limits = String::from_utf8(place.read("limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let soft = core.unwrap().split_whitespace().nth(4);
    assert_eq!(soft, Some("0"), "{limits}");
}

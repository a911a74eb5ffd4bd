//! Keys over the years: whatever a cache may hold verifies with the keys that the site shows.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;
use snapbox::str;

use crate::harness::{Place, Run};

const DAY: i64 = 86_400;

/// 2025-01-01T00:00:00Z.
const START: i64 = 1_735_689_600;

const PUBLISH: &str = "publish a.slist b.slist --to site";

/// A site of two list files: JWTs, CWTs and embedded proofs of one, credentials in JWTs of the other.
struct Years {
    place: Place,
    now: i64,
    /// Every token that was published, by its bytes: its path and when it expires.
    cached: BTreeMap<Vec<u8>, Cached>,
    /// What was verified before: a token and a key set.
    verified: HashSet<(Vec<u8>, Vec<u8>)>,
}

#[derive(Clone)]
struct Cached {
    path: String,
    expires_at: i64,
}

impl Years {
    fn new() -> Self {
        let place = Place::new();
        for key in ["k0", "k1", "k2", "k3", "k4"] {
            place.done(&format!("keygen {key}.pem"));
        }
        let issuer = "--issuer did:web:example.com --size 1000 --ttl 6h";
        for init in [
            format!(
                "init a.slist --uri https://example.com/a/{{n}}.jwt {issuer} --as jwt,cwt,bitstring"
            ),
            format!(
                "init b.slist --uri https://example.com/b/{{n}}.json {issuer} --as bitstring \
                 --proof jwt"
            ),
        ] {
            let run = at(&place, START, &init);
            assert_eq!(run.code, 0, "{}", run.stderr);
        }
        Self {
            place,
            now: START,
            cached: BTreeMap::new(),
            verified: HashSet::new(),
        }
    }

    /// Which key signs, and which is announced.
    fn settings(&self, signing: usize, next: Option<usize>) {
        let mut text = format!("[keys]\nuse = 'k{signing}'\n");
        if let Some(next) = next {
            text += &format!("next = 'k{next}'\n");
        }
        for key in 0..5 {
            text += &format!("[keys.k{key}]\nsigning = 'k{key}.pem'\n");
        }
        self.place.write("statuslist.toml", text);
    }

    fn run(&self, line: &str) -> Run {
        at(&self.place, self.now, line)
    }

    /// Publishes, and looks at everything that a cache may hold.
    fn publish(&mut self, line: &str) {
        let run = self.run(line);
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        self.collect();
        self.verify();
    }

    fn manifest(&self) -> Value {
        serde_json::from_slice(&self.place.read("site/statuslist-manifest.json")).unwrap()
    }

    fn collect(&mut self) {
        for (path, entry) in self.manifest()["entries"].as_object().unwrap() {
            if let Some(expires_at) = entry["exp"].as_i64() {
                let bytes = self.place.read(&format!("site/{path}"));
                let path = path.clone();
                self.cached.insert(bytes, Cached { path, expires_at });
            }
        }
        let now = self.now;
        self.cached.retain(|_, cached| cached.expires_at > now);
    }

    fn verify(&mut self) {
        let keys = self.place.read("site/jwks.json");
        for (bytes, cached) in &self.cached {
            if self.verified.insert((bytes.clone(), keys.clone())) {
                assert!(
                    verifies(&self.place, self.now, bytes),
                    "{} that expires at {} at {}",
                    cached.path,
                    cached.expires_at,
                    self.now
                );
            }
        }
        assert_eq!(self.shown(), thumbprints_of_did(&self.place));
    }

    /// The thumbprints of the keys that the site shows.
    fn shown(&self) -> BTreeSet<String> {
        let keys: Value = serde_json::from_slice(&self.place.read("site/jwks.json")).unwrap();
        let keys = keys["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect()
    }

    fn thumbprint(&self, key: usize) -> String {
        self.settings(key, None);
        let run = self.run("sign a.slist --as jwt --list 0 --json");
        let answer: Value = serde_json::from_str(&run.stdout).unwrap();
        let token = answer["token"].as_str().unwrap();
        let header = token.split('.').next().unwrap();
        self.place.write("token", token);
        let Ok(token) = statuslist::sign::parse_compact(token.as_bytes()) else {
            panic!("{header}");
        };
        token.header()["kid"].as_str().unwrap().to_owned()
    }
}

fn at(place: &Place, now: i64, line: &str) -> Run {
    let mut command = place.command();
    command.env("STATUSLIST_NOW", format!("@{now}"));
    command.args(line.split_whitespace());
    command.output().unwrap().into()
}

fn verifies(place: &Place, now: i64, token: &[u8]) -> bool {
    place.write("cached", token);
    let run = at(place, now, "inspect cached --jwks site/jwks.json");
    run.code == 0
}

fn thumbprints_of_did(place: &Place) -> BTreeSet<String> {
    let document: Value = serde_json::from_slice(&place.read("site/.well-known/did.json")).unwrap();
    let methods = document["verificationMethod"].as_array().unwrap().iter();
    methods
        .filter_map(|method| method["publicKeyJwk"]["kid"].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn three_rotations_and_a_compromise_in_a_year() {
    let mut years = Years::new();
    let thumbprints: Vec<_> = (0..5).map(|key| years.thumbprint(key)).collect();
    let (mut signing, mut next) = (0, None);
    let mut rotations = 0;
    for step in 0..122 {
        years.now = START + step * 3 * DAY;
        let mut line = PUBLISH.to_owned();
        match step {
            // Announced, and six days later in use.
            20 | 60 | 100 => next = Some(signing + 1),
            22 | 62 | 102 => {
                signing = next.take().unwrap();
                rotations += 1;
            }
            80 => {
                line = format!("{PUBLISH} --drop-key {}", thumbprints[signing]);
                signing += 1;
            }
            _ => {}
        }
        years.settings(signing, next);
        if step == 80 {
            let before = std::mem::take(&mut years.cached);
            years.publish(&line);
            assert_eq!(years.cached.len(), 4, "all tokens are new");
            for token in before.keys() {
                assert!(!verifies(&years.place, years.now, token));
            }
        } else {
            years.publish(&line);
        }
        let shown = years.shown();
        assert!(shown.contains(&thumbprints[signing]));
        assert!(step < 80 || !shown.contains(&thumbprints[2]), "{step}");
        if let Some(next) = next {
            assert!(shown.contains(&thumbprints[next]));
        }
        // Nothing is signed for longer than a week.
        if matches!(step, 26 | 66 | 84 | 106) {
            assert_eq!(shown.len(), 1, "{step}: {shown:?}");
        }
    }
    assert_eq!(rotations, 3);
}

#[test]
fn a_key_that_was_announced_too_lately_waits() {
    let mut years = Years::new();
    years.settings(0, Some(1));
    years.publish(PUBLISH);
    years.settings(1, None);
    years.now += 3600;
    let name = years.thumbprint(1);
    let run = years.run(PUBLISH);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        format!(
            "error: the key '{name}' signs nothing before 2025-01-01T06:00:00Z\n\
             because: it was announced at 2025-01-01T00:00:00Z, and readers may still have the keys \
             from before\n\
             hint: publish with it from then on; to sign with it all the same: --new-key\n"
        )
    );
    years.publish(&format!("{PUBLISH} -n --new-key"));
    years.now = START + 6 * 3600;
    years.publish(PUBLISH);
}

#[test]
fn a_key_that_was_not_announced_still_needs_new_key() {
    let mut years = Years::new();
    years.settings(0, None);
    years.publish(PUBLISH);
    years.settings(1, None);
    years.now += DAY;
    let before = years.place.files();
    let run = years.run(PUBLISH);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("another key signed what is there"),
        "{}",
        run.stderr
    );
    assert!(before == years.place.files());
    years.publish(&format!("{PUBLISH} --new-key"));
    assert_eq!(years.shown().len(), 2);
}

#[test]
fn a_key_that_is_still_needed_is_not_dropped() {
    let mut years = Years::new();
    let first = years.thumbprint(0);
    years.settings(0, None);
    years.publish(PUBLISH);
    years.settings(1, None);
    years.now += DAY;
    let before = years.place.files();
    let run = years.run(&format!("publish a.slist --to site --drop-key {first}"));
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        format!(
            "error: the key '{first}' cannot be taken out\n\
             because: it signed what stays in the site: b/0.json\n\
             hint: give the list files that it is from, all their views, --enveloped where there \
             are envelopes, and --prune for retired lists; or remove it\n"
        )
    );
    let other = format!("{PUBLISH} --as jwt --drop-key {first}");
    assert_eq!(years.run(&other).code, 1, "the other views stay");
    years.settings(0, None);
    let run = years.run(&format!("{PUBLISH} --drop-key {first}"));
    assert_eq!(
        run.stderr,
        format!(
            "error: the key '{first}' cannot be taken out\n\
             because: it is the one that signs\n\
             hint: sign with another: --key FILE\n"
        )
    );
    years.settings(1, Some(0));
    let run = years.run(&format!("{PUBLISH} --drop-key {first}"));
    assert!(run.stderr.contains("cannot be announced"), "{}", run.stderr);
    years.settings(1, None);
    let run = years.run(&format!("{PUBLISH} --drop-key nobody"));
    assert_eq!(
        run.stderr,
        format!("error: the site shows no key 'nobody'\nbecause: its keys are {first}\n")
    );
    years.settings(0, None);
    assert!(
        before
            .iter()
            .filter(|(path, _)| path.to_string_lossy().contains("site/"))
            .all(|(path, bytes)| years.place.files().get(path) == Some(bytes))
    );
}

#[test]
fn a_key_that_was_dropped_comes_back_neither_by_a_file_nor_by_a_secret() {
    let mut years = Years::new();
    let first = years.thumbprint(0);
    years.settings(0, None);
    years.publish(PUBLISH);
    let old = years.place.read("site/jwks.json");
    years.settings(1, None);
    years.now += DAY;
    years.cached.clear();
    years.publish(&format!("{PUBLISH} --drop-key {first}"));
    assert!(!years.shown().contains(&first));
    // To say it again is no fault, and changes nothing.
    let before = years.place.files();
    years.publish(&format!("{PUBLISH} --drop-key {first}"));
    assert!(before == years.place.files());

    years.settings(0, None);
    let run = years.run(PUBLISH);
    assert_eq!(
        run.stderr,
        format!(
            "error: the key '{first}' signs nothing more\n\
             because: it was taken out of the site at 2025-01-02T00:00:00Z, for good\n\
             hint: sign with another; if nobody else can have it: --new-key\n"
        )
    );
    years.settings(1, None);
    years.place.write("site/jwks.json", old);
    let run = years.run(PUBLISH);
    assert_eq!(
        (run.code, run.stderr.contains("jwks.json")),
        (0, false),
        "{}",
        run.stderr
    );
    assert!(!years.shown().contains(&first));
}

/// Version 0.1.0 left no word of keys, and kept all of them in `jwks.json`.
#[test]
fn a_site_of_the_version_before_keeps_keys_of_which_nobody_knows() {
    let mut years = Years::new();
    years.settings(0, None);
    years.publish(PUBLISH);
    years.now += DAY;
    years.settings(1, None);
    years.publish(&format!("{PUBLISH} --new-key --renew"));
    let keys = years.shown();
    assert_eq!(keys.len(), 2);
    let mut manifest = years.manifest();
    manifest["schema"] = 1.into();
    manifest.as_object_mut().unwrap().remove("keys");
    for entry in manifest["entries"].as_object_mut().unwrap().values_mut() {
        entry.as_object_mut().unwrap().remove("key");
    }
    let text = manifest.to_string();
    years.place.write("site/statuslist-manifest.json", &text);
    years.now += DAY;
    years.publish(PUBLISH);
    years.now += 365 * DAY;
    years.publish(PUBLISH);
    assert_eq!(
        years.shown(),
        keys,
        "nobody knows until when the first one is needed"
    );
    let first = years.thumbprint(0);
    years.settings(1, None);
    years.publish(&format!("{PUBLISH} --drop-key {first}"));
    assert_eq!(years.shown().len(), 1);
}

#[test]
fn hostile_manifests_show_no_keys() {
    let mut years = Years::new();
    years.settings(0, None);
    years.publish(PUBLISH);
    let good = String::from_utf8(years.place.read("site/statuslist-manifest.json")).unwrap();
    for (from, to, reason) in [
        (
            "\"kty\": \"EC\"",
            "\"kty\": \"EC\", \"d\": \"AQAB\"",
            "unknown field `d`",
        ),
        (
            "\"since\":",
            "\"revision\": 7, \"since\":",
            "unknown field `revision`",
        ),
        (
            "\"crv\": \"P-256\"",
            "\"crv\": \"P-384\"",
            "must not be replaced",
        ),
        (
            "\"use\": \"sig\"",
            "\"use\": \"enc\"",
            "must not be replaced",
        ),
        ("\"schema\": 2", "\"schema\": 3", "newer version"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good);
        years.place.write("site/statuslist-manifest.json", &bad);
        let before = years.place.files();
        let run = years.run(PUBLISH);
        assert_ne!(run.code, 0);
        assert!(run.stderr.contains(reason), "{reason}: {}", run.stderr);
        assert!(before == years.place.files());
    }
    years.place.write("site/statuslist-manifest.json", &good);
    let mut set: Value = serde_json::from_slice(&years.place.read("site/jwks.json")).unwrap();
    set["keys"][0]["d"] = "AQAB".into();
    years.place.write("site/jwks.json", set.to_string());
    let run = years.run(PUBLISH);
    assert_ne!(run.code, 0);
    assert!(
        run.stderr.contains("'site/jwks.json' must not be replaced"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_pin_chooses_the_key_of_a_view_a_list_or_a_file() {
    let place = Place::with_list();
    place.done("keygen other.pem --alg ES384");
    place.done("configure list.slist --add-view cwt");
    place.write(
        "statuslist.toml",
        "[keys]\nsigning = 'key.pem'\n[keys.mdoc]\nsigning = 'other.pem'\nkid = 'mdoc'\n\
         [[keys.pin]]\nkey = 'mdoc'\nview = 'cwt'\n",
    );
    place.done("publish list.slist --to site");
    let alg = |line: &str| {
        let judged: Value = serde_json::from_str(&place.done(line)).unwrap();
        judged["header"]["alg"].as_str().unwrap().to_owned()
    };
    let inspect = |name: &str| {
        alg(&format!(
            "inspect site/statuslists/0.{name} --jwks site/jwks.json --json"
        ))
    };
    assert_eq!(
        (inspect("jwt").as_str(), inspect("cwt").as_str()),
        ("ES256", "ES384")
    );
    place.done("sign list.slist --as cwt -o cwt");
    assert_eq!(alg("inspect cwt --jwks site/jwks.json --json"), "ES384");
    place.done("sign list.slist --as cwt -o cwt --key key.pem");
    assert_eq!(alg("inspect cwt --jwks site/jwks.json --json"), "ES256");
    // Nothing is written twice because of it.
    let before = place.files();
    place.done("publish list.slist --to site");
    assert!(before == place.files());
}

#[test]
fn keys_in_the_settings_file_are_read_strictly() {
    let place = Place::with_list();
    for (keys, expected) in [
        (
            "use = 'b'\n[keys.a]\nsigning = 'key.pem'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:7: use: no table [keys.NAME] has this name
hint: the names are a
--- exit 1

"#]],
        ),
        (
            "signing = 'key.pem'\nuse = 'a'\n[keys.a]\nsigning = 'key.pem'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:3:7: use: the table says signing of a key of its own
--- exit 1

"#]],
        ),
        (
            "use = 'a'\nnext = ['a']\n[keys.a]\nsigning = 'key.pem'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:3:9: next: the key 'a' signs already
--- exit 1

"#]],
        ),
        (
            "[keys.a]\nkid = 'x'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:7: the key 'a' has no signing
--- exit 1

"#]],
        ),
        (
            "[keys.'a b']\nsigning = 'key.pem'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:7: the name of a key has 1 to 64 letters, digits, hyphens, underscores and dots
--- exit 1

"#]],
        ),
        (
            "[keys.a]\nsigning = 'key.pem'\ncret = 'x'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:4:1: unknown member 'cret'
hint: did you mean 'cert'? the names are signing, signer-command, kid, cert, eku
--- exit 1

"#]],
        ),
        (
            "sining = 'key.pem'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:1: unknown member 'sining'
hint: did you mean 'signing'? the names are signing, signer-command, kid, cert, eku, use, next, pin
--- exit 1

"#]],
        ),
        (
            "[keys.pin]\nkey = 'a'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:2:1: keys.pin is a table, not an array of tables
--- exit 1

"#]],
        ),
        (
            "[keys.a]\nsigning = 'key.pem'\n[[keys.pin]]\nkey = 'a'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:4:1: pin: it does not say which tokens it is for
hint: file, issuer, list or view; for all of them: use = NAME
--- exit 1

"#]],
        ),
        (
            "[keys.a]\nsigning = 'key.pem'\n[[keys.pin]]\nkey = 'b'\nview = 'cwt'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:5:7: key: no table [keys.NAME] has this name
hint: the names are a
--- exit 1

"#]],
        ),
        (
            "[keys.a]\nsigning = 'key.pem'\n[[keys.pin]]\nkey = 'a'\nview = 'paper'\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:6:8: view: 'paper' is not a view: jwt, cwt, bitstring.revocation, bitstring.suspension, bitstring.message, bitstring.refresh, statuslist2021.revocation, statuslist2021.suspension, revocationlist2020, oa-ocsp
--- exit 1

"#]],
        ),
        (
            "[keys.a]\nsigning = 'key.pem'\n[keys.b]\nsigning = 'key.pem'\n\
             [[keys.pin]]\nkey = 'a'\nview = 'cwt'\n[[keys.pin]]\nkey = 'b'\nlist = 3\n",
            str![[r#"
--- stderr
error: cannot use the settings file 'statuslist.toml'
because: statuslist.toml:9:1: pin: some tokens would be for 'b' and, by pin 1, for 'a'
hint: let one of them say more exactly which tokens it is for
--- exit 1

"#]],
        ),
    ] {
        place.write("statuslist.toml", format!("[keys]\n{keys}"));
        place.refuses("publish list.slist --to site", expected);
    }
}

//! A simulated year of one series: lists fill up and take turns, holders lose their devices, labels
//! come later, lists retire; five writers at once, and some of their processes are killed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flate2::read::ZlibDecoder;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::Place;

const FILE: &str = "l";
const WRITERS: u64 = 5;
const MONTHS: usize = 12;
/// Entries of each list: with what is handed out in a month, about three lists fill up.
const SIZE: u64 = 40;
/// What credentials of a month have left, in months.
const LIFETIME: usize = 4;

/// A credential, as its issuer knows it.
#[derive(Clone, Debug)]
struct Credential {
    token: String,
    list: String,
    index: u64,
    uri: String,
    status: u64,
    /// The month at whose beginning it expires.
    expires: usize,
    group: Option<String>,
}

/// One of those who write at the same time, in a month.
struct Writer<'a> {
    place: &'a Place,
    number: u64,
    month: usize,
    random: u64,
    step: u32,
    credentials: Vec<Credential>,
    kills: u32,
}

/// The beginning of a month of the year.
fn beginning(month: usize) -> String {
    let year = 2024 + month / MONTHS;
    format!("{year}-{:02}-01T00:00:00Z", month % MONTHS + 1)
}

impl Writer<'_> {
    /// A number below a limit, by xorshift64.
    fn below(&mut self, limit: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % limit
    }

    /// Runs a command under an operation id of its own until it is done; it may be killed first.
    fn done(&mut self, arguments: &[&str]) -> String {
        self.step += 1;
        let id = format!("{}-{}-{}", self.month, self.number, self.step);
        let now = beginning(self.month);
        let place = self.place;
        let command = || {
            let mut command = place.command();
            command.args(arguments).args(["--op-id", &id, "-q"]);
            command.env("STATUSLIST_NOW", &now);
            command
        };
        if self.below(4) == 0 {
            let child = command()
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn();
            let mut child = child.unwrap();
            thread::sleep(Duration::from_micros(self.below(20_000)));
            let process = rustix::process::Pid::from_child(&child);
            let _ = rustix::process::kill_process(process, Signal::KILL);
            child.wait().unwrap();
            self.kills += 1;
        }
        for _ in 0..20 {
            let output = command().output().unwrap();
            match output.status.code() {
                Some(0) => return String::from_utf8(output.stdout).unwrap(),
                Some(3) => thread::sleep(Duration::from_millis(5)),
                code => panic!(
                    "{arguments:?}: {code:?} {}",
                    String::from_utf8_lossy(&output.stderr)
                ),
            }
        }
        panic!("{arguments:?}: busy");
    }

    fn batch(&mut self, lines: &[Value]) -> Vec<Value> {
        let name = format!("ops-{}.jsonl", self.number);
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.place.write(&name, text);
        let printed = self.done(&["batch", FILE, &name]);
        let lines = printed.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn remember(&mut self, token: String, entry: &Value, group: Option<String>) {
        let text = |name: &str| entry[name].as_str().unwrap().to_owned();
        self.credentials.push(Credential {
            token,
            list: text("listId"),
            index: entry["idx"].as_u64().unwrap(),
            uri: text("uri"),
            status: 0,
            expires: self.month + LIFETIME,
            group,
        });
    }

    /// Credentials of a month: some by themselves, some as copies for a holder's device, some made
    /// from entries that were taken in advance.
    fn issue(&mut self) {
        let expires = beginning(self.month + LIFETIME);
        let (number, month) = (self.number, self.month);
        let single = |n: u64| (format!("{month}-{number}-{n}"), None);
        let copy = |n: u64| {
            let token = format!("{month}-{number}-copy-{n}");
            (token, Some(format!("device-{month}-{number}")))
        };
        let names: Vec<_> = (0..12).map(single).chain((0..6).map(copy)).collect();
        let lines: Vec<_> = names
            .iter()
            .map(|(token, group)| {
                let mut line = json!({"op": "allocate", "tokenId": token, "expiresAt": expires});
                if let Some(group) = group {
                    line["group"] = json!(group);
                }
                line
            })
            .collect();
        let results = self.batch(&lines);
        assert_eq!(results.len(), names.len());
        for ((token, group), result) in names.into_iter().zip(&results) {
            self.remember(token, result, group);
        }
        let entries = self.done(&["allocate", FILE, "--count", "3", "--json"]);
        let entries: Value = serde_json::from_str(&entries).unwrap();
        for (n, entry) in (0..).zip(entries["allocations"].as_array().unwrap()) {
            let token = format!("{month}-{number}-label-{n}");
            let name = format!("{}/{}", entry["listId"].as_str().unwrap(), entry["idx"]);
            let line = [
                "label",
                FILE,
                &name,
                "--token-id",
                &token,
                "--expires-at",
                &expires,
            ];
            self.done(&line);
            self.remember(token, entry, None);
        }
    }

    /// Some of what was issued, and has not expired, gets another status.
    fn change(&mut self) {
        let month = self.month;
        let mut lines = Vec::new();
        for at in 0..self.credentials.len() {
            let credential = &self.credentials[at];
            let is_valid = credential.expires > month && credential.group.is_none();
            if !is_valid || credential.status == 1 || self.below(9) > 0 {
                continue;
            }
            let status = match self.credentials[at].status {
                0 => 1 + self.below(2),
                _ => self.below(2),
            };
            self.credentials[at].status = status;
            let name = if self.below(2) == 0 {
                json!({"op": "set", "tokenId": self.credentials[at].token, "status": status})
            } else {
                json!({
                    "op": "set", "uri": self.credentials[at].uri,
                    "idx": self.credentials[at].index, "status": status,
                })
            };
            lines.push(name);
        }
        if !lines.is_empty() {
            self.batch(&lines);
        }
        // A holder loses a device.
        let lost = format!("device-{month}-{}", self.number);
        let status = if self.below(2) == 0 {
            "suspended"
        } else {
            "revoked"
        };
        let copies = self.credentials.iter_mut();
        let copies = copies.filter(|one| one.group.as_deref() == Some(&lost));
        let mut count = 0;
        for copy in copies {
            copy.status = if status == "revoked" { 1 } else { 2 };
            count += 1;
        }
        assert_eq!(count, 6);
        self.done(&["set", FILE, &format!("group:{lost}"), status]);
    }
}

#[test]
fn a_year_of_issuance_loses_nothing_and_gives_nothing_twice() {
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    let at = |month: usize, line: &str| {
        let mut command = place.command();
        command
            .args(line.split(' '))
            .env("STATUSLIST_NOW", beginning(month));
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{line}: {said}");
    };
    let size = SIZE.to_string();
    at(
        0,
        &format!(
            "init {FILE} --uri https://example.com/{{n}}.jwt --size {size} --bits 2 --open 2 --spare 2 -q"
        ),
    );
    let publish = "publish l --to site --key key.pem -q";
    let mut writers: BTreeMap<u64, Vec<Credential>> = BTreeMap::new();
    let mut kills = 0;
    for month in 0..MONTHS {
        let of_month = thread::scope(|scope| {
            let running: Vec<_> = (0..WRITERS)
                .map(|number| {
                    let place = &place;
                    let credentials = writers.remove(&number).unwrap_or_default();
                    scope.spawn(move || {
                        let mut writer = Writer {
                            place,
                            number,
                            month,
                            random: 0x9E37_79B9_7F4A_7C15 ^ ((number << 32) | (month as u64 + 1)),
                            step: 0,
                            credentials,
                            kills: 0,
                        };
                        writer.issue();
                        writer.change();
                        (number, writer.credentials, writer.kills)
                    })
                })
                .collect();
            at(month, publish);
            let ended = running.into_iter().map(|writer| writer.join().unwrap());
            ended.collect::<Vec<_>>()
        });
        for (number, credentials, killed) in of_month {
            writers.insert(number, credentials);
            kills += killed;
        }
        at(month, publish);
        at(month, "retire l --due -q");
        if month % 4 == 3 {
            at(month, "roll l -q");
        }
    }
    let end = MONTHS - 1;
    at(end, publish);
    assert!(kills > 20, "{kills} kills");
    at(end, "inspect l -q");

    let shown = place.json(&["inspect", FILE, "--json"]);
    let lists = shown["lists"].as_array().unwrap();
    let in_state = |state: &str| lists.iter().filter(|list| list["state"] == state).count();
    assert!(lists.len() >= 34, "{} lists", lists.len());
    assert!(in_state("retired") >= 10, "{} retired", in_state("retired"));
    assert_eq!((in_state("open"), in_state("spare")), (2, 2));
    let retired: BTreeSet<_> = lists
        .iter()
        .filter(|list| list["state"] == "retired")
        .map(|list| list["listId"].as_str().unwrap())
        .collect();

    let mut given = BTreeSet::new();
    let mut tokens: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let credentials: Vec<_> = writers.values().flatten().collect();
    assert_eq!(
        credentials.len(),
        MONTHS * usize::try_from(WRITERS).unwrap() * 21
    );
    for credential in &credentials {
        let entry = (credential.list.as_str(), credential.index);
        assert!(given.insert(entry), "{entry:?} was given twice");
        let name = format!("id:{}", credential.token);
        if retired.contains(credential.list.as_str()) {
            assert!(credential.expires <= end, "{credential:?} is not published");
        }
        let statuses = tokens
            .entry(credential.uri.clone())
            .or_insert_with(|| published(&place, &credential.uri));
        let index = usize::try_from(credential.index).unwrap();
        let status = statuses[index / 4] >> (2 * (index % 4)) & 3;
        assert_eq!(
            u64::from(status),
            credential.status,
            "{name} {credential:?}"
        );
    }
    // And the list file says so too.
    for credential in credentials.iter().step_by(37) {
        let found = place.json(&["get", FILE, &format!("id:{}", credential.token), "--json"]);
        assert_eq!(found["status"], credential.status);
        assert_eq!(found["idx"], credential.index);
        assert_eq!(found["listId"], credential.list.as_str());
    }
}

/// The packed statuses of a token of the site, read by no code of the program.
fn published(place: &Place, uri: &str) -> Vec<u8> {
    let path = uri.strip_prefix("https://example.com/").unwrap();
    let token = String::from_utf8(place.read(&format!("site/{path}"))).unwrap();
    let payload = token.split('.').nth(1).unwrap();
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap();
    let payload: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(payload["sub"], uri);
    assert_eq!(payload["status_list"]["bits"], 2);
    let list = payload["status_list"]["lst"].as_str().unwrap();
    let list = BASE64_URL_SAFE_NO_PAD.decode(list).unwrap();
    let mut statuses = Vec::new();
    ZlibDecoder::new(list.as_slice())
        .read_to_end(&mut statuses)
        .unwrap();
    statuses
}

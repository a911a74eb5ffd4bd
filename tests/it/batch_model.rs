//! Batches against a model that applies the lines one after the other.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};
use statuslist::list::{Permutation, Seed};

use crate::harness::{Place, Run};

const SIZE: u64 = 12;

/// One line of a batch.
#[derive(Clone, Debug)]
enum Line {
    Allocate {
        token: Option<u8>,
        status: Option<u8>,
    },
    Set {
        target: Target,
        status: u8,
        reason: Option<u8>,
        expected: Option<u8>,
    },
    Credential {
        token: u8,
        suspension: bool,
        set: Option<bool>,
    },
}

#[derive(Clone, Debug)]
enum Target {
    Token(u8),
    /// The n-th entry that the list hands out.
    Step(u64),
    Beyond,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Entry {
    status: u8,
    reason: u8,
    set_by: Option<usize>,
}

/// The register, as plainly as it can be written down.
#[derive(Clone)]
struct Model {
    indexes: Vec<u32>,
    entries: BTreeMap<u32, Entry>,
    tokens: BTreeMap<u8, u32>,
    or_existing: bool,
    allow_final: bool,
}

type Refused = &'static str;

impl Model {
    fn new(or_existing: bool, allow_final: bool) -> Self {
        let bytes: Vec<u8> = (0..32).collect();
        let seed = Seed::new(bytes.try_into().unwrap()).derive(0);
        let permutation = Permutation::new(&seed, SIZE).unwrap();
        Self {
            indexes: permutation.indexes_of(0..SIZE).unwrap(),
            entries: BTreeMap::new(),
            tokens: BTreeMap::new(),
            or_existing,
            allow_final,
        }
    }

    fn apply(&mut self, number: usize, line: &Line) -> Result<Value, Refused> {
        match line {
            Line::Allocate { token, status } => self.allocate(*token, *status),
            Line::Set {
                target,
                status,
                reason,
                expected,
            } => {
                let index = self.find(target)?;
                if *status > 3 {
                    return Err("INVALID_STATUS");
                }
                if *status == 1 && matches!(reason, Some(6 | 8)) {
                    return Err("REFUSED");
                }
                if expected.is_some_and(|expected| expected > 3) {
                    return Err("INVALID_STATUS");
                }
                let current = self.entries[&index].status;
                if expected.is_some_and(|expected| expected != current) {
                    return Err("PRECONDITION_FAILED");
                }
                self.set(number, index, *status, *reason)
            }
            Line::Credential {
                token,
                suspension,
                set,
            } => {
                let index = self.find(&Target::Token(*token))?;
                let current = self.entries[&index].status;
                match (suspension, set.unwrap_or(true)) {
                    (false, true) => self.set(number, index, 1, None),
                    (true, true) | (false, false) if current == 1 => Err("FINAL_STATUS"),
                    (true, true) => self.set(number, index, 2, None),
                    (true, false) if current == 2 => self.set(number, index, 0, None),
                    (_, false) => Ok(done(index, current, current, "unchanged")),
                }
            }
        }
    }

    fn allocate(&mut self, token: Option<u8>, status: Option<u8>) -> Result<Value, Refused> {
        let status = status.unwrap_or(0);
        if status > 3 {
            return Err("INVALID_STATUS");
        }
        if let Some(index) = token.and_then(|token| self.tokens.get(&token)) {
            return if self.or_existing {
                Ok(json!({ "op": "allocate", "idx": index, "existing": true }))
            } else {
                Err("DOUBLE_ALLOCATION")
            };
        }
        let Some(index) = self.indexes.get(self.entries.len()).copied() else {
            return Err("CAPACITY_EXCEEDED");
        };
        self.entries.insert(
            index,
            Entry {
                status,
                ..Entry::default()
            },
        );
        if let Some(token) = token {
            self.tokens.insert(token, index);
        }
        Ok(json!({ "op": "allocate", "idx": index, "existing": false }))
    }

    fn find(&self, target: &Target) -> Result<u32, Refused> {
        let index = match target {
            Target::Token(token) => self.tokens.get(token).copied(),
            Target::Step(step) => self.indexes.get(usize::try_from(*step).unwrap()).copied(),
            Target::Beyond => None,
        };
        index
            .filter(|index| self.entries.contains_key(index))
            .ok_or("INDEX_NOT_FOUND")
    }

    fn set(
        &mut self,
        number: usize,
        index: u32,
        status: u8,
        reason: Option<u8>,
    ) -> Result<Value, Refused> {
        let allow_final = self.allow_final;
        let entry = self.entries.get_mut(&index).unwrap();
        let before = entry.status;
        let same = before == status;
        if same && reason.is_none_or(|reason| reason == entry.reason) {
            return Ok(done(index, before, status, "unchanged"));
        }
        if !same && before == 1 && !allow_final {
            return Err("FINAL_STATUS");
        }
        if entry.set_by.is_some() {
            return Err("REFUSED");
        }
        entry.set_by = Some(number);
        entry.status = status;
        entry.reason = reason.unwrap_or(0);
        Ok(done(
            index,
            before,
            status,
            if same { "annotated" } else { "changed" },
        ))
    }
}

fn done(index: u32, before: u8, after: u8, change: &str) -> Value {
    json!({
        "op": "set", "idx": index, "previousStatus": before, "currentStatus": after,
        "change": change,
    })
}

impl Line {
    fn text(&self, indexes: &[u32]) -> String {
        let mut object = match self {
            Self::Allocate { token, status } => json!({
                "op": "allocate", "tokenId": token.map(name), "status": status,
            }),
            Self::Set {
                target,
                status,
                reason,
                expected,
            } => {
                let mut object = json!({
                    "op": "set", "status": status, "if": expected,
                    "reason": reason.map(|reason| reason.to_string()),
                });
                match target {
                    Target::Token(token) => object["tokenId"] = name(*token).into(),
                    Target::Step(step) => {
                        object["listId"] = "0".into();
                        object["idx"] = indexes[usize::try_from(*step).unwrap()].into();
                    }
                    Target::Beyond => object["idx"] = SIZE.into(),
                }
                object
            }
            Self::Credential {
                token,
                suspension,
                set,
            } => json!({
                "credentialId": name(*token),
                "credentialStatus": {
                    "type": "BitstringStatusListEntry",
                    "statusPurpose": if *suspension { "suspension" } else { "revocation" },
                },
                "status": set,
            }),
        };
        object
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        object.to_string()
    }
}

fn name(token: u8) -> String {
    // Both ways of storing a token id.
    if token.is_multiple_of(2) {
        format!("6fa459ea-ee8a-4ca4-894e-db77e16035{token:02x}")
    } else {
        format!("credential-{token}")
    }
}

fn line() -> impl Strategy<Value = Line> {
    let status = prop_oneof![9 => 0_u8..4, 1 => Just(4_u8)];
    let token = 0_u8..8;
    let target = prop_oneof![
        5 => token.clone().prop_map(Target::Token),
        5 => (0..SIZE).prop_map(Target::Step),
        1 => Just(Target::Beyond),
    ];
    let reason = proptest::option::of(prop::sample::select(vec![0_u8, 1, 4, 6, 8]));
    let expected = prop_oneof![4 => Just(None), 1 => (0_u8..5).prop_map(Some)];
    prop_oneof![
        (
            proptest::option::weighted(0.8, token.clone()),
            proptest::option::of(status.clone())
        )
            .prop_map(|(token, status)| Line::Allocate { token, status }),
        (target, status, reason, expected).prop_map(|(target, status, reason, expected)| {
            Line::Set {
                target,
                status,
                reason,
                expected,
            }
        }),
        (token, any::<bool>(), proptest::option::of(any::<bool>())).prop_map(
            |(token, suspension, set)| Line::Credential {
                token,
                suspension,
                set
            }
        ),
    ]
}

fn batch(place: &Place, lines: &[Line], model: &Model, options: &[&str]) -> Run {
    let text: String = lines
        .iter()
        .map(|line| line.text(&model.indexes) + "\n")
        .collect();
    let mut arguments = vec!["--json", "batch", "list.slist", "-"];
    arguments.extend(options);
    if model.or_existing {
        arguments.push("--or-existing");
    }
    if model.allow_final {
        arguments.push("--allow-final");
    }
    place.run_with_input(&arguments, text.as_bytes())
}

/// Applies a batch to the file and to the model, and compares everything that both say.
fn compare(place: &Place, model: &mut Model, lines: &[Line], skip_invalid: bool) {
    for entry in model.entries.values_mut() {
        entry.set_by = None;
    }
    let mut next = model.clone();
    let mut expected = Vec::new();
    let mut faults = Vec::new();
    for (number, line) in (1..).zip(lines) {
        match next.apply(number, line) {
            Ok(mut row) => {
                row["line"] = number.into();
                expected.push(row);
            }
            Err(code) => faults.push((number as u64, code.to_owned())),
        }
    }
    let before = place.read("list.slist");
    let options: &[&str] = if skip_invalid {
        &["--skip-invalid"]
    } else {
        &[]
    };
    let run = batch(place, lines, model, options);
    let refused = !faults.is_empty() && !skip_invalid;
    let code = match (faults.is_empty(), skip_invalid) {
        (true, _) => 0,
        (false, true) => 5,
        (false, false) => 1,
    };
    assert_eq!(run.code, code, "{}\n{lines:?}", run.stderr);
    if !faults.is_empty() {
        let object = run
            .stderr
            .lines()
            .find(|line| line.starts_with('{') && !line.starts_with("{\"warning\""))
            .unwrap();
        let error: Value = serde_json::from_str(object).unwrap();
        let said: BTreeSet<_> = error["details"]["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| {
                (
                    fault["line"].as_u64().unwrap(),
                    fault["code"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        assert_eq!(
            said,
            faults.iter().cloned().collect(),
            "{}\n{lines:?}",
            run.stderr
        );
    }
    if refused {
        assert_eq!(run.stdout, "");
        assert!(
            before == place.read("list.slist"),
            "a refused batch changed the file"
        );
        return;
    }
    let rows: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), expected.len());
    for (row, expected) in rows.iter().zip(&expected) {
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&row[name], value, "{name} of {row}\n{lines:?}");
        }
    }
    *model = next;
    check_state(place, model);
}

/// Every entry has the status and the reason that the model says, and the file agrees with
/// itself.
fn check_state(place: &Place, model: &Model) {
    let report = place.json(&["--json", "inspect", "list.slist"]);
    assert_eq!(report["lists"][0]["allocated"], model.entries.len());
    if model.entries.is_empty() {
        return;
    }
    let mut arguments = vec![
        "--json".to_owned(),
        "get".to_owned(),
        "list.slist".to_owned(),
    ];
    arguments.extend(model.entries.keys().map(|index| format!("0/{index}")));
    let report = place.json(&arguments);
    let entries = match report.get("entries") {
        Some(Value::Array(entries)) => entries.clone(),
        _ => vec![report],
    };
    for (entry, (index, expected)) in entries.iter().zip(&model.entries) {
        assert_eq!(entry["idx"], *index);
        assert_eq!(entry["status"], expected.status, "entry {index}");
        let names = [
            "unspecified",
            "keyCompromise",
            "",
            "",
            "superseded",
            "",
            "certificateHold",
            "",
            "removeFromCRL",
        ];
        assert_eq!(
            entry["reason"],
            names[usize::from(expected.reason)],
            "entry {index}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_batch_is_its_lines_one_after_the_other(
        batches in prop::collection::vec((prop::collection::vec(line(), 1..14), any::<bool>()), 1..4),
        or_existing: bool,
        allow_final: bool,
    ) {
        let place = Place::with_list_of(2, SIZE);
        let mut model = Model::new(or_existing, allow_final);
        for (lines, skip_invalid) in &batches {
            compare(&place, &mut model, lines, *skip_invalid);
        }
    }

    #[test]
    fn a_repeated_batch_says_the_same_and_changes_nothing(
        first in prop::collection::vec(line(), 0..8),
        lines in prop::collection::vec(line(), 1..14),
        later in prop::collection::vec(line(), 0..8),
        or_existing: bool,
    ) {
        let place = Place::with_list_of(2, SIZE);
        let model = Model::new(or_existing, true);
        batch(&place, &first, &model, &["--skip-invalid"]);
        let options = ["--skip-invalid", "--op-id", "one"];
        let run = batch(&place, &lines, &model, &options);
        batch(&place, &later, &model, &["--skip-invalid"]);
        let before = place.read("list.slist");
        let again = batch(&place, &lines, &model, &options);
        prop_assert_eq!(run.code, again.code, "{}", again.stderr);
        prop_assert_eq!(run.stdout, again.of_the_first_time());
        prop_assert!(before == place.read("list.slist"));
    }
}

//! The policy of regeneration: what the settings file, variables and options may say of it.

use snapbox::str;

use crate::harness::Place;

/// What is said of a settings file with this table.
fn refusal(table: &str) -> String {
    let place = Place::with_list();
    place.write("statuslist.toml", format!("[regeneration]\n{table}\n"));
    let output = place
        .command()
        .args(["inspect", "list.slist"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{table}");
    assert!(output.stdout.is_empty(), "{table}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let first = "error: cannot use the settings file 'statuslist.toml'\nbecause: statuslist.toml:";
    let rest = stderr.strip_prefix(first);
    rest.unwrap_or_else(|| panic!("{table}: {stderr}"))
        .to_owned()
}

#[test]
fn what_cannot_be_a_policy_is_refused_with_its_place() {
    let cases = [
        (
            "strategy = 'hourly'",
            "2:12: strategy: there is no such strategy; there are: on-demand, periodic, batched, hybrid\n",
        ),
        (
            "strategy = 1",
            "2:12: strategy is a whole number, and should be a text\n",
        ),
        (
            "strategy = 'periodic'\nperiodic-interval = 0",
            "3:21: periodic-interval: '0' is not a whole number of seconds from 1 second to 100 years\n",
        ),
        (
            "strategy = 'batched'\nbatch-window = 'soon'",
            "3:16: batch-window: 'soon' is not a length of time\n",
        ),
        (
            "strategy = 'batched'\nmax-batch-size = 0",
            "3:18: max-batch-size: a whole number from 1 on is needed\n",
        ),
        (
            "strategy = 'batched'\nmax-batch-size = '10'",
            "3:18: max-batch-size is a text, and should be a whole number\n",
        ),
        (
            "strategy = 'hybrid'\nurgent-statuses = ['revoked', 'suspendet']",
            "3:31: urgent-statuses: 'suspendet' is not a status; did you mean 'suspended'?\n",
        ),
        (
            "strategy = 'hybrid'\nurgent-statuses = [256]",
            "3:20: urgent-statuses: status 256 does not fit 8 bits: the largest is 255\n",
        ),
        (
            "strategy = 'hybrid'\nurgent-statuses = []",
            "1:1: changes to urgent statuses are published at once, and there are no urgent statuses\n\
             hint: name some under urgent-statuses, or take strategy = \"periodic\"\n",
        ),
        (
            "periodic-interval = 300",
            "1:1: strategy is missing, without which periodic-interval has no effect\n\
             hint: it is for strategy periodic or hybrid\n",
        ),
        (
            "renew-before = 0",
            "2:16: renew-before: '0' is not a whole number of seconds from 1 second to 100 years\n",
        ),
        (
            "batchWindow = 60",
            "2:1: unknown member 'batchWindow'\n\
             hint: did you mean 'batch-window'? the names are strategy, periodic-interval, \
             batch-window, max-batch-size, urgent-statuses, renew-before\n",
        ),
    ];
    for (table, expected) in cases {
        let refusal = refusal(table);
        let said = refusal.trim_end_matches('\n');
        assert_eq!(said, expected.trim_end_matches('\n'), "{table}");
    }
}

#[test]
fn all_members_together_are_a_policy() {
    let place = Place::with_list();
    for table in [
        "",
        "strategy = 'on-demand'",
        "renew-before = '3d'",
        "strategy = 'hybrid'\nperiodic-interval = 300\nbatch-window = 60\nmax-batch-size = 1000\n\
         urgent-statuses = [1]\nrenew-before = '1d'",
        "strategy = 'hybrid'\nurgent-statuses = 'revoked'",
        "strategy = 'periodic'\nurgent-statuses = []",
    ] {
        place.write("statuslist.toml", format!("[regeneration]\n{table}\n"));
        place.done("inspect list.slist");
    }
}

/// When the token of a site is to be renewed, as `check` says at exit 0 or 1.
fn renews_at(place: &Place, options: &[&str], environment: &[(&str, &str)]) -> String {
    let output = place
        .command()
        .args(["check", "list.slist", "--to", "site", "--json"])
        .args(options)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = answer.to_string();
    let (_, rest) = text
        .split_once("\"dueAt\":\"")
        .unwrap_or_else(|| panic!("{text}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

#[test]
fn an_option_goes_before_a_variable_and_that_before_the_settings_file() {
    let place = Place::with_list();
    place.done("publish list.slist --to site --key key.pem");
    let half = renews_at(&place, &[], &[]);
    place.write("statuslist.toml", "[regeneration]\nrenew-before = '2d'\n");
    let of_file = renews_at(&place, &[], &[]);
    let environment = [("STATUSLIST_RENEW_BEFORE", "1d")];
    let of_variable = renews_at(&place, &[], &environment);
    let of_option = renews_at(&place, &["--renew-before", "1h"], &environment);
    assert!(half < of_file && of_file < of_variable && of_variable < of_option);
}

#[test]
fn an_option_without_effect_is_refused() {
    let place = Place::with_list();
    place.refuses(
        "check list.slist --batch-window 5m",
        str![[r#"
--- stderr
error: --batch-window has no effect
because: every change is published at once unless a strategy is named
hint: --strategy, with batched
--- exit 1

"#]],
    );
}

//! The metrics and the health object of the status-issuer integration guide: every line of each.

use serde_json::json;

use crate::harness::Place;
use crate::loopback::Loopback;
use crate::shapes::{Health, HealthComponents, HealthLists};

/// A place with two published lists, of which one is in reserve, and with a change of each kind, of
/// which the first is published.
fn with_changes() -> Place {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    place.done("configure list.slist --spare 1");
    place.done("publish list.slist --to site --key key.pem");
    place.done("allocate list.slist --count 6");
    place.done("allocate list.slist --token-id a --token-id b");
    place.done("set list.slist id:a revoked --now 2026-01-01T01:00:00Z");
    place.done("publish list.slist --to site --key key.pem --now 2026-01-01T01:02:00Z");
    place.done("set list.slist id:b suspended --now 2026-01-01T02:00:00Z");
    place.done("set list.slist id:b valid --now 2026-01-01T02:00:00Z");
    place
}

/// The samples of a metric, after its name.
fn samples(text: &str, name: &str) -> Vec<String> {
    let name = format!("statuslist_{name}");
    let samples = text.lines().filter_map(|line| line.strip_prefix(&name));
    let samples = samples.filter(|rest| rest.starts_with(['{', ' ']));
    samples.map(str::to_owned).collect()
}

#[track_caller]
fn shows(name: &str, expected: &[&str]) {
    let place = with_changes();
    let line = "check list.slist --to site --metrics --now 2026-01-01T06:00:00Z";
    let text = place.done(line);
    assert_eq!(samples(&text, name), expected, "{text}");
}

#[test]
fn metrics_allocations_total() {
    shows("allocations_total", &[r#"{target="list.slist"} 8"#]);
}

#[test]
fn metrics_allocations_rate() {
    // 8 in the 30 hours since yesterday began.
    let rate = format!(r#"{{target="list.slist"}} {}"#, 8.0 / 108_000.0);
    shows("allocations_rate", &[&rate]);
}

#[test]
fn metrics_updates_total() {
    shows("updates_total", &[r#"{target="list.slist"} 3"#]);
}

#[test]
fn metrics_updates_by_status() {
    shows(
        "updates_by_status",
        &[
            r#"{target="list.slist",status="valid",value="0"} 1"#,
            r#"{target="list.slist",status="invalid",value="1"} 1"#,
            r#"{target="list.slist",status="suspended",value="2"} 1"#,
        ],
    );
}

#[test]
fn metrics_list_utilization() {
    shows(
        "list_utilization",
        &[
            r#"{target="list.slist",list="0"} 0.008"#,
            r#"{target="list.slist",list="1"} 0"#,
        ],
    );
}

#[test]
fn metrics_regeneration_latency() {
    let expected = r#"{target="list.slist",list="0",view="jwt"} 120"#;
    shows("regeneration_latency", &[expected]);
}

#[test]
fn metrics_api_latency() {
    let host = Loopback::new();
    let place = Place::new();
    place.copy_key("test-p256-pkcs8.pem", "key.pem");
    place.done(&format!(
        "init list.slist --uri {}/{{n}}.jwt --size 100",
        host.url
    ));
    place.done("publish list.slist --to site --key key.pem");
    host.serve(place.path("site"));
    let text = place.done("check list.slist --http --metrics");
    let [sample] = &samples(&text, "api_latency")[..] else {
        panic!("{text}");
    };
    let uri = format!(r#"{{target="list.slist",uri="{}/0.jwt"}} "#, host.url);
    let seconds: f64 = sample.strip_prefix(&uri).unwrap().parse().unwrap();
    assert!((0.0..10.0).contains(&seconds), "{sample}");
    let text = place.done("check list.slist --metrics");
    assert!(samples(&text, "api_latency").is_empty());
}

/// The object of a check, some hours after the last change unless it says when; a member that is not
/// known fails the test, but not the status of the check.
fn health(place: &Place, line: &str) -> Health {
    let now = if line.contains("--now") {
        ""
    } else {
        "--now 2026-01-01T06:00:00Z"
    };
    let run = place.line(&format!("{line} {now} --json"));
    match serde_json::from_str(&run.stdout) {
        Ok(health) => health,
        Err(error) => panic!("{line}: {error}: {}", run.stdout),
    }
}

#[test]
fn health_status() {
    let place = with_changes();
    let host = Loopback::new();
    host.serve(place.path("site"));
    let check = "check list.slist --to site --key public.pem";
    assert_eq!(health(&place, check).status, "unknown");
    let late = format!("{check} --now 2026-01-08T00:00:00Z");
    assert_eq!(health(&place, &late).status, "unhealthy");
    let late = format!("{check} --now 2026-01-07T00:00:00Z --fail-on expired");
    assert_eq!(health(&place, &late).status, "degraded");
    let outside = format!("check {}/ --key public.pem", host.url);
    // Its tokens name other uris than those that it was fetched from.
    assert_eq!(health(&place, &outside).status, "unhealthy");
}

#[test]
fn health_version() {
    let place = with_changes();
    let version = health(&place, "check list.slist").version;
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
}

#[test]
fn health_components() {
    let place = with_changes();
    let components = |database: &str, signing: &str, provider: &str| HealthComponents {
        database: database.to_owned(),
        signing: signing.to_owned(),
        provider: provider.to_owned(),
    };
    for (line, expected) in [
        (
            "check list.slist",
            components("healthy", "notChecked", "notChecked"),
        ),
        (
            "check list.slist --to site --key public.pem",
            components("healthy", "healthy", "notChecked"),
        ),
        // A record tells nothing of signatures.
        (
            "check list.slist --key public.pem",
            components("healthy", "notChecked", "notChecked"),
        ),
        (
            "check list.slist --to site --now 2026-02-01T00:00:00Z",
            components("healthy", "notChecked", "unhealthy"),
        ),
        (
            "check site --key public.pem",
            components("notChecked", "healthy", "notChecked"),
        ),
        (
            "check nothing",
            components("unhealthy", "notChecked", "notChecked"),
        ),
    ] {
        assert_eq!(health(&place, line).components, expected, "{line}");
    }
}

#[test]
fn health_lists() {
    let place = with_changes();
    let lists = |line: &str| health(&place, line).lists;
    let counts = |total, healthy| HealthLists { total, healthy };
    assert_eq!(lists("check list.slist --to site"), counts(2, 2));
    std::fs::remove_file(place.path("site/statuslists/0.jwt")).unwrap();
    assert_eq!(lists("check list.slist --to site"), counts(2, 1));
    assert_eq!(lists("check site"), counts(2, 1));
    assert_eq!(
        lists("check list.slist --to site --now 2026-02-01T00:00:00Z"),
        counts(2, 0)
    );
}

#[test]
fn health_as_programs_read_it() {
    let place = with_changes();
    let found = health(
        &place,
        "check list.slist --to site --now 2026-01-01T06:00:00Z",
    );
    assert_eq!((found.schema, found.level.as_str()), (1, "due"));
    assert_eq!(found.fail_on, "expiring");
    assert_eq!(found.checked_at, "2026-01-01T06:00:00Z");
    let [target] = &found.targets[..] else {
        panic!("{found:?}");
    };
    let members: Vec<_> = target.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        members,
        [
            "target",
            "kind",
            "seen",
            "revision",
            "profile",
            "boundTo",
            "backupOf",
            "capacity",
            "oldestUnpublished",
            "maxLatency",
            "certificateEnds",
            "lists",
            "retired"
        ]
    );
    assert_eq!(
        target["capacity"],
        json!({"size": 2000, "allocated": 8, "left": 992, "spares": 1})
    );
    let token = &target["lists"][0]["tokens"][0];
    let members: Vec<_> = token.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        members,
        [
            "uri",
            "path",
            "view",
            "state",
            "issuedAt",
            "expiresAt",
            "dueAt",
            "revision",
            "sha256",
            "signature",
            "http"
        ]
    );
    assert_eq!(token["state"], "due");
    assert_eq!(token["dueAt"], "2026-01-01T02:00:00Z");
    let [finding] = &found.findings[..] else {
        panic!("{found:?}");
    };
    assert_eq!(
        (
            finding.level.as_str(),
            finding.component.as_str(),
            finding.code.as_str(),
        ),
        ("due", "provider", "token-due")
    );
    assert_eq!(finding.target.as_deref(), Some("list.slist"));
    assert_eq!(finding.list_id.as_deref(), Some("0"));
    assert_eq!(
        finding.place.as_deref(),
        Some("https://example.com/statuslists/0.jwt")
    );
    assert_eq!(finding.text, "it is due to be written anew");
}

//! What a check answers to programs: the health object of the status-issuer integration guide, and
//! what it follows from.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::report::{CheckReport, place};
use super::target::{Looked, SiteKind, TargetFound};
use crate::commands::SCHEMA;
use crate::commands::answer::health::trouble_in_words;
use crate::health::{
    Component, Concern, Condition, HostedFile, Level, ListFileHealth, ListHealth, Seen, SiteHealth,
    TokenHealth, TokenState, Trouble,
};
use crate::list::{Duration, Profile, Timestamp, View};
use crate::survey::Signature;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportJson {
    schema: u64,
    status: Condition,
    version: &'static str,
    components: Components,
    lists: Counts,
    checked_at: Timestamp,
    fail_on: &'static str,
    level: Level,
    targets: Vec<Map<String, Value>>,
    findings: Vec<FindingJson>,
}

#[derive(Serialize)]
struct Components {
    database: Condition,
    signing: Condition,
    provider: Condition,
}

#[derive(Serialize)]
struct Counts {
    total: usize,
    healthy: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingJson {
    level: Level,
    component: Component,
    code: &'static str,
    target: Option<String>,
    list_id: Option<String>,
    place: Option<String>,
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListFileJson {
    target: String,
    kind: &'static str,
    seen: &'static str,
    revision: i64,
    profile: Option<&'static str>,
    bound_to: Vec<String>,
    backup_of: Option<Timestamp>,
    capacity: CapacityJson,
    oldest_unpublished: Option<WaitingJson>,
    max_latency: Option<u64>,
    certificate_ends: Option<Timestamp>,
    lists: Vec<ListJson>,
    retired: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CapacityJson {
    size: u64,
    allocated: u64,
    left: u64,
    spares: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WaitingJson {
    list_id: String,
    revision: i64,
    since: Timestamp,
    waited: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListJson {
    list_id: String,
    state: &'static str,
    size: u64,
    allocated: u64,
    unpublished: u64,
    tokens: Vec<TokenJson>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SiteJson {
    target: String,
    kind: &'static str,
    certificate_ends: Option<Timestamp>,
    tokens: Vec<TokenJson>,
    other_files: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenJson {
    uri: Option<String>,
    path: Option<String>,
    view: Option<&'static str>,
    state: TokenState,
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    revision: Option<i64>,
    sha256: Option<String>,
    signature: Signature,
    http: Option<ServedJson>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServedJson {
    milliseconds: u64,
    bytes: usize,
    content_type: Option<String>,
    max_age: Option<u64>,
    gzip: bool,
}

impl crate::commands::answer::Report for CheckReport {
    fn json(&self) -> Value {
        serde_json::to_value(ReportJson::of(self)).unwrap_or_default()
    }
}

impl ReportJson {
    fn of(report: &CheckReport) -> Self {
        let lists = report.lists();
        let found = report
            .concerns()
            .map(|(target, concern)| FindingJson::of(target, concern));
        let keys = report.keys.iter().map(FindingJson::of_key);
        let unjudged = report.targets.iter().filter_map(FindingJson::of_unjudged);
        Self {
            schema: SCHEMA,
            status: report.status(),
            version: env!("CARGO_PKG_VERSION"),
            components: Components {
                database: report.condition(Component::Database),
                signing: report.condition(Component::Signing),
                provider: report.condition(Component::Provider),
            },
            lists: Counts {
                total: lists.total,
                healthy: lists.healthy,
            },
            checked_at: report.now,
            fail_on: report.fails_from.name(),
            level: report.worst(),
            targets: report.targets.iter().filter_map(target).collect(),
            findings: found.chain(keys).chain(unjudged).collect(),
        }
    }
}

fn target(looked: &Looked) -> Option<Map<String, Value>> {
    let value = match looked.found.as_ref().ok()? {
        TargetFound::ListFile { health, .. } => {
            serde_json::to_value(ListFileJson::of(looked, health))
        }
        TargetFound::Site { health, kind } => {
            serde_json::to_value(SiteJson::of(looked, health, *kind))
        }
    };
    match value {
        Ok(Value::Object(members)) => Some(members),
        _ => None,
    }
}

impl FindingJson {
    fn of(target: &str, concern: &Concern) -> Self {
        Self {
            target: Some(target.to_owned()),
            list_id: concern.list.map(|list| list.to_string()),
            place: concern.place.clone(),
            ..Self::of_key(&concern.trouble)
        }
    }

    fn of_key(trouble: &Trouble) -> Self {
        Self {
            level: trouble.level(),
            component: trouble.component(),
            code: trouble.name(),
            target: None,
            list_id: None,
            place: None,
            text: trouble_in_words(trouble),
        }
    }

    fn of_unjudged(looked: &Looked) -> Option<Self> {
        let error = looked.found.as_ref().err()?;
        let component = if looked.is_of_host() {
            Component::Provider
        } else {
            Component::Database
        };
        Some(Self {
            level: Level::Fault,
            component,
            code: "not-checked",
            target: Some(looked.name.clone()),
            list_id: None,
            place: None,
            text: super::keys::in_one_line(error),
        })
    }
}

impl ListFileJson {
    fn of(looked: &Looked, health: &ListFileHealth) -> Self {
        let capacity = &health.capacity;
        let waiting = health.waiting.map(|waiting| WaitingJson {
            list_id: waiting.list.to_string(),
            revision: waiting.change.rev,
            since: waiting.change.at,
            waited: health.checked_at.second() - waiting.change.at.second(),
        });
        Self {
            target: looked.name.clone(),
            kind: "list-file",
            seen: match health.seen {
                Seen::Record => "record",
                Seen::Site => "site",
                Seen::Manifest => "manifest",
            },
            revision: health.revision,
            profile: health.profile.map(Profile::name),
            bound_to: health.bound_to.clone(),
            backup_of: health.backup_of,
            capacity: CapacityJson {
                size: capacity.size,
                allocated: capacity.taken,
                left: capacity.left,
                spares: capacity.spares,
            },
            oldest_unpublished: waiting,
            max_latency: health.max_latency.map(Duration::seconds),
            certificate_ends: health.certificate_ends,
            lists: health.lists.iter().map(ListJson::of).collect(),
            retired: health.retired,
        }
    }
}

impl ListJson {
    fn of(list: &ListHealth) -> Self {
        let tokens = list.tokens.iter();
        Self {
            list_id: list.number.to_string(),
            state: list.state.name(),
            size: list.size,
            allocated: list.taken,
            unpublished: list.waiting.map_or(0, |change| change.changes),
            tokens: tokens
                .map(|token| {
                    let place = place(token);
                    let hosted = list.hosted.iter().find(|hosted| hosted.is_of(&place));
                    TokenJson::of(token, hosted)
                })
                .collect(),
        }
    }
}

impl SiteJson {
    fn of(looked: &Looked, health: &SiteHealth, kind: SiteKind) -> Self {
        let hosted = health.hosted.iter();
        let hosted: HashMap<_, _> = hosted.map(|file| (file.url.as_str(), file)).collect();
        let tokens = health.tokens.iter();
        Self {
            target: looked.name.clone(),
            kind: match kind {
                SiteKind::Folder => "site",
                SiteKind::Live => "live-site",
                SiteKind::LiveToken => "live-token",
            },
            certificate_ends: health.certificate_ends,
            tokens: tokens
                .map(|token| TokenJson::of(token, hosted.get(place(token).as_str()).copied()))
                .collect(),
            other_files: health.others,
        }
    }
}

impl TokenJson {
    fn of(token: &TokenHealth, hosted: Option<&HostedFile>) -> Self {
        let served = hosted.and_then(|hosted| hosted.served.as_ref());
        Self {
            uri: token.uri.clone(),
            path: token.path.as_ref().map(ToString::to_string),
            view: token.view.map(View::name),
            state: token.state,
            issued_at: token.issued_at,
            expires_at: token.expires_at,
            due_at: token.due_at,
            revision: token.revision,
            sha256: token.sha256.map(|digest| digest.to_string()),
            signature: token.signature.unwrap_or(Signature::NotChecked),
            http: served.map(|served| ServedJson {
                milliseconds: u64::try_from(served.took.as_millis()).unwrap_or(u64::MAX),
                bytes: served.bytes,
                content_type: served.media_type.clone(),
                max_age: served.max_age,
                gzip: served.gzip,
            }),
        }
    }
}

//! Azure Static Web Apps: `staticwebapp.config.json`. Types go by ending alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Limit;
use super::plan::{HostPlan, Keeping};

/// The file, and what it cannot say.
pub(super) fn write(plan: &HostPlan) -> (String, Vec<Limit>) {
    let mut types: BTreeMap<&str, &'static str> = BTreeMap::new();
    let mut unsaid = BTreeSet::new();
    for rule in plan
        .rules
        .iter()
        .filter(|rule| rule.paths.exact().is_none())
    {
        let known = rule
            .paths
            .extension()
            .map(|ending| *types.entry(ending).or_insert(rule.media_type));
        if known != Some(rule.media_type) {
            unsaid.insert(rule.media_type);
        }
    }
    let mut routes = Vec::new();
    for rule in &plan.rules {
        let Some(path) = rule.paths.exact() else {
            continue;
        };
        let mut headers = Map::new();
        let by_ending = rule.paths.extension().and_then(|ending| types.get(ending));
        if by_ending != Some(&rule.media_type) {
            headers.insert("Content-Type".to_owned(), rule.media_type.into());
        }
        if rule.keeping != Keeping::ForAWhile {
            let cache = plan.cache_control(rule.keeping);
            headers.insert("Cache-Control".to_owned(), cache.into());
        }
        if !headers.is_empty() {
            routes.push(json!({ "route": format!("/{path}"), "headers": headers }));
        }
    }
    let settings: Value = json!({
        "globalHeaders": {
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": plan.cache_control(Keeping::ForAWhile),
            "X-Content-Type-Options": "nosniff",
        },
        "mimeTypes": types,
        "routes": routes,
    });
    let limits = unsaid.into_iter().map(Limit::OneTypePerEnding).collect();
    (format!("{settings:#}\n"), limits)
}

//! What a check found, as a page for administrators.

use std::path::Path;

use super::report::CheckReport;
use super::target::{Looked, TargetFound};
use crate::commands::Error;
use crate::commands::answer::health::trouble_in_words;
use crate::disk::{Visibility, replace};
use crate::health::{Activity, Level, ListFileHealth, ListHealth, TokenHealth};
use crate::list::{Profile, Timestamp, View};
use crate::page::{
    DayOverview, Finding, ListFileOverview, ListOverview, Overview, TokenOverview, Weight,
};

/// Writes the page whole, for its owner alone.
///
/// # Errors
/// The disk fails.
pub(super) fn write_page(file: &Path, report: &CheckReport) -> Result<(), Error> {
    let page = Overview {
        now: report.now,
        not_checked: report.not_checked(),
        files: report.targets.iter().filter_map(of_target).collect(),
    };
    replace(file, page.render().as_bytes(), Visibility::Secret)?;
    Ok(())
}

/// What is known of a target; nothing of sites, which have no list files.
fn of_target(looked: &Looked) -> Option<ListFileOverview> {
    let file = match &looked.found {
        Ok(TargetFound::ListFile { health, activity }) => of_file(health, activity.as_ref()),
        Ok(TargetFound::Site { .. }) => return None,
        Err(error) => ListFileOverview {
            unread: Some(super::keys::in_one_line(error)),
            ..nothing()
        },
    };
    Some(ListFileOverview {
        name: looked.name.clone(),
        ..file
    })
}

fn nothing() -> ListFileOverview {
    ListFileOverview {
        name: String::new(),
        unread: None,
        bound_to: Vec::new(),
        profile: None,
        certificate_ends: None,
        lists: Vec::new(),
        findings: Vec::new(),
        publish_by: None,
        days: Vec::new(),
    }
}

fn of_file(health: &ListFileHealth, activity: Option<&Activity>) -> ListFileOverview {
    let tokens = health.lists.iter().flat_map(|list| &list.tokens);
    let days = activity.map(|activity| activity.days.as_slice());
    ListFileOverview {
        bound_to: health.bound_to.clone(),
        profile: health.profile.map(Profile::name),
        certificate_ends: health.certificate_ends,
        lists: health.lists.iter().map(of_list).collect(),
        findings: findings(health),
        publish_by: tokens.filter_map(|token| token.due_at).min(),
        days: days
            .unwrap_or_default()
            .iter()
            .map(|day| DayOverview {
                day: date(day.begin),
                allocations: day.allocations,
                changes: day.changes.values().sum(),
            })
            .collect(),
        ..nothing()
    }
}

/// What was found, once each: several views of a list often have the same.
fn findings(health: &ListFileHealth) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for concern in &health.concerns {
        let list = concern.list.map(|list| format!("list {list}: "));
        let text = trouble_in_words(&concern.trouble);
        let text = format!("{}{text}", list.unwrap_or_default());
        if findings.iter().all(|finding| finding.text != text) {
            let weight = weight(concern.trouble.level());
            findings.push(Finding { weight, text });
        }
    }
    findings
}

fn of_list(list: &ListHealth) -> ListOverview {
    ListOverview {
        number: list.number.to_string(),
        state: list.state.name(),
        size: list.size,
        taken: list.taken,
        tokens: list.tokens.iter().map(of_token).collect(),
    }
}

fn of_token(token: &TokenHealth) -> TokenOverview {
    TokenOverview {
        view: token.view.map_or("", View::name).to_owned(),
        state: token.state.name(),
        weight: weight(token.state.level()),
        expires_at: token.expires_at,
    }
}

const fn weight(level: Level) -> Weight {
    match level {
        Level::Fine => Weight::Good,
        Level::Due => Weight::Soon,
        Level::Expiring | Level::Expired | Level::Fault => Weight::Bad,
    }
}

/// The day in UTC that begins then.
fn date(begin: Timestamp) -> String {
    let text = begin.to_string();
    text.split('T').next().unwrap_or_default().to_owned()
}

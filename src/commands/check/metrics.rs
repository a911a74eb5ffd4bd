//! What a check says to Prometheus: its text format, version 0.0.4.
//!
//! The names are those of the status-issuer integration guide behind `statuslist_`, and a few more.
//! Rates and lengths of time are gauges that follow from the log: this is no process that counts.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::Path;

use super::report::CheckReport;
use super::target::{Looked, TargetFound, TargetKind};
use super::watching::Watching;
use crate::commands::{Code, Error};
use crate::disk::{Visibility, folder_of, replace};
use crate::health::{Activity, Level, ListFileHealth};
use crate::list::Timestamp;
use crate::site::SitePath;
use crate::wire::shell::quote;

/// A day in seconds.
const DAY: i64 = 86_400;

/// All metrics of a check.
pub(super) struct Exposition {
    families: Vec<Family>,
}

/// One metric with its samples.
struct Family {
    name: &'static str,
    kind: Kind,
    help: &'static str,
    samples: Vec<Sample>,
}

#[derive(Clone, Copy)]
enum Kind {
    Counter,
    Gauge,
}

struct Sample {
    labels: Vec<(&'static str, String)>,
    value: f64,
}

/// The metrics, in the order in which they are written.
const FAMILIES: [(&str, Kind, &str); 17] = [
    ("up", Kind::Gauge, "Whether the target could be checked."),
    ("healthy", Kind::Gauge, "Whether the check passed."),
    ("findings", Kind::Gauge, "What the check found, by level."),
    (
        "check_timestamp_seconds",
        Kind::Gauge,
        "When the check was made.",
    ),
    (
        "allocations_total",
        Kind::Counter,
        "Entries that were ever taken.",
    ),
    (
        "allocations_rate",
        Kind::Gauge,
        "Entries that were handed out per second, since yesterday began.",
    ),
    (
        "updates_total",
        Kind::Counter,
        "Statuses that were ever changed.",
    ),
    (
        "updates_by_status",
        Kind::Gauge,
        "Statuses that were ever changed, by the new one.",
    ),
    (
        "list_utilization",
        Kind::Gauge,
        "The share of a list's entries that are taken.",
    ),
    (
        "entries_left",
        Kind::Gauge,
        "Entries that are left in lists that hand out some.",
    ),
    ("spare_lists", Kind::Gauge, "Lists in reserve."),
    (
        "regeneration_latency",
        Kind::Gauge,
        "Seconds from a change to the newest publication that showed one first.",
    ),
    (
        "unpublished_change_age_seconds",
        Kind::Gauge,
        "How long the oldest change waits that is not published.",
    ),
    (
        "token_expiry_timestamp_seconds",
        Kind::Gauge,
        "When a published token ends.",
    ),
    (
        "token_due_timestamp_seconds",
        Kind::Gauge,
        "When a published token is to be written anew.",
    ),
    (
        "certificate_expiry_timestamp_seconds",
        Kind::Gauge,
        "When the first certificate ends.",
    ),
    (
        "api_latency",
        Kind::Gauge,
        "Seconds in which a host answered.",
    ),
];

impl Exposition {
    pub(super) fn of(report: &CheckReport) -> Self {
        let families = FAMILIES.iter();
        let families = families.map(|(name, kind, help)| Family {
            name,
            kind: *kind,
            help,
            samples: Vec::new(),
        });
        let mut exposition = Self {
            families: families.collect(),
        };
        let failed = report.verdict().is_some();
        exposition.add("healthy", &[], f64::from(u8::from(!failed)));
        exposition.add("check_timestamp_seconds", &[], seconds(report.now));
        exposition.findings(report);
        for looked in &report.targets {
            exposition.target(looked, report.now);
        }
        exposition
    }

    fn findings(&mut self, report: &CheckReport) {
        let troubles = report.concerns().map(|(_, concern)| &concern.trouble);
        let mut counts = BTreeMap::new();
        for level in [Level::Due, Level::Expiring, Level::Expired, Level::Fault] {
            counts.insert(level, 0_u32);
        }
        for trouble in troubles.chain(&report.keys) {
            if let Some(count) = counts.get_mut(&trouble.level()) {
                *count += 1;
            }
        }
        for (level, count) in counts {
            self.add("findings", &[("level", level.name())], f64::from(count));
        }
    }

    fn target(&mut self, looked: &Looked, now: Timestamp) {
        let target = ("target", looked.name.as_str());
        let is_up = f64::from(u8::from(looked.found.is_ok()));
        self.add("up", &[target], is_up);
        for token in looked.tokens() {
            let uri = super::report::place(token);
            let labels = [target, ("uri", &uri)];
            if let Some(end) = token.expires_at {
                self.add("token_expiry_timestamp_seconds", &labels, seconds(end));
            }
            if let Some(due) = token.due_at {
                self.add("token_due_timestamp_seconds", &labels, seconds(due));
            }
        }
        let (hosted, ends) = match &looked.found {
            Ok(TargetFound::ListFile { health, activity }) => {
                self.list_file(target, health, now);
                if let Some(activity) = activity {
                    self.activity(target, health, activity, now);
                }
                let hosted = health.lists.iter().flat_map(|list| &list.hosted).collect();
                (hosted, health.certificate_ends)
            }
            Ok(TargetFound::Site { health, .. }) => {
                let hosted: Vec<_> = health.hosted.iter().collect();
                (hosted, health.certificate_ends)
            }
            Err(_) => (Vec::new(), None),
        };
        for file in hosted {
            if let Some(served) = &file.served {
                let labels = [target, ("uri", file.url.as_str())];
                self.add("api_latency", &labels, served.took.as_secs_f64());
            }
        }
        if let Some(ends) = ends {
            self.add(
                "certificate_expiry_timestamp_seconds",
                &[target],
                seconds(ends),
            );
        }
    }

    fn list_file(&mut self, target: (&'static str, &str), health: &ListFileHealth, now: Timestamp) {
        for list in &health.lists {
            let number = list.number.to_string();
            let share = float(list.taken) / float(list.size.max(1));
            self.add("list_utilization", &[target, ("list", &number)], share);
        }
        let capacity = &health.capacity;
        self.add("allocations_total", &[target], float(health.taken_ever));
        self.add("entries_left", &[target], float(capacity.left));
        self.add("spare_lists", &[target], float(capacity.spares as u64));
        let waited = health.waiting.map_or(0, |waiting| {
            now.second().saturating_sub(waiting.change.at.second())
        });
        let waited = u64::try_from(waited).unwrap_or(0);
        self.add("unpublished_change_age_seconds", &[target], float(waited));
    }

    fn activity(
        &mut self,
        target: (&'static str, &str),
        health: &ListFileHealth,
        activity: &Activity,
        now: Timestamp,
    ) {
        // Of two days there are at least 24 hours.
        let last = &activity.days[activity.days.len().saturating_sub(2)..];
        let entries: u64 = last.iter().map(|day| day.allocations).sum();
        let begin = last.first().map_or(now, |day| day.begin);
        let passed = now.second().saturating_sub(begin.second()).max(DAY);
        let passed = float(passed.unsigned_abs());
        self.add("allocations_rate", &[target], float(entries) / passed);
        let all: u64 = activity.changes.values().sum();
        self.add("updates_total", &[target], float(all));
        for (status, count) in &activity.changes {
            let name = status.name();
            let value = status.value().to_string();
            let labels = [target, ("status", name), ("value", &value)];
            self.add("updates_by_status", &labels, float(*count));
        }
        for delay in &activity.delays {
            let known = health.lists.iter().any(|list| list.number == delay.list);
            if !known {
                continue;
            }
            let number = delay.list.to_string();
            let labels = [target, ("list", &number), ("view", &delay.view)];
            let waited = delay.issued_at.second() - delay.changed_at.second();
            let waited = u64::try_from(waited).unwrap_or(0);
            self.add_highest("regeneration_latency", &labels, float(waited));
        }
    }

    fn add(&mut self, name: &str, labels: &[(&'static str, &str)], value: f64) {
        if let Some(family) = self.families.iter_mut().find(|family| family.name == name) {
            family.samples.push(Sample::of(labels, value));
        }
    }

    /// The same of what several places have a value for: no two samples may have the same labels.
    fn add_highest(&mut self, name: &str, labels: &[(&'static str, &str)], value: f64) {
        let sample = Sample::of(labels, value);
        let Some(family) = self.families.iter_mut().find(|family| family.name == name) else {
            return;
        };
        match family.samples.last_mut() {
            Some(last) if last.labels == sample.labels => last.value = last.value.max(value),
            _ => family.samples.push(sample),
        }
    }
}

impl Sample {
    fn of(labels: &[(&'static str, &str)], value: f64) -> Self {
        let labels = labels.iter();
        Self {
            labels: labels
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            value,
        }
    }
}

impl fmt::Display for Exposition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let families = self.families.iter();
        for family in families.filter(|family| !family.samples.is_empty()) {
            let name = family.name;
            let kind = match family.kind {
                Kind::Counter => "counter",
                Kind::Gauge => "gauge",
            };
            writeln!(formatter, "# HELP statuslist_{name} {}", family.help)?;
            writeln!(formatter, "# TYPE statuslist_{name} {kind}")?;
            for sample in &family.samples {
                sample.write(name, formatter)?;
            }
        }
        Ok(())
    }
}

impl Sample {
    fn write(&self, name: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "statuslist_{name}")?;
        for (place, (label, value)) in self.labels.iter().enumerate() {
            let begin = if place == 0 { '{' } else { ',' };
            write!(formatter, "{begin}{label}=\"")?;
            for character in value.chars() {
                match character {
                    '\\' => formatter.write_str("\\\\")?,
                    '"' => formatter.write_str("\\\"")?,
                    '\n' => formatter.write_str("\\n")?,
                    other => formatter.write_char(other)?,
                }
            }
            formatter.write_char('"')?;
        }
        if !self.labels.is_empty() {
            formatter.write_char('}')?;
        }
        writeln!(formatter, " {}", self.value)
    }
}

fn seconds(time: Timestamp) -> f64 {
    let second = time.second();
    let sign = if second < 0 { -1.0 } else { 1.0 };
    sign * float(second.unsigned_abs())
}

/// A number as Prometheus has them all.
#[expect(clippy::cast_precision_loss, reason = "samples are floats of 64 bits")]
fn float(number: u64) -> f64 {
    number as f64
}

/// Writes the metrics whole: a collector never reads a part.
///
/// # Errors
/// The file cannot be written.
pub(super) fn write_file(file: &Path, text: &str) -> Result<(), Error> {
    replace(file, text.as_bytes(), Visibility::Public)?;
    Ok(())
}

/// Refuses to write what tells of issuance where everybody can read it.
///
/// # Errors
/// The file would lie in a site.
pub(super) fn refuse_in_site(
    option: &str,
    file: &Path,
    kinds: &[TargetKind],
    watching: &Watching<'_>,
) -> Result<(), Error> {
    let folder = std::fs::canonicalize(folder_of(file));
    let Ok(folder) = folder else {
        // Writing says what is wrong with it.
        return Ok(());
    };
    let manifest = SitePath::manifest();
    let has_manifest = |folder: &Path| folder.join(manifest.as_path()).exists();
    let sites = kinds.iter().filter_map(TargetKind::site);
    let sites = sites.chain(watching.site.iter().map(|(site, _)| site.as_path()));
    let is_below =
        |site: &Path| std::fs::canonicalize(site).is_ok_and(|site| folder.starts_with(site));
    let site = folder
        .ancestors()
        .find(|folder| has_manifest(folder))
        .map(Path::to_owned)
        .or_else(|| {
            sites
                .filter(|site| is_below(site))
                .map(Path::to_owned)
                .next()
        });
    match site {
        None => Ok(()),
        Some(site) => Err(Error::new(
            Code::Refused,
            format!("{} lies in the site {}", quote(file), quote(site)),
        )
        .because("it tells how much was issued, and everything in a site is public")
        .hint(format!("{option} with a file elsewhere"))),
    }
}

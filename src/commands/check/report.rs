//! What a check answers.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

use super::target::{Looked, SiteKind, TargetFound, TargetKind};
use super::watching::Watching;
use crate::commands::answer::exposure;
use crate::commands::answer::health::{length, trouble_in_words};
use crate::commands::answer::pools::of_backup;
use crate::commands::{Code, Error, counted};
use crate::health::{
    Component, Concern, Condition, Level, ListFileHealth, Seen, SiteHealth, TokenHealth,
    TokenState, Trouble,
};
use crate::list::Timestamp;
use crate::survey::Signature;
use crate::wire::shell::quote;
use crate::wire::text::escaped;

/// What was found of all targets.
pub(super) struct CheckReport {
    pub(super) targets: Vec<Looked>,
    pub(super) now: Timestamp,
    pub(super) fails_from: Level,
    /// What the settings name and cannot be used.
    pub(super) keys: Vec<Trouble>,
    /// The backups in pools, which were not asked.
    pub(super) backups: Vec<PathBuf>,
    /// Whether there was anything to check signatures with.
    pub(super) signatures: Looking,
    /// Whether hosts were asked for every target.
    pub(super) hosts: Looking,
}

/// Whether something was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looking {
    Done,
    NotDone,
}

/// How many lists there are, and how many of them nothing is wrong with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lists {
    pub(super) total: usize,
    pub(super) healthy: usize,
}

impl CheckReport {
    pub(super) fn new(kinds: &[TargetKind], watching: &Watching<'_>) -> Self {
        let trusted = &watching.trusted;
        let has_keys = trusted.keys.is_some() || trusted.authorities.is_some();
        let mut backups = Vec::new();
        let targets = kinds.iter();
        let targets: Vec<_> = targets
            .flat_map(|kind| kind.look(watching, &mut backups))
            .collect();
        let is_asked = |looked: &Looked| match &looked.found {
            Ok(TargetFound::Site {
                kind: SiteKind::Live | SiteKind::LiveToken,
                ..
            }) => true,
            _ => watching.args.http,
        };
        let all_asked = targets.iter().all(is_asked);
        let compared = |concern: &Concern| !matches!(concern.trouble, Trouble::NotCompared);
        let all_compared = targets
            .iter()
            .all(|looked| looked.concerns().iter().all(compared));
        let all_signed = targets
            .iter()
            .flat_map(Looked::tokens)
            .all(|token| token.signature == Some(Signature::Valid) || token.is_unsigned());
        Self {
            now: watching.now,
            fails_from: watching.fails_from(),
            keys: trusted.unusable.iter().cloned().map(Trouble::Key).collect(),
            signatures: Looking::of(has_keys && all_signed),
            hosts: Looking::of(all_asked && all_compared),
            targets,
            backups,
        }
    }

    /// Everything that was found, with the name of its target.
    pub(super) fn concerns(&self) -> impl Iterator<Item = (&str, &Concern)> {
        self.targets.iter().flat_map(|looked| {
            let concerns = looked.concerns().iter();
            concerns.map(|concern| (looked.name.as_str(), concern))
        })
    }

    /// The worst that was found of a component.
    fn worst_of(&self, component: Component) -> Level {
        let found = self.concerns().map(|(_, concern)| &concern.trouble);
        let found = found.chain(&self.keys);
        let found = found.filter(|trouble| trouble.component() == component);
        found.map(Trouble::level).max().unwrap_or_default()
    }

    /// What could not be looked at belongs to the list file, or to whoever serves the site.
    fn unjudged(&self, component: Component) -> bool {
        self.targets.iter().any(|looked| {
            let is_here = looked.is_of_host() == (component == Component::Provider);
            looked.found.is_err() && is_here
        })
    }

    pub(super) fn condition(&self, component: Component) -> Condition {
        if component != Component::Signing && self.unjudged(component) {
            return Condition::Unhealthy;
        }
        let condition = Condition::of(self.worst_of(component), self.fails_from);
        let is_list_file =
            |looked: &Looked| matches!(looked.found, Ok(TargetFound::ListFile { .. }));
        let was_looked_at = match component {
            Component::Database => self.targets.iter().any(is_list_file),
            Component::Signing => self.signatures == Looking::Done,
            Component::Provider => self.hosts == Looking::Done,
        };
        match condition {
            Condition::Healthy if !was_looked_at => Condition::NotChecked,
            condition => condition,
        }
    }

    /// The condition of everything: the worst of the components; unknown if nothing is wrong with
    /// what was looked at, and not everything was.
    pub(super) fn status(&self) -> Condition {
        let components = [Component::Database, Component::Signing, Component::Provider];
        // Who names no list file asks for none.
        let is_of_site = |looked: &Looked| matches!(looked.found, Ok(TargetFound::Site { .. }));
        let all_of_sites = self.targets.iter().all(is_of_site);
        let asked = components
            .into_iter()
            .filter(|component| *component != Component::Database || !all_of_sites);
        let conditions: Vec<_> = asked.map(|component| self.condition(component)).collect();
        [Condition::Unhealthy, Condition::Degraded]
            .into_iter()
            .find(|bad| conditions.contains(bad))
            .unwrap_or(if conditions.contains(&Condition::NotChecked) {
                Condition::Unknown
            } else {
                Condition::Healthy
            })
    }

    /// Lists of list files, and tokens where nobody knows which list they are of.
    pub(super) fn lists(&self) -> Lists {
        let mut lists = Lists::default();
        for looked in &self.targets {
            let bad = |concern: &&Concern| concern.trouble.level() >= self.fails_from;
            let bad: Vec<_> = looked.concerns().iter().filter(bad).collect();
            match &looked.found {
                Ok(TargetFound::ListFile { health, .. }) => {
                    let is_healthy = |number| bad.iter().all(|bad| bad.list != Some(number));
                    let healthy = health.lists.iter().filter(|list| is_healthy(list.number));
                    lists.total += health.lists.len();
                    lists.healthy += healthy.count();
                }
                Ok(TargetFound::Site { health, .. }) => {
                    let is_healthy = |token: &&TokenHealth| {
                        let place = place(token);
                        bad.iter().all(|bad| bad.place.as_deref() != Some(&place))
                    };
                    lists.total += health.tokens.len();
                    lists.healthy += health.tokens.iter().filter(is_healthy).count();
                }
                Err(_) => {}
            }
        }
        lists
    }

    pub(super) fn worst(&self) -> Level {
        let found = self.concerns().map(|(_, concern)| &concern.trouble);
        let worst = found.chain(&self.keys).map(Trouble::level).max();
        worst.unwrap_or_default()
    }

    /// Whether the check fails, and how.
    pub(super) fn verdict(&self) -> Option<Error> {
        let unjudged: Vec<_> = self
            .targets
            .iter()
            .filter_map(|looked| Some((looked, looked.found.as_ref().err()?)))
            .collect();
        let failing = self
            .concerns()
            .map(|(_, concern)| &concern.trouble)
            .chain(&self.keys)
            .filter(|trouble| trouble.level() >= self.fails_from)
            .count();
        if unjudged.is_empty() && failing == 0 {
            return None;
        }
        let nothing = unjudged.len() == self.targets.len();
        let mut error = if nothing {
            // Busy for all is busy; what cannot be read at all is told apart from what is wrong.
            let busy = unjudged.iter().all(|(_, error)| error.code == Code::Busy);
            let refused = unjudged
                .iter()
                .all(|(_, error)| error.code == Code::Refused);
            let code = match (busy, refused) {
                (true, _) => Code::Busy,
                (_, true) => Code::Refused,
                _ => Code::Io,
            };
            Error::new(code, "nothing could be checked")
        } else {
            let found = counted(failing as u64, "finding", "findings");
            let level = self.fails_from.name();
            let found = format!("{found} from level '{level}' on");
            let left = unjudged.len() as u64;
            let left = counted(
                left,
                "target could not be checked",
                "targets could not be checked",
            );
            let what = match (failing, unjudged.len()) {
                (0, _) => left,
                (_, 0) => found,
                _ => format!("{found}, {left}"),
            };
            Error::new(Code::Unhealthy, format!("the check fails: {what}"))
        };
        for (looked, unjudged) in unjudged {
            let reason = super::keys::in_one_line(unjudged);
            error = error.because(format!("{}: {reason}", quote(&looked.name)));
            if nothing && error.hint.is_none() {
                error.hint.clone_from(&unjudged.hint);
            }
        }
        Some(error)
    }

    /// What was not looked at, in a word each.
    pub(super) fn not_checked(&self) -> Vec<&'static str> {
        let signatures = self.condition(Component::Signing) == Condition::NotChecked;
        let signatures = signatures.then_some("signatures");
        let hosts = (self.hosts == Looking::NotDone).then_some("hosts");
        signatures.into_iter().chain(hosts).collect()
    }

    /// What was not looked at, and how it can be.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.targets.iter().all(|looked| looked.found.is_err()) {
            return notes;
        }
        if self.condition(Component::Signing) == Condition::NotChecked {
            notes.push("signatures were not checked: --key, --jwks or --trust".to_owned());
        }
        if self.hosts == Looking::NotDone {
            notes.push("what hosts serve was not checked: --http".to_owned());
        }
        notes
    }

    /// What others can do to the list files, although it fails no check.
    pub(super) fn warnings(&self) -> Vec<String> {
        let is_list_file =
            |looked: &&Looked| matches!(looked.found, Ok(TargetFound::ListFile { .. }));
        let list_files = self.targets.iter().filter(is_list_file);
        let exposed = list_files.flat_map(|looked| exposure::of_list_file(Path::new(&looked.name)));
        let backups = self.backups.iter().map(|file| of_backup(file));
        exposed.chain(backups).collect()
    }
}

impl Looking {
    fn of(is_done: bool) -> Self {
        if is_done { Self::Done } else { Self::NotDone }
    }
}

impl Looked {
    /// Whether a host was to show it.
    pub(super) fn is_of_host(&self) -> bool {
        self.name.contains("://")
    }

    pub(super) fn concerns(&self) -> &[Concern] {
        self.found.as_ref().map_or(&[], TargetFound::concerns)
    }

    pub(super) fn tokens(&self) -> Vec<&TokenHealth> {
        match &self.found {
            Ok(TargetFound::ListFile { health, .. }) => {
                let lists = health.lists.iter();
                lists.flat_map(|list| &list.tokens).collect()
            }
            Ok(TargetFound::Site { health, .. }) => health.tokens.iter().collect(),
            Err(_) => Vec::new(),
        }
    }
}

/// Where a token is, as findings name it.
pub(super) fn place(token: &TokenHealth) -> String {
    let path = || token.path.as_ref().map(ToString::to_string);
    token.uri.clone().or_else(path).unwrap_or_default()
}

impl fmt::Display for CheckReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for looked in &self.targets {
            looked.fmt(formatter, self)?;
        }
        for trouble in &self.keys {
            line(
                formatter,
                trouble.level().name(),
                &trouble_in_words(trouble),
            )?;
        }
        let Lists { total, healthy } = self.lists();
        if total > 0 {
            writeln!(formatter, "lists:     {healthy} of {total} healthy")?;
        }
        let left_out = self.not_checked();
        let status = words(self.status());
        if left_out.is_empty() || self.targets.iter().all(|looked| looked.found.is_err()) {
            writeln!(formatter, "status:    {status}")
        } else {
            let left_out = left_out.join(", ");
            writeln!(formatter, "status:    {status} (not checked: {left_out})")
        }
    }
}

pub(super) const fn words(condition: Condition) -> &'static str {
    match condition {
        Condition::Healthy => "healthy",
        Condition::Degraded => "degraded",
        Condition::Unhealthy => "unhealthy",
        Condition::NotChecked => "not checked",
        Condition::Unknown => "unknown",
    }
}

fn line(formatter: &mut fmt::Formatter<'_>, word: &str, text: &str) -> fmt::Result {
    writeln!(formatter, "{word:<10} {text}")
}

impl Looked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>, report: &CheckReport) -> fmt::Result {
        match &self.found {
            Err(_) => return Ok(()),
            Ok(TargetFound::ListFile { health, .. }) => {
                self.list_file(formatter, health, report)?;
            }
            Ok(TargetFound::Site { health, kind }) => self.site(formatter, health, *kind)?,
        }
        let places: HashSet<_> = self.tokens().iter().map(|token| place(token)).collect();
        for concern in self.concerns() {
            let is_shown = |place: &String| places.contains(place);
            if concern.place.as_ref().is_some_and(is_shown) {
                continue;
            }
            let words = trouble_in_words(&concern.trouble);
            let word = word_of(concern.trouble.level());
            match (&concern.place, concern.list) {
                (Some(place), _) => line(formatter, word, &format!("{}: {words}", escaped(place)))?,
                (None, Some(list)) => line(formatter, word, &format!("list {list}: {words}"))?,
                (None, None) => line(formatter, word, &words)?,
            }
        }
        Ok(())
    }

    /// A line for each token, with everything that was found of it.
    fn tokens_fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut found: HashMap<&str, Vec<&Trouble>> = HashMap::new();
        for concern in self.concerns() {
            if let Some(place) = &concern.place {
                found.entry(place).or_default().push(&concern.trouble);
            }
        }
        for token in self.tokens() {
            let place = place(token);
            let troubles = found.get(place.as_str()).map_or(&[][..], Vec::as_slice);
            token_line(formatter, token, troubles)?;
        }
        Ok(())
    }

    fn list_file(
        &self,
        formatter: &mut fmt::Formatter<'_>,
        health: &ListFileHealth,
        report: &CheckReport,
    ) -> fmt::Result {
        let seen = match health.seen {
            Seen::Record => "as far as it remembers",
            Seen::Site => "as its site shows",
            Seen::Manifest => "as its hosts show",
        };
        let name = quote(&self.name);
        writeln!(formatter, "{name}: revision {}, {seen}", health.revision)?;
        self.tokens_fmt(formatter)?;
        let capacity = &health.capacity;
        let reserve = match capacity.spares {
            0 => String::new(),
            spares => format!(", {} in reserve", counted(spares as u64, "list", "lists")),
        };
        let (taken, size) = (capacity.taken, capacity.size);
        writeln!(formatter, "entries:   {taken} of {size} taken{reserve}")?;
        if let Some(waiting) = health.waiting {
            let waited = report
                .now
                .second()
                .saturating_sub(waiting.change.at.second());
            writeln!(
                formatter,
                "waiting:   a change of list {} since {}, for {}",
                waiting.list,
                waiting.change.at,
                length(waited)
            )?;
        }
        certificate(formatter, health.certificate_ends)
    }

    fn site(
        &self,
        formatter: &mut fmt::Formatter<'_>,
        health: &SiteHealth,
        kind: SiteKind,
    ) -> fmt::Result {
        if kind != SiteKind::LiveToken {
            let tokens = counted(health.tokens.len() as u64, "token", "tokens");
            let others = counted(health.others as u64, "other file", "other files");
            writeln!(formatter, "{}: {tokens}, {others}", quote(&self.name))?;
        }
        self.tokens_fmt(formatter)?;
        certificate(formatter, health.certificate_ends)
    }
}

fn certificate(formatter: &mut fmt::Formatter<'_>, ends: Option<Timestamp>) -> fmt::Result {
    match ends {
        Some(ends) => writeln!(formatter, "certified: until {ends}"),
        None => Ok(()),
    }
}

/// What is due and what is late, the state says already.
fn token_line(
    formatter: &mut fmt::Formatter<'_>,
    token: &TokenHealth,
    troubles: &[&Trouble],
) -> fmt::Result {
    let is_state = |trouble: &Trouble| {
        matches!(
            trouble,
            Trouble::Token(_) | Trouble::Missing | Trouble::SpareMissing
        )
    };
    let others = troubles.iter().filter(|trouble| !is_state(trouble));
    let mut parts: Vec<_> = others
        .clone()
        .map(|trouble| trouble_in_words(trouble))
        .collect();
    parts.extend(times(token));
    let has_fault = others
        .clone()
        .any(|trouble| trouble.level() == Level::Fault);
    let word = match token.state {
        TokenState::Fresh | TokenState::Due | TokenState::Expiring if has_fault => "fault",
        state => state.name(),
    };
    let place = escaped(&place(token));
    line(formatter, word, &format!("{place}: {}", parts.join("; ")))
}

fn times(token: &TokenHealth) -> Option<String> {
    Some(match (token.state, token.expires_at, token.due_at) {
        (TokenState::Missing, _, _) => "not published".to_owned(),
        (TokenState::Unknown, _, _) => return None,
        (TokenState::Expired, Some(end), _) => format!("expired {end}"),
        (_, Some(end), Some(due)) => format!("due {due}, expires {end}"),
        (_, None, Some(due)) => format!("due {due}, never expires"),
        (_, Some(end), None) => format!("expires {end}"),
        (_, None, None) => "never expires".to_owned(),
    })
}

const fn word_of(level: Level) -> &'static str {
    match level {
        Level::Fine => "note",
        level => level.name(),
    }
}

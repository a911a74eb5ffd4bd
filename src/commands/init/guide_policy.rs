//! When lists are published, as the status-issuer integration guide and EUDIPLO write it.
//!
//! A list file holds no policy, so what they say is checked against the list that is made, and
//! answered with the lines that say the same in `statuslist.toml`.

use crate::commands::options::{batch_size, urgent_status};
use crate::commands::settings::{Reading, Scalar, Setting, SettingsFile, Shape};
use crate::commands::{Code, Error};
use crate::list::{Duration, Policy, Status, Strategy, Width};
use crate::wire::placed::{Member, Placed};

/// The members of the guide's settings that are no settings of a list.
const REGENERATION: &str = "regeneration";
const TOKEN: &str = "statusListToken";

const LENGTH: Shape = Shape::One(Scalar::TextOrWhole);

const SETTINGS: [Setting; 5] = [
    Setting::new("strategy", Shape::One(Scalar::Text), ""),
    Setting::new("periodicInterval", LENGTH, ""),
    Setting::new("urgentStatuses", Shape::Many(Scalar::TextOrWhole), ""),
    Setting::new("maxBatchSize", LENGTH, ""),
    Setting::new("batchWindow", LENGTH, ""),
];

const TOKEN_SETTINGS: [Setting; 2] = [
    Setting::new("ttl", LENGTH, ""),
    Setting::new("expiration", LENGTH, ""),
];

/// When lists are to be published.
#[derive(Clone, Debug)]
pub(super) enum Publishing {
    /// By this policy of the guide.
    By(Policy),
    /// EUDIPLO's immediate update: after each change.
    AtOnce,
    /// EUDIPLO's lazy one: with the renewal.
    WithRenewal,
}

/// What a file of the guide says beside the settings of a list.
#[derive(Clone, Debug, Default)]
pub(super) struct GuidePolicy {
    pub(super) publishing: Option<Publishing>,
    pub(super) ttl: Option<Duration>,
    pub(super) expiration: Option<Duration>,
}

/// Whether a file has members of the guide that are no settings of a list. A table of the name
/// stands in `statuslist.toml` too; there it has no names of the guide.
pub(super) fn is_in(members: &[Member]) -> bool {
    let is_camel = |value: &Placed| {
        let members = value.members().unwrap_or_default().iter();
        let mut names = members.map(|member| member.name.as_str());
        names.any(|name| name.contains(|letter: char| letter.is_ascii_uppercase()))
    };
    members.iter().any(|member| {
        member.name == TOKEN || member.name == REGENERATION && is_camel(&member.value)
    })
}

/// Whether a member is read here.
pub(super) fn is_name(name: &str) -> bool {
    name == TOKEN || name == REGENERATION
}

impl GuidePolicy {
    /// Reads the members.
    ///
    /// # Errors
    /// A name is not known, or a value is none of its setting.
    pub(super) fn read(file: &SettingsFile, members: &[Member]) -> Result<Self, Error> {
        let mut read = Self::default();
        for member in members {
            if member.name == REGENERATION {
                let reading = Reading::of(file, REGENERATION, &member.value, &SETTINGS)?;
                read.publishing = Some(Publishing::By(policy(&reading)?));
            } else if member.name == TOKEN {
                let reading = Reading::of(file, TOKEN, &member.value, &TOKEN_SETTINGS)?;
                read.ttl = reading.parse("ttl")?;
                read.expiration = reading.parse("expiration")?;
            }
        }
        Ok(read)
    }
}

fn policy(table: &Reading<'_>) -> Result<Policy, Error> {
    let default = Policy::default();
    let Some(strategy) = table.parse::<Strategy>("strategy")? else {
        return Err(table.refused("strategy is missing"));
    };
    let statuses = table.items("urgentStatuses").iter().map(|item| {
        urgent_status(&item.text).map_err(|reason| table.fault(item, "urgentStatuses", reason))
    });
    let urgent: Vec<Status> = statuses.collect::<Result<_, _>>()?;
    Ok(Policy {
        strategy,
        periodic_interval: (table.parse("periodicInterval")?).unwrap_or(default.periodic_interval),
        batch_window: table.parse("batchWindow")?.unwrap_or(default.batch_window),
        max_batch_size: match table.one("maxBatchSize") {
            Some(item) => batch_size(&item.text)
                .map_err(|reason| table.fault(item, "maxBatchSize", reason))?,
            None => default.max_batch_size,
        },
        urgent_statuses: match table.value("urgentStatuses") {
            Some(_) => urgent,
            None => default.urgent_statuses,
        },
        renew_before: None,
    })
}

impl Publishing {
    /// What EUDIPLO's `immediateUpdate` says: `true`, or `false` for its lazy way.
    pub(super) fn of_immediate_update(immediate: &str) -> Self {
        if immediate == "true" {
            Self::AtOnce
        } else {
            Self::WithRenewal
        }
    }

    /// The lines that say the same in `statuslist.toml`, for tokens that are valid for so long, of
    /// entries of this width.
    ///
    /// # Errors
    /// The policy does not fit the list.
    pub(super) fn lines(&self, valid_for: Duration, width: Width) -> Result<String, Error> {
        let policy = match self {
            Self::By(policy) => policy.clone(),
            Self::AtOnce => Policy::default(),
            Self::WithRenewal => {
                let half = valid_for.seconds() / 2;
                Policy {
                    strategy: Strategy::Periodic,
                    periodic_interval: Duration::from_seconds(half).unwrap_or(valid_for),
                    ..Policy::default()
                }
            }
        };
        policy.check(valid_for, width).map_err(|contradiction| {
            Error::new(
                Code::Refused,
                "the policy of regeneration does not fit the list",
            )
            .because(contradiction.to_string())
            .hint("change regeneration, expiration or the bits of the entries")
        })?;
        let mut lines = vec![
            "it is about publishing: put this into statuslist.toml".to_owned(),
            "[regeneration]".to_owned(),
            format!("strategy = \"{}\"", policy.strategy.name()),
        ];
        let seconds = |name: &str, length: Duration| format!("{name} = {}", length.seconds());
        match (self, policy.strategy) {
            (Self::By(_), _) => {
                let statuses = policy.urgent_statuses.iter();
                let statuses: Vec<_> = statuses.map(|one| one.value().to_string()).collect();
                lines.extend([
                    seconds("periodic-interval", policy.periodic_interval),
                    seconds("batch-window", policy.batch_window),
                    format!("max-batch-size = {}", policy.max_batch_size),
                    format!("urgent-statuses = [{}]", statuses.join(", ")),
                ]);
            }
            (_, Strategy::Periodic) => {
                lines.push(seconds("periodic-interval", policy.periodic_interval));
            }
            _ => {}
        }
        Ok(lines.join("\n"))
    }
}

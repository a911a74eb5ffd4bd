//! By which policy changes are published: what options, variables and the settings file say of it.

use super::answer::{Code, Error};
use super::context::{Context, Settings};
use super::options::{RegenerationOptions, batch_size, urgent_status};
use super::settings::Reading;
use crate::list::{Contradiction, Duration, Policy, Status, Strategy, Width};
use crate::wire::shell::quote;

/// The table of the settings file.
pub(crate) const REGENERATION: &str = "regeneration";

const INTERVAL: Member = Member {
    setting: "periodic-interval",
    option: "--periodic-interval",
    strategies: "periodic or hybrid",
};
const WINDOW: Member = Member {
    setting: "batch-window",
    option: "--batch-window",
    strategies: "batched",
};
const BATCH: Member = Member {
    setting: "max-batch-size",
    option: "--max-batch-size",
    strategies: "batched",
};
const URGENT: Member = Member {
    setting: "urgent-statuses",
    option: "--urgent-status",
    strategies: "hybrid",
};
const RENEWAL: Member = Member {
    setting: "renew-before",
    option: "--renew-before",
    strategies: "every strategy",
};

/// A member of the policy, as it is written.
struct Member {
    setting: &'static str,
    option: &'static str,
    /// The strategies that ask for it.
    strategies: &'static str,
}

/// What a policy must fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tokens {
    /// How long tokens are valid, whoever said so.
    pub(crate) valid_for: Duration,
    /// The width of the entries.
    pub(crate) width: Width,
}

/// Reads the table of the settings file. `renew-before` says something whatever the strategy; what
/// belongs to a strategy says nothing unless one is named.
///
/// # Errors
/// A value is none of its member, or the policy contradicts itself.
pub(crate) fn policy_of(table: &Reading<'_>) -> Result<Policy, Error> {
    let default = Policy::default();
    let strategy: Option<Strategy> = table.parse("strategy")?;
    let policy = Policy {
        strategy: strategy.unwrap_or(default.strategy),
        periodic_interval: (table.parse(INTERVAL.setting)?).unwrap_or(default.periodic_interval),
        batch_window: (table.parse(WINDOW.setting)?).unwrap_or(default.batch_window),
        max_batch_size: match table.one(BATCH.setting) {
            Some(item) => {
                batch_size(&item.text).map_err(|reason| table.fault(item, BATCH.setting, reason))?
            }
            None => default.max_batch_size,
        },
        urgent_statuses: match table.value(URGENT.setting) {
            Some(_) => urgent_statuses(table)?,
            None => default.urgent_statuses,
        },
        renew_before: table.parse(RENEWAL.setting)?,
    };
    let of_a_strategy = [INTERVAL, WINDOW, BATCH, URGENT];
    let mut written = of_a_strategy.into_iter();
    let idle = written.find(|member| table.value(member.setting).is_some());
    if let (None, Some(member)) = (strategy, idle) {
        let reason = format!(
            "strategy is missing, without which {} has no effect",
            member.setting
        );
        return Err(table
            .refused(reason)
            .hint(format!("it is for strategy {}", member.strategies)));
    }
    if policy.strategy == Strategy::Hybrid && policy.urgent_statuses.is_empty() {
        return Err(table.refused(Contradiction::NothingUrgent).hint(format!(
            "name some under {}, or take strategy = \"periodic\"",
            URGENT.setting
        )));
    }
    Ok(policy)
}

fn urgent_statuses(table: &Reading<'_>) -> Result<Vec<Status>, Error> {
    let items = table.items(URGENT.setting).iter();
    let statuses = items.map(|item| {
        urgent_status(&item.text).map_err(|reason| table.fault(item, URGENT.setting, reason))
    });
    statuses.collect()
}

impl RegenerationOptions {
    /// The policy that options and settings say; `None` if none of them says anything.
    ///
    /// # Errors
    /// An option has no effect.
    pub(crate) fn policy(&self, context: &Context<'_>) -> Result<Option<Policy>, Error> {
        let from_file = context.settings.regeneration.as_ref();
        if from_file.is_none() && !self.is_given() {
            return Ok(None);
        }
        let rest = from_file.cloned().unwrap_or_default();
        let policy = Policy {
            strategy: self.strategy.unwrap_or(rest.strategy),
            periodic_interval: self.periodic_interval.unwrap_or(rest.periodic_interval),
            batch_window: self.batch_window.unwrap_or(rest.batch_window),
            max_batch_size: self.max_batch_size.unwrap_or(rest.max_batch_size),
            urgent_statuses: if self.urgent_statuses.is_empty() {
                rest.urgent_statuses
            } else {
                self.urgent_statuses.clone()
            },
            renew_before: self.renew_before.or(rest.renew_before),
        };
        match self.of_a_strategy() {
            Some(member) if self.strategy.is_none() && policy.strategy == Strategy::OnDemand => {
                let message = format!("{} has no effect", member.option);
                Err(Error::new(Code::Refused, message)
                    .because("every change is published at once unless a strategy is named")
                    .hint(format!("--strategy, with {}", member.strategies)))
            }
            _ => Ok(Some(policy)),
        }
    }

    /// The policy for tokens like these; `None` if nobody says anything of one.
    ///
    /// # Errors
    /// An option has no effect, or the policy does not fit the tokens.
    pub(crate) fn policy_for(
        &self,
        context: &Context<'_>,
        tokens: Tokens,
    ) -> Result<Option<Policy>, Error> {
        let Some(policy) = self.policy(context)? else {
            return Ok(None);
        };
        match policy.check(tokens.valid_for, tokens.width) {
            Ok(()) => Ok(Some(policy)),
            Err(contradiction) => Err(self.contradicts(&context.settings, &contradiction)),
        }
    }

    fn is_given(&self) -> bool {
        self.strategy.is_some() || self.renew_before.is_some() || self.of_a_strategy().is_some()
    }

    /// The first option given that only some strategies ask for.
    fn of_a_strategy(&self) -> Option<Member> {
        let given = [
            self.periodic_interval.map(|_| INTERVAL),
            self.batch_window.map(|_| WINDOW),
            self.max_batch_size.map(|_| BATCH),
            self.urgent_statuses.first().map(|_| URGENT),
        ];
        given.into_iter().flatten().next()
    }

    /// Says what contradicts what, and where it stands.
    fn contradicts(&self, settings: &Settings, contradiction: &Contradiction) -> Error {
        let (member, is_given, wanted) = match contradiction {
            Contradiction::RenewalAtOnce { valid_for, .. } => (
                RENEWAL,
                self.renew_before.is_some(),
                format!("less than {valid_for}"),
            ),
            Contradiction::IntervalTooLong { renewed_after, .. } => (
                INTERVAL,
                self.periodic_interval.is_some(),
                at_most(*renewed_after),
            ),
            Contradiction::WindowTooLong { renewed_after, .. } => {
                (WINDOW, self.batch_window.is_some(), at_most(*renewed_after))
            }
            Contradiction::UrgentDoesNotFit { width, .. } => (
                URGENT,
                !self.urgent_statuses.is_empty(),
                format!("statuses up to {}", width.largest()),
            ),
            Contradiction::NothingUrgent => (URGENT, false, "at least one status".to_owned()),
        };
        let file = settings.file.as_ref().filter(|_| !is_given);
        let place = match file.filter(|_| settings.regeneration.is_some()) {
            Some(file) => format!(
                "{} under [{REGENERATION}] in {}",
                member.setting,
                quote(file)
            ),
            None => member.option.to_owned(),
        };
        Error::new(Code::Refused, "the policy of regeneration does not fit")
            .because(contradiction.to_string())
            .hint(format!("{place}: {wanted}"))
    }
}

fn at_most(seconds: u64) -> String {
    match Duration::from_seconds(seconds) {
        Some(longest) => format!("at most {longest}"),
        None => "tokens that are valid for longer".to_owned(),
    }
}

//! What a profile can demand of settings, and whether they meet it.

use std::fmt;

use super::ruling::Ruling;
use crate::list::{Duration, Register, Status, View, Width};

/// What a rule demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// One of these views, whatever views there are besides.
    AnyView(&'static [View]),
    /// No other view than these.
    OnlyView(View),
    /// Entries of this width.
    Bits(Width),
    /// No other status than these.
    Statuses(&'static [u8]),
    /// What is revoked stays revoked, whoever asks.
    RevocationForGood,
    /// No index that somebody chose.
    UnpredictableIndexes,
    /// At least so many entries.
    Entries(u64),
    /// Tokens that are valid for so long at most.
    ValidAtMost(Duration),
    /// No `aggregation_uri`.
    NoAggregation,
    /// A list of so many bytes at most, before it is compressed.
    ListBytes(u64),
}

/// What a profile can judge of the settings of a series.
#[derive(Clone, Debug)]
pub struct SettingsFacts<'a> {
    /// The published forms.
    pub views: &'a [View],
    /// How long a token is valid.
    pub valid_for: Duration,
    /// Where an aggregation of all lists is published, if anywhere.
    pub aggregation_uri: Option<&'a str>,
    /// What can never change.
    pub register: &'a Register,
}

impl Demand {
    /// Whether settings meet what is demanded.
    pub(super) fn rule(self, settings: &SettingsFacts<'_>) -> Ruling {
        let register = settings.register;
        let entries = register.size.entries();
        match self {
            Self::AnyView(views) => Ruling::demand(
                settings.views.iter().any(|view| views.contains(view)),
                || format!("the series has no view {}", alternatives(views)),
            ),
            Self::OnlyView(only) => match settings.views.iter().find(|view| **view != only) {
                None => Ruling::Met,
                Some(other) => Ruling::Broken(format!("the series has the view {other}")),
            },
            Self::ValidAtMost(longest) => Ruling::demand(settings.valid_for <= longest, || {
                format!("tokens are valid for {}", settings.valid_for)
            }),
            Self::NoAggregation => match settings.aggregation_uri {
                None => Ruling::Met,
                Some(uri) => Ruling::Broken(format!("tokens name the aggregation '{uri}'")),
            },
            Self::Bits(width) => Ruling::demand(register.width == width, || {
                format!("the entries have {}", register.width)
            }),
            Self::RevocationForGood => {
                Ruling::demand(register.final_statuses.contains(&Status::INVALID), || {
                    format!("status {} is not final", Status::INVALID)
                })
            }
            Self::Entries(least) => {
                Ruling::demand(entries >= least, || format!("a list has {entries} entries"))
            }
            Self::ListBytes(most) => {
                let bytes = register.width.bytes_for(entries);
                Ruling::demand(bytes <= most, || format!("a list has {bytes} bytes"))
            }
            // They are about what is asked for.
            Self::Statuses(_) | Self::UnpredictableIndexes => Ruling::NotApplicable,
        }
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnyView(views) => write!(formatter, "a view {}", alternatives(views)),
            Self::OnlyView(view) => write!(formatter, "the view {view} alone"),
            Self::Bits(width) => write!(formatter, "entries of {width}"),
            Self::Statuses(known) => write!(formatter, "one of the statuses {}", listed(known)),
            Self::RevocationForGood => formatter.write_str("that what is revoked stays revoked"),
            Self::UnpredictableIndexes => formatter.write_str("indexes that nobody can predict"),
            Self::Entries(least) => write!(formatter, "at least {least} entries"),
            Self::ValidAtMost(longest) => write!(formatter, "a validity of at most {longest}"),
            Self::NoAggregation => formatter.write_str("lists without an aggregation"),
            Self::ListBytes(most) => write!(formatter, "a list of at most {most} bytes"),
        }
    }
}

fn alternatives(views: &[View]) -> String {
    let names: Vec<_> = views.iter().map(|view| view.name()).collect();
    names.join(" or ")
}

fn listed(statuses: &[u8]) -> String {
    let names: Vec<_> = statuses.iter().map(u8::to_string).collect();
    names.join(", ")
}

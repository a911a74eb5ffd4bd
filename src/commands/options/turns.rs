//! Options that say how many lists hand out entries, and how many wait.

use clap::Args;
use serde_json::{Value, json};

use crate::list::{OpenLists, SeriesSettings};

/// How many lists of a series are open, and how many wait.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct TurnOptions {
    /// Let this many lists hand out entries at once, by a choice that nobody can predict.
    #[arg(long, value_name = "N", value_parser = open_lists)]
    pub(crate) open: Option<OpenLists>,
    /// Keep this many lists in reserve: published like the others, they take the turns of lists that
    /// are full, and new ones are made for them; 0 ends the series with its last list.
    #[arg(long, value_name = "N", value_parser = spare_lists())]
    pub(crate) spare: Option<u32>,
}

impl TurnOptions {
    /// Whether one of them was given.
    pub(crate) const fn is_given(&self) -> bool {
        self.open.is_some() || self.spare.is_some()
    }

    /// What a request depends on.
    pub(crate) fn request(&self) -> Value {
        json!({ "open": self.open, "spare": self.spare })
    }

    /// Puts them into settings.
    pub(crate) fn apply(&self, settings: &mut SeriesSettings) {
        settings.open = self.open.unwrap_or(settings.open);
        settings.spare = self.spare.unwrap_or(settings.spare);
    }
}

pub(crate) fn open_lists(text: &str) -> Result<OpenLists, String> {
    let count: u32 = text
        .parse()
        .map_err(|_| format!("1 to {} is needed", OpenLists::MAX))?;
    count.try_into()
}

/// Reads how many lists wait, where no command line is read.
pub(crate) fn spare_count(text: &str) -> Result<u32, String> {
    let count = text.parse().ok().filter(|count| *count <= OpenLists::MAX);
    count.ok_or_else(|| format!("0 to {} is needed", OpenLists::MAX))
}

pub(crate) fn spare_lists() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(0..=i64::from(OpenLists::MAX))
}

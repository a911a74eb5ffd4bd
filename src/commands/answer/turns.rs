//! What a revision did to the lists besides, and how much is left, in words.

use std::path::Path;

use super::{Answer, Code, Error};
use crate::change::{Stock, Turnover};
use crate::commands::options::PublishedOption;
use crate::commands::{counted, listed};
use crate::list::{ListNumber, Scarcity};
use crate::store::{ListState, Snapshot};
use crate::wire::shell::quote;

impl Answer {
    /// Says which lists took their turns and which were made, and warns where the series ends soon.
    pub(crate) fn turned(mut self, turnover: &Turnover, file: &Path) -> Self {
        self.notes.extend(turns(turnover, file));
        self.warnings.extend(scarcity(turnover.stock, file));
        self
    }
}

/// Which lists took their turns and which were made.
pub(crate) fn turns(turnover: &Turnover, file: &Path) -> Option<String> {
    let made = |state: ListState| {
        let made = turnover.made.iter();
        made.filter(move |list| list.state == state)
            .map(|list| list.number)
    };
    let opened = turnover.opened.iter().copied();
    let opened: Vec<_> = opened.chain(made(ListState::Open)).collect();
    let waiting: Vec<_> = made(ListState::Spare).collect();
    let mut said = Vec::new();
    if !opened.is_empty() {
        said.push(format!("{} open now", are(&opened)));
    }
    if !waiting.is_empty() {
        said.push(format!("{} new and in reserve", are(&waiting)));
    }
    if said.is_empty() {
        return None;
    }
    let them = if turnover.made.is_empty() {
        String::new()
    } else {
        format!(
            "; publish before entries of new lists are handed out: statuslist publish {}",
            quote(file)
        )
    };
    Some(format!("{}{them}", said.join(", ")))
}

/// Warns that a series ends soon.
fn scarcity(stock: Stock, file: &Path) -> Option<String> {
    let Stock { left, size, spares } = stock;
    if spares > 0 {
        return None;
    }
    let file = quote(file);
    let way = format!("to go on: statuslist configure {file} --spare 1");
    if left == 0 {
        return Some(format!(
            "no entry is left, and no list is in reserve; {way}"
        ));
    }
    let scarcity = Scarcity { left, size };
    let (threshold, used) = (scarcity.threshold()?, scarcity.used());
    let only = if threshold == Scarcity::ALMOST_FULL {
        "only "
    } else {
        ""
    };
    let left = counted(left, "entry is", "entries are");
    Some(format!(
        "{only}{left} left ({used} % are taken), and no list is in reserve; {way}"
    ))
}

fn are(lists: &[ListNumber]) -> String {
    let verb = if lists.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", listed("list", "lists", lists))
}

/// Refuses to hand out entries of a list that no site is known to have, where that was asked for.
pub(crate) fn refuse_unpublished(
    option: PublishedOption,
    snapshot: &Snapshot<'_>,
    lists: &[ListNumber],
    file: &Path,
) -> Result<(), Error> {
    for number in lists.iter().filter(|_| option.require_published) {
        let published = snapshot.is_published(*number);
        if published.map_err(|error| Error::of_store(file, &error))? {
            continue;
        }
        let message = format!("no site is known to have list {number}");
        return Err(Error::new(Code::Refused, message)
            .because("--require-published was given")
            .hint(format!(
                "publish it first: statuslist publish {}",
                quote(file)
            ))
            .detail("listId", number.to_string()));
    }
    Ok(())
}

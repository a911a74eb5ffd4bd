//! What is published of list files, as far as hosts need to know it.

use crate::list::{Policy, Proof, Series, SeriesView};
use crate::publish::edition::Selection;
use crate::publish::statement::Lifetimes;
use crate::site::Digest;

/// What is published of all list files together.
#[derive(Default)]
pub(crate) struct Served {
    pub(super) views: Vec<ServedView>,
    /// How long hosts may let copies be kept, in seconds; `None` if nothing is published.
    pub(super) max_age: Option<u64>,
    /// The chain value of the first list file's state.
    pub(crate) chain: Option<Digest>,
}

/// A view of a series.
pub(super) struct ServedView {
    pub(super) view: SeriesView,
    pub(super) proof: Option<Proof>,
}

impl Served {
    /// Adds what is published of a list file.
    pub(crate) fn add(&mut self, series: &Series, selection: &Selection<'_>, policy: &Policy) {
        let views = series.views.iter();
        let chosen = views.filter(|view| selection.views.contains(&view.view));
        self.views.extend(chosen.map(|view| ServedView {
            view: view.clone(),
            proof: series.credentials.proof,
        }));
        self.chain.get_or_insert(selection.edition.chain);
        // A token is replaced with as much of its validity left: a copy that was made just before is
        // still valid when it is let go.
        let Lifetimes { ttl, valid_for } = selection.lifetimes;
        self.keep_at_most(policy.max_age(ttl, valid_for).seconds());
    }

    /// Lets copies be kept no longer than this.
    pub(super) fn keep_at_most(&mut self, seconds: u64) {
        self.max_age = Some(self.max_age.map_or(seconds, |known| known.min(seconds)));
    }
}

//! Pages for people: data in, HTML out.
//!
//! Two pages are made here. The page of a site is public, and says what is published, until when it
//! is valid, and how to check it; it must tell nothing of issuance, so its data ([`SitePage`]) has
//! no place for it. The overview is for administrators, and tells issuance. Both pages are one file
//! each, which loads nothing and runs nothing: their policy, which browsers hold, allows the one
//! style sheet in them and nothing else.
//!
//! What comes from outside is text, and stays text: [`maud`] escapes whatever is not written in a
//! template, and a test holds that nothing goes round it. Words for people who read a page stand
//! here, as those for people who type commands stand in `commands::answer`.
//!
//! | file | holds |
//! |---|---|
//! | `frame` | what both pages have in common: head, policy, style, mark, foot |
//! | `seal` | by which a page is known to be as it was written |
//! | `words` | times, lengths and formats, as people read them |
//! | `overview`, `plot` | the private page for administrators, and its pictures |
//! | `published` | what a site publishes |
//! | `site`, `verify` | the page of a site, and its part on how to check a status |

mod frame;
mod overview;
mod plot;
mod published;
mod seal;
mod site;
mod verify;
mod words;

pub(crate) use overview::{
    DayOverview, Finding, ListFileOverview, ListOverview, Overview, TokenOverview, Weight,
};
pub(crate) use published::{OtherFile, PublishedList, SiteDocuments, SitePage};
pub(crate) use seal::is_sealed;

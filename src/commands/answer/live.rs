//! What is said of a site that is not in its folder, or not there alone.

use std::path::Path;

use super::{Code, Error, counted};
use crate::publish::{CarriedFile, Silence, Uncarried, Vouched};
use crate::site::{SitePath, TargetError, WebFault};
use crate::store::Outcome;
use crate::wire::shell::quote;

/// How many files are named.
const MOST_NAMED: usize = 5;

/// Says what it means that a host gives no file, and does not say either that it has none.
pub(super) fn of_host(error: &TargetError) -> Error {
    let failed = Error::new(Code::Io, error.to_string())
        .because_of_source(error)
        .outcome(Outcome::None);
    let TargetError::Web { fault, .. } = error else {
        return failed;
    };
    match fault {
        WebFault::Status(_) => failed
            .because("only 404 and 410 say that there is no file")
            .hint("find out why the host does not show it, and repeat the command"),
        WebFault::Page => failed
            .because("a file of a status list was expected")
            .hint("if it is a page to log in: readers are asked to do that too"),
        WebFault::Encoded(_) => failed
            .because("no encoding was asked for, and readers may not understand it")
            .hint("let the host serve the file as it is"),
        WebFault::Differs(_) => failed
            .because("without a base url, each host of the lists is taken for the same site")
            .hint("name the site: --base-url URL; or publish the list files one by one"),
    }
}

/// Says why a site that says nothing of a list file is not taken for a new one.
pub(super) fn of_silence(
    failed: impl FnOnce(Code) -> Error,
    file: &Path,
    silence: Silence,
) -> Error {
    let error = failed(Code::Conflict);
    let file = quote(file);
    let live = "to ask the hosts: --live; if this is a new site all the same: --new-site";
    match silence {
        Silence::Copy => error
            .because(format!(
                "{file} is a copy, or was moved: nobody knows whether it is the newest"
            ))
            .hint(live),
        Silence::Travels => error
            .because(format!(
                "{file} travels by design: nobody knows whether this is the newest"
            ))
            .hint(live),
        Silence::Published { target, at } => error
            .because(format!("{file} was published to {} at {at}", quote(target)))
            .because("what is in that site, and in no other, would be missing in this one")
            .hint(live),
    }
}

/// Says that a folder has older files than readers see.
pub(super) fn of_behind(error: Error, paths: &[SitePath]) -> Error {
    let names = paths.iter().take(MOST_NAMED).map(ToString::to_string);
    let names: Vec<_> = names.collect();
    let others = match paths.len() - names.len() {
        0 => String::new(),
        others => format!(", and {others} others"),
    };
    error
        .because(format!(
            "what readers see is newer, or missing there: {}{others}",
            names.join(", ")
        ))
        .hint(
            "publish into an empty folder, which gets all of it: --live --to EMPTY; if the folder \
             is newer in truth, deploy it, or leave out --live",
        )
}

/// Says why a file that the manifest names is not taken over.
pub(super) fn of_uncarried(error: Error, reason: Uncarried) -> Error {
    match reason {
        Uncarried::Gone => error
            .because("the manifest names it, and the host says that it is not there")
            .hint("find out where it went; a deployment on its way may be waited for"),
        Uncarried::Differs => error
            .because("it is not the file that the manifest describes")
            .hint("a deployment or a cache may be behind: repeat the command later"),
        Uncarried::Stranger => error
            .because("the manifest names it, and it is nothing that this tool publishes")
            .hint("find out who can write to the host"),
    }
}

/// Says what was taken over, and what vouches for it.
pub(crate) fn of_carried(carried: &[CarriedFile], host: &str) -> Option<String> {
    let count = |vouched| {
        carried
            .iter()
            .filter(|file| file.vouched == vouched)
            .count()
    };
    let (own, others) = (count(Vouched::ListFile), count(Vouched::Manifest));
    let checked = (own > 0).then(|| format!("{own} compared with the list files"));
    let unchecked = (others > 0).then(|| {
        format!("{others} by the digests in the manifest alone, which only the host vouches for")
    });
    let how: Vec<_> = checked.into_iter().chain(unchecked).collect();
    let files = counted(carried.len() as u64, "file", "files");
    (!carried.is_empty()).then(|| format!("{files} taken over from {host}: {}", how.join(", ")))
}

/// Warns of files that were taken over although they have expired.
pub(crate) fn of_expired(carried: &[CarriedFile], real: crate::list::Timestamp) -> Option<String> {
    let expired = carried
        .iter()
        .filter(|file| file.expires_at.is_some_and(|at| at <= real));
    let paths: Vec<_> = expired.map(|file| file.path.to_string()).collect();
    let first = paths.first()?;
    Some(match paths.len() {
        1 => format!("{first} has expired, and is taken over as it is: publish its list file"),
        count => format!(
            "{first} and {} others have expired, and are taken over as they are: publish their list \
             files",
            count - 1
        ),
    })
}

/// Says that files for the host alone are not in the folder.
pub(crate) fn of_unshown(paths: &[SitePath]) -> Option<String> {
    let names: Vec<_> = paths.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| {
        format!(
            "the host keeps {} for itself, so it is not taken over: write it again with --host",
            names.join(" and ")
        )
    })
}

/// Says that nothing was published there before.
pub(crate) fn of_nothing(host: &str) -> String {
    format!("nothing is published at {host} yet: neither the manifest nor a file of the lists")
}

//! What all sites of a list file say of all its lists.

use std::path::Path;

use super::compare::{Adoption, Comparison, Own, Plan};
use super::lists;
use super::report::{FileLine, Published, Signature};
use crate::commands::options::{InflateOption, VerifyingOptions};
use crate::commands::views::uri_of;
use crate::commands::{Code, Context, Error};
use crate::list::{ListNumber, ListUri, pages};
use crate::site::{BaseUrl, Manifest, Target};
use crate::store::{StoreError, WriteLock};
use crate::survey::Verification;
use crate::token::StatusList;
use crate::wire::text::printable;

/// What sites are compared with, and how.
pub(super) struct Survey<'a> {
    pub(super) file: &'a Path,
    pub(super) lock: &'a WriteLock<'a>,
    pub(super) base: Option<&'a BaseUrl>,
    pub(super) verifying: &'a VerifyingOptions,
    pub(super) inflate: &'a InflateOption,
    pub(super) adoption: Adoption,
}

impl Survey<'_> {
    /// Compares the sites with the file; there is nothing to compare without any.
    ///
    /// # Errors
    /// A file cannot be read; or something is to be taken over, and nothing can be.
    pub(super) fn run(
        &self,
        context: &Context<'_>,
        sites: &[Box<dyn Target>],
    ) -> Result<(Option<Published>, Plan), Error> {
        let lock = self.lock;
        let keys = self.verifying.keys(context)?;
        let authorities = self.verifying.certificates.authorities(context)?;
        let adopts = self.adoption == Adoption::Wanted;
        if adopts && keys.is_none() && authorities.is_none() {
            return Err(without_key());
        }
        if adopts && sites.len() > 1 {
            return Err(Error::new(Code::Refused, "the original has several sites")
                .because("they may be of different states")
                .hint("name the newest one: --to FOLDER"));
        }
        let finals = lock.series().lasting_statuses(lock.register());
        let mut published = Published::default();
        let mut plan = Plan::default();
        for site in sites {
            published.sites.push(site.root().display().to_string());
            let manifest = Manifest::load(site.as_ref())?.unwrap_or_default();
            let comparison = Comparison {
                file: self.file,
                site: site.as_ref(),
                manifest: &manifest,
                base: self.base,
                snapshot: lock,
                finals: &finals,
                verification: Verification {
                    now: context.clock.now(),
                    keys: keys.as_ref(),
                    trust: authorities.as_ref().map(|authorities| authorities.trust()),
                    limit: self.inflate.limit(),
                },
                limit: self.inflate.token_limit(),
                adoption: self.adoption,
            };
            for number in self.numbers(&comparison)? {
                let own = self.own(number)?;
                comparison.list(&own, &mut published, &mut plan)?;
            }
        }
        published
            .files
            .sort_by(|one, other| one.path.cmp(&other.path));
        let verifies = |line: &FileLine| line.signature == Signature::Valid;
        if adopts && !published.files.iter().any(verifies) {
            return Err(nothing_verifies(&published));
        }
        let any = !sites.is_empty();
        Ok((any.then_some(published), plan))
    }

    /// The lists of the file and of a site, lowest first.
    fn numbers(&self, comparison: &Comparison<'_, '_>) -> Result<Vec<ListNumber>, Error> {
        let lists = comparison
            .snapshot
            .lists()
            .map_err(|error| Error::of_store(self.file, &error))?;
        let known = lists.iter().map(|list| list.number).collect();
        let place = (comparison.site, comparison.manifest, comparison.base);
        let unknown = lists::unknown(&known, comparison.snapshot.series(), place)?;
        let mut numbers: Vec<_> = known.into_iter().chain(unknown).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// A list as the file has it; one that it does not know, as nobody changed it.
    fn own(&self, number: ListNumber) -> Result<Own, Error> {
        let lock = self.lock;
        let of_file = |error| Error::of_store(self.file, &error);
        let (series, register) = (lock.series(), lock.register());
        let list = match lock.list(number) {
            Ok(list) => list,
            Err(StoreError::NoList(_)) => {
                let uris = series.views.iter();
                let uris = uris.map(|known| {
                    let (view, uri) = (known.view, uri_of(known, number)?);
                    Ok(ListUri { view, uri })
                });
                let bytes = register.width.bytes_for(register.size.entries());
                let byte = pages::uniform_byte(register.width, register.default_status.value());
                return Ok(Own {
                    number,
                    uris: uris.collect::<Result<_, Error>>()?,
                    packed: StatusList {
                        width: register.width,
                        bytes: vec![byte; usize::try_from(bytes).unwrap_or(usize::MAX)],
                    },
                    is_known: false,
                });
            }
            Err(error) => return Err(of_file(error)),
        };
        Ok(Own {
            number,
            uris: lock.uris(number).map_err(of_file)?,
            packed: StatusList {
                width: list.width,
                bytes: lock.packed(&list).map_err(of_file)?,
            },
            is_known: true,
        })
    }
}

/// Says that nobody named a key to verify with.
fn without_key() -> Error {
    Error::new(
        Code::Refused,
        "no key was named to verify the site's files with",
    )
    .because("whoever can write to the site could revoke and un-revoke otherwise")
    .hint("--key KEY, --jwks FILE or --trust FILE")
}

/// Says that nothing of the site can be taken over.
fn nothing_verifies(published: &Published) -> Error {
    let error = Error::new(Code::Refused, "nothing that the site has can be taken over");
    let with = |signature| {
        published
            .files
            .iter()
            .find(|line| line.signature == signature)
    };
    if let Some(line) = with(Signature::Rejected) {
        let reason = printable(line.reason.as_deref().unwrap_or_default());
        return error
            .because(format!("'{}': {reason}", line.path))
            .hint("check the key, and --to");
    }
    match with(Signature::NotChecked) {
        Some(line) => error
            .because(format!("--trust says nothing of '{}'", line.path))
            .hint("--key KEY or --jwks FILE"),
        None => error
            .because("it has no signed file of the series")
            .hint("check --to and --base-url, or leave out --adopt-published"),
    }
}

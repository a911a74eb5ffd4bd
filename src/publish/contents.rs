//! Everything that a site should hold, decided list by list before anything is written.
//!
//! A series may have a thousand lists, and a publication needs the memory of the largest. So each
//! token is compared with what is in its place while the list is at hand, and of what stays nothing
//! is kept but what people are told. A list of which a token is written waits until all list files
//! were read: to compress and to sign takes long, and nobody can change a list file that is being
//! read.

use std::num::NonZeroU64;
use std::rc::Rc;

use super::aggregation::{self, Member};
use super::decision::{Cause, Decision, PlannedToken, PublishableToken, Writing};
use super::departure::Lifted;
use super::dropping::refuse_left;
use super::edition::{Edition, Selection};
use super::error::PublishError;
use super::file::{Content, SiteFile};
use super::first::refuse_silent;
use super::ground::Ground;
use super::guard::refuse_lifted;
use super::hosted::{HostGround, Hosted};
use super::hosts::{HostPlan, Served};
use super::key::{SigningKeys, TokenSigner};
use super::key_files::{KeyPlan, KeySource};
use super::keys::KeyUse;
use super::page::{Fate, PageContents};
use super::plan::PublishPlan;
use super::responder::{DocumentFolder, Responder};
use super::retired::{Leaving, Retired};
use super::rules::{Envelopes, Permission, Rules};
use super::secrets::refuse_secrets;
use super::side_files;
use super::site::Site;
use super::spool::{Kept, Spool};
use super::statement::Statement;
use crate::audit::TokenDemand;
use crate::list::{Breach, Holds, Series, Timestamp};
use crate::site::{Digest, SitePath, Target, check_distinct};
use crate::store::{ListState, Snapshot};

/// Everything that a site should hold.
pub(crate) struct Contents<'a> {
    /// `None` if nothing is to be signed.
    keys: Option<&'a dyn SigningKeys>,
    site: &'a Site<'a>,
    /// The same site as seen elsewhere, which may not be newer than what is written.
    beside: Option<&'a Site<'a>>,
    rules: &'a Rules,
    /// Those that stay as they are, and in the end all.
    tokens: Vec<PlannedToken>,
    /// What the keys of these tokens signed.
    uses: Vec<KeyUse>,
    unsigned: Vec<UnsignedList>,
    responders: Vec<Responder>,
    retired: Retired,
    /// What has tokens, in the order of the list files.
    sources: Vec<Source>,
    /// The envelopes of credentials.
    envelopes: Vec<SiteFile>,
    lifted: Vec<Lifted>,
    advice: Vec<Breach<TokenDemand>>,
    /// What hosts need to know.
    served: Served,
    /// The lists that wait to be signed.
    lists: Spool,
    /// What is to be written.
    files: Spool,
}

/// A list file that has tokens.
struct Source {
    edition: Edition,
    series: Rc<Series>,
}

/// A list, and its tokens that are to be signed.
struct UnsignedList {
    entries: Kept,
    tokens: Vec<UnsignedToken>,
}

/// A token that is to be signed, without its list.
struct UnsignedToken {
    token: PublishableToken,
    writing: Writing,
}

impl<'a> Contents<'a> {
    /// Nothing yet. Without a key nothing is signed.
    pub(crate) fn new(
        keys: Option<&'a dyn SigningKeys>,
        site: &'a Site<'a>,
        rules: &'a Rules,
    ) -> Self {
        Self {
            keys,
            site,
            beside: None,
            rules,
            tokens: Vec::new(),
            uses: Vec::new(),
            unsigned: Vec::new(),
            responders: Vec::new(),
            retired: Retired::default(),
            sources: Vec::new(),
            envelopes: Vec::new(),
            lifted: Vec::new(),
            advice: Vec::new(),
            served: Served::default(),
            lists: Spool::default(),
            files: Spool::default(),
        }
    }

    /// Compares everything with what is seen elsewhere too.
    pub(crate) fn beside(self, beside: Option<&'a Site<'a>>) -> Self {
        Self { beside, ..self }
    }

    /// Adds what a site should hold of a list file, from one state of the file, and decides about
    /// it.
    ///
    /// # Errors
    /// The list file or the site cannot be read, a path that the site cannot hold, or what is in
    /// the site must stay.
    pub(crate) fn add(
        &mut self,
        snapshot: &Snapshot<'_>,
        selection: &Selection<'_>,
    ) -> Result<(), PublishError> {
        let edition = &selection.edition;
        let series = Rc::new(snapshot.series().clone());
        self.served.add(&series, selection, &self.rules.policy);
        if self.rules.silent_site == Permission::Refused {
            refuse_silent(snapshot, selection, self.site)?;
        }
        for list in snapshot.lists().map_err(|source| edition.failed(source))? {
            let ground = |site| Ground::new(snapshot, edition, &list, site, self.rules);
            let (beside, ground) = (self.beside.map(ground), ground(self.site));
            if list.state == ListState::Retired {
                self.retired.add(&ground, selection, &series, self.keys)?;
            } else {
                self.add_list(&ground, beside.as_ref(), selection, &series)?;
            }
        }
        Ok(())
    }

    fn add_list(
        &mut self,
        ground: &Ground<'_, '_>,
        beside: Option<&Ground<'_, '_>>,
        selection: &Selection<'_>,
        series: &Rc<Series>,
    ) -> Result<(), PublishError> {
        let mut entries = None;
        let mut tokens = Vec::new();
        let mut staying = Vec::new();
        let mut places = ground.places()?;
        places.retain(|place| selection.views.contains(&place.view));
        for place in places {
            if place.view.row().holds == Holds::Documents {
                let location = &place.uri;
                if let Some(ground) = beside {
                    let folder = DocumentFolder { ground, location };
                    let mut seen = folder.responder(&mut Spool::default())?;
                    self.lifted.extend(seen.take_lifted());
                }
                let folder = DocumentFolder { ground, location };
                self.responders.push(folder.responder(&mut self.files)?);
                continue;
            }
            let list = match entries.take() {
                Some(list) => list,
                None => ground.entries()?,
            };
            let (lifetimes, now) = (selection.lifetimes, self.rules.now);
            let path = self.site.path_of(&place.uri)?;
            let mut token = PublishableToken {
                provenance: ground.provenance(&path)?,
                path,
                statement: Statement::new(Rc::clone(series), place, list, lifetimes, now),
            };
            let decision = self.decide(&mut token, ground, beside)?;
            entries = Some(token.statement.take_list());
            match decision {
                Decision::Stays(there) => staying.push((token, there)),
                Decision::Written(writing) => tokens.push(UnsignedToken { token, writing }),
            }
        }
        let is_written = !tokens.is_empty();
        for (token, there) in staying {
            // Readers of one view see a change when those of the others do.
            if is_written && there.waits() {
                let expected = self.site.expects(Some(&there.bytes));
                let cause = Cause::OtherList;
                let writing = Writing { cause, expected };
                tokens.push(UnsignedToken { token, writing });
            } else {
                let until = there.validity.expires_at;
                self.note_use(&token, until.map(Timestamp::second))?;
                let planned = token.kept(&there, &self.rules.policy);
                self.add_token(planned, &there.bytes)?;
            }
        }
        for UnsignedToken { token, .. } in &tokens {
            self.note_use(token, token.statement.claims.expires_at)?;
        }
        if let Some(list) = entries.filter(|_| !tokens.is_empty()) {
            let entries = self.lists.keep(list.bytes);
            self.unsigned.push(UnsignedList { entries, tokens });
        }
        Ok(())
    }

    fn decide(
        &mut self,
        token: &mut PublishableToken,
        ground: &Ground<'_, '_>,
        beside: Option<&Ground<'_, '_>>,
    ) -> Result<Decision, PublishError> {
        let key = &self.signer(token)?.named;
        let (statement, edition) = (&token.statement, ground.edition);
        let ttl = statement.claims.time_to_live.map_or(0, NonZeroU64::get);
        self.site.keys.refuse_signer(key, ttl, self.rules)?;
        let last = self.sources.last();
        if last.is_none_or(|source| source.edition.file != edition.file) {
            self.sources.push(Source {
                edition: edition.clone(),
                series: Rc::clone(&statement.series),
            });
        }
        for breach in statement.advice(key) {
            if !self.advice.contains(&breach) {
                self.advice.push(breach);
            }
        }
        let seen = beside.map(|ground| token.watch(key, ground, &mut self.lifted));
        let seen = seen.transpose()?.flatten();
        token.provenance = ground.provenance(&token.path)?;
        token.decide(key, ground, seen, &mut self.lifted)
    }

    fn signer(&self, token: &PublishableToken) -> Result<&'a TokenSigner, PublishError> {
        let key = self.keys.and_then(|keys| keys.key_of(&token.place()));
        key.ok_or(PublishError::NoKey)
    }

    /// Notes until when a token needs its key.
    fn note_use(
        &mut self,
        token: &PublishableToken,
        until: Option<i64>,
    ) -> Result<(), PublishError> {
        let key = self.signer(token)?.named.shown_for(token.statement.view);
        let until = until.unwrap_or(i64::MAX);
        let is_known = |used: &&mut KeyUse| used.key == key && used.key.key_id() == key.key_id();
        match self.uses.iter_mut().find(is_known) {
            Some(used) => used.until = used.until.max(until),
            None => self.uses.push(KeyUse { key, until }),
        }
        Ok(())
    }

    /// Adds a token that is decided about, and what goes with it.
    fn add_token(&mut self, planned: PlannedToken, bytes: &[u8]) -> Result<(), PublishError> {
        let (site, rules) = (self.site, self.rules);
        if rules.envelopes == Envelopes::Written
            && planned.view.is_credential()
            && let Some(envelope) = side_files::enveloped(&planned, bytes, site, rules)?
        {
            let envelope = envelope.decide(site, rules, &mut self.files)?;
            self.envelopes.push(envelope);
        }
        self.tokens.push(planned);
        Ok(())
    }

    /// Decides about what depends on all list files, and signs.
    ///
    /// # Errors
    /// Whatever speaks against one file speaks against all.
    pub(crate) fn plan(mut self) -> Result<PublishPlan, PublishError> {
        let of_responders = self.responders.iter_mut();
        self.lifted
            .extend(of_responders.filter_map(Responder::take_lifted));
        refuse_lifted(&self.lifted, self.rules.unrevoke)?;
        self.sign()?;
        self.tokens.sort_by(|one, other| one.uri.cmp(&other.uri));
        self.responders
            .sort_by(|one, other| one.uri.cmp(&other.uri));
        let keys = self.key_plan()?;
        let mut side_files = self.side_files()?;
        side_files.append(&mut self.envelopes);
        let chain = self.retired.chain();
        let retired = std::mem::take(&mut self.retired);
        let held = self.files_with(&side_files, &keys.files);
        let mut leaving = retired.leaving(held.map(|file| &file.path));
        match self.page(&side_files, &keys.files, &leaving, chain)? {
            Fate::Held(page) => {
                side_files.push(page.decide(self.site, self.rules, &mut self.files)?);
            }
            Fate::Gone(page) => leaving.page = Some(page),
            Fate::Absent => {}
        }
        let mut hosted = self.hosted(&side_files, &keys.files)?;
        side_files.extend(hosted.iter_mut().flat_map(|hosted| hosted.files.drain(..)));
        side_files.sort_by(|one, other| one.path.cmp(&other.path));
        let paths = self.paths(&side_files, &keys.files);
        check_distinct(&paths).map_err(PublishError::Clash)?;
        let doubts = match self.site.target().and_then(Target::folder) {
            Some(root) => refuse_secrets(root, &paths, self.site)?,
            None => Vec::new(),
        };
        if let Some(key) = &self.rules.keys.dropped {
            let written = self.tokens.iter().map(|planned| &planned.file);
            let written = written.chain(&side_files).filter(|file| file.is_written());
            let removed = leaving.removals.iter().map(|removal| &removal.path);
            let going = written.map(|file| &file.path).chain(removed);
            refuse_left(key, &going.collect(), self.site, self.rules)?;
        }
        Ok(PublishPlan {
            tokens: self.tokens,
            side_files,
            responders: self.responders,
            lifted: self.lifted,
            doubts,
            advice: self.advice,
            leaving,
            keys,
            hosted,
            carried: Vec::new(),
            unshown: Vec::new(),
            spool: self.files,
        })
    }

    /// Signs the tokens that are to be written.
    fn sign(&mut self) -> Result<(), PublishError> {
        for UnsignedList { entries, tokens } in std::mem::take(&mut self.unsigned) {
            let mut entries = self.lists.take(entries)?;
            for UnsignedToken { mut token, writing } in tokens {
                let key = self.signer(&token)?;
                token.statement.claims.list.bytes = entries;
                let signed = token.signed(key, self.rules)?;
                entries = token.statement.take_list().bytes;
                let mut planned = token.renewed(&signed, writing.cause, &self.rules.policy);
                planned.file.signed_by = Some(key.named.public.thumbprint().to_owned());
                self.add_token(planned, &signed)?;
                if let Some(planned) = self.tokens.last_mut() {
                    planned.file.write = Some(Content {
                        bytes: self.files.keep(signed),
                        expected: writing.expected,
                    });
                }
            }
        }
        Ok(())
    }

    /// The files that show the keys of all tokens.
    fn key_plan(&mut self) -> Result<KeyPlan, PublishError> {
        // The public keys go with a list file, and are made for its first token.
        let sources = self.sources.iter().map(|source| KeySource {
            series: &source.series,
            chain: source.edition.chain,
        });
        let sources: Vec<_> = sources.collect();
        KeyPlan::new(&sources, &self.uses, self.site, self.rules, &mut self.files)
    }

    /// What becomes of the page for people.
    fn page(
        &self,
        side_files: &[SiteFile],
        keys: &[SiteFile],
        leaving: &Leaving,
        retired: Option<Digest>,
    ) -> Result<Fate, PublishError> {
        let files: Vec<_> = side_files.iter().chain(keys).collect();
        let removals = leaving.removals.iter();
        let removed = removals.map(|removal| &removal.path).collect();
        let contents = PageContents {
            tokens: &self.tokens,
            responders: &self.responders,
            retired,
            removed: &removed,
            files: &files,
            site: self.site,
            rules: self.rules,
        };
        contents.fate()
    }

    /// The documents that name all tokens.
    fn side_files(&mut self) -> Result<Vec<SiteFile>, PublishError> {
        let (site, rules) = (self.site, self.rules);
        let tokens: Vec<_> = self.tokens.iter().map(Member::from).collect();
        let retired: Vec<_> = self.retired.members().collect();
        let files = aggregation::documents(&tokens, &retired, site)?;
        let decided = files
            .into_iter()
            .map(|file| file.decide(site, rules, &mut self.files));
        decided.collect()
    }

    /// What the host is told of everything that the site should hold.
    fn hosted(
        &mut self,
        side_files: &[SiteFile],
        keys: &[SiteFile],
    ) -> Result<Option<Hosted>, PublishError> {
        let (site, rules) = (self.site, self.rules);
        let served = std::mem::take(&mut self.served);
        let (Some(hosting), Some(chain)) = (&rules.hosting, served.chain) else {
            return Ok(None);
        };
        let files = self.files_with(side_files, keys);
        let files = files.map(|file| (&file.path, file.media_type));
        let plan = HostPlan::new(served, files, site, rules)?;
        let mut ground = HostGround {
            site,
            rules,
            chain,
            spool: &mut self.files,
        };
        Hosted::decide(hosting, plan, &mut ground).map(Some)
    }

    fn files_with<'f>(
        &'f self,
        side_files: &'f [SiteFile],
        keys: &'f [SiteFile],
    ) -> impl Iterator<Item = &'f SiteFile> {
        let documents = self
            .responders
            .iter()
            .flat_map(|responder| &responder.documents);
        (self.tokens.iter().map(|token| &token.file))
            .chain(side_files)
            .chain(keys)
            .chain(documents)
    }

    fn paths(&self, side_files: &[SiteFile], keys: &[SiteFile]) -> Vec<SitePath> {
        let files = self.files_with(side_files, keys);
        files.map(|file| file.path.clone()).collect()
    }
}

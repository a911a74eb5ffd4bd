//! `allocate`: hands out unused, unpredictable indexes.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::json;

use super::answer::pools::refuse_other_types;
use super::answer::turns::refuse_unpublished;
use super::batch::AllocateBody;
use super::handed_out::{AllocatedEntry, HandedOut, HowMany};
use super::options::{CredentialType, PublishedOption, ViewName, WriteOptions};
use super::pool::{Pool, PoolError, Wanted, is_pool};
use super::session::Turn;
use super::{Answer, Context, Error};
use crate::change::{AllocateRequest, KnownTokens, Terms};
use crate::list::{DocumentHash, GroupName, ListNumber, Series, StatusName, Timestamp, TokenId};
use crate::store::{Backups, Snapshot};

/// Hands out unused, unpredictable indexes.
///
/// Prints one line per entry: LIST/INDEX, the uri, and the token id, separated by tabs. Nothing
/// that is published changes, unless another status than the default is given. A copy of a list
/// file hands out nothing: see `configure`.
///
/// A folder of list files is a pool. Of it, the first list file by name with room is used that is
/// bound to the type of the credentials, else the first that is for all types; which one is always
/// said. While a file of the pool cannot be read, it hands out nothing.
#[derive(Clone, Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("naming").multiple(true).args(["token_id", "body"]))]
pub struct Args {
    /// The list file, or a folder of list files (a pool).
    pub file: PathBuf,
    /// Take tokenId, initialStatus and expiresAt, where it has them, from this body of the
    /// status-issuer integration guide: a file, or - for standard input.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["token_id", "count", "status", "expires_at"]
    )]
    pub body: Option<PathBuf>,
    /// Say the type of the credentials: of a pool, the list file that is bound to it is used, else one
    /// that is for all types; a list file that is bound to others refuses.
    #[arg(long = "for", value_name = "TYPE", value_parser = CredentialType::of_credential)]
    pub credential_type: Option<CredentialType>,
    /// Record the issuer's own name for the credential; each names one entry. May be repeated.
    #[arg(long, value_name = "ID", value_parser = TokenId::as_written)]
    pub token_id: Vec<TokenId>,
    /// Hand out this many entries [default: 1, or one per token id].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=4_294_967_296))]
    pub count: Option<u64>,
    /// Put the entries into a group: all those of one holder, device or batch of copies, which can
    /// be set together.
    #[arg(long, value_name = "ID")]
    pub group: Option<GroupName>,
    /// Hand out this entry, and not one that nobody can predict.
    #[arg(long, value_name = "INDEX")]
    pub index: Option<u64>,
    /// Give the entries this status from the start [default: the list's default].
    #[arg(long, value_name = "STATUS")]
    pub status: Option<StatusName>,
    /// Record when the credentials expire; a date means its start, 00:00 UTC.
    #[arg(long, value_name = "TIME", value_parser = Timestamp::or_date)]
    pub expires_at: Option<Timestamp>,
    /// Keep the statuses until then, longer than the expiry says; a date means its start, 00:00 UTC.
    #[arg(long, value_name = "TIME", value_parser = Timestamp::or_date)]
    pub keep_until: Option<Timestamp>,
    /// Let --expires-at and --keep-until lie in the past.
    #[arg(long)]
    pub allow_past: bool,
    /// For a token id that has an entry: print that entry, and hand out none.
    #[arg(long, requires = "naming")]
    pub or_existing: bool,
    /// Print only what a credential embeds, as JSON, one line per entry; CBOR in hexadecimal digits.
    #[arg(long, value_name = "VIEW")]
    pub claim: Option<ViewName>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub published: PublishedOption,
    /// Take entries of this list of the series [default: those that are open].
    #[arg(long, value_name = "N")]
    pub list: Option<ListNumber>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub documents: DocumentOptions,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub write: WriteOptions,
}

/// Which documents the entries are for.
#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = "OpenAttestation")]
pub struct DocumentOptions {
    /// Record the hash of the document (its target hash), for view oa-ocsp; each is for one entry.
    /// May be repeated.
    #[arg(long, value_name = "HASH")]
    pub document_hash: Vec<DocumentHash>,
    /// Record a hash on the way from the documents to the root of their Merkle tree, or the root:
    /// those that readers compute, not the siblings that they compute them from. May be repeated.
    #[arg(long, value_name = "HASH", requires = "document_hash")]
    pub document_path: Vec<DocumentHash>,
}

/// Runs the command.
///
/// # Errors
/// Too few entries are left, a token id or an index is taken, the status does not fit, or the
/// disk fails. Then none is handed out.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let args = &args.with_body(context)?;
    if is_pool(&args.file) {
        return args.run_in_pool(context);
    }
    run_on_file(args, context, Turn::Awaited)
}

fn run_on_file(args: &Args, context: &Context<'_>, turn: Turn<'_>) -> Result<Answer, Error> {
    let refused = |error| Error::of_change(&args.file, error);
    let mut request = args.request().checked().map_err(refused)?;
    let mut asked = json!({
        "token_ids": args.token_id, "document_hashes": args.documents.document_hash,
        "document_path": args.documents.document_path, "count": request.entries(),
        "index": args.index, "status": args.status.map(StatusName::number),
        "expires": args.expires_at.map(Timestamp::second), "or_existing": args.or_existing,
        "list": args.list.map(ListNumber::value),
    });
    // Requests without them are what they were before there was such a thing.
    if let Some(time) = args.keep_until {
        asked["kept_until"] = time.second().into();
    }
    if args.allow_past {
        asked["allow_past"] = true.into();
    }
    if let Some(group) = &args.group {
        asked["group"] = json!(group);
    }
    if let Some(one) = &args.credential_type {
        asked["for"] = json!(one.as_str());
    }
    let stamp = args.write.stamp(context, "allocate", &asked)?;
    let held = turn.open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    args.refuse_other_view(&lock)?;
    let at = stamp.now.max(lock.head().at);
    request.terms.ends_after = (!args.allow_past).then_some(at);
    let request = request.settled(&lock).map_err(refused)?;
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        let entries = request.again(&lock, &event);
        let entries = entries.and_then(|entries| AllocatedEntry::all(&lock, entries, &[]));
        let answer = args.answer(entries.map_err(of_file)?, event.rev);
        return Ok(answer.repeating(&event));
    }
    args.refuse_other_types(lock.series())?;
    let plan = request.plan(&lock, stamp.operation_id.as_str());
    let plan = plan.map_err(refused)?;
    let entries = plan.entries(&lock, at).map_err(of_file)?;
    let turnover = plan.turnover().clone();
    let handed = AllocatedEntry::all(&lock, entries, &turnover.made).map_err(of_file)?;
    let lists = plan.lists();
    refuse_unpublished(args.published, &lock, &lists, &args.file)?;
    let left = turnover.stock.left;
    let revision = lock
        .prepare(&stamp, plan.work())
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    let answer = args.answer(handed, revision.rev);
    let answer = match lists.as_slice() {
        [] => answer.note("every token id has its entry already: nothing was handed out"),
        lists => {
            let entries = super::counted(plan.fresh(), "entry", "entries");
            let of = super::listed("list", "lists", lists);
            let rev = revision.rev;
            answer
                .note(format!(
                    "allocated {entries} of {of} ({left} left), revision {rev}"
                ))
                .turned(&turnover, &args.file)
        }
    };
    Ok(args.write.finish(answer, revision, &stamp))
}

impl Args {
    /// The same with what the body says, if there is one.
    fn with_body(&self, context: &Context<'_>) -> Result<Self, Error> {
        let mut args = self.clone();
        if let Some(path) = &self.body {
            let body = AllocateBody::read(path, context)?;
            if self.or_existing && body.token.is_none() {
                return Err(Error::refused("--or-existing, and the body has no tokenId")
                    .because("without one, no entry is there already"));
            }
            args.token_id.extend(body.token);
            args.status = body.status;
            args.expires_at = body.expires;
        }
        Ok(args)
    }

    /// Runs on the list file of a pool that is meant.
    fn run_in_pool(&self, context: &Context<'_>) -> Result<Answer, Error> {
        if self.list.is_some() {
            return Err(PoolError::ListOption(self.file.clone()).into());
        }
        let pool = Pool::to_write(&self.file, self.write.wait.time())?;
        let request = self.request();
        let (choice, remarks) = pool.to_take_of(Wanted {
            entries: request.entries(),
            credential_type: self.credential_type.as_ref().map(CredentialType::as_str),
            tokens: &self.token_id,
            known_tokens: request.terms.known_tokens,
            operation_id: self.write.op_id.as_deref(),
            ..Wanted::default()
        })?;
        let args = Self {
            file: choice.file.clone(),
            ..self.clone()
        };
        let answer = run_on_file(&args, context, pool.turn());
        let answer = answer.map_err(|error| error.in_file_of_pool(&choice.file))?;
        let answer = answer.of_file(&choice.file).chosen(&choice);
        Ok(answer.without(&remarks))
    }

    /// Refuses to hand out entries of a list file that is kept for other credentials.
    fn refuse_other_types(&self, series: &Series) -> Result<(), Error> {
        match &self.credential_type {
            Some(one) => refuse_other_types(&self.file, one.as_str(), &series.bound_to),
            None => Ok(()),
        }
    }

    fn request(&self) -> AllocateRequest {
        let or_existing = self.or_existing.then_some(KnownTokens::Answered);
        AllocateRequest {
            terms: Terms {
                list: self.list,
                known_tokens: or_existing.unwrap_or_default(),
                index: self.index,
                expires: self.expires_at,
                kept_until: self.keep_until,
                ..Terms::default()
            },
            tokens: self.token_id.clone(),
            count: self.count,
            status: self.status,
            group: self.group.clone(),
            documents: self.documents.document_hash.clone(),
            on_the_way: self.documents.document_path.clone(),
        }
    }

    /// Refuses to hand out entries that it could not print.
    fn refuse_other_view(&self, snapshot: &Snapshot<'_>) -> Result<(), Error> {
        match self.claim {
            Some(name) => name.among(&snapshot.series().views).map(drop),
            None => Ok(()),
        }
    }

    fn answer(&self, entries: Vec<AllocatedEntry>, revision: i64) -> Answer {
        let unpublished = entries.iter().find(|entry| !entry.list.published);
        let warning = unpublished.map(|entry| {
            format!(
                "no site is known to have list {}: publish it before credentials with these entries are used",
                entry.list.number
            )
        });
        let asked_for = if self.count.is_some() || self.token_id.len() > 1 {
            HowMany::Several
        } else {
            HowMany::One
        };
        let mut answer = Answer::report(HandedOut {
            entries,
            asked_for,
            revision,
            claim: self.claim,
        });
        answer.warnings.extend(warning);
        answer.exposing(&self.file)
    }
}

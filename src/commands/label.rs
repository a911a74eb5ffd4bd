//! `label`: says of an entry what it is called.

use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs};
use serde_json::json;

use super::options::{WithinOption, WriteOptions};
use super::{Answer, Context, Error, Facts, session};
use crate::change::{LabelRequest, Labelled, Terms};
use crate::list::{Effect, EntryName, GroupName, ListNumber, Timestamp, TokenId};
use crate::store::{Backups, Revision};

/// Says of an entry that was handed out what it is called.
///
/// For entries that were handed out in advance: they get their names when the credential is made.
/// What was said once is not changed; the same again is nothing. Nothing that is published changes.
#[derive(Clone, Debug, ClapArgs)]
#[command(group = ArgGroup::new("said").required(true).multiple(true).args(["token_id", "group", "expires_at"]))]
pub(crate) struct Args {
    /// The list file.
    pub file: PathBuf,
    /// The entry: LIST/INDEX, URI#INDEX, id:TOKEN-ID, or INDEX.
    pub entry: EntryName,
    /// Record the issuer's own name for the credential, which no other entry has.
    #[arg(long, value_name = "ID", value_parser = TokenId::as_written)]
    pub token_id: Option<TokenId>,
    /// Put the entry into a group: all those of one holder, device or batch of copies.
    #[arg(long, value_name = "ID")]
    pub group: Option<GroupName>,
    /// Record when the credential expires; a date means its start, 00:00 UTC.
    #[arg(long, value_name = "TIME", value_parser = Timestamp::or_date)]
    pub expires_at: Option<Timestamp>,
    /// Let the expiry lie in the past.
    #[arg(long, requires = "expires_at")]
    pub allow_past: bool,
    #[command(flatten)]
    pub within: WithinOption,
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Runs the command.
///
/// # Errors
/// No such entry, another entry has the token id, the entry has another name, or the disk fails.
/// Then nothing is recorded.
pub(crate) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let mut asked = json!({
        "entry": args.entry.to_string(), "token_id": args.token_id, "group": args.group,
        "expires": args.expires_at.map(Timestamp::second),
        "list": args.within.list.map(ListNumber::value),
    });
    if args.allow_past {
        asked["allow_past"] = true.into();
    }
    let stamp = args.write.stamp(context, "label", &asked)?;
    let held = session::open_to_write(&args.file, args.write.wait.time())?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let lock = held.store.lock(Backups::Refused).map_err(of_file)?;
    let request = args.request(stamp.now.max(lock.head().at));
    if let Some(event) = lock.earlier(&stamp).map_err(of_file)? {
        let labelled = Labelled::again(&lock, &event).map_err(of_file)?;
        let uri = lock.first_uri(labelled.entry.list).map_err(of_file)?;
        let revision = Revision::repeated(&event);
        let sentence = sentence(&labelled, &revision);
        return Ok(Answer::report(facts(&labelled, &uri, &revision))
            .note(format!("at that time: {sentence}"))
            .repeating(&event));
    }
    let plan = request
        .plan(&lock)
        .map_err(|error| Error::of_change(&args.file, error))?;
    let uri = lock.first_uri(plan.labelled.entry.list).map_err(of_file)?;
    let revision = lock
        .prepare(&stamp, plan.work())
        .and_then(|prepared| args.write.carry_out(prepared))
        .map_err(of_file)?;
    let answer = Answer::report(facts(&plan.labelled, &uri, &revision))
        .note(sentence(&plan.labelled, &revision))
        .exposing(&args.file);
    Ok(args.write.finish(answer, revision, &stamp))
}

impl Args {
    /// What is asked for at a time.
    fn request(&self, at: Timestamp) -> LabelRequest<'_> {
        LabelRequest {
            name: &self.entry,
            terms: Terms {
                list: self.within.list,
                ends_after: (!self.allow_past).then_some(at),
                ..Terms::default()
            },
            token: self.token_id.as_ref(),
            group: self.group.as_ref(),
            expires: self.expires_at,
        }
    }
}

/// What is known of the entry, for programs.
fn facts(labelled: &Labelled, uri: &str, revision: &Revision) -> Facts {
    let names = &labelled.names;
    Facts(json!({
        "listId": labelled.entry.list,
        "idx": labelled.entry.index.value(),
        "uri": uri,
        "tokenId": names.token,
        "group": names.group,
        "expiresAt": names.expires,
        "change": labelled.effect,
        "revision": revision.rev,
    }))
}

/// What was recorded, for people.
fn sentence(labelled: &Labelled, revision: &Revision) -> String {
    let entry = labelled.entry;
    match labelled.effect {
        Effect::Unchanged => format!("{entry}: that is known already, nothing changed"),
        Effect::Changed | Effect::Annotated => {
            format!("{entry}: labelled, revision {}", revision.rev)
        }
    }
}

//! What it means that something is not published.

use std::path::Path;

use super::{Code, Error, Written, counted, live};
use crate::list::{GroupName, TransitionError};
use crate::publish::{
    Conflict, Lifted, Maker, PublishError, SecretKind, StatementError, Stranger, Unrecorded,
};
use crate::site::SitePath;
use crate::store::Outcome;
use crate::wire::shell::quote;

impl From<StatementError> for Error {
    fn from(error: StatementError) -> Self {
        let message = error.to_string();
        let failed = |code| Self::new(code, message);
        match error {
            StatementError::Breach(breach) => breach.into(),
            StatementError::Sign(error) => error.into(),
            StatementError::NotInForce { source, .. } => failed(Code::Refused)
                .because(source.to_string())
                .hint("give one that is, or leave out --cert"),
            StatementError::NotSigned(view) => failed(Code::Refused)
                .because(
                    "it is one file for each document, which readers trust because of its host",
                )
                .hint(format!("statuslist publish FILE --to FOLDER --as {view}")),
            StatementError::OtherProof { .. } => {
                failed(Code::BadKey).hint("another key, or a series with --proof jwt")
            }
            StatementError::NotTheIssuers { issuer, key } => failed(Code::BadKey)
                .because(format!("the issuer is {issuer}, and the key is {key}"))
                .hint("check --key; or: statuslist configure FILE --issuer URI"),
            StatementError::Issuer { .. } | StatementError::Insecure(_) => {
                failed(Code::Refused).because_of_source(&error)
            }
            StatementError::UnknownMethod(_) => {
                failed(Code::Refused).hint("statuslist configure FILE --verification-method URI")
            }
        }
    }
}

impl From<PublishError> for Error {
    fn from(error: PublishError) -> Self {
        let message = error.to_string();
        let failed = |code| Self::new(code, message);
        match error {
            PublishError::Store { file, source } => Self::of_store(&file, &source),
            PublishError::Target(error) => error.into(),
            PublishError::Manifest(error) => error.into(),
            PublishError::Statement(error) => error.into(),
            PublishError::NoKey => without_key(),
            PublishError::Expired { .. } => failed(Code::Refused).hint("a longer --valid-for"),
            PublishError::Uri { .. } | PublishError::SideFile(_) | PublishError::Clash(_) => {
                failed(Code::Refused).because_of_source(&error)
            }
            PublishError::Aggregation { .. } => failed(Code::Refused)
                .because_of_source(&error)
                .hint("statuslist configure FILE --aggregation-uri URI"),
            PublishError::NoPage(file) => failed(Code::Refused)
                .because(format!(
                    "{} has it, and a site holds its lists alone",
                    quote(&file)
                ))
                .hint("leave out --page, STATUSLIST_PAGE and page under [publish], and remove index.html"),
            PublishError::Spool(source) => failed(Code::Io).because_of(&source),
            PublishError::Secret { kind, .. } => failed(Code::Refused)
                .because(format!(
                    "it is {}, and everything in a site is public",
                    name(kind)
                ))
                .hint("move it away, or publish to a folder without secrets: --to FOLDER"),
            PublishError::Conflict { path, reason } => of_conflict(failed, &path, reason),
            PublishError::Silent { file, silence } => live::of_silence(failed, &file, silence),
            PublishError::Behind(paths) => live::of_behind(failed(Code::Conflict), &paths),
            PublishError::NoManifest { .. } => failed(Code::Conflict)
                .because("readers see a site that no publication of this tool describes")
                .hint(
                    "find out who publishes there; if it is the root of the site that is another: \
                     --base-url URL",
                ),
            PublishError::TooMuch { .. } => failed(Code::Refused)
                .because("more is not fetched over HTTP")
                .hint("copy the site into the folder by other means, and leave out --live"),
            PublishError::Uncarried { reason, .. } => {
                live::of_uncarried(failed(Code::Conflict), reason)
            }
            PublishError::Keys { source, .. } => failed(Code::Conflict)
                .because_of(&source)
                .hint("find out who wrote it, and move it away"),
            PublishError::Key(refusal) => super::keys::refused(&refusal),
            PublishError::Lifts(lifted) => of_lifted(failed(Code::FinalStatus), &lifted),
            PublishError::Host(fault) => fault.into(),
            PublishError::HostConfig(error) => error.into(),
            PublishError::Interrupted { written, source } => {
                Written::of(written).interrupted((*source).into())
            }
        }
    }
}

/// Says that nobody named a key to sign with.
pub(crate) fn without_key() -> Error {
    Error::new(Code::Refused, "no signing key was named")
        .hint("--key FILE; to make one: statuslist keygen FILE")
}

fn of_conflict(failed: impl FnOnce(Code) -> Error, path: &SitePath, reason: Conflict) -> Error {
    let code = match &reason {
        Conflict::OtherStatuses { .. } => Code::Corrupt,
        Conflict::Lost { maker, .. } if *maker == Maker::ThisFile => Code::Corrupt,
        _ => Code::Conflict,
    };
    let error = failed(code).detail("path", path.as_str());
    if path.is_for_the_host() {
        return error
            .because("it is not what this tool wrote there, and holds settings of the host")
            .hint(
                "--host-config with a file outside of the site, and take over from it what is \
                 missing; or move it away",
            );
    }
    match reason {
        Conflict::OtherHistory => error
            .because("it was not published from this list file, or from a newer state of it")
            .because("the list file never had the state that the site's manifest names")
            .hint("use the newest list file; to publish this one all the same: --allow-rollback"),
        Conflict::NotAsDescribed => error
            .because("it is not the file that the site's manifest describes")
            .hint("find out who wrote it; to replace it all the same: --allow-rollback"),
        Conflict::NotKnown => error
            .because("a file is there that the site's manifest does not know")
            .hint("find out who wrote it; to replace it all the same: --allow-rollback"),
        Conflict::Newer { issued, now } => error
            .because("what is there is newer")
            .because(format!("it was issued at {issued}, and now is {now}"))
            .hint("check the clock or --now; to go back all the same: --allow-rollback"),
        Conflict::OtherKey => error
            .because("another key signed what is there")
            .because("readers that know that key would not be able to verify this one's signature")
            .hint("check --key; if the key is to change: --new-key"),
        Conflict::OtherSubject { subject } => error
            .because(format!(
                "what is there is the token of another list: {subject}"
            ))
            .hint("find out who put it there; to replace it all the same: --allow-rollback"),
        Conflict::OtherStatuses { list, file } => {
            let file = quote(file);
            error
                .because(format!(
                    "it shows other statuses than list {list} of {file}, which has not changed \
                     since"
                ))
                .hint(format!(
                    "find out which is right: statuslist inspect {file}; if it is the list \
                     file: --allow-rollback"
                ))
        }
        Conflict::Lost { lifted, file, .. } => {
            let file = quote(file);
            error
                .because(format!("entries would leave a final status: {lifted}"))
                .because(format!(
                    "no revision of {file} let them, since what is there was published"
                ))
                .hint(format!("find out why: statuslist inspect {file}"))
                .detail("leavingFinalStatus", listed(std::slice::from_ref(&*lifted)))
        }
    }
}

fn of_lifted(error: Error, lifted: &[Lifted]) -> Error {
    let mut breaches = lifted.iter().filter_map(|lifted| lifted.for_good.clone());
    let mut error = match breaches.next() {
        Some(breach) => TransitionError::Irrevocable(breach).into(),
        None => error.hint(
            "to take over what is published: statuslist restore FILE --to FOLDER \
             --adopt-published; to show them as the list file has them all the same: --unrevoke",
        ),
    };
    error
        .because
        .splice(0..0, lifted.iter().map(ToString::to_string));
    error.detail("leavingFinalStatus", listed(lifted))
}

fn listed(lifted: &[Lifted]) -> serde_json::Value {
    serde_json::to_value(lifted).unwrap_or_default()
}

fn name(secret: SecretKind) -> &'static str {
    match secret {
        SecretKind::ListFile => {
            "a list file or a backup of one, which holds the seeds of its lists"
        }
        SecretKind::PrivateKey => "a private key",
        SecretKind::Settings => "a settings file, which may name keys and commands",
        SecretKind::Seed => "a seed",
    }
}

/// What the host should do with hashes that have no file, where a folder of documents is new.
pub(crate) fn of_new_folder(default: &SitePath) -> String {
    let path = default.as_str();
    let folder = path.rfind('/').map_or("", |slash| &path[..=slash]);
    format!(
        "readers take a missing file for an error: record every hash, or let the host answer with \
         the default where there is no file: /{folder}* /{path} 200"
    )
}

/// Says that files of retired lists stay, and how they go.
pub(crate) fn of_retired(count: u64) -> String {
    let (verb, them) = if count == 1 {
        ("stays", "it")
    } else {
        ("stay", "them")
    };
    let files = counted(count, "file", "files");
    format!("{files} of retired lists {verb} in the site; to remove {them}: --prune")
}

/// Says why what is in the place of a file of a retired list is not removed.
pub(crate) fn of_stranger(stranger: &Stranger) -> String {
    let Stranger { path, list, reason } = stranger;
    let reason = match reason {
        Conflict::OtherHistory => "it was not published from this list file".to_owned(),
        Conflict::NotAsDescribed => {
            "it is not the file that the site's manifest describes".to_owned()
        }
        Conflict::Newer { issued, now } => format!("it was issued at {issued}, and now is {now}"),
        _ => "the site's manifest does not know it".to_owned(),
    };
    format!("{path}, where retired list {list} was, is not removed: {reason}")
}

/// Says that a list file does not remember a publication.
pub(crate) fn of_unrecorded(unrecorded: &Unrecorded) -> String {
    let (file, error) = (quote(&unrecorded.file), &unrecorded.error);
    format!("the publication is not recorded in {file}: {error}")
}

/// Warns that what is published shows which entries are of one group.
pub(crate) fn linking(group: &GroupName) -> String {
    format!(
        "all statuses that are new since the last publication are those of group '{group}': whoever \
         compares the two learns that its entries belong together; published by a timer, they change \
         with others"
    )
}

/// Says that a publication would do something, where that was the question.
pub(crate) fn out_of_date() -> Error {
    Error::new(Code::PreconditionFailed, "the site is not up to date")
        .hint("the same command without -n and --exit-code")
}

/// Says that a change was made, and that publishing it failed. `own` is what the change left undone
/// itself.
pub(crate) fn unpublished(
    failure: Error,
    own: Option<&Error>,
    committed: Option<&(i64, String)>,
    file: &Path,
) -> Error {
    let mut error = Error::new(Code::Io, "the change is made, and publishing it failed")
        .because(failure.message)
        .outcome(Outcome::Committed)
        .detail("publication", failure.code.name());
    error.because.extend(failure.because);
    error.lines = own.map(|own| own.lines.clone()).unwrap_or_default();
    error.lines.extend(failure.lines);
    for (name, value) in failure
        .details
        .into_iter()
        .filter(|(name, _)| name != "outcome")
    {
        error.details.entry(name).or_insert(value);
    }
    if let Some((revision, id)) = committed {
        error = error
            .detail("revision", *revision)
            .detail("operationId", id.as_str());
    }
    let publish = format!("statuslist publish {}", quote(file));
    error.hint(match failure.hint {
        Some(hint) => format!("{hint}; then: {publish}"),
        None => publish,
    })
}

//! `sign`: one signed token to standard output.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::json;

use super::options::WaitOption;
use super::profiles;
use super::signing::SigningOptions;
use super::tokens::{Lifetimes, Settings, Statement};
use super::views::ViewName;
use super::{Answer, Code, Context, Error, Facts};
use crate::disk::{Visibility, quote, replace};
use crate::list::{ListNumber, SeriesError, Timestamp, View};
use crate::store::{ListRow, Snapshot, StoreError, hex};

/// Prints one signed token, and changes nothing.
///
/// The same list, key and time (--now or `SOURCE_DATE_EPOCH`) give the same bytes. No line break is
/// printed behind the token: it is not part of it. A CWT is not text, but bytes; --json writes it in
/// hexadecimal digits.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The list file.
    pub file: PathBuf,
    /// The form of the token [default: the first view of the series].
    #[arg(long = "as", value_name = "VIEW")]
    pub view: Option<ViewName>,
    /// The number of the list [default: the only one].
    #[arg(long, value_name = "N")]
    pub list: Option<ListNumber>,
    /// Write it to this file and not to standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub wait: WaitOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub signing: SigningOptions,
}

/// Runs the command.
///
/// # Errors
/// No such list or view, a key that cannot be used, or the disk fails.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let key = args.signing.signing_key(context)?;
    let store = args.wait.open_to_read(&args.file)?;
    let of_file = |error| Error::of_store(&args.file, &error);
    let statement = {
        let snapshot = store.snapshot().map_err(of_file)?;
        let lifetimes = Lifetimes::resolve(&args.signing, context, &snapshot)?;
        let list = args.choose(&snapshot)?;
        let view = args.choose_view(&snapshot)?;
        let uri = snapshot
            .uris(list.number)
            .map_err(of_file)?
            .into_iter()
            .find(|(name, _)| name == view.name())
            .map(|(_, uri)| uri)
            .ok_or_else(|| {
                let text = format!("list {} has no uri for view {view}", list.number);
                of_file(StoreError::Corrupt(text))
            })?;
        let now = context.clock.for_signing()?;
        let settings = Settings::of(&snapshot);
        Statement::of(&snapshot, &settings, (&list, view, &uri), lifetimes, now).map_err(of_file)?
    };
    let token = statement.signed(&key)?;
    let (view, claims) = (statement.view, &statement.claims);
    let mut facts = json!({
        "view": view,
        "uri": claims.subject,
        "issuedAt": Timestamp::from_second(claims.issued_at),
        "expiresAt": claims.expires_at.map(Timestamp::from_second),
        "bytes": token.len(),
    });
    let mut answer = match args.output.as_ref().filter(|path| path.as_os_str() != "-") {
        None => {
            match std::str::from_utf8(&token) {
                Ok(text) => facts["token"] = text.into(),
                Err(_) => facts["tokenHex"] = hex(&token).into(),
            }
            Answer::bytes(token, Facts(facts))
        }
        Some(path) => {
            replace(path, &token, Visibility::Public)?;
            let note = format!("wrote {} bytes to {}", token.len(), quote(path));
            Answer::report(Facts(facts)).note(note)
        }
    };
    answer.warnings.extend(profiles::advice(&statement, &key));
    if let Some(certificates) = &key.certificates {
        answer.notes.extend(certificates.note());
        answer
            .warnings
            .extend(certificates.warning(claims.expires_at));
    }
    Ok(answer)
}

impl Args {
    /// The view that was asked for, or the first one.
    fn choose_view(&self, snapshot: &Snapshot<'_>) -> Result<View, Error> {
        let views = &snapshot.series().views;
        let Some(name) = self.view else {
            let first = views.first().map(|view| view.view);
            return Ok(first.ok_or(SeriesError::NoView)?);
        };
        match name.among(views)?.as_slice() {
            [only] => Ok(*only),
            several => {
                let names: Vec<_> = several.iter().map(|view| view.name()).collect();
                Err(
                    Error::new(Code::Refused, format!("{name} stands for several views"))
                        .because(format!("they are {}", names.join(", ")))
                        .hint("name one of them"),
                )
            }
        }
    }

    fn choose(&self, snapshot: &Snapshot<'_>) -> Result<ListRow, Error> {
        let of_file = |error| Error::of_store(&self.file, &error);
        if let Some(number) = self.list {
            return snapshot.list(number).map_err(of_file);
        }
        let mut lists = snapshot.lists().map_err(of_file)?;
        match (lists.pop(), lists.len()) {
            (Some(only), 0) => Ok(only),
            (_, others) => Err(Error::new(
                Code::Refused,
                format!(
                    "the series has {} lists, and no --list says which one",
                    others + 1
                ),
            )
            .hint("--list N")),
        }
    }
}

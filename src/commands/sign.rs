//! `sign`: one signed token to standard output.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde_json::json;

use super::answer::profiles::breach_warnings;
use super::detached::{
    self, Destination, Destinations, DetachedOptions, DetachedStep, SignedToken,
};
use super::key_pins::most_exact;
use super::options::WaitOption;
use super::session;
use super::signing::{haste, remark};
use super::{Answer, Code, Context, Error, Facts, Settings, Written};
use crate::commands::options::SigningOptions;
use crate::commands::options::ViewName;
use crate::disk::{Visibility, replace};
use crate::list::{ListNumber, Securing, SeriesError, Timestamp, View};
use crate::publish::{Statement, StatementError, TokenPlace};
use crate::store::{ListRow, ListState, Snapshot, StoreError};
use crate::wire::shell::quote;
use crate::wire::text::text_or_hex;

/// Prints one signed token, and changes nothing.
///
/// The same list, key and time (--now or `SOURCE_DATE_EPOCH`) give the same bytes. No line break is
/// printed behind the token: it is not part of it. A CWT is not text, but bytes; --json writes it in
/// hexadecimal digits.
///
/// A key that cannot leave its home signs through --signer-command, or in two steps: --prepare
/// prints what is to be signed, and --attach takes the signature back.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The list file.
    #[arg(required_unless_present = "attach")]
    pub file: Option<PathBuf>,
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
    pub wait: WaitOption,
    #[command(flatten)]
    pub signing: SigningOptions,
    #[command(flatten)]
    pub detached: DetachedOptions,
}

/// What the chosen token says, what people should worry about, and of which list it is.
struct Chosen {
    statement: Statement,
    warning: Option<String>,
    list: ListNumber,
}

/// Runs the command.
///
/// # Errors
/// No such list or view, a key that cannot be used, or the disk fails.
pub(crate) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    match args.detached.step() {
        None => args.sign(context),
        Some(DetachedStep::Prepare(prepared)) => {
            let (key, chosen) = args.of_its_key(context, |options, settings| {
                options.named_key_of(settings, context)
            })?;
            let Chosen {
                statement, warning, ..
            } = chosen;
            let to = Destinations {
                prepared: Some(prepared).into(),
                message: args.output.as_deref().into(),
            };
            let mut answer = detached::prepare(&statement, &key, &to)?;
            answer
                .warnings
                .extend(breach_warnings(statement.advice(&key)));
            answer.warnings.extend(warning);
            answer.warnings.extend(args.exposure());
            Ok(remark(answer, &key, statement.claims.expires_at))
        }
        Some(DetachedStep::Attach {
            prepared,
            signature,
        }) => {
            let token = detached::attach(prepared, signature, &args.signing, context)?;
            let expired = token
                .expires_at
                .filter(|expires| *expires <= context.clock.now())
                .map(|expires| format!("the token expired at {expires}: readers refuse it"));
            let mut answer = args.deliver(token)?;
            answer.warnings.extend(expired);
            Ok(answer)
        }
    }
}

impl Args {
    fn sign(&self, context: &Context<'_>) -> Result<Answer, Error> {
        let (given, chosen) = self.of_its_key(context, |options, settings| {
            options.signing_key_of(settings, context, &self.wait)
        })?;
        let (key, named) = (&given.key, &given.key.named);
        let Chosen {
            statement, warning, ..
        } = chosen;
        let claims = &statement.claims;
        let mut answer = self.deliver(SignedToken {
            view: statement.view,
            uri: claims.subject.clone(),
            issued_at: Timestamp::from_second(claims.issued_at),
            expires_at: claims.expires_at.map(Timestamp::from_second),
            bytes: statement.signed(key)?,
        })?;
        answer.warnings.extend(given.exposed.clone());
        answer
            .warnings
            .extend(breach_warnings(statement.advice(named)));
        answer.warnings.extend(warning);
        answer.warnings.extend(self.exposure());
        Ok(remark(answer, named, claims.expires_at))
    }

    /// Reads the key of the chosen token, and what the token says.
    fn of_its_key<T>(
        &self,
        context: &Context<'_>,
        read: impl Fn(&SigningOptions, &Settings) -> Result<T, Error>,
    ) -> Result<(T, Chosen), Error> {
        let settings = &context.settings;
        if settings.pins.is_empty() || self.signing.key.is_some() {
            let key = read(&self.signing, settings)?;
            return Ok((key, self.statement(context)?));
        }
        let chosen = self.statement(context)?;
        let statement = &chosen.statement;
        let place = TokenPlace {
            file: self.file.as_deref().unwrap_or(Path::new("")),
            issuer: &statement.series.issuer,
            list: chosen.list,
            view: statement.view,
        };
        let pin = most_exact(&settings.pins, &place);
        let key = match pin.and_then(|pin| settings.of_key(&pin.key)) {
            Some(of_key) => read(&self.signing.of_named_key(), &of_key)?,
            None => read(&self.signing, settings)?,
        };
        Ok((key, chosen))
    }

    /// What others can do to the list file.
    fn exposure(&self) -> impl Iterator<Item = String> {
        self.file
            .iter()
            .flat_map(|file| super::answer::exposure::of_list_file(file))
    }

    /// What the token of the chosen list says now, and what people should worry about.
    fn statement(&self, context: &Context<'_>) -> Result<Chosen, Error> {
        let file = self.file.as_deref();
        let file = file.ok_or_else(|| Error::new(Code::Refused, "no list file was named"))?;
        let store = session::open_to_read(file, self.wait.time())?;
        let of_file = |error| Error::of_store(file, &error);
        let snapshot = store.snapshot().map_err(of_file)?;
        let lifetimes = self.signing.lifetimes(context, &snapshot)?;
        let warning = haste(&lifetimes, snapshot.series());
        let list = self.choose(file, &snapshot)?;
        let view = self.choose_view(&snapshot)?;
        if view.row().securing == Securing::Nothing {
            return Err(StatementError::NotSigned(view).into());
        }
        let uris = snapshot.uris(list.number).map_err(of_file)?;
        let place = uris.into_iter().find(|place| place.view == view);
        let place = place.ok_or_else(|| {
            let text = format!("list {} has no uri for view {view}", list.number);
            of_file(StoreError::Corrupt(text))
        })?;
        // What readers are told is not taken from a page that may be damaged.
        snapshot.confirm_statuses(&list).map_err(of_file)?;
        let now = context.clock.for_signing()?;
        let statement = Statement::of(&snapshot, &list, place, lifetimes, now);
        Ok(Chosen {
            statement: statement.map_err(of_file)?,
            warning,
            list: list.number,
        })
    }

    /// Prints or writes a token.
    fn deliver(&self, token: SignedToken) -> Result<Answer, Error> {
        let bytes = token.bytes;
        let mut facts = json!({
            "view": token.view,
            "uri": token.uri,
            "issuedAt": token.issued_at,
            "expiresAt": token.expires_at,
            "bytes": bytes.len(),
        });
        match Destination::from(self.output.as_deref()) {
            Destination::Stdout => {
                let (name, text) = text_or_hex("token", &bytes);
                facts[name] = text.into();
                Ok(Answer::bytes(bytes, Facts(facts)))
            }
            Destination::File(path) => {
                replace(path, &bytes, Visibility::Public)?;
                let note = format!("wrote {} bytes to {}", bytes.len(), quote(path));
                Ok(Answer::report(Facts(facts))
                    .wrote(Written::only(path.display().to_string()))
                    .note(note))
            }
        }
    }

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

    fn choose(&self, file: &Path, snapshot: &Snapshot<'_>) -> Result<ListRow, Error> {
        let of_file = |error| Error::of_store(file, &error);
        let is_retired = |list: &ListRow| list.state == ListState::Retired;
        let published = |list: ListRow| match list.state {
            ListState::Retired => Err(of_file(StoreError::Retired(list.number))),
            _ => Ok(list),
        };
        if let Some(number) = self.list {
            return snapshot.list(number).map_err(of_file).and_then(published);
        }
        let mut lists = snapshot.lists().map_err(of_file)?;
        lists.retain(|list| list.state != ListState::Spare);
        if !lists.iter().all(is_retired) {
            lists.retain(|list| !is_retired(list));
        }
        match (lists.pop(), lists.len()) {
            (Some(only), 0) => published(only),
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

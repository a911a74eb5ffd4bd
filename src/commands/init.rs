//! `init`: makes a list file.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::options::WriteOptions;
use super::options::key_value;
use super::profiles;
use super::views::{check_paths, needs_issuer, parse_template, series_views, uri_of, without_uri};
use super::{Answer, Code, Context, Error};
use crate::commands::options::CredentialOptions;
use crate::commands::options::KeySource;
use crate::commands::options::ViewName;
use crate::disk::{DirectoryLocks, folder_of};
use crate::list::{
    Duration, ListNumber, Profile, Purpose, Register, Seed, Series, SeriesView, Size, Status,
    StatusName, Timestamp, View, Weight, Width,
};
use crate::site::UriTemplate;
use crate::store::{
    self, Access, Event, NewList, OperationId, Revision, Stamp, Store, StoreError, Work,
};
use crate::wire::shell::quote;

/// The entries above which a common reader refuses a list.
const READERS_CAP: u64 = 1 << 26;

/// Makes a list file.
///
/// The file is made readable by its owner alone, because it holds the secrets that decide the
/// order of indexes. An existing file is never overwritten.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The list file to make.
    pub file: PathBuf,
    // Clap breaks the line at a placeholder, unless a code without effect stands in it.
    #[doc = "Publish at this uri, with {\u{1b}[0mn} for the list's number, such as"]
    #[doc = "`https://example.com/statuslists/{\u{1b}[0mn}.jwt`; other views lie beside it."]
    #[doc = "VIEW=TEMPLATE is for one view. May be repeated."]
    #[arg(
        long,
        value_name = "[VIEW=]TEMPLATE",
        env = "STATUSLIST_URI",
        hide_env_values = true
    )]
    pub uri: Vec<String>,
    /// Publish in this form: jwt, cwt, bitstring, statuslist2021, revocationlist2020, oa-ocsp, or
    /// `bitstring.suspension` and the like; repeat it, or use commas [default: jwt, or cwt under
    /// iso-mdoc].
    #[arg(long = "as", value_name = "VIEW", value_delimiter = ',')]
    pub views: Vec<ViewName>,
    /// Keep to the rules of this use of status lists: ietf, haip, eudi, iso-mdoc or swiss. It
    /// cannot be changed later.
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<Profile>,
    /// Without --uri: the part before --path-template.
    #[arg(
        long,
        value_name = "URL",
        env = "STATUSLIST_BASE_URL",
        hide_env_values = true
    )]
    pub base_url: Option<String>,
    /// Without --uri: the part behind --base-url.
    #[arg(
        long,
        value_name = "TEMPLATE",
        env = "STATUSLIST_PATH_TEMPLATE",
        hide_env_values = true
    )]
    pub path_template: Option<String>,
    /// Give each entry this many bits: 1, 2, 4 or 8. Suspending needs 2 [default: 1, or 2 with a
    /// list of suspensions].
    #[arg(long, value_name = "N", env = "STATUSLIST_BITS", hide_env_values = true, value_parser = width)]
    pub bits: Option<Width>,
    /// Give each list this many entries: 100k, 1M, 2^20, up to 2^32.
    #[arg(
        long,
        value_name = "ENTRIES",
        default_value = "2^17",
        env = "STATUSLIST_SIZE",
        hide_env_values = true
    )]
    pub size: Size,
    /// Give entries this status until another is set.
    #[arg(long, value_name = "STATUS", default_value = "valid")]
    pub default_status: StatusName,
    /// Let no entry leave this status again, or `none`; repeat it, or use commas.
    #[arg(
        long = "final",
        value_name = "STATUS",
        default_value = "invalid",
        value_delimiter = ','
    )]
    pub final_statuses: Vec<String>,
    /// Name this issuer in tokens [default: scheme and host of the uri].
    #[arg(
        long,
        value_name = "URI",
        env = "STATUSLIST_ISSUER",
        hide_env_values = true
    )]
    pub issuer: Option<String>,
    /// Let readers keep a copy this long [default: 1h].
    #[arg(
        long,
        value_name = "DURATION",
        env = "STATUSLIST_TTL",
        hide_env_values = true
    )]
    pub ttl: Option<Duration>,
    /// Let tokens be valid this long; they are renewed at half of it [default: 7d, or 24h under
    /// haip and eudi].
    #[arg(
        long,
        value_name = "DURATION",
        env = "STATUSLIST_VALID_FOR",
        hide_env_values = true
    )]
    pub valid_for: Option<Duration>,
    /// Name this uri in tokens, where a document names all of them; `publish` writes it, if it lies
    /// in the site.
    #[arg(long, value_name = "URI")]
    pub aggregation_uri: Option<String>,
    /// Keep a note in the file, never published; may be repeated.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub meta: Vec<(String, String)>,
    /// Derive the secrets of all lists from this one: a file with 32 bytes or 64 hexadecimal
    /// digits, - or env:NAME. One such secret serves one series.
    #[arg(long, value_name = "FILE")]
    pub seed_file: Option<KeySource>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub credentials: CredentialOptions,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub write: WriteOptions,
}

/// What was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    list_id: String,
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<Profile>,
    bits: u8,
    size: u64,
    allocated: u64,
    default_status: Status,
    final_statuses: Vec<Status>,
    issuer: String,
    ttl: Duration,
    valid_for: Duration,
    created_at: Timestamp,
    revision: i64,
}

/// Runs the command.
///
/// # Errors
/// The file exists, the settings make no sense together, or the disk fails.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let views = args.views()?;
    let template = match views.first() {
        Some(first) => parse_template(&first.uri)?,
        None => return Err(without_uri()),
    };
    let register = args.register(&views)?;
    let series = args.series(context, &template, &register, views)?;

    let seed = args.seed(context)?;
    let seed_sha256 = seed.sha256();
    let first = new_list(ListNumber::FIRST, &series, seed)?;
    let uri = first
        .uris
        .first()
        .map(|(_, uri)| uri.clone())
        .unwrap_or_default();
    let master = args
        .seed_file
        .as_ref()
        .map(|_| crate::wire::hex::hex(&seed_sha256));
    let request = json!({ "series": series, "seedSha256": master });
    let stamp = args.write.stamp(context, "init", &request)?;
    let mut random = [0; 16];
    fill_random(&mut random)?;
    let work = Work {
        new_lists: vec![first],
        ..Work::default()
    };
    let _locks = DirectoryLocks::acquire(&[folder_of(&args.file)], args.write.wait.time())?;
    let lineage = store::lineage_of(random);
    args.write.clear_leftovers(folder_of(&args.file), context);
    let created = store::create(
        &args.file,
        &lineage,
        &series,
        &stamp,
        work,
        args.write.commit(),
    );
    let (revision, event) = match created {
        Ok(revision) => (revision, None),
        Err(error) => match args.earlier(&stamp) {
            Some(event) if matches!(error, StoreError::Exists) => {
                (Revision::repeated(&event), Some(event))
            }
            _ => return Err(Error::of_store(&args.file, &error)),
        },
    };

    let file = quote(&args.file);
    let mut answer = Answer::report(Made {
        list_id: ListNumber::FIRST.to_string(),
        uri,
        profile: series.profile,
        bits: register.width.bits(),
        size: register.size.entries(),
        allocated: 0,
        default_status: register.default_status,
        final_statuses: register.final_statuses.clone(),
        issuer: series.issuer.clone(),
        ttl: series.ttl,
        valid_for: series.valid_for,
        created_at: revision.at,
        revision: revision.rev,
    });
    if let Some(event) = event {
        return Ok(answer.repeating(&event));
    }
    answer = answer.note(format!(
        "made {file}; it holds secrets: keep it private, and back it up: statuslist backup {file} COPY"
    ));
    if args.issuer.is_none() {
        answer = answer.note(format!(
            "the issuer is {}; if credentials name another: statuslist configure {file} --issuer URI",
            series.issuer
        ));
    }
    answer = warnings(answer, &template, &register, &series);
    answer
        .warnings
        .extend(super::answer::exposure::of_list_file(&args.file));
    Ok(args.write.finish(answer, revision, &stamp))
}

/// Warns of what readers or later commands cannot do with such a list.
fn warnings(
    mut answer: Answer,
    template: &UriTemplate,
    register: &Register,
    series: &Series,
) -> Answer {
    if !template.has_number() {
        answer = answer.warn(
            "the uri has no {n}: the series has this one list, and cannot go on when it is full",
        );
    }
    for view in &series.views {
        answer.warnings.extend(misleading_ending(view, series));
    }
    if register.size.entries() > READERS_CAP {
        answer = answer.warn(format!(
            "a list of {} entries: common readers refuse more than {READERS_CAP}",
            register.size.entries()
        ));
    }
    let bytes = register.width.bytes_for(register.size.entries());
    if bytes > crate::token::InflateLimit::default().bytes() {
        answer = answer.warn(format!(
            "a list of {bytes} bytes: `inspect` needs --max-inflated {bytes} to read it"
        ));
    }
    let advice = profiles::warnings(&series.breaches(Weight::Should));
    answer.warnings.extend(advice);
    answer
}

/// Hosts tell the media type by the ending of a file's name: one that is another view's misleads
/// them.
fn misleading_ending(view: &SeriesView, series: &Series) -> Option<String> {
    let ends = |other: View| view.uri.ends_with(&other.ending(series.credentials.proof));
    let other = View::ALL.into_iter().find(|other| ends(*other))?;
    (!ends(view.view)).then(|| {
        format!(
            "view {} is published at {}, which hosts take for {other}",
            view.view, view.uri
        )
    })
}

impl Args {
    /// The views, each with the template of its uris.
    fn views(&self) -> Result<Vec<SeriesView>, Error> {
        let mut views = Vec::new();
        for name in &self.views {
            views.extend(name.new_views(&self.credentials.purpose)?);
        }
        if views.is_empty() {
            views.push(self.profile.map_or(View::Jwt, Profile::default_view));
        }
        let mut templates = self.uri.clone();
        if let (true, Some(base), Some(path)) =
            (templates.is_empty(), &self.base_url, &self.path_template)
        {
            let (base, path) = (base.trim_end_matches('/'), path.trim_start_matches('/'));
            templates.push(format!("{base}/{path}"));
        }
        let views = series_views(&views, &templates, self.credentials.proof, None)?;
        check_paths(&views)?;
        let credential = views.iter().find(|view| view.view.family().is_w3c());
        match credential.filter(|_| self.issuer.is_none()) {
            Some(view) => Err(needs_issuer(view.view)),
            None => Ok(views),
        }
    }

    /// The first revision of the file that is there, if this very request made it.
    fn earlier(&self, stamp: &Stamp) -> Option<Event> {
        let OperationId::Given(id) = &stamp.operation_id else {
            return None;
        };
        let store = Store::open(&self.file, Access::Read, self.write.wait.time()).ok()?;
        let snapshot = store.snapshot().ok()?;
        let event = snapshot.event_of(id).ok()??;
        let same = snapshot.asked_for(&event, stamp).ok()?;
        same.then_some(event)
    }

    /// The settings of the series.
    fn series(
        &self,
        context: &Context<'_>,
        template: &UriTemplate,
        register: &Register,
        views: Vec<SeriesView>,
    ) -> Result<Series, Error> {
        let issuer = self.issuer.clone();
        let ttl = self.ttl.or(context.settings.ttl);
        let valid_for = self.valid_for.or(context.settings.valid_for);
        let mut series = Series::new(
            register,
            issuer.unwrap_or_else(|| template.origin().to_owned()),
            ttl.unwrap_or(Duration::HOUR),
            valid_for.unwrap_or_else(|| {
                self.profile
                    .map_or(Duration::WEEK, Profile::default_validity)
            }),
            views,
        )?;
        self.credentials
            .apply(&mut series.credentials, &mut series.blind, register.width)?;
        series.profile = self.profile;
        series.aggregation_uri.clone_from(&self.aggregation_uri);
        let mut series = series.checked()?;
        series.takes(register.default_status)?;
        series.conforms()?;
        series.meta = self.meta.iter().cloned().collect::<BTreeMap<_, _>>();
        Ok(series)
    }

    fn register(&self, views: &[SeriesView]) -> Result<Register, Error> {
        let suspends = |view: &SeriesView| view.view.purpose() == Some(Purpose::Suspension);
        let width = match self.bits {
            Some(width) => width,
            None if views.iter().any(suspends) => Width::Two,
            None => Width::One,
        };
        let final_statuses = match self.final_statuses.as_slice() {
            [only] if only == "none" => Vec::new(),
            names => names
                .iter()
                .map(|name| name.parse::<StatusName>()?.at(width))
                .collect::<Result<_, _>>()?,
        };
        Ok(Register {
            width,
            size: self.size,
            default_status: self.default_status.at(width)?,
            final_statuses,
        })
    }

    fn seed(&self, context: &Context<'_>) -> Result<Seed, Error> {
        let Some(source) = &self.seed_file else {
            return random_seed();
        };
        let bytes = context.read_key(source)?;
        parse_seed(&bytes)
            .map(|master| master.derive(ListNumber::FIRST.value()))
            .ok_or_else(|| {
                Error::new(Code::BadKey, format!("cannot use the seed in {source}"))
                    .because("32 bytes or 64 hexadecimal digits are needed")
                    .hint("head -c 32 /dev/urandom > FILE")
            })
    }
}

/// Puts a list together: its uris follow from the templates of the series.
pub(super) fn new_list(number: ListNumber, series: &Series, seed: Seed) -> Result<NewList, Error> {
    let register = series.register()?;
    let uris = series
        .views
        .iter()
        .map(|view| Ok((view.view, uri_of(view, number)?)))
        .collect::<Result<_, Error>>()?;
    Ok(NewList {
        number,
        width: register.width,
        size: register.size,
        default_status: register.default_status,
        seed,
        uris,
    })
}

/// Makes a seed from the operating system's randomness.
pub(super) fn random_seed() -> Result<Seed, Error> {
    let mut bytes = Zeroizing::new([0; 32]);
    fill_random(&mut *bytes)?;
    Ok(Seed::new(*bytes))
}

fn fill_random(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|source| {
        Error::io("the operating system gives no random bytes").because_of(&source)
    })
}

/// Reads a seed: 32 bytes as they are, or 64 hexadecimal digits with an optional newline.
fn parse_seed(bytes: &[u8]) -> Option<Seed> {
    if let Ok(raw) = <[u8; 32]>::try_from(bytes) {
        return Some(Seed::new(raw));
    }
    let digits = bytes.trim_ascii_end();
    if digits.len() != 64 {
        return None;
    }
    let mut raw = Zeroizing::new([0; 32]);
    for (byte, pair) in raw.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(Seed::new(*raw))
}

fn width(text: &str) -> Result<Width, String> {
    let bits = text
        .parse()
        .map_err(|_| "1, 2, 4 or 8 is needed".to_owned())?;
    Width::from_bits(bits).map_err(|error| error.to_string())
}

impl fmt::Display for Made {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "list:       {}", self.list_id)?;
        writeln!(formatter, "uri:        {}", self.uri)?;
        if let Some(profile) = self.profile {
            writeln!(formatter, "profile:    {profile}")?;
        }
        writeln!(
            formatter,
            "entries:    {} of {}",
            self.size,
            super::counted(self.bits.into(), "bit", "bits")
        )?;
        writeln!(formatter, "default:    {}", self.default_status)?;
        writeln!(formatter, "final:      {}", names(&self.final_statuses))?;
        writeln!(formatter, "issuer:     {}", self.issuer)?;
        writeln!(formatter, "ttl:        {}", self.ttl)?;
        writeln!(formatter, "valid for:  {}", self.valid_for)
    }
}

/// Writes statuses in one line.
pub(super) fn names(statuses: &[Status]) -> String {
    if statuses.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<_> = statuses.iter().map(Status::to_string).collect();
    names.join(", ")
}

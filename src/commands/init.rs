//! `init`: makes a list file.

use std::fmt;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde::Serialize;
use serde_json::{Value, json};

use super::answer::lifetimes::no_time_for_renewal;
use super::answer::profiles::breach_warnings;
use super::answer::uris::{needs_issuer, one_list_only};
use super::options::{
    CredentialOptions, CredentialType, KeySource, ViewName, WriteOptions, key_value, open_lists,
    spare_lists,
};
use super::{Answer, Code, Context, Error, session, widening};
use crate::change::new_list;
use crate::disk::{DirectoryLocks, folder_of};
use crate::list::{
    Duration, ListNumber, OpenLists, Profile, Purpose, Register, Seed, Series, SeriesView, Size,
    Status, StatusName, Timestamp, View, Weight, Width,
};
use crate::site::{UriTemplate, ViewsError, mistaken_for, rolls_over, series_views, template_of};
use crate::store::{self, ListState, Master, NewList, Revision, StoreError, Work};
use crate::wire::hex::hex;
use crate::wire::shell::quote;

/// The entries above which a common reader refuses a list.
const READERS_CAP: u64 = 1 << 26;

/// Makes a list file.
///
/// The file is made readable by its owner alone, because it holds the secrets that decide the
/// order of indexes. An existing file is never overwritten.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The list file to make.
    file: PathBuf,
    // Clap breaks the line at a placeholder, unless a code without effect stands in it.
    #[doc = "Publish at this uri, with {\u{1b}[0mn} for the list's number, such as"]
    #[doc = "`https://example.com/statuslists/{\u{1b}[0mn}.jwt`; other views lie beside it."]
    #[doc = "VIEW=TEMPLATE is for one view. May be repeated."]
    #[arg(long, value_name = "[VIEW=]TEMPLATE", env = "STATUSLIST_URI")]
    uri: Vec<String>,
    /// Publish in this form: jwt, cwt, bitstring, statuslist2021, revocationlist2020, oa-ocsp, or
    /// `bitstring.suspension` and the like; repeat it, or use commas [default: jwt, or cwt under
    /// iso-mdoc].
    #[arg(long = "as", value_name = "VIEW", value_delimiter = ',')]
    views: Vec<ViewName>,
    /// Keep to the rules of this use of status lists: ietf, haip, eudi, iso-mdoc or swiss. It
    /// cannot be changed later.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<Profile>,
    /// Without --uri: the part before --path-template.
    #[arg(long, value_name = "URL", env = "STATUSLIST_BASE_URL")]
    base_url: Option<String>,
    /// Without --uri: the part behind --base-url.
    #[arg(long, value_name = "TEMPLATE", env = "STATUSLIST_PATH_TEMPLATE")]
    path_template: Option<String>,
    /// Give each entry this many bits: 1, 2, 4 or 8. Suspending needs 2 [default: 1, or 2 with a
    /// list of suspensions].
    #[arg(long, value_name = "N", env = "STATUSLIST_BITS", value_parser = width)]
    bits: Option<Width>,
    /// Give each list this many entries: 100k, 1M, 2^20, up to 2^32.
    #[arg(
        long,
        value_name = "ENTRIES",
        default_value = "2^17",
        env = "STATUSLIST_SIZE"
    )]
    size: Size,
    /// Give entries this status until another is set; not one that is final.
    #[arg(long, value_name = "STATUS", default_value = "valid")]
    default_status: StatusName,
    /// Let no entry leave this status again, or `none`; repeat it, or use commas.
    #[arg(
        long = "final",
        value_name = "STATUS",
        default_value = "invalid",
        value_delimiter = ','
    )]
    final_statuses: Vec<String>,
    /// Name this issuer in tokens [default: scheme and host of the uri].
    #[arg(long, value_name = "URI", env = "STATUSLIST_ISSUER")]
    issuer: Option<String>,
    /// Let readers keep a copy this long: at most as long as tokens are valid, better half of it, so
    /// that there is time for renewal [default: 1h].
    #[arg(long, value_name = "DURATION", env = "STATUSLIST_TTL")]
    ttl: Option<Duration>,
    /// Let tokens be valid this long; they are renewed at half of it [default: 7d, or 24h under
    /// haip and eudi].
    #[arg(long, value_name = "DURATION", env = "STATUSLIST_VALID_FOR")]
    valid_for: Option<Duration>,
    /// Name this uri in tokens, where a document names all of them; `publish` writes it, if it lies
    /// in the site.
    #[arg(long, value_name = "URI")]
    aggregation_uri: Option<String>,
    /// Keep a note in the file, never published; may be repeated.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value::<String, String>)]
    meta: Vec<(String, String)>,
    /// Derive the secrets of all lists from this one: a file with 32 bytes or 64 hexadecimal
    /// digits, - or env:NAME. One such secret serves one series.
    #[arg(long, value_name = "FILE")]
    seed_file: Option<KeySource>,
    /// Let this many lists hand out entries at once, by a choice that nobody can predict [default: 1].
    #[arg(long, value_name = "N", env = "STATUSLIST_OPEN", value_parser = open_lists)]
    open: Option<OpenLists>,
    /// Keep this many lists in reserve: published like the others, they take the turns of lists that
    /// are full, and new ones are made for them; 0 ends the series with its last list [default: as
    /// many as are open; 0 where a uri does not tell lists apart].
    #[arg(long, value_name = "N", env = "STATUSLIST_SPARE", value_parser = spare_lists())]
    spare: Option<u32>,
    #[command(flatten)]
    credentials: CredentialOptions,
    /// Keep the file for credentials of this type, in a pool of list files [default: for all]. May
    /// be repeated.
    #[arg(long, value_name = "TYPE")]
    bound_to: Vec<CredentialType>,
    #[command(flatten)]
    pub(super) write: WriteOptions,
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
    open: u32,
    spare: u32,
    allocated: u64,
    default_status: Status,
    final_statuses: Vec<Status>,
    issuer: String,
    ttl: Duration,
    valid_for: Duration,
    created_at: Timestamp,
    /// What the issuer noted of the series.
    metadata: Value,
    revision: i64,
}

/// Runs the command.
///
/// # Errors
/// The file exists, the settings make no sense together, or the disk fails.
pub(super) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    let views = args.views()?;
    let template = template_of(&views.first().ok_or(ViewsError::NoUri)?.uri)?;
    let register = args.register(&views)?;
    let series = args.series(context, &template, &register, views)?;

    let master = args.master(context)?;
    let lists = first_lists(&series, master.as_ref())?;
    let first = lists.first();
    let uri = first.map(NewList::first_uri).unwrap_or_default();
    let seed = first.filter(|_| master.is_some());
    let seed = seed.map(|list| hex(&list.seed.sha256()));
    let request = json!({ "series": series, "seedSha256": seed });
    let stamp = args.write.stamp(context, "init", &request)?;
    let lineage = store::lineage_of(*session::random()?);
    let work = Work {
        new_lists: lists,
        master: master.map(Master::Kept),
        ..Work::default()
    };
    let _locks = DirectoryLocks::acquire(&[folder_of(&args.file)], args.write.wait.time())?;
    args.write.clear_leftovers(folder_of(&args.file), context);
    let created = store::prepare_file(&args.file, &lineage, &series, &stamp, work)
        .and_then(|prepared| args.write.carry_out(prepared));
    let (revision, event) = match created {
        Ok(revision) => (revision, None),
        Err(error) => match session::earlier(&args.file, &stamp, args.write.wait.time()) {
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
        open: series.open.count(),
        spare: series.spare,
        allocated: 0,
        default_status: register.default_status,
        final_statuses: register.final_statuses.clone(),
        issuer: series.issuer.clone(),
        ttl: series.ttl,
        valid_for: series.valid_for,
        created_at: revision.at,
        metadata: json!(series.meta),
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
    answer.notes.extend(widening::advice(&series, &file));
    let answer = warnings(answer, &template, &series).exposing(&args.file);
    Ok(args.write.finish(answer, revision, &stamp))
}

/// The lists that a series begins with: those that hand out entries, then those in reserve.
fn first_lists(series: &Series, master: Option<&Seed>) -> Result<Vec<NewList>, Error> {
    let open = series.open.count();
    let mut lists = Vec::new();
    let mut next = Some(ListNumber::FIRST);
    for place in 0..open + series.spare {
        let Some(number) = next else {
            break;
        };
        let seed = match master {
            Some(master) => master.derive(number.value()),
            None => Seed::new(*session::random()?),
        };
        let state = if place < open {
            ListState::Open
        } else {
            ListState::Spare
        };
        lists.push(new_list(series, number, seed, state)?);
        next = number.next();
    }
    Ok(lists)
}

/// Warns of what readers or later commands cannot do with such a list.
fn warnings(mut answer: Answer, template: &UriTemplate, series: &Series) -> Answer {
    let register = series.register();
    if !template.tells_lists_apart() {
        answer = answer.warn(
            "the uri has no {n}: the series has this one list, and cannot go on when it is full",
        );
    }
    for view in &series.views {
        if let Some(other) = mistaken_for(view, series.credentials.proof) {
            answer = answer.warn(format!(
                "view {} is published at {}, which hosts take for {other}",
                view.view, view.uri
            ));
        }
    }
    if register.size.entries() > READERS_CAP {
        answer = answer.warn(format!(
            "a list of {} entries: common readers refuse more than {READERS_CAP}",
            register.size.entries()
        ));
    }
    answer.warnings.extend(too_long(register));
    let haste = no_time_for_renewal(series.ttl, series.valid_for);
    answer.warnings.extend(haste);
    let advice = breach_warnings(series.breaches(Weight::Should));
    answer.warnings.extend(advice);
    answer
}

/// Warns of lists that are longer than what `inspect` inflates unasked.
pub(super) fn too_long(register: &Register) -> Option<String> {
    let bytes = register.width.bytes_for(register.size.entries());
    let limit = crate::token::InflateLimit::default().bytes();
    (bytes > limit).then(|| {
        format!("a list of {bytes} bytes: `inspect` needs --max-inflated {bytes} to read it")
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
        let views = series_views(&views, &templates, self.credentials.proof, &[])?;
        let credential = views.iter().find(|view| view.view.is_credential());
        match credential.filter(|_| self.issuer.is_none()) {
            Some(view) => Err(needs_issuer(view.view)),
            None => Ok(views),
        }
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
        let series = Series::new(
            register,
            issuer.unwrap_or_else(|| template.origin().to_owned()),
            ttl.unwrap_or(Duration::HOUR),
            valid_for.unwrap_or_else(|| {
                self.profile
                    .map_or(Duration::WEEK, Profile::default_validity)
            }),
            views,
        )?;
        let series = series.with(|settings| {
            settings.profile = self.profile;
            settings.aggregation_uri.clone_from(&self.aggregation_uri);
            let text = |(key, value): &(String, String)| (key.clone(), value.clone().into());
            settings.meta = self.meta.iter().map(text).collect();
            settings.open = self.open.unwrap_or_default();
            settings.spare = match self.spare {
                Some(spare) => spare,
                None if rolls_over(&settings.views) => settings.open.count(),
                None => 0,
            };
            settings.bound_to = CredentialType::set_of(&self.bound_to)?;
            self.credentials.apply(settings, register.width)
        })?;
        if series.open.count() + series.spare > 1 && !rolls_over(&series.views) {
            return Err(one_list_only(template.as_str()));
        }
        register.starting_status().map_err(|error| {
            Error::from(error).hint("another --default-status, or without it: --final none")
        })?;
        series.takes(register.default_status)?;
        series.conforms()?;
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

    /// The secret that the seeds of all lists are derived from, if one is given.
    fn master(&self, context: &Context<'_>) -> Result<Option<Seed>, Error> {
        let Some(source) = &self.seed_file else {
            return Ok(None);
        };
        let bytes = context.read_key(source)?;
        Seed::read(&bytes).map(Some).ok_or_else(|| {
            Error::new(Code::BadKey, format!("cannot use the seed in {source}"))
                .because("32 bytes or 64 hexadecimal digits are needed")
                .hint("head -c 32 /dev/urandom > FILE")
        })
    }
}

/// Reads a number of bits.
pub(super) fn width(text: &str) -> Result<Width, String> {
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
        if self.open + self.spare > 1 {
            writeln!(
                formatter,
                "lists:      {} open, {} in reserve",
                self.open, self.spare
            )?;
        }
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

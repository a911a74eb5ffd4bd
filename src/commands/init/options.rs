//! What can be said of a new series: on the command line, in a settings file, in the environment.

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use crate::commands::answer::uris::needs_issuer;
use crate::commands::configuration::check_lists;
use crate::commands::options::{
    CredentialOptions, CredentialType, ViewName, key_value, open_lists, spare_lists,
};
use crate::commands::{Context, Error};
use crate::list::{
    Duration, OpenLists, Profile, Purpose, Register, Series, SeriesView, Size, Status, StatusName,
    View, Width,
};
use crate::site::{UriTemplate, rolls_over, series_views};

/// The settings of a series. What is not given stays open.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct ListOptions {
    // Clap breaks the line at a placeholder, unless a code without effect stands in it.
    #[doc = "Publish at this uri, with {\u{1b}[0mn} for the list's number, such as"]
    #[doc = "`https://example.com/statuslists/{\u{1b}[0mn}.jwt`; other views lie beside it."]
    #[doc = "VIEW=TEMPLATE is for one view. May be repeated."]
    #[arg(long, value_name = "[VIEW=]TEMPLATE", env = "STATUSLIST_URI")]
    pub(super) uri: Vec<String>,
    /// Publish in this form: jwt, cwt, bitstring, statuslist2021, revocationlist2020, oa-ocsp, or
    /// `bitstring.suspension` and the like; repeat it, or use commas [default: jwt, or cwt under
    /// iso-mdoc].
    #[arg(long = "as", value_name = "VIEW", value_delimiter = ',')]
    pub(super) views: Vec<ViewName>,
    /// Keep to the rules of this use of status lists: ietf, haip, eudi, iso-mdoc or swiss. It
    /// cannot be changed later.
    #[arg(long, value_name = "PROFILE")]
    pub(super) profile: Option<Profile>,
    /// Without --uri: the part before --path-template.
    #[arg(long, value_name = "URL", env = "STATUSLIST_BASE_URL")]
    pub(super) base_url: Option<String>,
    /// Without --uri: the part behind --base-url.
    #[arg(long, value_name = "TEMPLATE", env = "STATUSLIST_PATH_TEMPLATE")]
    pub(super) path_template: Option<String>,
    /// Give each entry this many bits: 1, 2, 4 or 8. Suspending needs 2 [default: 1, or 2 with a
    /// list of suspensions].
    #[arg(long, value_name = "N", env = "STATUSLIST_BITS", value_parser = width)]
    pub(super) bits: Option<Width>,
    /// Give each list this many entries: 100k, 1M, 2^20, up to 2^32 [default: 2^17].
    #[arg(long, value_name = "ENTRIES", env = "STATUSLIST_SIZE")]
    pub(super) size: Option<Size>,
    /// Give entries this status until another is set; not one that is final [default: valid].
    #[arg(long, value_name = "STATUS")]
    pub(super) default_status: Option<StatusName>,
    /// Let no entry leave this status again, or `none`; repeat it, or use commas [default: invalid].
    #[arg(long = "final", value_name = "STATUS", value_delimiter = ',')]
    pub(super) final_statuses: Vec<String>,
    /// Name this issuer in tokens [default: scheme and host of the uri].
    #[arg(long, value_name = "URI", env = "STATUSLIST_ISSUER")]
    pub(super) issuer: Option<String>,
    /// Let readers keep a copy this long: at most as long as tokens are valid, better half of it, so
    /// that there is time for renewal [default: 1h].
    #[arg(long, value_name = "DURATION", env = "STATUSLIST_TTL")]
    pub(super) ttl: Option<Duration>,
    /// Let tokens be valid this long; they are renewed at half of it [default: 7d, or 24h under
    /// haip and eudi].
    #[arg(long, value_name = "DURATION", env = "STATUSLIST_VALID_FOR")]
    pub(super) valid_for: Option<Duration>,
    /// Name this uri in tokens, where a document names all of them; `publish` writes it, if it lies
    /// in the site.
    #[arg(long, value_name = "URI")]
    pub(super) aggregation_uri: Option<String>,
    /// Keep a note in the file, never published; may be repeated.
    #[arg(long, value_name = "KEY=VALUE", value_parser = note)]
    pub(super) meta: Vec<(String, Value)>,
    /// Keep the file for credentials of this type, in a pool of list files [default: for all]. May
    /// be repeated.
    #[arg(long, value_name = "TYPE")]
    pub(super) bound_to: Vec<CredentialType>,
    /// Let this many lists hand out entries at once, by a choice that nobody can predict [default: 1].
    #[arg(long, value_name = "N", env = "STATUSLIST_OPEN", value_parser = open_lists)]
    pub(super) open: Option<OpenLists>,
    /// Keep this many lists in reserve: published like the others, they take the turns of lists that
    /// are full, and new ones are made for them; 0 ends the series with its last list [default: as
    /// many as are open; 0 where a uri does not tell lists apart].
    #[arg(long, value_name = "N", env = "STATUSLIST_SPARE", value_parser = spare_lists())]
    pub(super) spare: Option<u32>,
    #[command(flatten)]
    pub(super) credentials: CredentialOptions,
    /// Whether an aggregation is wanted, at no uri in particular.
    #[arg(skip)]
    pub(super) aggregated: bool,
}

impl ListOptions {
    /// These options; where they are silent, those below them.
    pub(super) fn over(self, below: Self) -> Self {
        let (uri, below_uri) = (self.templates(), below.templates());
        Self {
            uri: first_given(uri, below_uri),
            views: first_given(self.views, below.views),
            profile: self.profile.or(below.profile),
            base_url: self.base_url.or(below.base_url),
            path_template: self.path_template.or(below.path_template),
            bits: self.bits.or(below.bits),
            size: self.size.or(below.size),
            default_status: self.default_status.or(below.default_status),
            final_statuses: first_given(self.final_statuses, below.final_statuses),
            issuer: self.issuer.or(below.issuer),
            ttl: self.ttl.or(below.ttl),
            valid_for: self.valid_for.or(below.valid_for),
            aggregation_uri: self.aggregation_uri.or(below.aggregation_uri),
            // A later note of the same name goes before an earlier one.
            meta: [below.meta, self.meta].concat(),
            bound_to: first_given(self.bound_to, below.bound_to),
            open: self.open.or(below.open),
            spare: self.spare.or(below.spare),
            credentials: self.credentials.over(below.credentials),
            aggregated: self.aggregated || below.aggregated,
        }
    }

    /// The templates of the uris: those that are given, or the one that its two parts make.
    pub(super) fn templates(&self) -> Vec<String> {
        match (&self.base_url, &self.path_template) {
            (Some(base), Some(path)) if self.uri.is_empty() => {
                let (base, path) = (base.trim_end_matches('/'), path.trim_start_matches('/'));
                vec![format!("{base}/{path}")]
            }
            _ => self.uri.clone(),
        }
    }

    /// Writes a name in the place of `{name}`.
    pub(super) fn name(&mut self, name: &str) {
        let parts = [
            &mut self.base_url,
            &mut self.path_template,
            &mut self.aggregation_uri,
        ];
        let given = parts.into_iter().filter_map(Option::as_mut);
        for text in self.uri.iter_mut().chain(given) {
            *text = text.replace("{name}", name);
        }
    }

    /// Everything that is given, for the operation id.
    pub(super) fn request(&self) -> Value {
        json!({
            "uri": self.templates(),
            "as": self.views.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "profile": self.profile,
            "bits": self.bits.map(Width::bits),
            "size": self.size,
            "defaultStatus": self.default_status.map(StatusName::number),
            "final": self.final_statuses,
            "issuer": self.issuer,
            "ttl": self.ttl,
            "validFor": self.valid_for,
            "aggregationUri": self.aggregation_uri,
            "aggregated": self.aggregated,
            "meta": self.meta,
            "boundTo": self.bound_to.iter().map(CredentialType::as_str).collect::<Vec<_>>(),
            "open": self.open,
            "spare": self.spare,
            "credentials": self.credentials.request(),
        })
    }

    /// The forms that are asked for by name.
    pub(super) fn forms(&self) -> Result<Vec<View>, Error> {
        let mut forms = Vec::new();
        for name in &self.views {
            forms.extend(name.new_views(&self.credentials.purpose)?);
        }
        Ok(forms)
    }

    /// The views of a new series, each with the template of its uris.
    pub(super) fn series_views(&self) -> Result<Vec<SeriesView>, Error> {
        let mut forms = self.forms()?;
        if forms.is_empty() {
            forms.push(self.profile.map_or(View::Jwt, Profile::default_view));
        }
        let views = series_views(&forms, &self.templates(), self.credentials.proof, &[])?;
        let credential = views.iter().find(|view| view.view.is_credential());
        match credential.filter(|_| self.issuer.is_none()) {
            Some(view) => Err(needs_issuer(view.view)),
            None => Ok(views),
        }
    }

    /// The settings of a new series.
    pub(super) fn series(
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
            settings.aggregation_uri = self.aggregation(template);
            settings.meta = self.meta.iter().cloned().collect();
            settings.bound_to = CredentialType::set_of(&self.bound_to)?;
            settings.open = self.open.unwrap_or_default();
            settings.spare = match self.spare {
                Some(spare) => spare,
                None if rolls_over(&settings.views) => settings.open.count(),
                None => 0,
            };
            self.credentials.apply(settings, register.width)
        })?;
        check_lists(&series)?;
        register.starting_status().map_err(|error| {
            Error::from(error).hint("another --default-status, or without it: --final none")
        })?;
        series.takes(register.default_status)?;
        series.conforms()?;
        Ok(series)
    }

    /// What can never change.
    pub(super) fn register(&self, views: &[SeriesView]) -> Result<Register, Error> {
        let suspends = |view: &SeriesView| view.view.purpose() == Some(Purpose::Suspension);
        let width = match self.bits {
            Some(width) => width,
            None if views.iter().any(suspends) => Width::Two,
            None => Width::One,
        };
        let default_status = match self.default_status {
            Some(name) => name.at(width)?,
            None => Status::VALID,
        };
        let final_statuses = match self.named_finals()? {
            Some(names) => names.into_iter().map(|name| name.at(width)).collect(),
            None => Ok(vec![Status::INVALID]),
        };
        Ok(Register {
            width,
            size: self.size.unwrap_or(Size::USUAL),
            default_status,
            final_statuses: final_statuses?,
        })
    }

    /// The final statuses, if somebody said which.
    pub(super) fn named_finals(&self) -> Result<Option<Vec<StatusName>>, Error> {
        match self.final_statuses.as_slice() {
            [] => Ok(None),
            [only] if only == "none" => Ok(Some(Vec::new())),
            names => {
                let names = names.iter().map(|name| name.parse::<StatusName>());
                Ok(Some(names.collect::<Result<_, _>>()?))
            }
        }
    }

    /// The uri of the aggregation: the one that is given; if one is only wanted, a document beside
    /// the lists.
    pub(super) fn aggregation(&self, template: &UriTemplate) -> Option<String> {
        match self.aggregation_uri.as_deref() {
            Some("none") => return None,
            None if self.aggregated => {}
            given => return given.map(str::to_owned),
        }
        let text = template.as_str();
        let fixed = text.split('{').next().unwrap_or(text);
        let folder = fixed.rsplit_once('/').map_or(fixed, |(folder, _)| folder);
        Some(format!("{folder}/aggregation.json"))
    }
}

/// The first of two lists, if it has something in it.
fn first_given<T>(first: Vec<T>, second: Vec<T>) -> Vec<T> {
    if first.is_empty() { second } else { first }
}

/// A note of the issuer: a key and a text.
fn note(text: &str) -> Result<(String, Value), String> {
    key_value::<String, String>(text).map(|(key, text)| (key, text.into()))
}

/// Reads a number of bits.
pub(in crate::commands) fn width(text: &str) -> Result<Width, String> {
    let bits = text
        .parse()
        .map_err(|_| "1, 2, 4 or 8 is needed".to_owned())?;
    Width::from_bits(bits).map_err(|error| error.to_string())
}

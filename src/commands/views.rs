//! Options that say in which forms lists are published.

use clap::Args;
use serde_json::{Value, json};

use super::init::key_value;
use super::{Code, Error};
use crate::list::{
    BitOrder, Consent, Credentials, Family, ListNumber, Proof, Purpose, SeriesView, StatusName,
    UnknownName, View, Width,
};
use crate::site::{SitePath, UriTemplate, check_distinct};

/// A view, or all views of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewName {
    /// One view: `bitstring.revocation`.
    One(View),
    /// Those of a family that there are: `bitstring`.
    Family(Family),
}

/// What the W3C views of a series need.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "W3C credentials")]
pub struct CredentialOptions {
    /// With a W3C view that names none: say this of credentials; repeat it, or use commas.
    #[arg(long, value_name = "PURPOSE", value_delimiter = ',')]
    pub purpose: Vec<Purpose>,
    /// Secure W3C credentials so [default: ecdsa-jcs-2019 or eddsa-jcs-2022, by the key].
    #[arg(long, value_name = "PROOF")]
    pub proof: Option<Proof>,
    /// Name this key in proofs [default: what follows from the issuer and the key].
    #[arg(long, value_name = "URI")]
    pub verification_method: Option<String>,
    /// Begin each byte of the two old formats with this bit: msb or lsb [default: msb].
    #[arg(long, value_name = "ORDER", value_parser = bit_order)]
    pub bit_order: Option<BitOrder>,
    /// Let this status suspend too; repeat it, or use commas.
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    pub suspending: Vec<StatusName>,
    /// Say in words what a status means; may be repeated.
    #[arg(long, value_name = "STATUS=TEXT", value_parser = message)]
    pub message: Vec<(StatusName, String)>,
    /// Let readers of this view take entries with this status for valid; may be repeated.
    #[arg(long, value_name = "VIEW=STATUS", value_parser = blind)]
    pub blind: Vec<(Family, StatusName)>,
}

impl ViewName {
    /// The views that are meant where new ones are asked for.
    pub(super) fn new_views(self, purposes: &[Purpose]) -> Result<Vec<View>, Error> {
        let family = match self {
            Self::One(view) => return Ok(vec![view]),
            Self::Family(family) => family,
        };
        let purposes = match purposes {
            [] => &[Purpose::Revocation],
            some => some,
        };
        purposes
            .iter()
            .map(|purpose| {
                family.view(*purpose).ok_or_else(|| {
                    Error::new(
                        Code::Refused,
                        format!("view {family} has no purpose {purpose}"),
                    )
                })
            })
            .collect()
    }

    /// Whether it stands for a view.
    pub(super) fn means(self, view: View) -> bool {
        match self {
            Self::One(one) => view == one,
            Self::Family(family) => view.family() == family,
        }
    }

    /// The views that are meant where some of these are asked for.
    pub(super) fn among(self, views: &[SeriesView]) -> Result<Vec<View>, Error> {
        let meant: Vec<View> = views
            .iter()
            .map(|view| view.view)
            .filter(|view| self.means(*view))
            .collect();
        if meant.is_empty() {
            let there: Vec<_> = views.iter().map(|view| view.view.name()).collect();
            return Err(
                Error::new(Code::Refused, format!("the series has no view {self}"))
                    .because(format!("its views are {}", there.join(", ")))
                    .hint(format!("statuslist configure FILE --add-view {self}")),
            );
        }
        Ok(meant)
    }
}

impl std::fmt::Display for ViewName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(view) => view.fmt(formatter),
            Self::Family(family) => family.fmt(formatter),
        }
    }
}

impl std::str::FromStr for ViewName {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let family = |family: &Family| family.view(Purpose::Revocation).is_some();
        match text.parse::<View>() {
            Ok(view) => Ok(Self::One(view)),
            Err(error) => match text.parse().ok().filter(family) {
                Some(family) => Ok(Self::Family(family)),
                None => Err(error),
            },
        }
    }
}

impl CredentialOptions {
    /// Adds what was given to the settings of a series.
    pub(super) fn apply(
        &self,
        credentials: &mut Credentials,
        blind: &mut Vec<Consent>,
        width: Width,
    ) -> Result<(), Error> {
        credentials.proof = self.proof.or(credentials.proof);
        if let Some(method) = &self.verification_method {
            credentials.verification_method = Some(method.clone());
        }
        credentials.bit_order = self.bit_order.unwrap_or(credentials.bit_order);
        for status in &self.suspending {
            let value = u64::from(status.at(width)?.value());
            if !credentials.suspending.contains(&value) {
                credentials.suspending.push(value);
            }
        }
        for (status, text) in &self.message {
            let value = u64::from(status.at(width)?.value());
            credentials.messages.insert(value, text.clone());
        }
        for (view, status) in &self.blind {
            let consent = Consent {
                view: *view,
                status: u64::from(status.at(width)?.value()),
            };
            if !blind.contains(&consent) {
                blind.push(consent);
            }
        }
        Ok(())
    }

    /// Whether anything was given that says how credentials are made.
    pub(super) fn is_given(&self) -> bool {
        self.proof.is_some() || self.verification_method.is_some() || self.bit_order.is_some()
    }

    /// What was given, for the operation id.
    pub(super) fn request(&self) -> Value {
        json!({
            "purpose": self.purpose, "proof": self.proof,
            "verificationMethod": self.verification_method, "bitOrder": self.bit_order,
            "suspending": numbers(self.suspending.iter()),
            "message": self.message.iter().map(|(status, text)| (status.number(), text)).collect::<Vec<_>>(),
            "blind": self.blind.iter().map(|(view, status)| (view, status.number())).collect::<Vec<_>>(),
        })
    }
}

/// Puts the views of a series together: the first one has the template that names no view, the
/// others lie beside it unless they have one of their own.
///
/// `templates` are `TEMPLATE` or `VIEW=TEMPLATE`.
pub(super) fn series_views(
    views: &[View],
    templates: &[String],
    proof: Option<Proof>,
    known: Option<&SeriesView>,
) -> Result<Vec<SeriesView>, Error> {
    let mut own: Vec<(View, &str)> = Vec::new();
    let mut common = None;
    for text in templates {
        match text
            .split_once('=')
            .map(|(name, rest)| (name.parse(), rest))
        {
            Some((Ok(view), rest)) if views.contains(&view) => own.push((view, rest)),
            Some((Ok(view), _)) => {
                return Err(Error::new(
                    Code::Refused,
                    format!("a uri for view {view}, which is not asked for"),
                )
                .hint(format!("--as {view}")));
            }
            _ if common.is_none() => common = Some(text.as_str()),
            _ => {
                return Err(Error::new(Code::Refused, "two uris that name no view")
                    .hint("--uri VIEW=TEMPLATE"));
            }
        }
    }
    let mut made: Vec<SeriesView> = Vec::new();
    for view in views {
        let given = own
            .iter()
            .find(|(one, _)| one == view)
            .map(|(_, text)| *text);
        let given = given.or_else(|| common.take());
        let uri = match (given, known.or(made.first())) {
            (Some(text), _) => text.to_owned(),
            (None, Some(first)) => beside(*view, first, proof)?,
            (None, None) => return Err(without_uri()),
        };
        parse_template(&uri)?;
        made.push(SeriesView { view: *view, uri });
    }
    Ok(made)
}

/// The template of a view that has none of its own.
fn beside(view: View, first: &SeriesView, proof: Option<Proof>) -> Result<String, Error> {
    let template = parse_template(&first.uri)?;
    let purposes = view.purpose().is_some() && view.family() == first.view.family();
    if template.has_view() || (template.has_purpose() && purposes) {
        return Ok(first.uri.clone());
    }
    Ok(view.template_beside(first, proof))
}

/// The uri that a list has in a view.
pub(super) fn uri_of(view: &SeriesView, list: ListNumber) -> Result<String, Error> {
    let purpose = view.view.purpose().map(Purpose::name);
    Ok(parse_template(&view.uri)?.expand(list.value(), view.view.name(), purpose))
}

/// Makes sure that a site can hold the files of all views of a list.
pub(super) fn check_paths(views: &[SeriesView]) -> Result<(), Error> {
    let mut paths = Vec::new();
    for view in views {
        let uri = uri_of(view, ListNumber::FIRST)?;
        paths.push(SitePath::of(&uri, None).map_err(|error| unpublishable(&view.uri, &error))?);
    }
    check_distinct(&paths).map_err(|error| {
        Error::new(Code::Refused, "two views cannot be published there")
            .because_of(&error)
            .hint("{view} or {purpose} in the template, or --uri VIEW=TEMPLATE")
    })
}

/// Reads the template of a view's uris, and makes sure that a site can hold what it names.
pub(super) fn parse_template(text: &str) -> Result<UriTemplate, Error> {
    let template: UriTemplate = text.parse().map_err(|error| unpublishable(text, &error))?;
    let uri = template.expand(0, View::Jwt.name(), None);
    let path = SitePath::of(&uri, None).map_err(|error| unpublishable(text, &error))?;
    check_distinct(&[path]).map_err(|error| unpublishable(text, &error))?;
    Ok(template)
}

/// Says why no site can hold a file.
pub(super) fn unpublishable(text: &str, error: &dyn std::error::Error) -> Error {
    Error::new(Code::Refused, format!("cannot publish at '{text}'"))
        .because_of(error)
        .hint("a uri such as https://example.com/statuslists/{n}.jwt")
}

/// Refuses a W3C view of a series whose issuer nobody named.
pub(super) fn needs_issuer(view: View) -> Error {
    Error::new(Code::Refused, format!("view {view} needs an issuer"))
        .because("verifiers compare it with the key that the list is signed with")
        .hint("--issuer URI: a did:key, a did:web or an https uri")
}

pub(super) fn without_uri() -> Error {
    Error::new(Code::Refused, "no uri was given")
        .because("credentials name the uri of their list, so it can never change")
        .hint("--uri 'https://example.com/statuslists/{n}.jwt'")
}

fn numbers<'a>(names: impl Iterator<Item = &'a StatusName>) -> Vec<u64> {
    names.map(|name| name.number()).collect()
}

fn bit_order(text: &str) -> Result<BitOrder, String> {
    match text {
        "msb" => Ok(BitOrder::Msb),
        "lsb" => Ok(BitOrder::Lsb),
        _ => Err("msb or lsb is needed".to_owned()),
    }
}

fn message(text: &str) -> Result<(StatusName, String), String> {
    let (status, text) = key_value(text)?;
    let status = status
        .parse::<StatusName>()
        .map_err(|error| error.to_string())?;
    Ok((status, text))
}

fn blind(text: &str) -> Result<(Family, StatusName), String> {
    let (view, status) = key_value(text)?;
    let view = view.parse::<Family>().map_err(|error| error.to_string())?;
    let status = status
        .parse::<StatusName>()
        .map_err(|error| error.to_string())?;
    Ok((view, status))
}

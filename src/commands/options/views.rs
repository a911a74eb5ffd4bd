//! Options that say in which forms lists are published.

use clap::Args;
use serde_json::{Value, json};

use super::key_value;
use crate::commands::{Code, Error};
use crate::list::{
    BitOrder, Consent, Family, Proof, Purpose, SeriesSettings, SeriesView, StatusName, UnknownName,
    View, Width,
};

/// A view, or all views of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewName {
    /// One view: `bitstring.revocation`.
    One(View),
    /// Those of a family that there are: `bitstring`.
    Family(Family),
}

/// What the W3C views of a series need.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "W3C credentials")]
pub(crate) struct CredentialOptions {
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
    #[arg(long, value_name = "STATUS=TEXT", value_parser = key_value::<StatusName, String>)]
    pub message: Vec<(StatusName, String)>,
    /// Let readers of this view take entries with this status for valid; may be repeated.
    #[arg(long, value_name = "VIEW=STATUS", value_parser = key_value::<Family, StatusName>)]
    pub blind: Vec<(Family, StatusName)>,
}

impl ViewName {
    /// The views that are meant where new ones are asked for.
    pub(crate) fn new_views(self, purposes: &[Purpose]) -> Result<Vec<View>, Error> {
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
                View::of(family, *purpose).ok_or_else(|| {
                    Error::new(
                        Code::Refused,
                        format!("view {family} has no purpose {purpose}"),
                    )
                })
            })
            .collect()
    }

    /// Whether it stands for a view.
    pub(crate) fn means(self, view: View) -> bool {
        match self {
            Self::One(one) => view == one,
            Self::Family(family) => view.family() == family,
        }
    }

    /// The views that are meant where some of these are asked for.
    pub(crate) fn among(self, views: &[SeriesView]) -> Result<Vec<View>, Error> {
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
        let family = |family: &Family| View::of(*family, Purpose::Revocation).is_some();
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
    /// These options; where they are silent, those below them.
    pub(crate) fn over(self, below: Self) -> Self {
        fn first_given<T>(first: Vec<T>, second: Vec<T>) -> Vec<T> {
            if first.is_empty() { second } else { first }
        }
        Self {
            purpose: first_given(self.purpose, below.purpose),
            proof: self.proof.or(below.proof),
            verification_method: self.verification_method.or(below.verification_method),
            bit_order: self.bit_order.or(below.bit_order),
            suspending: first_given(self.suspending, below.suspending),
            // A later message for the same status goes before an earlier one.
            message: [below.message, self.message].concat(),
            blind: first_given(self.blind, below.blind),
        }
    }

    /// Adds what was given to the settings of a series.
    pub(crate) fn apply(&self, settings: &mut SeriesSettings, width: Width) -> Result<(), Error> {
        let number = |status: &StatusName| status.at(width).map(|status| status.value().into());
        let credentials = &mut settings.credentials;
        credentials.proof = self.proof.or(credentials.proof);
        if let Some(method) = &self.verification_method {
            credentials.verification_method = Some(method.clone());
        }
        credentials.bit_order = self.bit_order.unwrap_or(credentials.bit_order);
        for status in &self.suspending {
            let value = number(status)?;
            if !credentials.suspending.contains(&value) {
                credentials.suspending.push(value);
            }
        }
        for (status, text) in &self.message {
            let value = number(status)?;
            credentials.messages.insert(value, text.clone());
        }
        for (view, status) in &self.blind {
            let consent = Consent {
                view: *view,
                status: number(status)?,
            };
            if !settings.blind.contains(&consent) {
                settings.blind.push(consent);
            }
        }
        Ok(())
    }

    /// Whether anything was given that says how credentials are made.
    pub(crate) fn is_given(&self) -> bool {
        self.proof.is_some() || self.verification_method.is_some() || self.bit_order.is_some()
    }

    /// What was given, for the operation id.
    pub(crate) fn request(&self) -> Value {
        json!({
            "purpose": self.purpose, "proof": self.proof,
            "verificationMethod": self.verification_method, "bitOrder": self.bit_order,
            "suspending": self.suspending.iter().map(|status| status.number()).collect::<Vec<_>>(),
            "message": self.message.iter().map(|(status, text)| (status.number(), text)).collect::<Vec<_>>(),
            "blind": self.blind.iter().map(|(view, status)| (view, status.number())).collect::<Vec<_>>(),
        })
    }
}

pub(crate) fn bit_order(text: &str) -> Result<BitOrder, String> {
    match text {
        "msb" => Ok(BitOrder::Msb),
        "lsb" => Ok(BitOrder::Lsb),
        _ => Err("msb or lsb is needed".to_owned()),
    }
}

//! What it means that a key cannot be used, shown or taken out.

use super::{Code, Error};
use crate::publish::{KeyFault, KeyRefusal};
use crate::wire::text::escaped;

/// Says why, and the way out.
pub(crate) fn refused(refusal: &KeyRefusal) -> Error {
    let name = escaped(&refusal.name);
    let failed = |message: String| Error::new(Code::Refused, message).detail("key", name.as_str());
    match &refusal.fault {
        KeyFault::TooEarly { announced, from } => {
            failed(format!("the key '{name}' signs nothing before {from}"))
                .because(format!(
                    "it was announced at {announced}, and readers may still have the keys from \
                     before"
                ))
                .hint("publish with it from then on; to sign with it all the same: --new-key")
                .detail("from", from.to_string())
        }
        KeyFault::Dropped(at) => failed(format!("the key '{name}' signs nothing more"))
            .because(format!("it was taken out of the site at {at}, for good"))
            .hint("sign with another; if nobody else can have it: --new-key"),
        KeyFault::Announced => failed(format!("the key '{name}' cannot be announced"))
            .because("it was taken out of the site for good, or is to be")
            .hint("name another as next in [keys]"),
        KeyFault::StillSigns => failed(format!("the key '{name}' cannot be taken out"))
            .because("it is the one that signs")
            .hint("sign with another: --key FILE"),
        KeyFault::Needed(paths) => failed(format!("the key '{name}' cannot be taken out"))
            .because(format!(
                "it signed what stays in the site: {}",
                paths.join(", ")
            ))
            .hint(
                "give the list files that it is from, all their views, --enveloped where there are \
                 envelopes, and --prune for retired lists; or remove it",
            )
            .detail("paths", paths.clone()),
        KeyFault::Unknown(names) => {
            let names: Vec<_> = names.iter().map(|name| escaped(name)).collect();
            failed(format!("the site shows no key '{name}'")).because(match names.as_slice() {
                [] => "it shows none".to_owned(),
                names => format!("its keys are {}", names.join(", ")),
            })
        }
        KeyFault::Several(thumbprints) => failed(format!("several keys are called '{name}'")).hint(
            format!("name one by its thumbprint: {}", thumbprints.join(", ")),
        ),
    }
}

//! Which host hands a site out, and where its settings go.

use std::path::Path;

use super::options::HostOptions;
use super::{Code, Context, Error};
use crate::publish::{Home, Hosting, home};

impl HostOptions {
    /// The host that the options or the settings name, if one.
    ///
    /// # Errors
    /// What is named does not go together.
    pub(super) fn hosting(&self, context: &Context<'_>) -> Result<Option<Hosting>, Error> {
        let settings = &context.settings;
        let file = (self.host_config.as_ref()).or(settings.host_config.as_ref());
        let Some(host) = self.host.or(settings.host) else {
            return match file {
                Some(_) => Err(Error::new(Code::Refused, "no host was named")
                    .hint("--host HOST, or leave out --host-config")),
                None => Ok(None),
            };
        };
        let refused = |message: String| Err(Error::new(Code::Refused, message));
        match (home(host), file) {
            (Home::Elsewhere, None) => refused(format!("no file was named for {host}"))
                .map_err(|error| error.hint("--host-config FILE")),
            (Home::Nowhere, Some(_)) => refused(format!("{host} has no settings to write"))
                .map_err(|error| error.hint("leave out --host-config")),
            (_, Some(file)) if file == Path::new("-") => {
                refused("the settings of a host are not printed".to_owned())
                    .map_err(|error| error.hint("--host-config FILE"))
            }
            (_, file) => Ok(Some(Hosting {
                host,
                file: file.cloned(),
            })),
        }
    }
}

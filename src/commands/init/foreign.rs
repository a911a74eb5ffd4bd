//! The variables of the systems that this one replaces, for what nobody said otherwise.

use super::guide_policy::Publishing;
use super::options::{ListOptions, width};
use super::publishing;
use crate::commands::{Code, Context, Error};
use crate::list::{Duration, Size};
use crate::wire::text::echo;

/// The variable of EUDIPLO that says when lists are published.
pub(super) const IMMEDIATE: &str = "STATUS_IMMEDIATE_UPDATE";

/// What the variables say.
pub(super) struct Foreign {
    pub(super) options: ListOptions,
    pub(super) notes: Vec<String>,
    /// When the lists are to be published.
    pub(super) publishing: Option<Publishing>,
}

/// A placeholder of the ACA-Py plugin, and ours for it.
struct Placeholder {
    theirs: &'static str,
    ours: Option<&'static str>,
}

const PLACEHOLDERS: [Placeholder; 8] = [
    Placeholder::of("list_number", Some("n")),
    Placeholder::of("status_list_number", Some("n")),
    Placeholder::of("status_purpose", Some("purpose")),
    Placeholder::of("status_type", Some("purpose")),
    Placeholder::of("tenant_id", None),
    Placeholder::of("n", Some("n")),
    Placeholder::of("purpose", Some("purpose")),
    Placeholder::of("view", Some("view")),
];

impl Placeholder {
    const fn of(theirs: &'static str, ours: Option<&'static str>) -> Self {
        Self { theirs, ours }
    }
}

/// The variables, and what is said of those that were taken.
struct Variables<'a, 'world> {
    context: &'a Context<'world>,
    notes: Vec<String>,
    publishing: Option<Publishing>,
}

impl Foreign {
    /// Reads the variables for what `given` and the settings file leave open.
    ///
    /// # Errors
    /// A variable that is needed holds what cannot be taken.
    pub(super) fn of(given: &ListOptions, context: &Context<'_>) -> Result<Self, Error> {
        let mut variables = Variables {
            context,
            notes: Vec::new(),
            publishing: None,
        };
        let mut options = ListOptions::default();
        if given.size.is_none() {
            options.size = variables.size()?;
        }
        if given.bits.is_none() {
            options.bits = variables.taken("STATUS_BITS", "--bits", width)?;
        }
        if given.ttl.or(context.settings.ttl).is_none() {
            let read = |text: &str| text.parse::<Duration>().map_err(|error| error.to_string());
            options.ttl = variables.taken("STATUS_TTL", "--ttl", read)?;
        }
        if given.templates().is_empty() {
            variables.template(given, &mut options)?;
        }
        if given.aggregation_uri.is_none() && !given.aggregated {
            let name = "STATUS_ENABLE_AGGREGATION";
            options.aggregated = variables.truth(name)?.unwrap_or(false);
            if options.aggregated {
                variables.took(name, "an aggregation is published beside the lists");
            }
        }
        variables.read_publishing()?;
        Ok(Self {
            options,
            notes: variables.notes,
            publishing: variables.publishing,
        })
    }
}

impl Variables<'_, '_> {
    /// The text of a variable that is set.
    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match (self.context.environment)(name) {
            None => Ok(None),
            Some(value) if value.is_empty() => Ok(None),
            Some(value) => value
                .into_string()
                .map(Some)
                .map_err(|_| refused(name).because("it is not UTF-8")),
        }
    }

    fn took(&mut self, name: &str, what: &str) {
        self.notes.push(format!("took {name}: {what}"));
    }

    /// Takes a variable as an option would be.
    fn taken<T>(
        &mut self,
        name: &str,
        option: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let value = read(&text).map_err(|reason| {
            refused(name)
                .because(reason)
                .hint(format!("{option}, or unset it"))
        })?;
        self.took(name, &format!("{option} {}", echo(&text)));
        Ok(Some(value))
    }

    fn size(&mut self) -> Result<Option<Size>, Error> {
        let read = |text: &str| text.parse::<Size>().map_err(|error| error.to_string());
        let plugin = self.taken("STATUS_LIST_SIZE", "--size", read)?;
        let eudiplo = self.taken("STATUS_CAPACITY", "--size", read)?;
        match (plugin, eudiplo) {
            (Some(one), Some(other)) if one != other => Err(Error::refused(
                "STATUS_LIST_SIZE and STATUS_CAPACITY name two sizes",
            )
            .because(format!("{} and {}", one.entries(), other.entries()))
            .hint("--size, or unset one of them")),
            _ => Ok(plugin.or(eudiplo)),
        }
    }

    /// The template of the uris, if both of its parts are known.
    fn template(&mut self, given: &ListOptions, taken: &mut ListOptions) -> Result<(), Error> {
        const BASE: &str = "STATUS_LIST_BASE_URL";
        const PATH: &str = "STATUS_LIST_PATH_TEMPLATE";
        let base = self.text(BASE)?.filter(|_| given.base_url.is_none());
        let path = self.text(PATH)?.filter(|_| given.path_template.is_none());
        if given.base_url.is_none() && base.is_none()
            || given.path_template.is_none() && path.is_none()
        {
            return Ok(());
        }
        if let Some(base) = base {
            self.took(BASE, &format!("--base-url {}", echo(&base)));
            taken.base_url = Some(base);
        }
        if let Some(path) = path {
            let path = path_template(&path)
                .map_err(|error| refused(PATH).because(error.reason).hint(error.way_out))?;
            self.took(PATH, &format!("--path-template {}", echo(&path)));
            taken.path_template = Some(path);
        }
        Ok(())
    }

    fn truth(&self, name: &str) -> Result<Option<bool>, Error> {
        match self.text(name)?.as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(refused(name)
                .because(format!("'{}' is neither true nor false", echo(other)))
                .hint("unset it")),
        }
    }

    /// What the variables say of publishing, and what means nothing here.
    fn read_publishing(&mut self) -> Result<(), Error> {
        const SHARDS: &str = "STATUS_LIST_SHARD_SIZE";
        const FOLDER: &str = "STATUS_LIST_BASE_DIR";
        if self.text(SHARDS)?.is_some() {
            self.notes.push(format!("{SHARDS} has no effect"));
        }
        let own = (self.context.environment)("STATUSLIST_BASE_DIR");
        if self.context.settings.to.is_none()
            && own.is_none()
            && let Some(folder) = self.text(FOLDER)?
        {
            let line = publishing::of_folder(&folder);
            self.notes.push(format!("{FOLDER}: {line}"));
        }
        if let Some(immediate) = self.truth(IMMEDIATE)? {
            let publishing = Publishing::of_immediate_update(&immediate.to_string());
            self.publishing = Some(publishing);
        }
        Ok(())
    }
}

/// Why a template of the ACA-Py plugin has no counterpart.
struct Unmapped {
    reason: String,
    way_out: &'static str,
}

/// Writes a path template of the ACA-Py plugin with our placeholders.
fn path_template(text: &str) -> Result<String, Unmapped> {
    const WRITE_IT: &str = "--uri TEMPLATE, with {n} for the number of the list";
    let mut mapped = String::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let (literal, placeholder) = rest.split_at(open);
        mapped.push_str(literal);
        let inside = placeholder
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'));
        let Some((name, tail)) = inside else {
            return Err(Unmapped {
                reason: "its braces do not match".to_owned(),
                way_out: WRITE_IT,
            });
        };
        let known = PLACEHOLDERS.iter().find(|known| known.theirs == name);
        let Some(known) = known else {
            return Err(Unmapped {
                reason: format!("nothing is known that '{{{}}}' stands for", echo(name)),
                way_out: WRITE_IT,
            });
        };
        let Some(ours) = known.ours else {
            return Err(Unmapped {
                reason: format!("'{{{name}}}' stands for nothing here"),
                way_out: "a tenant has list files of its own: --uri TEMPLATE, with its name in it",
            });
        };
        mapped.extend(["{", ours, "}"]);
        rest = tail;
    }
    mapped.push_str(rest);
    Ok(mapped)
}

fn refused(name: &str) -> Error {
    Error::new(Code::Refused, format!("cannot take {name}"))
}

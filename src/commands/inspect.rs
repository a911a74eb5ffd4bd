//! `inspect`: looks at a list file or at a token that somebody published.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::options::{CheckingOptions, InflateOption, WaitOption};
use super::{Answer, Code, Context, Error};
use super::{inspect_list, inspect_token};
use crate::disk::quote;
use crate::list::{EntryName, Profile};
use crate::store::looks_like_a_list_file;

/// Looks at a list file, or at a token that somebody published.
///
/// Of a list file: settings, use, statuses, the last revisions, what was published; and whether
/// everything in it agrees. Of a token, in JWT or CWT format (as bytes, hexadecimal digits or
/// base64): header, claims, sizes, times, statuses, and every fault with the rule that it breaks.
/// The signature is checked only with a key from elsewhere, or with the token's own certificate if
/// that leads to a trust anchor from elsewhere. Exits with 1 if the token has a fault for which
/// readers must reject it.
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// A list file, a token, or - for a token on standard input.
    #[arg(value_name = "TARGET")]
    pub target: PathBuf,
    /// Show this entry: INDEX or URI#INDEX; of a list file, every form.
    #[arg(long, value_name = "ENTRY")]
    pub entry: Option<EntryName>,
    /// Check that the token is for this uri, as credentials name it.
    #[arg(long, value_name = "URI")]
    pub uri: Option<String>,
    /// Check that the token keeps to the rules of this use of status lists: ietf, haip, eudi,
    /// iso-mdoc or swiss.
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<Profile>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub inflate: InflateOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub wait: WaitOption,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the options document themselves")]
    pub checking: CheckingOptions,
}

/// Runs the command.
///
/// # Errors
/// Nothing there, or neither a list file nor a token. The verdict of the answer names the first
/// fault of a token.
pub fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    if args.target.is_dir() {
        let target = quote(&args.target);
        return Err(Error::new(Code::Refused, format!("{target} is a folder"))
            .hint("name a list file or a token in it"));
    }
    if args.target.as_os_str() != "-" && begins_like_a_list_file(&args.target) {
        args.refuse_checks()?;
        return inspect_list::run(args);
    }
    let bytes = context.read_file(&args.target, args.inflate.token_limit())?;
    if looks_like_a_list_file(&bytes) {
        return Err(Error::new(Code::Refused, "standard input is a list file")
            .hint("a list file is inspected by its name"));
    }
    inspect_token::run(args, context, &bytes)
}

impl Args {
    /// A list file has no signature, and all its uris are shown.
    fn refuse_checks(&self) -> Result<(), Error> {
        let options = [
            (self.uri.is_some(), "--uri"),
            (self.profile.is_some(), "--profile"),
            (self.checking.key.is_some(), "--key"),
            (self.checking.jwks.is_some(), "--jwks"),
            (self.checking.certificates.trust.is_some(), "--trust"),
            (self.checking.audience.is_some(), "--audience"),
            (self.checking.max_age.is_some(), "--max-age"),
            (self.checking.at.is_some(), "--at"),
        ];
        match options.iter().find(|(given, _)| *given) {
            None => Ok(()),
            Some((_, name)) => Err(Error::new(
                Code::Refused,
                format!(
                    "{name} is for tokens, and {} is a list file",
                    quote(&self.target)
                ),
            )
            .hint("leave it out, or name a published token")),
        }
    }
}

fn begins_like_a_list_file(path: &std::path::Path) -> bool {
    use std::io::Read;
    // A pipe can be read only once: it is never a list file.
    let regular = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let mut beginning = Vec::new();
    regular
        && std::fs::File::open(path)
            .and_then(|file| file.take(16).read_to_end(&mut beginning))
            .is_ok()
        && looks_like_a_list_file(&beginning)
}

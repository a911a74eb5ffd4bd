//! `inspect`: looks at a list file or at a token that somebody published.

mod args;
mod certificates;
mod credential;
mod findings;
mod list;
mod ocsp;
mod token;

pub use self::args::{Args, BitOrders};
use super::{Answer, Code, Context, Error};
use crate::audit::{recognise_answer, recognise_credential};
use crate::store::looks_like_a_list_file;
use crate::wire::shell::quote;

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
        args.refuse_checks("a list file")?;
        return list::run(args);
    }
    let bytes = context.read_file(&args.target, args.inflate.token_limit())?;
    if looks_like_a_list_file(&bytes) {
        return Err(Error::new(Code::Refused, "standard input is a list file")
            .hint("a list file is inspected by its name"));
    }
    if let Some(credential) = recognise_credential(&bytes) {
        let length = bytes.len();
        // It needs them no longer, and they may be longer than the list.
        drop(bytes);
        return credential::run(args, context, credential, length);
    }
    if let Some(answer) = recognise_answer(&bytes) {
        return ocsp::run(args, &answer, bytes.len());
    }
    args.refuse_credential_checks()?;
    token::run(args, context, &bytes)
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

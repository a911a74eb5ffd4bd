//! `inspect`: looks at a list file or at a token that somebody published.

mod args;
mod certificates;
mod credential;
mod ends;
mod findings;
mod list;
mod ocsp;
mod pool;
mod shown;
mod token;
mod token_state;

pub(crate) use self::args::Args;
use super::pool::is_pool;
use super::{Answer, Code, Context, Error};
use crate::audit::{Published, recognise};
use crate::store::{is_list_file, looks_like_a_list_file};

/// Runs the command.
///
/// # Errors
/// Nothing there, or neither a list file nor a token. The verdict of the answer names the first
/// fault of a token.
pub(crate) fn run(args: &Args, context: &Context<'_>) -> Result<Answer, Error> {
    if is_pool(&args.target) {
        args.refuse_checks("a pool")?;
        return pool::run(args, context);
    }
    if args.target.as_os_str() != "-" && is_list_file(&args.target) {
        args.refuse_checks("a list file")?;
        return list::run(args, context);
    }
    let bytes = context.read_file(&args.target, args.inflate.token_limit())?;
    if looks_like_a_list_file(&bytes) {
        return Err(Error::new(Code::Refused, "standard input is a list file")
            .hint("a list file is inspected by its name"));
    }
    let length = bytes.len();
    match recognise(bytes) {
        Published::Credential(credential) => credential::run(args, context, credential, length),
        Published::Answer(answer) => ocsp::run(args, &answer, length),
        Published::Token(bytes) => {
            args.refuse_credential_checks()?;
            token::run(args, context, &bytes)
        }
    }
}

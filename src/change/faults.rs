//! What a fault of one line means to the others.

use super::error::ChangeError;
use super::request::{Line, Request};

/// What a fault of one line means to the others.
pub(super) enum OnFault<'a> {
    /// The request is refused with the first one.
    Refuse,
    /// The line is left out, and the fault is told.
    Tell(&'a mut Tell<'a>),
}

/// Hears what is wrong with a line of a request.
pub(crate) type Tell<'a> = dyn FnMut(&Request, &Line, ChangeError) + 'a;

impl OnFault<'_> {
    /// Takes a fault of the line at a place.
    ///
    /// # Errors
    /// The request is refused, or it is the list file that is wrong.
    pub(super) fn add(
        &mut self,
        request: &Request,
        place: u32,
        error: ChangeError,
    ) -> Result<(), ChangeError> {
        match self {
            Self::Tell(tell) if error.is_of_the_line() => {
                tell(request, &request.lines[place as usize], error);
                Ok(())
            }
            _ => Err(error),
        }
    }
}

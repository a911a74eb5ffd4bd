//! Giving the entries of a series more bits.

use super::Error;
use crate::list::{Purpose, Series, SeriesSettings, SeriesView, Width};

/// Changes settings so that every entry has this many bits.
///
/// # Errors
/// Entries have as many or more, or credentials that are out say how many there are.
pub(super) fn widen(settings: &mut SeriesSettings, from: Width, to: Width) -> Result<(), Error> {
    if to == from {
        return Err(Error::refused(format!("entries have {from} each already")));
    }
    let cannot = || Error::refused(format!("entries have {from} each, and cannot get {to}"));
    if to < from {
        return Err(cannot().because("they would lose statuses that they have or may get"));
    }
    let says_bits = |known: &SeriesView| known.view.purpose() == Some(Purpose::Message);
    if settings.views.iter().any(says_bits) {
        return Err(cannot()
            .because("credentials with bitstring.message say how many bits their entry has")
            .hint(format!(
                "another list file: statuslist init FILE --bits {}",
                to.bits()
            )));
    }
    settings.widen(to);
    Ok(())
}

/// What to say of a series whose entries have 1 bit; nothing where its rules demand that.
pub(super) fn advice(series: &Series, file: &str) -> Option<String> {
    let width = series.register().width;
    if width > Width::One {
        return None;
    }
    let wider = series.with(|settings| {
        settings.widen(Width::Two);
        Ok::<_, Error>(())
    });
    wider.ok()?.conforms().ok()?;
    let cannot = "entries of 1 bit cannot be suspended";
    Some(
        match series.with(|settings| widen(settings, width, Width::Two)) {
            Ok(_) => format!("{cannot}; to be able to later: statuslist configure {file} --bits 2"),
            Err(_) => format!("{cannot}, and with bitstring.message they keep 1 bit for good"),
        },
    )
}

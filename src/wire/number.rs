//! Numbers as their digits alone.

/// Reads a number that is written without a sign, white space or anything else but digits.
pub(crate) fn digits(text: &str, radix: u32) -> Option<u64> {
    u64::from_str_radix(text, radix)
        .ok()
        .filter(|_| !text.starts_with('+'))
}

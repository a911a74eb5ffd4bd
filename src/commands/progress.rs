//! How far a long command is.

/// Hears how far a long command is; whether anybody sees it is decided in `cli`.
pub trait Progress {
    /// Says how many bytes there are to read, if that is known.
    fn expect(&self, bytes: Option<u64>);
    /// Says that bytes were read.
    fn bytes(&self, count: u64);
    /// Says that a line was read.
    fn line(&self);
    /// Says that reading is over.
    fn done(&self);
}

//! The most that a stream may inflate to.

/// How many bytes inflating may give at most.
///
/// The specification sets no maximum, and a stream can be a thousand times as large inside as it
/// looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InflateLimit(u64);

impl InflateLimit {
    /// Takes a number of bytes.
    #[must_use]
    pub const fn new(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl Default for InflateLimit {
    /// 128 MiB: 2^30 entries of one bit.
    fn default() -> Self {
        Self(128 << 20)
    }
}

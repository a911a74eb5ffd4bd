//! All integration tests, in one binary.

mod permutation;
mod vectors_ietf;

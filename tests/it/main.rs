//! All integration tests, in one binary.

mod harness;
mod permutation;
mod vectors_ietf;

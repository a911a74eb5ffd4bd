//! Tests of the store that need no process.

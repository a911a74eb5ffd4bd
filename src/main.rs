//! The program `statuslist`.

fn main() {}

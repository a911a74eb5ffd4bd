//! The program `statuslist`.

use std::process::ExitCode;

fn main() -> ExitCode {
    statuslist::cli::main()
}

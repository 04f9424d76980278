//! The door: arguments, environment, clock and exit code. Everything else is the library.

#![expect(
    clippy::disallowed_methods,
    reason = "the process is read here, and only here"
)]

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A variable whose name or value is not UTF-8 is none that relkit reads.
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let arguments = std::env::args_os().collect();
    relkit::cli::run(arguments, environment, jiff::Timestamp::now())
}

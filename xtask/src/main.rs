//! The workshop: what a developer and the CI run on this repository.
//!
//! It drives the built `relkit` from outside and never links it, so that it builds in seconds and
//! still works when relkit does not.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the doors and streams are relkit's; the workshop is a script of its own"
)]

mod bench;
mod check;
mod generate;
mod parts;
mod shell;
mod source;
mod test;
mod tidy;

use std::{error::Error, path::Path, process::ExitCode};

/// Whatever went wrong, in words.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// An error that was printed already, above a closing line.
pub(crate) const SAID: &str = "";

const USAGE: &str = "\
usage: cargo xtask COMMAND

  check            formatting, lints, feature sets, generated files, tidy
  test [--long]    check, then every test; --long adds those marked as long
  parts            the pinned foreign programs and data, into target/parts
  gen [--check]    the files that are generated from the built binary
  tidy             the rules about our own files
  bench [NAME]     what docs/benchmarks.md states, measured here";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = error.to_string();
            if text != SAID {
                eprintln!("error: {text}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result {
    std::env::set_current_dir(root())?;
    match args {
        ["check"] => check::run(),
        ["test"] => test::run(&[]),
        ["test", "--long"] => test::run(&["--include-ignored"]),
        ["parts"] => parts::run(),
        ["gen"] => generate::write(),
        ["gen", "--check"] => generate::check(),
        ["tidy"] => tidy::run(),
        ["bench"] => bench::run(None),
        ["bench", name] => bench::run(Some(name)),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.into()),
    }
}

/// The repository's root: the folder above this package.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

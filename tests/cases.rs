//! Every folder `tests/cases/<command>/<case>/` with a `case.toml` is one test, run with the real
//! binary in a scrubbed environment.
//!
//! `in/` is copied to a fresh directory and committed, the command runs there, and then the exit
//! status, `stdout`, `stderr`, and the files in `out/` must be as recorded.
//! `SNAPSHOTS=overwrite cargo test --test cases -- NAME` records them.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop anywhere and lays its own files"
)]

mod harness;
mod harness_test;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use harness::Mode;
use libtest_mimic::{Arguments, Trial};

const RELKIT: &str = env!("CARGO_BIN_EXE_relkit");

fn main() -> ExitCode {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    let mode = if overwrite {
        Mode::Record
    } else {
        Mode::Verify
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut trials = harness_test::trials();
    for command in folders(&root) {
        for case in folders(&command) {
            let name = case.strip_prefix(&root).unwrap().display().to_string();
            trials.push(Trial::test(name.replace('\\', "/"), move || {
                harness::run(&case, Path::new(RELKIT), mode).map_err(Into::into)
            }));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The folders in `dir`, sorted, but those that begin with `_`.
fn folders(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.is_dir() && !path.file_name().unwrap().to_string_lossy().starts_with('_')
        })
        .collect();
    found.sort();
    found
}

//! What can be said without running a test.

use crate::{Result, generate, shell, tidy};

/// Each command must succeed. The feature sets are those that the documentation promises.
const COMMANDS: &[&[&str]] = &[
    &["fmt", "--all", "--check"],
    &[
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "foreign",
        "--",
        "-D",
        "warnings",
    ],
    &["check", "--lib", "--no-default-features"],
    &[
        "check",
        "--lib",
        "--no-default-features",
        "--features",
        "release",
    ],
];

/// Runs everything, cheapest first, and stops at the first failure.
pub(crate) fn run() -> Result {
    tidy::run()?;
    for args in COMMANDS {
        shell::run("cargo", args)?;
    }
    generate::check()
}

//! The environment in which the tests run relkit: the same on every machine.

use std::{path::Path, process::Command};

/// The clock of every case.
pub(crate) const NOW: &str = "2026-01-01T00:00:00Z";

/// Leaves `command` no variable of this machine but what the system cannot start a program
/// without, and gives it the fixed clock and `data` as its data directory.
pub(crate) fn scrub(command: &mut Command, data: &Path) {
    command.env_clear();
    for name in ["SystemRoot", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("RELKIT_NOW", NOW)
        .env("RELKIT_DATA_DIR", data)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
}

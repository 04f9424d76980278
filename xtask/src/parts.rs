//! The foreign programs and data that tests meet: pinned by hash, kept in `target/parts`.
//!
//! `target/parts/python` is a virtual environment with `tests/parts/requirements.txt`;
//! `target/parts/wheels` holds the files of `tests/parts/wheels.txt`, not installed. A stamp with
//! the pins makes a second run cheap; anything that cannot be had is an error, never a skip.

use std::{fs, path::Path};

use crate::{Result, shell};

const PYTHON: &str = "target/parts/python";
const WHEELS: &str = "target/parts/wheels";
const REQUIREMENTS: &str = "tests/parts/requirements.txt";
const DATA: &str = "tests/parts/wheels.txt";

/// Provisions what is missing or pinned differently.
pub(crate) fn run() -> Result {
    provision(PYTHON, REQUIREMENTS, python)?;
    provision(WHEELS, DATA, wheels)
}

/// Lays `place` anew with `make`, unless its stamp says that it was made from the same pins.
fn provision(place: &str, pins: &str, make: fn() -> Result) -> Result {
    let stamp = format!("{place}.pins");
    let wanted = fs::read(pins).map_err(|e| format!("`{pins}`: {e}"))?;
    if fs::read(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    if Path::new(place).exists() {
        fs::remove_dir_all(place)?;
    }
    fs::create_dir_all(place)?;
    make()?;
    Ok(fs::write(stamp, wanted)?)
}

fn python() -> Result {
    let starter = if cfg!(windows) { "python" } else { "python3" };
    shell::run(starter, &["-m", "venv", PYTHON])?;
    pip(&["install", "--only-binary=:all:", "-r", REQUIREMENTS])
}

fn wheels() -> Result {
    pip(&[
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "-d",
        WHEELS,
        "-r",
        DATA,
    ])
}

fn pip(args: &[&str]) -> Result {
    let python = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    let mut all = vec!["-m", "pip", "--quiet", "--disable-pip-version-check"];
    all.extend(args);
    all.push("--require-hashes");
    shell::run(&format!("{PYTHON}/{python}"), &all)
}

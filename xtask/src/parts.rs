//! The foreign programs and data that tests meet: pinned by hash, kept in `target/parts`.
//!
//! `target/parts/python` is a virtual environment with `tests/parts/requirements.txt`;
//! `target/parts/wheels` holds the files of `tests/parts/wheels.txt`, not installed, and those for
//! other systems stand beside it; `target/parts/npm` holds what `tests/parts/npm` locks. A stamp with
//! the pins makes a second run cheap; anything that cannot be had is an error, never a skip.

use std::{fs, path::Path};

use crate::{Result, shell};

const PYTHON: &str = "target/parts/python";
const WHEELS: &str = "target/parts/wheels";
const REQUIREMENTS: &str = "tests/parts/requirements.txt";
const DATA: &str = "tests/parts/wheels.txt";
const LINUX: &str = "target/parts/wheels-linux";
const LINUX_DATA: &str = "tests/parts/wheels-linux.txt";
const MACOS: &str = "target/parts/wheels-macos";
const MACOS_DATA: &str = "tests/parts/wheels-macos.txt";
const NPM: &str = "target/parts/npm";
const NPM_MANIFEST: &str = "tests/parts/npm/package.json";
const NPM_LOCK: &str = "tests/parts/npm/package-lock.json";

/// Provisions what is missing or pinned differently.
pub(crate) fn run() -> Result {
    provision(PYTHON, REQUIREMENTS, python)?;
    provision(WHEELS, DATA, wheels)?;
    provision(LINUX, LINUX_DATA, || {
        wheels_for("manylinux2014_x86_64", LINUX, LINUX_DATA)
    })?;
    provision(MACOS, MACOS_DATA, || {
        wheels_for("macosx_11_0_arm64", MACOS, MACOS_DATA)
    })?;
    provision(NPM, NPM_LOCK, npm)
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

/// The wheels of `pins` as Python 3.12 on `platform` would fetch them.
fn wheels_for(platform: &str, place: &str, pins: &str) -> Result {
    let system = ["--platform", platform, "--python-version", "3.12"];
    let fetch = ["download", "--no-deps", "--only-binary=:all:"];
    pip(&[&fetch[..], &system, &["-d", place, "-r", pins]].concat())
}

/// Nothing of a package is run: its files are data.
fn npm() -> Result {
    for file in [NPM_MANIFEST, NPM_LOCK] {
        let name = file.rsplit('/').next().unwrap_or(file);
        fs::copy(file, Path::new(NPM).join(name))?;
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let quiet = ["--silent", "--no-audit", "--no-fund"];
    let only = [
        "ci",
        "--ignore-scripts",
        "--legacy-peer-deps",
        "--prefix",
        NPM,
    ];
    shell::run(npm, &[&only[..], &quiet].concat())
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

//! Files that the built binary writes about itself, checked in so that people can read them.

use std::{fs, path::Path};

use crate::{Result, shell};

/// A checked-in file, and the command of relkit that prints it.
struct Generated {
    file: &'static str,
    args: &'static [&'static str],
}

/// One build prints them all: `schema` needs its feature, and `foreign` makes it share the build
/// of the library's dependencies with the tests.
const OPTIONS: &[&str] = &["--features", "foreign,schema"];

const FILES: &[Generated] = &[
    Generated {
        file: "docs/reference/cli.md",
        args: &["reference", "cli"],
    },
    Generated {
        file: "docs/reference/exit-codes.md",
        args: &["reference", "exit-codes"],
    },
    Generated {
        file: "docs/reference/codes.md",
        args: &["reference", "codes"],
    },
    Generated {
        file: "docs/schema/relkit.json",
        args: &["reference", "schema"],
    },
];

/// Writes those that differ.
pub(crate) fn write() -> Result {
    for (file, text) in stale()? {
        if let Some(folder) = Path::new(file).parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, text)?;
        eprintln!("       Wrote {file}");
    }
    Ok(())
}

/// Fails when one differs.
pub(crate) fn check() -> Result {
    let stale = stale()?;
    for (file, _) in &stale {
        println!("{file} differs from what the binary prints");
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} generated files are stale: `cargo xtask gen` writes them",
        stale.len()
    )
    .into())
}

fn stale() -> Result<Vec<(&'static str, String)>> {
    let relkit = shell::relkit(OPTIONS)?;
    let relkit = relkit
        .to_str()
        .ok_or("the path of the binary is no UTF-8")?;
    let mut stale = Vec::new();
    for Generated { file, args } in FILES {
        let text = shell::read(relkit, args)?;
        if text.is_empty() {
            return Err(format!("`relkit {}` printed nothing", args.join(" ")).into());
        }
        let there = fs::read_to_string(file).unwrap_or_default();
        if there.replace("\r\n", "\n") != text {
            stale.push((*file, text));
        }
    }
    Ok(stale)
}

//! Files that the built binary writes about itself, checked in so that people can read them.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

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
    let mut stale = Vec::new();
    for Generated { file, args } in FILES {
        let text = print(&relkit, args)?;
        let there = fs::read_to_string(file).unwrap_or_default();
        if there.replace("\r\n", "\n") != text {
            stale.push((*file, text));
        }
    }
    Ok(stale)
}

/// What `relkit` prints, away from any terminal, whose width would show in the text.
fn print(relkit: &Path, args: &[&str]) -> Result<String> {
    let output = Command::new(relkit)
        .args(args)
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    if output.status.success() && !text.is_empty() {
        return Ok(text);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "`relkit {}` printed {} bytes, {}\n{stderr}",
        args.join(" "),
        text.len(),
        output.status
    )
    .into())
}

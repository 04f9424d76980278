//! Programs: run and shown, or run and read.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::Result;

/// Runs `line` with the streams of this process; a failure is an error that names it.
pub(crate) fn run(program: &str, args: &[&str]) -> Result {
    eprintln!("     Running {program} {}", args.join(" "));
    let status = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .status()
        .map_err(|e| format!("`{program}` does not start: {e}"))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{program} {}`: {status}", args.join(" ")).into())
}

/// Runs `program` and gives what it wrote to stdout.
pub(crate) fn read(program: &str, args: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("`{program}` does not start: {e}"))?;
    if !output.status.success() {
        return Err(format!("`{program} {}`: {}", args.join(" "), output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Builds relkit with `options` (features, profile) and gives the path of the binary.
pub(crate) fn relkit(options: &[&str]) -> Result<PathBuf> {
    let mut args = vec!["build", "--bin", "relkit"];
    args.extend(options);
    args.push("--message-format=json-render-diagnostics");
    let messages = read("cargo", &args)?;
    let path = messages
        .lines()
        .filter_map(|line| line.split_once("\"executable\":\"")?.1.split('"').next())
        .next_back()
        .ok_or("cargo built no binary")?;
    Ok(PathBuf::from(path.replace("\\\\", "\\")))
}

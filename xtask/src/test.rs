//! Every test, with one closing line.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use crate::{Result, check, parts};

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

/// Checks, provisions the foreign parts, and runs the tests with `harness` options.
pub(crate) fn run(harness: &[&str]) -> Result {
    check::run()?;
    parts::run()?;
    let mut args = vec![
        "test",
        "--workspace",
        "--features",
        "foreign",
        "--no-fail-fast",
    ];
    if !harness.is_empty() {
        args.push("--");
        args.extend(harness);
    }
    eprintln!("     Running cargo {}", args.join(" "));
    let mut child = Command::new("cargo")
        .args(&args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut count = Count::default();
    for line in BufReader::new(child.stdout.take().ok_or("no stdout")?).lines() {
        let line = line?;
        println!("{line}");
        count.add(&line);
    }
    let status = child.wait()?;
    let wrong = match (status.success(), count) {
        (true, Count { passed: 0, .. }) => Some("no test ran".to_owned()),
        (true, Count { failed: 0, .. }) => None,
        _ => Some(format!("`cargo test`: {status}")),
    };
    if let Some(wrong) = &wrong {
        eprintln!("error: {wrong}");
    }
    println!("{} passed, {} failed", count.passed, count.failed);
    wrong.map_or(Ok(()), |_| Err(crate::SAID.into()))
}

impl Count {
    /// Adds what a line such as `test result: ok. 3 passed; 0 failed; …` says.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for part in counts.split("; ") {
            match part.trim().split_once(' ') {
                Some((n, "passed")) => self.passed += n.parse().unwrap_or(0),
                Some((n, "failed")) => self.failed += n.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_summed_and_nothing_else() {
        let mut count = Count::default();
        for line in [
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test a ... ok",
            "5 passed; 1 failed",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.2s",
        ] {
            count.add(line);
        }
        assert_eq!(
            count,
            Count {
                passed: 4,
                failed: 2
            }
        );
    }
}

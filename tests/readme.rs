//! README.md does what it says: its blocks are run, in order, in one directory, with the built
//! binary in place of `cargo run --release --` and of an installed `relkit`, and without a network.
//!
//! In a `console` block a line that begins with `$ ` is a command (`> ` continues it) and must
//! succeed; what follows is its output, where a line `...` stands for any lines and `[..]` for
//! anything in a line. A command that is meant to fail ends in `; echo "exit $?"`. An `sh` block is
//! commands only. `ignore=NAME` behind the language names a block that is not run. A comment
//! `<!-- test` … `-->` holds commands that prepare what the prose takes for granted.
//! `SNAPSHOTS=overwrite cargo test --test readme` records the output.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop anywhere and lays its own files"
)]

#[path = "harness/environment.rs"]
mod environment;
#[path = "readme/parts.rs"]
mod parts;
#[path = "readme/shell.rs"]
mod shell;

use std::{fs, path::Path};

use parts::Part;
use shell::Shell;
use snapbox::{Assert, Data, report::Palette};

/// Blocks that are shown and not run, by the name behind `ignore=`.
const NOT_RUN: &[&str] = &["tests"];

#[test]
fn every_block_runs_as_shown() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let parts = parts::parse(&text);
    let ran = parts
        .iter()
        .filter(|part| !matches!(part, Part::Prose(_) | Part::Ignored(..)))
        .count();
    let mut shown = Vec::new();
    for part in &parts {
        if let Part::Ignored(name, _) = part {
            assert!(
                NOT_RUN.contains(&name.as_str()),
                "`ignore={name}` is not listed here"
            );
            shown.push(name);
        }
    }
    assert_eq!(shown.len(), NOT_RUN.len(), "{shown:?}");
    assert!(ran > 0, "README.md has no block that runs");
    let (seen, wrong) = walk(&parts);
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::write(path, seen).unwrap();
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Runs all parts: the text as it should be, and what differed.
fn walk(parts: &[Part]) -> (String, Vec<String>) {
    let mut shell = Shell::new(env!("CARGO_BIN_EXE_relkit"));
    let (mut seen, mut wrong) = (String::new(), Vec::new());
    for part in parts {
        seen.push_str(part.raw());
        let (script, expected) = match part {
            Part::Prose(_) | Part::Ignored(..) => continue,
            Part::Script { script, .. } => (script, None),
            Part::Command { script, output, .. } => (script, Some(output)),
        };
        let (output, ok) = shell.run(script);
        if !ok {
            wrong.push(format!("{script}fails:\n{output}"));
        }
        let Some(expected) = expected else { continue };
        match difference(expected, &output) {
            None => seen.push_str(expected),
            Some(text) => {
                wrong.push(format!("{script}{text}"));
                seen.push_str(&output);
            }
        }
    }
    (seen, wrong)
}

fn difference(expected: &str, actual: &str) -> Option<String> {
    Assert::new()
        .normalize_paths(false)
        .palette(Palette::plain())
        .try_eq(None, Data::text(actual), Data::text(expected))
        .err()
        .map(|e| e.to_string())
}

#[test]
fn a_block_that_lies_is_seen() {
    let block = |commands: &str| format!("# A\n\n```console\n{commands}```\n");
    let wrong = |text: &str| walk(&parts::parse(text)).1;
    for good in [
        block("$ echo a\na\n$ echo b \\\n> c\nb c\n"),
        block("$ printf 'a\\nb\\nc\\n'\na\n...\n"),
        block("$ mkdir -p x && cd x\n$ basename $PWD\nx\n") + &block("$ basename $PWD\nx\n"),
        block("$ (exit 3); echo \"exit $?\"\nexit 3\n"),
        block("$ relkit --version >a; cargo run --release -- --version >b; cmp a b\n"),
        "<!-- test\necho 1 > a\n-->\n```sh\ntest -e a\n```\n".to_owned(),
    ] {
        assert_eq!(wrong(&good), Vec::<String>::new(), "{good}");
        assert_eq!(walk(&parts::parse(&good)).0, good);
    }
    for bad in [
        block("$ echo a\nb\n"),
        block("$ echo a\n"),
        block("$ echo a >&2\n"),
        block("$ false\n"),
        "```sh\nfalse\ntrue\n```\n".to_owned(),
        block("$ relkit --this-is-no-option-of-relkit >/dev/null && echo ok\nnever\n"),
    ] {
        assert!(!wrong(&bad).is_empty(), "{bad}");
    }
    let lie = block("$ echo a\nb\n");
    assert_eq!(walk(&parts::parse(&lie)).0, lie.replace("\nb\n", "\na\n"));
}

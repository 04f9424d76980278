//! The house has floors: who may use whom, and which doors only some may open.
//!
//! `docs/architecture.md` draws what the tables here hold. Tests inside the sources are free;
//! comments and strings are not read. Each rule is shown going red on a few lines of its own.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads the sources as files and may stop anywhere"
)]

#[path = "floors/names.rs"]
mod names;
#[path = "floors/rules.rs"]
mod rules;
#[path = "../xtask/src/source.rs"]
mod source;

use std::{collections::BTreeSet, fs, path::Path};

use names::Module;

/// From the ground up: a module uses those in rows before its own, and no neighbour in its row.
/// A name that has no module yet keeps its place.
const FLOORS: &[&[&str]] = &[
    // 0: values
    &[
        "version", "digest", "finding", "secret", "archive", "json", "pages", "trust",
    ],
    // 1: what will be done, and the envelope of every report
    &["plan", "report", "event"],
    // 2a: pure domain, ground storey; `sample` is the data of the demo
    &[
        "config",
        "manifest",
        "changelog",
        "wheel",
        "xcframework",
        "sign",
        "junit",
        "sums",
    ],
    // 2b
    &["evidence"],
    // 2c
    &[
        "bump", "init", "notes", "publish", "sample", "issues", "hub",
    ],
    // 3: clock, root, environment
    &["context"],
    // 4: doors and clients
    &["world"],
    // 5: facts, the gate, changes
    &["gather", "gate", "apply", "models"],
    // 6: streams, errors, exit codes
    &["ui", "error", "exit", "stages"],
    // 7
    &["commands"],
    // 8
    &["cli", "main"],
];

/// Neighbours on one floor that may meet: the first uses the second.
const NEIGHBOURS: &[(&str, &str)] = &[
    ("finding", "digest"),
    ("report", "plan"),
    ("event", "plan"),
    // The gate reads the world anew before it believes a report.
    ("gate", "gather"),
    ("apply", "gate"),
    ("error", "exit"),
    ("ui", "error"),
    ("ui", "exit"),
    ("main", "cli"),
];

fn sources() -> Vec<Module> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut left = vec![src.clone()];
    while let Some(dir) = left.pop() {
        for path in fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(&src).unwrap().to_str().unwrap();
                found.push(Module::read(
                    &name.replace('\\', "/"),
                    &fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    assert!(found.len() > 3);
    found
}

/// What `rule` says about the sources must be nothing.
fn holds(rule: fn(&Module) -> Vec<String>) {
    let wrong: Vec<_> = sources().iter().flat_map(rule).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `rule` must say nothing about `good` and something about each of `bad`: `(file, text)`.
fn goes_red(rule: fn(&Module) -> Vec<String>, good: &[(&str, &str)], bad: &[(&str, &str)]) {
    for (file, text) in good {
        assert_eq!(
            rule(&Module::read(file, text)),
            Vec::<String>::new(),
            "{file}: {text}"
        );
    }
    for (file, text) in bad {
        assert!(
            !rule(&Module::read(file, text)).is_empty(),
            "{file}: {text}"
        );
    }
}

#[test]
fn every_module_looks_down() {
    holds(|module| rules::looks_down(module, FLOORS, NEIGHBOURS));
}

#[test]
fn looking_up_or_aside_is_seen() {
    let good = [
        (
            "publish/mod.rs",
            "use crate::{evidence::Ready, plan::{self, Step}};",
        ),
        (
            "publish/local.rs",
            "use super::Facts; use crate::publish::x;",
        ),
        ("finding.rs", "use crate::digest::Digest; // crate::world"),
        (
            "plan/mod.rs",
            "const A: &str = \"crate::world\"; #[cfg(test)] mod tests { use crate::world; }",
        ),
        ("main.rs", "use relkit::{cli, ui::Ui};"),
        ("commands/mod.rs", "use crate::{Error, Result};"),
    ];
    let bad = [
        ("plan/mod.rs", "use crate::world::fs;"),
        ("plan/mod.rs", "fn f() { crate::apply::run() }"),
        (
            "plan/files.rs",
            "use crate::{version::Version, world::{fs, git}};",
        ),
        ("plan/files.rs", "use super::super::ui;"),
        ("evidence/mod.rs", "use crate::publish;"),
        (
            "manifest/mod.rs",
            "pub(in crate::manifest) fn f() -> crate::config::Config {}",
        ),
        ("world/git.rs", "use crate as house; use crate::gate;"),
        ("stranger.rs", ""),
        ("context.rs", "use crate::*;"),
        ("context.rs", "use crate::prelude::Thing;"),
        ("context.rs", "use crate::Result;"),
    ];
    goes_red(
        |module| rules::looks_down(module, FLOORS, NEIGHBOURS),
        &good,
        &bad,
    );
}

#[test]
fn one_command_never_uses_another() {
    let sources = sources();
    let commands: Vec<_> = sources
        .iter()
        .filter_map(|module| rules::command(&module.file))
        .collect();
    for module in &sources {
        let wrong = rules::commands_stand_alone(module, &commands);
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    goes_red(
        |module| rules::commands_stand_alone(module, &["bump", "init", "demo"]),
        &[
            (
                "commands/bump.rs",
                "use crate::commands::Outcome; use super::show;",
            ),
            ("commands/bump/args.rs", "use crate::commands::bump::Args;"),
            (
                "commands/mod.rs",
                "mod bump; use bump::Args; fn f() { bump::run() }",
            ),
            ("commands/demo.rs", "use super::{bump, init};"),
        ],
        &[
            ("commands/bump.rs", "use crate::commands::init;"),
            ("commands/bump.rs", "use super::*;"),
            (
                "commands/bump/args.rs",
                "fn f() { crate::commands::init::run() }",
            ),
            ("commands/bump.rs", "fn f() { super::init::run() }"),
        ],
    );
}

#[test]
fn only_the_doors_touch_the_world() {
    holds(rules::doors);
    goes_red(
        rules::doors,
        &[
            (
                "world/git.rs",
                "use git2::Repository; use std::{fs, process::Command};",
            ),
            (
                "apply/files.rs",
                "use crate::world::fs; fn f() { fs::write() }",
            ),
            ("main.rs", "use std::process::ExitCode;"),
            ("config.rs", "#[cfg(test)] mod tests { use std::fs; }"),
        ],
        &[
            ("apply/files.rs", "use std::fs;"),
            ("gather/mod.rs", "fn f() { git2::Repository::open(); }"),
            ("ui/mod.rs", "use std::{io, process::{Command, ExitCode}};"),
            (
                "ui/mod.rs",
                "use std::process; fn f() { process::Command::new() }",
            ),
            ("context.rs", "use std::net::TcpStream as Stream;"),
            ("context.rs", "use std::*;"),
        ],
    );
}

#[test]
fn only_apply_changes_what_belongs_to_the_user() {
    holds(rules::changes);
    goes_red(
        rules::changes,
        &[
            (
                "apply/files.rs",
                "use crate::world::fs; fn f() { fs::write(); }",
            ),
            (
                "gather/mod.rs",
                "use crate::world::fs; fn f() { fs::read(); }",
            ),
            ("ui/mod.rs", "fn f() { stream.write(); fs::write(); }"),
            (
                "ui/github.rs",
                "use crate::world::fs; fn f() { fs::append(); }",
            ),
        ],
        &[
            (
                "commands/bump.rs",
                "use crate::world::fs; fn f() { fs::write(); }",
            ),
            (
                "commands/bump.rs",
                "use crate::world; fn f() { world::fs::remove_file(); }",
            ),
            ("gather/mod.rs", "use crate::world::git::commit;"),
            ("gather/mod.rs", "use crate::world::*;"),
            (
                "ui/mod.rs",
                "use crate::world::fs; fn f() { fs::append(); }",
            ),
        ],
    );
}

#[test]
fn only_the_gate_seals() {
    holds(rules::seal);
    goes_red(
        rules::seal,
        &[
            ("gate.rs", "fn f() { Ready::seal() }"),
            (
                "evidence/ready.rs",
                "struct B; #[derive(Clone)] pub struct Ready {} impl Ready { pub(crate) fn seal() {} }",
            ),
        ],
        &[
            ("publish/mod.rs", "fn f() { Ready::seal() }"),
            ("evidence/ready.rs", "fn f() { Self::seal() }"),
            ("evidence/ready.rs", "impl Ready { pub fn seal() {} }"),
            (
                "publish/mod.rs",
                "use crate::evidence::Ready as R; fn f() { <R>::seal() }",
            ),
            ("publish/mod.rs", "let ready = Ready { report };"),
            (
                "evidence/ready.rs",
                "#[derive(Clone, Deserialize)] pub struct Ready { a: u8 }",
            ),
        ],
    );
    let callers = sources()
        .iter()
        .filter(|module| module.file == "gate.rs")
        .count();
    let sealed = sources()
        .iter()
        .any(|module| module.file.starts_with("evidence/"));
    assert!(
        callers == 1 || !sealed,
        "there is evidence but no `gate.rs`"
    );
}

#[test]
fn only_ui_and_main_print() {
    holds(rules::prints);
    goes_red(
        rules::prints,
        &[
            ("ui/mod.rs", "println!()"),
            ("main.rs", "eprintln!()"),
            ("bump.rs", "// println!()"),
        ],
        &[
            ("bump.rs", "fn f() { println!(\"x\") }"),
            ("apply/mod.rs", "std::eprint!(\"\")"),
        ],
    );
}

#[test]
fn dry_run_ends_at_the_commands() {
    holds(rules::dry_run);
    goes_red(
        rules::dry_run,
        &[
            ("commands/bump.rs", "struct Args { dry_run: bool }"),
            ("ui/mod.rs", "let dry_run = 1;"),
        ],
        &[
            ("bump.rs", "fn f(dry_run: bool) {}"),
            ("apply/mod.rs", "struct A { pub dry_run: bool }"),
        ],
    );
}

#[test]
fn no_name_stands_twice_in_the_table() {
    let mut seen = BTreeSet::new();
    for name in FLOORS.concat() {
        assert!(seen.insert(name), "{name}");
    }
    for (user, used) in NEIGHBOURS {
        let together = FLOORS
            .iter()
            .any(|row| row.contains(user) && row.contains(used));
        assert!(together, "{user} and {used} are no neighbours");
    }
}

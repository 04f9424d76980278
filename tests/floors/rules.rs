//! The rules: each from one module to what is wrong with it.

use crate::{names::Module, source::follows};

/// What only `src/world/` may name.
const DOORS: &[&[&str]] = &[
    &["git2"],
    &["std", "fs"],
    &["std", "net"],
    &["std", "process", "Command"],
    &["tokio"],
    &["reqwest"],
    &["ureq"],
];

/// Functions of doors that change something of the user's: `src/apply/` alone calls them.
const CHANGES: &[(&str, &[&str])] = &[
    (
        "fs",
        &[
            "write",
            "create",
            "remove",
            "remove_file",
            "remove_dir_all",
            "rename",
            "copy",
            "append",
            "symlink",
        ],
    ),
    ("retag", &["ensure"]),
    ("framework", &["ensure"]),
    ("git", &["commit", "tag", "transaction", "push", "release"]),
];

/// Who else may, and for what.
const EXCEPT: &[(&str, &str)] = &[
    // The runner names the files that a job's outputs and its summary go to.
    ("ui/github.rs", "append"),
    // The demo plays the user: it edits its own sample, in its own directory.
    ("commands/demo.rs", "write"),
    ("commands/demo.rs", "append"),
    ("commands/demo.rs", "symlink"),
];

/// What stands at the crate's root for short, and where it comes from.
const SHORT: &[(&str, &str)] = &[("Error", "error"), ("Result", "error")];

/// Modules that say what is said.
const PRINTERS: &[&str] = &["ui", "main"];

/// A module uses lower rows only, and neighbours where listed.
pub(crate) fn looks_down(
    module: &Module,
    floors: &[&[&str]],
    neighbours: &[(&str, &str)],
) -> Vec<String> {
    let Module { file, name, .. } = module;
    if name == "lib" {
        return Vec::new();
    }
    let floor = |name: &str| floors.iter().position(|row| row.contains(&name));
    let Some(here) = floor(name) else {
        return vec![format!(
            "{file}: `{name}` has no floor; give it one in tests/floors.rs"
        )];
    };
    let mut wrong = Vec::new();
    for path in module.paths.iter().filter(|path| path[0] == "crate") {
        let Some(used) = path.get(1).filter(|used| *used != name) else {
            continue;
        };
        let short = SHORT.iter().find(|(name, _)| name == used);
        let used = short.map_or(used.as_str(), |(_, from)| from);
        let listed = neighbours.contains(&(name, used));
        match floor(used) {
            Some(there) if there < here || (there == here && listed) => {}
            Some(there) => wrong.push(format!("{file}: row {here} uses `{used}` of row {there}")),
            None => wrong.push(format!("{file}: `{}` leads to no floor", path.join("::"))),
        }
    }
    wrong
}

/// `commands/a.rs` names nothing of `commands/b.rs`, for each `b` in `commands`; but the demo is a
/// tour through the others.
pub(crate) fn commands_stand_alone(module: &Module, commands: &[&str]) -> Vec<String> {
    let Some(own) = command(&module.file) else {
        return Vec::new();
    };
    let others = commands
        .iter()
        .filter(|other| **other != own && own != "demo");
    others
        .filter(|other| module.names(&["crate", "commands", other]))
        .map(|other| format!("{}: uses the command `{other}`", module.file))
        .collect()
}

/// The command that `file` belongs to.
pub(crate) fn command(file: &str) -> Option<&str> {
    let own = file.strip_prefix("commands/")?.split('/').next()?;
    Some(own.trim_end_matches(".rs")).filter(|own| *own != "mod")
}

/// Files, git, sockets and processes are reached through `world` only.
pub(crate) fn doors(module: &Module) -> Vec<String> {
    if module.name == "world" {
        return Vec::new();
    }
    let named = DOORS.iter().filter(|door| module.names(door));
    named
        .map(|door| {
            format!(
                "{}: names `{}`, a door of src/world/",
                module.file,
                door.join("::")
            )
        })
        .collect()
}

/// Only `apply` calls what changes the user's world.
pub(crate) fn changes(module: &Module) -> Vec<String> {
    if ["world", "apply"].contains(&module.name.as_str()) {
        return Vec::new();
    }
    let functions = CHANGES
        .iter()
        .flat_map(|(door, functions)| functions.iter().map(move |function| (*door, *function)));
    functions
        .filter(|(_, function)| !EXCEPT.contains(&(&module.file, function)))
        .filter(|(door, function)| module.names(&["crate", "world", door, function]))
        .map(|(door, function)| {
            format!(
                "{}: calls `world::{door}::{function}`, which is for src/apply/",
                module.file
            )
        })
        .collect()
}

/// `Ready` is made by `seal`, `seal` is private to the crate, and the gate is its only caller.
pub(crate) fn seal(module: &Module) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, token) in module.tokens.iter().enumerate() {
        let mut say = |what: &str| wrong.push(format!("{}:{}: {what}", module.file, token.line));
        if follows(&module.tokens, at, &[":", ":", "seal"]) && module.file != "gate.rs" {
            say("only the gate seals");
        }
        if follows(&module.tokens, at, &["pub", "fn", "seal"]) {
            say("`seal` is public");
        }
        if follows(&module.tokens, at, &["struct", "Ready"]) {
            let item = module.tokens[..at]
                .iter()
                .rev()
                .take_while(|t| !t.is(";") && !t.is("}"));
            if item.clone().any(|t| t.is("Deserialize") || t.is("Default")) {
                say("`Ready` can be made from nothing or from text");
            }
        }
        let made = follows(&module.tokens, at, &["Ready", "{"]);
        let before = at.checked_sub(1).map(|n| &module.tokens[n]);
        let declared =
            before.is_some_and(|t| t.is("struct") || t.is("impl") || t.is("for") || t.is(">"));
        let returned = at >= 2 && follows(&module.tokens, at - 2, &[">", "&"]);
        if made && !declared && !returned && module.name != "evidence" {
            say("`Ready` is made without the gate");
        }
    }
    wrong
}

/// Nobody prints but `ui` and `main`.
pub(crate) fn prints(module: &Module) -> Vec<String> {
    if PRINTERS.contains(&module.name.as_str()) {
        return Vec::new();
    }
    let macros = ["print", "println", "eprint", "eprintln", "dbg"];
    let prints = |at: &usize| {
        macros
            .iter()
            .any(|name| follows(&module.tokens, *at, &[name, "!"]))
    };
    (0..module.tokens.len())
        .filter(prints)
        .map(|at| format!("{}:{}: prints", module.file, module.tokens[at].line))
        .collect()
}

/// Below the commands there is a plan, never a flag that says not to carry it out.
pub(crate) fn dry_run(module: &Module) -> Vec<String> {
    if ["commands", "cli", "main"].contains(&module.name.as_str()) {
        return Vec::new();
    }
    (0..module.tokens.len())
        .filter(|at| follows(&module.tokens, *at, &["dry_run", ":", "bool"]))
        .map(|at| {
            format!(
                "{}:{}: `dry_run: bool`",
                module.file, module.tokens[at].line
            )
        })
        .collect()
}

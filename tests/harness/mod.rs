//! Runs one case: lays the repository, runs the steps, compares.

mod case;
mod environment;
mod record;
mod sandbox;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use case::{Case, Repository, Step, Tree};
pub(crate) use record::Mode;
use record::Recorder;
use sandbox::{Sandbox, files, visible};

/// Runs the case in `dir` with `program`, and fails with everything that is wrong.
pub(crate) fn run(dir: &Path, program: &Path, mode: Mode) -> Result<(), String> {
    let case = Case::read(dir)?;
    let sandbox = lay(dir, &case);
    let before = sandbox.state();
    let mut wrong = Vec::new();
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    for step in &case.step {
        prepare(&sandbox, step);
        let Some(args) = &step.args else { continue };
        let mut command = sandbox.command(program);
        command.args(args).envs(&case.env).envs(&step.env);
        for name in &case.inherit {
            command.env(name, std::env::var_os(name).unwrap_or_default());
        }
        let output = command.output().map_err(|e| e.to_string())?;
        if output.status.code() != Some(step.status) {
            let line = args.join(" ");
            wrong.push(format!("`{line}`: {}, not {}", output.status, step.status));
        }
        if case.step.len() > 1 {
            let head = format!("$ relkit {}\n", args.join(" "));
            stdout.extend(head.bytes());
            stderr.extend(head.bytes());
        }
        stdout.extend(output.stdout);
        stderr.extend(output.stderr);
    }
    let recorder = Recorder::new(mode, &sandbox, &case.redact);
    wrong.extend(recorder.stream(&dir.join("stdout"), &stdout));
    wrong.extend(recorder.stream(&dir.join("stderr"), &stderr));
    if case.tree == Tree::Unchanged {
        wrong.extend(unchanged(&before, &sandbox));
    }
    wrong.extend(out(&recorder, dir, &sandbox));
    for path in case
        .absent
        .iter()
        .filter(|path| sandbox.root().join(path).exists())
    {
        wrong.push(format!("`{path}` exists"));
    }
    if let Some(log) = &case.log {
        wrong.extend(lines("git log", log, &sandbox.git("log --format=%s")));
    }
    if let Some(tags) = &case.tags {
        wrong.extend(lines("git tag", tags, &sandbox.git("tag")));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

fn lay(dir: &Path, case: &Case) -> Sandbox {
    let sandbox = Sandbox::new();
    let bases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/_base");
    for name in &case.base {
        sandbox.copy(&bases.join(name));
    }
    if dir.join("in").exists() {
        sandbox.copy(&dir.join("in"));
    }
    if case.repository != Repository::None {
        sandbox.init();
    }
    if case.repository == Repository::Committed {
        sandbox.git("add --all");
        sandbox.git("commit -q --allow-empty -m start");
    }
    for line in &case.git {
        sandbox.git(line);
    }
    for (path, text) in &case.write {
        sandbox.write(path, text);
    }
    sandbox
}

fn prepare(sandbox: &Sandbox, step: &Step) {
    for (path, text) in &step.write {
        sandbox.write(path, text);
    }
    for path in &step.remove {
        fs::remove_file(sandbox.root().join(path)).unwrap();
    }
    for line in &step.git {
        sandbox.git(line);
    }
}

/// The files in `out/` must stand in the repository as they are recorded.
fn out(recorder: &Recorder, dir: &Path, sandbox: &Sandbox) -> Vec<String> {
    let out = dir.join("out");
    if !out.exists() {
        return Vec::new();
    }
    let names = files(&out).into_keys();
    let complain = |name: String| {
        let path = sandbox.root().join(visible(&name));
        match fs::read(&path) {
            Ok(actual) => recorder.file(&out.join(&name), &actual),
            Err(e) => Some(format!("`{name}`: {e}")),
        }
    };
    names.filter_map(complain).collect()
}

fn unchanged(before: &BTreeMap<String, Vec<u8>>, sandbox: &Sandbox) -> Vec<String> {
    let after = sandbox.state();
    let paths: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path))
        .map(|path| format!("`{path}` changed"))
        .collect()
}

fn lines(what: &str, expected: &[String], actual: &str) -> Option<String> {
    let actual: Vec<_> = actual.lines().collect();
    (actual != *expected).then(|| format!("{what}: {actual:?}, not {expected:?}"))
}

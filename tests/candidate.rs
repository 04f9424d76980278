//! A candidate cannot lie: whatever is changed after it was judged, the gate stays closed.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop anywhere, runs relkit and writes files"
)]

#[path = "harness/environment.rs"]
mod environment;
#[path = "harness/project.rs"]
mod project;

use std::{fs, path::PathBuf};

use camino::Utf8PathBuf;
use project::Project;
use relkit::{
    Context,
    gate::{self, GateError},
    json,
};
use serde_json::Value;

const REPORT: &str = ".relkit/out/release_candidate_report.json";
const WHEEL: &str = "dist/tideline-0.2.0rc1-py3-none-macosx_14_0_arm64.whl";

/// The sample project, and a context that judges it in this process.
struct Judged {
    project: Project,
    ctx: Context,
}

impl Judged {
    /// Judged by a tool that is small enough to be hashed a thousand times.
    fn new() -> Self {
        let project = Project::released();
        let tool = project.dir.path().join("tool");
        fs::write(&tool, b"a relkit").unwrap();
        let clock = environment::NOW.parse().unwrap();
        let data = utf8(project.data()).to_string();
        let env = std::collections::BTreeMap::from([("RELKIT_DATA_DIR".to_owned(), data)]);
        let mut ctx = Context::new(utf8(project.root()), clock, env).unwrap();
        ctx.executable = Some(utf8(tool));
        let judged = Self { project, ctx };
        let candidate = gate::judge(&judged.ctx).unwrap();
        assert!(candidate.is_ready(), "{:?}", candidate.blockers());
        judged.write(REPORT, &candidate.bytes());
        judged
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        fs::write(self.ctx.root.join(path), bytes).unwrap();
    }

    fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.ctx.root.join(path)).unwrap()
    }

    fn open(&self) -> Result<(), GateError> {
        gate::open(&self.ctx, REPORT).map(drop)
    }
}

fn utf8(path: PathBuf) -> Utf8PathBuf {
    Utf8PathBuf::from_path_buf(path).unwrap()
}

#[test]
fn the_untouched_twin_opens_the_gate() {
    let project = Judged::new();
    project.open().unwrap();
    let ready = gate::open(&project.ctx, REPORT).unwrap();
    assert_eq!(ready.tag(), "v0.2.0-rc1");
    assert_eq!(ready.artifacts().len(), 5);
    assert!(
        gate::check(&project.ctx, REPORT)
            .unwrap()
            .blockers
            .is_empty()
    );
}

#[test]
fn a_flipped_byte_of_any_bound_file_closes_it() {
    let project = Judged::new();
    for path in [
        WHEEL,
        "reports/tests.xml",
        "CHANGELOG.md",
        "relkit.toml",
        "Cargo.toml",
    ] {
        let good = project.read(path);
        // Every seventh byte, from a start that moves with the file.
        for n in (path.len() % 7..good.len()).step_by(7) {
            let mut bad = good.clone();
            bad[n] ^= 1;
            project.write(path, &bad);
            assert!(project.open().is_err(), "byte {n} of {path}");
        }
        project.write(path, &good[..good.len() - 1]);
        assert!(project.open().is_err(), "{path} cut short");
        project.write(path, &good);
        project.open().unwrap();
    }
}

#[test]
fn a_changed_leaf_of_the_report_closes_it() {
    let project = Judged::new();
    let good = project.read(REPORT);
    let report = json::parse(&good).unwrap();
    let leaves = leaves(&report, String::new());
    assert!(leaves.len() > 60, "{}", leaves.len());
    for pointer in leaves {
        let mut forged = report.clone();
        let leaf = forged.pointer_mut(&pointer).unwrap();
        *leaf = match &*leaf {
            Value::Bool(value) => Value::Bool(!value),
            Value::String(text) => Value::String(format!("{text}x")),
            Value::Number(_) => Value::from(4_711),
            Value::Null | Value::Array(_) | Value::Object(_) => Value::from("x"),
        };
        project.write(REPORT, &json::render(&forged));
        assert!(project.open().is_err(), "{pointer}");
    }
    project.write(REPORT, &good);
    project.open().unwrap();
}

#[test]
fn a_removed_or_added_member_closes_it() {
    let project = Judged::new();
    let report = json::parse(&project.read(REPORT)).unwrap();
    for pointer in [
        "/predicate/readiness/0",
        "/predicate/artifacts/0",
        "/subject/0",
    ] {
        let (list, _) = pointer.rsplit_once('/').unwrap();
        let mut less = report.clone();
        less.pointer_mut(list)
            .unwrap()
            .as_array_mut()
            .unwrap()
            .remove(0);
        project.write(REPORT, &json::render(&less));
        assert!(project.open().is_err(), "{pointer} removed");

        let mut more = report.clone();
        let again = report.pointer(pointer).unwrap().clone();
        more.pointer_mut(list)
            .unwrap()
            .as_array_mut()
            .unwrap()
            .push(again);
        project.write(REPORT, &json::render(&more));
        assert!(project.open().is_err(), "{pointer} doubled");
    }
    project.write(REPORT, serde_json::to_string(&report).unwrap().as_bytes());
    assert!(project.open().is_err(), "same value, other bytes");
}

#[test]
fn a_report_of_another_moment_of_git_closes_it() {
    let project = Judged::new();
    let git = |args: &[&str]| project.project.git(args);
    let closed = |code: &str| {
        let error = project.open().unwrap_err();
        let codes: Vec<_> = error
            .findings()
            .iter()
            .map(|finding| &finding.code)
            .collect();
        assert!(
            codes.iter().any(|found| *found == code),
            "{code}: {codes:?}"
        );
    };
    git(&["commit", "-q", "--allow-empty", "-m", "feat: later"]);
    closed("candidate.commit_moved");
    git(&["reset", "-q", "--hard", "HEAD^"]);
    project.open().unwrap();
    git(&["tag", "-f", "-a", "v0.2.0-rc1", "-m", "moved"]);
    closed("candidate.tag_moved");
    git(&["tag", "-d", "v0.2.0-rc1"]);
    closed("candidate.tag_moved");
}

#[test]
fn a_report_from_the_future_closes_it() {
    let mut project = Judged::new();
    let hour = 3_600;
    let earlier = project.ctx.clock.as_second() - hour;
    project.ctx.clock = jiff::Timestamp::from_second(earlier).unwrap();
    let error = project.open().unwrap_err();
    assert_eq!(error.findings()[0].code, "candidate.future_dated");
    project.ctx.clock = jiff::Timestamp::from_second(earlier + 2 * hour).unwrap();
    project.open().unwrap();
}

/// Pointers to everything in `value` that is no container with members.
fn leaves(value: &Value, at: String) -> Vec<String> {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) if !map.is_empty() => map
            .iter()
            .flat_map(|(key, value)| leaves(value, format!("{at}/{}", escape(key))))
            .collect(),
        Value::Array(list) if !list.is_empty() => list
            .iter()
            .enumerate()
            .flat_map(|(n, value)| leaves(value, format!("{at}/{n}")))
            .collect(),
        _ => vec![at],
    }
}

//! Publication: interrupted anywhere it can be run again and ends right; nothing but what the
//! gate has seen is published, by whatever plan.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop anywhere, runs relkit and looks at files"
)]

#[path = "harness/environment.rs"]
mod environment;
#[path = "harness/project.rs"]
mod project;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use project::{Project, said};
use serde_json::Value;

const PUBLISHED: &str = ".relkit/out/published";
const WHEEL: &str = "dist/tideline-0.2.0rc1-py3-none-macosx_14_0_arm64.whl";

fn status(project: &Project, args: &[&str]) -> i32 {
    project.run(args).status.code().unwrap()
}

fn unpublish(project: &Project) {
    fs::remove_dir_all(project.root().join(PUBLISHED)).unwrap();
}

/// Saves a plan and returns what `relkit apply` makes of it after `edit`.
fn apply_edited(project: &Project, edit: impl FnOnce(&mut Value)) -> Output {
    let output = project.run(&["publish", "-n", "--json"]);
    assert!(output.status.success());
    let mut plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    edit(&mut plan);
    let path = project.dir.path().join("plan.json");
    fs::write(&path, plan.to_string()).unwrap();
    project.run(&["apply", path.to_str().unwrap()])
}

/// Every file below `dir`, hidden ones included.
fn tree(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut todo = vec![dir.to_owned()];
    while let Some(next) = todo.pop() {
        let Ok(entries) = fs::read_dir(&next) else {
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                todo.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn killed_anywhere_and_run_again_it_ends_right() {
    let project = Project::released();
    let published = project.root().join(PUBLISHED);
    let whole = tree(&published);
    assert!(whole.len() >= 6, "{:?}", whole.keys());
    let mut kills = 0;
    loop {
        unpublish(&project);
        let mut command = project.relkit(&["publish"]);
        let output = command
            .env("RELKIT_TEST_KILL_AT", kills.to_string())
            .output()
            .unwrap();
        if output.status.success() {
            break;
        }
        assert_eq!(
            output.status.code(),
            None,
            "killed, not refused: {}",
            said(&output)
        );
        // What stands there already is what will stand there, or a part that no reader sees.
        for (path, bytes) in tree(&published) {
            let hidden = path.file_name().unwrap().to_str().unwrap().starts_with('.');
            let page = path.file_name().unwrap() == "index.html";
            assert!(
                hidden || page || whole.get(&path) == Some(&bytes),
                "{kills}: {path:?}"
            );
        }
        let again = project.run(&["publish"]);
        assert!(again.status.success(), "{kills}: {}", said(&again));
        assert_eq!(tree(&published), whole, "killed at {kills}");
        kills += 1;
    }
    assert!(kills > 20, "only {kills} places to be killed at");
    assert_eq!(tree(&published), whole);
}

#[test]
fn a_rerun_finds_everything_done() {
    let project = Project::released();
    let before = tree(&project.root().join(PUBLISHED));
    let output = project.run(&["publish", "--json"]);
    let receipt: Value = serde_json::from_slice(&output.stdout).unwrap();
    let steps = receipt["steps"].as_array().unwrap();
    assert!(!steps.is_empty());
    assert!(
        steps.iter().all(|step| step["outcome"] == "already"),
        "{receipt}"
    );
    assert_eq!(tree(&project.root().join(PUBLISHED)), before);
}

#[test]
fn check_tells_missing_from_other_bytes() {
    let project = Project::released();
    assert_eq!(status(&project, &["publish", "--check"]), 0);
    let wheel = project
        .root()
        .join(PUBLISHED)
        .join("releases/v0.2.0-rc1")
        .join(WHEEL.strip_prefix("dist/").unwrap());
    let good = fs::read(&wheel).unwrap();
    fs::write(&wheel, b"other").unwrap();
    assert_eq!(status(&project, &["publish", "--check"]), 10);
    assert_eq!(
        status(&project, &["publish"]),
        10,
        "published bytes are never replaced"
    );
    assert_eq!(fs::read(&wheel).unwrap(), b"other");
    fs::remove_file(&wheel).unwrap();
    assert_eq!(status(&project, &["publish", "--check"]), 12);
    assert_eq!(status(&project, &["publish"]), 0);
    assert_eq!(fs::read(&wheel).unwrap(), good);
}

type Edit<'a> = (&'a str, Box<dyn FnOnce(&mut Value) + 'a>);

#[test]
fn a_saved_plan_is_performed_and_an_edited_one_is_not() {
    let project = Project::released();
    unpublish(&project);
    let receipt = project.root().join(".relkit/out/publish_report.json");
    fs::remove_file(&receipt).unwrap();
    let output = apply_edited(&project, |_| {});
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        receipt.exists(),
        "what was published is on record, by whatever command"
    );
    assert_eq!(status(&project, &["publish", "--check"]), 0);

    unpublish(&project);
    let put = |plan: &mut Value| -> usize {
        let steps = plan["steps"].as_array().unwrap();
        steps
            .iter()
            .position(|step| !step["artifact"]["put"].is_null())
            .unwrap()
    };
    let edits: Vec<Edit<'_>> = vec![
        (
            "no report",
            Box::new(|plan| {
                plan.as_object_mut().unwrap().remove("report");
            }),
        ),
        (
            "another report",
            Box::new(|plan| {
                plan["report"]["sha256"] = "0".repeat(64).into();
            }),
        ),
        (
            "another place",
            Box::new(|plan| {
                let n = put(plan);
                plan["steps"][n]["artifact"]["put"]["to"] = "elsewhere/x.whl".into();
            }),
        ),
        (
            "another directory",
            Box::new(|plan| {
                let n = put(plan);
                plan["steps"][n]["artifact"]["put"]["target"] = "elsewhere".into();
            }),
        ),
        (
            "another file",
            Box::new(|plan| {
                let n = put(plan);
                plan["steps"][n]["artifact"]["put"]["file"]["path"] = "relkit.toml".into();
            }),
        ),
        (
            "a text of its own",
            Box::new(|plan| {
                let steps = plan["steps"].as_array_mut().unwrap();
                let n = steps
                    .iter()
                    .position(|s| !s["artifact"]["put_text"].is_null())
                    .unwrap();
                steps[n]["artifact"]["put_text"]["text"] = "x".into();
            }),
        ),
    ];
    for (name, edit) in edits {
        let output = apply_edited(&project, edit);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(10), "{name}: {said}");
        assert!(said.contains("error[apply.not_cleared]"), "{name}: {said}");
        assert!(tree(&project.root().join(PUBLISHED)).is_empty(), "{name}");
    }
}

#[test]
fn a_plan_may_be_saved_in_the_tree_that_it_is_about() {
    let project = Project::released();
    let plan = project.root().join("plan.json");
    let mut command = project.relkit(&["bump", "0.2.0", "-n", "--json"]);
    let saved = command
        .stdout(fs::File::create(&plan).unwrap())
        .output()
        .unwrap();
    assert!(saved.status.success(), "{}", said(&saved));
    let output = project.run(&["apply", "plan.json"]);
    assert!(output.status.success(), "{}", said(&output));
    let output = project.run(&["apply", "plan.json"]);
    assert_eq!(output.status.code(), Some(9), "a plan is performed once");
    // Another file that git does not know is dirt as before.
    let output = project.run(&["bump", "0.3.0"]);
    assert!(said(&output).contains("error[bump.dirty]"));
    assert!(said(&output).contains("plan.json"));
}

#[test]
fn an_artifact_that_changed_after_planning_is_not_published() {
    let project = Project::released();
    unpublish(&project);
    let output = apply_edited(&project, |_| {
        fs::write(project.root().join(WHEEL), b"PK\x03\x04 other").unwrap();
    });
    assert_eq!(output.status.code(), Some(10));
    assert!(said(&output).contains("blocker[candidate.artifact_changed]"));
    assert!(tree(&project.root().join(PUBLISHED)).is_empty());
}

#[test]
#[cfg(unix)]
fn a_full_disk_or_a_file_in_the_way_loses_nothing() {
    let project = Project::released();
    unpublish(&project);
    // As root a mode stops nothing, so a file stands where a directory must be.
    let place = project.root().join(PUBLISHED);
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("releases"), b"in the way").unwrap();
    let output = project.run(&["publish"]);
    assert_eq!(output.status.code(), Some(7), "{}", said(&output));
    assert!(said(&output).contains("error[file.io]"));
    fs::remove_file(place.join("releases")).unwrap();
    assert_eq!(status(&project, &["publish"]), 0);
    assert_eq!(status(&project, &["publish", "--check"]), 0);
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_no_success() {
    let project = Project::released();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = project.relkit(&["changelog"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert!(said(&output).contains("error[stdout.lost]"));
    // A reader that has seen enough is another matter.
    let mut command = project.relkit(&["changelog"]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn two_publishers_of_one_channel_do_not_mix_their_bytes() {
    let (one, other) = (Project::released(), Project::released());
    let shared = one.dir.path().join("shared");
    for project in [&one, &other] {
        let path = project.root().join("relkit.toml");
        let policy = fs::read_to_string(&path).unwrap();
        let policy = policy.replace(PUBLISHED, shared.to_str().unwrap());
        fs::write(&path, policy).unwrap();
        project.git(&["commit", "-q", "-a", "-m", "ci: publish elsewhere"]);
        project.git(&["tag", "-f", "-a", "v0.2.0-rc1", "-m", "v0.2.0-rc1"]);
        let candidate = project.run(&["candidate"]);
        assert!(candidate.status.success(), "{}", said(&candidate));
    }
    let first = one.run(&["publish"]);
    assert!(first.status.success(), "{}", said(&first));
    let published = tree(&shared);
    let second = other.run(&["publish"]);
    assert_eq!(second.status.code(), Some(10), "{}", said(&second));
    assert_eq!(tree(&shared), published, "the first release is as it was");
    let lock = fs::OpenOptions::new()
        .append(true)
        .open(shared.join(".relkit.lock"))
        .unwrap();
    lock.try_lock().unwrap();
    assert_eq!(status(&one, &["publish"]), 9);
}

#[test]
fn one_relkit_at_a_time() {
    let project = Project::released();
    unpublish(&project);
    let lock = fs::OpenOptions::new()
        .append(true)
        .open(project.root().join(".git/relkit/lock"))
        .unwrap();
    lock.try_lock().unwrap();
    let output = project.run(&["publish"]);
    assert_eq!(output.status.code(), Some(9));
    assert!(said(&output).contains("error[lock.held]"));
    drop(lock);
    assert_eq!(status(&project, &["publish"]), 0);
}

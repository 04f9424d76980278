//! A bump is all or nothing: killed anywhere, with other people at work, with line ends that git
//! converts, with links in the way.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop anywhere, runs programs and looks at files"
)]

#[path = "harness/environment.rs"]
mod environment;
#[path = "harness/project.rs"]
mod project;

use std::{fs, process::Output};

use project::{Project, said};

/// Branch, tags, status and the manifest: what a person sees.
fn state(project: &Project) -> [String; 4] {
    let cargo = fs::read_to_string(project.root().join("Cargo.toml")).unwrap();
    [
        project.git(&["log", "--format=%s"]),
        project.git(&["tag"]),
        project.git(&["status", "--porcelain"]),
        cargo,
    ]
}

fn succeed(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
}

#[test]
fn killed_anywhere_the_next_bump_finishes_or_undoes_it() {
    let twin = Project::released();
    let before = state(&twin);
    succeed(&twin.run(&["bump", "0.2.0"]));
    let after = state(&twin);
    let (mut finished, mut undone) = (0, 0);
    for point in 0.. {
        let project = Project::released();
        assert_eq!(state(&project), before);
        let mut command = project.relkit(&["bump", "0.2.0"]);
        command.env("RELKIT_TEST_KILL_AT", point.to_string());
        if command.output().unwrap().status.success() {
            assert!(point > 6, "only {point} places to be killed at");
            break;
        }
        let looked = project.run(&["bump", "0.2.0", "-n"]);
        let again = project.run(&["bump", "0.2.0"]);
        if said(&again).contains("it is finished now") {
            // The bump that was asked for again is there already.
            assert!(
                said(&again).contains("error[bump.tag_exists]"),
                "{}",
                said(&again)
            );
            finished += 1;
        } else {
            succeed(&again);
            undone += usize::from(said(&again).contains("it is undone now"));
        }
        if said(&again).contains("Recovered") {
            assert!(
                said(&looked).contains("error[bump.interrupted]"),
                "{point}: {}",
                said(&looked)
            );
        }
        assert_eq!(state(&project), after, "killed at {point}");
        let left = fs::read_dir(project.root().join(".git/relkit")).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.contains(&"release.json".into()), "{left:?}");
    }
    assert!(
        finished > 0 && undone > 3,
        "{finished} finished, {undone} undone"
    );
}

#[test]
fn line_ends_that_git_converts_are_committed_as_git_would() {
    let project = Project::released();
    project.git(&["config", "core.autocrlf", "true"]);
    for name in ["Cargo.toml", "CHANGELOG.md"] {
        let path = project.root().join(name);
        let text = fs::read_to_string(&path).unwrap().replace('\n', "\r\n");
        fs::write(&path, text).unwrap();
    }
    project.git(&["add", "--renormalize", "."]);
    assert_eq!(project.git(&["status", "--porcelain"]), "");
    succeed(&project.run(&["bump", "0.2.0"]));
    assert_eq!(project.git(&["status", "--porcelain"]), "");
    assert!(!project.git(&["show", "HEAD:Cargo.toml"]).contains('\r'));
    assert!(!project.git(&["show", "HEAD:CHANGELOG.md"]).contains('\r'));
    let there = fs::read_to_string(project.root().join("Cargo.toml")).unwrap();
    assert_eq!(there.matches("\r\n").count(), there.matches('\n').count());
}

#[test]
fn nothing_is_written_through_a_link() {
    let project = Project::released();
    let (link, target) = (
        project.root().join("CHANGELOG.md"),
        project.root().join("LOG.md"),
    );
    fs::rename(&link, &target).unwrap();
    std::os::unix::fs::symlink("LOG.md", &link).unwrap();
    project.git(&["add", "-A"]);
    project.git(&["commit", "-q", "-m", "link"]);
    let before = state(&project);
    let output = project.run(&["bump", "0.2.0"]);
    assert!(
        said(&output).contains("error[file.link]"),
        "{}",
        said(&output)
    );
    assert_eq!(output.status.code(), Some(9));
    assert_eq!(state(&project), before);
}

#[test]
fn no_artifact_is_made_through_a_link() {
    let project = Project::released();
    let outside = project.dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, project.root().join("out")).unwrap();
    let wheel = "build/tideline-0.2.0rc1-py3-none-any.whl";
    for args in [
        &[
            "wheel",
            "retag",
            wheel,
            "--tag",
            "py3-none-win32",
            "-o",
            "out",
        ][..],
        &[
            "xcframework",
            "package",
            "build/Tideline.xcframework",
            "-o",
            "out/T.xcframework.zip",
        ],
        &["sign", wheel, "--out-dir", "out"],
    ] {
        let output = project.run(args);
        assert_eq!(output.status.code(), Some(9), "{args:?}: {}", said(&output));
        assert!(
            said(&output).contains("error[file.link]"),
            "{}",
            said(&output)
        );
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0, "{args:?}");
    }
}

#[test]
fn a_hostile_link_in_the_way_of_a_temporary_file_is_not_followed() {
    let project = Project::released();
    let precious = project.dir.path().join("precious");
    fs::write(&precious, "keep").unwrap();
    let link = project.root().join(".CHANGELOG.md.relkit-0123456789abcdef");
    std::os::unix::fs::symlink(&precious, &link).unwrap();
    succeed(&project.run(&["bump", "0.2.0"]));
    assert_eq!(fs::read_to_string(&precious).unwrap(), "keep");
    assert!(
        fs::symlink_metadata(project.root().join("CHANGELOG.md"))
            .unwrap()
            .is_file()
    );
}

#[test]
fn a_saved_plan_is_for_its_branch_and_a_clean_tree() {
    let project = Project::released();
    let plan = project.dir.path().join("plan.json");
    let saved = project.run(&["bump", "0.2.0", "-n", "--json"]);
    succeed(&saved);
    fs::write(&plan, &saved.stdout).unwrap();
    let apply = || project.run(&["apply", plan.to_str().unwrap()]);
    project.git(&["switch", "-q", "-c", "feature"]);
    let before = state(&project);
    assert!(
        said(&apply()).contains("error[git.moved]"),
        "{}",
        said(&apply())
    );
    project.git(&["switch", "-q", "main"]);
    let readme = project.root().join("README.md");
    let text = fs::read_to_string(&readme).unwrap();
    fs::write(&readme, "changed").unwrap();
    assert!(
        said(&apply()).contains("`README.md` has changed"),
        "{}",
        said(&apply())
    );
    fs::write(&readme, text).unwrap();
    assert_eq!(state(&project), before);
    succeed(&apply());
}

#[test]
fn a_plan_cannot_reach_outside_of_the_tree() {
    let project = Project::released();
    let outside = project.dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, project.root().join("docs")).unwrap();
    for path in [
        "docs/evil.txt",
        ".git/config",
        ".GIT/config",
        "../evil.txt",
        "/evil.txt",
    ] {
        let plan = project.dir.path().join("plan.json");
        let text = format!(
            r#"{{"schema": "relkit.plan/1", "schema_version": "1.0.0", "generated_by": "x", "title": "x", "reads": {{"files": {{}}, "refs": {{}}}}, "steps": [{{"file": {{"report": {{"path": "{path}", "text": "evil"}}}}}}]}}"#
        );
        fs::write(&plan, text).unwrap();
        let config = fs::read(project.root().join(".git/config")).unwrap();
        let output = project.run(&["apply", plan.to_str().unwrap()]);
        assert!(!output.status.success(), "{path}");
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0, "{path}");
        assert_eq!(
            fs::read(project.root().join(".git/config")).unwrap(),
            config,
            "{path}"
        );
    }
}

//! A `file:` channel is read by tools that are not ours: pip and `sha256sum`. The wheels are the
//! demo's and a real one from the package index.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop anywhere, runs programs and looks at files"
)]

#[path = "../harness/environment.rs"]
mod environment;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn relkit(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relkit"));
    environment::scrub(&mut command, &dir.join("data"));
    command.current_dir(dir).args(args).output().unwrap()
}

fn succeed(output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// The provisioned parts; `cargo xtask parts` makes them. A missing one is a failure.
fn parts() -> PathBuf {
    std::env::var_os("RELKIT_PARTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/parts"),
        PathBuf::from,
    )
}

/// pip fetches what is `wanted` from the channel below `root`, and nothing from elsewhere.
fn download(root: &Path, wanted: &[&str]) -> PathBuf {
    let to = root.join("downloaded");
    let index = format!("file://{}/simple", root.join("published").display());
    let output = Command::new(parts().join("python/bin/python"))
        .args([
            "-m",
            "pip",
            "download",
            "--isolated",
            "--no-deps",
            "--no-cache-dir",
            "--pre",
        ])
        .args(["--index-url", &index, "--dest"])
        .arg(&to)
        .args(wanted)
        .output()
        .unwrap();
    succeed(&output);
    to
}

fn sums_hold(release: &Path) {
    let output = Command::new("sha256sum")
        .args(["--check", "--strict", "SHA256SUMS"])
        .current_dir(release)
        .output()
        .unwrap();
    succeed(&output);
    let listed = String::from_utf8(output.stdout).unwrap().lines().count();
    let there = fs::read_dir(release).unwrap().count();
    assert_eq!(
        listed,
        there - 1,
        "every file is covered but the list itself"
    );
}

#[test]
fn pip_and_sha256sum_read_what_the_demo_published() {
    let dir = tempfile::tempdir().unwrap();
    let project = dir.path().join("project");
    succeed(&relkit(dir.path(), &["demo", project.to_str().unwrap()]));
    let published = project.join(".relkit/out/published");
    fs::rename(&published, dir.path().join("published")).unwrap();
    let to = download(
        dir.path(),
        &[
            "--platform",
            "macosx_14_0_arm64",
            "--only-binary=:all:",
            "tideline==0.2.0rc1",
        ],
    );
    let name = "tideline-0.2.0rc1-py3-none-macosx_14_0_arm64.whl";
    assert_eq!(
        fs::read(to.join(name)).unwrap(),
        fs::read(project.join("dist").join(name)).unwrap()
    );
    sums_hold(&dir.path().join("published/releases/v0.2.0-rc1"));
}

#[test]
fn a_real_foreign_wheel_goes_through_the_gate_and_back_to_pip() {
    let dir = tempfile::tempdir().unwrap();
    let project = dir.path().join("project");
    fs::create_dir_all(project.join("dist")).unwrap();
    let wheel = fs::read_dir(parts().join("wheels"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("packaging-")
        })
        .expect("`cargo xtask parts` provides a wheel of packaging");
    let name = wheel.file_name().unwrap().to_str().unwrap().to_owned();
    let version = name.split('-').nth(1).unwrap().to_owned();
    fs::copy(&wheel, project.join("dist").join(&name)).unwrap();
    // A repository without a manifest: the version is that of the tag on HEAD.
    fs::write(
        project.join("relkit.toml"),
        "[release]\ntag = \"{pep440}\"\nartifacts = \"dist/*.whl\"\n\n[gate.outputs]\nexpect = { \"dist/*.whl\" = 1 }\n\n[gate.git]\n\n[channel.local]\nkind = \"file\"\npath = \"../published\"\n",
    )
    .unwrap();
    fs::write(project.join(".gitignore"), "/.relkit/out/\n").unwrap();
    let three = if version.split('.').count() == 2 {
        format!("{version}.0")
    } else {
        version.clone()
    };
    for line in [
        "init -q -b main".to_owned(),
        "add relkit.toml .gitignore".to_owned(),
        "-c user.name=T -c user.email=t@example.com commit -q -m start".to_owned(),
        format!("-c user.name=T -c user.email=t@example.com tag -a {three} -m {three}"),
    ] {
        let mut git = Command::new("git");
        let output = git
            .args(line.split(' '))
            .current_dir(&project)
            .output()
            .unwrap();
        succeed(&output);
    }
    succeed(&relkit(&project, &["candidate"]));
    succeed(&relkit(&project, &["publish"]));
    succeed(&relkit(&project, &["publish", "--check"]));
    let to = download(dir.path(), &[&format!("packaging=={version}")]);
    assert_eq!(fs::read(to.join(&name)).unwrap(), fs::read(&wheel).unwrap());
    sums_hold(&dir.path().join("published/releases").join(three));
}

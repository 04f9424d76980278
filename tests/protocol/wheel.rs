//! Retagged wheels are read by tools that are not ours: pip installs and finds them, and `wheel tags`
//! makes the same of real ones.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop anywhere, runs programs and looks at files"
)]

#[path = "../harness/environment.rs"]
mod environment;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// The provisioned parts; `cargo xtask parts` makes them. A missing one is a failure.
fn parts() -> PathBuf {
    std::env::var_os("RELKIT_PARTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/parts"),
        PathBuf::from,
    )
}

fn succeed(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn python(args: &[&str]) -> String {
    let mut command = Command::new(parts().join("python/bin/python"));
    succeed(&command.args(args).output().unwrap())
}

/// A repository with a copy of the wheel of `place` whose name begins with `start`.
fn repository(place: &str, start: &str) -> (TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let found = fs::read_dir(parts().join(place)).unwrap();
    let mut names = found.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let name = names.find(|name| name.starts_with(start)).unwrap();
    fs::copy(parts().join(place).join(&name), dir.path().join(&name)).unwrap();
    let git = Command::new("git")
        .args(["init", "-q"])
        .current_dir(&dir)
        .status();
    assert!(git.unwrap().success());
    (dir, name)
}

/// `relkit wheel retag`, and the path of the new wheel.
fn retag(dir: &Path, args: &[&str]) -> PathBuf {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relkit"));
    environment::scrub(&mut command, &dir.join("data"));
    command.current_dir(dir).args(["wheel", "retag"]).args(args);
    dir.join(succeed(&command.output().unwrap()).trim_end())
}

#[test]
fn pip_installs_a_wheel_retagged_for_this_machine() {
    let (dir, name) = repository("wheels", "six-");
    let here = python(&[
        "-c",
        "import packaging.tags as t; print(next(t.platform_tags()))",
    ]);
    let tag = format!("py3-none-{}", here.trim());
    let wheel = retag(dir.path(), &[&name, "--tag", &tag, "-o", "out"]);
    let target = dir.path().join("site");
    let target = target.to_str().unwrap();
    let pip = [
        "-m",
        "pip",
        "install",
        "--isolated",
        "--no-deps",
        "--no-index",
        "-q",
    ];
    python(&[&pip[..], &["--target", target, wheel.to_str().unwrap()]].concat());
    let said = python(&[
        "-c",
        &format!("import sys; sys.path.insert(0, {target:?}); import six; print(six.__file__)"),
    ]);
    assert!(said.starts_with(target), "{said}");
    // As installed, every row of RECORD is right, and WHEEL says what the name says.
    let check = format!(
        "import base64, hashlib, importlib.metadata as m, pathlib\n\
         d = next(iter(m.distributions(name='six', path=[{target:?}])))\n\
         for f in d.files:\n    \
             if f.hash and pathlib.Path(f.locate()).is_file():\n        \
                 h = hashlib.sha256(f.locate().read_bytes()).digest()\n        \
                 assert base64.urlsafe_b64encode(h).rstrip(b'=').decode() == f.hash.value, f\n\
         print(d.read_text('WHEEL'))"
    );
    let wheel = python(&["-c", &check]);
    assert!(wheel.contains(&format!("Tag: {tag}\n")), "{wheel}");
    assert!(wheel.contains("Root-Is-Purelib: false\n"), "{wheel}");
}

#[test]
fn pip_finds_a_wheel_retagged_for_another_machine() {
    for tag in ["py3-none-macosx_14_0_arm64", "cp311-abi3-macosx_14_0_arm64"] {
        let (dir, name) = repository("wheels", "six-");
        retag(dir.path(), &[&name, "--tag", tag, "-o", "out"]);
        let links = dir.path().join("out");
        let to = dir.path().join("downloaded");
        let pip = [
            "-m",
            "pip",
            "download",
            "--isolated",
            "-q",
            "--no-index",
            "--no-deps",
        ];
        let only = ["--only-binary=:all:", "--platform", "macosx_14_0_arm64"];
        let version = ["--python-version", "3.12", "--implementation", "cp"];
        let abis = ["--abi", "abi3", "--abi", "none"];
        let places = [
            "--find-links",
            links.to_str().unwrap(),
            "--dest",
            to.to_str().unwrap(),
        ];
        python(&[&pip[..], &only, &version, &abis, &places, &["six"]].concat());
        assert!(to.join(format!("six-1.17.0-{tag}.whl")).exists());
    }
}

/// What a comparison looks at: of each member its checksum, size, date and mode; the rows of RECORD
/// and the headers of WHEEL, each as a set.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    members: BTreeMap<String, (u32, u64, Option<String>, Option<u32>)>,
    rows: BTreeSet<String>,
    headers: BTreeSet<String>,
}

fn content(path: &Path) -> Content {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut found = Content {
        members: BTreeMap::new(),
        rows: BTreeSet::new(),
        headers: BTreeSet::new(),
    };
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut text = String::new();
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
        if name.ends_with(".dist-info/WHEEL") {
            member.read_to_string(&mut text).unwrap();
            found.headers = lines(text.trim_end());
            // The one allowed difference: `wheel tags` leaves it as it was.
            found
                .headers
                .retain(|line| !line.starts_with("Root-Is-Purelib"));
        } else if name.ends_with(".dist-info/RECORD") {
            member.read_to_string(&mut text).unwrap();
            found.rows = lines(&text);
            found.rows.retain(|row| !row.contains(".dist-info/WHEEL,"));
        } else {
            let date = member.last_modified().map(|date| date.to_string());
            let facts = (member.crc32(), member.size(), date, member.unix_mode());
            found.members.insert(name, facts);
        }
    }
    assert!(!found.rows.is_empty() && !found.headers.is_empty());
    found
}

#[test]
fn real_wheels_become_what_wheel_tags_makes_of_them() {
    for (place, start) in [
        ("wheels-linux", "bcrypt-"),
        ("wheels-linux", "markupsafe-"),
        ("wheels-macos", "markupsafe-"),
    ] {
        for (option, value) in [
            ("--platform-tag", "macosx_14_0_arm64"),
            ("--platform-tag", "+linux_x86_64"),
            ("--python-tag", "py3.cp313"),
            ("--abi-tag", "none"),
            ("--build", "7"),
        ] {
            let (dir, name) = repository(place, start);
            let ours = retag(dir.path(), &[&name, option, value, "-o", "out"]);
            let first = fs::read(&ours).unwrap();
            fs::remove_file(&ours).unwrap();
            retag(dir.path(), &[&name, option, value, "-o", "out"]);
            assert!(
                fs::read(&ours).unwrap() == first,
                "the same bytes over runs"
            );
            let old = dir.path().join(&name);
            let theirs = python(&["-m", "wheel", "tags", option, value, old.to_str().unwrap()]);
            let theirs = dir.path().join(theirs.trim());
            assert_eq!(ours.file_name(), theirs.file_name());
            assert_eq!(content(&ours), content(&theirs), "{name} {option} {value}");
        }
    }
}

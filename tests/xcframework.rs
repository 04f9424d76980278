//! `relkit xcframework package` on trees that no case can hold: links, sockets, modes, dates.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop anywhere, runs programs and lays its own files"
)]

#[path = "harness/environment.rs"]
mod environment;

use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt as _, symlink},
        net::UnixListener,
    },
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

const FRAMEWORK: &str = "Demo.xcframework";

/// A repository that holds nothing yet, `below` a fresh directory.
fn repository(below: &str) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join(below);
    fs::create_dir_all(&root).unwrap();
    let git = Command::new("git")
        .args(["init", "-q"])
        .current_dir(&root)
        .status();
    assert!(git.unwrap().success());
    (dir, root)
}

/// The framework's files, `(path, text, mode)`, and its links.
const FILES: &[(&str, &str, u32)] = &[
    ("Info.plist", "<plist/>", 0o644),
    (
        "macos/Demo.framework/Versions/A/Demo",
        "code code code code",
        0o755,
    ),
    (
        "macos/Demo.framework/Versions/A/Resources/Info.plist",
        "<plist/>",
        0o644,
    ),
    ("macos/Demo.framework/Versions/A/Headers/Demo.h", "", 0o644),
];
const LINKS: &[(&str, &str)] = &[
    ("macos/Demo.framework/Versions/Current", "A"),
    ("macos/Demo.framework/Demo", "Versions/Current/Demo"),
    (
        "macos/Demo.framework/Resources",
        "Versions/Current/Resources",
    ),
];

fn put(base: &Path, (path, text, mode): (&str, &str, u32)) {
    let path = base.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
}

fn framework(root: &Path) -> PathBuf {
    let base = root.join(FRAMEWORK);
    for file in FILES {
        put(&base, *file);
    }
    for (path, target) in LINKS {
        symlink(target, base.join(path)).unwrap();
    }
    base
}

fn package(root: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relkit"));
    environment::scrub(&mut command, &root.join("data"));
    let args = ["xcframework", "package", FRAMEWORK];
    command.current_dir(root).args(args).output().unwrap()
}

fn bytes(root: &Path) -> Vec<u8> {
    let output = package(root);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    fs::read(root.join(format!("{FRAMEWORK}.zip"))).unwrap()
}

fn refused(root: &Path, code: &str) {
    let output = package(root);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!(said.contains(&format!("error[{code}]")), "{said}");
    assert!(!root.join(format!("{FRAMEWORK}.zip")).exists());
}

#[test]
fn the_bytes_follow_from_the_tree_and_from_nothing_else() {
    let (_one, here) = repository("a");
    framework(&here);
    let first = bytes(&here);
    // Elsewhere, in another order, at another time, with a stricter mask and the Finder's litter.
    let (_two, there) = repository("deep/below/b");
    let base = there.join(FRAMEWORK);
    for (path, text, mode) in FILES.iter().rev() {
        put(&base, (path, text, mode & 0o700));
        let old = fs::File::options()
            .write(true)
            .open(base.join(path))
            .unwrap();
        old.set_modified(std::time::UNIX_EPOCH).unwrap();
    }
    for (path, target) in LINKS.iter().rev() {
        symlink(target, base.join(path)).unwrap();
    }
    put(&base, ("macos/.DS_Store", "x", 0o644));
    put(&base, ("__MACOSX/._Demo", "x", 0o644));
    assert_eq!(bytes(&there), first);
    assert_eq!(bytes(&there), first, "again");
    // A link is a link: the code is there once.
    put(
        &base,
        ("macos/Demo.framework/Versions/A/Demo", "other code", 0o755),
    );
    assert_ne!(bytes(&there), first);
}

#[test]
fn modes_links_and_dates_are_in_the_archive() {
    let (_keep, root) = repository("a");
    framework(&root);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes(&root))).unwrap();
    let mut seen = Vec::new();
    for at in 0..archive.len() {
        let member = archive.by_index(at).unwrap();
        assert_eq!(
            member.last_modified().unwrap().to_string(),
            "1980-01-01 00:00:00"
        );
        assert!(member.extra_data().is_none_or(|extra| extra.is_empty()));
        let name = member.name().unwrap();
        let name = name.strip_prefix("Demo.xcframework/").unwrap();
        seen.push(format!("{:o} {name}", member.unix_mode().unwrap()));
    }
    let frame = "macos/Demo.framework";
    assert_eq!(
        seen,
        [
            "40755 ".to_owned(),
            "100644 Info.plist".to_owned(),
            "40755 macos/".to_owned(),
            format!("40755 {frame}/"),
            format!("120755 {frame}/Demo"),
            format!("120755 {frame}/Resources"),
            format!("40755 {frame}/Versions/"),
            format!("40755 {frame}/Versions/A/"),
            format!("100755 {frame}/Versions/A/Demo"),
            format!("40755 {frame}/Versions/A/Headers/"),
            format!("100644 {frame}/Versions/A/Headers/Demo.h"),
            format!("40755 {frame}/Versions/A/Resources/"),
            format!("100644 {frame}/Versions/A/Resources/Info.plist"),
            format!("120755 {frame}/Versions/Current"),
        ]
    );
}

#[test]
fn what_would_break_elsewhere_is_refused() {
    for target in ["/usr/lib/libSystem.dylib", "../../../other", "none", "Bad"] {
        let (_keep, root) = repository("a");
        symlink(target, framework(&root).join("macos/Bad")).unwrap();
        refused(&root, "xcframework.link");
    }
    let (_keep, root) = repository("a");
    let _socket = UnixListener::bind(framework(&root).join("s")).unwrap();
    refused(&root, "xcframework.special");

    let (_keep, root) = repository("a");
    let base = framework(&root);
    put(&base, ("info.plist", "x", 0o644));
    // On a file system where case does not count, that was one file.
    if fs::read(base.join("Info.plist")).unwrap() != b"x" {
        refused(&root, "xcframework.clash");
    }
}

//! Packaged frameworks are read by tools that are not ours: `unzip`, `diff` and `sha256sum`. The
//! framework is a real one from the npm registry.
#![cfg(unix)]
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
    process::Command,
};

/// The provisioned parts; `cargo xtask parts` makes them. A missing one is a failure.
fn parts() -> PathBuf {
    std::env::var_os("RELKIT_PARTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/parts"),
        PathBuf::from,
    )
}

fn run(dir: &Path, line: &[&str]) {
    let output = Command::new(line[0])
        .args(&line[1..])
        .current_dir(dir)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{line:?}: {out}{said}");
}

/// Packages `name`, unpacks the archive, and compares.
fn there_and_back(root: &Path, name: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relkit"));
    environment::scrub(&mut command, &root.join("data"));
    let zip = format!("dist/{name}.zip");
    let args = ["xcframework", "package", name, "-o", &zip];
    let output = command.current_dir(root).args(args).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let dist = root.join("dist");
    assert_eq!(
        output.stdout,
        fs::read(dist.join(format!("{name}.sha256"))).unwrap()
    );
    run(
        &dist,
        &[
            "sha256sum",
            "--check",
            "--strict",
            &format!("{name}.sha256"),
        ],
    );
    run(&dist, &["unzip", "-tq", &format!("{name}.zip")]);
    run(&dist, &["unzip", "-q", &format!("{name}.zip")]);
    run(
        root,
        &[
            "diff",
            "-r",
            "--no-dereference",
            name,
            &format!("dist/{name}"),
        ],
    );
}

#[test]
fn a_real_framework_comes_back_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    run(root, &["git", "init", "-q"]);
    let from = parts().join("npm/node_modules/whisper.rn/ios/rnwhisper.xcframework");
    run(root, &["cp", "-R", from.to_str().unwrap(), "."]);
    there_and_back(root, "rnwhisper.xcframework");
}

#[test]
fn a_versioned_framework_keeps_its_links() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    run(root, &["git", "init", "-q"]);
    let frame = root.join("D.xcframework/macos/D.framework");
    fs::create_dir_all(frame.join("Versions/A/Resources")).unwrap();
    fs::write(root.join("D.xcframework/Info.plist"), "<plist/>").unwrap();
    let code: Vec<u8> = (0..500_000_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(frame.join("Versions/A/D"), code).unwrap();
    for (target, link) in [("A", "Versions/Current"), ("Versions/Current/D", "D")] {
        std::os::unix::fs::symlink(target, frame.join(link)).unwrap();
    }
    there_and_back(root, "D.xcframework");
    run(
        root,
        &["test", "-L", "dist/D.xcframework/macos/D.framework/D"],
    );
}

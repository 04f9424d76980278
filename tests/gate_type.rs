//! Nothing is planned for publication without a `Ready`: such a program does not compile.
//!
//! Each failing program in `tests/gate_type/` differs from `gated.rs`, which compiles, in one line,
//! and the error must stand on that line and have the stated code; so nothing else can be why it
//! fails. The compiler is asked directly, with the library that this test is linked to: a project
//! of its own, as `trybuild` makes one, would compile every dependency once more.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop anywhere and runs the compiler"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The failing twins of `gated.rs`, and the compiler's code for what is wrong with each.
const FAILING: &[(&str, &str)] = &[
    // Planned with something else.
    ("ungated.rs", "E0308"),
    // `Ready` written by hand: its fields are private, for which the compiler has no code.
    ("forged.rs", ""),
    // `Ready` sealed from outside of the crate.
    ("sealed.rs", "E0624"),
];

#[test]
fn the_gated_program_compiles() {
    assert_eq!(errors(&program("gated.rs")), Vec::<(usize, String)>::new());
}

#[test]
fn ungated_publication_does_not_compile() {
    for (name, code) in FAILING {
        let line = only_difference(&text("gated.rs"), &text(name));
        let errors = errors(&program(name));
        assert!(
            errors.contains(&(line, (*code).to_owned())),
            "{name}:{line}: {code}: {errors:?}"
        );
        assert!(
            errors.iter().all(|(there, _)| *there == line),
            "{name}:{line}: {errors:?}"
        );
    }
}

#[test]
fn errors_have_the_compilers_line_and_code() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("private.rs");
    let program = "use relkit::digest::Digest;\nfn main() {\n    let _ = Digest([0; 32]);\n}\n";
    fs::write(&path, program).unwrap();
    assert_eq!(errors(&path), [(3, "E0423".to_owned())]);
    fs::write(
        &path,
        program.replace("Digest([0; 32])", "Digest::of(b\"\")"),
    )
    .unwrap();
    assert_eq!(errors(&path), []);
}

fn program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/gate_type")
        .join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(program(name)).unwrap()
}

/// The number of the one line in which two programs differ.
fn only_difference(one: &str, other: &str) -> usize {
    let (one, other): (Vec<_>, Vec<_>) = (one.lines().collect(), other.lines().collect());
    assert_eq!(one.len(), other.len());
    let mut differing = (0..one.len()).filter(|n| one[*n] != other[*n]);
    let line = differing.next().unwrap();
    assert_eq!(
        differing.next(),
        None,
        "the programs differ in more than one line"
    );
    line + 1
}

/// Line and code of every error in the program at `path`. A code is empty where rustc has none.
fn errors(path: &Path) -> Vec<(usize, String)> {
    let out = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args([
            "--edition=2024",
            "--emit=metadata",
            "--error-format=short",
            "--cap-lints=allow",
        ])
        .arg("--out-dir")
        .arg(out.path())
        .arg(format!("-Ldependency={}", deps().display()))
        .arg(format!("--extern=relkit={}", library().display()))
        .arg(path)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    // `PATH:LINE:COLUMN: error[CODE]: MESSAGE`
    let found: Vec<_> = said
        .lines()
        .filter_map(|line| {
            let (place, error) = line.split_once(": error")?;
            let line = place.rsplit(':').nth(1)?.parse().ok()?;
            let code = error
                .strip_prefix('[')
                .and_then(|rest| rest.split(']').next());
            Some((line, code.unwrap_or_default().to_owned()))
        })
        .collect();
    assert_eq!(found.is_empty(), output.status.success(), "{said}");
    found
}

/// Where cargo put the libraries of this test.
fn deps() -> PathBuf {
    std::env::current_exe()
        .unwrap()
        .parent()
        .unwrap()
        .to_owned()
}

/// The library, as built last: cargo has just built it for this test, or found it fresh.
fn library() -> PathBuf {
    let built = |path: &PathBuf| fs::metadata(path).unwrap().modified().unwrap();
    fs::read_dir(deps())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("librelkit-") && name.ends_with(".rlib")
        })
        .max_by_key(built)
        .unwrap()
}

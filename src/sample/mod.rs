//! The small polyglot project that the demo releases: a Python package, a crate, a test report, a
//! changelog with a hand-written entry. Pure: texts and bytes, nothing is written here.

pub mod macho;
mod tree;

pub use tree::{
    Entry, FRAMEWORK, Kind, framework, native_wheel, native_wheel_members, native_wheel_name,
};

use std::io::{Cursor, Write as _};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::version::Version;

/// The project's name.
pub const NAME: &str = "tideline";

/// One commit of the history: its message and the files that it writes.
#[derive(Clone, Copy, Debug)]
pub struct Commit {
    /// The whole message.
    pub message: &'static str,
    /// Paths and texts.
    pub files: &'static [(&'static str, &'static str)],
    /// The annotated tag on it, if any.
    pub tag: Option<&'static str>,
}

/// The history, oldest first.
pub const HISTORY: &[Commit] = &[
    Commit {
        message: "feat: tide tables for one harbour\n",
        files: &[
            (
                "README.md",
                "# tideline\n\nTide tables, in Python with a core in Rust.\n",
            ),
            ("CHANGELOG.md", CHANGELOG),
            ("Cargo.toml", CARGO),
            ("Cargo.lock", LOCK),
            ("pyproject.toml", PYPROJECT),
            ("src/lib.rs", "//! Tide tables.\n"),
            ("src/tideline/__init__.py", MODULE),
        ],
        tag: Some("v0.1.0"),
    },
    Commit {
        message: "feat: read tables from CSV files\n",
        files: &[(
            "src/tideline/csv.py",
            "\"\"\"Tables from CSV files.\"\"\"\n",
        )],
        tag: None,
    },
    Commit {
        message: "fix: count the hour before midnight\n",
        files: &[("src/lib.rs", "//! Tide tables, all 24 hours of them.\n")],
        tag: None,
    },
    Commit {
        message: "docs: say where the numbers come from\n\nA hand-written line in the changelog goes with it.\n",
        files: &[
            (
                "README.md",
                "# tideline\n\nTide tables, in Python with a core in Rust. Numbers from the harbour offices.\n",
            ),
            ("CHANGELOG.md", CHANGELOG_WITH_A_HUMAN),
        ],
        tag: None,
    },
];

const CARGO: &str = "[package]\nname = \"tideline-core\"\nversion = \"0.1.0\"  # bumped by relkit\nedition = \"2024\"\npublish = false\n";
const LOCK: &str = "version = 4\n\n[[package]]\nname = \"tideline-core\"\nversion = \"0.1.0\"\n";
const PYPROJECT: &str = "[project]\nname = \"tideline\"\nversion = \"0.1.0\"\nrequires-python = \">=3.9\"\n\n[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n";
const MODULE: &str = "\"\"\"Tide tables.\"\"\"\n\n__version__ = \"0.1.0\"\n";
const CHANGELOG: &str = "# Changelog\n\nAll notable changes to this project are documented in this file.\n\n## [0.1.0] - 2025-11-02\n\n### Added\n\n- Tide tables for one harbour\n";
const CHANGELOG_WITH_A_HUMAN: &str = "# Changelog\n\nAll notable changes to this project are documented in this file.\n\n## [Unreleased]\n\n### Added\n\n- Harbours have the names that sailors use. (A person wrote this line; it stays.)\n\n## [0.1.0] - 2025-11-02\n\n### Added\n\n- Tide tables for one harbour\n";

/// What a test run leaves: a `JUnit` report.
pub const TEST_REPORT: (&str, &str) = (
    "reports/tests.xml",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
     <testsuites>\n\
     \x20 <testsuite name=\"tideline\" tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"0\">\n\
     \x20   <testcase classname=\"tests.test_tables\" name=\"test_one_harbour\"/>\n\
     \x20   <testcase classname=\"tests.test_tables\" name=\"test_midnight\"/>\n\
     \x20   <testcase classname=\"tests.test_csv\" name=\"test_reads_csv\"/>\n\
     \x20 </testsuite>\n\
     </testsuites>\n",
);

/// The path of the wheel of `version`.
#[must_use]
pub fn wheel_path(version: &Version) -> String {
    format!("dist/{NAME}-{}-py3-none-any.whl", version.pep440())
}

/// The wheel of `version` (PEP 427): what a build backend would make of the sources. The same
/// version gives the same bytes.
pub fn wheel(version: &Version) -> Result<Vec<u8>, ZipError> {
    let spelled = version.pep440();
    let info = format!("{NAME}-{spelled}.dist-info");
    let members = [
        (
            format!("{NAME}/__init__.py"),
            MODULE.replace("0.1.0", &spelled),
        ),
        (
            format!("{info}/METADATA"),
            format!("Metadata-Version: 2.1\nName: {NAME}\nVersion: {spelled}\nSummary: Tide tables\nRequires-Python: >=3.9\n"),
        ),
        (
            format!("{info}/WHEEL"),
            "Wheel-Version: 1.0\nGenerator: relkit demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
                .to_owned(),
        ),
    ];
    let mut record = String::new();
    for (name, text) in &members {
        let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()));
        record += &format!("{name},sha256={digest},{}\n", text.len());
    }
    let record_name = format!("{info}/RECORD");
    record += &format!("{record_name},,\n");

    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .unix_permissions(0o644);
    for (name, text) in members.into_iter().chain([(record_name, record)]) {
        writer.start_file(name, options)?;
        writer.write_all(text.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wheel_is_one_and_always_the_same() {
        let version = Version::new(0, 2, 0).candidate(1);
        let bytes = wheel(&version).unwrap();
        assert_eq!(wheel(&version).unwrap(), bytes);
        let path = wheel_path(&version);
        assert_eq!(path, "dist/tideline-0.2.0rc1-py3-none-any.whl");
        let read = crate::wheel::read(path.strip_prefix("dist/").unwrap(), &bytes).unwrap();
        assert_eq!(read.project, NAME);
        assert_eq!(read.requires_python.as_deref(), Some(">=3.9"));
    }
}

//! The small polyglot project that the demo releases: a Python package, a crate, a test report, a
//! changelog with a hand-written entry. Pure: texts and bytes, nothing is written here.

pub mod macho;
mod tree;

pub use tree::{
    Entry, FRAMEWORK, Kind, framework, native_wheel, native_wheel_members, native_wheel_name,
};

use crate::{sign::LOCAL_ISSUER, version::Version};

/// The project's name.
pub const NAME: &str = "tideline";

/// Who signs the demo's artifacts: the address in its repository's configuration.
pub const EMAIL: &str = "demo@example.com";

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

/// The tag that the wheel with the library deserves.
pub const NATIVE_TAG: &str = "py3-none-macosx_14_0_arm64";

/// The path of the wheel of `version`, as it is published.
#[must_use]
pub fn wheel_path(version: &Version) -> String {
    format!("dist/{NAME}-{}-{NATIVE_TAG}.whl", version.pep440())
}

/// The configuration that `relkit init` writes, with what a maintainer adds: the framework among
/// the outputs, and rows for signatures and checksums.
#[must_use]
pub fn policy(written: &str) -> String {
    let outputs = "expect = { \"dist/*.whl\" = 1, \"dist/*.xcframework.zip\" = 1, \"dist/*.sha256\" = 1, \"dist/*.sigstore.json\" = 2 }";
    let written = written
        .replace("artifacts = [\"dist/*.whl\"]", "artifacts = [\"dist/*\"]")
        .replace("expect = { \"dist/*.whl\" = 1 }", outputs);
    format!(
        "{written}\n[gate.signatures]\nattestation = [\"dist/*.whl\", \"dist/*.zip\"]\n\
         signer = [{{ identity = \"{EMAIL}\", issuer = \"{LOCAL_ISSUER}\" }}]\n\
         trust = [\"local\"]     # good for a demo: nobody else witnesses it\n\n\
         [gate.checksums]\nsums = \"dist/{FRAMEWORK}.sha256\"\ncovers = \"dist/*.zip\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_what_init_writes_and_more() {
        let written = "[release]\nartifacts = [\"dist/*.whl\"]\n\n[gate.outputs]\nexpect = { \"dist/*.whl\" = 1 }\n";
        let text = policy(written);
        let config = crate::config::Config::parse(&text).unwrap();
        let names: Vec<_> = config.gate.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["outputs", "signatures", "checksums"]);
        let version = Version::new(0, 2, 0).candidate(1);
        let wheel = wheel_path(&version);
        assert!(wheel.ends_with("tideline-0.2.0rc1-py3-none-macosx_14_0_arm64.whl"));
        assert!(config.release.artifacts.matches(&wheel));
    }
}

//! A release that is ready, in memory, for the tests of this room.

use std::collections::BTreeMap;

use super::{
    evaluate,
    facts::{
        Committed, Facts, File, Mode, Policy, Release, Source, Stage, Taken, Tool, VersionSite,
    },
    outcome::Outcome,
    rows,
};
use crate::{
    config::Config,
    digest::{Digest, Identity, PublicPath},
};

pub(crate) const POLICY: &str = r##"
[project]
name = "demo"
[release]
artifacts = ["dist/*"]
[gate.outputs]
expect = { "dist/*.whl" = 1, "dist/*.tar.gz" = 1 }
[gate.tests]
junit = "reports/**/*.xml"
require = ["tests >= 3", "failures == 0"]
[gate.quality]
json = "eval/metrics.json"
schema = "1"
by = "eval"
require = ["/auroc >= 0.70", "/negative_findings nonempty", "/version == $version", "eval/run.json#/commit == $commit"]
issues = ["#164"]
[gate.changelog]
sections = ["Added", "Fixed"]
[gate.version]
[gate.git]
branch = ["main", "release/*"]
[gate.stable]
file = "SECURITY.md"
when = "stable"
"##;

const FILES: [(&str, &str); 7] = [
    ("dist/demo-0.2.0rc1-py3-none-any.whl", "PK wheel"),
    ("dist/demo-0.2.0rc1.tar.gz", "sdist"),
    (
        "reports/pytest.xml",
        r#"<testsuites><testsuite name="pytest" tests="3" failures="0" errors="0" skipped="1"><testcase name="a"/><testcase name="b"/><testcase name="c"><skipped/></testcase></testsuite></testsuites>"#,
    ),
    (
        "eval/metrics.json",
        r#"{"schema_version":"1.2.0","generated_by":"eval","auroc":0.71,"negative_findings":["none on x"],"version":"0.2.0rc1"}"#,
    ),
    (
        "eval/run.json",
        r#"{"commit":"1111111111111111111111111111111111111111"}"#,
    ),
    (
        "CHANGELOG.md",
        "# Changelog\n\n## [Unreleased]\n\n## [0.2.0-rc1] - 2026-06-01\n\n### Added\n\n- a thing\n",
    ),
    ("LICENSE", "do as you like"),
];

pub(crate) fn path(text: &str) -> PublicPath {
    PublicPath::new(text).unwrap()
}

/// Puts a file with this content where the facts say that it is.
pub(crate) fn put(facts: &mut Facts, at: &str, content: &[u8]) {
    let path = path(at);
    let taken = Taken {
        identity: Identity::of(path.clone(), content),
        content: Some(content.to_vec()),
    };
    facts.files.insert(path, File::Taken(taken));
}

pub(crate) fn under(policy: &str) -> Facts {
    let config = Config::parse(policy).unwrap();
    let mut facts = Facts {
        files: BTreeMap::new(),
        signatures: BTreeMap::new(),
        release: Release::new(&config, "0.2.0-rc1".parse().unwrap(), "demo"),
        source: Source {
            uri: Some("git+https://example.org/demo".to_owned()),
            commit: "1".repeat(40),
            tree: "2".repeat(40),
            tag_object: Some("3".repeat(40)),
            tag_commit: Some("1".repeat(40)),
            branch: Some("main".to_owned()),
            dirty: Vec::new(),
        },
        policy: Policy::read(path("relkit.toml"), policy.as_bytes(), Committed::Yes).unwrap(),
        tool: Tool {
            name: "relkit".to_owned(),
            version: "0.1.0".to_owned(),
            sha256: Digest::of(b"relkit"),
        },
        stated: BTreeMap::new(),
        version_sites: [
            ("Cargo.toml", "package.version", "0.2.0-rc.1"),
            ("pyproject.toml", "project.version", "0.2.0rc1"),
        ]
        .map(|(file, place, text)| VersionSite {
            path: path(file),
            place: place.to_owned(),
            text: text.to_owned(),
        })
        .to_vec(),
        generated_at: "2026-06-01T12:00:00Z".parse().unwrap(),
        mode: Mode::Release,
        stage: Stage::Publish,
    };
    for (at, content) in FILES {
        put(&mut facts, at, content.as_bytes());
    }
    facts
}

pub(crate) fn ready() -> Facts {
    let facts = under(POLICY);
    let candidate = evaluate(&facts);
    assert!(candidate.is_ready(), "{:?}", candidate.blockers());
    facts
}

/// The ready release with one more row, `[gate.extra]`, of these keys.
pub(crate) fn with_row(keys: &str) -> Facts {
    under(&format!("{POLICY}\n[gate.extra]\n{keys}\n"))
}

/// The answer of the row called `name`.
pub(crate) fn row(name: &str, facts: &Facts) -> Outcome {
    let row = facts
        .policy
        .config
        .gate
        .iter()
        .find(|row| row.name == name)
        .unwrap();
    rows::check(row, facts)
}

pub(crate) fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect()
}

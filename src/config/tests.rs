//! Configurations, good and bad.

use miette::Diagnostic;

use super::*;

fn error(text: &str) -> (String, String, String) {
    let error = Config::parse(text).unwrap_err();
    let code = error.code().unwrap().to_string();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    let help = error.help().unwrap().to_string();
    (code, format!("{error}; {cause}"), help)
}

#[test]
fn reads_the_example_of_the_notes_in_its_order() {
    let config = Config::parse(
        r##"
[project]
name = "demo"
[release]
artifacts = ["dist/*.whl", "dist/*.xcframework.zip"]
[gate.outputs]
expect = { "dist/*.whl" = 1, "dist/*.xcframework.zip" = 1 }
[gate.changelog]
[gate.tests]
junit = "reports/**/*.xml"
require = ["tests >= 400", "failures == 0", "errors == 0"]
[gate.quality]
json = "eval/metrics.json"
require = ["/auroc >= 0.70", "/negative_findings nonempty"]
issues = ["#164"]
when = "rc"
[gate.alone]
file = "LICENSE"
required = false
[channel.local]
kind = "file"
path = "public"
"##,
    )
    .unwrap();
    let rows: Vec<_> = config
        .gate
        .iter()
        .map(|row| (row.name.as_str(), row.kind.name()))
        .collect();
    assert_eq!(
        rows,
        [
            ("outputs", "expect"),
            ("changelog", "changelog"),
            ("tests", "junit"),
            ("quality", "json"),
            ("alone", "file")
        ]
    );
    assert_eq!(config.release.tag, "v{version}");
    assert_eq!(config.changelog.path.as_str(), "CHANGELOG.md");
    assert!(config.gate[0].required && !config.gate[4].required);
    assert_eq!(config.gate[3].when, Some(When::Rc));
    assert_eq!(config.channels.len(), 1);
    assert_eq!(Config::parse("").unwrap().gate, []);
}

#[test]
fn a_misspelt_key_is_named_with_its_place_and_the_nearest_key() {
    let (code, text, help) = error("[release]\nartefacts = [\"dist/*\"]\n");
    assert_eq!(code, "config.unknown_key");
    assert_eq!(
        text,
        "the configuration has an unknown key `artefacts`; 2:1: `artefacts = [\"dist/*\"]`"
    );
    assert_eq!(help, "did you mean `artifacts`?");
    let (code, _, help) = error("[gate.x]\njunti = \"a.xml\"\n");
    assert_eq!(
        (code.as_str(), help.as_str()),
        ("config.unknown_key", "did you mean `junit`?")
    );
    assert_eq!(error("[chanel.x]\n").0, "config.unknown_key");
}

#[test]
fn a_syntax_error_names_its_line() {
    let (code, text, _) = error("[release]\nartifacts = [\n");
    assert_eq!(code, "config.syntax");
    assert!(text.contains("3:1") || text.contains("2:"), "{text}");
    assert_eq!(error("a = 1\na = 2\n").0, "config.syntax");
    let error = Config::from_bytes(b"[release]\ntag = \"\xff\"\n").unwrap_err();
    assert!(matches!(error, ConfigError::Syntax(place) if place.line == 2));
}

#[test]
fn every_other_mistake_says_what_to_write() {
    for (text, part) in [
        ("profile = \"python\"", "no profile `python`"),
        ("[release]\ntag = \"v\"", "names no version"),
        ("[release]\nartifacts = [3]", "wrong shape"),
        ("[release]\nartifacts = [\"/abs\"]", "is not a glob"),
        (
            "[release]\nclaim_boundary = { path = \"c.md\", sha256 = \"x\" }",
            "SHA-256",
        ),
        (
            "[gate.a]\nfile = \"x\"\njunit = \"y\"",
            "two kinds, `file` and `junit`",
        ),
        (
            "[gate.a]\nfile = \"x\"\nrequire = [\"/a exists\"]",
            "`require` does not belong to a row of kind `file`",
        ),
        (
            "[gate.git]\nsections = [\"x\"]",
            "`sections` does not belong",
        ),
        ("[gate.mystery]", "no known kind"),
        ("[gate.a]\nexpect = {}", "expects nothing"),
        ("[gate.a]\nfile = []", "names no file"),
        ("[gate.a]\nexpect = { \"x\" = -1 }", "wrong shape"),
        (
            "[gate.a]\njson = \"x\"\nrequire = [\"/a = 1\"]",
            "not an operator",
        ),
        ("[gate.a]\njson = \"x\"\nschema = \"1.0\"", "not a MAJOR"),
        (
            "[gate.git]\nwhen = \"sometimes\"",
            "names no kind of release",
        ),
        ("[gate.a]\nattestation = \"x\"", "wants 1 of 0 signers"),
        (
            "[gate.a]\nattestation = []\nsigner = [{ identity = \"a\", issuer = \"b\" }]",
            "names no file",
        ),
        (
            "[gate.a]\nattestation = \"x\"\nthreshold = 2\nsigner = [{ identity = \"a\", issuer = \"b\" }]",
            "wants 2 of 1 signers",
        ),
        (
            "[gate.a]\nattestation = \"x\"\ntrust = \"any\"\nsigner = [{ identity = \"a\", issuer = \"b\" }]",
            "no trust `any`",
        ),
        ("[gate.git]\ntrust = \"local\"", "`trust` does not belong"),
        ("[channel.a]\nkind = \"pigeon\"", "unknown kind `pigeon`"),
        ("[channel.a]\nkind = \"file\"", "has no `path`"),
    ] {
        let (code, message, help) = error(text);
        assert_eq!(code, "config.invalid", "{text}");
        assert!(message.contains(part), "{message}");
        assert!(!help.is_empty());
    }
    let (_, message, _) =
        error("[gate.a]\njson = \"x\"\nrequire = [\n  \"/a exists\",\n  \"/b\",\n]");
    assert!(message.contains("5:3"), "{message}");
}

#[test]
fn a_condition_is_decided_by_the_version_alone() {
    for (version, applies) in [
        ("0.2.1", "patch stable"),
        ("0.2.0", "minor stable"),
        ("1.0.0", "major stable"),
        ("0.2.0-rc1", "minor rc pre"),
        ("0.2.0a1", "minor alpha pre"),
        ("1.0.0b1", "major beta pre"),
    ] {
        let version = version.parse().unwrap();
        let all = [
            When::Patch,
            When::Minor,
            When::Major,
            When::Alpha,
            When::Beta,
            When::Rc,
            When::Pre,
            When::Stable,
        ];
        let actual: Vec<_> = all
            .into_iter()
            .filter(|when| when.applies(&version))
            .map(When::as_str)
            .collect();
        assert_eq!(actual.join(" "), applies);
    }
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_is_draft_07_and_names_every_key() {
    let text = schema().to_string();
    assert!(text.contains("http://json-schema.org/draft-07/schema#"));
    for key in ["artifacts", "claim_boundary", "expect", "tag_message"] {
        assert!(text.contains(&format!("\"{key}\"")), "{key}");
    }
}

//! Assertions, judged.

use super::*;
use crate::{config::assertion::Dialect, evidence::fixture};

const DOCUMENT: &str = r#"{
  "auroc": 0.70, "big": 9007199254740993, "name": "base", "empty": "", "none": null, "flag": true,
  "ids": [1, 2, 3], "twice": [1, 1.0], "nothing": [], "nulls": [null], "map": {"a": 1, "b": 2},
  "version": "0.2.0-rc.1", "date": "2026-06-01", "commit": "1111111111111111111111111111111111111111",
  "a/b": {"~": 1}, "*": 1, "with space": 1, "path": "/home/ann/x",
  "metrics": [
    {"hash": "x", "value": 1, "baseline": 0, "delta": 1},
    {"hash": "y", "value": 2}
  ],
  "partial": [{"value": 1, "baseline": 0}], "half": [{"value": null}]
}"#;

fn check(line: &str) -> Check {
    let mut facts = fixture::ready();
    let other = br#"{"metrics": [{"hash": "x"}, {"hash": "y"}], "short": [{"hash": "x"}], "names": ["base", "large"], "big": 9007199254740993.0}"#;
    fixture::put(&mut facts, "eval/other.json", other);
    let document = Node::parse(DOCUMENT.as_bytes()).unwrap();
    let assertion = Assertion::parse(line, Dialect::Pointer).unwrap();
    judge(&assertion, &document, &facts)
}

#[test]
fn holds() {
    let license = crate::digest::Digest::of(b"do as you like");
    for line in [
        "/auroc >= 0.70",
        "/auroc == 7e-1",
        "/auroc < 0.7000000000000000000001",
        "/big == 9007199254740993",
        "/big == eval/other.json#/big",
        "/big != 9007199254740992",
        "/flag == true",
        "/name == \"base\"",
        "/name != \"large\"",
        "/name in [\"base\", \"large\"]",
        "/name in eval/other.json#/names",
        "/name matches \"b.*e\"",
        "/ids/0 == 1",
        "/ids == [1.0, 2, 3]",
        "/ids unique",
        "/ids/* unique",
        "/ids/* <= 3",
        "/map/* >= 1",
        "/empty empty",
        "/nothing empty",
        "/name nonempty",
        "/map nonempty",
        "/none/x absent == false",
        "/missing absent",
        "/missing/deeper absent",
        "/metrics/*/other absent",
        "/metrics/*/hash exists",
        "/metrics/*/hash == eval/other.json#/metrics/*/hash",
        "/metrics/* all_or_none(baseline, delta)",
        "/version == $version",
        "/version >= $version",
        "/date == $date",
        "/commit == $commit",
        "/a~1b/~0 == 1",
        "\"/with space\" == 1",
        "eval/other.json#/names nonempty",
    ] {
        if line.contains("== false") {
            assert!(Assertion::parse(line, Dialect::Pointer).is_err());
            continue;
        }
        let check = check(line);
        assert!(check.ok, "{line}: {}", check.observed);
    }
    let facts = fixture::ready();
    let document = Node::parse(format!("{{\"license\": \"{license}\"}}").as_bytes()).unwrap();
    let assertion = Assertion::parse("/license == @sha256(LICENSE)", Dialect::Pointer).unwrap();
    assert!(judge(&assertion, &document, &facts).ok);
}

#[test]
fn fails_and_says_what_was_seen() {
    for (line, observed) in [
        ("/auroc > 0.70", "0.70"),
        ("/auroc == \"0.70\"", "a number, against a string"),
        ("/auroc != \"0.70\"", "a number, against a string"),
        ("/big == 9007199254740992", "9007199254740993"),
        ("/missing == 1", "missing"),
        ("/missing != 1", "missing"),
        ("/missing exists", "missing"),
        ("/missing nonempty", "missing"),
        ("/none exists", "null"),
        ("/none != 1", "null"),
        ("/none absent", "null"),
        ("/none/x absent", "`/none` is null"),
        ("/none empty", "null"),
        ("/auroc/x absent", "`/auroc` is a number"),
        ("/ids/x exists", "`/ids` is an array"),
        ("/ids/01 exists", "`/ids` is an array"),
        ("/ids/9 exists", "missing"),
        ("/name > 1", "a string, against a number"),
        ("/name matches \"b\"", "\"base\""),
        ("/name matches \"ase\"", "\"base\""),
        ("/name matches \"x|ase\"", "\"base\""),
        ("/auroc matches \".*\"", "0.70"),
        ("/name in [\"large\"]", "\"base\""),
        ("/name in /map", "the right side is an object"),
        ("/name in /nowhere", "`/nowhere` is missing"),
        ("/flag == 1", "a boolean, against a number"),
        ("/flag empty", "true"),
        ("/auroc nonempty", "0.70"),
        ("/nothing/* exists", "`/nothing` has no elements"),
        ("/nothing unique", "an array of 0"),
        ("/missing/* absent", "`/missing` is missing"),
        ("/name/* exists", "`/name` is a string"),
        ("/twice unique", "1 is there twice"),
        ("/twice/* unique", "1 is there twice"),
        ("/nulls unique", "null"),
        ("/nulls/* exists", "null at `0`"),
        ("/ids/* < 3", "3 at `2`"),
        ("/metrics/*/value == 1", "2 at `1`"),
        ("/metrics/*/baseline exists", "missing at `1`"),
        (
            "/metrics/*/hash == eval/other.json#/short/*/hash",
            "2 values, against 1",
        ),
        (
            "/partial/* all_or_none(value, baseline, delta)",
            "2 of 3 at `0`",
        ),
        ("/half/* all_or_none(value, baseline)", "one is null at `0`"),
        ("/ids/* all_or_none(a, b)", "1 at `0`"),
        ("/auroc == absent.json#/x", "`absent.json` is missing"),
        ("/auroc == @sha256(absent.bin)", "`absent.bin` is missing"),
        ("/name == @sha256(LICENSE)", "\"base\""),
        ("/version > $version", "\"0.2.0-rc.1\""),
        ("/name == $version", "a string, against a version"),
        ("/auroc == $version", "a number, against a version"),
        ("/name == $date", "a string, against a date"),
        (
            "/commit == $tree",
            "\"1111111111111111111111111111111111111111\"",
        ),
        ("/name == $release.id", "the release has no id"),
        ("/path == \"x\"", "\"(text with a private path)\""),
    ] {
        let check = check(line);
        assert!(!check.ok, "{line}");
        assert!(
            check.observed.starts_with(observed),
            "{line}: {}",
            check.observed
        );
    }
}

//! The grammar of assertions.

use super::*;

#[test]
fn reads_every_form() {
    for good in [
        "/auroc >= 0.70",
        "/negative_findings nonempty",
        "/metrics/* all_or_none(baseline, value, delta)",
        "/metrics/*/hash == eval/other.json#/metrics/*/hash",
        "eval/x.json#/id == $release.id",
        "/config == @sha256(train/config.toml)",
        "/name in [\"a\", \"b\"]",
        "/name in other.json#/names",
        "/name matches \"[a-z]+\"",
        "/version == $version",
        "\"/with space\" exists",
        "/a~1b/~0 absent",
        "/x == \"a # b\"",
        "/x == {\"a\": [1]}",
    ] {
        assert!(Assertion::parse(good, Dialect::Pointer).is_ok(), "{good}");
    }
    for good in [
        "tests >= 400",
        "failures == 0",
        "skipped in [0, 1]",
        "tests == m.json#/count",
    ] {
        assert!(Assertion::parse(good, Dialect::Counter).is_ok(), "{good}");
    }
}

#[test]
fn refuses_everything_else() {
    for bad in [
        "",
        "/a",
        "/a =",
        "/a ==",
        "/a == word",
        "/a == 01",
        "/a == NaN",
        "/a == null",
        "/a < \"b\"",
        "/a < $commit",
        "/a == $unknown",
        "/a == @sha256(/etc/passwd)",
        "/a == @sha256(x",
        "/a exists really",
        "/a == /b/*",
        "/a/* == x.json#/b/*/*",
        "a == 1",
        "../x#/a == 1",
        "/a in 3",
        "/a in []",
        "/a matches a",
        "/a matches \"(\"",
        "/a matches \"a)|(?:b\"",
        "/* all_or_none(a)",
        "/~2 exists",
        "\"/a exists",
        "tests >= 1",
    ] {
        assert!(Assertion::parse(bad, Dialect::Pointer).is_err(), "{bad}");
    }
    for bad in [
        "/a == 1",
        "passed == 1",
        "tests exists",
        "tests matches \"1\"",
    ] {
        assert!(Assertion::parse(bad, Dialect::Counter).is_err(), "{bad}");
    }
}

#[test]
fn knows_which_files_it_reads() {
    let one = Assertion::parse("a.json#/x == b.json#/y", Dialect::Pointer).unwrap();
    let names: Vec<_> = one
        .documents()
        .into_iter()
        .map(PublicPath::as_str)
        .collect();
    assert_eq!(names, ["a.json", "b.json"]);
    let two = Assertion::parse("/x == @sha256(c.bin)", Dialect::Pointer).unwrap();
    assert_eq!(two.digests()[0].as_str(), "c.bin");
}

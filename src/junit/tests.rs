//! Reports of many runners, and mangled ones.

use miette::Diagnostic;

use super::*;

fn counters(tests: u64, failures: u64, errors: u64, skipped: u64) -> Counters {
    Counters {
        tests,
        failures,
        errors,
        skipped,
    }
}

fn code(text: &str) -> String {
    count(text.as_bytes())
        .unwrap_err()
        .code()
        .unwrap()
        .to_string()
}

#[test]
fn pytest() {
    let text = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4" time="0.06" timestamp="2026-06-01T12:00:00+00:00" hostname="h"><testcase classname="t" name="ok" time="0.001" /><testcase classname="t" name="no" time="0.001"><failure message="assert 1 == 2">def test():
&gt;   assert 1 == 2</failure></testcase><testcase classname="t" name="skip" time="0.000"><skipped type="pytest.skip" message="m">t.py:9: m</skipped></testcase><testcase classname="t" name="err"><error message="failed on setup">E&#10;</error></testcase></testsuite></testsuites>"#;
    assert_eq!(count(text.as_bytes()).unwrap(), counters(4, 1, 1, 1));
}

#[test]
fn surefire_with_a_rerun_that_passed() {
    let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0" name="com.example.AppTest" time="0.04" tests="2" errors="0" skipped="0" failures="0">
  <properties><property name="java.version" value="21"/></properties>
  <testcase name="a" classname="com.example.AppTest" time="0.01"/>
  <testcase name="b" classname="com.example.AppTest" time="0.01"><flakyFailure message="x" type="y"><stackTrace><![CDATA[at </testcase>]]></stackTrace></flakyFailure></testcase>
</testsuite>"#;
    assert_eq!(count(text.as_bytes()).unwrap(), counters(2, 0, 0, 0));
}

#[test]
fn nextest_and_jest() {
    let nextest = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="3" failures="1" errors="0" uuid="u" timestamp="2026-06-01T12:00:00.000+00:00" time="0.1">
    <testsuite name="a" tests="2" disabled="0" errors="0" failures="1">
        <testcase name="x" classname="a" time="0.1"/>
        <testcase name="y" classname="a" time="0.1"><failure type="test failure">e</failure><system-out>o</system-out></testcase>
    </testsuite>
    <testsuite name="b" tests="1" disabled="0" errors="0" failures="0"><testcase name="z"/></testsuite>
</testsuites>"#;
    assert_eq!(count(nextest.as_bytes()).unwrap(), counters(3, 1, 0, 0));
    let jest = r#"<testsuites name="jest tests" tests="2" failures="0" errors="0" time="1"><testsuite name="u" errors="0" failures="0" skipped="1" tests="2"><testcase classname="u" name="a"/><testcase classname="u" name="b"><skipped/></testcase></testsuite></testsuites>"#;
    assert_eq!(count(jest.as_bytes()).unwrap(), counters(2, 0, 0, 1));
}

#[test]
fn gtest_with_a_disabled_test() {
    let text = r#"<testsuites tests="2" failures="0" disabled="1" errors="0" name="AllTests"><testsuite name="S" tests="2" failures="0" disabled="1" skipped="0" errors="0"><testcase name="A" status="run" result="completed"/><testcase name="DISABLED_B" status="notrun" result="suppressed"/></testsuite></testsuites>"#;
    assert_eq!(count(text.as_bytes()).unwrap(), counters(2, 0, 0, 1));
}

#[test]
fn nested_suites_may_count_their_own_or_all() {
    for tests in [1, 3] {
        let text = format!(
            r#"<testsuite name="o" tests="{tests}"><testcase name="a"/><testsuite name="i" tests="2"><testcase name="b"/><testcase name="c"/></testsuite></testsuite>"#
        );
        assert_eq!(count(text.as_bytes()).unwrap(), counters(3, 0, 0, 0));
    }
}

#[test]
fn counters_that_do_not_fit_are_a_problem() {
    for text in [
        r#"<testsuite tests="2"><testcase name="a"/></testsuite>"#,
        r#"<testsuite failures="0"><testcase name="a"><failure/></testcase></testsuite>"#,
        r#"<testsuite tests="many"/>"#,
        r#"<testsuites tests="-1"/>"#,
        r#"<testsuites tests="5"><testsuite tests="1"><testcase/></testsuite></testsuites>"#,
    ] {
        assert_eq!(code(text), "junit.counters_differ", "{text}");
    }
}

#[test]
fn what_is_cut_or_is_no_report_is_refused() {
    for (text, expected) in [
        ("", "junit.not_junit"),
        ("<html/>", "junit.not_junit"),
        ("<testsuite/><testsuite/>", "junit.not_junit"),
        (
            "<testsuite><properties><testcase/></properties></testsuite>",
            "junit.not_junit",
        ),
        (
            "<testsuite><testcase><testcase/></testcase></testsuite>",
            "junit.not_junit",
        ),
        ("<testsuite><testcase/>", "junit.truncated"),
        ("<testsuite><testcase name=\"a\"", "junit.invalid"),
        ("<testsuite></testsuites>", "junit.invalid"),
        ("<testsuite>&bomb;</testsuite>", "junit.invalid"),
        ("<testsuite tests=\"1\" tests=\"0\"/>", "junit.invalid"),
        ("<testsuite/>x", "junit.invalid"),
        (
            "<!DOCTYPE x [<!ENTITY a \"b\">]><testsuite/>",
            "junit.doctype",
        ),
    ] {
        assert_eq!(code(text), expected, "{text}");
    }
    let deep = "<testsuite>".repeat(100) + &"</testsuite>".repeat(100);
    assert_eq!(code(&deep), "junit.not_junit");
}

#[test]
fn an_error_outside_of_cases_counts() {
    let text = "<testsuite><error>could not load</error><testcase/></testsuite>";
    assert_eq!(count(text.as_bytes()).unwrap(), counters(1, 0, 1, 0));
}

#[test]
fn no_prefix_of_a_report_is_a_report() {
    let text = r#"<?xml version="1.0"?><testsuites><testsuite name="a" tests="1"><testcase name="x">&lt;</testcase></testsuite></testsuites>"#;
    assert!(count(text.as_bytes()).is_ok());
    for end in 0..text.len() {
        assert!(count(&text.as_bytes()[..end]).is_err(), "{end}");
    }
}

#[test]
fn a_status_alone_is_believed_only_against_the_test() {
    for (status, expected) in [
        ("failed", counters(1, 1, 0, 0)),
        ("disabled", counters(1, 0, 0, 1)),
        ("passed", counters(1, 0, 0, 0)),
    ] {
        let text = format!("<testsuite><testcase status=\"{status}\"/></testsuite>");
        assert_eq!(count(text.as_bytes()).unwrap(), expected, "{status}");
    }
}

#[test]
fn bytes_that_are_no_utf_8_are_refused() {
    assert!(count(&b"<testsuite name=\"\xff\"><testcase/></testsuite>"[..]).is_err());
    let wide: Vec<u8> = "<testsuite/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(count(&wide[..]).is_err());
}

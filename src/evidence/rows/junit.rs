//! `junit`: test reports say that the tests ran and passed.
//!
//! Failures and errors must be none, unless `require` says something about that counter.

use crate::{
    config::{assertion::Part, row::Junit},
    evidence::{
        assertion::judge,
        facts::Facts,
        outcome::{Check, Outcome, Tally},
    },
    finding::{Finding, counted},
    json::{decimal::Decimal, exact::Node},
    junit::{Counters, count},
};

/// The kind's name.
pub const KIND: &str = "junit";
/// What it is for.
pub const SUMMARY: &str = "JUnit reports count tests, and none failed";

/// The answer of a `junit` row.
#[must_use]
pub fn check(keys: &Junit, facts: &Facts) -> Outcome {
    let mut tally = Tally::default();
    let reports = tally.take(facts, &keys.reports);
    if reports.is_empty() {
        tally.missing(
            Finding::new(
                "junit.missing",
                format!("{} matches no report", keys.reports),
            )
            .help("run the tests with a JUnit report, then run `relkit candidate` again"),
        );
        return tally.finish("");
    }
    let mut sum = Counters::default();
    let mut unread = 0;
    let number = reports.len();
    for report in reports {
        let Some(content) = tally.content(report) else {
            continue;
        };
        match count(content) {
            Ok(counters) => sum = sum.plus(counters),
            Err(error) => {
                unread += 1;
                tally.error(refused(&error, &report.identity.path));
            }
        }
    }
    for name in ["failures", "errors"] {
        let said = |assertion: &&_| counter(assertion) == Some(name);
        if keys.require.iter().find(said).is_none() {
            none(&mut tally, name, sum.get(name).unwrap_or_default());
        }
    }
    let ran = sum.tests.saturating_sub(sum.skipped);
    tally.check(Check {
        expr: "tests - skipped >= 1".to_owned(),
        path: None,
        observed: ran.to_string(),
        ok: ran >= 1,
    });
    if ran == 0 && unread == 0 {
        tally.fail(
            Finding::new("junit.no_tests", format!("no test ran in {}", keys.reports))
                .help("a report without tests proves nothing; run the tests"),
        );
    }
    let document = document(sum);
    for assertion in &keys.require {
        for path in assertion.documents().into_iter().chain(assertion.digests()) {
            tally.bind(facts, path);
        }
        let check = judge(assertion, &document, facts);
        if !check.ok {
            tally.fail(super::assertion_finding(
                code_of(counter(assertion)),
                &check,
            ));
        }
        tally.check(check);
    }
    tally.finish(format!(
        "{}, {} failed, {}, {} skipped in {}",
        many(sum.tests, "test"),
        sum.failures,
        many(sum.errors, "error"),
        sum.skipped,
        counted(number, "report")
    ))
}

fn none(tally: &mut Tally, name: &'static str, count: u64) {
    tally.check(Check {
        expr: format!("{name} == 0"),
        path: None,
        observed: count.to_string(),
        ok: count == 0,
    });
    if count > 0 {
        tally.fail(
            Finding::new(
                code_of(Some(name)),
                format!("the reports count {count} {}", noun(name, count)),
            )
            .help("mend the tests, then run them again"),
        );
    }
}

fn many(count: u64, noun: &str) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), noun)
}

/// `1 failure`, `2 failures`.
fn noun(counter: &'static str, count: u64) -> &'static str {
    if count == 1 {
        counter.trim_end_matches('s')
    } else {
        counter
    }
}

fn code_of(counter: Option<&str>) -> &'static str {
    match counter {
        Some("failures") => "junit.failures",
        Some("errors") => "junit.errors",
        _ => "junit.assertion",
    }
}

fn counter(assertion: &crate::config::assertion::Assertion) -> Option<&str> {
    match &assertion.subject.parts[..] {
        [Part::Name(name)] => Some(name),
        _ => None,
    }
}

fn document(sum: Counters) -> Node {
    let number = |name: &str| {
        let count = sum.get(name).unwrap_or_default().to_string();
        Decimal::parse(&count).map(|count| (name.to_owned(), Node::Number(count)))
    };
    let names = crate::config::assertion::COUNTERS;
    Node::Object(names.into_iter().filter_map(number).collect())
}

fn refused(error: &crate::junit::JunitError, path: &crate::digest::PublicPath) -> Finding {
    let code = miette::Diagnostic::code(error)
        .map_or_else(|| "junit.invalid".to_owned(), |c| c.to_string());
    let help = miette::Diagnostic::help(error).map(|help| help.to_string());
    let finding = Finding::new(
        &code,
        format!(
            "`{path}`: {}",
            crate::evidence::observed::public(&error.to_string())
        ),
    )
    .at(path);
    match help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::{fixture, outcome::Status};

    const PATH: &str = "reports/pytest.xml";

    #[test]
    fn passes_when_tests_ran_and_none_failed() {
        let outcome = fixture::row("tests", &fixture::ready());
        assert_eq!(outcome.status, Status::Pass);
        assert_eq!(
            outcome.message,
            "3 tests, 0 failed, 0 errors, 1 skipped in 1 report"
        );
        assert_eq!(outcome.evidence.len(), 1);
    }

    #[test]
    fn fails_for_failures_errors_skips_and_cut_reports() {
        for (report, code) in [
            (
                "<testsuite><testcase><failure/></testcase><testcase/><testcase/></testsuite>",
                "junit.failures",
            ),
            (
                "<testsuite><testcase><error/></testcase><testcase/><testcase/></testsuite>",
                "junit.errors",
            ),
            ("<testsuite><testcase/></testsuite>", "junit.assertion"),
            ("<testsuite><testcase/>", "junit.truncated"),
            ("<html/>", "junit.not_junit"),
        ] {
            let mut facts = fixture::ready();
            fixture::put(&mut facts, PATH, report.as_bytes());
            let outcome = fixture::row("tests", &facts);
            assert!(
                fixture::codes(&outcome).contains(&code),
                "{report} {outcome:?}"
            );
            assert_ne!(outcome.status, Status::Pass);
        }
        let mut facts = fixture::with_row("junit = \"reports/*.xml\"");
        let skipped = b"<testsuite><testcase><skipped/></testcase></testsuite>";
        fixture::put(&mut facts, PATH, skipped);
        assert_eq!(
            fixture::codes(&fixture::row("extra", &facts)),
            ["junit.no_tests"]
        );
        facts.files.remove(&fixture::path(PATH));
        let outcome = fixture::row("extra", &facts);
        assert_eq!(
            (outcome.status, &fixture::codes(&outcome)[..]),
            (Status::Missing, &["junit.missing"][..])
        );
    }

    #[test]
    fn require_may_loosen_only_the_counter_that_it_names() {
        let mut facts = fixture::with_row("junit = \"reports/*.xml\"\nrequire = \"failures <= 1\"");
        fixture::put(
            &mut facts,
            PATH,
            b"<testsuite><testcase><failure/></testcase></testsuite>",
        );
        assert_eq!(fixture::row("extra", &facts).status, Status::Pass);
        fixture::put(
            &mut facts,
            PATH,
            b"<testsuite><testcase><error/></testcase></testsuite>",
        );
        assert_eq!(
            fixture::codes(&fixture::row("extra", &facts)),
            ["junit.errors"]
        );
    }
}

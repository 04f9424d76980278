//! `expect`: the artifacts are exactly those that a person wrote down.
//!
//! It is judged over the artifacts, never over what a build says that it made.

use crate::{
    config::{Glob, Kind, row::Expect},
    digest::Identity,
    evidence::{
        facts::Facts,
        outcome::{Check, Outcome, Tally},
    },
    finding::{Finding, counted},
};

/// The kind's name.
pub const KIND: &str = "expect";
/// What it is for.
pub const SUMMARY: &str = "the artifacts are exactly these, by name or glob with their counts";

/// The answer of an `expect` row.
#[must_use]
pub fn check(keys: &Expect, facts: &Facts) -> Outcome {
    let mut tally = Tally::default();
    for (path, problem) in facts.refused(&facts.policy.config.release.artifacts) {
        tally.error(problem.finding(path));
    }
    let artifacts: Vec<_> = facts.artifacts().collect();
    for (glob, expected) in &keys.outputs {
        let matches = |artifact: &&&Identity| glob.matches(artifact.path.as_str());
        let count = artifacts.iter().filter(matches).count() as u64;
        tally.check(Check {
            expr: format!("{glob} = {expected}"),
            path: None,
            observed: count.to_string(),
            ok: count == *expected,
        });
        let refused = facts
            .refused(&facts.policy.config.release.artifacts)
            .filter(|(path, _)| glob.matches(path.as_str()))
            .count() as u64;
        if count + refused < *expected {
            tally.missing(missing(glob, *expected, count, facts));
        } else if count > *expected {
            tally.fail(
                Finding::new(
                    "expect.extra",
                    format!(
                        "`{glob}` matches {count} artifacts, and {expected} expected",
                        expected = match expected {
                            1 => "1 is".to_owned(),
                            n => format!("{n} are"),
                        }
                    ),
                )
                .help("remove what does not belong to this release, or raise the count"),
            );
        }
    }
    let foreseen = foreseen(keys, facts);
    let expected = |artifact: &&&Identity| {
        let path = artifact.path.as_str();
        foreseen.iter().any(|glob| glob.matches(path))
    };
    let extra: Vec<_> = artifacts.iter().filter(|a| !expected(a)).collect();
    tally.check(Check {
        expr: "no other artifact".to_owned(),
        path: None,
        observed: counted(extra.len(), "other"),
        ok: extra.is_empty(),
    });
    for artifact in extra {
        tally.fail(
            Finding::new(
                "expect.extra",
                format!("nobody expects `{}`", artifact.path),
            )
            .at(&artifact.path)
            .help("remove it, or add it to `expect`"),
        );
    }
    let total = usize::try_from(total(keys)).unwrap_or(usize::MAX);
    tally.finish(format!("{}, as expected", counted(total, "artifact")))
}

fn total(keys: &Expect) -> u64 {
    keys.outputs.iter().map(|(_, count)| count).sum()
}

/// The globs of this row and of every required `expect` row that applies: together they say what
/// may be there.
fn foreseen<'a>(own: &'a Expect, facts: &'a Facts) -> Vec<&'a Glob> {
    let rows = facts.policy.config.gate.iter();
    rows.filter(|row| row.required && super::applies(row, facts))
        .filter_map(|row| match &row.kind {
            Kind::Expect(keys) => Some(keys),
            _ => None,
        })
        .chain([own])
        .flat_map(|keys| keys.outputs.iter().map(|(glob, _)| glob))
        .collect()
}

fn missing(glob: &Glob, expected: u64, count: u64, facts: &Facts) -> Finding {
    let there = facts.files.keys().any(|path| glob.matches(path.as_str()));
    let help = match (there, count) {
        (true, 0) => "the file is there, but `[release] artifacts` does not name it",
        _ => "build what is absent, then run `relkit candidate` again",
    };
    let finding = Finding::new(
        "expect.missing",
        format!("`{glob}` matches {count} of {expected} artifacts"),
    );
    match glob.literal() {
        Some(path) => finding.at(&path).help(help),
        None => finding.help(help),
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::{facts::File, fixture, outcome::Status};

    #[test]
    fn passes_for_exactly_the_expected_artifacts() {
        let outcome = fixture::row("outputs", &fixture::ready());
        assert_eq!(outcome.status, Status::Pass, "{outcome:?}");
    }

    #[test]
    fn each_artifact_that_is_absent_is_missed_and_each_extra_is_named() {
        let ready = fixture::ready();
        for path in [
            "dist/demo-0.2.0rc1-py3-none-any.whl",
            "dist/demo-0.2.0rc1.tar.gz",
        ] {
            let mut facts = ready.clone();
            facts.files.remove(&fixture::path(path));
            let outcome = fixture::row("outputs", &facts);
            assert_eq!(outcome.status, Status::Missing);
            assert_eq!(outcome.checks.iter().filter(|check| !check.ok).count(), 1);
            assert_eq!(fixture::codes(&outcome), ["expect.missing"]);
        }
        let mut facts = ready.clone();
        fixture::put(&mut facts, "dist/other.whl", b"PK");
        assert_eq!(
            fixture::codes(&fixture::row("outputs", &facts)),
            ["expect.extra"]
        );
        let mut facts = ready.clone();
        fixture::put(&mut facts, "dist/stray.txt", b"x");
        assert_eq!(
            fixture::codes(&fixture::row("outputs", &facts)),
            ["expect.extra"]
        );
        let mut facts = ready;
        let wheel = fixture::path("dist/demo-0.2.0rc1-py3-none-any.whl");
        facts
            .files
            .insert(wheel, File::Refused(crate::evidence::FileProblem::Symlink));
        let outcome = fixture::row("outputs", &facts);
        assert_eq!(outcome.status, Status::Error);
        assert_eq!(fixture::codes(&outcome), ["file.symlink"]);
    }

    #[test]
    fn other_required_rows_may_expect_more_but_optional_ones_may_not() {
        let more = "expect = { \"dist/*.txt\" = 1 }";
        let mut facts = fixture::with_row(more);
        fixture::put(&mut facts, "dist/notes.txt", b"x");
        assert_eq!(fixture::row("outputs", &facts).status, Status::Pass);
        assert_eq!(fixture::row("extra", &facts).status, Status::Pass);
        for loose in ["required = false", "when = \"stable\""] {
            let mut facts = fixture::with_row(&format!("{more}\n{loose}"));
            fixture::put(&mut facts, "dist/notes.txt", b"x");
            assert_eq!(
                fixture::codes(&fixture::row("outputs", &facts)),
                ["expect.extra"]
            );
        }
    }
}

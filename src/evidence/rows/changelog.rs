//! `changelog`: the changelog has a section for the release, and something stands in it.

use crate::{
    changelog::section::{self, Problem},
    config::row::Changelog,
    evidence::{
        facts::Facts,
        observed::public,
        outcome::{Check, Outcome, Tally},
    },
    finding::Finding,
    version::Version,
};

/// The kind's name.
pub const KIND: &str = "changelog";
/// What it is for.
pub const SUMMARY: &str = "the changelog has a dated section for the release, with entries";

/// The answer of a `changelog` row.
#[must_use]
pub fn check(keys: &Changelog, facts: &Facts) -> Outcome {
    let mut tally = Tally::default();
    let path = keys
        .path
        .as_ref()
        .unwrap_or(&facts.policy.config.changelog.path);
    let version = &facts.release.version;
    if !tally.bind(facts, path) {
        tally.missing(
            Finding::new("changelog.missing", format!("`{path}` is not there"))
                .at(path)
                .help(help("changelog.missing", version)),
        );
        return tally.finish("");
    }
    let Some(content) = facts.file(path).and_then(|taken| tally.content(taken)) else {
        return tally.finish("");
    };
    let problems = match std::str::from_utf8(content) {
        Ok(text) => problems(text, version, &keys.sections),
        Err(_) => vec![("changelog.encoding", "it is not UTF-8".to_owned())],
    };
    let heading = format!("## [{}] - DATE", version.heading());
    tally.check(Check {
        expr: format!("{heading} has entries"),
        path: Some(path.clone()),
        observed: problems
            .first()
            .map_or("it does".to_owned(), |(_, text)| text.clone()),
        ok: problems.is_empty(),
    });
    for (code, text) in problems {
        let finding = Finding::new(code, format!("`{path}`: {text}")).at(path);
        tally.fail(finding.help(help(code, version)));
    }
    tally.finish(format!("`{path}` has a section for `{version}`"))
}

/// What is wrong with the release's section of `text`, each with its code.
fn problems(text: &str, version: &Version, allowed: &[String]) -> Vec<(&'static str, String)> {
    let mut found: Vec<_> = section::check(text, version)
        .into_iter()
        .map(|problem| (code(&problem), problem.to_string()))
        .collect();
    let titles = section::section(text, version).map_or_else(Vec::new, |section| section.titles);
    let foreign = |title: &&String| !allowed.is_empty() && !allowed.contains(title);
    found.extend(titles.iter().filter(foreign).map(|title| {
        let title = public(title);
        let text = format!("`### {title}` is not one of the sections that may stand in it");
        ("changelog.section_name", text)
    }));
    found
}

fn help(code: &str, version: &Version) -> String {
    match code {
        "changelog.missing" | "changelog.missing_section" => {
            format!("run `relkit changelog release {version}`, or write the section by hand")
        }
        "changelog.empty_section" => "say in a line or two what the release brings".to_owned(),
        "changelog.date" => "write the heading as `## [0.2.0] - 2026-06-01`".to_owned(),
        "changelog.duplicate_section" => "make one section of the two".to_owned(),
        "changelog.order" => "move the newer section above the older one".to_owned(),
        "changelog.prerelease_left" => {
            "move what the candidate's section says into the release's, and remove it".to_owned()
        }
        "changelog.section_name" => {
            "rename the section, or add its name to the row's `sections`".to_owned()
        }
        _ => "save it as UTF-8".to_owned(),
    }
}

fn code(problem: &Problem) -> &'static str {
    match problem {
        Problem::MissingSection { .. } => "changelog.missing_section",
        Problem::DuplicateSection { .. } => "changelog.duplicate_section",
        Problem::EmptySection { .. } => "changelog.empty_section",
        Problem::BadDate { .. } => "changelog.date",
        Problem::NotNewestFirst { .. } => "changelog.order",
        Problem::PrereleaseLeft { .. } => "changelog.prerelease_left",
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::{fixture, outcome::Status};

    const PATH: &str = "CHANGELOG.md";

    #[test]
    fn passes_when_the_release_has_a_dated_section_with_entries() {
        assert_eq!(
            fixture::row("changelog", &fixture::ready()).status,
            Status::Pass
        );
    }

    #[test]
    fn a_final_release_leaves_no_candidate_behind() {
        let text = "## [0.2.0] - 2026-06-02\n- x\n## [0.2.0-rc1] - 2026-06-01\n- x\n";
        let found = super::problems(text, &"0.2.0".parse().unwrap(), &[]);
        let codes: Vec<_> = found.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, ["changelog.prerelease_left"]);
    }

    #[test]
    fn fails_without_a_section_a_date_an_entry_or_with_a_foreign_section() {
        for (text, code) in [
            ("# Changelog\n", "changelog.missing_section"),
            (
                "## [0.2.0] - 2026-06-01\n- x\n",
                "changelog.missing_section",
            ),
            (
                "## [0.1.0] - 2026-06-01\n- x\n## [0.2.0-rc1] - 2026-06-02\n- x\n",
                "changelog.order",
            ),
            (
                "```\n## [0.2.0-rc1] - 2026-06-01\n- x\n```\n",
                "changelog.missing_section",
            ),
            (
                "<!--\n## [0.2.0-rc1] - 2026-06-01\n- x\n-->\n",
                "changelog.missing_section",
            ),
            ("## [0.2.0-rc1]\n- x\n", "changelog.date"),
            (
                "## [0.2.0-rc1] - 2026-06-01\n### Added\n## [0.1.0] - 2026-01-01\n- y\n",
                "changelog.empty_section",
            ),
            (
                "## [0.2.0-rc1] - 2026-06-01\n### Stuff\n- x\n",
                "changelog.section_name",
            ),
            (
                "## [0.2.0-rc1] - 2026-06-01\n- x\n## [0.2.0-rc1] - 2026-06-02\n- x\n",
                "changelog.duplicate_section",
            ),
        ] {
            let mut facts = fixture::ready();
            fixture::put(&mut facts, PATH, text.as_bytes());
            assert_eq!(
                fixture::codes(&fixture::row("changelog", &facts)),
                [code],
                "{text}"
            );
        }
        let mut facts = fixture::ready();
        facts.files.remove(&fixture::path(PATH));
        let outcome = fixture::row("changelog", &facts);
        assert_eq!(
            (outcome.status, &fixture::codes(&outcome)[..]),
            (Status::Missing, &["changelog.missing"][..])
        );
    }
}

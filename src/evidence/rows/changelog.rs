//! `changelog`: the changelog has a section for the release, and something stands in it.

use crate::{
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
                .help("run `relkit changelog release`"),
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
        expr: format!("`{heading}` has entries"),
        path: Some(path.clone()),
        observed: problems
            .first()
            .map_or("it does".to_owned(), |(_, text)| text.clone()),
        ok: problems.is_empty(),
    });
    for (code, text) in problems {
        let finding = Finding::new(code, format!("`{path}`: {text}")).at(path);
        tally.fail(finding.help("run `relkit changelog release`, or write the section by hand"));
    }
    tally.finish(format!("`{path}` has a section for `{version}`"))
}

/// What is wrong with the release's section of `text`.
fn problems(text: &str, version: &Version, sections: &[String]) -> Vec<(&'static str, String)> {
    let lines: Vec<_> = visible(text);
    let stated = |line: &&str| heading(line).is_some_and(|(stated, _)| stated == version.heading());
    let places: Vec<_> = (0..lines.len()).filter(|n| stated(&lines[*n])).collect();
    let start = match places[..] {
        [] => {
            return vec![(
                "changelog.missing_section",
                format!("it has no section `## [{}]`", version.heading()),
            )];
        }
        [start] => start,
        [_, ..] => {
            return vec![(
                "changelog.duplicate_section",
                format!("it has {} sections for `{version}`", places.len()),
            )];
        }
    };
    let mut problems = Vec::new();
    let date = heading(lines[start]).map_or("", |(_, date)| date);
    if date.parse::<jiff::civil::Date>().is_err() {
        problems.push((
            "changelog.date",
            format!("the section of `{version}` has no date such as `2026-06-01`"),
        ));
    }
    let body = lines[start + 1..]
        .iter()
        .take_while(|line| !line.starts_with("## "));
    let entry = |line: &&&str| {
        ["- ", "* ", "+ "]
            .iter()
            .any(|bullet| line.trim_start().starts_with(bullet))
    };
    if body.clone().find(entry).is_none() {
        problems.push((
            "changelog.empty_section",
            format!("the section of `{version}` has no entry"),
        ));
    }
    let names = body
        .filter_map(|line| line.strip_prefix("### "))
        .map(str::trim);
    for name in names.filter(|name| !sections.is_empty() && !sections.iter().any(|s| s == name)) {
        problems.push((
            "changelog.section_name",
            format!(
                "`### {}` is not one of the sections that may stand in it",
                public(name)
            ),
        ));
    }
    problems
}

/// The lines outside of fenced code and comments.
fn visible(text: &str) -> Vec<&str> {
    let (mut fenced, mut comment) = (false, false);
    let mut lines = Vec::new();
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        fenced ^= fence && !comment;
        let opens = line.contains("<!--") && !fenced;
        if !fenced && !fence && !comment && !opens {
            lines.push(line.trim_end());
        }
        comment = (comment || opens) && !line.contains("-->");
    }
    lines
}

/// The version and the date of `## [0.2.0] - 2026-06-01`.
fn heading(line: &str) -> Option<(&str, &str)> {
    let (version, rest) = line.strip_prefix("## [")?.split_once(']')?;
    let date = rest
        .trim_start()
        .strip_prefix('-')
        .unwrap_or_default()
        .trim();
    Some((version, date))
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
    fn fails_without_a_section_a_date_an_entry_or_with_a_foreign_section() {
        for (text, code) in [
            ("# Changelog\n", "changelog.missing_section"),
            (
                "## [0.2.0] - 2026-06-01\n- x\n",
                "changelog.missing_section",
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

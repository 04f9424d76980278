//! `version`: every place that states the project's version states the release's.

use crate::{
    evidence::{
        facts::Facts,
        observed::public,
        outcome::{Check, Outcome, Tally},
    },
    finding::{Finding, counted},
    version::Version,
};

/// The kind's name.
pub const KIND: &str = "version";
/// What it is for.
pub const SUMMARY: &str = "every version site states the release's version, in its own spelling";

/// The answer of a `version` row.
#[must_use]
pub fn check(facts: &Facts) -> Outcome {
    let mut tally = Tally::default();
    let expected = &facts.release.version;
    for site in &facts.version_sites {
        let ok = site
            .text
            .parse::<Version>()
            .is_ok_and(|stated| stated == *expected);
        let observed = public(&site.text);
        if !ok {
            tally.fail(
                Finding::new(
                    "version.mismatch",
                    format!(
                        "`{}` states `{observed}` at `{}`, not `{expected}`",
                        site.path, site.place
                    ),
                )
                .at(&site.path)
                .help("make the places agree, or leave one out with `[bump] exclude`; then bump"),
            );
        }
        tally.check(Check {
            expr: format!("{} == {expected}", site.place),
            path: Some(site.path.clone()),
            observed,
            ok,
        });
    }
    if facts.version_sites.is_empty() {
        tally.missing(
            Finding::new("version.no_sites", "no file states a version")
                .help("remove the row, or let a manifest state the version"),
        );
    }
    tally.finish(format!(
        "`{expected}` in {}",
        counted(facts.version_sites.len(), "place")
    ))
}

#[cfg(test)]
mod tests {
    use crate::evidence::{fixture, outcome::Status};

    #[test]
    fn passes_when_every_site_states_the_version_in_its_spelling() {
        let facts = fixture::ready();
        assert_eq!(facts.version_sites[0].text, "0.2.0-rc.1");
        assert_eq!(facts.version_sites[1].text, "0.2.0rc1");
        assert_eq!(fixture::row("version", &facts).status, Status::Pass);
    }

    #[test]
    fn fails_when_one_differs_or_none_is_there() {
        for text in ["0.2.0", "0.2.0rc2", "", "dynamic"] {
            let mut facts = fixture::ready();
            text.clone_into(&mut facts.version_sites[1].text);
            let outcome = fixture::row("version", &facts);
            assert_eq!(fixture::codes(&outcome), ["version.mismatch"]);
        }
        let mut facts = fixture::ready();
        facts.version_sites.clear();
        let outcome = fixture::row("version", &facts);
        assert_eq!(
            (outcome.status, &fixture::codes(&outcome)[..]),
            (Status::Missing, &["version.no_sites"][..])
        );
    }
}

//! What a gate asks of a changelog: is this version's section there, and is it fit to be read?

use std::fmt;

use super::{
    document::{Document, Kind, Part},
    release::is_candidate_of,
};
use crate::version::Version;

/// The section of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name as written in the heading.
    pub label: String,
    /// What stands in its heading where a date does.
    pub date: Option<String>,
    /// What stands under its heading, without empty lines around it.
    pub body: String,
    /// The titles of its sections, `Added`, in their order.
    pub titles: Vec<String>,
}

/// What is wrong with a changelog, for the release of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The version has no section.
    MissingSection {
        /// Its usual heading.
        version: String,
    },
    /// The version has more than one section.
    DuplicateSection {
        /// The heading's label.
        label: String,
    },
    /// Nothing stands under its heading.
    EmptySection {
        /// The heading's label.
        label: String,
    },
    /// Its heading has no date, or one that is not of the form `2026-01-31`.
    BadDate {
        /// The heading's label.
        label: String,
        /// What stands there instead.
        found: Option<String>,
    },
    /// A newer release stands below an older one.
    NotNewestFirst {
        /// The label above.
        above: String,
        /// The label below, which is newer.
        below: String,
    },
    /// A pre-release of a final version still has a section of its own.
    PrereleaseLeft {
        /// The pre-release's label.
        label: String,
        /// The final version's label.
        under: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingSection { version } => {
                write!(f, "there is no section for `{version}`")
            }
            Self::DuplicateSection { label } => {
                write!(f, "there is more than one section for `{label}`")
            }
            Self::EmptySection { label } => {
                write!(f, "the section `{label}` is empty")
            }
            Self::BadDate { label, found } => {
                write!(f, "the section `{label}` has ")?;
                match found {
                    Some(found) => write!(f, "`{found}` for a date, not YYYY-MM-DD"),
                    None => f.write_str("no date"),
                }
            }
            Self::NotNewestFirst { above, below } => {
                write!(f, "`{below}` stands below `{above}`, and is newer")
            }
            Self::PrereleaseLeft { label, under } => write!(
                f,
                "the pre-release `{label}` still has a section of its own beside `{under}`"
            ),
        }
    }
}

/// The section of `version`, in whatever spelling its heading has.
#[must_use]
pub fn section(text: &str, version: &Version) -> Option<Section> {
    let document = Document::parse(text);
    let parts = document.releases();
    find(&parts, version).map(|part| Section {
        label: part.heading.label.to_owned(),
        date: part.heading.date.map(str::to_owned),
        body: body(part),
        titles: part
            .sections()
            .iter()
            .map(|section| section.title().to_owned())
            .collect(),
    })
}

/// What is wrong with a changelog for the release of `version`; nothing when all is well.
#[must_use]
pub fn check(text: &str, version: &Version) -> Vec<Problem> {
    let document = Document::parse(text);
    let parts = document.releases();
    let Some(part) = find(&parts, version) else {
        return vec![Problem::MissingSection {
            version: version.heading(),
        }];
    };
    let label = part.heading.label.to_owned();
    let mut problems = Vec::new();
    let same = |other: &&Part<'_, '_>| other.heading.version.as_ref() == Some(version);
    if parts.iter().filter(same).count() > 1 {
        problems.push(Problem::DuplicateSection {
            label: label.clone(),
        });
    }
    if !says_something(part) {
        problems.push(Problem::EmptySection {
            label: label.clone(),
        });
    }
    if !part.heading.date.is_some_and(is_date) {
        problems.push(Problem::BadDate {
            label: label.clone(),
            found: part.heading.date.map(str::to_owned),
        });
    }
    problems.extend(disorder(&parts));
    problems.extend(
        parts
            .iter()
            .filter(|part| is_candidate_of(part, version))
            .map(|part| Problem::PrereleaseLeft {
                label: part.heading.label.to_owned(),
                under: label.clone(),
            }),
    );
    problems
}

fn find<'d, 'p, 'a>(parts: &'p [Part<'d, 'a>], version: &Version) -> Option<&'p Part<'d, 'a>> {
    let is_it = |part: &&Part<'_, '_>| part.heading.version.as_ref() == Some(version);
    parts.iter().find(is_it)
}

/// The first pair of neighbours that are the wrong way round: by their dates where both have one
/// (so that a fix of an older line may stand above), else by their versions.
fn disorder(parts: &[Part<'_, '_>]) -> Option<Problem> {
    let versions = parts.iter().filter_map(|part| {
        let version = part.heading.version.as_ref()?;
        let date = part.heading.date.filter(|date| is_date(date));
        Some((part.heading.label, date, version))
    });
    let versions: Vec<_> = versions.collect();
    let wrong = versions.windows(2).find(|pair| {
        let ((_, above, first), (_, below, second)) = (&pair[0], &pair[1]);
        match (above, below) {
            // Two sections of one version are another problem.
            _ if first == second => false,
            (Some(above), Some(below)) if above != below => above < below,
            _ => first < second,
        }
    })?;
    Some(Problem::NotNewestFirst {
        above: wrong[0].0.to_owned(),
        below: wrong[1].0.to_owned(),
    })
}

/// Section headings and comments alone say nothing.
fn says_something(part: &Part<'_, '_>) -> bool {
    part.content.iter().any(|node| match node.kind {
        Kind::Blank | Kind::Section(_) | Kind::Title | Kind::Link(_) => false,
        Kind::Opaque => !node.text.trim_start().starts_with("<!--"),
        _ => true,
    })
}

fn body(part: &Part<'_, '_>) -> String {
    let text: String = part.content.iter().map(|node| node.text).collect();
    text.trim_end().trim_start_matches(['\r', '\n']).to_owned()
}

fn is_date(text: &str) -> bool {
    // jiff accepts more spellings of a date than this one.
    text.len() == "2026-01-31".len() && text.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn finds_a_section_in_any_spelling() {
        let text = "## [0.2.0rc1] - 2026-01-31\n\n### Added\n\n- a\n\n## 0.1.0\n";
        let section = section(text, &version("0.2.0-rc.1")).unwrap();
        assert_eq!(section.label, "0.2.0rc1");
        assert_eq!(section.date.as_deref(), Some("2026-01-31"));
        assert_eq!(section.body, "### Added\n\n- a");
        assert_eq!(super::section(text, &version("0.3.0")), None);
        assert_eq!(check(text, &version("0.2.0rc1")), []);
    }

    #[test]
    fn names_what_is_wrong() {
        let text = "## [0.2.0] - 2026-02-30\n\n### Added\n<!-- nothing -->\n\n## [0.2.0-rc1]\n\n- a\n\n## 0.3.0\n";
        let problems = check(text, &version("0.2.0"));
        assert!(matches!(
            problems[..],
            [
                Problem::EmptySection { .. },
                Problem::BadDate { .. },
                Problem::NotNewestFirst { .. },
                Problem::PrereleaseLeft { .. },
            ]
        ));
        assert_eq!(
            problems[1].to_string(),
            "the section `0.2.0` has `2026-02-30` for a date, not YYYY-MM-DD"
        );
        assert_eq!(
            check(text, &version("0.4.0"))[0].to_string(),
            "there is no section for `0.4.0`"
        );
    }

    #[test]
    fn a_fix_of_an_older_line_may_stand_above() {
        let text = "## 1.0.1 - 2026-03-01\n\n- a\n\n## 2.0.0 - 2026-02-01\n\n- b\n";
        assert_eq!(check(text, &version("1.0.1")), []);
        let text = text.replace("2026-02-01", "2026-04-01");
        let problems = check(&text, &version("1.0.1"));
        assert_eq!(
            problems[0].to_string(),
            "`2.0.0` stands below `1.0.1`, and is newer"
        );
    }
}

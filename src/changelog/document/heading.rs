//! What the heading of a release says.

use crate::version::Version;

/// The heading of a release, or of `Unreleased`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading<'a> {
    /// How many `#` it has.
    pub level: usize,
    /// The name of the release as written, without brackets: `0.2.0-rc1`, `v1.0`, `Unreleased`.
    pub label: &'a str,
    /// The version that the label is, in any spelling.
    pub version: Option<Version>,
    /// What stands where a date does.
    pub date: Option<&'a str>,
}

impl<'a> Heading<'a> {
    /// Reads `[0.2.0] - 2026-01-01`, `0.2.0 (2026-01-01)`, `[v0.2.0](url) / 2026-01-01`,
    /// `Version 0.2.0`, `[Unreleased]`; `None` for other titles.
    pub(super) fn read(level: usize, title: &'a str) -> Option<Self> {
        let title = ["Version ", "version ", "Release ", "release "]
            .iter()
            .find_map(|word| title.strip_prefix(word))
            .unwrap_or(title);
        let (label, rest) = match title.strip_prefix('[') {
            Some(rest) => {
                let (label, rest) = rest.split_once(']')?;
                let target = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
                (label, target.map_or(rest, |(_, after)| after))
            }
            None => title.split_once(char::is_whitespace).unwrap_or((title, "")),
        };
        let label = label.trim().trim_end_matches([':', ',']);
        let bare = label.strip_prefix(['v', 'V']).unwrap_or(label);
        let numbered = bare.starts_with(|c: char| c.is_ascii_digit()) && bare.contains('.');
        let heading = Self {
            level,
            label,
            version: bare.parse().ok(),
            date: date(rest),
        };
        (numbered || heading.is_unreleased()).then_some(heading)
    }

    /// True for `Unreleased`.
    #[must_use]
    pub fn is_unreleased(&self) -> bool {
        self.label.eq_ignore_ascii_case("unreleased")
    }
}

fn date(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "-–—(/:,".contains(c));
    let end = rest
        .find(|c: char| c.is_whitespace() || c == ')')
        .unwrap_or(rest.len());
    let word = &rest[..end];
    (!word.is_empty() && !word.starts_with('[')).then_some(word)
}

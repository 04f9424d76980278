//! The entries of a release as data, for the curated changelog.

use super::{Cliff, CliffError, Options, commit::Prepared, release};
use crate::changelog::history::History;

/// New entries of one release: a bullet a commit, grouped by the parsers of a `cliff.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// In the order git-cliff gives them.
    pub groups: Vec<Group>,
    /// The header of the `cliff.toml`, for a file that does not exist yet.
    pub header: Option<String>,
}

/// Entries under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The heading's text, `Added`.
    pub title: String,
    /// First lines of messages, without a bullet in front.
    pub bullets: Vec<String>,
}

impl Entries {
    /// True when there is no bullet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| group.bullets.is_empty())
    }
}

/// The entries of all commits in `history`, which a query for
/// [`Unreleased`](crate::changelog::history::Selection::Unreleased) gave.
pub fn entries(config: &Cliff, history: &History) -> Result<Entries, CliffError> {
    let drafts = release::drafts(config, history, &Options::default());
    let releases = release::prepared(config, drafts)?;
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for entry in releases.iter().rev().flat_map(|release| &release.entries) {
        let (Some(group), Some(bullet)) = (entry.group(), bullet(entry)) else {
            continue;
        };
        match found.iter_mut().find(|(name, _)| name == group) {
            Some((_, bullets)) => bullets.push(bullet),
            None => found.push((group.to_owned(), vec![bullet])),
        }
    }
    // The order of Tera's `group_by`: a hidden comment in front of a name sorts it.
    found.sort();
    let mut groups: Vec<Group> = Vec::new();
    for (name, bullets) in found {
        let title = title(&name);
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.bullets.extend(bullets),
            None => groups.push(Group { title, bullets }),
        }
    }
    Ok(Entries {
        groups,
        header: config.header.clone(),
    })
}

fn bullet(entry: &Prepared<'_>) -> Option<String> {
    let line = entry.text().lines().next().unwrap_or_default().trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// `striptags | trim | upper_first`.
fn title(group: &str) -> String {
    let mut text = String::new();
    let mut rest = group;
    while let Some((before, tag)) = rest.split_once('<') {
        text += before;
        let Some((_, after)) = tag.split_once('>') else {
            text.push('<');
            rest = tag;
            break;
        };
        rest = after;
    }
    text += rest;
    let text = text.trim();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().to_string() + chars.as_str()
    })
}

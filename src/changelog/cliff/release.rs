//! Which release each commit belongs to, in one pass over the tags.
//!
//! For each tag in order, its not yet owned ancestors are its release's commits. What no tag owns
//! is unreleased. (git-cliff walks once per tag, with the same result.)

use std::collections::HashMap;

use super::{
    CliffError, Options,
    commit::{self, Prepared, Refused},
    config::{Cliff, Empty, Sort},
};
use crate::changelog::history::{Commit, History, Tag};

/// A release and its commits as they stand in the history, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft<'a> {
    pub(super) version: Option<String>,
    pub(super) message: Option<String>,
    pub(super) commit_id: Option<String>,
    pub(super) timestamp: Option<i64>,
    pub(super) commits: Vec<&'a Commit>,
    pub(super) previous: Option<Box<Draft<'a>>>,
}

/// A release and its entries in the order they are rendered.
#[derive(Clone, Debug)]
pub(super) struct Release<'a> {
    pub(super) draft: Draft<'a>,
    pub(super) entries: Vec<Prepared<'a>>,
    /// The entries of the previous release where a skipped one stood between.
    pub(super) previous_entries: Option<Vec<Prepared<'a>>>,
}

/// The releases of `history`, oldest first; the last one is what is unreleased.
pub(super) fn drafts<'a>(
    config: &Cliff,
    history: &'a History,
    options: &Options,
) -> Vec<Draft<'a>> {
    let limit = config.limit.unwrap_or(usize::MAX).min(history.commits.len());
    let commits = &history.commits[..limit];
    let mut tags = history.tags.clone();
    let asked = options.tag.as_ref().filter(|_| {
        let newest = commits.first();
        !newest.is_some_and(|newest| tags.iter().any(|tag| tag.commit == newest.id))
    });
    if let (Some(name), Some(newest)) = (asked, commits.first()) {
        tags.push(Tag {
            name: name.clone(),
            commit: newest.id.clone(),
            message: None,
            timestamp: options.now,
        });
    }

    let owners = owners(commits, &tags);
    let mut drafts: Vec<Draft<'a>> = tags.iter().map(|tag| draft(tag)).collect();
    let mut unreleased = Draft::default();
    for commit in commits.iter().rev() {
        match owners.get(commit.id.as_str()).and_then(|n| drafts.get_mut(*n)) {
            Some(draft) => draft.commits.push(commit),
            None => unreleased.commits.push(commit),
        }
    }
    unreleased.commit_id = unreleased.commits.last().map(|commit| commit.id.clone());
    if commits.is_empty()
        && let Some(name) = asked
    {
        unreleased.version = Some(name.clone());
        unreleased.timestamp = Some(options.now);
    }

    let first = drafts.iter().position(|draft| !draft.commits.is_empty());
    let before = match first {
        Some(index) => index.checked_sub(1),
        None => tags.len().checked_sub(1),
    };
    let mut previous = match (before, first) {
        (Some(index), _) => Some(Draft {
            message: None,
            ..draft(&tags[index])
        }),
        (None, Some(_)) => Some(Draft::default()),
        (None, None) => None,
    };
    drafts.retain(|draft| !draft.commits.is_empty());
    drafts.push(unreleased);
    for draft in &mut drafts {
        let next = draft.clone();
        draft.previous = previous.replace(next).map(Box::new);
    }
    drafts
}

fn draft<'a>(tag: &Tag) -> Draft<'a> {
    Draft {
        version: Some(tag.name.clone()),
        message: tag.message.clone(),
        commit_id: Some(tag.commit.clone()),
        timestamp: Some(tag.timestamp),
        ..Draft::default()
    }
}

/// Commit id → index of the tag that owns it.
fn owners<'a>(commits: &'a [Commit], tags: &'a [Tag]) -> HashMap<&'a str, usize> {
    let known: HashMap<&str, &Commit> = commits.iter().map(|c| (c.id.as_str(), c)).collect();
    let mut owners = HashMap::new();
    for (index, tag) in tags.iter().enumerate() {
        let mut stack = vec![tag.commit.as_str()];
        while let Some(id) = stack.pop() {
            let Some(commit) = known.get(id) else {
                continue;
            };
            if !owners.contains_key(id) {
                owners.insert(commit.id.as_str(), index);
                stack.extend(commit.parents.iter().map(String::as_str));
            }
        }
    }
    owners
}

/// Reads the commits of `drafts` as `config` says.
pub(super) fn prepared<'a>(
    config: &Cliff,
    drafts: Vec<Draft<'a>>,
) -> Result<Vec<Release<'a>>, CliffError> {
    let mut refused = Refused::default();
    let releases = drafts
        .into_iter()
        .map(|draft| {
            let mut entries: Vec<_> = draft
                .commits
                .iter()
                .flat_map(|commit| commit::entries(config, commit, &mut refused))
                .collect();
            if config.sort == Sort::Newest {
                entries.reverse();
            }
            Release {
                draft,
                entries,
                previous_entries: None,
            }
        })
        .collect();
    refused.into_result()?;
    Ok(releases)
}

/// The releases that are rendered, newest first.
pub(super) fn kept<'a>(config: &Cliff, releases: Vec<Release<'a>>) -> Vec<Release<'a>> {
    let mut skipped = Vec::new();
    let mut kept: Vec<Release<'a>> = Vec::new();
    for release in releases.into_iter().rev() {
        let previous = release.draft.previous.as_ref();
        match &release.draft.version {
            _ if release.entries.is_empty() => {
                let nothing_before = previous.is_some_and(|p| p.commits.is_empty());
                if nothing_before && config.empty == Empty::Rendered {
                    kept.push(release);
                }
            }
            Some(version) if config.skips(version) => skipped.push(version.clone()),
            _ => kept.push(release),
        }
    }
    for version in skipped {
        close_gap(&mut kept, &version);
    }
    kept
}

/// What followed the skipped `version` now follows the release before it, which loses its own
/// previous release (as in git-cliff).
fn close_gap(kept: &mut [Release<'_>], version: &str) {
    let after = |release: &Release<'_>| {
        let previous = release.draft.previous.as_ref();
        previous.and_then(|previous| previous.version.as_deref()) == Some(version)
    };
    let Some(index) = kept.iter().position(after) else {
        return;
    };
    let older = kept.get_mut(index + 1).map(|older| {
        older.draft.previous = None;
        (Box::new(older.draft.clone()), older.entries.clone())
    });
    let (previous, entries) = older.unzip();
    kept[index].draft.previous = previous;
    kept[index].previous_entries = entries;
}

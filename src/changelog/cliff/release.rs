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
    /// When the release before it was made, also where that one is left out.
    pub(super) since: Option<i64>,
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
    let limit = config
        .limit
        .unwrap_or(usize::MAX)
        .min(history.commits.len());
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

    let (released, rest) = partition(commits, &tags);
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    for (index, commits) in &released {
        drafts.push(Draft {
            commits: commits.clone(),
            ..draft(&tags[*index])
        });
    }
    let mut unreleased = Draft {
        commits: rest,
        ..Draft::default()
    };
    unreleased.commit_id = unreleased.commits.last().map(|commit| commit.id.clone());
    if commits.is_empty()
        && let Some(name) = asked
    {
        unreleased.version = Some(name.clone());
        unreleased.timestamp = Some(options.now);
    }

    let first = released.first().map_or(tags.len(), |(index, _)| *index);
    let mut previous = match first.checked_sub(1) {
        Some(index) => Some(Draft {
            message: None,
            ..draft(&tags[index])
        }),
        None => (!released.is_empty()).then(Draft::default),
    };
    drafts.push(unreleased);
    for draft in &mut drafts {
        let next = draft.clone();
        draft.previous = previous.replace(next).map(Box::new);
        draft.since = draft.previous.as_ref().and_then(|p| p.timestamp);
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

/// Commits that end in the tag with this index.
type Owned<'a> = (usize, Vec<&'a Commit>);

/// The commits of each release, oldest first, and what is unreleased. `commits` come newest first.
///
/// Tag by tag: its ancestors that no release has yet are its own, except that up to the commit of
/// a later tag they are that tag's (which happens when clocks were wrong). Every commit is looked
/// at once.
fn partition<'a>(commits: &'a [Commit], tags: &[Tag]) -> (Vec<Owned<'a>>, Vec<&'a Commit>) {
    let places: HashMap<&str, usize> = commits
        .iter()
        .enumerate()
        .map(|(place, commit)| (commit.id.as_str(), place))
        .collect();
    let ends: HashMap<&str, usize> = tags
        .iter()
        .enumerate()
        .map(|(index, tag)| (tag.commit.as_str(), index))
        .collect();
    let mut owned = vec![false; commits.len()];
    let mut releases: Vec<Owned<'a>> = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        let mut pending = Vec::new();
        let mut last = None;
        for place in unowned(tag, commits, &places, &mut owned) {
            let commit = &commits[place];
            match ends.get(commit.id.as_str()) {
                Some(end) if *end == index => last = Some(commit),
                Some(end) => {
                    pending.push(commit);
                    releases.push((*end, std::mem::take(&mut pending)));
                }
                None => pending.push(commit),
            }
        }
        if let Some(last) = last {
            pending.push(last);
            releases.push((index, pending));
        }
    }
    let rest = (0..commits.len()).rev().filter(|place| !owned[*place]);
    (releases, rest.map(|place| &commits[place]).collect())
}

/// The places of the ancestors of `tag` that are not owned yet, oldest first; they are owned then.
fn unowned(
    tag: &Tag,
    commits: &[Commit],
    places: &HashMap<&str, usize>,
    owned: &mut [bool],
) -> Vec<usize> {
    let mut found = Vec::new();
    let mut stack = vec![tag.commit.as_str()];
    while let Some(id) = stack.pop() {
        if let Some(place) = places.get(id).copied()
            && !std::mem::replace(&mut owned[place], true)
        {
            found.push(place);
            stack.extend(commits[place].parents.iter().map(String::as_str));
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found
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
            let mut commits = draft.commits.clone();
            if config.sort == Sort::Newest {
                commits.reverse();
            }
            let entries = commits
                .into_iter()
                .flat_map(|commit| commit::entries(config, commit, &mut refused))
                .collect();
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
            Some(version) if config.skips(version) => skipped.push(version.clone()),
            _ if release.entries.is_empty() => {
                let nothing_before = previous.is_some_and(|p| p.commits.is_empty());
                if nothing_before && config.empty == Empty::Rendered {
                    kept.push(release);
                }
            }
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

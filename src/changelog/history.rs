//! A history as values: commits in the order git-cliff walks them, and the tags that end releases.

use regex::Regex;

/// Who did it, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// `None` when the repository has no valid text for it.
    pub name: Option<String>,
    /// `None` when the repository has no valid text for it.
    pub email: Option<String>,
    /// Seconds since the epoch.
    pub timestamp: i64,
}

/// One commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// 40 hexadecimal digits.
    pub id: String,
    /// The whole message, trailing white space included.
    pub message: String,
    /// Who wrote it.
    pub author: Person,
    /// Who committed it.
    pub committer: Person,
    /// The ids of its parents, the first one first.
    pub parents: Vec<String>,
}

/// A tag on a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tag {
    /// Its short name, `v0.2.0`.
    pub name: String,
    /// The id of the commit it finally points to.
    pub commit: String,
    /// An annotated tag's message, without its signature; `None` for a lightweight tag.
    pub message: Option<String>,
    /// When the commit it points to was committed, in seconds since the epoch.
    pub timestamp: i64,
}

/// What the engine knows about a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The selected commits, newest first, in libgit2's order.
    pub commits: Vec<Commit>,
    /// All tags that end a release, oldest first.
    pub tags: Vec<Tag>,
    /// The URL of the remote that the current branch follows.
    pub remote_url: Option<String>,
    /// What templates see as `repository`.
    pub repository: String,
}

/// Which commits are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// All that `HEAD` reaches.
    #[default]
    All,
    /// A revision range such as `v0.1.0..v0.2.0`.
    Range(String),
    /// After the last tag.
    Unreleased,
    /// Up to the last tag, from the one before it.
    Latest,
    /// Up to the tag at `HEAD`, from the one before it.
    Current,
}

/// In which order commits are walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WalkOrder {
    /// No parent before all of its children.
    #[default]
    Topological,
    /// By commit time.
    Time,
}

/// In which order tags end releases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagOrder {
    /// By the commit time of what they point to, then by name.
    #[default]
    Time,
    /// By name: what git-cliff does under `topo_order`.
    Name,
}

/// Which tags end a release.
#[derive(Clone, Debug, Default)]
pub struct TagRules {
    /// Only names that match (`tag_pattern`).
    pub pattern: Option<Regex>,
    /// Names that end a release which is later left out (`skip_tags`): always kept here.
    pub skip: Option<Regex>,
    /// Names that do not end a release (`ignore_tags`).
    pub ignore: Option<Regex>,
    /// Only names that match, unless they are skipped (`count_tags`).
    pub count: Option<Regex>,
    /// Their order.
    pub order: TagOrder,
    /// Where they must stand.
    pub reach: TagReach,
}

/// Where tags must stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagReach {
    /// Anywhere in the repository.
    #[default]
    Repository,
    /// On the history of `HEAD` (`use_branch_tags`).
    Branch,
}

/// What to read from a repository; [`crate::changelog::cliff::Cliff::query`] makes it.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Which commits.
    pub selection: Selection,
    /// In which order.
    pub order: WalkOrder,
    /// Which tags.
    pub tags: TagRules,
}

/// The ends of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// From `HEAD` to the roots.
    Head,
    /// From this commit to the roots.
    From(String),
    /// A revision range.
    Range(String),
}

/// A selection that the tags do not allow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum SelectionError {
    /// `--current` on a commit without a tag.
    #[error("no tag exists for the current commit")]
    #[diagnostic(
        code("changelog.no_current_tag"),
        help("check out a tagged commit, or use `--latest` or `--unreleased`")
    )]
    NoCurrentTag,
    /// `--current` on the commit of the first of several tags.
    #[error("no tag comes before `{tag}`, which is at the current commit")]
    #[diagnostic(
        code("changelog.first_tag"),
        help("name a range: `<first commit>..{tag}`")
    )]
    FirstTag {
        /// Its name.
        tag: String,
    },
}

impl TagRules {
    /// Whether a tag of this name counts where a selection looks for one.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.pattern
            .as_ref()
            .is_none_or(|regex| regex.is_match(name))
    }

    /// Whether a tag that counts also ends a release.
    #[must_use]
    pub fn ends_release(&self, name: &str) -> bool {
        let matches = |rule: &Option<Regex>| rule.as_ref().map(|regex| regex.is_match(name));
        let given = |rule: &Option<Regex>| rule.clone().filter(|r| !r.as_str().trim().is_empty());
        matches(&given(&self.skip)) == Some(true)
            || matches(&given(&self.count)) != Some(false)
                && matches(&given(&self.ignore)) != Some(true)
    }

    /// Puts tags, which come in the order of their names, in the order of releases. Of several
    /// tags on one commit the last one stays, at the place of the first.
    #[must_use]
    pub fn arrange(&self, mut tags: Vec<Tag>) -> Vec<Tag> {
        if self.order == TagOrder::Time {
            tags.sort_by_key(|tag| tag.timestamp);
        }
        let mut places = std::collections::HashMap::new();
        let mut kept: Vec<Tag> = Vec::new();
        for tag in tags {
            let place = *places.entry(tag.commit.clone()).or_insert(kept.len());
            match kept.get_mut(place) {
                Some(earlier) => *earlier = tag,
                None => kept.push(tag),
            }
        }
        kept
    }
}

impl Selection {
    /// The ends of the walk, given the arranged tags and what `git describe --tags` says of `HEAD`.
    pub fn span(&self, tags: &[Tag], described: &str) -> Result<Span, SelectionError> {
        match self {
            Self::All => Ok(Span::Head),
            Self::Range(range) => Ok(Span::Range(range.clone())),
            Self::Unreleased => Ok(match tags.last() {
                Some(tag) => Span::Range(format!("{}..HEAD", tag.commit)),
                None => Span::Head,
            }),
            // Without any tag, git-cliff takes everything; a single one is always current.
            Self::Latest | Self::Current if tags.len() < 2 => Ok(match tags.first() {
                Some(only) => Span::From(only.commit.clone()),
                None => Span::Head,
            }),
            Self::Latest => between(tags, tags.len() - 1),
            Self::Current => match tags.iter().position(|tag| tag.name == described) {
                None => Err(SelectionError::NoCurrentTag),
                Some(index) => between(tags, index),
            },
        }
    }
}

/// From the tag before the one at `index` to that one.
fn between(tags: &[Tag], index: usize) -> Result<Span, SelectionError> {
    let end = &tags[index];
    match index.checked_sub(1).and_then(|before| tags.get(before)) {
        Some(before) => Ok(Span::Range(format!("{}..{}", before.commit, end.commit))),
        None => Err(SelectionError::FirstTag {
            tag: end.name.clone(),
        }),
    }
}

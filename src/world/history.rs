//! A git door: reads a history with libgit2, whose commit order decides the bytes of a changelog.
//!
//! Never writes, takes no lock, and reads no configuration but the current branch's remote.

use std::{collections::HashSet, sync::LazyLock};

use git2::{DescribeOptions, Oid, Repository, Signature, Sort};
use regex::Regex;

use super::git::{Git, GitError, failed};
use crate::changelog::history::{
    Commit, History, Person, Query, SelectionError, Span, Tag, TagReach, WalkOrder,
};

/// A history that could not be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum HistoryError {
    /// A range that does not resolve.
    #[error("`{range}` is not a range of revisions")]
    #[diagnostic(
        code("changelog.range"),
        help("write it as `OLD..NEW` with tags, branches or commit ids that exist here")
    )]
    Range {
        /// As given.
        range: String,
        /// What libgit2 says.
        source: git2::Error,
    },
    /// A selection that the tags do not allow.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Selection(#[from] SelectionError),
    /// The repository refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Git(#[from] GitError),
}

impl From<git2::Error> for HistoryError {
    fn from(error: git2::Error) -> Self {
        Self::Git(failed("read the history")(error))
    }
}

/// Reads what `query` asks for.
pub fn read(git: &Git, query: &Query) -> Result<History, HistoryError> {
    git.require_whole_history()?;
    git.head()?;
    let repository = &git.repository;
    let mut tags = tags(repository, query)?;
    if query.tags.reach == TagReach::Branch {
        let reached = walk(repository, query, &Span::Head)?;
        let reached: HashSet<String> = reached.iter().map(Oid::to_string).collect();
        tags.retain(|tag| reached.contains(&tag.commit));
    }
    let span = query.selection.span(&tags, &described(repository))?;
    tags.retain(|tag| query.tags.ends_release(&tag.name));
    let commits = walk(repository, query, &span)?
        .into_iter()
        .map(|id| repository.find_commit(id).map(|commit| value(&commit)))
        .collect::<Result<_, _>>()?;
    Ok(History {
        commits,
        tags,
        remote_url: remote_url(repository),
        repository: git.root.to_string(),
    })
}

/// The tag at `HEAD`; of several, an annotated one. Another text where there is none.
fn described(repository: &Repository) -> String {
    let describe = repository.describe(DescribeOptions::new().describe_tags());
    let text = describe.and_then(|description| description.format(None));
    text.unwrap_or_default()
}

fn walk(repository: &Repository, query: &Query, span: &Span) -> Result<Vec<Oid>, HistoryError> {
    let mut walk = repository.revwalk()?;
    walk.set_sorting(match query.order {
        WalkOrder::Topological => Sort::TOPOLOGICAL,
        WalkOrder::Time => Sort::TIME,
    })?;
    match span {
        Span::Head => walk.push_head()?,
        Span::From(id) => walk.push(Oid::from_str(id)?)?,
        Span::Range(range) => walk
            .push_range(range)
            .map_err(|source| HistoryError::Range {
                range: range.clone(),
                source,
            })?,
    }
    Ok(walk.collect::<Result<_, _>>()?)
}

fn value(commit: &git2::Commit<'_>) -> Commit {
    Commit {
        id: commit.id().to_string(),
        message: String::from_utf8_lossy(commit.message_bytes()).into_owned(),
        author: person(&commit.author()),
        committer: person(&commit.committer()),
        parents: commit.parent_ids().map(|id| id.to_string()).collect(),
    }
}

fn person(signature: &Signature<'_>) -> Person {
    Person {
        name: signature.name().ok().map(str::to_owned),
        email: signature.email().ok().map(str::to_owned),
        timestamp: signature.when().seconds(),
    }
}

/// The tags that end a release, in the order of releases.
fn tags(repository: &Repository, query: &Query) -> Result<Vec<Tag>, HistoryError> {
    let mut tags = Vec::new();
    for reference in repository.references_glob("refs/tags/*")? {
        let reference = reference?;
        let Ok(name) = std::str::from_utf8(reference.name_bytes()) else {
            continue;
        };
        let name = name.trim_start_matches("refs/tags/");
        if !query.tags.names(name) {
            continue;
        }
        // A tag may point to a tree or a file; it ends no release then.
        let Ok(commit) = reference.peel_to_commit() else {
            continue;
        };
        let message = reference
            .peel_to_tag()
            .ok()
            .and_then(|tag| tag.message_bytes().map(message_text));
        tags.push(Tag {
            name: name.to_owned(),
            commit: commit.id().to_string(),
            message,
            timestamp: commit.time().seconds(),
        });
    }
    tags.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(query.tags.arrange(tags))
}

fn message_text(bytes: &[u8]) -> String {
    static SIGNATURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let kind = "(PGP|SSH|SIGNED) (SIGNATURE|MESSAGE)-----";
        Regex::new(&format!("(?s)-----BEGIN {kind}.*?-----END {kind}")).ok()
    });
    let text = String::from_utf8_lossy(bytes);
    match &*SIGNATURE {
        Some(signature) => signature.replace(&text, "").trim().to_owned(),
        None => text.trim().to_owned(),
    }
}

/// The URL of the remote that the current branch follows.
fn remote_url(repository: &Repository) -> Option<String> {
    let head = repository.head().ok()?;
    let remote = repository
        .branch_upstream_remote(head.name().ok()?)
        .ok()
        .and_then(|name| name.as_str().ok().map(str::to_owned))?;
    let remote = repository.find_remote(&remote).ok()?;
    remote.url().ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changelog::history::Selection;

    /// A repository with one commit a message, and the directory it lives in.
    fn repository(messages: &[&str]) -> (tempfile::TempDir, Repository) {
        let dir = tempfile::TempDir::new().unwrap();
        let repository = Repository::init(dir.path()).unwrap();
        let mut parent = None;
        for message in messages {
            let who = Signature::new(
                "Ann",
                "ann@example.org",
                &git2::Time::new(1_700_000_000, 60),
            );
            let who = who.unwrap();
            let tree = repository.treebuilder(None).unwrap().write().unwrap();
            let tree = repository.find_tree(tree).unwrap();
            let parents: Vec<git2::Commit<'_>> = parent.into_iter().collect();
            let parents: Vec<&git2::Commit<'_>> = parents.iter().collect();
            let id = repository
                .commit(Some("HEAD"), &who, &who, message, &tree, &parents)
                .unwrap();
            parent = Some(repository.find_commit(id).unwrap());
        }
        drop(parent);
        (dir, repository)
    }

    fn open(dir: &tempfile::TempDir) -> Git {
        Git::discover(camino::Utf8Path::from_path(dir.path()).unwrap()).unwrap()
    }

    #[test]
    fn reads_commits_and_tags() {
        let (dir, repository) = repository(&["feat: one", "fix: two\n"]);
        let head = repository.head().unwrap().peel_to_commit().unwrap();
        repository
            .tag_lightweight("v1", head.as_object(), false)
            .unwrap();
        let signed = "about it\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n";
        let who = head.author();
        repository
            .tag("v2", head.as_object(), &who, signed, false)
            .unwrap();
        let history = read(&open(&dir), &Query::default()).unwrap();
        let messages: Vec<_> = history.commits.iter().map(|c| c.message.as_str()).collect();
        assert_eq!(messages, ["fix: two\n", "feat: one"]);
        assert_eq!(history.commits[0].parents, [history.commits[1].id.clone()]);
        assert_eq!(history.commits[0].author.timestamp, 1_700_000_000);
        let tags: Vec<_> = history
            .tags
            .iter()
            .map(|t| (&*t.name, t.message.as_deref()))
            .collect();
        assert_eq!(tags, [("v2", Some("about it"))]);
        let query = Query {
            selection: Selection::Unreleased,
            ..Query::default()
        };
        assert_eq!(read(&open(&dir), &query).unwrap().commits, []);
    }

    #[test]
    fn says_why_it_cannot() {
        use miette::Diagnostic as _;
        let code = |dir: &tempfile::TempDir, query: &Query| {
            let error = read(&open(dir), query).unwrap_err();
            assert!(error.help().is_some());
            error.code().unwrap().to_string()
        };
        let (empty, _) = repository(&[]);
        assert_eq!(code(&empty, &Query::default()), "git.no_commit");
        let (dir, repository) = repository(&["feat: one", "feat: two"]);
        let query = Query {
            selection: Selection::Range("v1..v2".to_owned()),
            ..Query::default()
        };
        assert_eq!(code(&dir, &query), "changelog.range");
        let head = repository.head().unwrap().target().unwrap();
        #[expect(clippy::disallowed_methods, reason = "makes the clone shallow")]
        std::fs::write(repository.path().join("shallow"), format!("{head}\n")).unwrap();
        assert_eq!(code(&dir, &Query::default()), "git.shallow");
    }
}

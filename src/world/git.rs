//! The git door: what a repository says. What changes it stands in `release`.

#![expect(clippy::disallowed_methods, reason = "this is the git door")]

use camino::{Utf8Path, Utf8PathBuf};
use git2::{ErrorCode, Oid, Repository, RepositoryOpenFlags, Status, StatusOptions};

use super::part;
use crate::digest::{InvalidPath, PublicPath};

/// A repository refused.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum GitError {
    /// There is none.
    #[error("`{path}` is not in a git repository")]
    #[diagnostic(
        code("git.no_repository"),
        help("run `git init` there first, or name another directory with `-C DIR`")
    )]
    NoRepository {
        /// Where one was looked for.
        path: String,
    },
    /// It belongs to another user.
    #[error("the repository belongs to another user, so git does not trust it")]
    #[diagnostic(
        code("git.unsafe_directory"),
        help("run `git config --global --add safe.directory \"$PWD\"` there")
    )]
    Unsafe,
    /// It has no working tree.
    #[error("the repository is bare: it has no files to release")]
    #[diagnostic(code("git.bare"), help("work in a clone with a working tree"))]
    Bare,
    /// It has no commit.
    #[error("the repository has no commit yet")]
    #[diagnostic(
        code("git.no_commit"),
        help("commit what there is first: `git add -A && git commit -m start`")
    )]
    Unborn,
    /// Nobody to sign a commit with.
    #[error("git does not know who you are")]
    #[diagnostic(
        code("git.identity"),
        help("set `git config user.name` and `git config user.email`")
    )]
    Identity,
    /// Someone else changes it now.
    #[error("the repository is locked by another git process")]
    #[diagnostic(
        code("git.locked"),
        help("wait until it has ended; after a crash remove the lock file that git names")
    )]
    Locked(#[source] Said),
    /// It lacks a part of its history.
    #[error("the clone is shallow: it lacks a part of its history")]
    #[diagnostic(
        code("git.shallow"),
        help(
            "run `git fetch --unshallow --tags`; in a workflow: `with: {{ fetch-depth: 0 }}` under actions/checkout"
        )
    )]
    Shallow,
    /// A tracked path cannot stand in a report.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Path(#[from] InvalidPath),
    /// Anything else.
    #[error("git could not {action}")]
    #[diagnostic(
        code("git.failed"),
        help("see the cause; `git fsck` tells whether the repository is whole")
    )]
    Failed {
        /// What was attempted.
        action: &'static str,
        /// What libgit2 says.
        source: Said,
    },
}

/// What libgit2 says, without its numbers.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Said(String);

pub(super) fn failed(action: &'static str) -> impl Fn(git2::Error) -> GitError {
    move |error| {
        let source = Said(error.message().to_owned());
        match error.code() {
            ErrorCode::Locked => GitError::Locked(source),
            ErrorCode::UnbornBranch => GitError::Unborn,
            _ => GitError::Failed { action, source },
        }
    }
}

fn not_opened(directory: &Utf8Path) -> impl Fn(git2::Error) -> GitError {
    move |source| match source.code() {
        ErrorCode::NotFound => GitError::NoRepository {
            path: directory.to_string(),
        },
        ErrorCode::Owner => GitError::Unsafe,
        _ => failed("open the repository")(source),
    }
}

/// An open repository with a working tree.
pub struct Git {
    pub(super) repository: Repository,
    /// The working tree's root.
    pub root: Utf8PathBuf,
}

/// Where `HEAD` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The commit, 40 hexadecimal digits.
    pub commit: String,
    /// Its tree.
    pub tree: String,
    /// The branch's full ref name; `None` when detached.
    pub reference: Option<String>,
}

/// How a path differs from `HEAD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// git knows the path.
    Tracked,
    /// git does not.
    Untracked,
}

/// A tag and what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRef {
    /// Without `refs/tags/`.
    pub name: String,
    /// The object the ref names: the tag object of an annotated tag, else the commit.
    pub object: String,
    /// The commit it leads to; `None` for a tag of something else.
    pub commit: Option<String>,
}

impl Git {
    /// Opens the repository that holds `directory`.
    pub fn discover(directory: &Utf8Path) -> Result<Self, GitError> {
        let flags = RepositoryOpenFlags::CROSS_FS;
        let none: [&str; 0] = [];
        let repository =
            Repository::open_ext(directory, flags, none).map_err(not_opened(directory))?;
        let root = repository.workdir().ok_or(GitError::Bare)?;
        let root = Utf8Path::from_path(root).ok_or(GitError::NoRepository {
            path: root.display().to_string(),
        })?;
        let text = root.as_str();
        let root = Utf8PathBuf::from(text.strip_suffix('/').unwrap_or(text));
        Ok(Self { repository, root })
    }

    /// Relkit's private directory in this repository: `git rev-parse --git-path relkit`.
    pub fn state(&self) -> Result<Utf8PathBuf, GitError> {
        Utf8Path::from_path(self.repository.path())
            .map(|path| path.join("relkit"))
            .ok_or(GitError::NoRepository {
                path: self.repository.path().display().to_string(),
            })
    }

    /// The directory that all working trees of this repository share.
    pub fn common(&self) -> Result<Utf8PathBuf, GitError> {
        let path = self.repository.commondir();
        let invalid = || GitError::NoRepository {
            path: path.display().to_string(),
        };
        Utf8Path::from_path(path)
            .map(Utf8Path::to_owned)
            .ok_or_else(invalid)
    }

    /// Where `HEAD` is.
    pub fn head(&self) -> Result<Head, GitError> {
        let head = self.repository.head().map_err(failed("read HEAD"))?;
        let commit = head
            .peel_to_commit()
            .map_err(failed("find HEAD's commit"))?;
        let detached = self
            .repository
            .head_detached()
            .map_err(failed("read HEAD"))?;
        Ok(Head {
            commit: commit.id().to_string(),
            tree: commit.tree_id().to_string(),
            reference: head.name().ok().filter(|_| !detached).map(str::to_owned),
        })
    }

    /// Every tag, sorted by name.
    pub fn tags(&self) -> Result<Vec<TagRef>, GitError> {
        let mut tags = Vec::new();
        let references = self
            .repository
            .references_glob("refs/tags/*")
            .map_err(failed("list tags"))?;
        for reference in references {
            let reference = reference.map_err(failed("read a tag"))?;
            let Some(name) = reference
                .name()
                .ok()
                .and_then(|n| n.strip_prefix("refs/tags/"))
            else {
                continue;
            };
            // One tag may be another's name (`git symbolic-ref refs/tags/latest refs/tags/v1`).
            let object = reference.resolve().ok().and_then(|direct| direct.target());
            tags.push(TagRef {
                name: name.to_owned(),
                object: object.map_or_else(String::new, |id| id.to_string()),
                commit: reference.peel_to_commit().ok().map(|c| c.id().to_string()),
            });
        }
        tags.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(tags)
    }

    /// Every tracked path that may stand in a report, in the index's order.
    pub fn tracked(&self) -> Result<Vec<PublicPath>, GitError> {
        let index = self.repository.index().map_err(failed("read the index"))?;
        let paths = index.iter().filter_map(|entry| {
            let text = String::from_utf8(entry.path).ok()?;
            PublicPath::new(text).ok()
        });
        Ok(paths.collect())
    }

    /// Paths that differ from `HEAD`, staged or not, and untracked files that are not ignored.
    pub fn changes(&self) -> Result<Vec<(PublicPath, Change)>, GitError> {
        let mut options = StatusOptions::new();
        options
            .include_untracked(true)
            .recurse_untracked_dirs(true)
            .include_ignored(false);
        let statuses = self
            .repository
            .statuses(Some(&mut options))
            .map_err(failed("read the status"))?;
        let mut changes = Vec::new();
        for status in statuses.iter() {
            let text = status.path().map_err(failed("read the status"))?;
            let change = if status.status() == Status::WT_NEW {
                Change::Untracked
            } else {
                Change::Tracked
            };
            let name = text.rsplit('/').next().unwrap_or(text);
            if change == Change::Untracked && part::is_part(name) {
                // A killed run left it; the next one removes it.
                continue;
            }
            changes.push((PublicPath::new(text)?, change));
        }
        Ok(changes)
    }

    /// How many commits `HEAD` holds that `tag` does not.
    pub fn commits_since(&self, tag: &TagRef) -> Result<usize, GitError> {
        let mut walk = self
            .repository
            .revwalk()
            .map_err(failed("walk the history"))?;
        walk.push_head().map_err(failed("walk the history"))?;
        if let Some(id) = tag.commit.as_ref().and_then(|id| Oid::from_str(id).ok()) {
            walk.hide(id).map_err(failed("walk the history"))?;
        }
        Ok(walk.filter_map(std::result::Result::ok).count())
    }

    /// Refuses a clone that lacks a part of its history.
    pub fn require_whole_history(&self) -> Result<(), GitError> {
        if self.repository.is_shallow() {
            Err(GitError::Shallow)
        } else {
            Ok(())
        }
    }

    /// True if `HEAD` holds `path` with these bytes; other line ends are as good.
    pub fn holds(&self, path: &PublicPath, bytes: &[u8]) -> Result<bool, GitError> {
        let head = self.repository.head().map_err(failed("read HEAD"))?;
        let tree = head.peel_to_tree().map_err(failed("read HEAD's tree"))?;
        let Ok(entry) = tree.get_path(Utf8Path::new(path.as_str()).as_std_path()) else {
            return Ok(false);
        };
        let blob = self.repository.find_blob(entry.id());
        let blob = blob.map_err(failed("read a file of HEAD"))?;
        let plain = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        Ok(blob.content() == bytes || plain(blob.content()) == plain(bytes))
    }

    /// True if git ignores `path`, which is relative to the root.
    #[must_use]
    pub fn ignores(&self, path: &Utf8Path) -> bool {
        self.repository
            .is_path_ignored(path.as_std_path())
            .unwrap_or(false)
    }

    /// The URL of the remote `origin`, without user, password and query.
    pub fn remote(&self) -> Option<String> {
        let remote = self.repository.find_remote("origin").ok()?;
        remote.url().ok().and_then(public_url)
    }
}

/// A remote's URL as it may stand in a report: a web address, never a local path or a secret.
fn public_url(url: &str) -> Option<String> {
    let (host, path) = if let Some((scheme, rest)) = url.split_once("://") {
        if scheme == "file" {
            return None;
        }
        let rest = rest.split(['?', '#']).next()?;
        let (authority, path) = rest.split_once('/')?;
        let host = authority.rsplit('@').next()?;
        (host.split(':').next()?, path)
    } else {
        let (authority, path) = url.split_once(':')?;
        let host = authority.rsplit('@').next()?;
        if host.contains(['/', '\\']) || host.len() < 2 {
            return None;
        }
        (host, path)
    };
    let path = path.trim_matches('/').trim_end_matches(".git");
    (!path.is_empty()).then(|| format!("https://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_shows_neither_secrets_nor_local_paths() {
        let url = |text| public_url(text).unwrap_or_default();
        for text in [
            "git@example.com:o/r.git",
            "https://example.com/o/r.git",
            "https://user:secret@example.com/o/r?token=x",
            "ssh://git@example.com:22/o/r.git",
        ] {
            assert_eq!(url(text), "https://example.com/o/r", "{text}");
        }
        for text in ["/home/me/r", "file:///home/me/r", "../r", "C:\\r"] {
            assert_eq!(url(text), "", "{text}");
        }
    }

    #[test]
    fn a_tag_that_names_a_tag_has_its_object() {
        let directory = tempfile::tempdir().unwrap();
        let repository = Repository::init(directory.path()).unwrap();
        let tree = repository.treebuilder(None).unwrap().write().unwrap();
        let tree = repository.find_tree(tree).unwrap();
        let ann = git2::Signature::now("Ann", "ann@example.com").unwrap();
        let commit = repository
            .commit(Some("HEAD"), &ann, &ann, "start", &tree, &[])
            .unwrap();
        let target = repository.find_object(commit, None).unwrap();
        let object = repository.tag("v1", &target, &ann, "v1", false).unwrap();
        repository
            .reference_symbolic("refs/tags/latest", "refs/tags/v1", false, "")
            .unwrap();
        let git = Git::discover(Utf8Path::from_path(directory.path()).unwrap()).unwrap();
        let want = |name: &str| TagRef {
            name: name.to_owned(),
            object: object.to_string(),
            commit: Some(commit.to_string()),
        };
        assert_eq!(git.tags().unwrap(), [want("latest"), want("v1")]);
    }

    #[test]
    fn a_repository_of_another_user_is_named() {
        let refused = |code| {
            let source = git2::Error::new(code, git2::ErrorClass::Config, "not owned");
            let error = not_opened(Utf8Path::new("."))(source);
            miette::Diagnostic::code(&error).unwrap().to_string()
        };
        assert_eq!(refused(ErrorCode::Owner), "git.unsafe_directory");
        assert_eq!(refused(ErrorCode::GenericError), "git.failed");
    }

    #[test]
    fn no_repository_has_a_name_for_itself() {
        let directory = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(directory.path()).unwrap();
        assert!(matches!(
            Git::discover(path),
            Err(GitError::NoRepository { .. })
        ));
    }
}

//! One git transaction: edits, commit, annotated tag, all of it or none, also when the process is
//! killed: a journal names what was begun, and the next run finishes or undoes it.

use std::io::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use git2::{Commit, FileMode, ObjectType, Oid, Signature, Time, Tree, build::TreeUpdateBuilder};
use serde::{Deserialize, Serialize};

use super::{
    fs::{self, FileError},
    git::{Git, GitError, failed},
    journal::KillPoints,
    part,
};
use crate::{
    context::Context,
    plan::{Edit, Outcome, Tag},
};

/// The transaction failed; the files are as they were.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ReleaseError {
    /// The repository refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Git(#[from] GitError),
    /// A file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
    /// Somebody else was faster.
    #[error("{what} while the release was made")]
    #[diagnostic(
        code("git.moved"),
        help("nothing was changed; look at what came in, then run the command again")
    )]
    Moved {
        /// What has changed.
        what: String,
    },
    /// It failed, and what had been written could not be taken back.
    #[error("the release failed, and these files could not be restored: {paths}")]
    #[diagnostic(
        code("git.not_restored"),
        help("mend what the cause names, then run `relkit bump` again: it restores them first")
    )]
    NotRestored {
        /// The files that stay changed.
        paths: String,
        /// Why the release failed.
        source: Box<ReleaseError>,
    },
}

/// What is to happen together.
#[derive(Clone, Copy, Debug)]
pub struct Release<'a> {
    /// The branch that is checked out.
    pub branch: &'a str,
    /// The files that enter the commit.
    pub edits: &'a [Edit],
    /// The commit's message.
    pub message: &'a str,
    /// The annotated tag.
    pub tag: &'a Tag,
}

/// What is on the disk while a release is under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Begun {
    branch: String,
    tag: String,
    commit: String,
    tag_object: String,
    edits: Vec<Edit>,
}

/// What became of a release that had been interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// Commit and tag are there.
    Finished,
    /// Every file is as it was.
    Undone,
}

impl Git {
    /// Writes, commits and tags. The refs are locked first and must be as they were seen; then come
    /// git objects (nobody sees them), the journal, the files, the index, and last branch and tag in
    /// one reference transaction. A failure before the end restores every file.
    pub fn release(&self, ctx: &Context, release: Release<'_>) -> Result<Outcome, ReleaseError> {
        let mut points = KillPoints::new(ctx.var("RELKIT_TEST_KILL_AT"));
        let repository = &self.repository;
        let seen = self.head()?.commit;
        let name = format!("refs/tags/{}", release.tag.name);
        let mut transaction = repository.transaction().map_err(failed("lock the refs"))?;
        for reference in [release.branch, &name] {
            transaction
                .lock_ref(reference)
                .map_err(failed("lock a ref"))?;
        }
        let parent = self.under_lock(&release, (&seen, &name))?;
        let who = self.signature(ctx)?;
        let tree = self.tree(&parent, release.edits)?;
        let commit = repository
            .commit(None, &who, &who, release.message, &tree, &[&parent])
            .map_err(failed("write the commit"))?;
        let object = repository
            .find_object(commit, Some(ObjectType::Commit))
            .map_err(failed("find the commit"))?;
        let tag = repository
            .tag_annotation_create(&release.tag.name, &object, &who, &release.tag.message)
            .map_err(failed("write the tag"))?;
        let log = format!("commit: {}", release.message);
        transaction
            .set_target(release.branch, commit, Some(&who), &log)
            .and_then(|()| transaction.set_target(&name, tag, Some(&who), "tag"))
            .map_err(failed("move branch and tag"))?;

        let begun = Begun {
            branch: release.branch.to_owned(),
            tag: name,
            commit: commit.to_string(),
            tag_object: tag.to_string(),
            edits: release.edits.to_vec(),
        };
        points.pass();
        self.begin(&begun)?;
        let done = self.write(release.edits, &mut points).and_then(|()| {
            points.pass();
            Ok(transaction
                .commit()
                .map_err(failed("move branch and tag"))?)
        });
        points.pass();
        match done {
            Ok(()) => {
                self.end()?;
                Ok(Outcome::Done)
            }
            Err(error) => Err(self.undo(release.edits, error)),
        }
    }

    /// The commit that the branch is at, if it is the one that was seen and the tag is absent.
    fn under_lock(
        &self,
        release: &Release<'_>,
        (seen, tag): (&str, &str),
    ) -> Result<Commit<'_>, ReleaseError> {
        let moved = |what: String| ReleaseError::Moved { what };
        let head = self.head()?;
        if head.reference.as_deref() != Some(release.branch) {
            let branch = release.branch.trim_start_matches("refs/heads/");
            return Err(moved(format!(
                "the branch `{branch}` is not checked out any more"
            )));
        }
        if head.commit != seen {
            return Err(moved("the branch has moved".to_owned()));
        }
        if self.repository.find_reference(tag).is_ok() {
            return Err(moved(format!("the tag `{}` was made", release.tag.name)));
        }
        let head = self.repository.head().map_err(failed("read HEAD"))?;
        Ok(head
            .peel_to_commit()
            .map_err(failed("find HEAD's commit"))?)
    }

    fn write(&self, edits: &[Edit], points: &mut KillPoints) -> Result<(), ReleaseError> {
        for edit in edits {
            fs::require_no_link(&self.root, &edit.path)?;
            fs::write(&self.place(edit), edit.after.as_bytes())?;
            points.pass();
        }
        let mut index = self.repository.index().map_err(failed("read the index"))?;
        for edit in edits {
            index
                .add_path(Utf8Path::new(edit.path.as_str()).as_std_path())
                .map_err(failed("stage a file"))?;
        }
        points.pass();
        index.write().map_err(failed("write the index"))?;
        Ok(())
    }

    /// Puts the files and their index entries back, and returns what the caller is to say.
    fn undo(&self, edits: &[Edit], error: ReleaseError) -> ReleaseError {
        let kept = self.restore(edits);
        if kept.is_empty() {
            let _ = self.end();
            return error;
        }
        ReleaseError::NotRestored {
            paths: kept.join(", "),
            source: Box::new(error),
        }
    }

    /// Restores each file that the release has written, and unstages it; the paths that refuse.
    fn restore(&self, edits: &[Edit]) -> Vec<String> {
        let mut kept = Vec::new();
        for edit in edits {
            let place = self.place(edit);
            part::remove_stale(&place);
            // Nobody but the release writes these very bytes; a later hand's are left alone.
            let ours =
                fs::read_optional(&place).ok().flatten().as_deref() == Some(edit.after.as_bytes());
            let restored = match &edit.before {
                _ if !ours => Ok(()),
                Some(text) => fs::write(&place, text.as_bytes()),
                None => fs::remove(&place),
            };
            if restored.is_err() {
                kept.push(format!("`{}`", edit.path));
            }
        }
        if let Ok(head) = self.repository.head()
            && let Ok(commit) = head.peel(ObjectType::Commit)
        {
            let paths = edits.iter().map(|edit| edit.path.as_str());
            let _ = self.repository.reset_default(Some(&commit), paths);
        }
        kept
    }

    /// True if a release was begun and neither finished nor undone.
    pub fn is_interrupted(&self) -> Result<bool, GitError> {
        Ok(fs::exists(&self.journal()?))
    }

    /// Finishes or undoes a release that was interrupted. The caller holds relkit's lock.
    pub fn recover(&self) -> Result<Option<Recovered>, ReleaseError> {
        let Some(text) = fs::read_text(&self.journal()?)? else {
            return Ok(None);
        };
        let Ok(begun) = serde_json::from_str::<Begun>(&text) else {
            // Cut off while it was written, so nothing else had been.
            self.end()?;
            return Ok(Some(Recovered::Undone));
        };
        self.remove_locks(&begun);
        let at = |name: &str| {
            let reference = self.repository.find_reference(name).ok()?;
            reference.target().map(|id| id.to_string())
        };
        let branch = at(&begun.branch).as_ref() == Some(&begun.commit);
        let tag = at(&begun.tag).as_ref() == Some(&begun.tag_object);
        if branch || tag {
            // The transaction had begun to move them, and files and index were written before.
            for (done, name, id) in [
                (branch, &begun.branch, &begun.commit),
                (tag, &begun.tag, &begun.tag_object),
            ] {
                if !done {
                    let id = Oid::from_str(id).map_err(failed("read the journal"))?;
                    self.repository
                        .reference(name, id, true, "relkit: finish an interrupted release")
                        .map_err(failed("move branch and tag"))?;
                }
            }
            self.end()?;
            return Ok(Some(Recovered::Finished));
        }
        let kept = self.restore(&begun.edits);
        if !kept.is_empty() {
            return Err(ReleaseError::NotRestored {
                paths: kept.join(", "),
                source: Box::new(ReleaseError::Moved {
                    what: "it was interrupted".to_owned(),
                }),
            });
        }
        self.end()?;
        Ok(Some(Recovered::Undone))
    }

    /// Removes the lock files that the killed process held.
    fn remove_locks(&self, begun: &Begun) {
        let common = self.repository.commondir();
        for name in [&begun.branch, &begun.tag] {
            if let Some(path) = Utf8Path::from_path(&common.join(format!("{name}.lock"))) {
                let _ = fs::remove(path);
            }
        }
        if let Some(path) = Utf8Path::from_path(&self.repository.path().join("index.lock")) {
            let _ = fs::remove(path);
        }
    }

    fn journal(&self) -> Result<Utf8PathBuf, GitError> {
        Ok(self.state()?.join("release.json"))
    }

    fn begin(&self, begun: &Begun) -> Result<(), ReleaseError> {
        let text = serde_json::to_string(begun).unwrap_or_default();
        Ok(fs::write(&self.journal()?, text.as_bytes())?)
    }

    fn end(&self) -> Result<(), ReleaseError> {
        Ok(fs::remove(&self.journal()?)?)
    }

    fn place(&self, edit: &Edit) -> Utf8PathBuf {
        self.root.join(edit.path.as_str())
    }

    /// `parent`'s tree with the edits in it, whatever stands in the index.
    fn tree(&self, parent: &Commit<'_>, edits: &[Edit]) -> Result<Tree<'_>, GitError> {
        let base = parent.tree().map_err(failed("read HEAD's tree"))?;
        let mut update = TreeUpdateBuilder::new();
        for edit in edits {
            let path = Utf8Path::new(edit.path.as_str()).as_std_path();
            // With the path for a hint, line ends and other filters are applied as `git add` does.
            let blob = self.repository.blob_writer(Some(path));
            let mut blob = blob.map_err(failed("write a blob"))?;
            // What it could not take, it says when it is finished.
            let _ = blob.write_all(edit.after.as_bytes());
            let id = blob.commit().map_err(failed("write a blob"))?;
            let executable = base
                .get_path(path)
                .is_ok_and(|entry| entry.filemode() == i32::from(FileMode::BlobExecutable));
            let mode = if executable {
                FileMode::BlobExecutable
            } else {
                FileMode::Blob
            };
            update.upsert(path, id, mode);
        }
        let id = update
            .create_updated(&self.repository, &base)
            .map_err(failed("write the tree"))?;
        self.repository
            .find_tree(id)
            .map_err(failed("find the tree"))
    }

    /// The e-mail address under which commits are made.
    pub fn email(&self, ctx: &Context) -> Result<String, GitError> {
        self.person(ctx, "GIT_COMMITTER_EMAIL", "user.email")
    }

    fn person(&self, ctx: &Context, variable: &str, key: &str) -> Result<String, GitError> {
        let config = self
            .repository
            .config()
            .and_then(|mut config| config.snapshot())
            .map_err(failed("read the configuration"))?;
        let configured = config.get_str(key).ok().filter(|text| !text.is_empty());
        ctx.var(variable)
            .or(configured)
            .map(str::to_owned)
            .ok_or(GitError::Identity)
    }

    fn signature(&self, ctx: &Context) -> Result<Signature<'static>, GitError> {
        let name = self.person(ctx, "GIT_COMMITTER_NAME", "user.name")?;
        let email = self.email(ctx)?;
        let at = Time::new(ctx.now.as_second(), 0);
        Signature::new(&name, &email, &at).map_err(|_| GitError::Identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::PublicPath;

    fn edit(path: &str, before: Option<&str>) -> Edit {
        Edit {
            path: PublicPath::new(path).unwrap(),
            before: before.map(str::to_owned),
            after: "new\n".to_owned(),
        }
    }

    fn code(error: &ReleaseError) -> String {
        miette::Diagnostic::code(error).unwrap().to_string()
    }

    fn repository() -> (tempfile::TempDir, Git) {
        let directory = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(directory.path()).unwrap().to_owned();
        let git = Git::init(&root).unwrap();
        fs::write(&root.join("a"), b"old\n").unwrap();
        let clock = "2026-01-01T00:00:00Z".parse().unwrap();
        let ctx = Context::new(root, clock, std::collections::BTreeMap::new()).unwrap();
        git.commit_all(&ctx, "start", None).unwrap();
        (directory, git)
    }

    #[test]
    fn a_failure_restores_what_was_written_and_nothing_else() {
        let (_directory, git) = repository();
        let place = |name: &str| git.root.join(name);
        fs::write(&place("a"), b"new\n").unwrap();
        fs::write(&place("b"), b"new\n").unwrap();
        fs::write(&place("c"), b"by hand\n").unwrap();
        let edits = [
            edit("a", Some("old\n")),
            edit("b", None),
            edit("c", Some("old\n")),
        ];
        let error = git.undo(&edits, ReleaseError::Git(GitError::Unborn));
        assert_eq!(code(&error), "git.no_commit");
        assert_eq!(fs::read(&place("a")).unwrap(), b"old\n");
        assert!(!fs::exists(&place("b")));
        assert_eq!(fs::read(&place("c")).unwrap(), b"by hand\n");
    }

    #[test]
    fn what_cannot_be_restored_is_named() {
        let error = ReleaseError::NotRestored {
            paths: "`a`".to_owned(),
            source: Box::new(ReleaseError::Git(GitError::Unborn)),
        };
        assert_eq!(code(&error), "git.not_restored");
        assert!(error.to_string().contains("`a`"));
    }

    #[test]
    fn what_has_moved_under_the_lock_is_not_lost() {
        let (_directory, git) = repository();
        let tag = Tag {
            name: "v1".to_owned(),
            message: "x".to_owned(),
        };
        let release = Release {
            branch: "refs/heads/main",
            edits: &[],
            message: "x",
            tag: &tag,
        };
        let head = git.head().unwrap().commit;
        assert!(git.under_lock(&release, (&head, "refs/tags/v1")).is_ok());
        let other = "0".repeat(40);
        let error = git
            .under_lock(&release, (&other, "refs/tags/v1"))
            .unwrap_err();
        assert_eq!(code(&error), "git.moved");
        let id = Oid::from_str(&head).unwrap();
        git.repository
            .reference("refs/tags/v1", id, false, "x")
            .unwrap();
        assert!(git.under_lock(&release, (&head, "refs/tags/v1")).is_err());
        let elsewhere = Release {
            branch: "refs/heads/side",
            ..release
        };
        assert!(git.under_lock(&elsewhere, (&head, "refs/tags/v2")).is_err());
    }

    #[test]
    fn a_journal_that_was_cut_off_had_begun_nothing() {
        let (_directory, git) = repository();
        assert_eq!(git.recover().unwrap(), None);
        fs::write(&git.journal().unwrap(), b"{\"branch\":").unwrap();
        assert!(git.is_interrupted().unwrap());
        assert_eq!(git.recover().unwrap(), Some(Recovered::Undone));
        assert!(!git.is_interrupted().unwrap());
    }
}

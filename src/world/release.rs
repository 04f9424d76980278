//! One git transaction: edits, commit, annotated tag, all of it or none.

use camino::Utf8Path;
use git2::{Commit, FileMode, ObjectType, Signature, Time, Tree, build::TreeUpdateBuilder};

use super::{
    fs::{self, FileError},
    git::{Git, GitError, failed},
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
    /// It failed, and what had been written could not be taken back.
    #[error("the release failed, and `{path}` could not be restored")]
    #[diagnostic(
        code("git.not_restored"),
        help("`git checkout -- .` brings the files back; neither commit nor tag was made")
    )]
    NotRestored {
        /// The file that stays changed.
        path: String,
        /// Why the release failed.
        source: Box<ReleaseError>,
    },
}

/// What is to happen together.
#[derive(Clone, Copy, Debug)]
pub struct Release<'a> {
    /// The files that enter the commit.
    pub edits: &'a [Edit],
    /// The commit's message.
    pub message: &'a str,
    /// The annotated tag.
    pub tag: &'a Tag,
}

impl Git {
    /// Writes, commits and tags: git objects first (nobody sees them), then the files, then the
    /// index, and last branch and tag in one reference transaction. A failure before the end
    /// restores every file.
    pub fn release(&self, ctx: &Context, release: Release<'_>) -> Result<Outcome, ReleaseError> {
        let repository = &self.repository;
        let head = repository.head().map_err(failed("read HEAD"))?;
        let parent = head
            .peel_to_commit()
            .map_err(failed("find HEAD's commit"))?;
        let branch = head.name().map_err(failed("read HEAD"))?;
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

        let name = format!("refs/tags/{}", release.tag.name);
        let mut transaction = repository.transaction().map_err(failed("lock the refs"))?;
        for reference in [branch, &name] {
            transaction
                .lock_ref(reference)
                .map_err(failed("lock a ref"))?;
        }
        transaction
            .set_target(
                branch,
                commit,
                Some(&who),
                &format!("commit: {}", release.message),
            )
            .map_err(failed("move the branch"))?;
        transaction
            .set_target(&name, tag, Some(&who), "tag")
            .map_err(failed("create the tag"))?;
        self.write(release.edits)
            .and_then(|()| {
                Ok(transaction
                    .commit()
                    .map_err(failed("move branch and tag"))?)
            })
            .map_err(|error| self.restore(release.edits, error))?;
        Ok(Outcome::Done)
    }

    fn write(&self, edits: &[Edit]) -> Result<(), ReleaseError> {
        for edit in edits {
            fs::write(&self.root.join(edit.path.as_str()), edit.after.as_bytes())?;
        }
        let mut index = self.repository.index().map_err(failed("read the index"))?;
        for edit in edits {
            index
                .add_path(Utf8Path::new(edit.path.as_str()).as_std_path())
                .map_err(failed("stage a file"))?;
        }
        index.write().map_err(failed("write the index"))?;
        Ok(())
    }

    /// Puts the texts and the index back, and returns what the caller is to say.
    fn restore(&self, edits: &[Edit], error: ReleaseError) -> ReleaseError {
        for edit in edits {
            let path = self.root.join(edit.path.as_str());
            let now = fs::read_optional(&path).ok().flatten();
            if now.as_deref() == edit.before.as_deref().map(str::as_bytes) {
                continue;
            }
            let restored = match &edit.before {
                Some(text) => fs::write(&path, text.as_bytes()),
                None => fs::remove(&path),
            };
            if restored.is_err() {
                return ReleaseError::NotRestored {
                    path: edit.path.to_string(),
                    source: Box::new(error),
                };
            }
        }
        // The index was as HEAD has it, or the plan would have been refused.
        if let Ok(mut index) = self.repository.index()
            && let Ok(tree) = self.repository.head().and_then(|head| head.peel_to_tree())
            && index.read_tree(&tree).is_ok()
        {
            let _ = index.write();
        }
        error
    }

    /// `parent`'s tree with the edits in it, whatever stands in the index.
    fn tree(&self, parent: &Commit<'_>, edits: &[Edit]) -> Result<Tree<'_>, GitError> {
        let base = parent.tree().map_err(failed("read HEAD's tree"))?;
        let mut update = TreeUpdateBuilder::new();
        for edit in edits {
            let path = Utf8Path::new(edit.path.as_str()).as_std_path();
            let text = edit.after.as_bytes();
            let id = self.repository.blob(text).map_err(failed("write a blob"))?;
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

    #[test]
    fn a_failure_restores_every_file_and_names_the_one_it_cannot() {
        let directory = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(directory.path()).unwrap();
        let git = Git::init(root).unwrap();
        fs::write(&root.join("a"), b"new\n").unwrap();
        fs::write(&root.join("b"), b"new\n").unwrap();
        let why = || ReleaseError::Git(GitError::Unborn);
        let error = git.restore(&[edit("a", Some("old\n")), edit("b", None)], why());
        assert_eq!(code(&error), "git.no_commit");
        assert_eq!(fs::read(&root.join("a")).unwrap(), b"old\n");
        assert!(!fs::exists(&root.join("b")));
        // `a` is a file, so nothing can stand below it.
        let error = git.restore(&[edit("a/b", Some("old\n"))], why());
        assert_eq!(code(&error), "git.not_restored");
    }
}

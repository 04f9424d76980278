//! New repositories: what the demo starts from.

#![expect(clippy::disallowed_methods, reason = "this is a git door")]

use camino::Utf8Path;
use git2::{IndexAddOption, ObjectType, Repository, RepositoryInitOptions, Signature, Time};

use super::git::{Git, GitError, failed};
use crate::context::Context;

impl Git {
    /// Makes a repository in `directory`, on the branch `main`, with an identity of its own.
    pub fn init(directory: &Utf8Path) -> Result<Self, GitError> {
        let mut options = RepositoryInitOptions::new();
        options
            .initial_head("main")
            .no_reinit(true)
            .external_template(false);
        let repository =
            Repository::init_opts(directory, &options).map_err(failed("make a repository"))?;
        let mut config = repository.config().map_err(failed("configure it"))?;
        for (key, value) in [("user.name", "Demo"), ("user.email", "demo@example.com")] {
            config.set_str(key, value).map_err(failed("configure it"))?;
        }
        Self::discover(directory)
    }

    /// Commits everything that is not ignored, and tags it if a name is given.
    pub fn commit_all(
        &self,
        ctx: &Context,
        message: &str,
        tag: Option<&str>,
    ) -> Result<(), GitError> {
        let repository = &self.repository;
        let mut index = repository.index().map_err(failed("read the index"))?;
        index
            .add_all(["*"], IndexAddOption::DEFAULT, None)
            .map_err(failed("stage the files"))?;
        index.write().map_err(failed("write the index"))?;
        let tree = index
            .write_tree()
            .and_then(|id| repository.find_tree(id))
            .map_err(failed("write the tree"))?;
        let at = Time::new(ctx.now.as_second(), 0);
        let who =
            Signature::new("Demo", "demo@example.com", &at).map_err(|_| GitError::Identity)?;
        let parent = repository
            .head()
            .and_then(|head| head.peel_to_commit())
            .ok();
        let parents: Vec<_> = parent.iter().collect();
        let commit = repository
            .commit(Some("HEAD"), &who, &who, message, &tree, &parents)
            .map_err(failed("commit"))?;
        if let Some(name) = tag {
            let object = repository
                .find_object(commit, Some(ObjectType::Commit))
                .map_err(failed("find the commit"))?;
            repository
                .tag(name, &object, &who, &format!("Release {name}"), false)
                .map_err(failed("tag"))?;
        }
        Ok(())
    }
}

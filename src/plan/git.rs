//! The repository.

use serde::{Deserialize, Serialize};

use super::Edit;

/// Something to do to the repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum GitStep {
    /// The edits are written and committed, and the commit is tagged: all of it, or none.
    Release {
        /// The branch that the commit goes on, `refs/heads/main`; it must be checked out.
        branch: String,
        /// The files that enter the commit; nothing else does.
        edits: Vec<Edit>,
        /// The commit's message.
        message: String,
        /// The annotated tag.
        tag: Tag,
    },
}

/// An annotated tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// For example `v0.2.0-rc1`.
    pub name: String,
    /// Its annotation.
    pub message: String,
}

impl GitStep {
    pub(super) fn line(&self) -> (&'static str, String) {
        match self {
            Self::Release { message, tag, .. } => {
                let subject = message.lines().next().unwrap_or_default();
                ("Commit", format!("`{subject}`, tagged {}", tag.name))
            }
        }
    }
}

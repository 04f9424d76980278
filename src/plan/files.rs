//! Files of the working tree.

use serde::{Deserialize, Serialize};

use crate::digest::PublicPath;

/// One text, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Relative to the repository's root.
    pub path: PublicPath,
    /// What the file said when the plan was made; `null` if there was none.
    pub before: Option<String>,
    /// What it shall say.
    pub after: String,
}

impl Edit {
    /// Verb and object of the line that shows it.
    #[must_use]
    pub fn line(&self) -> (&'static str, String) {
        let verb = if self.before.is_some() {
            "Update"
        } else {
            "Create"
        };
        (verb, self.path.to_string())
    }
}

/// Something to do to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FileStep {
    /// The file shall say what the edit says.
    Write(Edit),
    /// A generated report shall stand there, whatever an earlier run left.
    Report {
        /// Relative to the repository's root.
        path: PublicPath,
        /// Its whole text.
        text: String,
    },
}

impl FileStep {
    pub(super) fn line(&self) -> (&'static str, String) {
        match self {
            Self::Write(edit) => edit.line(),
            Self::Report { path, .. } => ("Report", path.to_string()),
        }
    }
}

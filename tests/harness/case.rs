//! What `case.toml` may say. CONTRIBUTING.md shows it by example.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

/// One case. All keys are optional; the first step may stand at the top.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Case {
    /// Folders under `tests/cases/_base/` that are laid below `in/`, one over the other.
    pub(crate) base: Vec<String>,
    /// What the command meets.
    pub(crate) repository: Repository,
    /// Git commands after the first commit.
    pub(crate) git: Vec<String>,
    /// Files written after that, not committed.
    pub(crate) write: BTreeMap<String, String>,
    /// Variables of every step.
    pub(crate) env: BTreeMap<String, String>,
    /// Variables of this machine that every step sees, such as `PATH`.
    pub(crate) inherit: Vec<String>,
    /// What is replaced in the recorded output.
    pub(crate) redact: Vec<Redact>,
    /// The only step's arguments.
    pub(crate) args: Option<Vec<String>>,
    /// The only step's exit status.
    pub(crate) status: i32,
    /// More than one step.
    pub(crate) step: Vec<Step>,
    /// What must hold of the repository as a whole.
    pub(crate) tree: Tree,
    /// The subjects of all commits, newest first.
    pub(crate) log: Option<Vec<String>>,
    /// All tags, sorted by name.
    pub(crate) tags: Option<Vec<String>>,
    /// Paths that must not exist.
    pub(crate) absent: Vec<String>,
}

/// One run of relkit, and what happens to the repository before it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Step {
    /// Files written before it.
    pub(crate) write: BTreeMap<String, String>,
    /// Files removed before it.
    pub(crate) remove: Vec<String>,
    /// Git commands before it.
    pub(crate) git: Vec<String>,
    /// Further variables.
    pub(crate) env: BTreeMap<String, String>,
    /// The arguments; without them, nothing is run.
    pub(crate) args: Option<Vec<String>>,
    /// The exit status.
    pub(crate) status: i32,
}

/// What the command meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Repository {
    /// `in/`, committed as `start`.
    #[default]
    Committed,
    /// A repository without a commit; `in/` is untracked.
    Unborn,
    /// A directory that is no repository.
    None,
}

/// What must hold of the repository as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tree {
    /// Nothing beyond the other keys.
    #[default]
    Any,
    /// No file, reference or state of relkit is other than before the first step.
    Unchanged,
}

/// What is replaced in the recorded output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Redact {
    /// 40 hexadecimal digits: `[COMMIT]`.
    Commit,
    /// 64 hexadecimal digits: `[DIGEST]`.
    Digest,
    /// The random delimiters of a GitHub step's outputs: `[DELIMITER]`.
    Delimiter,
    /// A moment, `2026-01-01T00:00:00Z`: `[TIME]`.
    Time,
    /// 7 to 12 hexadecimal digits with a letter and a digit: `[SHORT]`.
    Short,
}

impl Case {
    pub(crate) fn read(dir: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(dir.join("case.toml")).map_err(|e| e.to_string())?;
        let mut case: Self = toml::from_str(&text).map_err(|e| format!("case.toml: {e}"))?;
        match (case.args.take(), case.step.is_empty()) {
            (Some(args), true) => case.step.push(Step {
                args: Some(args),
                status: case.status,
                ..Step::default()
            }),
            (None, false) => {}
            _ => return Err("case.toml: either `args` or `[[step]]`".to_owned()),
        }
        Ok(case)
    }
}

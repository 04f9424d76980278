//! The one shape of "something to say about a release".

use serde::{Deserialize, Serialize};

use crate::digest::{Digest, PublicPath};

/// `1 blocker`, `2 blockers`: a number and its noun, for messages.
#[must_use]
pub fn counted(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// What would clear a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Trying again may clear it.
    Transient,
    /// A person's word clears it.
    NeedsApproval,
    /// It could not be determined.
    Undetermined,
    /// Something must change.
    Permanent,
}

/// One statement that keeps a release from going out, with a stable code and a way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable and dotted; `relkit explain <code>` prints the page about it.
    pub code: String,
    /// The row of the gate it came from, if it came from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The file it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PublicPath>,
    /// What is the case, in one sentence.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What would clear it.
    pub class: Class,
    /// Live issues that track it.
    #[serde(default)]
    pub issue_refs: Vec<String>,
    /// The same finding has the same fingerprint in every run: SHA-256 over code, row and path.
    pub fingerprint: Digest,
}

impl Finding {
    /// A finding that something must change for.
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            row: None,
            path: None,
            message: message.into(),
            help: None,
            class: Class::Permanent,
            issue_refs: Vec::new(),
            fingerprint: Digest::of(code.as_bytes()),
        }
        .with_fingerprint()
    }

    /// Names the file it is about.
    #[must_use]
    pub fn at(mut self, path: &PublicPath) -> Self {
        self.path = Some(path.clone());
        self.with_fingerprint()
    }

    /// Names the row it came from, and the issues that track that row.
    #[must_use]
    pub fn in_row(mut self, row: &str, issue_refs: &[String]) -> Self {
        self.row = Some(row.to_owned());
        self.issue_refs = issue_refs.to_vec();
        self.with_fingerprint()
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn with_fingerprint(mut self) -> Self {
        let path = self.path.as_ref().map_or("", PublicPath::as_str);
        let row = self.row.as_deref().unwrap_or_default();
        self.fingerprint = Digest::of(format!("{}\0{row}\0{path}", self.code).as_bytes());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_follows_code_row_and_path_only() {
        let path = PublicPath::new("dist/a.whl").unwrap();
        let one = Finding::new("file.missing", "a")
            .at(&path)
            .in_row("outputs", &[]);
        let two = Finding::new("file.missing", "b")
            .in_row("outputs", &["#1".to_owned()])
            .at(&path)
            .help("x");
        assert_eq!(one.fingerprint, two.fingerprint);
        assert_ne!(
            one.fingerprint,
            Finding::new("file.missing", "a").fingerprint
        );
    }
}

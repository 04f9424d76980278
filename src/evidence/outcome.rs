//! What a row answers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::facts::{Facts, File, FileProblem, Taken};
use crate::{
    config::Globs,
    digest::{Digest, Identity, PublicPath},
    finding::Finding,
};

/// The state of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It checked something, and all of it holds.
    Pass,
    /// Something does not hold.
    Fail,
    /// What it looks at is not there.
    Missing,
    /// What it looks at cannot be relied on.
    Error,
    /// It does not apply to this release. Never a pass.
    Skipped,
}

/// One thing that a row looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What must hold.
    pub expr: String,
    /// In which file, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PublicPath>,
    /// What was seen.
    pub observed: String,
    /// Whether it holds.
    pub ok: bool,
}

/// The answer of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its state.
    pub status: Status,
    /// One sentence.
    pub message: String,
    /// The files that it read.
    pub evidence: BTreeSet<Identity>,
    /// What it looked at.
    pub checks: Vec<Check>,
    /// What does not hold.
    pub findings: Vec<Finding>,
}

impl Outcome {
    /// A row that does not apply.
    #[must_use]
    pub fn skipped(message: impl Into<String>) -> Self {
        Self {
            status: Status::Skipped,
            message: message.into(),
            evidence: BTreeSet::new(),
            checks: Vec::new(),
            findings: Vec::new(),
        }
    }
}

/// An answer in the making.
#[derive(Debug, Default)]
pub struct Tally {
    evidence: BTreeSet<Identity>,
    checks: Vec<Check>,
    findings: Vec<Finding>,
    failed: Option<Status>,
}

impl Tally {
    /// Records something that was looked at.
    pub fn check(&mut self, check: Check) {
        self.checks.push(check);
    }

    /// Records something that does not hold.
    pub fn fail(&mut self, finding: Finding) {
        self.failed.get_or_insert(Status::Fail);
        self.findings.push(finding);
    }

    /// Records that something is not there.
    pub fn missing(&mut self, finding: Finding) {
        self.failed.get_or_insert(Status::Missing);
        self.findings.push(finding);
    }

    /// Records that something cannot be relied on.
    pub fn error(&mut self, finding: Finding) {
        self.failed = Some(Status::Error);
        self.findings.push(finding);
    }

    /// Binds the file at `path` by its digest, and answers whether it could.
    pub fn bind(&mut self, facts: &Facts, path: &PublicPath) -> bool {
        match facts.files.get(path) {
            Some(File::Taken(taken)) => {
                self.evidence.insert(taken.identity.clone());
                true
            }
            Some(File::Refused(problem)) => {
                self.error(problem.finding(path));
                false
            }
            None => false,
        }
    }

    /// The files that `globs` match, bound by their digests. A file that was refused is an error.
    pub fn take<'a>(&mut self, facts: &'a Facts, globs: &'a Globs) -> Vec<&'a Taken> {
        for (path, problem) in facts.refused(globs) {
            self.error(problem.finding(path));
        }
        let taken: Vec<_> = facts.taken(globs).collect();
        self.evidence
            .extend(taken.iter().map(|taken| taken.identity.clone()));
        taken
    }

    /// The content of `taken`. That it was not read, or is not what was hashed, is an error.
    pub fn content<'a>(&mut self, taken: &'a Taken) -> Option<&'a [u8]> {
        let Identity { path, sha256, .. } = &taken.identity;
        match taken.content.as_deref() {
            Some(content) if Digest::of(content) == *sha256 => Some(content),
            Some(_) => {
                self.error(FileProblem::Changed.finding(path));
                None
            }
            None => {
                self.error(FileProblem::Unreadable.finding(path));
                None
            }
        }
    }

    /// The answer. It is a pass only when something was looked at and all of it holds.
    #[must_use]
    pub fn finish(mut self, pass: impl Into<String>) -> Outcome {
        let holds = self.checks.iter().all(|check| check.ok);
        if self.findings.is_empty() && (self.checks.is_empty() || !holds) {
            self.fail(
                Finding::new("row.checked_nothing", "the row checked nothing that holds")
                    .help("a row passes only when it looked at something; see its keys"),
            );
        }
        let message = match &self.findings[..] {
            [] => pass.into(),
            [one] => one.message.clone(),
            [one, rest @ ..] => format!("{} (and {} more)", one.message, rest.len()),
        };
        Outcome {
            status: self.failed.unwrap_or(Status::Pass),
            message,
            evidence: self.evidence,
            checks: self.checks,
            findings: self.findings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds() -> Check {
        Check {
            expr: "x".to_owned(),
            path: None,
            observed: "y".to_owned(),
            ok: true,
        }
    }

    fn fails() -> Check {
        Check {
            ok: false,
            ..holds()
        }
    }

    #[test]
    fn a_row_that_checked_nothing_is_no_pass() {
        let outcome = Tally::default().finish("fine");
        assert_eq!(outcome.status, Status::Fail);
        assert_eq!(outcome.findings[0].code, "row.checked_nothing");
        let mut tally = Tally::default();
        tally.check(holds());
        assert_eq!(tally.finish("fine").status, Status::Pass);
    }

    #[test]
    fn a_check_that_does_not_hold_is_no_pass_even_without_a_finding() {
        let mut tally = Tally::default();
        tally.check(holds());
        tally.check(fails());
        assert_eq!(tally.finish("fine").status, Status::Fail);
    }

    #[test]
    fn an_error_outweighs_a_failure_and_the_message_counts() {
        let mut tally = Tally::default();
        tally.fail(Finding::new("a.b", "one"));
        tally.error(Finding::new("a.c", "two"));
        let outcome = tally.finish("fine");
        assert_eq!(outcome.status, Status::Error);
        assert_eq!(outcome.message, "one (and 1 more)");
    }
}

//! One file a kind of row. Each offers `KIND`, `SUMMARY` and `check`.

pub mod attestation;
pub mod changelog;
pub mod expect;
pub mod file;
pub mod git;
pub mod json;
pub mod junit;
pub mod sums;
pub mod version;

use super::{
    facts::Facts,
    outcome::{Check, Outcome},
};
use crate::{
    config::{Kind, Row},
    finding::Finding,
};

/// Every kind and what it is for, in the order of the reference.
pub const KINDS: [(&str, &str); 9] = [
    (expect::KIND, expect::SUMMARY),
    (file::KIND, file::SUMMARY),
    (junit::KIND, junit::SUMMARY),
    (json::KIND, json::SUMMARY),
    (sums::KIND, sums::SUMMARY),
    (attestation::KIND, attestation::SUMMARY),
    (changelog::KIND, changelog::SUMMARY),
    (version::KIND, version::SUMMARY),
    (git::KIND, git::SUMMARY),
];

/// A row, for people and for programs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Description {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// What the kind checks.
    pub summary: &'static str,
    /// Whether the release waits for it.
    pub required: bool,
}

impl std::fmt::Display for Description {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let required = if self.required { "" } else { " (not required)" };
        write!(
            f,
            "{:<12} {}: {}{required}",
            self.name, self.kind, self.summary
        )
    }
}

/// What `row` is.
#[must_use]
pub fn describe(row: &Row) -> Description {
    let kind = row.kind.name();
    let summary = KINDS.iter().find(|(name, _)| *name == kind);
    let summary = summary.map_or("", |(_, summary)| *summary);
    Description {
        name: row.name.clone(),
        kind,
        summary,
        required: row.required,
    }
}

/// Whether `row` applies to the release.
#[must_use]
pub fn applies(row: &Row, facts: &Facts) -> bool {
    row.when
        .is_none_or(|when| when.applies(&facts.release.version))
}

/// The answer of `row`.
#[must_use]
pub fn check(row: &Row, facts: &Facts) -> Outcome {
    if let Some(when) = row.when.filter(|_| !applies(row, facts)) {
        return Outcome::skipped(format!(
            "`{}` is not a release of kind `{}`",
            facts.release.version,
            when.as_str()
        ));
    }
    let mut outcome = match &row.kind {
        Kind::Expect(keys) => expect::check(keys, facts),
        Kind::File(keys) => file::check(keys, facts),
        Kind::Junit(keys) => junit::check(keys, facts),
        Kind::Json(keys) => json::check(keys, facts),
        Kind::Sums(keys) => sums::check(keys, facts),
        Kind::Attestation(keys) => attestation::check(keys, facts),
        Kind::Changelog(keys) => changelog::check(keys, facts),
        Kind::Version => version::check(facts),
        Kind::Git(keys) => git::check(keys, facts),
    };
    outcome.findings = outcome
        .findings
        .into_iter()
        .map(|finding| finding.in_row(&row.name, &row.issues))
        .collect();
    outcome
}

/// What a failed assertion finds.
fn assertion_finding(code: &str, check: &Check) -> Finding {
    Finding::new(
        code,
        format!("`{}` does not hold: {}", check.expr, check.observed),
    )
    .help("produce the evidence again, or change the row's `require` in `relkit.toml`")
}

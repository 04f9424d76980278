//! Whether a release is ready, as one report that binds every byte and every piece of evidence.
//!
//! Pure: facts in, canonical bytes out. Nothing here reads a file, a clock, the environment or
//! git; [`needs()`] says what somebody above must read. A report is verified by making it again.

mod assertion;
pub mod compare;
pub mod facts;
#[cfg(test)]
pub(crate) mod fixture;
pub mod markdown;
mod needs;
mod observed;
pub mod outcome;
pub mod ready;
pub mod report;
pub mod rows;
mod stated;
pub mod statement;
#[cfg(test)]
mod tests;
pub mod verdict;

pub use self::{
    compare::{Comparison, Sameness},
    facts::{Committed, Facts, File, FileProblem, Mode, Stage, Stated, Taken},
    needs::{Needs, needs},
    ready::Ready,
    report::{Report, ReportError},
    rows::describe,
    statement::Statement,
    verdict::Verdict,
};

use std::collections::BTreeSet;

use self::{
    outcome::{Outcome, Status},
    statement::{DigestSet, Predicate, Subject},
};
use crate::{
    config::{self, Kind},
    digest::{Digest, Identity, PublicPath},
    finding::Finding,
    json,
    trust::Trust,
};

/// The default name of the report.
pub const REPORT_NAME: &str = "release_candidate_report.json";

/// A judged release.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    statement: Statement,
    /// A file was refused, the tree is dirty, or a root of this machine was asked, so that the pins
    /// do not determine everything.
    loose: bool,
}

impl Candidate {
    /// The report's canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        json::render(&self.value())
    }

    /// The report as a JSON value.
    #[must_use]
    pub fn value(&self) -> serde_json::Value {
        // Every field is text, a number or a list of those, so this cannot fail; if it did, no
        // reader would take `null` for a report.
        serde_json::to_value(&self.statement).unwrap_or_default()
    }

    /// The report.
    #[must_use]
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Whether it is ready to publish.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.statement.predicate.ready
    }

    /// What stands in the way.
    #[must_use]
    pub fn blockers(&self) -> &[Finding] {
        &self.statement.predicate.blockers
    }

    /// Ready, or which kind of not.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.blockers())
    }
}

/// Every path that the report of `facts` binds by digest: what git does not know of these is no dirt.
#[must_use]
pub fn bound(facts: &Facts) -> BTreeSet<PublicPath> {
    let rows = facts.policy.config.gate.iter();
    let read = rows.flat_map(|row| rows::check(row, facts).evidence);
    let boundary = facts.policy.config.release.claim_boundary.as_ref();
    read.map(|identity| identity.path)
        .chain(facts.artifacts().map(|artifact| artifact.path.clone()))
        .chain(boundary.map(|pinned| pinned.path.clone()))
        .collect()
}

/// Judges `facts`.
#[must_use]
pub fn evaluate(facts: &Facts) -> Candidate {
    let config = &facts.policy.config;
    let outcomes: Vec<_> = config
        .gate
        .iter()
        .map(|row| (row, rows::check(row, facts)))
        .collect();
    let blockers = verdict::blockers(facts, &outcomes);
    let artifacts: Vec<_> = facts.artifacts().cloned().collect();
    let evidence = evidence(facts, &outcomes, &artifacts);
    let ready = blockers.is_empty();
    let statement = Statement {
        statement_type: statement::STATEMENT_TYPE.to_owned(),
        subject: artifacts.iter().map(subject).collect(),
        predicate_type: statement::predicate_type(Verdict::of(&blockers)),
        predicate: Predicate {
            schema_version: statement::SCHEMA_VERSION.to_owned(),
            crit: Vec::new(),
            generated_by: statement::GENERATED_BY.to_owned(),
            generated_at: whole_seconds(facts.generated_at),
            mode: facts.mode,
            stage: facts.stage,
            ready,
            claim_boundary: claim_boundary(facts),
            release: statement::Release {
                name: facts.release.name.clone(),
                id: facts.release.id.clone(),
                version: facts.release.version.clone(),
                tag: facts.release.tag.clone(),
            },
            source: source(facts),
            policy: facts.policy.identity.clone(),
            tool: facts.tool.clone(),
            readiness: outcomes
                .iter()
                .map(|(row, outcome)| wire(row, outcome, &evidence))
                .collect(),
            artifacts,
            evidence,
            blockers,
        },
    };
    let refused = facts
        .files
        .values()
        .any(|file| matches!(file, File::Refused(_)));
    Candidate {
        statement,
        loose: refused || asks_machine(facts) || !facts.source.dirty.is_empty(),
    }
}

/// Whether a row trusts this machine's local instance, which no pin names.
fn asks_machine(facts: &Facts) -> bool {
    facts.policy.config.gate.iter().any(
        |row| matches!(&row.kind, Kind::Attestation(keys) if keys.trust.contains(&Trust::Local)),
    )
}

fn whole_seconds(time: jiff::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn subject(artifact: &Identity) -> Subject {
    Subject {
        name: artifact.path.to_string(),
        digest: DigestSet {
            sha256: artifact.sha256,
        },
    }
}

/// Every file that a row read, once, in the order of the paths; artifacts are bound as subjects.
fn evidence(
    facts: &Facts,
    outcomes: &[(&config::Row, Outcome)],
    artifacts: &[Identity],
) -> Vec<Identity> {
    let boundary = facts.policy.config.release.claim_boundary.as_ref();
    let boundary = boundary.and_then(|pinned| facts.file(&pinned.path));
    let mut read: BTreeSet<_> = outcomes
        .iter()
        .flat_map(|(_, outcome)| outcome.evidence.iter().cloned())
        .chain(boundary.map(|taken| taken.identity.clone()))
        .collect();
    for artifact in artifacts {
        read.remove(artifact);
    }
    read.into_iter().collect()
}

fn claim_boundary(facts: &Facts) -> Option<String> {
    let pinned = facts.policy.config.release.claim_boundary.as_ref()?;
    let content = facts.file(&pinned.path)?.content.as_deref()?;
    let pinned = Digest::of(content) == pinned.sha256;
    String::from_utf8(content.to_vec()).ok().filter(|_| pinned)
}

fn source(facts: &Facts) -> statement::Source {
    let source = &facts.source;
    let asks = |row: &config::Row| matches!(&row.kind, Kind::Git(git) if !git.branch.is_empty());
    let asked = facts.policy.config.gate.iter().any(asks);
    statement::Source {
        uri: source.uri.clone(),
        commit: source.commit.clone(),
        tree: source.tree.clone(),
        tag_object: source.tag_object.clone(),
        tag_commit: source.tag_commit.clone(),
        branch: source.branch.clone().filter(|_| asked),
        dirty: !source.dirty.is_empty(),
        dirty_paths: source.dirty.clone(),
    }
}

fn wire(row: &config::Row, outcome: &Outcome, evidence: &[Identity]) -> statement::Row {
    let place = |one: &Identity| evidence.binary_search(one).ok();
    let found = outcome.findings.clone();
    let (blockers, warnings) = if row.required {
        (found, Vec::new())
    } else {
        (Vec::new(), found)
    };
    statement::Row {
        code: row.name.clone(),
        kind: row.kind.name().to_owned(),
        required: row.required,
        ok: outcome.status == Status::Pass,
        status: outcome.status,
        message: outcome.message.clone(),
        evidence: outcome.evidence.iter().filter_map(place).collect(),
        checks: outcome.checks.clone(),
        blockers,
        warnings,
        issue_refs: row.issues.clone(),
    }
}

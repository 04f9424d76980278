//! The report as it is written: an in-toto Statement v1. Wire types only.
//!
//! A new optional field is a new MINOR; anything else is a new MAJOR of [`SCHEMA_VERSION`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    facts::{Mode, Stage, Tool},
    outcome::{Check, Status},
    verdict::Verdict,
};
use crate::{
    digest::{Digest, Identity, PublicPath},
    finding::Finding,
    version::Version,
};

/// Of the predicate.
pub const SCHEMA_VERSION: &str = "1.0.0";
/// The statement's type (in-toto Statement v1).
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// What every predicate type of ours begins with.
pub const PREDICATE_BASE: &str = "https://relkit.dev/attestation";
/// Who generates it.
pub const GENERATED_BY: &str = "relkit candidate";

/// The type of a predicate that is ready, or is not. Verifiers match the type and never look
/// inside, so readiness lives here.
#[must_use]
pub fn predicate_type(verdict: Verdict) -> String {
    let name = match verdict {
        Verdict::Ready => "release-candidate",
        _ => "release-assessment",
    };
    format!("{PREDICATE_BASE}/{name}/v1")
}

/// The whole document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub statement_type: String,
    /// The bytes to be published.
    pub subject: Vec<Subject>,
    /// Ready or not.
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    /// What is said about them.
    pub predicate: Predicate,
}

/// One artifact, as in-toto names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its path.
    pub name: String,
    /// Its digest.
    pub digest: DigestSet,
}

/// `{"sha256": "…"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestSet {
    /// SHA-256.
    pub sha256: Digest,
}

/// What is said about the artifacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predicate {
    /// [`SCHEMA_VERSION`] of the writer.
    pub schema_version: String,
    /// Names of fields that a reader must know.
    pub crit: Vec<String>,
    /// A label; it proves nothing.
    pub generated_by: String,
    /// UTC, in whole seconds.
    pub generated_at: Timestamp,
    /// In earnest, or not.
    pub mode: Mode,
    /// Before what.
    pub stage: Stage,
    /// The verdict.
    pub ready: bool,
    /// The text that limits what the release claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_boundary: Option<String>,
    /// What is to be released.
    pub release: Release,
    /// From what.
    pub source: Source,
    /// By which rules.
    pub policy: Identity,
    /// Judged by.
    pub tool: Tool,
    /// The bytes to be published.
    pub artifacts: Vec<Identity>,
    /// The files that the rows read.
    pub evidence: Vec<Identity>,
    /// The rows, in the order of the policy.
    pub readiness: Vec<Row>,
    /// What stands in the way.
    pub blockers: Vec<Finding>,
}

/// What is to be released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The project.
    pub name: String,
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its version.
    pub version: Version,
    /// Its tag.
    pub tag: String,
}

/// What git said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Where the repository is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// In full.
    pub commit: String,
    /// In full.
    pub tree: String,
    /// What the tag's ref names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_object: Option<String>,
    /// Where the tag leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_commit: Option<String>,
    /// Only where a row asks for it, so that other checkouts give the same bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Whether anything differs from the commit.
    pub dirty: bool,
    /// What differs.
    pub dirty_paths: Vec<PublicPath>,
}

/// A row and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The row's name in the policy.
    pub code: String,
    /// The kind.
    pub kind: String,
    /// Whether the release waits for it.
    pub required: bool,
    /// True for a pass.
    pub ok: bool,
    /// Its state.
    pub status: Status,
    /// One sentence.
    pub message: String,
    /// Places in [`Predicate::evidence`].
    pub evidence: Vec<usize>,
    /// What was looked at.
    pub checks: Vec<Check>,
    /// What it found, if it is required.
    pub blockers: Vec<Finding>,
    /// What it found, if it is not.
    pub warnings: Vec<Finding>,
    /// Issues that track it.
    pub issue_refs: Vec<String>,
}

//! Everything relkit can do to the world, as data.
//!
//! A planner is pure: it takes facts and returns a [`Plan`]. Only `apply/` performs one. So the dry
//! run, the diff, the JSON, the saved plan and most tests come from one value. A [`Step`] is an
//! intention with a post-condition, never a request; it holds the identity of big bytes, never the
//! bytes, and never a secret.

mod artifacts;
mod files;
mod git;
mod index;
mod signatures;

pub use artifacts::{ArchiveStyle, ArtifactStep};
pub use files::{Edit, FileStep};
pub use git::{GitStep, Tag};
pub use index::{IndexStep, Listing};
pub use signatures::SignatureStep;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest::{Digest, Identity, PublicPath};

/// What a plan document calls itself.
pub const SCHEMA: &str = "relkit.plan/1";
/// The version of the plan document's schema.
pub const SCHEMA_VERSION: &str = "1.0.0";

/// An ordered list of steps towards one goal, and what it was derived from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`SCHEMA`].
    pub schema: String,
    /// [`SCHEMA_VERSION`].
    pub schema_version: String,
    /// The command that made it, for example `relkit bump`. A label; it proves nothing.
    pub generated_by: String,
    /// What it is for, for example `bump 0.1.0 -> 0.2.0-rc1`.
    pub title: String,
    /// What it depends on: a plan is refused when any of this has changed.
    pub reads: Reads,
    /// The candidate report that clears the steps which make artifact bytes public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Identity>,
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// The command that comes next, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a plan was derived from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// Each file that was read, with its digest; `null` for a path that was absent.
    pub files: BTreeMap<PublicPath, Option<Digest>>,
    /// Each ref that was read, with the object it named; `null` for one that was absent.
    pub refs: BTreeMap<String, Option<String>>,
}

/// One thing that relkit can do to the world. The list is closed: one family each for files, git,
/// artifacts, indexes and signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A file of the working tree.
    File(FileStep),
    /// The repository.
    Git(GitStep),
    /// The bytes of an artifact, made here or put into a channel.
    Artifact(ArtifactStep),
    /// What an index says about an artifact.
    Index(IndexStep),
    /// A signature over an artifact.
    Signature(SignatureStep),
}

/// How far a step reaches, and so what it takes to perform it. Steps are performed in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Here.
    Local,
    /// At a remote, where nobody sees it yet.
    Hidden,
    /// Public, but it can be taken back.
    Deletable,
    /// Public for ever.
    OneWay,
}

/// Whether a step needs the word of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gated {
    /// It makes artifact bytes available to others: performed only with a `Ready`.
    Yes,
    /// It does not.
    No,
}

impl Step {
    /// How far this step reaches.
    #[must_use]
    pub fn reach(&self) -> Reach {
        match self {
            // A `file:` channel is a directory of the user's, so it is here.
            Self::File(_) | Self::Git(_) | Self::Artifact(_) | Self::Index(_) => Reach::Local,
            Self::Signature(step) => step.reach(),
        }
    }

    /// Whether only a `Ready` lets it pass.
    #[must_use]
    pub fn gated(&self) -> Gated {
        match self {
            Self::File(_) | Self::Git(_) | Self::Signature(_) => Gated::No,
            Self::Artifact(step) => step.gated(),
            Self::Index(_) => Gated::Yes,
        }
    }

    /// The name of the channel that it changes.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        match self {
            Self::Artifact(
                ArtifactStep::Put { channel, .. } | ArtifactStep::PutText { channel, .. },
            )
            | Self::Index(IndexStep::List { channel, .. }) => Some(channel),
            _ => None,
        }
    }

    /// The directory of the channel that it changes, as the plan names it.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Artifact(
                ArtifactStep::Put { target, .. } | ArtifactStep::PutText { target, .. },
            )
            | Self::Index(IndexStep::List { target, .. }) => Some(target),
            _ => None,
        }
    }

    /// Verb and object of the line that shows it.
    #[must_use]
    pub fn line(&self) -> (&'static str, String) {
        match self {
            Self::File(step) => step.line(),
            Self::Git(step) => step.line(),
            Self::Artifact(step) => step.line(),
            Self::Index(step) => step.line(),
            Self::Signature(step) => step.line(),
        }
    }

    /// The texts it rewrites.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        match self {
            Self::File(FileStep::Write(edit)) => std::slice::from_ref(edit),
            Self::Git(GitStep::Release { edits, .. }) => edits,
            _ => &[],
        }
    }

    /// Names this step in a journal and a receipt: the digest of its canonical JSON.
    #[must_use]
    pub fn digest(&self) -> Digest {
        digest(self)
    }
}

impl Plan {
    /// A plan without steps.
    #[must_use]
    pub fn new(generated_by: &str, title: impl Into<String>) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            schema_version: SCHEMA_VERSION.to_owned(),
            generated_by: generated_by.to_owned(),
            title: title.into(),
            reads: Reads::default(),
            report: None,
            steps: Vec::new(),
            next: None,
        }
    }

    /// Whether any step needs the word of the gate.
    #[must_use]
    pub fn gated(&self) -> Gated {
        if self.steps.iter().any(|step| step.gated() == Gated::Yes) {
            Gated::Yes
        } else {
            Gated::No
        }
    }

    /// The steps in the order in which they are performed: nearest reach first, else as listed.
    #[must_use]
    pub fn in_order(&self) -> Vec<&Step> {
        let mut steps: Vec<_> = self.steps.iter().collect();
        steps.sort_by_key(|step| step.reach());
        steps
    }

    /// Names this plan in a receipt: the digest of its canonical JSON.
    #[must_use]
    pub fn digest(&self) -> Digest {
        digest(self)
    }
}

fn digest(value: &impl Serialize) -> Digest {
    // These types have string keys and no fallible serializers.
    let value = serde_json::to_value(value).unwrap_or_default();
    Digest::of(&crate::json::render(&value))
}

impl Reads {
    /// Notes that `path` was read and held `bytes`, or was absent.
    pub fn file(&mut self, path: &PublicPath, bytes: Option<&[u8]>) {
        self.files.insert(path.clone(), bytes.map(Digest::of));
    }
}

/// What became of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done now.
    Done,
    /// It had been done before.
    Already,
}

/// What was done, step by step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// `relkit.receipt/1`.
    pub schema: String,
    /// The version of this document's schema.
    pub schema_version: String,
    /// The command that made it.
    pub generated_by: String,
    /// What the plan was for.
    pub title: String,
    /// The digest of the plan that was performed.
    pub plan: Digest,
    /// The candidate report that cleared it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Identity>,
    /// Each step, in the order performed.
    pub steps: Vec<StepReceipt>,
}

/// What became of one step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReceipt {
    /// The digest of the step.
    pub step: Digest,
    /// What it did, for people.
    pub line: String,
    /// What became of it.
    pub outcome: Outcome,
}

impl Receipt {
    /// The receipt of `plan` before its first step.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self {
            schema: "relkit.receipt/1".to_owned(),
            schema_version: "1.0.0".to_owned(),
            generated_by: plan.generated_by.clone(),
            title: plan.title.clone(),
            plan: plan.digest(),
            report: plan.report.clone(),
            steps: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_reads_back_and_its_digest_follows_its_steps() {
        let path = PublicPath::new("relkit.toml").unwrap();
        let mut plan = Plan::new("relkit init", "init");
        plan.reads.file(&path, None);
        let empty = plan.digest();
        plan.steps.push(Step::File(FileStep::Write(Edit {
            path,
            before: None,
            after: "x\n".to_owned(),
        })));
        assert_ne!(plan.digest(), empty);
        assert_eq!(plan.gated(), Gated::No);
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
        let unknown = text.replacen("\"title\"", "\"extra\":1,\"title\"", 1);
        assert!(serde_json::from_str::<Plan>(&unknown).is_err());
    }
}

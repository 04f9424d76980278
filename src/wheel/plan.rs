//! What `relkit wheel retag` will do.

use std::collections::BTreeSet;

use super::{Retag, RetagError, Source, WheelError};
use crate::{
    digest::{Identity, InvalidPath, PublicPath},
    plan::{ArtifactStep, Plan, Step},
};

/// A wheel that is to be retagged.
#[derive(Debug)]
pub struct Facts {
    /// Its path, digest and size.
    pub identity: Identity,
    /// What of it is read.
    pub source: Source,
}

/// There is no such plan.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum PlanError {
    /// Two wheels would stand at one place.
    #[error("two wheels would become `{to}`")]
    #[diagnostic(
        code("wheel.clash"),
        help("retag them in two runs, each with a directory of its own behind `-o`")
    )]
    Clash {
        /// The place.
        to: PublicPath,
    },
    /// A path refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Path(#[from] InvalidPath),
    /// A name refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Retag(#[from] RetagError),
    /// A wheel refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Wheel(#[from] WheelError),
}

/// Retags each wheel, into `directory` or else beside itself.
pub fn plan(wheels: &[Facts], retag: &Retag, directory: Option<&str>) -> Result<Plan, PlanError> {
    let mut plan = Plan::new("relkit wheel retag", "");
    let mut names = Vec::new();
    let mut targets = BTreeSet::new();
    for Facts { identity, source } in wheels {
        let name = retag.name(&source.name)?;
        // Whatever is wrong with it is said now, not halfway through.
        source.retag(&name)?;
        let beside = identity
            .path
            .as_str()
            .rsplit_once('/')
            .map(|(before, _)| before);
        let to = match directory.or(beside) {
            None | Some("") => PublicPath::new(name.to_string())?,
            Some(directory) => PublicPath::new(format!("{directory}/{name}"))?,
        };
        let step = Step::Artifact(ArtifactStep::Retag {
            from: identity.clone(),
            to: to.clone(),
        });
        if !targets.insert(to.clone()) {
            return Err(PlanError::Clash { to });
        }
        plan.steps.push(step);
        names.push(name.to_string());
    }
    plan.title = format!("retag {}", names.join(", "));
    Ok(plan)
}

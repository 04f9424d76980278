//! What `relkit wheel retag` will do.

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
#[error(transparent)]
#[diagnostic(transparent)]
#[expect(
    missing_docs,
    reason = "each variant is documented where its type is defined"
)]
pub enum PlanError {
    Path(#[from] InvalidPath),
    Retag(#[from] RetagError),
    Wheel(#[from] WheelError),
}

/// Retags each wheel, into `directory` or else beside itself.
pub fn plan(wheels: &[Facts], retag: &Retag, directory: Option<&str>) -> Result<Plan, PlanError> {
    let mut plan = Plan::new("relkit wheel retag", "");
    let mut names = Vec::new();
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
        plan.steps.push(Step::Artifact(ArtifactStep::Retag {
            from: identity.clone(),
            to,
        }));
        names.push(name.to_string());
    }
    plan.title = format!("retag {}", names.join(", "));
    Ok(plan)
}

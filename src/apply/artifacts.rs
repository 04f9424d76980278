//! Performs steps on the bytes of artifacts: makes them here, or puts them into a channel.

use super::ApplyError;
use crate::{
    context::Context,
    plan::{ArtifactStep, Outcome},
    world::{framework, journal::Journal, local::LocalChannel, retag},
};

/// `journal` is there when the plan is a gated one.
pub(super) fn perform(
    ctx: &Context,
    step: &ArtifactStep,
    journal: Option<&mut Journal>,
) -> Result<Outcome, ApplyError> {
    match (step, journal) {
        (ArtifactStep::Retag { from, to }, _) => Ok(retag::ensure(&ctx.root, from, to)?),
        (
            ArtifactStep::PackageFramework {
                from,
                tree,
                to,
                archive,
            },
            _,
        ) => {
            let job = framework::Job {
                from,
                tree: *tree,
                to,
                archive: *archive,
            };
            Ok(framework::ensure(&ctx.root, &job)?)
        }
        (
            ArtifactStep::Put { target, .. } | ArtifactStep::PutText { target, .. },
            Some(journal),
        ) => Ok(LocalChannel::new(&ctx.root, target).artifact(step, journal)?),
        (ArtifactStep::Put { .. } | ArtifactStep::PutText { .. }, None) => {
            let what = step.line().1;
            Err(ApplyError::NotCleared { what })
        }
    }
}

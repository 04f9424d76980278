//! Performs steps that put artifact bytes into a channel.

use super::ApplyError;
use crate::{
    context::Context,
    plan::{ArtifactStep, Outcome},
    world::{journal::Journal, local::LocalChannel},
};

pub(super) fn perform(
    ctx: &Context,
    step: &ArtifactStep,
    journal: &mut Journal,
) -> Result<Outcome, ApplyError> {
    let (ArtifactStep::Put { target, .. } | ArtifactStep::PutText { target, .. }) = step;
    Ok(LocalChannel::new(&ctx.root, target).artifact(step, journal)?)
}

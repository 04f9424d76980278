//! Performs steps on the repository.

use super::ApplyError;
use crate::{
    context::Context,
    plan::{GitStep, Outcome},
    world::{git::Git, release::Release},
};

pub(super) fn perform(ctx: &Context, git: &Git, step: &GitStep) -> Result<Outcome, ApplyError> {
    let GitStep::Release {
        edits,
        message,
        tag,
    } = step;
    Ok(git.release(
        ctx,
        Release {
            edits,
            message,
            tag,
        },
    )?)
}

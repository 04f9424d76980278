//! Performs steps on what an index says.

use super::ApplyError;
use crate::{
    context::Context,
    plan::{IndexStep, Outcome},
    world::{journal::Journal, local::LocalChannel},
};

pub(super) fn perform(
    ctx: &Context,
    step: &IndexStep,
    journal: &mut Journal,
) -> Result<Outcome, ApplyError> {
    let IndexStep::List { target, .. } = step;
    Ok(LocalChannel::new(&ctx.root, target).index(step, journal)?)
}

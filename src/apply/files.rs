//! Performs steps on files of the working tree.

use super::{ApplyError, place};
use crate::{
    context::Context,
    plan::{FileStep, Outcome},
    world::fs,
};

pub(super) fn perform(ctx: &Context, step: &FileStep) -> Result<Outcome, ApplyError> {
    let (path, text) = match step {
        FileStep::Write(edit) => (&edit.path, &edit.after),
        FileStep::Report { path, text } => (path, text),
    };
    let place = place(ctx, path);
    if fs::read_optional(&place)?.as_deref() == Some(text.as_bytes()) {
        return Ok(Outcome::Already);
    }
    fs::write(&place, text.as_bytes())?;
    Ok(Outcome::Done)
}

//! Performs steps on files of the working tree.

use super::ApplyError;
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
    fs::require_no_link(&ctx.root, path)?;
    let place = ctx.root.join(path.as_str());
    let now = fs::read_optional(&place)?;
    if now.as_deref() == Some(text.as_bytes()) {
        return Ok(Outcome::Already);
    }
    if let FileStep::Write(edit) = step
        && now.as_deref() != edit.before.as_deref().map(str::as_bytes)
    {
        return Err(ApplyError::Stale {
            what: format!("`{path}` has changed"),
        });
    }
    fs::write(&place, text.as_bytes())?;
    Ok(Outcome::Done)
}

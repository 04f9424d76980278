//! Performs steps on the repository.

use super::ApplyError;
use crate::{
    context::Context,
    plan::{Edit, GitStep, Outcome},
    world::{fs, git::Git, release::Release},
};

pub(super) fn perform(ctx: &Context, git: &Git, step: &GitStep) -> Result<Outcome, ApplyError> {
    let GitStep::Release {
        branch,
        edits,
        message,
        tag,
    } = step;
    for edit in edits {
        require_before(ctx, edit)?;
    }
    Ok(git.release(
        ctx,
        Release {
            branch,
            edits,
            message,
            tag,
        },
    )?)
}

/// Refuses an edit of a file that does not say what the plan says that it did.
fn require_before(ctx: &Context, edit: &Edit) -> Result<(), ApplyError> {
    fs::require_no_link(&ctx.root, &edit.path)?;
    let now = fs::read_optional(&ctx.root.join(edit.path.as_str()))?;
    if now.as_deref() == edit.before.as_deref().map(str::as_bytes) {
        return Ok(());
    }
    Err(ApplyError::Stale {
        what: format!("`{}` has changed", edit.path),
    })
}

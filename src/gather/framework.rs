//! Facts for `relkit xcframework`.

use super::Result;
use crate::{context::Context, digest::PublicPath, world::framework, xcframework::Facts};

/// Reads the framework at `path`.
pub fn facts(ctx: &Context, path: &PublicPath) -> Result<Facts> {
    Ok(framework::read(&ctx.root, path)?)
}

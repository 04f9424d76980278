//! Facts for `relkit wheel`.

use camino::Utf8PathBuf;

use super::Result;
use crate::{context::Context, digest::PublicPath, wheel::Facts, world::retag};

/// Reads what a retag needs of each wheel.
pub fn facts(ctx: &Context, wheels: &[Utf8PathBuf]) -> Result<Vec<Facts>> {
    let mut found = Vec::new();
    for path in wheels {
        let path = PublicPath::new(ctx.within(path)?)?;
        found.push(retag::read(&ctx.root, &path)?);
    }
    Ok(found)
}

//! What every command about a project starts from: its configuration and its manifests.

use super::Result;
use crate::{
    config::{Config, ConfigError, Globs},
    context::{Configuration, Context},
    manifest::{self, Manifest},
    world::{fs, git::Git},
};

/// The configuration; the built-in one where none is named and none is there.
pub fn config(ctx: &Context) -> Result<Config> {
    match fs::read_text(&ctx.root.join(ctx.config.path()))? {
        Some(text) => Ok(Config::parse(&text)?),
        None if ctx.config == Configuration::Default => Ok(Config::parse("")?),
        None => Err(absent(ctx).into()),
    }
}

/// The configuration, which must be there.
pub fn named_config(ctx: &Context) -> Result<Config> {
    let text = fs::read_text(&ctx.root.join(ctx.config.path()))?.ok_or_else(|| absent(ctx))?;
    Ok(Config::parse(&text)?)
}

/// There is no configuration where one must be.
pub(super) fn absent(ctx: &Context) -> ConfigError {
    ConfigError::Absent {
        path: ctx.config.path().to_owned(),
    }
}

/// Every manifest that git tracks and the configuration does not leave out.
pub fn manifests(ctx: &Context, git: &Git, exclude: &Globs) -> Result<Vec<Manifest>> {
    let mut files = Vec::new();
    for path in git.tracked()? {
        if !manifest::is_candidate(&path) || exclude.matches(path.as_str()) {
            continue;
        }
        // A tracked file that is gone makes the tree dirty, and that is said elsewhere.
        if let Some(text) = fs::read_text(&ctx.root.join(path.as_str()))? {
            files.push((path, text));
        }
    }
    Ok(manifest::read(files)?)
}

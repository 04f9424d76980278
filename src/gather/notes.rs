//! Facts for `relkit notes`.

use super::{Result, bump, project};
use crate::{
    bump::current,
    changelog::section,
    context::Context,
    notes::Facts,
    version::Version,
    world::{
        fs,
        git::Git,
        take::{self, Keep},
        walk,
    },
};

/// Looks for the release called `name` (a tag or a version), or for the one that the manifests are at.
pub fn facts(ctx: &Context, name: Option<&str>) -> Result<Facts> {
    let git = Git::discover(&ctx.root)?;
    let config = project::config(ctx)?;
    let manifests = project::manifests(ctx, &git, &config.bump.exclude)?;
    let style = bump::style(&config, &manifests);
    let version = match name {
        Some(name) => match Version::from_tag(name, &style.tag, &style.name) {
            Some(version) => version,
            None => name.parse()?,
        },
        None => current(&manifests)?,
    };
    // The files that are there now belong to the version that the manifests are at.
    let present = current(&manifests).map_or(true, |now| now == version);
    let globs = config.release.artifacts.0.iter().filter(|_| present);
    let mut artifacts = Vec::new();
    for glob in globs {
        for path in walk::glob(&ctx.root, glob.as_str())? {
            // What cannot be taken safely is no artifact; the gate says so.
            if let Ok(taken) = take::take(&ctx.root, &path, Keep::Digest) {
                artifacts.push(taken.identity);
            }
        }
    }
    artifacts.sort();
    artifacts.dedup();
    let text = fs::read_text(&ctx.root.join(config.changelog.path.as_str()))?;
    Ok(Facts {
        tag: style.tag(&version),
        section: section::section(&text.unwrap_or_default(), &version),
        artifacts,
    })
}

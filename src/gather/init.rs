//! Facts for `relkit init`.

use super::{Result, project};
use crate::{
    config::Globs,
    context::Context,
    init::{Existing, Facts},
    world::{fs, git::Git, walk},
};

/// Where test runners leave their JUnit reports, most telling first.
const JUNIT: [&str; 3] = ["reports/**/*.xml", "test-results/**/*.xml", "junit*.xml"];

/// Looks at the repository.
pub fn facts(ctx: &Context, git: &Git) -> Result<Facts> {
    let at = |name: &str| ctx.root.join(name);
    let existing = |name: &str| {
        if fs::exists(&at(name)) {
            Existing::Yes
        } else {
            Existing::No
        }
    };
    let tracked = git.tracked()?;
    let mut junit = None;
    for pattern in JUNIT {
        if junit.is_none() && !walk::glob(&ctx.root, pattern)?.is_empty() {
            junit = Some(pattern.to_owned());
        }
    }
    Ok(Facts {
        directory: ctx.root.file_name().unwrap_or("project").to_owned(),
        manifests: project::manifests(ctx, git, &Globs::default())?,
        tags: git.tags()?.into_iter().map(|tag| tag.name).collect(),
        remote: git.remote(),
        workflows: tracked
            .into_iter()
            .filter(|path| path.as_str().starts_with(".github/workflows/"))
            .collect(),
        junit,
        gitignore: fs::read_text(&at(".gitignore"))?,
        cliff: existing("cliff.toml"),
        config: existing(ctx.config.path()),
    })
}

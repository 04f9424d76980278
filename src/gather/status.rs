//! Facts for `relkit status`.

use serde::Serialize;

use super::{Result, bump, project};
use crate::{
    bump::{BumpError, current, version_sites},
    context::Context,
    digest::PublicPath,
    manifest::ManifestError,
    version::Version,
    world::git::Git,
};

/// Where the project stands.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What the manifests are at; `None` where there is no manifest.
    pub version: Option<Version>,
    /// Each place that states it.
    pub sites: Vec<Site>,
    /// The tag of the greatest version.
    pub last_tag: Option<LastTag>,
}

/// A place that states the version.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    /// The file.
    pub path: PublicPath,
    /// Where in it.
    pub place: String,
    /// What stands there.
    pub text: String,
}

/// The tag of the greatest version.
#[derive(Clone, Debug, Serialize)]
pub struct LastTag {
    /// Its name.
    pub name: String,
    /// How many commits of `HEAD` it does not hold.
    pub commits: usize,
}

/// Looks at manifests and tags.
pub fn facts(ctx: &Context) -> Result<Facts> {
    let git = Git::discover(&ctx.root)?;
    let config = project::config(ctx)?;
    let manifests = project::manifests(ctx, &git, &config.bump.exclude)?;
    let style = bump::style(&config, &manifests);
    let version = match current(&manifests) {
        Ok(version) => Some(version),
        Err(BumpError::Manifest(ManifestError::None)) => None,
        Err(error) => return Err(error.into()),
    };
    let sites = version_sites(&manifests)?;
    let tags = git.tags()?;
    let newest = tags
        .iter()
        .filter_map(|tag| Some((Version::from_tag(&tag.name, &style.tag, &style.name)?, tag)))
        .max_by(|a, b| a.0.cmp(&b.0));
    let last_tag = match newest {
        Some((_, tag)) => Some(LastTag {
            name: tag.name.clone(),
            commits: git.commits_since(tag)?,
        }),
        None => None,
    };
    Ok(Facts {
        version,
        sites: sites
            .into_iter()
            .map(|(path, site)| Site {
                path: path.clone(),
                place: site.place.clone(),
                text: site.text.clone(),
            })
            .collect(),
        last_tag,
    })
}

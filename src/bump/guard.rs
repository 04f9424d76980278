//! What must hold before a bump is planned.

use super::{Facts, Interrupted};
use crate::{
    changelog::release::ReleaseError,
    digest::PublicPath,
    manifest::{Manifest, ManifestError, Publication, Site},
    version::Version,
};

/// The bump is refused; nothing was written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum BumpError {
    /// The working tree holds something else.
    #[error("the working tree is not clean: {}", list(.paths))]
    #[diagnostic(
        code("bump.dirty"),
        help(
            "commit it, run `git stash -u`, or ignore it, so that the release commit holds the bump and nothing else"
        )
    )]
    Dirty {
        /// What is changed, staged or untracked.
        paths: Vec<PublicPath>,
    },
    /// A bump was killed in the middle.
    #[error("an earlier bump was interrupted")]
    #[diagnostic(
        code("bump.interrupted"),
        help("run `relkit bump` without `-n`: it first undoes or finishes what was begun")
    )]
    Interrupted,
    /// No branch to move.
    #[error("HEAD is detached, so the release commit would be on no branch")]
    #[diagnostic(
        code("bump.detached"),
        help("run `git switch main` (or the release branch) first")
    )]
    Detached,
    /// A branch that nothing is released on.
    #[error("releases are not made on the branch `{branch}`, but on {allowed}")]
    #[diagnostic(
        code("bump.branch"),
        help("switch to a release branch, or change `[release] branch` in relkit.toml")
    )]
    Branch {
        /// The branch that is checked out.
        branch: String,
        /// Those that `[release] branch` names.
        allowed: String,
    },
    /// The tag is taken.
    #[error("the tag `{tag}` exists already")]
    #[diagnostic(
        code("bump.tag_exists"),
        help(
            "a tag that was pushed is a promise; take the next version, for a candidate the next `--rc`"
        )
    )]
    TagExists {
        /// The tag.
        tag: String,
    },
    /// Backwards.
    #[error("{to} comes before {from}, the version now")]
    #[diagnostic(
        code("bump.downgrade"),
        help("name a version after the one that the manifests hold")
    )]
    Downgrade {
        /// The version now.
        from: String,
        /// The version asked for.
        to: String,
    },
    /// The manifests disagree.
    #[error("the manifests disagree about the version now: {}", .sites.join(", "))]
    #[diagnostic(
        code("bump.drift"),
        help("make them agree, or leave one out: `[bump] exclude = [\"path\"]` in relkit.toml")
    )]
    Drift {
        /// Each site and what it says.
        sites: Vec<String>,
    },
    /// A manifest refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Manifest(#[from] ManifestError),
    /// The changelog refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Changelog(#[from] ReleaseError),
}

/// Checks every guard and returns the version now and the branch.
pub(super) fn check(facts: &Facts, to: &Version) -> Result<(Version, String), BumpError> {
    if facts.interrupted == Interrupted::Yes {
        return Err(BumpError::Interrupted);
    }
    if !facts.dirty.is_empty() {
        return Err(BumpError::Dirty {
            paths: facts.dirty.clone(),
        });
    }
    let Some(reference) = &facts.branch else {
        return Err(BumpError::Detached);
    };
    let branch = reference.trim_start_matches("refs/heads/");
    let allowed = &facts.style.branch;
    if !allowed.is_empty() && !allowed.matches(branch) {
        return Err(BumpError::Branch {
            branch: branch.to_owned(),
            allowed: allowed.to_string(),
        });
    }
    let sites = declared(&facts.manifests)?;
    let Some((_, _, from)) = sites.first() else {
        return Err(ManifestError::None.into());
    };
    let all = super::version_sites(&facts.manifests)?;
    let other = |site: &Site| site.text.parse::<Version>().as_ref() != Ok(from);
    if all.iter().any(|(_, site)| other(site)) {
        let sites = all
            .iter()
            .map(|(path, site)| format!("`{path}` ({}) says {}", site.place, site.text))
            .collect();
        return Err(BumpError::Drift { sites });
    }
    if to < from {
        return Err(BumpError::Downgrade {
            from: from.to_string(),
            to: to.to_string(),
        });
    }
    let tag = facts.style.tag(to);
    if facts.tags.contains(&tag) {
        return Err(BumpError::TagExists { tag });
    }
    Ok((from.clone(), reference.clone()))
}

/// Every site that declares the project's version. A package that is not published and goes its
/// own way (a tool of the repository at `0.0.0`) has no say.
pub(super) fn declared(
    manifests: &[Manifest],
) -> Result<Vec<(&PublicPath, &Site, Version)>, ManifestError> {
    let mut public = Vec::new();
    let mut private = Vec::new();
    for manifest in manifests {
        for site in manifest.declared() {
            let found = (&manifest.path, site, manifest.version(site)?);
            match manifest.publication {
                Publication::Public => public.push(found),
                Publication::Private => private.push(found),
            }
        }
    }
    if public.is_empty() {
        return Ok(private);
    }
    let version = public[0].2.clone();
    public.extend(private.into_iter().filter(|(_, _, own)| *own == version));
    Ok(public)
}

fn list(paths: &[PublicPath]) -> String {
    match paths {
        [one] => format!("`{one}`"),
        [first, rest @ ..] => format!("`{first}` and {} more", rest.len()),
        [] => String::new(),
    }
}

//! One version into every manifest, the changelog, one commit and one tag.
//!
//! The planner is pure: the same facts give the same plan, and every guard speaks before anything
//! is written.

mod guard;

pub use guard::BumpError;

use crate::{
    changelog::{
        cliff::Entries,
        release::{Release, ReleaseError, release},
    },
    config::Globs,
    digest::PublicPath,
    manifest::{Format, Manifest, ManifestError, Site},
    plan::{Edit, GitStep, Plan, Step, Tag},
    version::{Pre, Version},
};

/// What a bump needs to know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Every manifest of the project.
    pub manifests: Vec<Manifest>,
    /// Names of the tags that exist.
    pub tags: Vec<String>,
    /// The commit that `HEAD` names.
    pub head: String,
    /// The branch that `HEAD` is on; `None` when detached.
    pub branch: Option<String>,
    /// Whether an earlier bump was killed in the middle.
    pub interrupted: Interrupted,
    /// What the working tree holds beside `HEAD`.
    pub dirty: Vec<PublicPath>,
    /// The changelog, and what is new for it.
    pub changelog: ChangelogFacts,
    /// How tags and messages are made.
    pub style: Style,
}

/// Whether an earlier bump was killed in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupted {
    /// It was, and nobody has cleaned up.
    Yes,
    /// As far as is known, none was.
    No,
}

/// The changelog as it stands.
#[derive(Clone, Debug)]
pub struct ChangelogFacts {
    /// Where it is.
    pub path: PublicPath,
    /// What it says; `None` if there is none.
    pub text: Option<String>,
    /// What the commits since the previous release add.
    pub entries: Entries,
    /// Today, `2026-01-01`.
    pub date: String,
}

/// Templates of what a bump names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// The project's name.
    pub name: String,
    /// The branches that releases are made on; empty means any.
    pub branch: Globs,
    /// The tag, for example `v{version}`.
    pub tag: String,
    /// The commit's message; `{tag}` and the tag's own keys are replaced.
    pub message: String,
    /// The tag's annotation; likewise.
    pub tag_message: String,
}

impl Style {
    /// The tag of `version`.
    #[must_use]
    pub fn tag(&self, version: &Version) -> String {
        version.tag(&self.tag, &self.name)
    }

    fn fill(&self, template: &str, version: &Version) -> String {
        version.tag(&template.replace("{tag}", &self.tag(version)), &self.name)
    }
}

/// Plans the bump to `to`.
pub fn plan(facts: &Facts, to: &Version) -> Result<Plan, BumpError> {
    let (from, branch) = guard::check(facts, to)?;
    let tag = facts.style.tag(to);
    let mut edits = Vec::new();
    for manifest in &facts.manifests {
        let after = manifest.with_version(&from, to)?;
        if after != manifest.text {
            edits.push(Edit {
                path: manifest.path.clone(),
                before: Some(manifest.text.clone()),
                after,
            });
        }
    }
    match release_changelog(&facts.changelog, to) {
        Ok(edit) => edits.push(edit),
        // Somebody has released it there already, by hand or with `changelog release`.
        Err(ReleaseError::Exists { .. }) => {}
    }

    let title = if from == *to {
        format!("release {to}")
    } else {
        format!("bump {from} -> {to}")
    };
    let mut plan = Plan::new("relkit bump", title);
    for manifest in &facts.manifests {
        plan.reads
            .file(&manifest.path, Some(manifest.text.as_bytes()));
    }
    let changelog = &facts.changelog;
    plan.reads.file(
        &changelog.path,
        changelog.text.as_deref().map(str::as_bytes),
    );
    plan.reads
        .refs
        .insert("HEAD".to_owned(), Some(facts.head.clone()));
    plan.reads.refs.insert(format!("refs/tags/{tag}"), None);
    plan.steps.push(Step::Git(GitStep::Release {
        branch,
        edits,
        message: facts.style.fill(&facts.style.message, to),
        tag: Tag {
            name: tag.clone(),
            message: facts.style.fill(&facts.style.tag_message, to),
        },
    }));
    plan.next = Some(format!("git push origin HEAD {tag}"));
    Ok(plan)
}

/// The edit that releases `version` in the changelog.
pub fn release_changelog(facts: &ChangelogFacts, version: &Version) -> Result<Edit, ReleaseError> {
    let wanted = Release::new(version.clone(), facts.date.as_str());
    let after = release(facts.text.as_deref(), &facts.entries, &wanted)?;
    Ok(Edit {
        path: facts.path.clone(),
        before: facts.text.clone(),
        after,
    })
}

/// Every site that has to state the project's version: those that declare it, and the lock
/// entries that follow it.
pub fn version_sites(manifests: &[Manifest]) -> Result<Vec<(&PublicPath, &Site)>, BumpError> {
    let mut sites: Vec<_> = guard::declared(manifests)?
        .into_iter()
        .map(|(path, site, _)| (path, site))
        .collect();
    let names: Vec<_> = manifests
        .iter()
        .filter(|manifest| sites.iter().any(|(path, _)| **path == manifest.path))
        .filter_map(|manifest| manifest.name.as_ref())
        .flat_map(|name| {
            [
                format!("package `{name}`"),
                format!("root package `{name}`"),
            ]
        })
        .collect();
    let is_lock = |m: &&Manifest| matches!(m.format, Format::CargoLock | Format::NpmLock);
    for manifest in manifests.iter().filter(is_lock) {
        let ours = |site: &&Site| names.contains(&site.place);
        sites.extend(
            manifest
                .sites
                .iter()
                .filter(ours)
                .map(|site| (&manifest.path, site)),
        );
    }
    Ok(sites)
}

/// A version that may come next, and what kind of step it is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Next {
    /// `patch`, `minor`, `major`, `release`, or the name of a pre-release stage.
    pub name: &'static str,
    /// The version.
    pub version: Version,
}

/// What may come after `version` (`SemVer` 2.0.0).
#[must_use]
pub fn next(version: &Version) -> Vec<Next> {
    let [major, minor, patch] = version.base;
    let mut steps = Vec::new();
    if let Some(pre) = version.pre {
        let mut following = version.clone();
        following.pre = Some(Pre {
            number: pre.number + 1,
            ..pre
        });
        steps.push((pre.kind.name(), following));
        steps.push(("release", version.to_final()));
    } else {
        steps.push(("patch", Version::new(major, minor, patch + 1)));
    }
    steps.push(("minor", Version::new(major, minor + 1, 0)));
    steps.push(("major", Version::new(major + 1, 0, 0)));
    steps
        .into_iter()
        .map(|(name, version)| Next { name, version })
        .collect()
}

/// The version that the manifests agree on.
pub fn current(manifests: &[Manifest]) -> Result<Version, BumpError> {
    let sites = guard::declared(manifests)?;
    let Some((_, _, version)) = sites.first() else {
        return Err(ManifestError::None.into());
    };
    Ok(version.clone())
}

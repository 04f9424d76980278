//! Facts for the gate: the policy, what git says, and every file that the policy asks for.

use std::collections::BTreeMap;

use super::{Result, project};
use crate::{
    bump,
    config::Config,
    context::Context,
    digest::{Digest, PublicPath},
    evidence::{
        self, Facts, File, FileProblem, Mode, Needs, Stage,
        facts::{Policy, Release, Source, Tool, VersionSite},
    },
    manifest::{Manifest, ManifestError},
    version::Version,
    world::{
        fs::{self, FileError},
        git::{Change, Git, TagRef},
        take::{self, Keep, Refused},
        walk,
    },
};

/// Reads everything that a verdict depends on.
pub fn facts(ctx: &Context) -> Result<Facts> {
    let git = Git::discover(&ctx.root)?;
    git.require_whole_history()?;
    let policy = policy(ctx)?;
    let needs = evidence::needs(&policy.config);
    let manifests = project::manifests(ctx, &git, &policy.config.bump.exclude)?;
    let tags = git.tags()?;
    let release = release(&git, &policy.config, (&manifests, &tags))?;
    let files = files(ctx, &needs)?;
    Ok(Facts {
        source: source(
            &git,
            &needs,
            tags.iter().find(|tag| tag.name == release.tag),
        )?,
        signatures: super::signatures::of(ctx, &git, (&needs, &files))?,
        files,
        version_sites: version_sites(&manifests)?,
        tool: tool(ctx)?,
        policy,
        release,
        generated_at: ctx.now,
        mode: Mode::Release,
        stage: Stage::Publish,
    })
}

/// Takes every file a second time; those that are no longer what they were are refused.
pub fn recheck(ctx: &Context, facts: &mut Facts) {
    for (path, file) in &mut facts.files {
        if let File::Taken(taken) = file {
            let again = take::take(&ctx.root, path, Keep::Digest);
            if again.ok().map(|again| again.identity).as_ref() != Some(&taken.identity) {
                *file = File::Refused(FileProblem::Changed);
            }
        }
    }
}

fn policy(ctx: &Context) -> Result<Policy> {
    let path = PublicPath::new(ctx.config.path())?;
    let bytes =
        fs::read_optional(&ctx.root.join(path.as_str()))?.ok_or_else(|| project::absent(ctx))?;
    Ok(Policy::read(path, &bytes)?)
}

/// The version that the manifests declare; where there is no manifest, that of a tag on `HEAD`.
fn release(
    git: &Git,
    config: &Config,
    (manifests, tags): (&[Manifest], &[TagRef]),
) -> Result<Release> {
    let style = super::bump::style(config, manifests);
    let version = match bump::current(manifests) {
        Ok(version) => version,
        Err(bump::BumpError::Manifest(ManifestError::None)) => {
            let head = git.head()?.commit;
            tags.iter()
                .filter(|tag| tag.commit.as_ref() == Some(&head))
                .filter_map(|tag| Version::from_tag(&tag.name, &style.tag, &style.name))
                .max()
                .ok_or(ManifestError::None)?
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Release::new(config, version, &style.name))
}

fn source(git: &Git, needs: &Needs, tag: Option<&TagRef>) -> Result<Source> {
    let head = git.head()?;
    let dirty = git.changes()?.into_iter().filter_map(|(path, change)| {
        // What the gate binds by digest may stand there without git.
        let bound = change == Change::Untracked && needs.files.matches(path.as_str());
        (!bound).then_some(path)
    });
    Ok(Source {
        uri: git.remote().map(|url| format!("git+{url}")),
        commit: head.commit,
        tree: head.tree,
        tag_object: tag.map(|tag| tag.object.clone()),
        tag_commit: tag.and_then(|tag| tag.commit.clone()),
        branch: head
            .reference
            .and_then(|name| name.strip_prefix("refs/heads/").map(str::to_owned)),
        dirty: dirty.collect(),
    })
}

fn files(ctx: &Context, needs: &Needs) -> Result<BTreeMap<PublicPath, File>> {
    let mut files = BTreeMap::new();
    for glob in &needs.files.0 {
        let found = match glob.literal() {
            Some(path) if fs::exists(&ctx.root.join(path.as_str())) => vec![path],
            Some(_) => Vec::new(),
            None => walk::glob(&ctx.root, glob.as_str())?,
        };
        for path in found {
            files
                .entry(path)
                .or_insert_with_key(|path| take(ctx, needs, path));
        }
    }
    Ok(files)
}

fn take(ctx: &Context, needs: &Needs, path: &PublicPath) -> File {
    let keep = if needs.contents.matches(path.as_str()) {
        Keep::Content
    } else {
        Keep::Digest
    };
    match take::take(&ctx.root, path, keep) {
        Ok(taken) => match FileProblem::of_head(taken.identity.size, &taken.head) {
            Some(problem) => File::Refused(problem),
            None => File::Taken(evidence::Taken {
                identity: taken.identity,
                content: taken.content,
            }),
        },
        Err(Refused::Symlink) => File::Refused(FileProblem::Symlink),
        Err(Refused::NotRegular) => File::Refused(FileProblem::NotRegular),
        Err(Refused::Changed) => File::Refused(FileProblem::Changed),
        Err(Refused::Unreadable) => File::Refused(FileProblem::Unreadable),
    }
}

fn version_sites(manifests: &[Manifest]) -> Result<Vec<VersionSite>> {
    let sites = bump::version_sites(manifests)?;
    let sites = sites.into_iter().map(|(path, site)| VersionSite {
        path: path.clone(),
        place: site.place.clone(),
        text: site.text.clone(),
    });
    Ok(sites.collect())
}

fn tool(ctx: &Context) -> Result<Tool> {
    let missing = || FileError::Absent {
        path: "relkit".to_owned(),
    };
    let path = ctx.executable.as_ref().ok_or_else(missing)?;
    let sha256: Digest = fs::digest_optional(path)?.ok_or_else(missing)?;
    Ok(Tool {
        name: "relkit".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        sha256,
    })
}

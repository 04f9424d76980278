//! Facts for the gate: the policy, what git says, and every file that the policy asks for.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::{Result, project};
use crate::{
    bump,
    config::{Config, Globs},
    context::Context,
    digest::{Digest, PublicPath},
    evidence::{
        self, Committed, Facts, File, FileProblem, Mode, Needs, Stage, Stated,
        facts::{Policy, Release, Source, Tool, VersionSite},
    },
    manifest::{Manifest, ManifestError},
    version::Version,
    wheel,
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
    let policy = policy(ctx, &git)?;
    let needs = evidence::needs(&policy.config);
    let manifests = project::manifests(ctx, &git, &policy.config.bump.exclude)?;
    let tags = git.tags()?;
    let release = release(&git, &policy.config, (&manifests, &tags))?;
    let (files, stated) = files(ctx, &needs, &policy.config.release.artifacts)?;
    let mut facts = Facts {
        source: source(&git, tags.iter().find(|tag| tag.name == release.tag))?,
        signatures: super::signatures::of(ctx, &git, (&needs, &files))?,
        files,
        stated,
        version_sites: version_sites(&manifests)?,
        tool: tool(ctx)?,
        policy,
        release,
        generated_at: ctx.now,
        mode: Mode::Release,
        stage: Stage::Publish,
    };
    // What the report binds by digest may stand there without git.
    let bound = evidence::bound(&facts);
    let untracked: Vec<_> = git
        .changes()?
        .into_iter()
        .filter(|(path, change)| *change == Change::Tracked || !bound.contains(path))
        .map(|(path, _)| path)
        .collect();
    facts.source.dirty = untracked;
    Ok(facts)
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

fn policy(ctx: &Context, git: &Git) -> Result<Policy> {
    let path = PublicPath::new(ctx.config.path())?;
    let bytes =
        fs::read_optional(&ctx.root.join(path.as_str()))?.ok_or_else(|| project::absent(ctx))?;
    let committed = if git.holds(&path, &bytes)? {
        Committed::Yes
    } else {
        Committed::No
    };
    Ok(Policy::read(path, &bytes, committed)?)
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

fn source(git: &Git, tag: Option<&TagRef>) -> Result<Source> {
    let head = git.head()?;
    Ok(Source {
        uri: git.remote().map(|url| format!("git+{url}")),
        commit: head.commit,
        tree: head.tree,
        tag_object: tag.map(|tag| tag.object.clone()),
        tag_commit: tag.and_then(|tag| tag.commit.clone()),
        branch: head
            .reference
            .and_then(|name| name.strip_prefix("refs/heads/").map(str::to_owned)),
        dirty: Vec::new(),
    })
}

/// What was read: the files, and what artifacts among them state from within.
type Read = (BTreeMap<PublicPath, File>, BTreeMap<PublicPath, Stated>);

fn files(ctx: &Context, needs: &Needs, artifacts: &Globs) -> Result<Read> {
    let (mut files, mut stated) = (BTreeMap::new(), BTreeMap::new());
    for glob in &needs.files.0 {
        let found = match glob.literal() {
            Some(path) if fs::exists(&ctx.root.join(path.as_str())) => vec![path],
            Some(_) => Vec::new(),
            None => walk::glob(&ctx.root, glob.as_str())?,
        };
        for path in found {
            if files.contains_key(&path) {
                continue;
            }
            let wheel = artifacts.matches(path.as_str()) && is_wheel(&path);
            let wanted = needs.contents.matches(path.as_str());
            let keep = if wheel || wanted {
                Keep::Content
            } else {
                Keep::Digest
            };
            let mut file = take(ctx, &path, keep);
            if let (true, File::Taken(taken)) = (wheel, &mut file) {
                let content = taken.content.take_if(|_| !wanted);
                let bytes = content.as_ref().or(taken.content.as_ref());
                stated.extend(bytes.map(|bytes| (path.clone(), state(&path, bytes))));
            }
            files.insert(path, file);
        }
    }
    Ok((files, stated))
}

fn is_wheel(path: &PublicPath) -> bool {
    Utf8Path::new(path.as_str()).extension() == Some("whl")
}

/// What a wheel's metadata states.
fn state(path: &PublicPath, bytes: &[u8]) -> Stated {
    match wheel::read(path.file_name(), bytes) {
        Ok(wheel) => Stated::Version(wheel.version),
        Err(error) => Stated::Unreadable(error.to_string()),
    }
}

fn take(ctx: &Context, path: &PublicPath, keep: Keep) -> File {
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

//! Facts for `relkit bump` and `relkit changelog release`.

use camino::Utf8Path;

use super::{Result, project};
use crate::{
    bump::{ChangelogFacts, Facts, Interrupted, Style},
    changelog::{
        cliff::{self, Cliff},
        history::Selection,
    },
    config::Config,
    context::Context,
    digest::PublicPath,
    manifest::{Manifest, Publication},
    version::Version,
    world::{
        fs,
        git::{Change, Git, TagRef},
        history,
    },
};

/// Looks at the repository for a bump to `to`.
pub fn facts(ctx: &Context, git: &Git, to: &Version) -> Result<Facts> {
    let config = project::config(ctx)?;
    let head = git.head()?;
    let tags = git.tags()?;
    let manifests = project::manifests(ctx, git, &config.bump.exclude)?;
    let style = style(&config, &manifests);
    Ok(Facts {
        head: head.commit,
        branch: head.reference,
        interrupted: if git.is_interrupted()? {
            Interrupted::Yes
        } else {
            Interrupted::No
        },
        dirty: dirt(ctx, git)?,
        changelog: changelog(
            ctx,
            &config,
            Since {
                git,
                tags: &tags,
                style: &style,
                to,
            },
        )?,
        tags: tags.into_iter().map(|tag| tag.name).collect(),
        manifests,
        style,
    })
}

/// What the working tree holds beside `HEAD`; not the file that this run's output goes to
/// (`-n --json > plan.json`).
fn dirt(ctx: &Context, git: &Git) -> Result<Vec<PublicPath>> {
    let mut dirty = git.changes()?;
    dirty.retain(|(path, change)| {
        *change == Change::Tracked || !fs::is_stdout(&ctx.root.join(path.as_str()))
    });
    Ok(dirty.into_iter().map(|(path, _)| path).collect())
}

/// How the project names its tags and messages. Its name is the configured one, or that of a
/// manifest; never the directory's, which differs from checkout to checkout.
#[must_use]
pub fn style(config: &Config, manifests: &[Manifest]) -> Style {
    let public = |manifest: &&Manifest| manifest.publication == Publication::Public;
    let named = manifests
        .iter()
        .filter(public)
        .find_map(|manifest| manifest.name.as_deref());
    Style {
        name: config.name_or(named.unwrap_or("project")).to_owned(),
        branch: config.release.branch.clone(),
        tag: config.release.tag.clone(),
        message: config.bump.message.clone(),
        tag_message: config.bump.tag_message.clone(),
    }
}

/// From where the new entries of a changelog count.
#[derive(Clone, Copy)]
pub struct Since<'a> {
    /// The repository.
    pub git: &'a Git,
    /// The tags there are.
    pub tags: &'a [TagRef],
    /// How tags are made.
    pub style: &'a Style,
    /// The version that is to be released.
    pub to: &'a Version,
}

/// The changelog and what the commits since the previous release add to it. A candidate follows
/// the release or candidate before it; so does a final release, which folds its candidates in.
pub fn changelog(ctx: &Context, config: &Config, since: Since<'_>) -> Result<ChangelogFacts> {
    let settings = &config.changelog;
    // Without a cliff.toml the sections are those of Keep a Changelog, not git-cliff's own.
    let cliff: Cliff = match fs::read_text(&ctx.root.join(settings.cliff.as_str()))? {
        Some(text) => text.parse()?,
        None => cliff::TEMPLATE.parse()?,
    };
    let selection = match previous(since) {
        Some(tag) => Selection::Range(format!("{tag}..HEAD")),
        None => Selection::default(),
    };
    let options = cliff::Options {
        selection,
        ..cliff::Options::default()
    };
    let history = history::read(since.git, &cliff.query(&options))?;
    Ok(ChangelogFacts {
        path: settings.path.clone(),
        text: fs::read_text(&ctx.root.join(settings.path.as_str()))?,
        entries: cliff::entries(&cliff, &history)?,
        date: ctx.today(),
    })
}

/// The tag of the newest version before `to`.
fn previous(since: Since<'_>) -> Option<&str> {
    let Style { tag, name, .. } = since.style;
    since
        .tags
        .iter()
        .filter_map(|found| Some((Version::from_tag(&found.name, tag, name)?, found)))
        .filter(|(version, found)| version < since.to && found.commit.is_some())
        .max_by(|a, b| a.0.cmp(&b.0))
        .map(|(_, found)| found.name.as_str())
}

/// The `cliff.toml` at `path`, or git-cliff's own default where there is none.
pub fn read_cliff(root: &Utf8Path, path: &str) -> Result<Cliff> {
    Ok(match fs::read_text(&root.join(path))? {
        Some(text) => text.parse()?,
        None => Cliff::default(),
    })
}

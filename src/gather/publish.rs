//! Facts for `relkit publish`.

use camino::Utf8Path;

use super::Result;
use crate::{
    config::{Channel, ChannelKind},
    context::Context,
    digest::Digest,
    evidence::Ready,
    plan::{ArtifactStep, IndexStep, Step},
    publish::Facts,
    wheel,
    world::{
        git::Git,
        local::{Holds, LocalChannel, LocalError},
        take::{self, Keep},
    },
};

/// Reads the metadata of each wheel that the candidate binds, from the very bytes that it binds,
/// and looks where the channels' directories are.
pub fn facts(ctx: &Context, (ready, channels): (&Ready, &[Channel])) -> Result<Facts> {
    let mut facts = Facts::default();
    for file in ready.artifacts() {
        let name = file.path.file_name();
        if !name.to_ascii_lowercase().ends_with(".whl") {
            continue;
        }
        let taken = take::take(&ctx.root, &file.path, Keep::Content).ok();
        let bytes = taken.filter(|taken| taken.identity == *file);
        let bytes = bytes.and_then(|taken| taken.content);
        let bytes = bytes.ok_or_else(|| LocalError::ArtifactChanged {
            path: file.path.clone(),
        })?;
        facts
            .wheels
            .insert(file.path.clone(), wheel::read(name, &bytes)?);
    }
    let git = Git::discover(&ctx.root)?;
    for channel in channels {
        let ChannelKind::File { path } = &channel.kind;
        let seen = ctx.below_root(Utf8Path::new(path));
        if let Some(seen) = seen
            && (seen.is_empty() || !git.ignores(Utf8Path::new(&format!("{seen}/x"))))
        {
            facts.exposed.push(path.clone());
        }
    }
    Ok(facts)
}

/// Whether the step's post-condition holds in its channel. Other bytes at its place are an error.
pub fn holds(ctx: &Context, step: &Step) -> Result<bool> {
    let channel = |target: &str| LocalChannel::new(&ctx.root, target);
    let holds = match step {
        Step::Artifact(ArtifactStep::Put {
            target, file, to, ..
        }) => channel(target).holds(to, file.sha256)? == Holds::These,
        Step::Artifact(ArtifactStep::PutText {
            target, to, text, ..
        }) => channel(target).holds(to, Digest::of(text.as_bytes()))? == Holds::These,
        Step::Index(IndexStep::List {
            target, listing, ..
        }) => channel(target).lists(listing)?,
        // Nothing of a channel.
        Step::File(_)
        | Step::Git(_)
        | Step::Signature(_)
        | Step::Artifact(ArtifactStep::Retag { .. } | ArtifactStep::PackageFramework { .. }) => {
            true
        }
    };
    Ok(holds)
}

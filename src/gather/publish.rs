//! Facts for `relkit publish`.

use super::Result;
use crate::{
    context::Context,
    digest::Digest,
    evidence::Ready,
    plan::{ArtifactStep, IndexStep, Step},
    publish::Facts,
    wheel,
    world::{
        fs,
        local::{Holds, LocalChannel},
    },
};

/// Reads the metadata of each wheel that the candidate binds.
pub fn facts(ctx: &Context, ready: &Ready) -> Result<Facts> {
    let mut facts = Facts::default();
    for file in ready.artifacts() {
        let name = file.path.file_name();
        if !name.to_ascii_lowercase().ends_with(".whl") {
            continue;
        }
        let bytes = fs::read(&ctx.root.join(file.path.as_str()))?;
        facts
            .wheels
            .insert(file.path.clone(), wheel::read(name, &bytes)?);
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

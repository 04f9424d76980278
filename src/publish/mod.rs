//! Plans that make artifacts public. Each asks for a [`Ready`], and only the gate makes one, so an
//! ungated publication does not compile; `tests/gate_type.rs` holds that.

mod file;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    config::{Channel, ChannelKind},
    digest::{InvalidPath, PublicPath},
    evidence::Ready,
    plan::Plan,
    wheel::Wheel,
};

/// What the planners need to know beside the candidate.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The metadata of each artifact that is a wheel.
    pub wheels: BTreeMap<PublicPath, Wheel>,
    /// Directories of channels that stand in the working tree, and git does not ignore them.
    pub exposed: Vec<String>,
}

/// The publication cannot be planned.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum PublishError {
    /// Two artifacts would stand at one place.
    #[error("two artifacts are called `{name}`")]
    #[diagnostic(
        code("publish.name_clash"),
        help(
            "a release has one file of a name; rename one, or leave one out of `[release] artifacts`"
        )
    )]
    NameClash {
        /// Their file name.
        name: String,
    },
    /// No such channel.
    #[error("there is no channel `{name}`")]
    #[diagnostic(
        code("publish.no_channel"),
        help("relkit.toml names these channels: {known}")
    )]
    NoChannel {
        /// The name asked for.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// A channel whose files git would take for changes.
    #[error("the channel's directory `{path}` is in the working tree, and git does not ignore it")]
    #[diagnostic(
        code("publish.exposed"),
        help(
            "add `/{path}/` to .gitignore in a commit before the release, or name a directory outside"
        )
    )]
    Exposed {
        /// The directory.
        path: String,
    },
    /// No channel at all.
    #[error("relkit.toml names no channel")]
    #[diagnostic(
        code("publish.no_channels"),
        help("add one: `[channel.local]` with `kind = \"file\"` and a `path`")
    )]
    NoChannels,
    /// A tag or a name that cannot be a path.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Path(#[from] InvalidPath),
}

/// The channels called `names`, in that order, or all.
pub fn choose(all: Vec<Channel>, names: &[String]) -> Result<Vec<Channel>, PublishError> {
    if all.is_empty() {
        return Err(PublishError::NoChannels);
    }
    if names.is_empty() {
        return Ok(all);
    }
    names
        .iter()
        .map(|name| {
            let known = || {
                let names = all.iter().map(|channel| format!("`{}`", channel.name));
                names.collect::<Vec<_>>().join(", ")
            };
            let found = all.iter().find(|channel| channel.name == *name);
            found.cloned().ok_or_else(|| PublishError::NoChannel {
                name: name.clone(),
                known: known(),
            })
        })
        .collect()
}

/// Plans the publication of `ready` to `channels`, in their order.
pub fn plan(ready: &Ready, channels: &[Channel], facts: &Facts) -> Result<Plan, PublishError> {
    require_distinct_names(ready, facts)?;
    if let Some(path) = facts.exposed.first() {
        return Err(PublishError::Exposed { path: path.clone() });
    }
    let names: Vec<_> = channels
        .iter()
        .map(|channel| channel.name.as_str())
        .collect();
    let tag = ready.tag();
    let mut plan = Plan::new(
        "relkit publish",
        format!("publish {tag} to {}", names.join(", ")),
    );
    plan.report = Some(ready.report().clone());
    for channel in channels {
        match &channel.kind {
            ChannelKind::File { path } => {
                let place = file::Place {
                    channel: &channel.name,
                    target: path,
                };
                plan.steps.extend(file::steps(ready, facts, place)?);
            }
        }
    }
    Ok(plan)
}

fn require_distinct_names(ready: &Ready, facts: &Facts) -> Result<(), PublishError> {
    let mut seen = BTreeSet::new();
    let everything = ready.artifacts().iter().chain([ready.report()]);
    let names = everything.map(|file| file.path.file_name().to_owned());
    let metadata = facts.wheels.keys();
    let metadata = metadata.map(|path| format!("{}.metadata", path.file_name()));
    for name in names.chain(metadata).chain(["SHA256SUMS".to_owned()]) {
        // Some file systems fold case, and so do some forges.
        if !seen.insert(name.to_lowercase()) {
            return Err(PublishError::NameClash { name });
        }
    }
    Ok(())
}

//! The bytes of artifacts in a channel.

use serde::{Deserialize, Serialize};

use crate::digest::{Identity, PublicPath};

/// Something to do with bytes that are to be published. `target` is the channel's directory as
/// `relkit.toml` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ArtifactStep {
    /// These very bytes of a file shall stand at `to`.
    Put {
        /// The channel's name.
        channel: String,
        /// Its directory.
        target: String,
        /// The file, bound to its bytes.
        file: Identity,
        /// Relative to the channel's directory.
        to: PublicPath,
    },
    /// A text that was derived from the artifacts (their checksums, their metadata) shall stand at `to`.
    PutText {
        /// The channel's name.
        channel: String,
        /// Its directory.
        target: String,
        /// Relative to the channel's directory.
        to: PublicPath,
        /// Its whole text.
        text: String,
    },
}

impl ArtifactStep {
    pub(super) fn line(&self) -> (&'static str, String) {
        let (Self::Put { channel, to, .. } | Self::PutText { channel, to, .. }) = self;
        ("Publish", format!("{channel}: {to}"))
    }
}

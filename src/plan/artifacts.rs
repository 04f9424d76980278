//! The bytes of artifacts: made here, and put into a channel.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Gated;
use crate::digest::{Digest, Identity, PublicPath};

/// Something to do with bytes that are to be published. The first ones make them, here; `target` is the channel's directory as
/// `relkit.toml` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ArtifactStep {
    /// The wheel `from`, with the tags and the build number that the name of `to` says, shall stand at
    /// `to`; `from` stays.
    Retag {
        /// The wheel, bound to its bytes.
        from: Identity,
        /// Relative to the repository's root.
        to: PublicPath,
    },
    /// The framework `from` shall stand at `to` as a zip archive, and its checksum beside it.
    PackageFramework {
        /// The framework's directory, relative to the repository's root.
        from: PublicPath,
        /// What it holds: the digest of its list of members, modes, digests and link targets.
        tree: Digest,
        /// The archive, relative to the repository's root; what an earlier run left is replaced.
        to: PublicPath,
        /// How.
        archive: ArchiveStyle,
    },
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

/// What the bytes of an archive follow from, besides its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveStyle {
    /// The date of every member.
    pub date: Timestamp,
    /// How hard it is compressed, 1 to 9.
    pub level: u32,
}

impl ArtifactStep {
    pub(super) fn gated(&self) -> Gated {
        match self {
            Self::Retag { .. } | Self::PackageFramework { .. } => Gated::No,
            Self::Put { .. } | Self::PutText { .. } => Gated::Yes,
        }
    }

    /// Verb and object of the line that shows it.
    #[must_use]
    pub fn line(&self) -> (&'static str, String) {
        match self {
            Self::Retag { from, to } => ("Retag", format!("{} as {to}", from.path)),
            Self::PackageFramework { from, to, .. } => ("Package", format!("{from} as {to}")),
            Self::Put { channel, to, .. } | Self::PutText { channel, to, .. } => {
                ("Publish", format!("{channel}: {to}"))
            }
        }
    }
}

//! What an index says about artifacts.

use serde::{Deserialize, Serialize};

use crate::digest::{Digest, PublicPath};

/// Something to do to an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum IndexStep {
    /// The simple index (PEP 503) of the directory shall list this file under its project.
    List {
        /// The channel's name.
        channel: String,
        /// Its directory.
        target: String,
        /// The file, as the index shows it.
        listing: Listing,
    },
}

/// One file on a project's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// The project's normalized name (PEP 503).
    pub project: String,
    /// Where the file stands, relative to the channel's directory.
    pub file: PublicPath,
    /// Its digest.
    pub sha256: Digest,
    /// The file's `Requires-Python`, if it has one.
    pub requires_python: Option<String>,
    /// The digest of the metadata file beside it (PEP 658), if there is one.
    pub metadata_sha256: Option<Digest>,
}

impl IndexStep {
    pub(super) fn line(&self) -> (&'static str, String) {
        match self {
            Self::List {
                channel, listing, ..
            } => (
                "List",
                format!(
                    "{channel}: {} under {}",
                    listing.file.file_name(),
                    listing.project
                ),
            ),
        }
    }
}

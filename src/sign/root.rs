//! Trusted roots as others want them.

use serde_json::{Value, json};
use sigstore_verify::trust_root::SIGSTORE_PRODUCTION_TRUSTED_ROOT;

use crate::json;

/// The public-good instance's root, as relkit was built with it.
pub const PUBLIC: &str = SIGSTORE_PRODUCTION_TRUSTED_ROOT;

/// How a trusted root is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `trusted_root.json`.
    TrustedRoot,
    /// The same inside a `ClientTrustConfig`, as sigstore-python's `--trust-config` wants it.
    ClientConfig,
}

impl Form {
    /// The bytes of `root` in this form.
    #[must_use]
    pub fn write(self, root: &[u8]) -> Vec<u8> {
        match self {
            Self::TrustedRoot => root.to_vec(),
            Self::ClientConfig => client_config(root),
        }
    }
}

/// No service stands in its signing configuration: it is for verifying.
fn client_config(root: &[u8]) -> Vec<u8> {
    json::render(&json!({
        "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
        "trustedRoot": serde_json::from_slice::<Value>(root).unwrap_or_default(),
        "signingConfig": {
            "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
            "caUrls": [],
            "oidcUrls": [],
            "rekorTlogUrls": [],
            "rekorTlogConfig": { "selector": "ANY" },
            "tsaUrls": [],
            "tsaConfig": { "selector": "ANY" },
        },
    }))
}

//! Signatures as values: what a bundle proves, and why it does not.
//!
//! Pure: bundle, digest and trusted root in; a [`Signature`] or one error out. Nothing here reads a
//! file or the network. The crates that do the cryptography are hidden here; before them stands a
//! strict reader, because every verifier known accepts something that it should not.

mod error;
pub mod plan;
pub mod root;
mod strict;
mod verify;

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

pub use self::{
    error::{NotVerified, RootError, SignatureError},
    strict::MAX_SIZE,
    verify::Verifier,
};
use crate::{
    digest::{Digest, Identity},
    trust::{Signer, Trust},
};

/// What a bundle's name ends with: `FILE.sigstore.json`.
pub const SUFFIX: &str = ".sigstore.json";
/// The organization that every certificate of a local instance names.
pub const LOCAL_NAME: &str = "relkit-local (NOT public Sigstore)";
/// The issuer of a local instance's identities: nobody has checked them.
pub const LOCAL_ISSUER: &str = "https://relkit.local/self-asserted";

/// A signature that was verified: certificate, log entry, timestamp and bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// Whom the certificate names: an e-mail address or a URI.
    pub identity: String,
    /// Who vouches for that.
    pub issuer: String,
    /// By which root.
    pub root: Root,
    /// When, as each timestamp authority has it.
    pub times: Vec<Timestamp>,
    /// The entry's place in its log.
    pub log_index: u64,
}

impl Signature {
    /// Whether nobody has checked who it is.
    #[must_use]
    pub fn self_asserted(&self) -> bool {
        self.issuer == LOCAL_ISSUER
    }
}

/// Where a trusted root came from, and which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Root {
    /// Its tier.
    pub trust: Tier,
    /// The digest of its bytes.
    pub sha256: Digest,
}

/// Where a trusted root came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Embedded in relkit.
    Public,
    /// This project's instance on this machine.
    Local,
    /// A file that was given.
    File,
}

impl From<Trust> for Tier {
    fn from(trust: Trust) -> Self {
        match trust {
            Trust::Public => Self::Public,
            Trust::Local => Self::Local,
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Local => "local",
            Self::File => "file",
        })
    }
}

/// Refuses a signature that is not of `signer`.
pub fn require(signature: &Signature, signer: &Signer) -> Result<(), SignatureError> {
    if signature.identity != signer.identity {
        return Err(SignatureError::Identity {
            expected: signer.identity.clone(),
            actual: signature.identity.clone(),
        });
    }
    if signature.issuer != signer.issuer {
        return Err(SignatureError::Issuer {
            expected: signer.issuer.clone(),
            actual: signature.issuer.clone(),
        });
    }
    Ok(())
}

/// What is known of one bundle beside a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// The bundle.
    pub bundle: Identity,
    /// What it proves.
    pub result: Result<Signature, SignatureError>,
}

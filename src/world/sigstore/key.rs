//! Keys: P-256, in files of their owner's alone. No key leaves this module.

use std::fmt;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use camino::Utf8Path;

use super::{SigstoreError, der};
use crate::{digest::Digest, world::private};

/// A signing key.
pub(super) struct Key {
    pair: EcdsaKeyPair,
    /// The public half: `SubjectPublicKeyInfo`, DER.
    pub(super) public: der::Der,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id().short())
    }
}

impl Key {
    /// A key that is nowhere written down.
    pub(super) fn ephemeral() -> Result<Self, SigstoreError> {
        Self::read(&new()?, "a new key")
    }

    /// The key of `path`; makes it if there is none.
    pub(super) fn ensure(path: &Utf8Path) -> Result<Self, SigstoreError> {
        if !crate::world::fs::exists(path) {
            // Whoever is first made it.
            private::create(path, &new()?)?;
        }
        Self::load(path)
    }

    /// The key of `path`.
    pub(super) fn load(path: &Utf8Path) -> Result<Self, SigstoreError> {
        Self::read(&private::read(path)?, path.as_str())
    }

    fn read(pkcs8: &[u8], name: &str) -> Result<Self, SigstoreError> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8);
        let pair = pair.map_err(|_| SigstoreError::Key {
            name: name.to_owned(),
        })?;
        let algorithm = [
            der::oid(&[1, 2, 840, 10045, 2, 1]),
            der::oid(&[1, 2, 840, 10045, 3, 1, 7]),
        ];
        let point = der::bits(pair.public_key().as_ref());
        let public = der::sequence(&[der::sequence(&algorithm), point]);
        Ok(Self { pair, public })
    }

    /// Signs `message` (ECDSA with SHA-256); a DER signature.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigstoreError> {
        let signature = self.pair.sign(&SystemRandom::new(), message);
        let signature = signature.map_err(|_| SigstoreError::Cryptography)?;
        Ok(signature.as_ref().to_vec())
    }

    /// Signs the message that has this digest.
    pub(super) fn sign_digest(&self, digest: Digest) -> Result<Vec<u8>, SigstoreError> {
        use aws_lc_rs::digest::{Digest as Hashed, SHA256};
        let signature = Hashed::import_less_safe(digest.as_bytes(), &SHA256)
            .and_then(|digest| self.pair.sign_digest(&digest))
            .map_err(|_| SigstoreError::Cryptography)?;
        Ok(signature.as_ref().to_vec())
    }

    /// Names the key in logs: the digest of its public half.
    pub(super) fn id(&self) -> Digest {
        Digest::of(&self.public)
    }
}

/// PKCS#8.
fn new() -> Result<Vec<u8>, SigstoreError> {
    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new())
        .map(|document| document.as_ref().to_vec())
        .map_err(|_| SigstoreError::Cryptography)
}

/// Sixteen random bytes: a serial number.
pub(super) fn serial() -> Result<[u8; 16], SigstoreError> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| SigstoreError::Cryptography)?;
    // Positive, and of one length.
    bytes[0] = bytes[0] & 0x7f | 0x40;
    Ok(bytes)
}

//! Signing: one certificate for everything that is signed in one run.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use jiff::Timestamp;
use serde_json::json;

use super::{Authority, Instance, Key, Log, SigstoreError, log::Entry};
use crate::{digest::Digest, world::lock::Lock};

/// An open instance with a fresh certificate. One writer at a time.
#[derive(Debug)]
pub struct Signer {
    log: Log,
    authority: Authority,
    key: Key,
    certificate: Vec<u8>,
    now: Timestamp,
    _lock: Lock,
}

impl Signer {
    /// A signer for `email`, with a new key and its certificate from `now` on.
    pub fn new(instance: &Instance, email: &str, now: Timestamp) -> Result<Self, SigstoreError> {
        // What a certificate can hold (an IA5String), and no reader can take for two.
        if !email.contains('@') || !email.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SigstoreError::Identity {
                email: email.escape_debug().to_string(),
            });
        }
        let lock = Lock::take(&instance.directory, "lock")?;
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let key = Key::ephemeral()?;
        Ok(Self {
            log: instance.log()?,
            authority: instance.authority()?,
            certificate: instance.issuer()?.issue(&key, email, now)?,
            key,
            now,
            _lock: lock,
        })
    }

    /// Signs the bytes with the digest `artifact`; a bundle (v0.3).
    pub fn sign(&mut self, artifact: Digest) -> Result<Vec<u8>, SigstoreError> {
        let signature = self.key.sign_digest(artifact)?;
        let entry = self.log.append(&Entry {
            digest: artifact.as_bytes(),
            signature: &signature,
            certificate: &self.certificate,
        })?;
        let timestamp = self.authority.stamp(&signature, self.now)?;
        Ok(crate::json::render(&json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "certificate": { "rawBytes": BASE64.encode(&self.certificate) },
                "tlogEntries": [entry],
                "timestampVerificationData": {
                    "rfc3161Timestamps": [{ "signedTimestamp": BASE64.encode(timestamp) }],
                },
            },
            "messageSignature": {
                "messageDigest": {
                    "algorithm": "SHA2_256",
                    "digest": BASE64.encode(artifact.as_bytes()),
                },
                "signature": BASE64.encode(signature),
            },
        })))
    }

    /// Keeps the log's checkpoint. Without it, what was signed still verifies; only a log that is
    /// cut later would not be noticed.
    pub fn finish(self) -> Result<(), SigstoreError> {
        self.log.keep()
    }
}

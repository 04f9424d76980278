//! The verifier: one trusted root, any number of bundles. The only user of the `sigstore-*` crates.

use sigstore_verify::{
    Error, VerificationPolicy,
    trust_root::TrustedRoot,
    types::{Bundle, Sha256Hash, SignatureContent},
};

use super::{LOCAL_NAME, Root, RootError, Signature, SignatureError, Tier, root, strict};
use crate::digest::Digest;

/// Verifies against one trusted root. Never touches the network.
pub struct Verifier {
    inner: sigstore_verify::Verifier,
    root: Root,
    /// The logs that the root knows, by the digests of their keys.
    logs: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

impl Verifier {
    /// The public-good instance's root, as relkit was built with it.
    pub fn public() -> Result<Self, RootError> {
        Self::new(
            Tier::Public,
            root::PUBLIC.as_bytes(),
            "the public-good root",
        )
    }

    /// The root of `bytes`, which came from `tier` and is called `name` in errors.
    pub fn new(tier: Tier, bytes: &[u8], name: &str) -> Result<Self, RootError> {
        let refuse = |reason: Box<dyn std::error::Error + Send + Sync>| RootError {
            name: name.to_owned(),
            reason,
        };
        // Duplicate keys could hide what another reader trusts.
        crate::json::parse(bytes).map_err(|e| refuse(e.into()))?;
        let text = str::from_utf8(bytes).map_err(|e| refuse(e.into()))?;
        let parsed = TrustedRoot::from_json(text).map_err(|e| refuse(e.into()))?;
        let inner = sigstore_verify::Verifier::new(&parsed).map_err(|e| refuse(e.into()))?;
        let logs = parsed
            .tlogs
            .iter()
            .map(|log| log.log_id.key_id.as_bytes().to_vec());
        Ok(Self {
            logs: logs.collect(),
            inner,
            root: Root {
                trust: tier,
                sha256: Digest::of(bytes),
            },
        })
    }

    /// Which root it trusts.
    #[must_use]
    pub fn root(&self) -> Root {
        self.root
    }

    /// What `bundle` proves about the file with the digest `artifact`: certificate chain and its
    /// embedded timestamp of the certificate log, log inclusion, timestamp, signature. Who signed is
    /// for the caller to judge.
    pub fn verify(&self, artifact: Digest, bundle: &[u8]) -> Result<Signature, SignatureError> {
        let text = strict::check(bundle)?;
        let parsed = Bundle::from_json(text).map_err(|e| malformed(&e))?;
        let policy = VerificationPolicy::any_identity();
        let verified = self
            .inner
            .verify(Sha256Hash::new(*artifact.as_bytes()), &parsed, &policy)
            .map_err(|error| self.refuse(error, &parsed))?;
        let missing = |what: &str| SignatureError::Invalid {
            reason: format!("the certificate names no {what}"),
        };
        let identity = verified.identity().ok_or_else(|| missing("identity"))?;
        let issuer = verified.issuer().ok_or_else(|| missing("issuer"))?;
        let entries = &parsed.verification_material.tlog_entries;
        // The checkpoint's key was verified by its four-byte hint; the entry's own word is whole.
        let known = |id: &[u8]| self.logs.iter().any(|log| log == id);
        if !entries
            .iter()
            .all(|entry| known(entry.log_id.key_id.as_bytes()))
        {
            return Err(SignatureError::Invalid {
                reason: "the root does not know the log of the entry".to_owned(),
            });
        }
        let index = entries.first().map(|entry| entry.log_index.as_i64());
        Ok(Signature {
            identity: identity.as_str().to_owned(),
            issuer: issuer.to_owned(),
            root: self.root,
            times: verified.verified_timestamps().to_vec(),
            log_index: index
                .and_then(|n| u64::try_from(n).ok())
                .ok_or_else(|| missing("log"))?,
        })
    }

    fn refuse(&self, error: Error, bundle: &Bundle) -> SignatureError {
        let foreign = matches!(
            error,
            Error::Certificate(_) | Error::TransparencyLog(_) | Error::Timestamp(_)
        );
        match error {
            Error::ArtifactMismatch(_) => SignatureError::OtherBytes {
                signed: signed(bundle),
            },
            Error::InvalidBundle(_)
            | Error::UnsupportedBundle(_)
            | Error::Types(_)
            | Error::Bundle(_) => malformed(&error),
            _ if foreign && self.root.trust != Tier::Local && says_local(bundle) => {
                SignatureError::TrustLocal {
                    root: self.root.trust,
                }
            }
            other => SignatureError::Invalid {
                reason: shorten(&other),
            },
        }
    }
}

/// The digest that a bundle says it signs.
fn signed(bundle: &Bundle) -> Option<Digest> {
    let SignatureContent::MessageSignature(message) = &bundle.content else {
        return None;
    };
    let digest = message.message_digest.as_ref()?.digest.as_bytes();
    hex::encode(digest).parse().ok()
}

/// Whether the signing certificate calls itself one of a local instance. Only a hint for people:
/// nothing is believed because of it.
fn says_local(bundle: &Bundle) -> bool {
    let certificate = bundle.signing_certificate();
    certificate.is_some_and(|der| {
        let mut windows = der.as_bytes().windows(LOCAL_NAME.len());
        windows.any(|window| window == LOCAL_NAME.as_bytes())
    })
}

fn malformed(error: &dyn std::error::Error) -> SignatureError {
    SignatureError::Malformed {
        reason: shorten(error),
    }
}

/// A foreign message may quote the bundle, which anybody may have written.
fn shorten(error: &dyn std::error::Error) -> String {
    let text: String = error.to_string().chars().take(200).collect();
    text.escape_debug().to_string()
}

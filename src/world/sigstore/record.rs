//! What is public about an instance, kept in one file: from it come the trusted root that others
//! verify with, and nothing secret.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::log::ORIGIN;
use crate::{digest::Digest, json, sign::LOCAL_NAME};

/// Where the instance would be reached, if it were served.
const BASE: &str = "https://relkit.local";

/// The instance's public half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// The version of this file's schema.
    pub(super) schema_version: String,
    /// Who wrote it.
    pub(super) generated_by: String,
    /// When the instance began. Roots say since when a key is good, so this must not move.
    pub(super) created: Timestamp,
    /// The certificate of the authority, DER in base64, as all that follow.
    pub(super) authority: String,
    /// The certificate that the timestamp authority's hangs from.
    pub(super) timestamp_root: String,
    /// The timestamp authority's certificate.
    pub(super) timestamp: String,
    /// Its serial number, in hexadecimal digits.
    pub(super) timestamp_serial: String,
    /// The public key of the certificate log.
    pub(super) certificate_log: String,
    /// The public key of the transparency log.
    pub(super) log: String,
}

impl Record {
    /// The trusted root (`trustedroot+json;version=0.1`): always the same bytes.
    pub(super) fn trusted_root(&self) -> Value {
        let valid = json!({ "start": self.created });
        let key = |base: &str, public: &str| {
            let id = BASE64.decode(public).map(|der| Digest::of(&der));
            json!({
                "baseUrl": base,
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": public,
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": valid,
                },
                "logId": { "keyId": id.map(|id| BASE64.encode(id.as_bytes())).unwrap_or_default() },
            })
        };
        let authority = |name: &str, chain: &[&str]| {
            let chain: Vec<_> = chain.iter().map(|der| json!({ "rawBytes": der })).collect();
            json!({
                "subject": { "organization": LOCAL_NAME, "commonName": name },
                "uri": BASE,
                "certChain": { "certificates": chain },
                "validFor": valid,
            })
        };
        json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [key(&format!("https://{ORIGIN}"), &self.log)],
            "ctlogs": [key(BASE, &self.certificate_log)],
            "certificateAuthorities": [authority("authority", &[&self.authority])],
            "timestampAuthorities": [
                authority("timestamps", &[&self.timestamp, &self.timestamp_root]),
            ],
        })
    }

    /// The trusted root's bytes.
    pub(super) fn root(&self) -> Vec<u8> {
        json::render(&self.trusted_root())
    }
}

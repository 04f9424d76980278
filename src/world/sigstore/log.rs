//! The transparency log: a second-version Rekor, as its bundles show it. Entries are appended to a
//! file, and the last checkpoint stands beside it, so that a log that was cut or changed is noticed.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};

use super::{SigstoreError, key::Key, tree::Tree};
use crate::world::fs;

/// The log's name: in its checkpoints, and in the address that trusted roots give it. One reader
/// (sigstore-js) wants the first to be a part of the second.
pub(super) const ORIGIN: &str = "rekor-v2.relkit.local";

/// The log, open for one writer.
#[derive(Debug)]
pub(super) struct Log {
    file: Utf8PathBuf,
    checkpoint: Utf8PathBuf,
    key: Key,
    tree: Tree,
}

impl Log {
    /// Reads the log of `directory`, and compares it with its last checkpoint.
    pub(super) fn open(directory: &Utf8Path, key: Key) -> Result<Self, SigstoreError> {
        let file = directory.join("rekor-v2.log");
        let checkpoint = directory.join("rekor-v2.checkpoint");
        let mut text = fs::read_text(&file)?.unwrap_or_default();
        // A crash may have left a part of a line. No bundle holds that entry, if the checkpoint,
        // which is compared below, does not cover it.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let torn = whole < text.len();
        text.truncate(whole);
        let mut tree = Tree::default();
        let tampered = || SigstoreError::Log {
            path: file.to_string(),
        };
        for line in text.lines() {
            tree.push(&BASE64.decode(line).map_err(|_| tampered())?);
        }
        if let Some(note) = fs::read_text(&checkpoint)? {
            let size = note.lines().nth(1).and_then(|size| size.parse().ok());
            let size: usize = size.ok_or_else(tampered)?;
            // What was appended after it may be there; what it covers must be.
            if size > tree.size() || !note.starts_with(&head(&tree, size)) {
                return Err(tampered());
            }
        }
        if torn {
            fs::write(&file, text.as_bytes())?;
        }
        Ok(Self {
            file,
            checkpoint,
            key,
            tree,
        })
    }

    /// Appends the entry of a signature, and gives it as bundles hold it, with its proof.
    pub(super) fn append(&mut self, entry: &Entry<'_>) -> Result<Value, SigstoreError> {
        let body = entry.canonical();
        let encoded = BASE64.encode(&body);
        fs::append(&self.file, &format!("{encoded}\n"))?;
        let index = self.tree.push(body.as_bytes());
        let size = self.tree.size();
        let hashes = self.tree.path(index, size);
        let hashes: Vec<_> = hashes
            .iter()
            .map(|hash| BASE64.encode(hash.as_bytes()))
            .collect();
        Ok(json!({
            "logIndex": index.to_string(),
            "logId": { "keyId": BASE64.encode(self.key.id().as_bytes()) },
            "kindVersion": { "kind": "hashedrekord", "version": "0.0.2" },
            "inclusionProof": {
                "logIndex": index.to_string(),
                "rootHash": BASE64.encode(self.tree.root(size).as_bytes()),
                "treeSize": size.to_string(),
                "hashes": hashes,
                "checkpoint": { "envelope": self.note()? },
            },
            "canonicalizedBody": encoded,
        }))
    }

    /// Keeps the checkpoint of what has been appended.
    pub(super) fn keep(&self) -> Result<(), SigstoreError> {
        Ok(fs::write(&self.checkpoint, self.note()?.as_bytes())?)
    }

    /// The signed note about the tree as it is.
    fn note(&self) -> Result<String, SigstoreError> {
        let head = head(&self.tree, self.tree.size());
        let id = self.key.id();
        let signature = self.key.sign(head.as_bytes())?;
        let signature = [&id.as_bytes()[..4], &signature].concat();
        let signature = BASE64.encode(signature);
        Ok(format!("{head}\n\u{2014} {ORIGIN} {signature}\n"))
    }
}

/// The signed part of a checkpoint: name, size, root.
fn head(tree: &Tree, size: usize) -> String {
    let root = BASE64.encode(tree.root(size).as_bytes());
    format!("{ORIGIN}\n{size}\n{root}\n")
}

/// What the log records of a signature (`hashedrekord` 0.0.2).
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// The signed digest.
    pub(super) digest: &'a [u8],
    /// The signature.
    pub(super) signature: &'a [u8],
    /// The signer's certificate.
    pub(super) certificate: &'a [u8],
}

impl Entry<'_> {
    /// Canonical JSON (RFC 8785): the keys are sorted, and base64 needs no escapes.
    fn canonical(&self) -> String {
        let [digest, signature, certificate] =
            [self.digest, self.signature, self.certificate].map(|bytes| BASE64.encode(bytes));
        format!(
            "{{\"apiVersion\":\"0.0.2\",\"kind\":\"hashedrekord\",\"spec\":{{\"hashedRekordV002\":{{\
             \"data\":{{\"algorithm\":\"SHA2_256\",\"digest\":\"{digest}\"}},\
             \"signature\":{{\"content\":\"{signature}\",\"verifier\":{{\
             \"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\",\
             \"x509Certificate\":{{\"rawBytes\":\"{certificate}\"}}}}}}}}}}}}"
        )
    }
}

//! The local Sigstore instance: certificate authority, certificate log, transparency log and
//! timestamp authority, in process, one for each project on this machine.
//!
//! Its bundles have the shape of the public instance's, so that every client that is given the
//! exported root reads them. They prove that a holder of these keys signed, and nothing more: the
//! identity is what git says (self-asserted), and no third party has witnessed it. The names in its
//! certificates say so. It never opens a socket.

mod certificate;
mod der;
mod key;
mod log;
mod record;
mod signer;
#[cfg(test)]
mod tests;
mod timestamp;
mod tree;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use camino::Utf8PathBuf;
use jiff::Timestamp;

pub use self::signer::Signer;
use self::{
    certificate::{Issuer, Validity},
    key::Key,
    log::Log,
    record::Record,
    timestamp::Authority,
};
use crate::{
    context::Context,
    digest::Digest,
    sign::{RootError, Tier, Verifier},
    world::{
        fs::{self, FileError},
        git::{Git, GitError},
        lock::{Lock, LockError},
        private::PrivateError,
    },
};

/// Ten years, in seconds: how long the instance's own certificates are good.
const LIFETIME: i64 = 3650 * 86_400;

/// The local instance refused.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum SigstoreError {
    /// There is none.
    #[error("this project has no local instance on this machine")]
    #[diagnostic(
        code("trust.no_instance"),
        help(
            "`relkit sign` makes one; elsewhere, verify with the root that was exported there: `--trusted-root FILE`"
        )
    )]
    None,
    /// No directory for keys.
    #[error("there is no directory for keys")]
    #[diagnostic(
        code("trust.no_directory"),
        help("set RELKIT_DATA_DIR to a directory of your own")
    )]
    NoDirectory,
    /// A key that is none.
    #[error("`{name}` holds no P-256 key")]
    #[diagnostic(
        code("trust.key"),
        help("restore it from a backup, or remove the instance's directory to begin a new one")
    )]
    Key {
        /// The file.
        name: String,
    },
    /// The log is not what it was.
    #[error("the log `{path}` is not what its last checkpoint says")]
    #[diagnostic(
        code("trust.log"),
        help(
            "restore it from a backup, or remove the instance's directory to begin a new one; the old bundles keep their root"
        )
    )]
    Log {
        /// The file.
        path: String,
    },
    /// The record is not one.
    #[error("`{path}` does not describe a local instance")]
    #[diagnostic(
        code("trust.record"),
        help("restore it from a backup, or remove the instance's directory to begin a new one")
    )]
    Record {
        /// The file.
        path: String,
    },
    /// An identity that a certificate cannot hold.
    #[error("`{email}` cannot stand in a certificate")]
    #[diagnostic(
        code("sign.identity"),
        help("set an e-mail address in ASCII: `git config user.email NAME@EXAMPLE.ORG`")
    )]
    Identity {
        /// The address.
        email: String,
    },
    /// Something else stands where the bundle goes.
    #[error("`{path}` stands in the way: it is no bundle of this project's local instance")]
    #[diagnostic(
        code("sign.occupied"),
        help("keep it and sign into another directory with `--out-dir`, or remove it")
    )]
    Occupied {
        /// Relative to the repository's root.
        path: String,
    },
    /// The cryptographic library refused.
    #[error("the cryptographic library refused")]
    #[diagnostic(
        code("sign.cryptography"),
        help("try again; if it stays, report it with the version of relkit")
    )]
    Cryptography,
    /// The root of the instance cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Root(#[from] RootError),
    /// A key file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Private(#[from] PrivateError),
    /// A file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
    /// The repository refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Git(#[from] GitError),
    /// Another writer is at work.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Lock(#[from] LockError),
}

/// A project's instance, as far as verifying needs it: its public half.
#[derive(Clone, Debug)]
pub struct Instance {
    directory: Utf8PathBuf,
    record: Record,
}

impl Instance {
    /// The instance of `directory`, if there is one.
    pub fn find(directory: Utf8PathBuf) -> Result<Option<Self>, SigstoreError> {
        let path = directory.join(RECORD);
        let Some(bytes) = fs::read_optional(&path)? else {
            return Ok(None);
        };
        let invalid = |_| SigstoreError::Record {
            path: path.to_string(),
        };
        let record = serde_json::from_slice(&bytes).map_err(invalid)?;
        Ok(Some(Self { directory, record }))
    }

    /// The instance of `directory`; makes one that begins at `now` if there is none.
    pub fn ensure(directory: Utf8PathBuf, now: Timestamp) -> Result<Self, SigstoreError> {
        if let Some(instance) = Self::find(directory.clone())? {
            return Ok(instance);
        }
        let _lock = Lock::take(&directory, "lock")?;
        // Another may have made it while this one waited for nothing.
        if let Some(instance) = Self::find(directory.clone())? {
            return Ok(instance);
        }
        let record = create(&directory, now)?;
        let value = serde_json::to_value(&record).unwrap_or_default();
        fs::write(&directory.join(RECORD), &crate::json::render(&value))?;
        Ok(Self { directory, record })
    }

    /// The trusted root's bytes.
    #[must_use]
    pub fn root(&self) -> Vec<u8> {
        self.record.root()
    }

    /// Verifies what this instance signed.
    pub fn verifier(&self) -> Result<Verifier, SigstoreError> {
        Ok(Verifier::new(Tier::Local, &self.root(), "the local root")?)
    }

    fn key(&self, name: &str) -> Result<Key, SigstoreError> {
        Key::load(&self.directory.join(name))
    }

    fn issuer(&self) -> Result<Issuer, SigstoreError> {
        Ok(Issuer {
            key: self.key(AUTHORITY)?,
            name: certificate::name(AUTHORITY_NAME),
            log: self.key(CERTIFICATE_LOG)?,
        })
    }

    fn log(&self) -> Result<Log, SigstoreError> {
        Log::open(&self.directory, self.key(LOG)?)
    }

    fn authority(&self) -> Result<Authority, SigstoreError> {
        let invalid = || SigstoreError::Record {
            path: self.directory.join(RECORD).to_string(),
        };
        let mut serial = [0; 16];
        let digits = &self.record.timestamp_serial;
        hex::decode_to_slice(digits, &mut serial).map_err(|_| invalid())?;
        let certificate = BASE64.decode(&self.record.timestamp);
        Ok(Authority {
            key: self.key(TIMESTAMP)?,
            certificate: certificate.map_err(|_| invalid())?,
            issuer: certificate::name(TIMESTAMP_NAME),
            serial,
        })
    }
}

const RECORD: &str = "instance.json";
// Two logs need two keys: a checkpoint must never be taken for a promise.
const AUTHORITY: &str = "authority.pk8";
const CERTIFICATE_LOG: &str = "certificate-log.pk8";
const LOG: &str = "rekor-v2.pk8";
const TIMESTAMP: &str = "timestamp.pk8";
const TIMESTAMP_ROOT: &str = "timestamp-root.pk8";
const AUTHORITY_NAME: &str = "authority";
const TIMESTAMP_NAME: &str = "timestamps";

fn create(directory: &camino::Utf8Path, now: Timestamp) -> Result<Record, SigstoreError> {
    let key = |name: &str| Key::ensure(&directory.join(name));
    let created = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let validity = Validity::new(created, LIFETIME);
    let name = certificate::name(TIMESTAMP_NAME);
    let root = key(TIMESTAMP_ROOT)?;
    let subject = certificate::name("timestamp");
    let (timestamp, serial) =
        certificate::timestamping((&name, &root), (&subject, &key(TIMESTAMP)?), validity)?;
    let authority = certificate::name(AUTHORITY_NAME);
    let encode = |der: &[u8]| BASE64.encode(der);
    Ok(Record {
        schema_version: "1.0.0".to_owned(),
        generated_by: "relkit sign".to_owned(),
        created,
        authority: encode(&certificate::root(&key(AUTHORITY)?, &authority, validity)?),
        timestamp_root: encode(&certificate::root(&root, &name, validity)?),
        timestamp: encode(&timestamp),
        timestamp_serial: hex::encode(serial),
        certificate_log: encode(&key(CERTIFICATE_LOG)?.public),
        log: encode(&key(LOG)?.public),
    })
}

/// Where the instance of `git`'s repository stands, below relkit's data directory. Working trees of
/// one repository share it.
pub fn directory(ctx: &Context, git: &Git) -> Result<Utf8PathBuf, SigstoreError> {
    let data = ctx.data_directory().ok_or(SigstoreError::NoDirectory)?;
    let name = Digest::of(git.common()?.as_str().as_bytes()).short();
    Ok(data.join("sigstore").join(name))
}

/// The instance of `git`'s repository.
pub fn of(ctx: &Context, git: &Git) -> Result<Instance, SigstoreError> {
    Instance::find(directory(ctx, git)?)?.ok_or(SigstoreError::None)
}

//! One relkit at a time in a repository.

use std::fs::File;

use camino::Utf8Path;

use super::fs::{self, FileError};

/// Held while the world is changed; released when dropped, also by a crash.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// The lock could not be had.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum LockError {
    /// Another relkit has it.
    #[error("another relkit is at work there")]
    #[diagnostic(
        code("lock.held"),
        help("wait until it has ended, then run the command again")
    )]
    Held,
    /// The lock file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
}

impl Lock {
    /// Takes the lock of the directory: a repository's private one (`lock`), or a channel.
    pub fn take(directory: &Utf8Path, name: &str) -> Result<Self, LockError> {
        let file = fs::lock_file(&directory.join(name))?;
        match file.try_lock() {
            Err(std::fs::TryLockError::WouldBlock) => Err(LockError::Held),
            // A file system without locks is no reason to refuse work.
            Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(Self { _file: file }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_holds_it() {
        let directory = tempfile::tempdir().unwrap();
        let state = Utf8Path::from_path(directory.path()).unwrap();
        let first = Lock::take(state, "lock").unwrap();
        assert!(matches!(Lock::take(state, "lock"), Err(LockError::Held)));
        drop(first);
        assert!(Lock::take(state, "lock").is_ok());
    }
}

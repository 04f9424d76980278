//! Files that only their owner reads: keys.

#![expect(clippy::disallowed_methods, reason = "this is a file door")]

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
};

use camino::Utf8Path;

use super::fs::{FileError, create_dir, failed};

/// A file that should be private is not.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum PrivateError {
    /// Others can read it.
    #[error("`{path}` can be read by others")]
    #[diagnostic(
        code("private.exposed"),
        help("take it as known to others: remove its directory, and sign again with new keys")
    )]
    Exposed {
        /// The file.
        path: String,
    },
    /// The file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
}

/// Makes `path` with `bytes`, for its owner alone (mode 0600), and only if nothing stands there:
/// answers whether it did.
pub fn create(path: &Utf8Path, bytes: &[u8]) -> Result<bool, FileError> {
    if let Some(directory) = path.parent() {
        create_dir(directory)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(failed("create", path)(error)),
        Ok(mut file) => file.write_all(bytes).and_then(|()| file.sync_all()),
    }
    .map_err(|error| {
        // Half a key would be taken for one.
        let _ = fs::remove_file(path);
        failed("write", path)(error)
    })?;
    Ok(true)
}

/// The bytes of `path`, unless others can read it.
pub fn read(path: &Utf8Path) -> Result<Vec<u8>, PrivateError> {
    if exposed(&fs::metadata(path).map_err(failed("look at", path))?) {
        return Err(PrivateError::Exposed {
            path: path.to_string(),
        });
    }
    Ok(fs::read(path).map_err(failed("read", path))?)
}

#[cfg(unix)]
fn exposed(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0
}

/// The user's own directory is closed to others where modes do not exist.
#[cfg(not(unix))]
fn exposed(_metadata: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_not_read_when_exposed() {
        let directory = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(directory.path())
            .unwrap()
            .join("keys/a");
        assert!(create(&path, b"one").unwrap());
        assert!(!create(&path, b"two").unwrap());
        assert_eq!(read(&path).unwrap(), b"one");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
            mode(0o640);
            assert!(matches!(read(&path), Err(PrivateError::Exposed { .. })));
        }
    }
}

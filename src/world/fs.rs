//! The file door: every error names the path, every write is whole or not at all.

#![expect(clippy::disallowed_methods, reason = "this is the file door")]

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
};

use camino::{Utf8Path, Utf8PathBuf};

use super::part::{Part, Placed};
use crate::digest::{Digest, Identity, PublicPath};

/// A file could not be read or written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum FileError {
    /// It is not there.
    #[error("there is no file `{path}`")]
    #[diagnostic(code("file.absent"), help("check the path"))]
    Absent {
        /// The file.
        path: String,
    },
    /// It, or a directory on the way to it, is a symbolic link.
    #[error("`{path}` is reached through a symbolic link, and relkit writes through none")]
    #[diagnostic(
        code("file.link"),
        help("name the file that the link leads to, or put a real file in its place")
    )]
    Link {
        /// The file.
        path: String,
    },
    /// It is not text.
    #[error("`{path}` is not UTF-8 text")]
    #[diagnostic(code("file.not_text"), help("save it as UTF-8"))]
    NotText {
        /// The file.
        path: String,
    },
    /// Its name is not UTF-8.
    #[error("`{path}` has a name that is not UTF-8")]
    #[diagnostic(code("file.name"), help("rename it; reports hold UTF-8 paths only"))]
    Name {
        /// The file.
        path: String,
    },
    /// It is not a file that holds still.
    #[error("`{path}` cannot be relied on: {refused}")]
    #[diagnostic(
        code("file.refused"),
        help("name a regular file, not a link to one; let the build end first")
    )]
    Refused {
        /// The file.
        path: String,
        /// Why.
        refused: super::take::Refused,
    },
    /// The system refused.
    #[error("cannot {action} `{path}`")]
    #[diagnostic(code("file.io"), help("see the cause; nothing was left half-written"))]
    Io {
        /// What was attempted.
        action: &'static str,
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
}

pub(super) fn failed(action: &'static str, path: &Utf8Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_string();
    move |source| match source.kind() {
        io::ErrorKind::NotFound => FileError::Absent { path },
        _ => FileError::Io {
            action,
            path,
            source,
        },
    }
}

/// The bytes of `path`.
pub fn read(path: &Utf8Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(failed("read", path))
}

/// The bytes of `path`, or `None` if there is no such file.
pub fn read_optional(path: &Utf8Path) -> Result<Option<Vec<u8>>, FileError> {
    match read(path) {
        Err(FileError::Absent { .. }) => Ok(None),
        other => other.map(Some),
    }
}

/// The bytes of the regular file `path`, or `None` if there is none; of a larger file one byte more
/// than `most`, so that whoever has a limit sees that it is passed.
pub fn read_small(path: &Utf8Path, most: usize) -> Result<Option<Vec<u8>>, FileError> {
    // Looked at before it is opened, so that a pipe does not block.
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Ok(metadata) if !metadata.is_file() => {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
            return Err(failed("read", path)(error));
        }
        _ => {}
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed("read", path))?;
    let limit = most as u64 + 1;
    io::Read::read_to_end(&mut io::Read::take(file, limit), &mut bytes)
        .map_err(failed("read", path))?;
    Ok(Some(bytes))
}

/// The digest of the bytes of `path`, or `None` if there is no such file.
pub fn digest_optional(path: &Utf8Path) -> Result<Option<Digest>, FileError> {
    let digest = File::open(path).and_then(|mut file| Digest::of_reader(&mut file));
    match digest.map_err(failed("read", path)) {
        Err(FileError::Absent { .. }) => Ok(None),
        other => other.map(|(digest, _)| Some(digest)),
    }
}

/// The text of `path`, or `None` if there is no such file.
pub fn read_text(path: &Utf8Path) -> Result<Option<String>, FileError> {
    let Some(bytes) = read_optional(path)? else {
        return Ok(None);
    };
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| FileError::NotText {
            path: path.to_string(),
        })
}

/// Replaces `path` by `bytes`, whole: a part beside it, synced, then renamed. Keeps the mode of the
/// file that stood there, and makes missing directories.
pub fn write(path: &Utf8Path, bytes: &[u8]) -> Result<(), FileError> {
    let mut part = Part::create(path)?;
    let written = (|| {
        if let Ok(metadata) = fs::symlink_metadata(path)
            && metadata.is_file()
        {
            part.file().set_permissions(metadata.permissions())?;
        }
        part.file().write_all(bytes)
    })();
    written.map_err(failed("write", path))?;
    part.replace().map(drop)
}

/// Refuses `path` below `root` if it, or a directory on the way to it, is a symbolic link: what is
/// written there would land elsewhere.
pub fn require_no_link(root: &Utf8Path, path: &PublicPath) -> Result<(), FileError> {
    let mut place = root.to_owned();
    for part in path.as_str().split('/') {
        place.push(part);
        if fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_symlink()) {
            return Err(FileError::Link {
                path: path.to_string(),
            });
        }
    }
    Ok(())
}

/// Makes `path` a symbolic link to `target`, and its directory; the same link is as good.
#[cfg(unix)]
pub fn symlink(path: &Utf8Path, target: &str) -> Result<(), FileError> {
    create_dir(path.parent().unwrap_or(Utf8Path::new(".")))?;
    match std::os::unix::fs::symlink(target, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let there = fs::read_link(path).map_err(failed("link", path))?;
            if there.to_str() == Some(target) {
                Ok(())
            } else {
                Err(failed("link", path)(error))
            }
        }
        other => other.map_err(failed("link", path)),
    }
}

/// Where links need a privilege: `path` holds the text of its target, as an archive stores it.
#[cfg(not(unix))]
pub fn symlink(path: &Utf8Path, target: &str) -> Result<(), FileError> {
    write(path, target.as_bytes())
}

/// Removes `path`; absent is as good.
pub fn remove(path: &Utf8Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Makes `path` a directory; there already is as good.
pub fn create_dir(path: &Utf8Path) -> Result<(), FileError> {
    fs::create_dir_all(path).map_err(failed("create", path))
}

/// True if nothing stands at `path`, or an empty directory.
pub fn is_vacant(path: &Utf8Path) -> Result<bool, FileError> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(failed("look into", path)(error)),
    }
}

/// True if something stands at `path`.
#[must_use]
pub fn exists(path: &Utf8Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// `path` from the system's root, links resolved.
pub fn absolute(path: &Utf8Path) -> Result<Utf8PathBuf, FileError> {
    path.canonicalize_utf8().map_err(failed("find", path))
}

/// The running executable.
#[must_use]
pub fn executable() -> Option<Utf8PathBuf> {
    Utf8PathBuf::from_path_buf(std::env::current_exe().ok()?).ok()
}

/// A new directory of this user's own under the system's place for temporary files.
pub fn temporary_directory(stem: &str) -> Result<Utf8PathBuf, FileError> {
    let base =
        Utf8PathBuf::from_path_buf(std::env::temp_dir()).map_err(|path| FileError::Name {
            path: path.display().to_string(),
        })?;
    let mut number = std::process::id();
    loop {
        let path = base.join(format!("{stem}-{number}"));
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(failed("create", &path)(error)),
            Ok(()) => return Ok(path),
        }
    }
}

/// True if this process writes its standard output to `path`.
#[cfg(unix)]
#[must_use]
pub fn is_stdout(path: &Utf8Path) -> bool {
    use std::os::{fd::AsFd as _, unix::fs::MetadataExt as _};
    let Ok(stdout) = io::stdout().as_fd().try_clone_to_owned() else {
        return false;
    };
    match (File::from(stdout).metadata(), fs::metadata(path)) {
        (Ok(one), Ok(two)) => one.is_file() && (one.dev(), one.ino()) == (two.dev(), two.ino()),
        _ => false,
    }
}

/// True if this process writes its standard output to `path`; not known on this system.
#[cfg(not(unix))]
#[must_use]
pub fn is_stdout(_path: &Utf8Path) -> bool {
    false
}

/// Appends `line` to `path` and does not return before it is on the disk.
pub fn append(path: &Utf8Path, line: &str) -> Result<(), FileError> {
    let done = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut file| {
            file.write_all(line.as_bytes())?;
            file.sync_all()
        });
    done.map_err(failed("append to", path))
}

/// Opens (or makes) a file that only its lock matters of.
pub(super) fn lock_file(path: &Utf8Path) -> Result<File, FileError> {
    if let Some(directory) = path.parent() {
        create_dir(directory)?;
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(failed("open", path))
}

/// Copies `from` to `to`. `to` appears only when it is whole and has the expected bytes, and never
/// replaces anything.
pub fn copy_new(from: &Utf8Path, to: &Utf8Path, expected: &Identity) -> Result<Copied, FileError> {
    let mut input = File::open(from).map_err(failed("read", from))?;
    let mut part = Part::create(to)?;
    let mut reader = Tee {
        input: &mut input,
        output: part.file(),
    };
    let copied = Digest::of_reader(&mut reader).map_err(failed("write", to))?;
    if copied != (expected.sha256, expected.size) {
        return Ok(Copied::OtherBytes);
    }
    Ok(match part.keep()? {
        Placed::New => Copied::Whole,
        Placed::Same | Placed::Other => Copied::Occupied,
    })
}

/// What became of [`copy_new`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The file stands at its place.
    Whole,
    /// The source no longer has the expected bytes; nothing was written.
    OtherBytes,
    /// Something stands at that place; nothing was written.
    Occupied,
}

struct Tee<'a> {
    input: &'a mut File,
    output: &'a mut File,
}

impl io::Read for Tee<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.output.write_all(&buffer[..count])?;
        Ok(count)
    }
}

#[cfg(unix)]
pub(super) fn sync_directory(path: &Utf8Path) -> io::Result<()> {
    let path = if path.as_str().is_empty() {
        Utf8Path::new(".")
    } else {
        path
    };
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other systems can fail")]
pub(super) fn sync_directory(_path: &Utf8Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing::directory;

    fn path(text: &str) -> PublicPath {
        PublicPath::new(text).unwrap()
    }

    #[test]
    fn a_copy_is_whole_or_absent_and_replaces_nothing() {
        let (_keep, root) = directory();
        let (from, to) = (root.join("a"), root.join("out/b"));
        write(&from, b"abc").unwrap();
        let good = Identity::of(path("a"), b"abc");
        let other = Identity::of(path("a"), b"abd");
        assert_eq!(copy_new(&from, &to, &other).unwrap(), Copied::OtherBytes);
        assert!(is_vacant(&root.join("out")).unwrap());
        assert_eq!(copy_new(&from, &to, &good).unwrap(), Copied::Whole);
        assert_eq!(copy_new(&from, &to, &good).unwrap(), Copied::Occupied);
        assert_eq!(read(&to).unwrap(), b"abc");
    }
}

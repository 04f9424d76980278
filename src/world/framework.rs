//! XCFrameworks: the directory read, and its archive written in one pass.

#![expect(clippy::disallowed_methods, reason = "this is a file door")]

use std::{
    fs::{self, File, Metadata},
    io::{BufWriter, Seek as _, Write as _},
};

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    fs::{FileError, failed, require_no_link},
    part::{Part, Placed},
};
use crate::{
    archive::{ArchiveError, Meta, Stamp, Writer},
    digest::{Digest, Hashing, PublicPath},
    plan::{ArchiveStyle, Outcome},
    xcframework::{self, Facts, FrameworkError, Kind, Listing, Mode, Node},
};

/// How much is written at once, in bytes.
const BUFFER: usize = 1 << 18;

/// A framework was not packaged.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum PackageError {
    /// The framework is no longer what the plan saw.
    #[error("`{path}` changed after the plan was made")]
    #[diagnostic(
        code("xcframework.changed"),
        help("run the command again; nothing was written")
    )]
    Changed {
        /// Relative to the repository's root.
        path: PublicPath,
    },
    /// It does not fit into an archive.
    #[error("`{path}` cannot be archived")]
    #[diagnostic(
        code("xcframework.archive"),
        help("see the cause; the package manager reads archives without extensions only")
    )]
    Archive {
        /// Relative to the repository's root.
        path: PublicPath,
        /// Why not.
        source: ArchiveError,
    },
    /// It is no framework.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Framework(#[from] FrameworkError),
    /// A file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
}

/// What to package, and how.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The framework's directory, relative to the repository's root.
    pub from: &'a PublicPath,
    /// What it holds.
    pub tree: Digest,
    /// The archive.
    pub to: &'a PublicPath,
    /// Its dates and level.
    pub archive: ArchiveStyle,
}

/// Reads the framework at `root`/`from`: every file is hashed.
pub fn read(root: &Utf8Path, from: &PublicPath) -> Result<Facts, PackageError> {
    let base = root.join(from.as_str());
    let mut listing = Listing::default();
    for node in xcframework::members(from.as_str(), walk(&base)?)? {
        let digest = match &node.kind {
            Kind::File(_) => {
                let place = base.join(&node.path);
                let digest = File::open(&place).and_then(|mut file| Digest::of_reader(&mut file));
                digest.map_err(failed("read", &place))?.0
            }
            Kind::Symlink(target) => Digest::of(target.as_bytes()),
            Kind::Directory | Kind::Special => Digest::of(b""),
        };
        listing.add(&node, digest);
    }
    Ok(Facts {
        from: from.clone(),
        tree: listing.digest(),
    })
}

/// Makes the archive stand at its place, and its checksum beside it, as `sha256sum --check` reads it.
pub fn ensure(root: &Utf8Path, job: &Job<'_>) -> Result<Outcome, PackageError> {
    for path in [job.from, job.to] {
        require_no_link(root, path)?;
    }
    let to = root.join(job.to.as_str());
    let mut part = Part::create(&to)?;
    let tree = archive(root, job, part.file())?;
    if tree != job.tree {
        return Err(PackageError::Changed {
            path: job.from.clone(),
        });
    }
    let rewound = part.file().rewind();
    let digest = rewound.and_then(|()| Digest::of_reader(part.file()));
    let (sha256, _) = digest.map_err(failed("read", &to))?;
    let placed = part.replace()?;
    let sums = Utf8PathBuf::from(xcframework::sums_path(to.as_str()));
    let text = format!("{sha256}  {}\n", job.to.file_name());
    let there = super::fs::read_optional(&sums)?;
    if placed == Placed::Same && there.as_deref() == Some(text.as_bytes()) {
        return Ok(Outcome::Already);
    }
    super::fs::write(&sums, text.as_bytes())?;
    Ok(Outcome::Done)
}

/// Writes the archive to `file`, and gives the digest of what went in.
fn archive(root: &Utf8Path, job: &Job<'_>, file: &mut File) -> Result<Digest, PackageError> {
    let base = root.join(job.from.as_str());
    let name = job.from.file_name();
    let wrong = |source| PackageError::Archive {
        path: job.from.clone(),
        source,
    };
    let out = BufWriter::with_capacity(BUFFER, file);
    let mut writer = Writer::new(out, Stamp::at(job.archive.date));
    let mut listing = Listing::default();
    let top = Node {
        path: String::new(),
        kind: Kind::Directory,
    };
    let nodes = xcframework::members(job.from.as_str(), walk(&base)?)?;
    for node in [top].iter().chain(&nodes) {
        let path = format!("{name}/{}", node.archived()).replace("//", "/");
        let meta = Meta {
            path: &path,
            mode: node.mode(),
        };
        let digest = match &node.kind {
            Kind::File(_) => {
                let place = base.join(&node.path);
                let file = File::open(&place).map_err(failed("read", &place))?;
                let length = file.metadata().map_err(failed("read", &place))?.len();
                let mut reader = Hashing::new(file);
                if length == 0 {
                    writer.store(meta, b"").map_err(wrong)?;
                } else {
                    writer
                        .deflate(meta, job.archive.level, &mut reader)
                        .map_err(wrong)?;
                }
                reader.finish().0
            }
            Kind::Symlink(target) => {
                writer.store(meta, target.as_bytes()).map_err(wrong)?;
                Digest::of(target.as_bytes())
            }
            Kind::Directory | Kind::Special => {
                writer.store(meta, b"").map_err(wrong)?;
                Digest::of(b"")
            }
        };
        if !node.path.is_empty() {
            listing.add(node, digest);
        }
    }
    let mut out = writer.finish().map_err(wrong)?;
    out.flush().map_err(ArchiveError::Io).map_err(wrong)?;
    Ok(listing.digest())
}

/// Everything below `base`; links are listed, never followed.
fn walk(base: &Utf8Path) -> Result<Vec<Node>, FileError> {
    let mut found = Vec::new();
    let mut left = vec![String::new()];
    while let Some(below) = left.pop() {
        let directory = if below.is_empty() {
            base.to_owned()
        } else {
            base.join(&below)
        };
        for entry in fs::read_dir(&directory).map_err(failed("list", &directory))? {
            let entry = entry.map_err(failed("list", &directory))?;
            let name = entry
                .file_name()
                .into_string()
                .map_err(|name| FileError::Name {
                    path: directory.join(name.to_string_lossy().as_ref()).to_string(),
                })?;
            let path = if below.is_empty() {
                name
            } else {
                format!("{below}/{name}")
            };
            let place = base.join(&path);
            let metadata = fs::symlink_metadata(&place).map_err(failed("look at", &place))?;
            let kind = if metadata.is_dir() {
                left.push(path.clone());
                Kind::Directory
            } else if metadata.is_symlink() {
                Kind::Symlink(target(&place)?)
            } else if metadata.is_file() {
                Kind::File(mode(&metadata))
            } else {
                Kind::Special
            };
            found.push(Node { path, kind });
        }
    }
    Ok(found)
}

fn target(place: &Utf8Path) -> Result<String, FileError> {
    let target = place.read_link_utf8().map_err(failed("read", place))?;
    // Elsewhere a backslash is a part of a name.
    Ok(if cfg!(windows) {
        target.as_str().replace('\\', "/")
    } else {
        target.into_string()
    })
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> Mode {
    use std::os::unix::fs::PermissionsExt as _;
    if metadata.permissions().mode() & 0o111 == 0 {
        Mode::Plain
    } else {
        Mode::Executable
    }
}

/// A file system that does not say.
#[cfg(not(unix))]
fn mode(_metadata: &Metadata) -> Mode {
    Mode::Plain
}

#[cfg(test)]
mod tests {
    use miette::Diagnostic as _;

    use super::*;

    #[test]
    fn what_no_archive_holds_is_named() {
        // 4 GiB are not laid here; `archive::Writer` shows that it refuses them.
        let error = PackageError::Archive {
            path: PublicPath::new("D.xcframework").unwrap(),
            source: ArchiveError::TooLarge,
        };
        assert_eq!(error.code().unwrap().to_string(), "xcframework.archive");
        assert_eq!(error.to_string(), "`D.xcframework` cannot be archived");
    }
}

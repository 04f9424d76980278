//! Wheels under other tags: the old one is read once, from its beginning to its end, and the new one
//! appears when it is whole.

#![expect(clippy::disallowed_methods, reason = "this is a file door")]

use std::{fs::File, io::Seek as _};

use camino::Utf8Path;

use super::{
    fs::{FileError, failed, require_no_link},
    part::{Part, Placed},
};
use crate::{
    digest::{Digest, Hashing, Identity, PublicPath},
    plan::Outcome,
    wheel::{Facts, Source, WheelError, WheelName},
};

/// A wheel was not retagged.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum RetagError {
    /// The wheel is no longer what the plan saw.
    #[error("`{path}` changed after the plan was made")]
    #[diagnostic(
        code("wheel.changed"),
        help("run the command again; nothing was written")
    )]
    Changed {
        /// Relative to the repository's root.
        path: PublicPath,
    },
    /// Other bytes stand where the new wheel belongs.
    #[error("`{path}` stands there already, with other bytes")]
    #[diagnostic(
        code("wheel.exists"),
        help("remove it, or name another directory with `-o`; no wheel is overwritten")
    )]
    Exists {
        /// Relative to the repository's root.
        path: PublicPath,
    },
    /// The new name is another release's.
    #[error("`{to}` is not a name of the release in `{from}`")]
    #[diagnostic(
        code("wheel.name"),
        help("only tags and build number change; project and version stay")
    )]
    Release {
        /// The wheel.
        from: PublicPath,
        /// What it was to become.
        to: PublicPath,
    },
    /// It is no wheel.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Wheel(#[from] WheelError),
    /// A file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
}

/// Reads what a retag of the wheel at `root`/`path` needs.
pub fn read(root: &Utf8Path, path: &PublicPath) -> Result<Facts, RetagError> {
    let place = root.join(path.as_str());
    let mut file = File::open(&place).map_err(failed("read", &place))?;
    let source = Source::read(path.file_name(), &mut file)?;
    file.rewind().map_err(failed("read", &place))?;
    let (sha256, size) = Digest::of_reader(&mut file).map_err(failed("read", &place))?;
    Ok(Facts {
        identity: Identity {
            path: path.clone(),
            sha256,
            size,
        },
        source,
    })
}

/// Makes the wheel `to` of the wheel `from` stand there; what its name says is what it becomes.
pub fn ensure(root: &Utf8Path, from: &Identity, to: &PublicPath) -> Result<Outcome, RetagError> {
    let place = root.join(from.path.as_str());
    let changed = || RetagError::Changed {
        path: from.path.clone(),
    };
    let mut file = File::open(&place).map_err(failed("read", &place))?;
    let source = Source::read(from.path.file_name(), &mut file)?;
    let name = WheelName::parse(to.file_name())?;
    if !name.is_sibling(&source.name) {
        return Err(RetagError::Release {
            from: from.path.clone(),
            to: to.clone(),
        });
    }
    let splice = source.retag(&name)?;
    file.rewind().map_err(failed("read", &place))?;
    require_no_link(root, to)?;
    let target = root.join(to.as_str());
    let mut part = Part::create(&target)?;
    let mut reader = Hashing::new(file);
    splice
        .write(&mut reader, part.file())
        .map_err(failed("write", &target))?;
    if reader.finish() != (from.sha256, from.size) {
        return Err(changed());
    }
    match part.keep()? {
        Placed::New => Ok(Outcome::Done),
        Placed::Same => Ok(Outcome::Already),
        Placed::Other => Err(RetagError::Exists { path: to.clone() }),
    }
}

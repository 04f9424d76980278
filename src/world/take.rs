//! The evidence door: a file is taken through no link, and only if it holds still.

#![expect(clippy::disallowed_methods, reason = "this is a file door")]

use std::{
    fs::{self, File, Metadata},
    io::{self, Read as _},
    time::SystemTime,
};

use camino::Utf8Path;

use crate::digest::{Digest, Identity, PublicPath};

/// A file taken as evidence: its identity, and its bytes.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Path, digest and size.
    pub identity: Identity,
    /// The first bytes, [`HEAD`] at most.
    pub head: Vec<u8>,
    /// The bytes; `None` when they were only hashed.
    pub content: Option<Vec<u8>>,
}

/// How many bytes [`Taken::head`] holds at the most.
pub const HEAD: usize = 512;

/// Why a file cannot be taken as evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It, or a directory on the way to it, is a symbolic link.
    Symlink,
    /// It is a directory, a pipe, a socket or a device.
    NotRegular,
    /// It changed while it was read.
    Changed,
    /// It cannot be read.
    Unreadable,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Symlink => "it is reached through a symbolic link",
            Self::NotRegular => "it is not a regular file",
            Self::Changed => "it changed while it was read",
            Self::Unreadable => "it cannot be read",
        })
    }
}

/// What [`take`] does with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Only the digest is wanted.
    Digest,
    /// The bytes are wanted too.
    Content,
}

/// Takes the file at `root`/`path` as evidence. No part of the path below `root` may be a symbolic
/// link, the file must be a regular one, and it must not change while it is read.
pub fn take(root: &Utf8Path, path: &PublicPath, keep: Keep) -> Result<Taken, Refused> {
    let mut place = root.to_owned();
    let mut last = None;
    for part in path.as_str().split('/') {
        place.push(part);
        let metadata = fs::symlink_metadata(&place).map_err(|_| Refused::Unreadable)?;
        if metadata.is_symlink() {
            return Err(Refused::Symlink);
        }
        last = Some(metadata);
    }
    // Looked at before it is opened, so that a pipe does not block.
    if !last.is_some_and(|metadata| metadata.is_file()) {
        return Err(Refused::NotRegular);
    }
    let unreadable = |_| Refused::Unreadable;
    let mut file = File::open(&place).map_err(unreadable)?;
    let before = file.metadata().map_err(unreadable)?;
    let mut head = Vec::new();
    let first = io::Read::take(&mut file, HEAD as u64).read_to_end(&mut head);
    first.map_err(unreadable)?;
    let (sha256, size, content) = match keep {
        Keep::Digest => {
            let mut whole = io::Cursor::new(&head).chain(&mut file);
            let (sha256, size) = Digest::of_reader(&mut whole).map_err(unreadable)?;
            (sha256, size, None)
        }
        Keep::Content => {
            let mut bytes = head.clone();
            file.read_to_end(&mut bytes).map_err(unreadable)?;
            (Digest::of(&bytes), bytes.len() as u64, Some(bytes))
        }
    };
    let after = file.metadata().map_err(unreadable)?;
    if !before.is_file() || stamp(&before) != stamp(&after) || size != after.len() {
        return Err(Refused::Changed);
    }
    Ok(Taken {
        identity: Identity {
            path: path.clone(),
            sha256,
            size,
        },
        head,
        content,
    })
}

fn stamp(metadata: &Metadata) -> (u64, Option<SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::world::fs::write;
    use crate::world::testing::directory;

    fn path(text: &str) -> PublicPath {
        PublicPath::new(text).unwrap()
    }

    #[test]
    #[cfg(unix)]
    fn evidence_is_never_taken_through_a_link() {
        let (_keep, root) = directory();
        write(&root.join("d/real"), b"abc").unwrap();
        std::os::unix::fs::symlink("real", root.join("d/leaf")).unwrap();
        std::os::unix::fs::symlink("d", root.join("way")).unwrap();
        let take = |name| super::take(&root, &path(name), Keep::Content);
        assert_eq!(take("d/real").unwrap().identity.size, 3);
        assert_eq!(take("d/leaf").unwrap_err(), Refused::Symlink);
        assert_eq!(take("way/real").unwrap_err(), Refused::Symlink);
        assert_eq!(take("d").unwrap_err(), Refused::NotRegular);
        assert_eq!(take("none").unwrap_err(), Refused::Unreadable);
    }
}

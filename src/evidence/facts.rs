//! What a candidate is judged by: the world as somebody above has read it. Pure values.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    config::{Config, ConfigError, Globs},
    digest::{Digest, Identity, PublicPath},
    finding::{Class, Finding},
    sign::Attested,
    version::Version,
};

/// Everything that a verdict depends on. Equal facts give equal bytes.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Every file that [`super::Needs`] asked for and that is there.
    pub files: BTreeMap<PublicPath, File>,
    /// What is to be released.
    pub release: Release,
    /// What git says.
    pub source: Source,
    /// By which rules.
    pub policy: Policy,
    /// Which relkit judges.
    pub tool: Tool,
    /// For each file that a row wants signed, its bundles and what they prove.
    pub signatures: BTreeMap<PublicPath, Vec<Attested>>,
    /// Every place that states the project's version.
    pub version_sites: Vec<VersionSite>,
    /// What artifacts say about their version from within; others may say it by their names.
    pub stated: BTreeMap<PublicPath, Stated>,
    /// Stamped into the report, in whole seconds.
    pub generated_at: Timestamp,
    /// In earnest, or not.
    pub mode: Mode,
    /// Before what.
    pub stage: Stage,
}

/// What an artifact says from within.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stated {
    /// This version, as it is written there.
    Version(String),
    /// Nothing, because it cannot be read; why.
    Unreadable(String),
}

/// A file, or why its bytes cannot be relied on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum File {
    /// Hashed through one safe open.
    Taken(Taken),
    /// Not taken.
    Refused(FileProblem),
}

/// A file whose bytes are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Which bytes.
    pub identity: Identity,
    /// The bytes themselves, for files that [`super::Needs::contents`] matches. They must be the
    /// bytes that were hashed, not those of a second open.
    pub content: Option<Vec<u8>>,
}

/// Why the bytes of a file cannot be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// It, or a directory above it, is a symbolic link.
    Symlink,
    /// A directory, pipe, socket or device.
    NotRegular,
    /// Size, times or inode changed while it was hashed, or before the end of the run.
    Changed,
    /// It has no bytes.
    Empty,
    /// It is the pointer that git-lfs leaves in place of the content.
    LfsPointer,
    /// It is the pointer that git-annex leaves in place of the content.
    AnnexPointer,
    /// The system would not let it be read.
    Unreadable,
}

/// What is to be released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The project's name.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// The tag that the version has under the policy's template.
    pub tag: String,
    /// The release's id, where the policy gives it one.
    pub id: Option<String>,
}

/// What git says. Object names are the full 40 (or 64) hexadecimal digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Where the repository is published, without credentials: `git+https://…`.
    pub uri: Option<String>,
    /// The commit that is checked out.
    pub commit: String,
    /// Its tree.
    pub tree: String,
    /// The object that the tag's ref names: a tag object, or a commit for a lightweight tag.
    pub tag_object: Option<String>,
    /// The commit that the tag leads to.
    pub tag_commit: Option<String>,
    /// The branch that is checked out.
    pub branch: Option<String>,
    /// Tracked changes, and untracked files that are neither ignored nor bound by digest.
    pub dirty: Vec<PublicPath>,
}

/// Whether `HEAD` holds the policy as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// It does.
    Yes,
    /// It holds another one, or none.
    No,
}

/// The rules.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whether they are the committed ones.
    pub committed: Committed,
    /// The bytes of `relkit.toml`.
    pub identity: Identity,
    /// What they say.
    pub config: Config,
}

impl Policy {
    /// The policy that `bytes` at `path` state, bound to exactly those bytes.
    pub fn read(path: PublicPath, bytes: &[u8], committed: Committed) -> Result<Self, ConfigError> {
        Ok(Self {
            committed,
            config: Config::from_bytes(bytes)?,
            identity: Identity::of(path, bytes),
        })
    }
}

/// The judge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `relkit`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The digest of the running executable.
    pub sha256: Digest,
}

/// A place that states the project's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionSite {
    /// The file.
    pub path: PublicPath,
    /// Where in it, for people: `package.version`.
    pub place: String,
    /// What stands there.
    pub text: String,
}

/// In earnest, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// For release.
    Release,
    /// Never ready, whatever it finds.
    Rehearsal,
}

/// Before what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Before the bytes are published.
    Publish,
}

impl Release {
    /// The release of `version` under `config`; `fallback` is the name of a project that the
    /// policy does not name.
    #[must_use]
    pub fn new(config: &Config, version: Version, fallback: &str) -> Self {
        let name = config.name_or(fallback).to_owned();
        Self {
            tag: version.tag(&config.release.tag, &name),
            id: None,
            name,
            version,
        }
    }
}

impl Facts {
    /// The files that `globs` match and that were taken, in the order of their paths.
    pub fn taken<'a>(&'a self, globs: &'a Globs) -> impl Iterator<Item = &'a Taken> {
        self.files
            .iter()
            .filter_map(move |(path, file)| match file {
                File::Taken(taken) if globs.matches(path.as_str()) => Some(taken),
                _ => None,
            })
    }

    /// The files that `globs` match and that were refused.
    pub fn refused<'a>(
        &'a self,
        globs: &'a Globs,
    ) -> impl Iterator<Item = (&'a PublicPath, FileProblem)> {
        self.files
            .iter()
            .filter_map(move |(path, file)| match file {
                File::Refused(problem) if globs.matches(path.as_str()) => Some((path, *problem)),
                _ => None,
            })
    }

    /// The file at `path`, if it was taken.
    #[must_use]
    pub fn file(&self, path: &PublicPath) -> Option<&Taken> {
        match self.files.get(path) {
            Some(File::Taken(taken)) => Some(taken),
            _ => None,
        }
    }

    /// The bytes to be published.
    pub fn artifacts(&self) -> impl Iterator<Item = &Identity> {
        self.taken(&self.policy.config.release.artifacts)
            .map(|taken| &taken.identity)
    }
}

impl FileProblem {
    /// How many bytes of a file's beginning [`FileProblem::of_head`] wants.
    pub const HEAD: usize = 512;

    /// What is wrong with a regular file of `size` bytes that begins with `head`.
    #[must_use]
    pub fn of_head(size: u64, head: &[u8]) -> Option<Self> {
        if size == 0 {
            return Some(Self::Empty);
        }
        if size < 1024 && head.starts_with(b"version https://git-lfs.github.com/spec/") {
            return Some(Self::LfsPointer);
        }
        let annex = head.starts_with(b"/annex/objects/") || head.starts_with(b"../.git/annex/");
        (size < 32768 && annex).then_some(Self::AnnexPointer)
    }

    /// The finding about the file at `path`.
    #[must_use]
    pub fn finding(self, path: &PublicPath) -> Finding {
        let (code, what, help) = match self {
            Self::Symlink => (
                "file.symlink",
                "is reached through a symbolic link",
                "put the file itself there; what a link leads to can change unseen",
            ),
            Self::NotRegular => (
                "file.not_regular",
                "is not a regular file",
                "remove it, or narrow the glob that matches it",
            ),
            Self::Changed => (
                "file.changed",
                "changed while it was hashed",
                "let the build finish, then run `relkit candidate` again",
            ),
            Self::Empty => ("file.empty", "is empty", "build it again"),
            Self::LfsPointer => (
                "file.lfs_pointer",
                "is a git-lfs pointer, not the content",
                "run `git lfs pull`",
            ),
            Self::AnnexPointer => (
                "file.annex_pointer",
                "is a git-annex pointer, not the content",
                "run `git annex get`",
            ),
            Self::Unreadable => (
                "file.unreadable",
                "cannot be read",
                "check its permissions and those of the directories above it",
            ),
        };
        let mut finding = Finding::new(code, format!("`{path}` {what}"))
            .at(path)
            .help(help);
        finding.class = match self {
            Self::Changed => Class::Transient,
            Self::Unreadable => Class::Undetermined,
            _ => Class::Permanent,
        };
        finding
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_determined_says_so() {
        let path = PublicPath::new("dist/a.whl").unwrap();
        let class = |problem: FileProblem| problem.finding(&path).class;
        let unreadable = FileProblem::Unreadable.finding(&path);
        assert_eq!(unreadable.code, "file.unreadable");
        assert_eq!(unreadable.class, Class::Undetermined);
        assert_eq!(class(FileProblem::Changed), Class::Transient);
        assert_eq!(class(FileProblem::Symlink), Class::Permanent);
    }

    #[test]
    fn pointers_and_empty_files_are_told_from_content() {
        let lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
        for (size, head, expected) in [
            (0, &b""[..], Some(FileProblem::Empty)),
            (130, lfs, Some(FileProblem::LfsPointer)),
            (
                90,
                b"/annex/objects/SHA256E-s1--00",
                Some(FileProblem::AnnexPointer),
            ),
            (4, b"PK\x03\x04", None),
            (1 << 20, lfs, None),
        ] {
            assert_eq!(FileProblem::of_head(size, head), expected);
        }
    }
}

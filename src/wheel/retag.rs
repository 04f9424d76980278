//! A wheel under other tags: WHEEL, RECORD and the file name agree, and no other file changes.

use std::collections::BTreeSet;

use super::{
    TagSet, WheelError, WheelName,
    name::is_build,
    record,
    tag::{Part, TagError, judged},
};
use crate::archive::{ArchiveError, Change, Directory, Member, Splice};

/// The largest WHEEL that is read, in bytes.
const MAX_WHEEL: u64 = 1 << 20;
/// The largest RECORD that is read, in bytes: some hundred thousand files.
const MAX_RECORD: u64 = 128 << 20;

/// What of a wheel's name changes.
#[derive(Clone, Debug, Default)]
pub struct Retag {
    /// All tags.
    pub tags: Option<TagSet>,
    /// Single parts, as `=x`, `+x`, `-x` or `x`, with commas or dots; applied in this order.
    pub parts: Vec<(Part, String)>,
    /// The build number; an empty one takes it away.
    pub build: Option<String>,
}

/// The new name is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum RetagError {
    /// A tag that no installer would look for.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Tag(#[from] TagError),
    /// A part without any tag left.
    #[error("no {part} tag would be left")]
    #[diagnostic(
        code("wheel.no_tag_left"),
        help("add one with `+`, or name all of them")
    )]
    NoneLeft {
        /// Which part.
        part: &'static str,
    },
    /// A build number that is none.
    #[error("`{build}` is no build number")]
    #[diagnostic(
        code("wheel.build"),
        help("it begins with a digit and has letters, digits and `_` only (PEP 427)")
    )]
    Build {
        /// The text.
        build: String,
    },
}

impl Retag {
    /// The name of the retagged wheel.
    pub fn name(&self, from: &WheelName) -> Result<WheelName, RetagError> {
        let mut to = from.clone();
        if let Some(tags) = &self.tags {
            to.tags = tags.clone();
        }
        for (part, text) in &self.parts {
            let set = to.tags.part(*part);
            if let Some(more) = text.strip_prefix('+') {
                set.extend(judged(*part, more)?);
            } else if let Some(less) = text.strip_prefix('-') {
                // What stands there may be anything, and may go.
                set.retain(|tag| !less.split(['.', ',']).any(|gone| gone == tag));
            } else {
                *set = judged(*part, text.strip_prefix('=').unwrap_or(text))?;
            }
        }
        let sets = [
            ("interpreter", &to.tags.python),
            ("interface", &to.tags.abi),
            ("platform", &to.tags.platform),
        ];
        if let Some((part, _)) = sets.into_iter().find(|(_, set)| set.is_empty()) {
            return Err(RetagError::NoneLeft { part });
        }
        to.tags = to.tags.sorted();
        match self.build.as_deref() {
            None => {}
            Some("") => to.build = None,
            Some(build) if is_build(build) => to.build = Some(build.to_owned()),
            Some(build) => {
                return Err(RetagError::Build {
                    build: build.to_owned(),
                });
            }
        }
        Ok(to)
    }
}

/// The parts of a wheel that a retag reads.
#[derive(Clone, Debug)]
pub struct Source {
    /// What its name says.
    pub name: WheelName,
    /// Its directory.
    pub directory: Directory,
    wheel: Member,
    record: Member,
}

impl Source {
    /// Reads the wheel called `name` from `archive`: its directory, WHEEL and RECORD.
    pub fn read(
        name: &str,
        archive: &mut (impl std::io::Read + std::io::Seek),
    ) -> Result<Self, WheelError> {
        let broken = |source| WheelError::Archive {
            name: name.to_owned(),
            source,
        };
        let parsed = WheelName::parse(name)?;
        let directory = Directory::read(archive).map_err(broken)?;
        let info = dist_info(&parsed, &directory)?;
        let mut member = |file: &str, limit| {
            let path = format!("{info}/{file}");
            match directory.find(&path).map_err(broken)? {
                Some(at) => directory.member(archive, at, limit).map_err(broken),
                None => Err(WheelError::Metadata {
                    name: name.to_owned(),
                    path,
                }),
            }
        };
        let wheel = member("WHEEL", MAX_WHEEL)?;
        let record = member("RECORD", MAX_RECORD)?;
        Ok(Self {
            name: parsed,
            wheel,
            record,
            directory,
        })
    }

    /// How the wheel called `to` is made from this one.
    pub fn retag<'a>(&'a self, to: &WheelName) -> Result<Splice, WheelError> {
        let path = |member: &Member| &self.directory.entries[member.index].name;
        let malformed = |member: &Member, reason| WheelError::Malformed {
            name: self.name.to_string(),
            path: path(member).clone(),
            reason,
        };
        let text = |member: &'a Member| {
            str::from_utf8(&member.content).map_err(|_| malformed(member, "is not UTF-8"))
        };
        let wheel = headers(text(&self.wheel)?, to);
        let drop: Vec<usize> = (0..self.directory.entries.len())
            .filter(|at| {
                let entry = &self.directory.entries[*at];
                // Signatures of the old RECORD; directories, which no RECORD may list.
                let kind = entry.name.strip_prefix(path(&self.record).as_str());
                matches!(kind, Some(".jws" | ".p7s"))
                    || (entry.name.ends_with('/') && entry.size == 0)
            })
            .collect();
        let gone: BTreeSet<_> = drop
            .iter()
            .map(|at| self.directory.entries[*at].name.clone())
            .collect();
        let rows = text(&self.record)?;
        // Rows cost more than the bytes that they stand in, and a zip of line ends is small.
        let lines = rows.bytes().filter(|byte| *byte == b'\n').count();
        if lines > 4 * self.directory.entries.len() + 1024 {
            return Err(malformed(
                &self.record,
                "has far more lines than the wheel has files",
            ));
        }
        let record = record::update(rows, path(&self.wheel), wheel.as_bytes(), &gone)
            .ok_or_else(|| malformed(&self.record, "has not one row for WHEEL"))?;
        let mut changes = vec![
            Change::Content(self.wheel.clone(), wheel.into_bytes()),
            Change::Content(self.record.clone(), record.into_bytes()),
        ];
        changes.extend(drop.into_iter().map(Change::Drop));
        let broken = |source: ArchiveError| WheelError::Archive {
            name: self.name.to_string(),
            source,
        };
        self.directory.splice(&changes).map_err(broken)
    }
}

/// The directory of the metadata: the one that the name spells, or the one at the top that is of
/// this project. A wheel may hold others, of projects that it brings along.
fn dist_info(name: &WheelName, directory: &Directory) -> Result<String, WheelError> {
    let wanted = name.dist_info();
    let tops = || {
        let names = directory.entries.iter();
        names.filter_map(|entry| entry.name.split_once('/').map(|(top, _)| top))
    };
    if tops().any(|top| top == wanted) {
        return Ok(wanted);
    }
    let found = tops().find(|top| name.owns(top));
    found
        .map(str::to_owned)
        .ok_or_else(|| WheelError::Metadata {
            name: name.to_string(),
            path: format!("{wanted}/WHEEL"),
        })
}

/// The WHEEL file with the tags and the build number of `to`. A wheel for a platform is no pure one.
fn headers(text: &str, to: &WheelName) -> String {
    let end = if text.lines().next().is_some_and(|_| text.contains("\r\n")) {
        "\r\n"
    } else {
        "\n"
    };
    let mut out = String::new();
    let mut tags = to
        .tags
        .expanded()
        .iter()
        .fold(String::new(), |all, tag| all + &format!("Tag: {tag}{end}"));
    let mut lines = text.split_inclusive('\n').peekable();
    let mut gone = false;
    while let Some(line) = lines.next_if(|line| !line.trim().is_empty()) {
        let key = line.split(':').next().unwrap_or_default();
        // A line that begins with a space goes on with the one before.
        let folded = line.starts_with([' ', '\t']);
        if !folded {
            gone = key.eq_ignore_ascii_case("Tag") || key.eq_ignore_ascii_case("Build");
        }
        if gone {
            if key.eq_ignore_ascii_case("Tag") {
                out += &std::mem::take(&mut tags);
            }
        } else if key.eq_ignore_ascii_case("Root-Is-Purelib") && to.tags.is_platform() {
            out += &format!("{key}: false{end}");
        } else {
            out += line.trim_end_matches(['\r', '\n']);
            out += end;
        }
    }
    out += &tags;
    if let Some(build) = &to.build {
        out += &format!("Build: {build}{end}");
    }
    out.extend(lines);
    out
}

#[cfg(test)]
mod tests;

//! The next changelog from the one that exists: a new release with its new entries, and every
//! hand-written byte kept.
//!
//! * An `Unreleased` section with content becomes the release; its heading stays above, empty.
//!   With nothing but comments in it, the release is put below it.
//! * Without one, the release is put above the first release.
//! * A final release takes in all pre-releases of its version, section by section, newest first;
//!   their headings go, exact duplicates of a section's bullets too.
//! * New entries come after what stands in their section. An entry that already stands in the
//!   release is not doubled.
//! * A release without any content says [`NOTHING`]; that line alone is not folded into another.

mod target;

use std::ops::Range;

use self::target::{Target, last};
use super::{
    cliff::Entries,
    document::{Document, Edits, Kind, Part},
};
use crate::version::Version;

/// The content of a release that has none.
pub const NOTHING: &str = "No notable changes.";

/// How a file begins when neither it nor a `cliff.toml` header exists.
const PREAMBLE: &str = "# Changelog\n\nAll notable changes to this project are documented in this file.\n\nThe format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).";

/// The release that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// Its name in the heading: the tag without `v`.
    pub heading: String,
    /// Its day, `2026-01-31`.
    pub date: String,
}

impl Release {
    /// A release named after its version.
    #[must_use]
    pub fn new(version: Version, date: impl Into<String>) -> Self {
        Self {
            heading: version.heading(),
            version,
            date: date.into(),
        }
    }
}

/// A release that could not be written into a changelog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum ReleaseError {
    /// It has a section already.
    #[error("the changelog already has a section for `{heading}`")]
    #[diagnostic(
        code("changelog.exists"),
        help("choose another version, or remove that section to have it made anew")
    )]
    Exists {
        /// Its heading's label, as it stands in the file.
        heading: String,
    },
}

/// The changelog with `release` in it. `existing` is the file as it stands, if there is one.
pub fn release(
    existing: Option<&str>,
    entries: &Entries,
    release: &Release,
) -> Result<String, ReleaseError> {
    let text = existing.unwrap_or_default();
    if text
        .trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .is_empty()
    {
        return Ok(fresh(entries, release));
    }
    let document = Document::parse(text);
    let parts = document.releases();
    if let Some(part) = parts.iter().find(|part| is_version(part, &release.version)) {
        return Err(ReleaseError::Exists {
            heading: part.heading.label.to_owned(),
        });
    }
    let page = Page {
        text,
        line_end: if text.contains("\r\n") { "\r\n" } else { "\n" },
        marker: marker(&document),
    };
    Ok(page.with(release, entries, &document))
}

/// A file being changed.
#[derive(Clone, Copy)]
struct Page<'a> {
    text: &'a str,
    line_end: &'static str,
    /// What stands before its bullets.
    marker: char,
}

impl Page<'_> {
    fn with(self, release: &Release, entries: &Entries, document: &Document<'_>) -> String {
        let parts = document.releases();
        let unreleased = parts.iter().position(|part| part.heading.is_unreleased());
        let folded: Vec<usize> = (0..parts.len())
            .filter(|index| is_candidate_of(&parts[*index], &release.version))
            .collect();
        let (place, base) = self.base(&parts, unreleased, &folded);
        let base_part = base.map(|index| &parts[index]);
        let mut target = match base_part {
            Some(part) => Target::of(part),
            None => Target::new(place),
        };
        for group in &entries.groups {
            for bullet in &group.bullets {
                target.add_bullet(&group.title, bullet, self.marker);
            }
        }
        let mut edits = Edits::default();
        for index in folded.into_iter().filter(|index| Some(*index) != base) {
            target.take_in(&parts[index]);
            edits.remove(span(&parts[index]));
        }

        let depth = parts.first().map_or(2, |part| part.heading.level);
        let title = format!(
            "{} [{}] - {}",
            "#".repeat(depth),
            release.heading,
            release.date
        );
        let promoted = base.is_none_or(|index| Some(index) == unreleased);
        match base_part {
            Some(part) if !promoted => {
                edits.replace(part.head.span.clone(), self.lines(&title, part.head.text));
            }
            Some(part) => {
                let blank = part
                    .content
                    .first()
                    .is_some_and(|node| node.kind == Kind::Blank);
                let gap = if blank { "" } else { "\n" };
                edits.insert(place, self.native(&format!("\n{title}\n{gap}")));
            }
            None => {
                let body = target.body(depth + 1);
                let body = if body.is_empty() {
                    format!("{NOTHING}\n")
                } else {
                    body
                };
                let block = format!("{title}\n\n{body}");
                edits.insert(place, self.block(place, &block));
            }
        }
        if base.is_some() {
            for (place, addition) in target.additions(depth + 1) {
                edits.insert(place, self.addition(place, &addition));
            }
        }
        self.finish(edits)
    }

    /// Where the release is put, and the part whose content becomes its own in place.
    fn base(
        self,
        parts: &[Part<'_, '_>],
        unreleased: Option<usize>,
        folded: &[usize],
    ) -> (usize, Option<usize>) {
        let after = unreleased.map(|index| last(parts[index].head, parts[index].content));
        let top = unreleased.map_or(0, |index| index + 1);
        match (unreleased, folded.first()) {
            (Some(index), _) if !is_bare(&parts[index]) => {
                (parts[index].head.span.end, Some(index))
            }
            // The newest candidate already stands where the release belongs.
            (_, Some(first)) if *first == top && !says_nothing(&parts[top]) => {
                (parts[top].head.span.start, Some(top))
            }
            _ => {
                let first = parts.first().map(|part| part.head.span.start);
                let end = || Document::parse(self.text).end();
                (after.or(first).unwrap_or_else(end), None)
            }
        }
    }

    /// `line` with the line end of `old`.
    fn lines(self, line: &str, old: &str) -> String {
        let end = if old.ends_with('\n') {
            self.line_end
        } else {
            ""
        };
        format!("{line}{end}")
    }

    fn native(self, text: &str) -> String {
        if self.line_end == "\n" {
            text.to_owned()
        } else {
            text.replace("\r\n", "\n").replace('\n', self.line_end)
        }
    }

    /// A block of its own at `place`, with an empty line on both sides.
    fn block(self, place: usize, block: &str) -> String {
        let (before, after) = self.text.split_at(place);
        let before = before.replace("\r\n", "\n");
        let gap = if before.trim_start_matches('\u{feff}').is_empty() || before.ends_with("\n\n") {
            ""
        } else if before.ends_with('\n') {
            "\n"
        } else {
            "\n\n"
        };
        let end = if after.is_empty() || after.starts_with(['\n', '\r']) {
            ""
        } else {
            "\n"
        };
        self.native(&format!("{gap}{block}{end}"))
    }

    /// Lines that continue what ends at `place`.
    fn addition(self, place: usize, lines: &str) -> String {
        let gap = if self.text[..place].ends_with('\n') {
            ""
        } else {
            "\n"
        };
        self.native(&format!("{gap}{lines}"))
    }

    /// A file that did not end with a line end still does not.
    fn finish(self, edits: Edits) -> String {
        let last = edits.removes_to(self.text.len());
        let mut text = edits.apply(self.text);
        if last {
            let end = text.trim_end().len();
            text.truncate(end);
            text += self.line_end;
        }
        if !self.text.ends_with('\n') && text.ends_with('\n') {
            text.truncate(text.len() - 1);
            text.truncate(text.trim_end_matches('\r').len());
        }
        text
    }
}

fn fresh(entries: &Entries, release: &Release) -> String {
    let header = entries.header.as_deref().map(str::trim).unwrap_or_default();
    let template = ["{{", "{%", "{#"].iter().any(|mark| header.contains(mark));
    let header = if header.is_empty() || template {
        PREAMBLE
    } else {
        header
    };
    let mut target = Target::new(0);
    for group in &entries.groups {
        for bullet in &group.bullets {
            target.add_bullet(&group.title, bullet, '-');
        }
    }
    let body = target.body(3);
    let body = if body.is_empty() {
        format!("{NOTHING}\n")
    } else {
        body
    };
    format!(
        "{header}\n\n## [{}] - {}\n\n{body}",
        release.heading, release.date
    )
}

/// Whether a section holds nothing, or only comments, which stay where they are.
fn is_bare(part: &Part<'_, '_>) -> bool {
    part.content.iter().all(|node| match node.kind {
        Kind::Opaque => node.text.trim_start().starts_with("<!--"),
        _ => node.kind == Kind::Blank,
    })
}

/// Whether [`NOTHING`] is all that a release says.
fn says_nothing(part: &Part<'_, '_>) -> bool {
    let full = part.content.iter().filter(|node| node.kind != Kind::Blank);
    full.into_iter().all(|node| node.text.trim() == NOTHING)
}

/// From the heading to the next one.
fn span(part: &Part<'_, '_>) -> Range<usize> {
    let end = part
        .content
        .last()
        .map_or(part.head.span.end, |node| node.span.end);
    part.head.span.start..end
}

fn is_version(part: &Part<'_, '_>, version: &Version) -> bool {
    part.heading.version.as_ref() == Some(version)
}

/// Whether `part` is a pre-release of the final release `version`.
pub(super) fn is_candidate_of(part: &Part<'_, '_>, version: &Version) -> bool {
    let is_final = !version.is_prerelease() && version.post.is_none();
    part.heading
        .version
        .as_ref()
        .is_some_and(|own| is_final && own.is_prerelease() && own.base == version.base)
}

/// What most files put before their bullets: that of the first one.
fn marker(document: &Document<'_>) -> char {
    let bullets = document
        .nodes()
        .iter()
        .filter(|node| node.kind == Kind::Bullet);
    let mut marks = bullets.filter_map(|node| node.text.trim_start().chars().next());
    marks.next().unwrap_or('-')
}

#[cfg(test)]
mod tests;

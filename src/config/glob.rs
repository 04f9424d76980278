//! Globs over repository paths: one syntax and one matcher for every key and every row.
//!
//! `*` and `?` stay within one part of a path, `**` crosses parts, `[…]` is a set of characters.
//! Matching is case-sensitive and hidden names are not special.

use std::fmt;

use glob::{MatchOptions, Pattern};

use super::{ConfigError, Place, raw::OneOrMany};
use crate::digest::PublicPath;

const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// One glob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(Pattern);

/// Text that is no glob over repository paths.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a glob: {reason}")]
pub struct InvalidGlob {
    text: String,
    reason: String,
}

impl Glob {
    /// Checks `text`: it must be relative and normal, as the paths are that it can match.
    pub fn new(text: &str) -> Result<Self, InvalidGlob> {
        let invalid = |reason: String| InvalidGlob {
            text: text.to_owned(),
            reason,
        };
        PublicPath::new(text).map_err(|e| invalid(e.reason().to_owned()))?;
        Pattern::new(text)
            .map(Self)
            .map_err(|e| invalid(e.msg.to_owned()))
    }

    /// The glob that matches `path` and nothing else.
    #[must_use]
    pub fn exact(path: &PublicPath) -> Option<Self> {
        Pattern::new(&Pattern::escape(path.as_str())).ok().map(Self)
    }

    /// Whether it matches the whole of `path`.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.0.matches_with(path, OPTIONS)
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The deepest directory that every match lies in, without a `/` at its end; empty for the
    /// repository's root. A walk need not begin above it.
    #[must_use]
    pub fn root(&self) -> &str {
        let wild = self.as_str().find(['*', '?', '[']);
        let fixed = &self.as_str()[..wild.unwrap_or(self.as_str().len())];
        fixed.rfind('/').map_or("", |end| &fixed[..end])
    }

    /// The path, where the glob has no wildcard and so names exactly one.
    #[must_use]
    pub fn literal(&self) -> Option<PublicPath> {
        let plain = !self.as_str().contains(['*', '?', '[']);
        plain.then(|| PublicPath::new(self.as_str()).ok())?
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Several globs, any of which may match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Globs(pub Vec<Glob>);

impl Globs {
    /// Whether any matches the whole of `path`.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.0.iter().any(|glob| glob.matches(path))
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As they were written, with commas between them.
    #[must_use]
    pub fn list(&self) -> String {
        let globs: Vec<_> = self.0.iter().map(Glob::as_str).collect();
        globs.join(", ")
    }

    pub(super) fn validate(raw: &OneOrMany, text: &str) -> Result<Self, ConfigError> {
        raw.0
            .iter()
            .map(|glob| {
                Glob::new(glob.get_ref()).map_err(|e| {
                    ConfigError::invalid(
                        e.to_string(),
                        Place::new(text, glob.span().start),
                        "write a path relative to the repository's root; `*` stays within one directory, `**` does not",
                    )
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl fmt::Display for Globs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, glob) in self.0.iter().enumerate() {
            write!(f, "{}`{glob}`", if n == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_its_directory_and_two_do_not() {
        for (glob, path, expected) in [
            ("dist/*.whl", "dist/a.whl", true),
            ("dist/*.whl", "dist/sub/a.whl", false),
            ("reports/**/*.xml", "reports/a.xml", true),
            ("reports/**/*.xml", "reports/x/y/a.xml", true),
            ("*.whl", "dist/a.whl", false),
            ("dist/a?.txt", "dist/a/.txt", false),
            ("dist/*", "dist/.hidden", true),
            ("dist/A*", "dist/a", false),
            ("release/v*", "release/v1.2", true),
        ] {
            assert_eq!(
                Glob::new(glob).unwrap().matches(path),
                expected,
                "{glob} {path}"
            );
        }
    }

    #[test]
    fn a_walk_begins_at_the_deepest_fixed_directory() {
        for (glob, root) in [
            ("dist/*.whl", "dist"),
            ("reports/**/*.xml", "reports"),
            ("a/b*/c.txt", "a"),
            ("*.md", ""),
            ("LICENSE", ""),
            ("eval/m.json", "eval"),
        ] {
            assert_eq!(Glob::new(glob).unwrap().root(), root, "{glob}");
        }
    }

    #[test]
    fn refuses_what_leaves_the_root_or_is_no_glob() {
        for bad in ["/abs/*", "../x", "a//b", "a\\b", "x[", "", "a**"] {
            assert!(Glob::new(bad).is_err(), "{bad}");
        }
        assert_eq!(
            Glob::new("a/b.txt").unwrap().literal().unwrap().as_str(),
            "a/b.txt"
        );
        assert!(Glob::new("a/*.txt").unwrap().literal().is_none());
    }
}

//! What can go wrong with a `cliff.toml` and with the commits it is applied to.

use crate::finding::counted;

/// A changelog that could not be rendered.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum CliffError {
    /// The text is not TOML.
    #[error("the changelog configuration is not TOML")]
    #[diagnostic(
        code("changelog.config"),
        help("correct `cliff.toml` at the place that the cause names")
    )]
    Syntax(#[source] toml::de::Error),
    /// A key has a value of the wrong type.
    #[error("`{key}` in the changelog configuration is not {expected}")]
    #[diagnostic(
        code("changelog.config"),
        help("https://git-cliff.org/docs/configuration describes every key of `cliff.toml`")
    )]
    Type {
        /// Its dotted name.
        key: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A regular expression does not compile.
    #[error("`{key}` in the changelog configuration is not a regular expression")]
    #[diagnostic(
        code("changelog.pattern"),
        help("write patterns between single quotes in `cliff.toml`, so that backslashes stay")
    )]
    Pattern {
        /// Its dotted name.
        key: String,
        /// What the regex engine says.
        source: Box<regex::Error>,
    },
    /// A template does not compile or does not render.
    #[error("the `{part}` template of the changelog configuration fails")]
    #[diagnostic(
        code("changelog.template"),
        help(
            "correct `[changelog] {part}` in `cliff.toml`; https://keats.github.io/tera describes the language"
        )
    )]
    Template {
        /// `header`, `body` or `footer`.
        part: &'static str,
        /// The innermost cause, which names the place or the variable.
        reason: String,
        /// What the template engine says.
        source: Box<tera::Error>,
    },
    /// `require_conventional` is on, and commits are not.
    #[error("not conventional: {}, the first is `{first}`", counted(*count, "commit"))]
    #[diagnostic(
        code("changelog.unconventional"),
        help("reword them, or set `[git] require_conventional = false` in `cliff.toml`")
    )]
    Unconventional {
        /// How many.
        count: usize,
        /// Abbreviated id and first line of the first one.
        first: String,
    },
    /// `fail_on_unmatched_commit` is on, and no parser matches some commits.
    #[error("matched by no commit parser: {}, the first is `{first}`", counted(*count, "commit"))]
    #[diagnostic(
        code("changelog.unmatched"),
        help("add a parser, or set `[git] fail_on_unmatched_commit = false` in `cliff.toml`")
    )]
    Unmatched {
        /// How many.
        count: usize,
        /// Abbreviated id and first line of the first one.
        first: String,
    },
}

//! What can be wrong with `relkit.toml`, and where.

use std::fmt;

/// A place in the configuration, with the line that stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// The whole line.
    pub text: String,
    /// What the parser said, if it was the parser that stopped.
    pub reason: Option<String>,
}

/// `relkit.toml` cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ConfigError {
    /// It is not TOML.
    #[error("the configuration is not valid TOML")]
    #[diagnostic(
        code("config.syntax"),
        help("correct the line; strings stand in quotes, lists in brackets")
    )]
    Syntax(#[source] Place),
    /// There is none.
    #[error("there is no configuration `{path}`")]
    #[diagnostic(
        code("config.absent"),
        help("run `relkit init` to have one made, or correct the path behind `--config`")
    )]
    Absent {
        /// Where it was looked for.
        path: String,
    },
    /// A key that relkit does not know.
    #[error("the configuration has an unknown key `{key}`")]
    #[diagnostic(code("config.unknown_key"), help("{help}"))]
    UnknownKey {
        /// The key.
        key: String,
        /// The nearest key, or those that are known there.
        help: String,
        /// Where it stands.
        #[source]
        place: Place,
    },
    /// A known key with a value that cannot be meant.
    #[error("{message}")]
    #[diagnostic(code("config.invalid"), help("{help}"))]
    Invalid {
        /// What is wrong.
        message: String,
        /// What to write.
        help: String,
        /// Where it stands.
        #[source]
        place: Place,
    },
}

impl ConfigError {
    /// A known key with a value that cannot be meant.
    #[must_use]
    pub fn invalid(message: impl Into<String>, place: Place, help: impl Into<String>) -> Self {
        Self::Invalid {
            message: message.into(),
            help: help.into(),
            place,
        }
    }

    /// A key that stands where it is not known.
    pub(super) fn unknown(key: &str, known: &[&str], place: Place) -> Self {
        Self::UnknownKey {
            key: key.to_owned(),
            help: suggestion(key, known),
            place,
        }
    }

    /// The error that serde met while it read `text`.
    pub(super) fn from_serde(error: &toml::de::Error, text: &str) -> Self {
        let place = Place::new(text, error.span().map_or(0, |span| span.start));
        let message = error.message();
        if let Some(rest) = message.strip_prefix("unknown field `") {
            let mut quoted = rest.split('`');
            let key = quoted.next().unwrap_or_default().to_owned();
            let known: Vec<_> = quoted.skip(1).step_by(2).collect();
            return Self::unknown(&key, &known, place);
        }
        Self::Invalid {
            message: "a value in the configuration has the wrong shape".to_owned(),
            help: "compare the line with the schema that the first line of relkit.toml names"
                .to_owned(),
            place: place.because(&message.replace("expected u64", "expected a whole number")),
        }
    }
}

fn suggestion(key: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(key, name), *name))
        .min()
        .filter(|(distance, name)| *distance <= 2.max(name.len() / 3));
    match nearest {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "no key is known there".to_owned(),
        None => format!("the keys there are: `{}`", known.join("`, `")),
    }
}

impl Place {
    /// The place `offset` bytes into `text`.
    #[must_use]
    pub fn new(text: &str, offset: usize) -> Self {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let (before, after) = text.split_at(offset);
        let start = before.rfind('\n').map_or(0, |n| n + 1);
        let end = after.find('\n').map_or(text.len(), |n| offset + n);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
            text: text[start..end].trim_end().to_owned(),
            reason: None,
        }
    }

    /// The same place, with what the parser said about it.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.lines().collect::<Vec<_>>().join("; "));
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: `{}`", self.line, self.column, self.text.trim())?;
        match &self.reason {
            Some(reason) => write!(f, " ({reason})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Place {}

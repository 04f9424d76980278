//! The assertion line: `LHS OP RHS`, or `LHS UNARY`. Its grammar; it is judged in `evidence`.
//!
//! ```text
//! LHS    pointer | file#pointer | "quoted" | counter        a pointer may hold `*`
//! OP     == != < <= > >= in matches
//! UNARY  exists absent empty nonempty unique all_or_none(name, …)
//! RHS    JSON literal | pointer | file#pointer | $fact | @sha256(path)
//! ```
//!
//! A part of a pointer that is exactly `*` means every element (at least one); a member that is
//! named `*` cannot be asked for.

mod grammar;
#[cfg(test)]
mod tests;

use regex::Regex;

use crate::{digest::PublicPath, json::exact::Node};

/// What may stand on the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// JSON pointers (`json` rows).
    Pointer,
    /// Bare counters (`junit` rows).
    Counter,
}

/// One assertion.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// As it was written.
    pub text: String,
    /// What it looks at.
    pub subject: Selector,
    /// What it says about that.
    pub test: Test,
}

impl PartialEq for Assertion {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// A place in a JSON document, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Another document than the row's.
    pub file: Option<PublicPath>,
    /// The parts of the pointer, unescaped.
    pub parts: Vec<Part>,
}

/// A part of a pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A member's name or an element's index.
    Name(String),
    /// Every element.
    Every,
}

/// What is said about the selected values.
#[derive(Clone, Debug)]
pub enum Test {
    /// It is there and is not null.
    Exists,
    /// It is not there.
    Absent,
    /// It has no characters, elements or members.
    Empty,
    /// It has some.
    Nonempty,
    /// No two are equal.
    Unique,
    /// Each object has all of these members, or none.
    AllOrNone(Vec<String>),
    /// It equals one element of an array.
    In(Operand),
    /// The expression matches the whole string.
    Matches(Regex),
    /// It compares so.
    Compare(Comparison, Operand),
}

/// `== != < <= > >=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// What may stand on the right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A JSON literal.
    Literal(Node),
    /// A place in the same or another document.
    Place(Selector),
    /// A fact about the release.
    Fact(Fact),
    /// The digest of a file, as 64 hexadecimal digits.
    Sha256(PublicPath),
}

/// `$…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `$version`: compared as a version, in whatever spelling the document has.
    Version,
    /// `$tag`
    Tag,
    /// `$commit`: 40 hexadecimal digits.
    Commit,
    /// `$tree`: 40 hexadecimal digits.
    Tree,
    /// `$release.id`
    ReleaseId,
    /// `$date`: of the report, in UTC, as `2026-06-01`.
    Date,
}

/// The counters of a `junit` row.
pub const COUNTERS: [&str; 4] = ["tests", "failures", "errors", "skipped"];

/// A line that is no assertion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an assertion: {reason}")]
pub struct InvalidAssertion {
    text: String,
    reason: String,
}

impl InvalidAssertion {
    /// How to write one.
    #[must_use]
    pub fn help(&self) -> &'static str {
        "write `/pointer == 1`, `/list nonempty`, or in a junit row `failures == 0`"
    }
}

impl Assertion {
    /// Reads one line.
    pub fn parse(line: &str, dialect: Dialect) -> Result<Self, InvalidAssertion> {
        grammar::read(line.trim(), dialect).map_err(|reason| InvalidAssertion {
            text: line.trim().to_owned(),
            reason,
        })
    }

    /// The documents, other than the row's own, whose content it reads.
    #[must_use]
    pub fn documents(&self) -> Vec<&PublicPath> {
        let other = match &self.test {
            Test::In(operand) | Test::Compare(_, operand) => match operand {
                Operand::Place(place) => place.file.as_ref(),
                _ => None,
            },
            _ => None,
        };
        self.subject.file.iter().chain(other).collect()
    }

    /// The files whose digest it reads.
    #[must_use]
    pub fn digests(&self) -> Vec<&PublicPath> {
        match &self.test {
            Test::Compare(_, Operand::Sha256(path)) => vec![path],
            _ => Vec::new(),
        }
    }
}

impl Selector {
    /// How many `*` it holds.
    #[must_use]
    pub fn stars(&self) -> usize {
        self.parts
            .iter()
            .filter(|part| **part == Part::Every)
            .count()
    }
}

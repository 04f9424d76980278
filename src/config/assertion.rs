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

const OPERATORS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::Unequal),
    ("<", Comparison::Less),
    ("<=", Comparison::LessOrEqual),
    (">", Comparison::Greater),
    (">=", Comparison::GreaterOrEqual),
];

const FACTS: [(&str, Fact); 6] = [
    ("$version", Fact::Version),
    ("$tag", Fact::Tag),
    ("$commit", Fact::Commit),
    ("$tree", Fact::Tree),
    ("$release.id", Fact::ReleaseId),
    ("$date", Fact::Date),
];

impl Assertion {
    /// Reads one line.
    pub fn parse(line: &str, dialect: Dialect) -> Result<Self, InvalidAssertion> {
        read(line.trim(), dialect).map_err(|reason| InvalidAssertion {
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

fn read(line: &str, dialect: Dialect) -> Result<Assertion, String> {
    let (subject, rest) = subject(line, dialect)?;
    let rest = rest.trim_start();
    let (word, operand) = match rest.find(|c: char| c.is_whitespace() || c == '(') {
        Some(end) => (&rest[..end], rest[end..].trim()),
        None => (rest, ""),
    };
    let stars = subject.stars();
    let unary = |test| match operand {
        "" => Ok(test),
        _ => Err(format!("nothing may follow `{word}`")),
    };
    let test = match word {
        "exists" => unary(Test::Exists),
        "absent" => unary(Test::Absent),
        "empty" => unary(Test::Empty),
        "nonempty" => unary(Test::Nonempty),
        "unique" => unary(Test::Unique),
        "all_or_none" => names(operand).map(Test::AllOrNone),
        "matches" => expression(operand).map(Test::Matches),
        "in" => match read_operand(operand, stars)? {
            Operand::Literal(Node::Array(items)) if items.is_empty() => {
                Err("nothing is in an empty list".to_owned())
            }
            operand @ (Operand::Literal(Node::Array(_)) | Operand::Place(_)) => {
                Ok(Test::In(operand))
            }
            _ => Err("`in` wants a list or a pointer to one".to_owned()),
        },
        "" => Err("it has no operator".to_owned()),
        _ => match OPERATORS.iter().find(|(name, _)| *name == word) {
            Some((_, comparison)) => comparison_test(*comparison, read_operand(operand, stars)?),
            None => Err(format!("`{word}` is not an operator")),
        },
    }?;
    if dialect == Dialect::Counter && !matches!(test, Test::Compare(..) | Test::In(_)) {
        return Err(format!("`{word}` does not apply to a counter"));
    }
    Ok(Assertion {
        text: line.to_owned(),
        subject,
        test,
    })
}

fn comparison_test(comparison: Comparison, operand: Operand) -> Result<Test, String> {
    let ordered = !matches!(comparison, Comparison::Equal | Comparison::Unequal);
    match &operand {
        Operand::Literal(Node::Null) => Err("null is never equal; use `exists` or `absent`".into()),
        Operand::Literal(node) if ordered && !matches!(node, Node::Number(_)) => {
            Err(format!("{} has no order", node.kind()))
        }
        Operand::Fact(fact) if ordered && !matches!(fact, Fact::Version | Fact::Date) => {
            Err("only `$version` and `$date` have an order".into())
        }
        Operand::Sha256(_) if ordered => Err("a digest has no order".into()),
        _ => Ok(Test::Compare(comparison, operand)),
    }
}

fn subject(line: &str, dialect: Dialect) -> Result<(Selector, &str), String> {
    if line.starts_with('"') {
        let mut stream = serde_json::Deserializer::from_str(line).into_iter::<String>();
        return match stream.next() {
            Some(Ok(text)) => Ok((selector(&text)?, &line[stream.byte_offset()..])),
            _ => Err("the quoted left side does not end".to_owned()),
        };
    }
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    match dialect {
        Dialect::Pointer => Ok((selector(word)?, rest)),
        Dialect::Counter if COUNTERS.contains(&word) => {
            let parts = vec![Part::Name(word.to_owned())];
            Ok((Selector { file: None, parts }, rest))
        }
        Dialect::Counter => Err(format!(
            "`{word}` is not a counter; the counters are `{}`",
            COUNTERS.join("`, `")
        )),
    }
}

fn selector(text: &str) -> Result<Selector, String> {
    let (file, pointer) = match text.split_once('#') {
        Some((file, pointer)) if !text.starts_with('/') => (
            Some(PublicPath::new(file).map_err(|e| e.to_string())?),
            pointer,
        ),
        _ => (None, text),
    };
    if file.is_some() && pointer.is_empty() {
        return Ok(Selector {
            file,
            parts: Vec::new(),
        });
    }
    let Some(rest) = pointer.strip_prefix('/') else {
        return Err(format!(
            "`{text}` is not a JSON pointer; it begins with `/`"
        ));
    };
    let parts = rest.split('/').map(part).collect::<Result<_, _>>()?;
    Ok(Selector { file, parts })
}

/// One part, with `~1` and `~0` undone (RFC 6901).
fn part(text: &str) -> Result<Part, String> {
    if text == "*" {
        return Ok(Part::Every);
    }
    let mut name = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        name.push(match (c, c == '~') {
            (_, true) => match characters.next() {
                Some('0') => '~',
                Some('1') => '/',
                _ => return Err("`~` in a pointer is written `~0`".to_owned()),
            },
            (c, false) => c,
        });
    }
    Ok(Part::Name(name))
}

fn read_operand(text: &str, stars: usize) -> Result<Operand, String> {
    if text.is_empty() {
        return Err("it has no right side".to_owned());
    }
    if text.starts_with('$') {
        return FACTS
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, fact)| Operand::Fact(*fact))
            .ok_or_else(|| {
                let names = FACTS.map(|(name, _)| format!("`{name}`")).join(", ");
                format!("`{text}` is no fact; the facts are {names}")
            });
    }
    if let Some(rest) = text.strip_prefix("@sha256(") {
        let path = rest.strip_suffix(')').ok_or("`@sha256(` is not closed")?;
        let path = PublicPath::new(path.trim()).map_err(|e| e.to_string())?;
        return Ok(Operand::Sha256(path));
    }
    let place = text.starts_with('/') || (text.contains('#') && !text.starts_with(['"', '[', '{']));
    if place {
        let place = selector(text)?;
        return match place.stars() {
            0 => Ok(Operand::Place(place)),
            n if n == stars => Ok(Operand::Place(place)),
            _ => Err("both sides must hold as many `*`".to_owned()),
        };
    }
    Node::parse(text.as_bytes())
        .map(Operand::Literal)
        .map_err(|_| {
            format!(
                "`{text}` is neither a JSON literal nor a pointer; strings stand in double quotes"
            )
        })
}

fn names(text: &str) -> Result<Vec<String>, String> {
    let inner = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .ok_or("`all_or_none` wants names: `all_or_none(a, b)`")?;
    let names: Vec<_> = inner
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect();
    if names.len() < 2 || names.iter().any(String::is_empty) {
        return Err("`all_or_none` wants at least two names".to_owned());
    }
    Ok(names)
}

fn expression(text: &str) -> Result<Regex, String> {
    let pattern: String = serde_json::from_str(text)
        .map_err(|_| "`matches` wants an expression in double quotes".to_owned())?;
    // On its own first, so that `a)|(b` cannot close the group below.
    Regex::new(&pattern).map_err(|_| format!("`{pattern}` is not a regular expression"))?;
    Regex::new(&format!("^(?:{pattern})$"))
        .map_err(|_| format!("`{pattern}` is not a regular expression"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form() {
        for good in [
            "/auroc >= 0.70",
            "/negative_findings nonempty",
            "/metrics/* all_or_none(baseline, value, delta)",
            "/metrics/*/hash == eval/other.json#/metrics/*/hash",
            "eval/x.json#/id == $release.id",
            "/config == @sha256(train/config.toml)",
            "/name in [\"a\", \"b\"]",
            "/name in other.json#/names",
            "/name matches \"[a-z]+\"",
            "/version == $version",
            "\"/with space\" exists",
            "/a~1b/~0 absent",
            "/x == \"a # b\"",
            "/x == {\"a\": [1]}",
        ] {
            assert!(Assertion::parse(good, Dialect::Pointer).is_ok(), "{good}");
        }
        for good in [
            "tests >= 400",
            "failures == 0",
            "skipped in [0, 1]",
            "tests == m.json#/count",
        ] {
            assert!(Assertion::parse(good, Dialect::Counter).is_ok(), "{good}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        for bad in [
            "",
            "/a",
            "/a =",
            "/a ==",
            "/a == word",
            "/a == 01",
            "/a == NaN",
            "/a == null",
            "/a < \"b\"",
            "/a < $commit",
            "/a == $unknown",
            "/a == @sha256(/etc/passwd)",
            "/a == @sha256(x",
            "/a exists really",
            "/a == /b/*",
            "/a/* == x.json#/b/*/*",
            "a == 1",
            "../x#/a == 1",
            "/a in 3",
            "/a in []",
            "/a matches a",
            "/a matches \"(\"",
            "/a matches \"a)|(?:b\"",
            "/* all_or_none(a)",
            "/~2 exists",
            "\"/a exists",
            "tests >= 1",
        ] {
            assert!(Assertion::parse(bad, Dialect::Pointer).is_err(), "{bad}");
        }
        for bad in [
            "/a == 1",
            "passed == 1",
            "tests exists",
            "tests matches \"1\"",
        ] {
            assert!(Assertion::parse(bad, Dialect::Counter).is_err(), "{bad}");
        }
    }

    #[test]
    fn knows_which_files_it_reads() {
        let one = Assertion::parse("a.json#/x == b.json#/y", Dialect::Pointer).unwrap();
        let names: Vec<_> = one
            .documents()
            .into_iter()
            .map(PublicPath::as_str)
            .collect();
        assert_eq!(names, ["a.json", "b.json"]);
        let two = Assertion::parse("/x == @sha256(c.bin)", Dialect::Pointer).unwrap();
        assert_eq!(two.digests()[0].as_str(), "c.bin");
    }
}

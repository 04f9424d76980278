//! From a line to an [`Assertion`].

use regex::Regex;

use super::{Assertion, COUNTERS, Comparison, Dialect, Fact, Operand, Part, Selector, Test};
use crate::{digest::PublicPath, json::exact::Node};

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

pub(super) fn read(line: &str, dialect: Dialect) -> Result<Assertion, String> {
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

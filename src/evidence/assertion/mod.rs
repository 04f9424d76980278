//! Judges assertion lines. Whatever is missing, null, of another type or over nothing fails; there
//! is no third answer.

mod compare;
mod select;

use std::borrow::Cow;

use self::{
    compare::{Right, compare},
    select::{Found, bound, pointer, select},
};
use super::{facts::Facts, observed::show, outcome::Check};
use crate::{
    config::assertion::{Assertion, Fact, Operand, Selector, Test},
    digest::PublicPath,
    json::exact::Node,
};

/// Judges `assertion` over `document`, the row's own.
#[must_use]
pub(super) fn judge(assertion: &Assertion, document: &Node, facts: &Facts) -> Check {
    let (ok, observed) = match run(assertion, document, facts) {
        Ok(observed) => (true, observed),
        Err(observed) => (false, observed),
    };
    Check {
        expr: assertion.text.clone(),
        path: None,
        observed,
        ok,
    }
}

fn run(assertion: &Assertion, own: &Node, facts: &Facts) -> Result<String, String> {
    let document = document(&assertion.subject, own, facts)?;
    let found = select(&assertion.subject, &document)?;
    match &assertion.test {
        Test::Absent => each(&assertion.subject, &found, |found| match found.node {
            None => Ok("absent".to_owned()),
            Some(node) => Err(show(node)),
        }),
        Test::Unique => unique(&assertion.subject, &found),
        Test::In(Operand::Place(place)) | Test::Compare(_, Operand::Place(place)) => {
            let other = self::document(place, own, facts)?;
            same_length(place, &other, found.len())?;
            each(&assertion.subject, &found, |found| {
                let node = present(found)?;
                let right = bound(place, &other, &found.binding)?;
                let right = right.ok_or_else(|| format!("`{}` is missing", name(place)))?;
                against(node, &assertion.test, &Right::Node(right))
            })
        }
        Test::In(operand) | Test::Compare(_, operand) => {
            let right = fact(operand, facts)?;
            let right = match &right {
                Value::Node(node) => Right::Node(node),
                Value::Version => Right::Version(&facts.release.version),
                Value::Date(date) => Right::Date(date),
            };
            each(&assertion.subject, &found, |found| {
                against(present(found)?, &assertion.test, &right)
            })
        }
        test => each(&assertion.subject, &found, |found| {
            unary(present(found)?, test)
        }),
    }
}

/// The same question to every value: the answer to one, or how many answered well.
fn each(
    selector: &Selector,
    found: &[Found<'_>],
    question: impl Fn(&Found<'_>) -> Result<String, String>,
) -> Result<String, String> {
    let mut last = String::new();
    for one in found {
        last = question(one).map_err(|observed| match selector.stars() {
            0 => observed,
            _ => format!("{observed} at `{}`", one.binding.join("/")),
        })?;
    }
    match selector.stars() {
        0 if found.len() == 1 => Ok(last),
        _ if found.is_empty() => Err("nothing is selected".to_owned()),
        _ => Ok(format!("{0} of {0}", found.len())),
    }
}

fn present<'a>(found: &Found<'a>) -> Result<&'a Node, String> {
    match found.node {
        None => Err("missing".to_owned()),
        Some(Node::Null) => Err("null".to_owned()),
        Some(node) => Ok(node),
    }
}

fn unary(node: &Node, question: &Test) -> Result<String, String> {
    let length = match node {
        Node::Text(text) => Some(text.len()),
        Node::Array(items) => Some(items.len()),
        Node::Object(members) => Some(members.len()),
        _ => None,
    };
    let ok = match (question, node) {
        (Test::Exists, _) => true,
        (Test::Empty, _) => length == Some(0),
        (Test::Nonempty, _) => length.is_some_and(|length| length > 0),
        (Test::Matches(expression), Node::Text(text)) => expression.is_match(text),
        (Test::AllOrNone(names), Node::Object(members)) => {
            let there: Vec<_> = names.iter().filter_map(|name| members.get(name)).collect();
            if there.contains(&&Node::Null) {
                return Err("one is null".to_owned());
            }
            let observed = format!("{} of {}", there.len(), names.len());
            return if there.is_empty() || there.len() == names.len() {
                Ok(observed)
            } else {
                Err(observed)
            };
        }
        _ => false,
    };
    if ok { Ok(show(node)) } else { Err(show(node)) }
}

fn unique(selector: &Selector, found: &[Found<'_>]) -> Result<String, String> {
    let mut nodes: Vec<&Node> = found.iter().map(present).collect::<Result<_, _>>()?;
    if selector.stars() == 0 {
        nodes = match nodes[..] {
            [Node::Array(items)] if !items.is_empty() => items.iter().collect(),
            [node] => return Err(show(node)),
            _ => return Err("nothing is selected".to_owned()),
        };
    }
    if nodes.contains(&&Node::Null) {
        return Err("null".to_owned());
    }
    nodes.sort();
    match nodes.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{} is there twice", show(pair[0]))),
        None => Ok(format!("{} different values", nodes.len())),
    }
}

fn against(node: &Node, test: &Test, right: &Right<'_>) -> Result<String, String> {
    let ok = match (test, right) {
        (Test::Compare(comparison, _), right) => compare(node, *comparison, right)?,
        (Test::In(_), Right::Node(Node::Array(items))) => items.contains(node),
        (_, Right::Node(other)) => return Err(format!("the right side is {}", other.kind())),
        _ => false,
    };
    if ok {
        return Ok(show(node));
    }
    match right {
        Right::Node(other)
            if matches!(
                test,
                Test::Compare(_, Operand::Place(_) | Operand::Sha256(_))
            ) =>
        {
            Err(format!("{}, against {}", show(node), show(other)))
        }
        _ => Err(show(node)),
    }
}

/// With `*` on both sides, both must have as many elements.
fn same_length(place: &Selector, other: &Node, length: usize) -> Result<(), String> {
    if place.stars() == 0 {
        return Ok(());
    }
    match select(place, other)?.len() {
        n if n == length => Ok(()),
        n => Err(format!("{length} values, against {n}")),
    }
}

/// The document that a selector means.
fn document<'a>(
    selector: &Selector,
    own: &'a Node,
    facts: &Facts,
) -> Result<Cow<'a, Node>, String> {
    let Some(path) = &selector.file else {
        return Ok(Cow::Borrowed(own));
    };
    let taken = facts
        .file(path)
        .ok_or_else(|| format!("`{path}` is missing"))?;
    let content = taken.content.as_deref();
    let content = content.ok_or_else(|| format!("`{path}` was not read"))?;
    Node::parse(content)
        .map(Cow::Owned)
        .map_err(|e| format!("`{path}`: {e}"))
}

fn name(place: &Selector) -> String {
    let file = place.file.as_ref().map_or("", PublicPath::as_str);
    let hash = if file.is_empty() { "" } else { "#" };
    format!("{file}{hash}{}", pointer(&place.parts))
}

/// A right side that is not a place in a document.
enum Value {
    Node(Node),
    Version,
    Date(String),
}

fn fact(operand: &Operand, facts: &Facts) -> Result<Value, String> {
    let text = |text: &str| Ok(Value::Node(Node::Text(text.to_owned())));
    match operand {
        Operand::Literal(node) => Ok(Value::Node(node.clone())),
        Operand::Fact(Fact::Version) => Ok(Value::Version),
        Operand::Fact(Fact::Date) => Ok(Value::Date(
            facts.generated_at.strftime("%Y-%m-%d").to_string(),
        )),
        Operand::Fact(Fact::Tag) => text(&facts.release.tag),
        Operand::Fact(Fact::Commit) => text(&facts.source.commit),
        Operand::Fact(Fact::Tree) => text(&facts.source.tree),
        Operand::Fact(Fact::ReleaseId) => match &facts.release.id {
            Some(id) => text(id),
            None => Err("the release has no id".to_owned()),
        },
        Operand::Sha256(path) => match facts.file(path) {
            Some(taken) => text(&taken.identity.sha256.to_string()),
            None => Err(format!("`{path}` is missing")),
        },
        Operand::Place(place) => Err(format!("`{}` is a place", name(place))),
    }
}

#[cfg(test)]
mod tests;

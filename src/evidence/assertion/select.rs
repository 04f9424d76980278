//! JSON pointers with `*`: from a selector to the values that stand there.

use crate::{
    config::assertion::{Part, Selector},
    json::exact::Node,
};

/// A value that a selector leads to.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    /// What each `*` stood for.
    pub(super) binding: Vec<String>,
    /// The value; `None` when the last steps lead nowhere.
    pub(super) node: Option<&'a Node>,
}

/// All values that `selector` leads to in `document`.
///
/// A `*` over nothing, and a step into something without parts, is an error with its text.
pub(super) fn select<'a>(
    selector: &Selector,
    document: &'a Node,
) -> Result<Vec<Found<'a>>, String> {
    let mut found = vec![Found {
        binding: Vec::new(),
        node: Some(document),
    }];
    for (depth, part) in selector.parts.iter().enumerate() {
        let here = || pointer(&selector.parts[..depth]);
        let mut next = Vec::new();
        for one in found {
            match part {
                Part::Name(name) => next.push(Found {
                    node: match one.node {
                        None => None,
                        Some(node) => {
                            step(node, name).map_err(|kind| format!("`{}` is {kind}", here()))?
                        }
                    },
                    binding: one.binding,
                }),
                Part::Every => next.extend(every(&one, &here())?),
            }
        }
        found = next;
    }
    Ok(found)
}

/// The value at `selector` where its `*`s stand for `binding`.
pub(super) fn bound<'a>(
    selector: &Selector,
    document: &'a Node,
    binding: &[String],
) -> Result<Option<&'a Node>, String> {
    let mut names = binding.iter();
    let parts = selector.parts.iter().map(|part| match part {
        Part::Every => Part::Name(names.next().cloned().unwrap_or_default()),
        name @ Part::Name(_) => name.clone(),
    });
    let plain = Selector {
        file: None,
        parts: parts.collect(),
    };
    Ok(select(&plain, document)?
        .first()
        .and_then(|found| found.node))
}

fn step<'a>(node: &'a Node, name: &str) -> Result<Option<&'a Node>, &'static str> {
    match node {
        Node::Object(members) => Ok(members.get(name)),
        Node::Array(items) => {
            let plain =
                name.bytes().all(|b| b.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
            match name.parse::<usize>() {
                Ok(index) if plain => Ok(items.get(index)),
                _ => Err("an array"),
            }
        }
        other => Err(other.kind()),
    }
}

fn every<'a>(one: &Found<'a>, here: &str) -> Result<Vec<Found<'a>>, String> {
    let with = |name: String, node: &'a Node| Found {
        binding: one.binding.iter().cloned().chain([name]).collect(),
        node: Some(node),
    };
    let found: Vec<_> = match one.node {
        None => return Err(format!("`{here}` is missing")),
        Some(Node::Array(items)) => {
            let numbered = items.iter().enumerate();
            numbered
                .map(|(n, node)| with(n.to_string(), node))
                .collect()
        }
        Some(Node::Object(members)) => members
            .iter()
            .map(|(name, node)| with(name.clone(), node))
            .collect(),
        Some(other) => return Err(format!("`{here}` is {}", other.kind())),
    };
    if found.is_empty() {
        return Err(format!("`{here}` has no elements"));
    }
    Ok(found)
}

/// `parts` as a pointer, for people.
pub(super) fn pointer(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Every => "/*".to_owned(),
        Part::Name(name) => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
    };
    parts.iter().map(part).collect()
}

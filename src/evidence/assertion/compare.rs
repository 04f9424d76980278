//! `== != < <= > >=` between two values of one type.

use std::cmp::Ordering;

use crate::{config::assertion::Comparison, json::exact::Node, version::Version};

/// The right side.
pub(super) enum Right<'a> {
    /// A value.
    Node(&'a Node),
    /// The release's version, whatever the spelling on the left.
    Version(&'a Version),
    /// A date as `2026-06-01`.
    Date(&'a str),
}

/// Whether it compares so; values of two types, and null, do not compare at all.
pub(super) fn compare(
    left: &Node,
    comparison: Comparison,
    right: &Right<'_>,
) -> Result<bool, String> {
    let other = |kind: &str| Err(format!("{}, against {kind}", left.kind()));
    match (left, right) {
        (Node::Text(text), Right::Version(version)) => match text.parse::<Version>() {
            Ok(stated) => Ok(holds(comparison, stated.cmp(version))),
            Err(_) => other("a version"),
        },
        (Node::Text(text), Right::Date(date)) => match text.parse::<jiff::civil::Date>() {
            Ok(stated) if stated.to_string() == *text => {
                Ok(holds(comparison, text.as_str().cmp(date)))
            }
            _ => other("a date"),
        },
        (_, Right::Version(_)) => other("a version"),
        (_, Right::Date(_)) => other("a date"),
        (Node::Number(one), Right::Node(Node::Number(two))) => Ok(holds(comparison, one.cmp(two))),
        (Node::Null, _) => Err("null".to_owned()),
        (_, Right::Node(node)) if left.kind() != node.kind() => other(node.kind()),
        (_, Right::Node(node)) => match comparison {
            Comparison::Equal => Ok(left == *node),
            Comparison::Unequal => Ok(left != *node),
            _ => Err(format!("{} has no order", left.kind())),
        },
    }
}

fn holds(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::Unequal => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    }
}

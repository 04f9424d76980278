//! A JSON document with its numbers as they are written.
//!
//! `serde_json::Value` keeps a number as an integer of 64 bits or a float, which is enough for
//! documents of ours. Evidence comes from others, and an assertion over it compares decimals.

use std::collections::BTreeMap;

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{JsonError, decimal::Decimal};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// Exact.
    Number(Decimal),
    /// Text.
    Text(String),
    /// In order.
    Array(Vec<Node>),
    /// By key.
    Object(BTreeMap<String, Node>),
}

impl Node {
    /// Reads one document, as strictly as [`super::parse`].
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonError> {
        super::parse(bytes)?;
        let document: &RawValue = serde_json::from_slice(bytes).map_err(JsonError::Invalid)?;
        build(document.get()).map_err(JsonError::Invalid)
    }

    /// What kind of value it is, for people.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// The value of `text`, which the strict reader has accepted, so that depth and keys are fine.
fn build(text: &str) -> Result<Node, serde_json::Error> {
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(text)?;
            let node = |(key, raw): (String, &RawValue)| Ok((key, build(raw.get())?));
            Node::Object(members.into_iter().map(node).collect::<Result<_, _>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            let node = |raw: &RawValue| build(raw.get());
            Node::Array(items.into_iter().map(node).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Node::Text(serde_json::from_str(text)?),
        Some(b't' | b'f') => Node::Bool(serde_json::from_str(text)?),
        Some(b'n') => Node::Null,
        _ => Node::Number(
            Decimal::parse(text)
                .ok_or_else(|| <serde_json::Error as serde::de::Error>::custom("not a number"))?,
        ),
    })
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_numbers_that_a_float_would_change() {
        let node =
            Node::parse(br#" {"a": [9007199254740993, 0.1, 18446744073709551617]} "#).unwrap();
        let number = |text| Node::Number(Decimal::parse(text).unwrap());
        let expected = [(
            "a".to_owned(),
            Node::Array(vec![
                number("9007199254740993"),
                number("0.1"),
                number("18446744073709551617"),
            ]),
        )];
        assert_eq!(node, Node::Object(expected.into()));
        assert_ne!(
            node,
            Node::parse(br#"{"a": [9007199254740992, 0.1, 18446744073709551617]}"#).unwrap()
        );
    }

    #[test]
    fn is_as_strict_as_the_other_reader() {
        for bad in [
            r#"{"a":1,"a":1}"#,
            "[1e999]",
            "{}{}",
            "NaN",
            r#"["\ud800"]"#,
            "\u{feff}1",
        ] {
            assert!(Node::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}

//! JSON as evidence: a strict reader and a canonical writer.
//!
//! The reader refuses what two readers could understand differently (RFC 8259 leaves it open): a
//! duplicate key, a byte-order mark, data after the end, deep nesting, lone surrogates. The writer gives
//! one byte string for one value: keys sorted by code point, two spaces of indentation, `\n` at
//! the end.

pub mod decimal;
pub mod exact;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The largest document that is read, in bytes.
pub const MAX_SIZE: usize = 64 << 20;
/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 64;

/// Text that is not strict JSON.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum JsonError {
    /// Larger than [`MAX_SIZE`].
    #[error("the document has {size} bytes, more than {MAX_SIZE}")]
    #[diagnostic(
        code("json.too_large"),
        help("evidence of this size belongs into a file row, which hashes it")
    )]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// A byte-order mark.
    #[error("the document begins with a byte-order mark")]
    #[diagnostic(code("json.bom"), help("save it as UTF-8 without a byte-order mark"))]
    ByteOrderMark,
    /// Anything else.
    #[error("the document is not strict JSON")]
    #[diagnostic(
        code("json.invalid"),
        help("write it with a JSON library: no duplicate keys, no NaN, nothing after the end")
    )]
    Invalid(#[source] serde_json::Error),
}

/// Reads one document strictly.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    if bytes.len() > MAX_SIZE {
        return Err(JsonError::TooLarge { size: bytes.len() });
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(JsonError::ByteOrderMark);
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }
        .deserialize(&mut reader)
        .map_err(JsonError::Invalid)?;
    reader.end().map_err(JsonError::Invalid)?;
    Ok(value)
}

/// The canonical bytes of `value`.
#[must_use]
pub fn render(value: &Value) -> Vec<u8> {
    let mut out = String::new();
    write(&mut out, value, 0);
    out.push('\n');
    out.into_bytes()
}

fn write(out: &mut String, value: &Value, depth: usize) {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    match value {
        Value::Array(items) if !items.is_empty() => {
            for (n, item) in items.iter().enumerate() {
                out.push(if n == 0 { '[' } else { ',' });
                line(out, depth + 1);
                write(out, item, depth + 1);
            }
            line(out, depth);
            out.push(']');
        }
        Value::Object(map) if !map.is_empty() => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            for (n, (key, item)) in entries.into_iter().enumerate() {
                out.push(if n == 0 { '{' } else { ',' });
                line(out, depth + 1);
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push_str(": ");
                write(out, item, depth + 1);
            }
            line(out, depth);
            out.push('}');
        }
        // Scalars and empty containers have one spelling.
        other => out.push_str(&other.to_string()),
    }
}

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.depth > MAX_DEPTH {
            return Err(D::Error::custom(format!("nested deeper than {MAX_DEPTH}")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = Self {
            depth: self.depth + 1,
        };
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = Self {
            depth: self.depth + 1,
        };
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = access.next_value_seed(inner)?;
            if map.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format!("duplicate key `{key}`")));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_bytes_are_a_fixed_point() {
        let value = parse(br#"{"b":[1,{"y":null,"x":"\u00fc"}],"a":{},"c":[]}"#).unwrap();
        let bytes = render(&value);
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            "{\n  \"a\": {},\n  \"b\": [\n    1,\n    {\n      \"x\": \"ü\",\n      \"y\": null\n    }\n  ],\n  \"c\": []\n}\n"
        );
        assert_eq!(render(&parse(&bytes).unwrap()), bytes);
    }

    #[test]
    fn refuses_what_readers_understand_differently() {
        for bad in [
            r#"{"a":1,"a":2}"#,
            r#"{"ready":false,"re\u0061dy":true}"#,
            "NaN",
            "[1e999]",
            "{} {}",
            "\u{feff}{}",
            r#""\ud800""#,
            "",
            "{\"a\":01}",
        ] {
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
        }
        let deep = "[".repeat(MAX_DEPTH + 2) + &"]".repeat(MAX_DEPTH + 2);
        assert!(parse(deep.as_bytes()).is_err());
        assert!(parse(br#"{"a":{"a":1}}"#).is_ok());
    }

    #[test]
    fn says_what_it_refuses() {
        let code = |bytes: &[u8]| {
            let error = parse(bytes).unwrap_err();
            miette::Diagnostic::code(&error).unwrap().to_string()
        };
        assert_eq!(code("\u{feff}{}".as_bytes()), "json.bom");
        assert_eq!(code(&vec![b' '; MAX_SIZE + 1]), "json.too_large");
        assert_eq!(code(b"{"), "json.invalid");
    }
}

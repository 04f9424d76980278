//! A TOML table over its defaults, read the way git-cliff reads it: key by key, with numbers and
//! truth values accepted as text and the other way round.

use regex::Regex;
use toml::{Table, Value};

use super::CliffError;

/// One table, its dotted name, and the table it falls back to.
#[derive(Clone)]
pub(super) struct Layered<'a> {
    name: String,
    file: Option<&'a Table>,
    default: Option<&'a Table>,
}

impl<'a> Layered<'a> {
    pub(super) fn new(name: &str, file: &'a Table, default: &'a Table) -> Result<Self, CliffError> {
        let table = |of: &'a Table| match of.get(name) {
            None => Ok(None),
            Some(Value::Table(table)) => Ok(Some(table)),
            Some(_) => Err(CliffError::Type {
                key: name.to_owned(),
                expected: "a table",
            }),
        };
        Ok(Self {
            name: name.to_owned(),
            file: table(file)?,
            default: table(default)?,
        })
    }

    fn single(name: String, table: &'a Table) -> Self {
        Self {
            name,
            file: Some(table),
            default: None,
        }
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        let of = |table: Option<&'a Table>| table.and_then(|table| table.get(key));
        of(self.file).or_else(|| of(self.default))
    }

    fn wrong(&self, key: &str, expected: &'static str) -> CliffError {
        CliffError::Type {
            key: format!("{}.{key}", self.name),
            expected,
        }
    }

    /// A text, also from a number or a truth value.
    pub(super) fn text(&self, key: &str) -> Result<Option<String>, CliffError> {
        Ok(Some(match self.get(key) {
            None => return Ok(None),
            Some(Value::String(text)) => text.clone(),
            Some(value @ (Value::Integer(_) | Value::Float(_) | Value::Boolean(_))) => {
                value.to_string()
            }
            Some(_) => return Err(self.wrong(key, "a text")),
        }))
    }

    /// A truth value, also from a word.
    pub(super) fn flag(&self, key: &str) -> Result<bool, CliffError> {
        let wrong = || self.wrong(key, "`true` or `false`");
        match self.get(key) {
            None => Ok(false),
            Some(Value::Boolean(value)) => Ok(*value),
            Some(Value::Integer(value)) => Ok(*value != 0),
            Some(Value::String(word)) => match word.to_lowercase().as_str() {
                "1" | "true" | "on" | "yes" => Ok(true),
                "0" | "false" | "off" | "no" => Ok(false),
                _ => Err(wrong()),
            },
            Some(_) => Err(wrong()),
        }
    }

    /// A number that is not negative.
    pub(super) fn count(&self, key: &str) -> Result<Option<usize>, CliffError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Integer(value)) => usize::try_from(*value)
                .map(Some)
                .map_err(|_| self.wrong(key, "a number that is not negative")),
            Some(_) => Err(self.wrong(key, "a number that is not negative")),
        }
    }

    /// A regular expression.
    pub(super) fn pattern(&self, key: &str) -> Result<Option<Regex>, CliffError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        Regex::new(&text)
            .map(Some)
            .map_err(|source| CliffError::Pattern {
                key: format!("{}.{key}", self.name),
                source: Box::new(source),
            })
    }

    /// An array of tables.
    pub(super) fn tables(&self, key: &str) -> Result<Vec<Layered<'a>>, CliffError> {
        let wrong = || self.wrong(key, "an array of tables");
        match self.get(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    let table = item.as_table().ok_or_else(wrong)?;
                    Ok(Self::single(format!("{}.{key}[{index}]", self.name), table))
                })
                .collect(),
            Some(_) => Err(wrong()),
        }
    }
}

//! Foreign text on its way into a report: short, and free of private paths.

use crate::json::exact::Node;

/// The longest text that is shown, in characters.
const LIMIT: usize = 120;

/// What a value looks like in a report.
#[must_use]
pub(super) fn show(node: &Node) -> String {
    match node {
        Node::Null => "null".to_owned(),
        Node::Bool(value) => value.to_string(),
        Node::Number(number) => public(&number.to_string()),
        Node::Text(text) => serde_json::Value::from(public(text)).to_string(),
        Node::Array(items) => format!("an array of {}", items.len()),
        Node::Object(members) => format!("an object of {}", members.len()),
    }
}

/// `text`, if it may stand in a report; otherwise what it is.
#[must_use]
pub(super) fn public(text: &str) -> String {
    if text
        .split(|c: char| c.is_whitespace() || "\"'`=(,;<>[".contains(c))
        .any(is_private)
    {
        return "(text with a private path)".to_owned();
    }
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut shown: String = text.chars().take(LIMIT).map(clean).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn is_private(word: &str) -> bool {
    let drive =
        matches!(word.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let deep = word.starts_with('/') && word[1..].contains('/');
    drive || deep || word.starts_with("~/") || word.starts_with("\\\\") || word.starts_with("file:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_paths_and_long_texts_do_not_get_through() {
        for private in [
            "/home/ann/x",
            "see /Users/ann/y",
            "C:\\x",
            "path=~/x",
            "file:///x",
            "\\\\host\\x",
        ] {
            assert_eq!(public(private), "(text with a private path)", "{private}");
        }
        for fine in [
            "0.71",
            "dist/a.whl",
            "a / b",
            "and/or",
            "https://example.org/x",
            "/",
        ] {
            assert_eq!(public(fine), fine);
        }
        assert_eq!(public(&"x".repeat(500)).chars().count(), LIMIT + 1);
    }
}

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
    if names_private_path(text) {
        return "(text with a private path)".to_owned();
    }
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut shown: String = text.chars().take(LIMIT).map(clean).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// Whether an absolute path, or one below the home directory, stands in `text`: wherever one begins
/// after a character that no path goes on with. What is no path but looks like one is lost with it,
/// and no harm is done.
fn names_private_path(text: &str) -> bool {
    let mut before = None;
    text.char_indices().any(|(at, c)| {
        let begins = !before.replace(c).is_some_and(is_path);
        begins && begins_private_path(&text[..at], &text[at..])
    })
}

fn begins_private_path(before: &str, path: &str) -> bool {
    if let [letter, b':', b'\\' | b'/', ..] = path.as_bytes()
        && letter.is_ascii_alphabetic()
    {
        return true;
    }
    if ["~/", "\\\\", "file:"]
        .iter()
        .any(|start| path.starts_with(start))
    {
        return true;
    }
    let Some(rest) = path.strip_prefix('/') else {
        return false;
    };
    if let Some(rest) = rest.strip_prefix('/') {
        // `https://example.org`, but not `log:///home`.
        let scheme = before
            .strip_suffix(':')
            .is_some_and(|name| name.ends_with(is_path));
        let host = rest.starts_with(|c: char| is_path(c) && c != '/' || c == '[');
        return !(scheme && host) && rest.starts_with(is_path);
    }
    let end = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    // `</suite>` closes an element.
    let closes = before.ends_with('<') && after.starts_with('>') && !name.contains('/');
    !name.is_empty() && !closes
}

/// What a path may hold next to a `/`, as far as people and programs write it without quotes.
fn is_path(c: char) -> bool {
    c.is_alphanumeric() || "_-.~+@%#$/".contains(c)
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
            "log:/home/ann/secret/run.txt",
            "log:C:\\ann\\run.txt",
            "log:///home/ann",
            "url|file:///x",
            "(/root)",
            "{/home/x}",
            "a|/home/x",
            "a|C:/x",
            "*/home/x*",
            "${HOME}/x",
            "host:/home/x",
            "see //host/x",
            "</home/ann>",
            "</root",
            "„/ä/ö“",
            "\\/home\\/ann",
            "https://example.org/?log=/home/x",
        ] {
            assert_eq!(public(private), "(text with a private path)", "{private}");
        }
        for fine in [
            "0.71",
            "dist/a.whl",
            "a / b",
            "and/or",
            "https://example.org/x",
            "https://example.org:8080/a/b#/c",
            "git+ssh://example.org/x",
            "https://[::1]",
            "/",
            "a // b",
            "#/definitions/x",
            "../a",
            "1/2",
            "expected </suite>, found </case>",
            "ä/ö",
            "12:30",
            "a: b",
        ] {
            assert_eq!(public(fine), fine);
        }
        assert_eq!(public(&"x".repeat(500)).chars().count(), LIMIT + 1);
    }
}

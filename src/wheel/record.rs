//! RECORD: one row a file, as CSV (PEP 376, PEP 427). Rows that do not change keep their bytes.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use std::collections::BTreeSet;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The path, without its quotes.
    pub path: String,
    /// The path as it stands there.
    pub field: &'a str,
    /// The whole row, with its line end.
    pub whole: &'a str,
    /// Its line end.
    pub end: &'a str,
}

/// The rows of `text`, empty lines included. A quoted path may hold commas, quotes and line ends.
#[must_use]
pub fn rows(text: &str) -> Vec<Row<'_>> {
    let mut found = Vec::new();
    let mut left = text;
    while !left.is_empty() {
        let mut quoted = false;
        let mut comma = None;
        let mut length = left.len();
        for (at, c) in left.char_indices() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted && comma.is_none() => comma = Some(at),
                '\n' if !quoted => {
                    length = at + 1;
                    break;
                }
                _ => {}
            }
        }
        let (whole, rest) = left.split_at(length);
        let bare = whole.trim_end_matches(['\r', '\n']);
        let field = &whole[..comma.unwrap_or(bare.len())];
        let unquoted = field
            .strip_prefix('"')
            .and_then(|inner| inner.strip_suffix('"'));
        found.push(Row {
            path: unquoted.map_or_else(|| field.to_owned(), |inner| inner.replace("\"\"", "\"")),
            field,
            whole,
            end: &whole[bare.len()..],
        });
        left = rest;
    }
    found
}

/// The rows with a new digest and size for `path`, and without those of `gone`; `None` if `path`
/// has not exactly one row.
#[must_use]
pub fn update(text: &str, path: &str, content: &[u8], gone: &BTreeSet<String>) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 16);
    let mut seen = 0;
    for row in rows(text) {
        if row.path == path {
            let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(content));
            out += &format!("{},sha256={hash},{}{}", row.field, content.len(), row.end);
            seen += 1;
        } else if !gone.contains(&row.path) {
            out += row.whole;
        }
    }
    (seen == 1).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_rows_keep_their_bytes_quotes_and_line_ends() {
        let text = "\"a,b\"\"c\".py,sha256=x,1\r\nd/WHEEL,sha256=y,2\r\nd/RECORD.jws,,\r\n\"e\nf\",,\r\nd/RECORD,,";
        let paths: Vec<_> = rows(text).into_iter().map(|row| row.path).collect();
        assert_eq!(paths[1..], ["d/WHEEL", "d/RECORD.jws", "e\nf", "d/RECORD"]);
        let gone = BTreeSet::from(["d/RECORD.jws".to_owned()]);
        let new = update(text, "d/WHEEL", b"abc", &gone).unwrap();
        assert_eq!(
            new,
            "\"a,b\"\"c\".py,sha256=x,1\r\nd/WHEEL,sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0,3\r\n\"e\nf\",,\r\nd/RECORD,,"
        );
        assert_eq!(update(text, "d/OTHER", b"", &gone), None);
        assert_eq!(update("a,,\na,,\n", "a", b"", &gone), None);
    }

    #[test]
    fn a_quoted_path_is_its_inside() {
        assert_eq!(rows("\"a,\"\"b\"\"\",,\n")[0].path, "a,\"b\"");
        assert_eq!(rows("plain\n")[0].path, "plain");
        assert!(rows("").is_empty());
    }
}

//! Where the sources make a code.

use std::collections::BTreeSet;

use crate::source::{self, Kind, Token};

/// Where a code is made.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) place: String,
    pub(super) is_error: bool,
}

/// What does not make a code of `family.this`.
const FILE_ENDS: &[&str] = &[
    "html", "json", "lock", "md", "py", "rs", "toml", "txt", "whl", "xml", "yaml", "yml",
];

/// The codes that `tokens` make.
pub(super) fn made(path: &str, tokens: &[Token]) -> Vec<(String, Origin)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = &tokens[..at];
        let is_error = token.kind == Kind::Text && ends(before, &["code", "("]);
        let is_finding = token.kind == Kind::Text
            && before.len() >= 5
            && ends(before, &["("])
            && ends(&before[..at - 2], &["Finding", ":", ":"]);
        if is_error || is_finding || (token.kind == Kind::Text && is_constant(before)) {
            let place = format!("{path}:{}", token.line);
            found.push((token.text.clone(), Origin { place, is_error }));
        }
        let bare = ends(before, &["diagnostic", "(", "code", "("]) && token.kind == Kind::Word;
        if bare {
            let place = format!("{path}:{}", token.line);
            found.push((
                format!("code({}…)", token.text),
                Origin {
                    place,
                    is_error: true,
                },
            ));
        }
    }
    found
}

/// True behind `const ID: &str =` and its like.
fn is_constant(before: &[Token]) -> bool {
    let head = ["=", "str", "&", ":"];
    let mut back = before.iter().rev().filter(|t| t.kind != Kind::Char);
    head.iter()
        .all(|word| back.next().is_some_and(|t| t.is(word)))
        && back
            .next()
            .is_some_and(|t| ["ID", "CODE"].contains(&t.text.as_str()) || t.text.ends_with("_CODE"))
}

fn ends(tokens: &[Token], words: &[&str]) -> bool {
    tokens.len() >= words.len() && source::follows(tokens, tokens.len() - words.len(), words)
}

/// True for a dotted lower-case code.
pub(super) fn is_code(text: &str) -> bool {
    let legal = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
    };
    text.contains('.') && text.split('.').all(legal)
}

/// What stands before the first dot of each code.
pub(super) fn families<'a>(codes: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    codes.map(|code| family(code).to_owned()).collect()
}

fn family(code: &str) -> &str {
    code.split('.').next().unwrap_or(code)
}

/// Strings with the shape of a code, of one of `families`.
pub(super) fn relatives(
    path: &str,
    tokens: &[Token],
    families: &BTreeSet<String>,
) -> Vec<(String, Origin)> {
    let is_file = |text: &str| {
        FILE_ENDS
            .iter()
            .any(|end| text.ends_with(&format!(".{end}")))
    };
    tokens
        .iter()
        .filter(|token| token.kind == Kind::Text && is_code(&token.text))
        .filter(|token| families.contains(family(&token.text)) && !is_file(&token.text))
        .map(|token| {
            let place = format!("{path}:{}", token.line);
            let is_error = false;
            (token.text.clone(), Origin { place, is_error })
        })
        .collect()
}

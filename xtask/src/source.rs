//! Rust text as tokens: enough to ask what a file names, without comments, and apart from its tests.
//!
//! It knows comments, strings, characters and lifetimes, so that nothing inside them is taken for
//! code. It never resolves a macro or a type. `tests/floors.rs` reads with it too.

/// One token that is no comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Which kind.
    pub(crate) kind: Kind,
    /// A word, the inside of a string as written, or one character of punctuation.
    pub(crate) text: String,
    /// From 1.
    pub(crate) line: usize,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier, a keyword or a number.
    Word,
    /// A string of any sort.
    Text,
    /// A character, a byte or a lifetime.
    Char,
    /// One character of punctuation.
    Mark,
}

impl Token {
    /// True for the word or the mark `text`; never for a string that holds it.
    pub(crate) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Mark) && self.text == text
    }
}

/// True where the tokens from `at` on are those of `words`.
pub(crate) fn follows(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    let there = tokens.get(at..at + words.len());
    there.is_some_and(|there| there.iter().zip(words).all(|(t, word)| t.is(word)))
}

/// True for a file that its parent declares under `#[cfg(test)]`, by the name that we give such.
pub(crate) fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// The tokens of the program, and the tokens of its tests (items under `#[cfg(test)]`).
pub(crate) fn split_tests(tokens: Vec<Token>) -> (Vec<Token>, Vec<Token>) {
    if follows(&tokens, 0, &["#", "!", "[", "cfg", "(", "test"]) {
        return (Vec::new(), tokens);
    }
    let (mut code, mut tests) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let end = if is_test_attribute(&tokens, at) {
            end_of_item(&tokens, at)
        } else {
            at
        };
        if end > at {
            tests.extend_from_slice(&tokens[at..end]);
            at = end;
        } else {
            code.push(tokens[at].clone());
            at += 1;
        }
    }
    (code, tests)
}

fn is_test_attribute(tokens: &[Token], at: usize) -> bool {
    if follows(tokens, at, &["#", "[", "test", "]"]) {
        return true;
    }
    let inside = &tokens[at..end_of_group(tokens, at + 1)];
    follows(tokens, at, &["#", "[", "cfg", "("])
        && inside.iter().any(|t| t.is("test"))
        && !inside.iter().any(|t| t.is("not"))
}

/// Just behind the group that opens at `at`.
fn end_of_group(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0_usize;
    for (n, token) in tokens.iter().enumerate().skip(at) {
        if ["(", "[", "{"].iter().any(|mark| token.is(mark)) {
            depth += 1;
        } else if [")", "]", "}"].iter().any(|mark| token.is(mark)) {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            return n + 1;
        }
    }
    tokens.len()
}

/// Just behind the item whose first attribute opens at `at`.
fn end_of_item(tokens: &[Token], at: usize) -> usize {
    let mut at = at;
    while at < tokens.len() {
        if tokens[at].is(";") {
            return at + 1;
        }
        let braces = tokens[at].is("{");
        if braces || tokens[at].is("(") || tokens[at].is("[") {
            at = end_of_group(tokens, at);
            if braces {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// Cuts `text` into tokens.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let (kind, length, inner) = next(rest, first);
        if let Some(kind) = kind {
            found.push(Token {
                kind,
                text: inner.to_owned(),
                line,
            });
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

/// Kind (none for blanks and comments), length in bytes, and text of the token in front.
fn next(rest: &str, first: char) -> (Option<Kind>, usize, &str) {
    if rest.starts_with("//") {
        return (None, rest.find('\n').unwrap_or(rest.len()), "");
    }
    if rest.starts_with("/*") {
        return (None, block_comment(rest), "");
    }
    if let Some((start, end, length)) = string(rest) {
        return (Some(Kind::Text), length, &rest[start..end]);
    }
    if first == '\'' {
        let length = character(rest);
        return (Some(Kind::Char), length, &rest[..length]);
    }
    if is_word(first) {
        let name = rest.strip_prefix("r#").unwrap_or(rest);
        let length = name.find(|c| !is_word(c)).unwrap_or(name.len());
        let prefix = rest.len() - name.len();
        return (Some(Kind::Word), prefix + length, &name[..length]);
    }
    let length = first.len_utf8();
    let kind = (!first.is_whitespace()).then_some(Kind::Mark);
    (kind, length, &rest[..length])
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let step = &rest.as_bytes()[at..];
        match (step.starts_with(b"/*"), step.starts_with(b"*/")) {
            (true, _) => (depth, at) = (depth + 1, at + 2),
            (_, true) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// Start and end of the inside, and the whole length, when a string literal is in front.
fn string(rest: &str) -> Option<(usize, usize, usize)> {
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let tail = rest.strip_prefix(prefix).unwrap_or_default();
        let tail = if prefix.ends_with('r') {
            tail.trim_start_matches('#')
        } else {
            tail
        };
        tail.starts_with('"')
    })?;
    let tail = &rest[prefix.len()..];
    let hashes = tail.len() - tail.trim_start_matches('#').len();
    let start = prefix.len() + hashes + 1;
    if prefix.ends_with('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        let end = rest[start..].find(&close).map_or(rest.len(), |n| start + n);
        return Some((start, end, rest.len().min(end + close.len())));
    }
    let mut escaped = false;
    for (n, c) in rest[start..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((start, start + n, start + n + 1)),
            _ => {}
        }
    }
    Some((start, rest.len(), rest.len()))
}

/// The length of a character literal, or of a lifetime.
fn character(rest: &str) -> usize {
    let inner = &rest[1..];
    if let Some(escape) = inner.strip_prefix('\\') {
        let skip = escape.chars().next().map_or(0, char::len_utf8);
        return escape[skip..]
            .find('\'')
            .map_or(rest.len(), |n| 2 + skip + n + 1);
    }
    let width = inner.chars().next().map_or(0, char::len_utf8);
    if inner[width..].starts_with('\'') {
        return 1 + width + 1;
    }
    1 + inner.find(|c| !is_word(c)).unwrap_or(inner.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|t| t.text).collect()
    }

    #[test]
    fn comments_strings_characters_and_lifetimes_hide_no_code() {
        assert_eq!(words("a // b\n/* c /* d */ e */ f"), ["a", "f"]);
        assert_eq!(
            words(r##"x(r#"q"q"#, b"\"", '"', '\'', 'é') y"##)
                .last()
                .unwrap(),
            "y"
        );
        assert_eq!(words("&'a str").concat(), "&'astr");
        assert_eq!(words("r#type::r"), ["type", ":", ":", "r"]);
        assert_eq!(tokens("a\n\"x\ny\"\nb").last().unwrap().line, 4);
        assert!(!tokens("\"git2\"")[0].is("git2"));
    }

    #[test]
    fn items_under_cfg_test_are_tests() {
        let text = "fn a() {} #[cfg(test)] #[path = \"x\"] mod t { fn b() {} } fn c() {}
                    #[cfg(all(test, unix))] use d; #[cfg(not(test))] fn e() {}";
        let (code, tests) = split_tests(tokens(text));
        for name in ["a", "c", "e"] {
            assert!(code.iter().any(|t| t.is(name)), "{name}");
        }
        for name in ["b", "d"] {
            assert!(tests.iter().any(|t| t.is(name)), "{name}");
            assert!(!code.iter().any(|t| t.is(name)), "{name}");
        }
    }
}

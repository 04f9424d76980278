//! Every stable code has a page, a test, and (an error's) a row in the exit table; every page a code.
//!
//! A code is recognised where it is made: `code("a.b")` on an error, `Finding::…("a.b"` for a
//! finding, or a constant named `ID`, `CODE` or `…_CODE`. Tests do not make codes, they mention them.

use std::collections::BTreeMap;

use super::{Complaints, File};
use crate::source::{self, Kind, Token};

const PAGES: &str = "docs/codes.md";
const EXITS: &str = "src/exit.rs";

/// Where a code is made.
#[derive(Clone, Debug)]
struct Origin {
    place: String,
    is_error: bool,
}

/// Compares the codes in `src/` with their pages, tests and exit rows.
pub(super) fn check(files: &[File]) -> Complaints {
    let (mut codes, mut wrong) = (BTreeMap::new(), Vec::new());
    let mut tests = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.path.starts_with("src/") && file.is_ours())
    {
        let (code, test) = source::split_tests(source::tokens(&file.text));
        tests.extend(
            test.into_iter()
                .filter(|t| t.kind == Kind::Text)
                .map(|t| t.text),
        );
        for (name, origin) in made(&file.path, &code) {
            if is_code(&name) {
                let is_error = origin.is_error;
                codes.entry(name).or_insert(origin).is_error |= is_error;
            } else {
                wrong.push(format!(
                    "{}: `{name}` is no dotted lower-case code",
                    origin.place
                ));
            }
        }
    }
    let in_tests = files.iter().filter(|file| file.path.starts_with("tests/"));
    tests.extend(in_tests.map(|file| file.text.clone()));
    let text = |path| {
        files
            .iter()
            .find(|file| file.path == path)
            .map_or("", |file| &file.text)
    };
    let (pages, exits) = (headings(text(PAGES)), text(EXITS));
    for (code, Origin { place, is_error }) in &codes {
        let mut demand = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{place}: `{code}` {what}"));
            }
        };
        demand(
            pages.contains(&code.as_str()),
            "has no page in docs/codes.md",
        );
        demand(
            tests.iter().any(|text| mentions(text, code)),
            "occurs in no test",
        );
        if *is_error {
            demand(
                exits.contains(&format!("\"{code}\"")),
                "has no row in src/exit.rs",
            );
        }
    }
    for page in pages.iter().filter(|page| !codes.contains_key(**page)) {
        wrong.push(format!(
            "{PAGES}: `{page}` is a page about a code that nothing makes"
        ));
    }
    wrong
}

/// The codes that `tokens` make.
fn made(path: &str, tokens: &[Token]) -> Vec<(String, Origin)> {
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

fn is_code(text: &str) -> bool {
    let legal = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
    };
    text.contains('.') && text.split('.').all(legal)
}

fn headings(pages: &str) -> Vec<&str> {
    pages
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|title| title.trim().trim_matches('`'))
        .collect()
}

/// True when `text` has `code` as a whole: `a.b` is not mentioned by `a.b.c` or `a.bc`.
fn mentions(text: &str, code: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    text.match_indices(code).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let mut after = text[at + code.len()..].chars();
        let next = after.next();
        let goes_on = next == Some('.') && after.next().is_some_and(inside);
        !before.is_some_and(|c| inside(c) || c == '.') && !next.is_some_and(inside) && !goes_on
    })
}

#[cfg(test)]
mod tests {
    use super::{super::file, *};

    const SOURCE: &str = r#"#[diagnostic(code("tree.dirty"), help("x"))] struct A;
        fn f() { Finding::new("file.missing", "m"); }
        const ID: &'static str = "row.red";
        #[cfg(test)] mod t { const ID: &str = "in.test"; }"#;

    fn house(source: &str, pages: &str, test: &str) -> Vec<File> {
        vec![
            file("src/a.rs", source),
            file(EXITS, "const TABLE: x = [(\"tree.dirty\", 9)];"),
            file(PAGES, pages),
            file("tests/cases/a/b/stderr", test),
        ]
    }

    #[test]
    fn a_whole_house_has_nothing_to_say() {
        let pages = "## tree.dirty\n## `file.missing`\n## row.red\n";
        let all = "error[tree.dirty]: file.missing. row.red";
        assert_eq!(check(&house(SOURCE, pages, all)), Complaints::new());
    }

    #[test]
    fn each_thing_that_is_missing_is_named() {
        let wrong = check(&house(
            SOURCE,
            "## tree.dirty\n## gone.code\n",
            "tree.dirty row.red",
        ));
        assert_eq!(
            wrong,
            [
                "src/a.rs:2: `file.missing` has no page in docs/codes.md",
                "src/a.rs:2: `file.missing` occurs in no test",
                "src/a.rs:3: `row.red` has no page in docs/codes.md",
                "docs/codes.md: `gone.code` is a page about a code that nothing makes",
            ]
        );
        let wrong = check(&house("code(\"tag.taken\")", "## tag.taken", "tag.taken"));
        assert_eq!(wrong, ["src/a.rs:1: `tag.taken` has no row in src/exit.rs"]);
        assert_eq!(check(&house("code(\"Tag\")", "", "")).len(), 1);
        assert_eq!(
            check(&house("diagnostic(code(tag::taken))", "", "")).len(),
            1
        );
    }

    #[test]
    fn a_longer_code_is_no_mention() {
        assert!(mentions("[a.b]: x", "a.b") && mentions("it is a.b.", "a.b"));
        assert!(!mentions("a.b.c", "a.b") && !mentions("a.bc", "a.b") && !mentions("x.a.b", "a.b"));
    }
}

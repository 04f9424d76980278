//! Every stable code has a page, a test, and (an error's) a row in the exit table; every page a code.
//!
//! A code is recognised where it is made: `code("a.b")` on an error, `Finding::…("a.b"` for a
//! finding, or a constant named `ID`, `CODE` or `…_CODE`. A string `a.c` elsewhere, such as in a
//! table that findings are made from, is a code too, since `a` is a family of codes; file names are
//! not. Tests and the exit table do not make codes, they mention them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Complaints, File,
    made::{self, Origin, is_code, made},
};
use crate::source::{self, Kind, Token};

const PAGES: &str = "docs/codes.md";
const EXITS: &str = "src/exit.rs";

/// Compares the codes in `src/` with their pages, tests and exit rows.
pub(super) fn check(files: &[File]) -> Complaints {
    let (code, mut tests) = split(files);
    let (mut codes, mut wrong) = (BTreeMap::new(), Vec::new());
    for (name, origin) in code.iter().flat_map(|(path, tokens)| made(path, tokens)) {
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
    let families = made::families(codes.keys());
    for (path, tokens) in &code {
        for (name, origin) in made::relatives(path, tokens, &families) {
            codes.entry(name).or_insert(origin);
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
    let (pages, exits) = (headings(text(PAGES)), rows(text(EXITS)));
    for (code, Origin { place, is_error }) in &codes {
        let demands = [
            (
                pages.contains(&code.as_str()),
                "has no page in docs/codes.md",
            ),
            (
                tests.iter().any(|text| mentions(text, code)),
                "occurs in no test",
            ),
            (
                !is_error || exits.contains(code),
                "has no row in src/exit.rs",
            ),
        ];
        let missing: Vec<_> = demands
            .iter()
            .filter(|(holds, _)| !holds)
            .map(|(_, what)| *what)
            .collect();
        if !missing.is_empty() {
            wrong.push(format!("{place}: `{code}` {}", missing.join(", ")));
        }
    }
    for page in pages.iter().filter(|page| !codes.contains_key(**page)) {
        wrong.push(format!(
            "{PAGES}: `{page}` is a page about a code that nothing makes"
        ));
    }
    for row in exits
        .iter()
        .filter(|row| !codes.get(*row).is_some_and(|origin| origin.is_error))
    {
        wrong.push(format!(
            "{EXITS}: `{row}` is a row about an error that nothing makes"
        ));
    }
    wrong
}

/// The tokens of each program file, and every string in the tests of `src/`.
fn split(files: &[File]) -> (Vec<(&str, Vec<Token>)>, Vec<String>) {
    let (mut code, mut tests) = (Vec::new(), Vec::new());
    for file in files
        .iter()
        .filter(|file| file.path.starts_with("src/") && file.is_ours())
    {
        let tokens = source::tokens(&file.text);
        let (own, test) = if source::is_test_file(&file.path) {
            (Vec::new(), tokens)
        } else {
            source::split_tests(tokens)
        };
        tests.extend(
            test.into_iter()
                .filter(|t| t.kind == Kind::Text)
                .map(|t| t.text),
        );
        if file.path != EXITS {
            code.push((file.path.as_str(), own));
        }
    }
    (code, tests)
}

/// The codes in the exit table.
fn rows(exits: &str) -> BTreeSet<String> {
    let (table, _) = source::split_tests(source::tokens(exits));
    let strings = table.into_iter().filter(|token| token.kind == Kind::Text);
    strings
        .map(|token| token.text)
        .filter(|text| is_code(text))
        .collect()
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
        const ID: &'static str = "row.red"; const T: &[&str] = &["row.blue", "row.toml", "x.y"];
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
        let pages = "## tree.dirty\n## `file.missing`\n## row.red\n## row.blue\n";
        let all = "error[tree.dirty]: file.missing. row.red, row.blue";
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
                "src/a.rs:2: `file.missing` has no page in docs/codes.md, occurs in no test",
                "src/a.rs:3: `row.blue` has no page in docs/codes.md, occurs in no test",
                "src/a.rs:3: `row.red` has no page in docs/codes.md",
                "docs/codes.md: `gone.code` is a page about a code that nothing makes",
            ]
        );
        let wrong = check(&house("code(\"tag.taken\")", "## tag.taken", "tag.taken"));
        assert_eq!(
            wrong,
            [
                "src/a.rs:1: `tag.taken` has no row in src/exit.rs",
                "src/exit.rs: `tree.dirty` is a row about an error that nothing makes",
            ]
        );
        for shape in ["code(\"Tag\")", "diagnostic(code(tag::taken))"] {
            assert!(check(&house(shape, "", ""))[0].contains("is no dotted lower-case code"));
        }
    }

    #[test]
    fn a_longer_code_is_no_mention() {
        assert!(mentions("[a.b]: x", "a.b") && mentions("it is a.b.", "a.b"));
        assert!(!mentions("a.b.c", "a.b") && !mentions("a.bc", "a.b") && !mentions("x.a.b", "a.b"));
    }
}

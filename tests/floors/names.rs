//! The paths that a source file names, as far as its own imports resolve them.

use std::collections::BTreeMap;

use crate::source::{self, Kind, Token};

/// A source file without its tests.
pub(crate) struct Module {
    /// Below `src/`, with `/`.
    pub(crate) file: String,
    /// The top-level module that it belongs to.
    pub(crate) name: String,
    /// Its tokens.
    pub(crate) tokens: Vec<Token>,
    /// Every path in it: from `use` trees and in the code, with `self`, `super`, `relkit` and
    /// imported first segments resolved. `*` stands for a glob.
    pub(crate) paths: Vec<Vec<String>>,
}

impl Module {
    /// Reads the text of `file`.
    pub(crate) fn read(file: &str, text: &str) -> Self {
        let all = source::tokens(text);
        let tokens = if source::is_test_file(file) {
            Vec::new()
        } else {
            source::split_tests(all).0
        };
        let stem = file.trim_end_matches(".rs").trim_end_matches("/mod");
        let here: Vec<_> = stem.split('/').map(str::to_owned).collect();
        let paths = paths(&tokens, &here);
        Self {
            file: file.to_owned(),
            name: here[0].clone(),
            tokens,
            paths,
        }
    }

    /// True when one of the paths begins with `segments`, or is a glob that takes them in.
    pub(crate) fn names(&self, segments: &[&str]) -> bool {
        self.paths.iter().any(|path| {
            let glob = path.last().is_some_and(|last| last == "*");
            let known = path.len() - usize::from(glob);
            let shared = path[..known]
                .iter()
                .zip(segments)
                .take_while(|(a, b)| a == b)
                .count();
            shared == segments.len() || (glob && shared == known)
        })
    }
}

fn paths(tokens: &[Token], here: &[String]) -> Vec<Vec<String>> {
    let mut imports = BTreeMap::new();
    let (mut found, mut bare) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].is("use") {
            let mut tree = Tree {
                here,
                imports: &mut imports,
                found: &mut found,
            };
            at = tree.walk(tokens, at + 1, &[]);
        } else if tokens[at].kind == Kind::Word {
            let (path, end) = inline(tokens, at);
            if path.len() > 1 || path[0] == "crate" {
                bare.push(path);
            }
            at = end;
        } else {
            at += 1;
        }
    }
    for path in bare {
        let full = match imports.get(&path[0]) {
            Some(import) => [import, &path[1..]].concat(),
            None => absolute(&path, here),
        };
        found.push(full);
    }
    found
}

/// `a::b::c` from `at` on, and where it ends.
fn inline(tokens: &[Token], at: usize) -> (Vec<String>, usize) {
    let mut path = vec![tokens[at].text.clone()];
    let mut end = at + 1;
    while source::follows(tokens, end, &[":", ":"])
        && tokens.get(end + 2).is_some_and(|t| t.kind == Kind::Word)
    {
        path.push(tokens[end + 2].text.clone());
        end += 3;
    }
    (path, end)
}

/// Resolves what a path begins with: `crate`, `self`, `super`, or the library's own name.
fn absolute(path: &[String], here: &[String]) -> Vec<String> {
    let mut base: Option<Vec<String>> = None;
    let mut rest = path;
    while let [first, tail @ ..] = rest {
        match first.as_str() {
            "crate" | "relkit" => base = Some(Vec::new()),
            "self" => base = Some(base.unwrap_or_else(|| here.to_vec())),
            "super" => {
                let mut from = base.unwrap_or_else(|| here.to_vec());
                from.pop();
                base = Some(from);
            }
            _ => break,
        }
        rest = tail;
    }
    match base {
        Some(base) => [vec!["crate".to_owned()], base, rest.to_vec()].concat(),
        None => path.to_vec(),
    }
}

/// A walk through `use a::{b, c::{self, d as e}};`.
struct Tree<'a> {
    here: &'a [String],
    imports: &'a mut BTreeMap<String, Vec<String>>,
    found: &'a mut Vec<Vec<String>>,
}

impl Tree<'_> {
    /// Takes one branch that continues `before`, and gives the place behind it.
    fn walk(&mut self, tokens: &[Token], at: usize, before: &[String]) -> usize {
        let mut path = before.to_vec();
        let mut at = at;
        let mut name = None;
        while let Some(token) = tokens.get(at) {
            if token.is("{") {
                at += 1;
                while tokens.get(at).is_some_and(|t| !t.is("}")) {
                    at = self.walk(tokens, at, &path);
                    at += usize::from(tokens.get(at).is_some_and(|t| t.is(",")));
                }
                return at + 1;
            }
            if token.is("as") {
                name = tokens.get(at + 1).map(|t| t.text.clone());
                at += 1;
            } else if token.is("*") || token.kind == Kind::Word {
                path.push(token.text.clone());
            } else if !token.is(":") {
                break;
            }
            at += 1;
        }
        self.leaf(path, name, before.len());
        at
    }

    fn leaf(&mut self, mut path: Vec<String>, name: Option<String>, depth: usize) {
        if depth > 0 && path.len() == depth + 1 && path[depth] == "self" {
            path.pop();
        }
        let full = absolute(&path, self.here);
        if let Some(name) = name.or_else(|| path.last().cloned()) {
            self.imports.insert(name, full.clone());
        }
        self.found.push(full);
    }
}

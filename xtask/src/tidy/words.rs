//! Words that have no place in what we commit.
//!
//! They are spelled in two halves here, so that this file keeps its own rules.

use super::{Complaints, File};
use crate::source;

/// Places of one machine.
const PLACES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/fa", "rm/"),
    concat!("/tmp", "/wt"),
    concat!("/tmp", "/bash_jobs"),
];

/// Hosts of registries: which one is used is the configuration of a machine, or `endpoints.rs`.
const HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("golang", ".org"),
    concat!("maven", ".apache.org"),
    concat!("deb.", "debian.org"),
];

/// Marks of work that is not done, and of tests that cannot fail.
const MARKS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("assert!(", "true)"),
];

/// No path of a machine and no registry host, outside lock files.
pub(super) fn leaks(files: &[File]) -> Complaints {
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| !is_lock(&file.path)) {
        wrong.extend(lines_with(file, PLACES, "a path of one machine"));
        let endpoints = file.path.starts_with("src/") && file.path.ends_with("/endpoints.rs");
        if !endpoints {
            wrong.extend(lines_with(file, HOSTS, "a registry's host"));
        }
    }
    wrong
}

/// No unfinished work, and no test that is switched off without a reason.
pub(super) fn marks(files: &[File]) -> Complaints {
    let mut wrong = Vec::new();
    for file in files
        .iter()
        .filter(|file| !file.is_data() && !is_lock(&file.path))
    {
        wrong.extend(lines_with(file, MARKS, "a mark of unfinished work"));
        if file.is_ours() {
            let tokens = source::tokens(&file.text);
            let bare = (0..tokens.len())
                .filter(|at| source::follows(&tokens, *at, &["#", "[", "ignore", "]"]));
            wrong.extend(bare.map(|at| {
                format!(
                    "{}:{}: `ignore` without a reason",
                    file.path, tokens[at].line
                )
            }));
        }
    }
    wrong
}

fn is_lock(path: &str) -> bool {
    [".lock", "package-lock.json", "go.sum"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn lines_with(file: &File, words: &[&str], what: &str) -> Complaints {
    file.text
        .lines()
        .enumerate()
        .filter_map(|(n, line)| {
            let word = words.iter().find(|word| line.contains(**word))?;
            Some(format!("{}:{}: `{word}` is {what}", file.path, n + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::file, *};

    #[test]
    fn leaks_are_named_outside_lock_files_and_endpoints() {
        for word in PLACES.iter().chain(HOSTS) {
            assert_eq!(
                leaks(&[file("docs/a.md", &format!("x\n{word}x"))]).len(),
                1,
                "{word}"
            );
            assert!(leaks(&[file("a/Cargo.lock", word)]).is_empty(), "{word}");
        }
        assert!(leaks(&[file("src/world/endpoints.rs", HOSTS[0])]).is_empty());
        assert_eq!(leaks(&[file("src/world/endpoints.rs", PLACES[0])]).len(), 1);
    }

    #[test]
    fn unfinished_work_is_named_outside_data() {
        for word in MARKS {
            assert_eq!(marks(&[file("src/a.rs", word)]).len(), 1, "{word}");
            assert!(
                marks(&[file("tests/cases/a/b/in/x.md", word)]).is_empty(),
                "{word}"
            );
        }
        assert_eq!(
            marks(&[file("tests/a.rs", "\n#[ignore]")]),
            ["tests/a.rs:2: `ignore` without a reason"]
        );
        assert!(marks(&[file("tests/a.rs", "#[ignore = \"long\"]")]).is_empty());
    }
}

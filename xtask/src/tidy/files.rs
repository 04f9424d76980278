//! Where files stand, how long they are, and how they begin.

use std::collections::BTreeSet;

use super::{Complaints, File};

/// Lines in any file of ours.
const MOST: usize = 500;
/// Lines in the middle one of `src/`.
const MEDIAN: usize = 180;

/// All that `ls` may show.
const TOP: &[&str] = &[
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "action.yml",
    "cliff.toml",
    "docs",
    "fixtures",
    "relkit.toml",
    "src",
    "templates",
    "tests",
    "xtask",
];

/// Nothing else stands at the top than what is listed.
pub(super) fn top_level(files: &[File]) -> Complaints {
    let names: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| file.path.split('/').next())
        .filter(|name| !name.starts_with('.') && !TOP.contains(name))
        .collect();
    names
        .iter()
        .map(|name| format!("{name}: has no place at the top level"))
        .collect()
}

/// No file is too long to be read.
pub(super) fn length(files: &[File]) -> Complaints {
    files
        .iter()
        .filter(|file| file.is_ours())
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > MOST)
        .map(|(file, lines)| format!("{}: {lines} lines, more than {MOST}", file.path))
        .collect()
}

/// The usual file of the library is short.
pub(super) fn median(files: &[File]) -> Complaints {
    let (median, _, _) = measure(files);
    let wrong = median > MEDIAN;
    wrong
        .then(|| format!("src: the median file has {median} lines, more than {MEDIAN}"))
        .into_iter()
        .collect()
}

/// Every module says what it is for.
pub(super) fn heads(files: &[File]) -> Complaints {
    files
        .iter()
        .filter(|file| file.is_ours() && !file.text.starts_with("//!"))
        .map(|file| format!("{}:1: begins without a `//!` head", file.path))
        .collect()
}

/// The size of the house in one line.
pub(super) fn summary(files: &[File]) -> String {
    let (median, count, lines) = measure(files);
    format!("src has {count} files, {lines} lines, median {median}")
}

/// Median, number and lines of the files in `src/`.
fn measure(files: &[File]) -> (usize, usize, usize) {
    let mut lengths: Vec<usize> = files
        .iter()
        .filter(|file| file.is_ours() && file.path.starts_with("src/"))
        .map(|file| file.text.lines().count())
        .collect();
    lengths.sort_unstable();
    let median = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    (median, lengths.len(), lengths.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::{super::file, *};

    #[test]
    fn a_stranger_at_the_top_is_named() {
        let files = [
            file("src/a.rs", ""),
            file(".ci/run", ""),
            file("utils/a.rs", ""),
        ];
        assert_eq!(top_level(&files), ["utils: has no place at the top level"]);
    }

    #[test]
    fn long_files_and_a_long_median_are_named() {
        let long = "//! x\n".repeat(MOST + 1);
        let files = [
            file("src/a.rs", &long),
            file("tests/cases/a/in/b.rs", &long),
        ];
        assert_eq!(length(&files).len(), 1);
        assert_eq!(median(&files).len(), 1);
        let short = [file("src/a.rs", &"x\n".repeat(MEDIAN))];
        assert!(median(&short).is_empty() && length(&short).is_empty());
    }

    #[test]
    fn a_missing_head_is_named() {
        let files = [
            file("src/a.rs", "use b;\n//! late"),
            file("src/b.rs", "//! x"),
        ];
        assert_eq!(heads(&files), ["src/a.rs:1: begins without a `//!` head"]);
    }
}

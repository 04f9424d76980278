//! Which files there are: globs over the working tree.

#![expect(clippy::disallowed_methods, reason = "this is a file door")]

use std::{fs, io};

use camino::Utf8Path;

use super::fs::{FileError, failed};
use crate::digest::PublicPath;

/// The files below `root` whose path matches `pattern`, sorted. `*` and `?` stay within a part of
/// the path, `**` crosses parts. Symbolic links are listed, never followed; `.git` is left out.
pub fn glob(root: &Utf8Path, pattern: &str) -> Result<Vec<PublicPath>, FileError> {
    let mut found = Vec::new();
    let parts: Vec<_> = pattern.split('/').collect();
    expand(&Walk { root, pattern }, "", &parts, &mut found)?;
    found.sort();
    found.dedup();
    Ok(found)
}

struct Walk<'a> {
    root: &'a Utf8Path,
    pattern: &'a str,
}

fn expand(
    walk: &Walk<'_>,
    below: &str,
    parts: &[&str],
    found: &mut Vec<PublicPath>,
) -> Result<(), FileError> {
    let Some((part, rest)) = parts.split_first() else {
        return Ok(());
    };
    let join = |name: &str| {
        if below.is_empty() {
            name.to_owned()
        } else {
            format!("{below}/{name}")
        }
    };
    if !part.contains(['*', '?', '[']) {
        return visit(walk, &join(part), rest, found);
    }
    if *part == "**" {
        expand(walk, below, rest, found)?;
    }
    let directory = walk.root.join(below);
    let Some(entries) = present(fs::read_dir(&directory), &directory)? else {
        return Ok(());
    };
    let matcher = glob::Pattern::new(part).ok();
    for entry in entries {
        let entry = entry.map_err(failed("list", &directory))?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name == ".git" {
            continue;
        }
        if *part == "**" {
            let kind = present(entry.file_type(), &directory.join(&name))?;
            if kind.is_some_and(|kind| kind.is_dir()) {
                expand(walk, &join(&name), parts, found)?;
            } else if rest.is_empty() {
                visit(walk, &join(&name), rest, found)?;
            }
        } else if matcher
            .as_ref()
            .is_some_and(|matcher| matcher.matches(&name))
        {
            visit(walk, &join(&name), rest, found)?;
        }
    }
    Ok(())
}

fn visit(
    walk: &Walk<'_>,
    path: &str,
    rest: &[&str],
    found: &mut Vec<PublicPath>,
) -> Result<(), FileError> {
    let place = walk.root.join(path);
    let Some(metadata) = present(fs::symlink_metadata(&place), &place)? else {
        return Ok(());
    };
    if metadata.is_dir() {
        return if rest.is_empty() {
            Ok(())
        } else {
            expand(walk, path, rest, found)
        };
    }
    if rest.is_empty() {
        let path = PublicPath::new(path).map_err(|_| FileError::Name {
            path: format!("{path} (from `{}`)", walk.pattern),
        })?;
        found.push(path);
    }
    Ok(())
}

/// What was found; `None` where nothing is. A place that cannot be looked at is no empty one: a
/// row that counts files would pass without them.
fn present<T>(found: io::Result<T>, path: &Utf8Path) -> Result<Option<T>, FileError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(failed("list", path)(error)),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_what_is_absent_counts_as_nothing() {
        let looked = |kind: io::ErrorKind| present::<()>(Err(kind.into()), Utf8Path::new("d"));
        assert!(looked(io::ErrorKind::NotFound).unwrap().is_none());
        assert!(looked(io::ErrorKind::NotADirectory).unwrap().is_none());
        let error = looked(io::ErrorKind::PermissionDenied).unwrap_err();
        assert_eq!(error.to_string(), "cannot list `d`");
    }

    #[test]
    #[cfg(unix)]
    fn a_place_that_cannot_be_looked_at_is_an_error() {
        let (_keep, root) = directory();
        write(&root.join("a.txt"), b"x").unwrap();
        assert!(glob(&root, "a.txt/*").unwrap().is_empty());
        assert!(glob(&root, "a.txt/b.txt").unwrap().is_empty());
        // Root may read everything, but no system opens a name this long.
        let long = "x".repeat(4000);
        let walk = Walk {
            root: &root,
            pattern: "*",
        };
        assert!(expand(&walk, &long, &["*"], &mut Vec::new()).is_err());
        assert!(expand(&walk, &long, &["**"], &mut Vec::new()).is_err());
        assert!(glob(&root, &long).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn a_name_that_no_report_may_hold_is_refused() {
        let (_keep, root) = directory();
        write(&root.join("d/a:b.txt"), b"x").unwrap();
        let error = glob(&root, "d/*.txt").unwrap_err();
        let code = miette::Diagnostic::code(&error).unwrap().to_string();
        assert_eq!(code, "file.name");
        assert!(glob(&root, "d/*.whl").unwrap().is_empty());
    }

    use super::*;
    use crate::world::fs::write;
    use crate::world::testing::directory;

    #[test]
    fn globs_stay_within_a_part_unless_they_say_otherwise() {
        let (_keep, root) = directory();
        for file in ["a.txt", "d/b.txt", "d/e/c.txt", ".git/x.txt"] {
            write(&root.join(file), b"x").unwrap();
        }
        let names = |pattern| {
            let found = glob(&root, pattern).unwrap();
            found
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(names("*.txt"), "a.txt");
        assert_eq!(names("**/*.txt"), "a.txt d/b.txt d/e/c.txt");
        assert_eq!(names("d/**"), "d/b.txt d/e/c.txt");
        assert_eq!(names("d/*/c.txt"), "d/e/c.txt");
        assert_eq!(names("d/b.txt"), "d/b.txt");
        assert_eq!(names("nowhere/*"), "");
    }
}

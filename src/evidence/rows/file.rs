//! `file`: files are there, as many as said, of a size, with a digest.

use crate::{
    config::row::File,
    evidence::{
        facts::{Facts, Taken},
        outcome::{Check, Outcome, Tally},
    },
    finding::{Finding, counted},
};

/// The kind's name.
pub const KIND: &str = "file";
/// What it is for.
pub const SUMMARY: &str = "files are there, with a count, a size or a pinned digest";

/// The answer of a `file` row.
#[must_use]
pub fn check(keys: &File, facts: &Facts) -> Outcome {
    let mut tally = Tally::default();
    let taken = tally.take(facts, &keys.files);
    let count = taken.len() as u64;
    let ok = match keys.count {
        Some(expected) => count == expected,
        None => count > 0,
    };
    let wanted = keys
        .count
        .map_or("at least 1".to_owned(), |n| n.to_string());
    tally.check(Check {
        expr: format!("{} = {wanted}", keys.files.list()),
        path: None,
        observed: count.to_string(),
        ok,
    });
    if !ok {
        let finding = |code| {
            Finding::new(
                code,
                format!("{} matches {}, not {wanted}", keys.files, files(count)),
            )
        };
        if count < keys.count.unwrap_or(1) {
            tally.missing(
                finding("file.missing")
                    .help("produce what is absent, then run `relkit candidate` again"),
            );
        } else {
            tally.fail(
                finding("file.count").help("remove what does not belong there, or change `count`"),
            );
        }
    }
    for file in taken {
        sizes(&mut tally, keys, file);
        digest(&mut tally, keys, file);
    }
    tally.finish(format!("{} matches {}", keys.files, files(count)))
}

fn files(count: u64) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), "file")
}

fn sizes(tally: &mut Tally, keys: &File, file: &Taken) {
    let (path, size) = (&file.identity.path, file.identity.size);
    let mut limit = |(key, limit): (&str, u64), expr: String, ok: bool| {
        tally.check(Check {
            expr,
            path: Some(path.clone()),
            observed: size.to_string(),
            ok,
        });
        if !ok {
            tally.fail(
                Finding::new(
                    "file.size",
                    format!("`{path}` has {size} bytes, and `{key}` is {limit}"),
                )
                .at(path)
                .help("build it again, or change the limit in `relkit.toml`"),
            );
        }
    };
    if let Some(min) = keys.min_size {
        limit(("min_size", min), format!("size >= {min}"), size >= min);
    }
    if let Some(max) = keys.max_size {
        limit(("max_size", max), format!("size <= {max}"), size <= max);
    }
}

fn digest(tally: &mut Tally, keys: &File, file: &Taken) {
    let Some(expected) = keys.sha256 else { return };
    let Taken { identity, .. } = file;
    let ok = identity.sha256 == expected;
    tally.check(Check {
        expr: format!("sha256 == {expected}"),
        path: Some(identity.path.clone()),
        observed: identity.sha256.to_string(),
        ok,
    });
    if !ok {
        tally.fail(
            Finding::new(
                "file.digest",
                format!("`{}` has other bytes than the pinned ones", identity.path),
            )
            .at(&identity.path)
            .help("restore the file, or pin the new digest in `relkit.toml` after a review"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::{fixture, outcome::Status};

    #[test]
    fn passes_when_the_file_is_there() {
        let facts =
            fixture::with_row("file = \"LICENSE\"\nmax_size = 100\nmin_size = 1\ncount = 1");
        assert_eq!(fixture::row("extra", &facts).status, Status::Pass);
    }

    #[test]
    fn fails_when_it_is_absent_too_big_too_small_or_another() {
        let zeros = "0".repeat(64);
        for (keys, code) in [
            ("file = \"COPYING\"".to_owned(), "file.missing"),
            ("file = \"LICENSE\"\ncount = 2".to_owned(), "file.missing"),
            ("file = \"LICENSE\"\ncount = 0".to_owned(), "file.count"),
            ("file = \"LICENSE\"\nmax_size = 2".to_owned(), "file.size"),
            ("file = \"LICENSE\"\nmin_size = 200".to_owned(), "file.size"),
            (
                format!("file = \"LICENSE\"\nsha256 = \"{zeros}\""),
                "file.digest",
            ),
        ] {
            let outcome = fixture::row("extra", &fixture::with_row(&keys));
            assert_eq!(fixture::codes(&outcome), [code], "{keys}");
            assert_ne!(outcome.status, Status::Pass);
        }
    }
}

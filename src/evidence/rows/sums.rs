//! `sums`: lists of checksums hold, and cover what they should.

use std::collections::BTreeMap;

use crate::{
    config::row::{Covers, Sums},
    digest::{Digest, PublicPath},
    evidence::{
        facts::Facts,
        observed::public,
        outcome::{Check, Outcome, Tally},
    },
    finding::{Finding, counted},
    sums,
};

/// The kind's name.
pub const KIND: &str = "sums";
/// What it is for.
pub const SUMMARY: &str = "SHA256SUMS lists hold, and cover every file beside them";

/// The answer of a `sums` row.
#[must_use]
pub fn check(keys: &Sums, facts: &Facts) -> Outcome {
    let mut tally = Tally::default();
    let mut listed = BTreeMap::new();
    for list in &keys.lists {
        if !tally.bind(facts, list) {
            if facts.files.contains_key(list) {
                continue;
            }
            let finding = Finding::new("sums.missing", format!("`{list}` is not there"));
            tally.missing(
                finding
                    .at(list)
                    .help("write it: `cd dist && sha256sum * > SHA256SUMS`"),
            );
            continue;
        }
        for (path, digest) in entries(&mut tally, facts, list) {
            if listed.get(&path).is_some_and(|other| *other != digest) {
                let text = format!("two lists disagree about `{path}`");
                let finding = Finding::new("sums.conflict", text);
                tally.fail(
                    finding
                        .at(&path)
                        .help("make both lists anew from the files that are there"),
                );
            }
            listed.insert(path, digest);
        }
    }
    for (path, digest) in &listed {
        one(&mut tally, facts, (path, digest));
    }
    for path in uncovered(keys, facts, &listed) {
        let text = format!("no list names `{path}`");
        let finding = Finding::new("sums.unlisted", text);
        tally.fail(
            finding
                .at(path)
                .help("make the list anew, or say with `covers` which files it is for"),
        );
    }
    tally.finish(format!("{} as listed", counted(listed.len(), "file")))
}

/// What `list` names, as paths from the root.
fn entries(tally: &mut Tally, facts: &Facts, list: &PublicPath) -> Vec<(PublicPath, Digest)> {
    let content = facts.file(list).and_then(|taken| tally.content(taken));
    let parsed = content.map(|bytes| {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
        sums::parse(text).map_err(|error| error.to_string())
    });
    let entries = match parsed {
        Some(Ok(entries)) => entries,
        Some(Err(reason)) => {
            let text = format!("`{list}`: {}", public(&reason));
            let finding = Finding::new("sums.invalid", text).at(list);
            tally.error(finding.help("make it anew with `sha256sum`"));
            return Vec::new();
        }
        None => return Vec::new(),
    };
    let directory = list
        .as_str()
        .rsplit_once('/')
        .map_or("", |(directory, _)| directory);
    let mut found = Vec::new();
    for entry in entries {
        let path = if directory.is_empty() {
            Ok(entry.name.clone())
        } else {
            PublicPath::new(format!("{directory}/{}", entry.name))
        };
        match path {
            Ok(path) if path == *list => {
                let finding = Finding::new("sums.itself", format!("`{list}` lists itself"));
                tally.fail(
                    finding
                        .at(list)
                        .help("a list cannot hold its own digest; leave it out"),
                );
            }
            Ok(path) => found.push((path, entry.sha256)),
            // A public name below a public directory is public.
            Err(_) => {}
        }
    }
    found
}

fn one(tally: &mut Tally, facts: &Facts, (path, listed): (&PublicPath, &Digest)) {
    let there = tally.bind(facts, path);
    let found = facts.file(path).map(|taken| taken.identity.sha256);
    tally.check(Check {
        expr: format!("sha256 == {listed}"),
        path: Some(path.clone()),
        observed: found.map_or_else(|| "not there".to_owned(), |digest| digest.to_string()),
        ok: found == Some(*listed),
    });
    if !there {
        if !facts.files.contains_key(path) {
            let finding = Finding::new(
                "sums.absent",
                format!("`{path}` is listed and is not there"),
            );
            tally.missing(finding.at(path).help("build it, or make the list anew"));
        }
    } else if found != Some(*listed) {
        let text = format!("`{path}` has other bytes than its list says");
        let finding = Finding::new("sums.mismatch", text);
        tally.fail(
            finding
                .at(path)
                .help("find out which of the two is right before you replace the other"),
        );
    }
}

fn uncovered<'a>(
    keys: &Sums,
    facts: &'a Facts,
    listed: &BTreeMap<PublicPath, Digest>,
) -> Vec<&'a PublicPath> {
    let beside = keys.beside();
    let wanted = |path: &PublicPath| match &keys.covers {
        Covers::All => beside.matches(path.as_str()),
        Covers::Only(globs) => globs.matches(path.as_str()),
    };
    facts
        .files
        .keys()
        .filter(|path| wanted(path) && !keys.lists.contains(path) && !listed.contains_key(*path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{fixture, outcome::Status};

    const POLICY: &str = "[release]\nartifacts = \"dist/*\"\n[gate.outputs]\nexpect = { \"dist/*\" = 3 }\n[gate.digests]\nsums = \"dist/SHA256SUMS\"\n";

    fn facts(list: &str) -> Facts {
        let mut facts = fixture::under(POLICY);
        fixture::put(&mut facts, "dist/SHA256SUMS", list.as_bytes());
        facts
    }

    /// A list of every file that the fixture has under `dist/`.
    fn whole() -> String {
        let facts = fixture::under(POLICY);
        let mut entries: Vec<_> = facts
            .artifacts()
            .map(|file| (file.path.file_name().to_owned(), file.sha256))
            .collect();
        assert_eq!(entries.len(), 2);
        sums::render(&mut entries)
    }

    fn codes(list: &str) -> Vec<String> {
        let outcome = fixture::row("digests", &facts(list));
        fixture::codes(&outcome)
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn passes_when_every_file_is_as_listed() {
        let outcome = fixture::row("digests", &facts(&whole()));
        assert_eq!(outcome.status, Status::Pass, "{outcome:?}");
        assert_eq!(outcome.message, "2 files as listed");
    }

    #[test]
    fn fails_for_every_way_in_which_a_list_can_be_wrong() {
        let list = whole();
        let (first, rest) = list.split_once('\n').unwrap();
        let other = Digest::of(b"other");
        assert_eq!(codes(rest), ["sums.unlisted"]);
        assert_eq!(
            codes(&format!("{list}{other}  absent.whl\n")),
            ["sums.absent"]
        );
        assert_eq!(
            codes(&format!("{list}{other}  SHA256SUMS\n")),
            ["sums.itself"]
        );
        assert_eq!(
            codes(&format!("{other}{}\n{rest}", &first[64..])),
            ["sums.mismatch"]
        );
        for invalid in [
            list.replace('\n', "\r\n"),
            format!("{list}{first}\n"),
            list.to_uppercase(),
        ] {
            assert_eq!(codes(&invalid)[0], "sums.invalid", "{invalid}");
        }
        let mut facts = facts(&list);
        facts.files.remove(&fixture::path("dist/SHA256SUMS"));
        assert_eq!(
            fixture::codes(&fixture::row("digests", &facts))[0],
            "sums.missing"
        );
    }

    #[test]
    fn two_lists_may_not_disagree() {
        let policy = POLICY.replace(
            "\"dist/SHA256SUMS\"",
            "[\"dist/SHA256SUMS\", \"dist/MORE\"]",
        );
        let mut facts = fixture::under(&policy);
        let list = whole();
        fixture::put(&mut facts, "dist/SHA256SUMS", list.as_bytes());
        fixture::put(&mut facts, "dist/MORE", list.as_bytes());
        assert_eq!(fixture::row("digests", &facts).status, Status::Pass);
        let wrong = format!("{}{}", Digest::of(b"other"), &list[64..]);
        fixture::put(&mut facts, "dist/MORE", wrong.as_bytes());
        let outcome = fixture::row("digests", &facts);
        assert!(fixture::codes(&outcome).contains(&"sums.conflict"));
    }
}

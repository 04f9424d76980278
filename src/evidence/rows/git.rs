//! `git`: the tree is clean, the tag leads to the commit, and the commit is on the right branch.

use crate::{
    config::row::Git,
    evidence::{
        facts::Facts,
        observed::public,
        outcome::{Check, Outcome, Tally},
        verdict,
    },
    finding::{Finding, counted},
};

/// The kind's name.
pub const KIND: &str = "git";
/// What it is for.
pub const SUMMARY: &str = "the tree is clean, the commit is tagged, and the branch is one of these";

/// The answer of a `git` row.
#[must_use]
pub fn check(keys: &Git, facts: &Facts) -> Outcome {
    let mut tally = Tally::default();
    let source = &facts.source;
    tally.check(Check {
        expr: "the tree is clean".to_owned(),
        path: None,
        observed: counted(source.dirty.len(), "change"),
        ok: source.dirty.is_empty(),
    });
    if !source.dirty.is_empty() {
        tally.fail(
            Finding::new(
                "git.dirty",
                format!("the tree is not clean: {}", verdict::dirt(facts)),
            )
            .help(verdict::CLEAN_HELP),
        );
    }
    let tagged = source.tag_commit.as_ref() == Some(&source.commit);
    tally.check(Check {
        expr: format!("{} leads to the commit", facts.release.tag),
        path: None,
        observed: source
            .tag_commit
            .clone()
            .unwrap_or_else(|| "no such tag".to_owned()),
        ok: tagged,
    });
    if !tagged {
        let tag = &facts.release.tag;
        let (text, help) = match source.tag_commit {
            Some(_) => (
                format!("the tag `{tag}` leads to another commit"),
                format!(
                    "run `git switch --detach {tag}` to judge what it leads to, or bump to the next version"
                ),
            ),
            None => (
                format!("there is no tag `{tag}`"),
                verdict::no_tag_help(tag),
            ),
        };
        tally.fail(Finding::new("git.tag", text).help(help));
    }
    if !keys.branch.is_empty() {
        branch(&mut tally, keys, facts);
    }
    tally.finish(format!("`{}` leads to a clean commit", facts.release.tag))
}

fn branch(tally: &mut Tally, keys: &Git, facts: &Facts) {
    let name = facts.source.branch.as_deref();
    let ok = name.is_some_and(|name| keys.branch.matches(name));
    let observed = name.map_or("no branch is checked out".to_owned(), public);
    if !ok {
        let text = match name {
            Some(name) => format!("the branch `{}` is not {}", public(name), keys.branch),
            None => format!("no branch is checked out, and it must be {}", keys.branch),
        };
        tally.fail(
            Finding::new("git.branch", text)
                .help("check out the release branch: `git switch BRANCH`"),
        );
    }
    tally.check(Check {
        expr: format!("branch in {}", keys.branch.list()),
        path: None,
        observed,
        ok,
    });
}

#[cfg(test)]
mod tests {
    use crate::evidence::{fixture, outcome::Status};

    #[test]
    fn passes_for_a_clean_tagged_commit_on_its_branch() {
        assert_eq!(fixture::row("git", &fixture::ready()).status, Status::Pass);
    }

    #[test]
    fn fails_for_dirt_another_tag_and_another_branch() {
        let mut facts = fixture::ready();
        facts.source.dirty.push(fixture::path("src/lib.rs"));
        assert_eq!(fixture::codes(&fixture::row("git", &facts)), ["git.dirty"]);
        for commit in [None, Some("f".repeat(40))] {
            let mut facts = fixture::ready();
            facts.source.tag_commit = commit;
            assert_eq!(fixture::codes(&fixture::row("git", &facts)), ["git.tag"]);
        }
        for branch in [None, Some("feature/release".to_owned())] {
            let mut facts = fixture::ready();
            facts.source.branch = branch;
            assert_eq!(fixture::codes(&fixture::row("git", &facts)), ["git.branch"]);
        }
    }
}

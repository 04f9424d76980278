//! Ready, or what stands in the way.
//!
//! Ready means: the mode is release, there is something to publish, every required row that
//! applies passes, one of them says what was expected, the tree is clean, the tag leads to the
//! commit, and the judge is not among what it judges. Each condition has a finding of its own.

use std::collections::BTreeMap;

use super::{
    facts::{Committed, Facts, Mode},
    outcome::{Outcome, Status},
    rows, stated,
};
use crate::{
    config::{Kind, Row},
    digest::PublicPath,
    finding::{Class, Finding},
};

/// How many subjects the known verifiers look at.
pub const MAX_SUBJECTS: usize = 1024;

pub(super) const CLEAN_HELP: &str =
    "commit the changes or restore the files; `git status` lists them";
/// What to do where the release has no tag.
pub(super) fn no_tag_help(tag: &str) -> String {
    format!("run `git fetch --tags`, or `relkit bump`, which makes commit and tag `{tag}` together")
}

/// The answer of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything holds.
    Ready,
    /// Something must change. Exit code 10.
    NotReady,
    /// Every blocker is transient. Exit code 13.
    Transient,
    /// All that is missing is an approval. Exit code 14.
    NeedsApproval,
}

impl Verdict {
    /// What `blockers` come to.
    #[must_use]
    pub fn of(blockers: &[Finding]) -> Self {
        let all = |class| blockers.iter().all(|blocker| blocker.class == class);
        match blockers {
            [] => Self::Ready,
            _ if all(Class::Transient) => Self::Transient,
            _ if all(Class::NeedsApproval) => Self::NeedsApproval,
            _ => Self::NotReady,
        }
    }
}

/// Everything that stands in the way: what the required rows found, then the conditions.
#[must_use]
pub fn blockers(facts: &Facts, outcomes: &[(&Row, Outcome)]) -> Vec<Finding> {
    let mut blockers: Vec<_> = outcomes
        .iter()
        .filter(|(row, _)| row.required)
        .flat_map(|(_, outcome)| outcome.findings.iter().cloned())
        .collect();
    let refused = refused(facts, &blockers);
    blockers.extend(refused);
    blockers.extend(
        outcomes
            .iter()
            .filter_map(|(row, outcome)| unexplained(row, outcome)),
    );
    blockers.extend(artifacts(facts, outcomes));
    blockers.extend(versions(facts));
    blockers.extend(stated::findings(facts));
    blockers.extend(policy(facts));
    let source = unsaid(source(facts), &blockers);
    blockers.extend(source);
    blockers.extend(boundary(facts));
    if facts.mode != Mode::Release {
        blockers.push(
            Finding::new("candidate.rehearsal", "a rehearsal is never ready")
                .help("run `relkit candidate` without the options of a rehearsal"),
        );
    }
    blockers
}

/// Artifacts whose bytes cannot be relied on, unless a row has said so already.
fn refused(facts: &Facts, said: &[Finding]) -> Vec<Finding> {
    facts
        .refused(&facts.policy.config.release.artifacts)
        .map(|(path, problem)| problem.finding(path))
        .filter(|new| {
            !said
                .iter()
                .any(|old| old.code == new.code && old.path == new.path)
        })
        .collect()
}

/// A required row that neither passes, nor is skipped, nor says why.
fn unexplained(row: &Row, outcome: &Outcome) -> Option<Finding> {
    let settled = matches!(outcome.status, Status::Pass | Status::Skipped);
    (row.required && !settled && outcome.findings.is_empty())
        .then(|| Finding::new("row.failed", outcome.message.clone()).in_row(&row.name, &row.issues))
}

fn artifacts(facts: &Facts, outcomes: &[(&Row, Outcome)]) -> Vec<Finding> {
    let mut found = Vec::new();
    let paths: Vec<_> = facts.artifacts().map(|artifact| &artifact.path).collect();
    let refused = facts
        .refused(&facts.policy.config.release.artifacts)
        .count();
    if paths.is_empty() && refused == 0 {
        found.push(
            Finding::new("candidate.no_artifact", "there is nothing to publish")
                .help("build the artifacts, and name them in `[release] artifacts`"),
        );
    }
    if paths.len() > MAX_SUBJECTS {
        let text = format!(
            "{} artifacts are more than the {MAX_SUBJECTS} that verifiers look at",
            paths.len()
        );
        found.push(
            Finding::new("candidate.too_many_artifacts", text).help("pack them into fewer files"),
        );
    }
    found.extend(collisions(&paths));
    let expected = |(row, _): &(&Row, Outcome)| {
        row.required && matches!(row.kind, Kind::Expect(_)) && rows::applies(row, facts)
    };
    if !outcomes.iter().any(expected) {
        found.push(
            Finding::new(
                "candidate.no_expect",
                "no required row says which artifacts are expected",
            )
            .help("add one: `[gate.outputs]` with `expect = { \"dist/*.whl\" = 1 }`"),
        );
    }
    let judge = facts
        .artifacts()
        .find(|artifact| artifact.sha256 == facts.tool.sha256);
    found.extend(judge.map(|artifact| tool_among_artifacts(&artifact.path)));
    found
}

/// The running relkit is among the bytes that it judges.
pub(super) fn tool_among_artifacts(path: &PublicPath) -> Finding {
    let text = format!("`{path}` is the relkit that judges it");
    Finding::new("candidate.tool_among_artifacts", text)
        .at(path)
        .help("run the gate with another build of relkit, such as the previous release")
}

/// Paths that differ only in case are one file on some systems.
fn collisions(paths: &[&PublicPath]) -> Vec<Finding> {
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for path in paths {
        if let Some(first) = seen.insert(path.as_str().to_lowercase(), path) {
            let text = format!("`{first}` and `{path}` differ only in case");
            found.push(
                Finding::new("candidate.case_collision", text)
                    .at(path)
                    .help("rename one of them; on some systems they are one file"),
            );
        }
    }
    found
}

/// Rules that nobody has committed.
fn policy(facts: &Facts) -> Option<Finding> {
    let policy = &facts.policy;
    let path = &policy.identity.path;
    (policy.committed == Committed::No).then(|| {
        let text = format!("`{path}` is not the policy that the commit holds");
        Finding::new("candidate.policy_uncommitted", text)
            .at(path)
            .help("commit it: a release is judged by rules that others can read")
    })
}

/// Manifests that disagree, where no `version` row looks at them.
fn versions(facts: &Facts) -> Vec<Finding> {
    let asked = |row: &Row| matches!(row.kind, Kind::Version);
    if facts.version_sites.is_empty() || facts.policy.config.gate.iter().any(asked) {
        return Vec::new();
    }
    rows::version::check(facts).findings
}

/// What a `git` row has not said already in its own words.
fn unsaid(found: Vec<Finding>, said: &[Finding]) -> Vec<Finding> {
    let same = |code: &str| match code {
        "candidate.dirty" => "git.dirty",
        "candidate.untagged" | "candidate.tag_elsewhere" => "git.tag",
        _ => "",
    };
    found
        .into_iter()
        .filter(|new| !said.iter().any(|old| old.code == same(&new.code)))
        .collect()
}

/// Up to five of the paths that differ from the commit.
pub(super) fn dirt(facts: &Facts) -> String {
    let dirty = &facts.source.dirty;
    let shown: Vec<_> = dirty
        .iter()
        .take(5)
        .map(|path| format!("`{path}`"))
        .collect();
    match dirty.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn source(facts: &Facts) -> Vec<Finding> {
    let source = &facts.source;
    let tag = &facts.release.tag;
    let mut found = Vec::new();
    if !source.dirty.is_empty() {
        let text = format!("the tree is not clean: {}", dirt(facts));
        found.push(Finding::new("candidate.dirty", text).help(CLEAN_HELP));
    }
    let full =
        |name: &str| matches!(name.len(), 40 | 64) && name.bytes().all(|b| b.is_ascii_hexdigit());
    if !full(&source.commit) || !full(&source.tree) {
        let text = "the commit or its tree is not named in full";
        found.push(
            Finding::new("candidate.abbreviated", text).help("name commits by all their digits"),
        );
    }
    match &source.tag_commit {
        Some(commit) if *commit == source.commit && source.tag_object.is_some() => {}
        Some(_) => {
            let text = format!("the tag `{tag}` leads to another commit");
            found.push(Finding::new("candidate.tag_elsewhere", text).help(format!(
                "check out what `{tag}` leads to, or bump to the next version"
            )));
        }
        None => {
            let text = format!("there is no tag `{tag}`");
            found.push(Finding::new("candidate.untagged", text).help(no_tag_help(tag)));
        }
    }
    found
}

fn boundary(facts: &Facts) -> Option<Finding> {
    let pinned = facts.policy.config.release.claim_boundary.as_ref()?;
    let text = match facts.file(&pinned.path) {
        Some(taken) if taken.identity.sha256 == pinned.sha256 => return None,
        Some(_) => "is not the text that the policy pins",
        None => "is not there",
    };
    Some(
        Finding::new(
            "candidate.claim_boundary",
            format!("`{}` {text}", pinned.path),
        )
        .at(&pinned.path)
        .help("restore the text, or pin the new one in `[release] claim_boundary` after a review"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        digest::Digest,
        evidence::{evaluate, fixture},
    };

    fn codes(facts: &Facts) -> Vec<String> {
        let candidate = evaluate(facts);
        assert!(!candidate.is_ready());
        candidate
            .blockers()
            .iter()
            .map(|blocker| blocker.code.clone())
            .collect()
    }

    #[test]
    fn a_required_row_that_fails_without_a_word_blocks() {
        let facts = fixture::ready();
        let row = &facts.policy.config.gate[0];
        let mut outcome = Outcome::skipped("x");
        assert_eq!(unexplained(row, &outcome), None);
        outcome.status = Status::Fail;
        let blocker = unexplained(row, &outcome).unwrap();
        assert_eq!(blocker.code, "row.failed");
    }

    #[test]
    fn what_a_git_row_has_said_is_said_once() {
        let mut facts = fixture::ready();
        facts.source.dirty.push(fixture::path("a"));
        assert_eq!(codes(&facts), ["git.dirty"]);
        facts.source.tag_commit = None;
        assert_eq!(codes(&facts), ["git.dirty", "git.tag"]);
    }

    #[test]
    fn each_condition_has_its_own_code() {
        let with = |change: &dyn Fn(&mut Facts)| {
            let mut facts = fixture::ready();
            // A git row says some of it in its own words; see below.
            facts.policy.config.gate.retain(|row| row.name != "git");
            change(&mut facts);
            codes(&facts)
        };
        let has = |codes: Vec<String>, code: &str| {
            assert!(codes.iter().any(|c| c == code), "{code} {codes:?}");
        };
        has(
            with(&|f| {
                f.files
                    .retain(|path, _| !path.as_str().starts_with("dist/"));
            }),
            "candidate.no_artifact",
        );
        has(
            with(&|f| f.source.dirty.push(fixture::path("a"))),
            "candidate.dirty",
        );
        has(with(&|f| f.source.tag_commit = None), "candidate.untagged");
        has(
            with(&|f| f.source.tag_commit = Some("9".repeat(40))),
            "candidate.tag_elsewhere",
        );
        has(
            with(&|f| f.source.tag_object = None),
            "candidate.tag_elsewhere",
        );
        has(
            with(&|f| f.source.tree = "2222222".to_owned()),
            "candidate.abbreviated",
        );
        has(
            with(&|f| f.source.commit = "1111111".to_owned()),
            "candidate.abbreviated",
        );
        assert_eq!(
            with(&|f| f.tool.sha256 = Digest::of(b"sdist")),
            ["candidate.tool_among_artifacts"]
        );
        assert_eq!(with(&|f| f.mode = Mode::Rehearsal), ["candidate.rehearsal"]);
        has(
            with(&|f| fixture::put(f, "dist/DEMO-0.2.0rc1.tar.gz", b"x")),
            "candidate.case_collision",
        );
    }

    #[test]
    fn more_subjects_than_verifiers_look_at_are_refused() {
        let policy =
            "[release]\nartifacts = \"many/*\"\n[gate.o]\nexpect = { \"many/*\" = 1024 }\n";
        let mut facts = fixture::under(policy);
        for n in 0..MAX_SUBJECTS {
            fixture::put(&mut facts, &format!("many/{n}"), b"x");
        }
        assert!(evaluate(&facts).is_ready());
        fixture::put(&mut facts, "many/more", b"x");
        assert_eq!(
            codes(&facts),
            ["expect.extra", "candidate.too_many_artifacts"]
        );
    }

    #[test]
    fn the_policy_must_say_what_it_expects() {
        let artifacts = "[release]\nartifacts = \"dist/*\"\n";
        assert_eq!(codes(&fixture::under(artifacts)), ["candidate.no_expect"]);
        let expect = "expect = { \"dist/*\" = 2 }";
        for loose in ["required = false", "when = \"stable\""] {
            let policy = format!("{artifacts}[gate.o]\n{expect}\n{loose}\n");
            assert_eq!(codes(&fixture::under(&policy)), ["candidate.no_expect"]);
        }
        let mut refused = fixture::under(artifacts);
        let wheel = fixture::path("dist/demo-0.2.0rc1-py3-none-any.whl");
        let problem = crate::evidence::File::Refused(crate::evidence::FileProblem::Changed);
        refused.files.insert(wheel, problem);
        assert_eq!(codes(&refused), ["file.changed", "candidate.no_expect"]);
        assert!(evaluate(&fixture::under(&format!("{artifacts}[gate.o]\n{expect}\n"))).is_ready());
        let pinned = format!(
            "claim_boundary = {{ path = \"LICENSE\", sha256 = \"{}\" }}",
            Digest::of(b"x")
        );
        let policy = format!("{artifacts}{pinned}\n[gate.o]\n{expect}\n");
        assert_eq!(
            codes(&fixture::under(&policy)),
            ["candidate.claim_boundary"]
        );
    }

    #[test]
    fn the_class_of_all_blockers_decides() {
        let of = |class| {
            let mut finding = Finding::new("x.y", "z");
            finding.class = class;
            finding
        };
        let (transient, approval) = (of(Class::Transient), of(Class::NeedsApproval));
        assert_eq!(Verdict::of(&[]), Verdict::Ready);
        assert_eq!(
            Verdict::of(&[transient.clone(), transient.clone()]),
            Verdict::Transient
        );
        assert_eq!(
            Verdict::of(std::slice::from_ref(&approval)),
            Verdict::NeedsApproval
        );
        assert_eq!(Verdict::of(&[transient, approval]), Verdict::NotReady);
        assert_eq!(Verdict::of(&[of(Class::Undetermined)]), Verdict::NotReady);
    }
}

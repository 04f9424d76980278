//! Verification by regeneration: a report against what its pins give now.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Candidate, evaluate,
    facts::{Facts, Tool},
    report::Report,
    statement::{Predicate, SCHEMA_VERSION, Statement},
    verdict,
};
use crate::{
    digest::{Digest, Identity},
    finding::{Class, Finding},
    json,
};

/// A report beside its regeneration. Only this module makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    sameness: Sameness,
    notes: Vec<Finding>,
    report: Digest,
}

/// How a report and its regeneration compare.
#[derive(Clone, Debug, PartialEq)]
pub enum Sameness {
    /// Byte for byte.
    Same,
    /// Another relkit made it, and it is the same in what this one knows and decides: it may have
    /// more fields, and word its sentences otherwise.
    SameWhereKnown,
    /// What it binds is no longer so. Exit code 10.
    Moved(Vec<Finding>),
    /// What it binds is so, and yet it says something else. Exit code 6.
    Forged(Finding),
}

impl Comparison {
    /// How they compare.
    #[must_use]
    pub fn sameness(&self) -> &Sameness {
        &self.sameness
    }

    /// What differs without making the report wrong: it was made by another relkit.
    #[must_use]
    pub fn notes(&self) -> &[Finding] {
        &self.notes
    }

    /// Which report was compared.
    #[must_use]
    pub fn report(&self) -> Digest {
        self.report
    }

    /// Whether the report says what its pins give.
    #[must_use]
    pub fn is_same(&self) -> bool {
        matches!(self.sameness, Sameness::Same | Sameness::SameWhereKnown)
    }
}

/// Evaluates `facts` as `report` stamped them, and compares.
#[must_use]
pub fn check(report: &Report, facts: &Facts) -> Comparison {
    let regenerated = evaluate(&report.restamp(facts));
    let mut comparison = compare(report, &regenerated);
    let tool = &report.statement().predicate.tool;
    let substance_holds = || substance(report.statement()) == substance(regenerated.statement());
    if matches!(comparison.sameness, Sameness::Forged(_))
        && *tool != facts.tool
        && substance_holds()
    {
        comparison.sameness = Sameness::SameWhereKnown;
    }
    comparison.notes.extend(tool_note(tool, &facts.tool));
    // The report's own tool was judged above; this is the one that runs now.
    let itself = facts
        .artifacts()
        .find(|artifact| artifact.sha256 == facts.tool.sha256);
    if let (Some(artifact), true) = (itself, comparison.is_same()) {
        comparison.sameness = Sameness::Moved(vec![verdict::tool_among_artifacts(&artifact.path)]);
    }
    comparison
}

/// Compares `report` with what was `regenerated` from the facts that [`Report::restamp`] gives.
#[must_use]
pub fn compare(report: &Report, regenerated: &Candidate) -> Comparison {
    Comparison {
        sameness: sameness(report, regenerated),
        notes: Vec::new(),
        report: report.digest(),
    }
}

fn sameness(report: &Report, regenerated: &Candidate) -> Sameness {
    if report.bytes() == regenerated.bytes() {
        return Sameness::Same;
    }
    let (old, new) = (
        &report.statement().predicate,
        &regenerated.statement().predicate,
    );
    let moved = pins(old, new);
    if !moved.is_empty() {
        return Sameness::Moved(moved);
    }
    let mut known = report.statement().clone();
    if report.is_newer() {
        SCHEMA_VERSION.clone_into(&mut known.predicate.schema_version);
        if known == *regenerated.statement() {
            return Sameness::SameWhereKnown;
        }
    }
    let pointer = difference(report.value(), &regenerated.value(), "").unwrap_or_default();
    if regenerated.loose {
        let text = format!("files that are not bound by digest have changed: `{pointer}` differs");
        let mut moved =
            vec![Finding::new("candidate.tree_changed", text).help("run `relkit candidate` again")];
        // What stands in the way now, and did not then, says it better.
        let news = new
            .blockers
            .iter()
            .filter(|now| !old.blockers.contains(now));
        moved.extend(news.cloned());
        return Sameness::Moved(moved);
    }
    Sameness::Forged(
        Finding::new(
            "report.forged",
            format!("everything that the report binds is unchanged, yet `{pointer}` differs"),
        )
        .help("make it again with `relkit candidate`; do not publish under it"),
    )
}

/// A statement without its sentences: what is bound, what was decided, and the codes.
fn substance(statement: &Statement) -> Statement {
    let mut bare = statement.clone();
    let silence = |findings: &mut Vec<Finding>| {
        for finding in findings {
            finding.message.clear();
            finding.help = None;
        }
    };
    SCHEMA_VERSION.clone_into(&mut bare.predicate.schema_version);
    silence(&mut bare.predicate.blockers);
    for row in &mut bare.predicate.readiness {
        row.message.clear();
        row.checks.clear();
        silence(&mut row.blockers);
        silence(&mut row.warnings);
    }
    bare
}

fn other(code: &str, what: &str) -> Finding {
    Finding::new(code, format!("{what} is not that of the report"))
        .help("run `relkit candidate` again for what is there now")
}

/// What is bound and is no longer so.
fn pins(old: &Predicate, new: &Predicate) -> Vec<Finding> {
    let mut moved = Vec::new();
    let mut pin = |code: &str, what: &str, same: bool| {
        if !same {
            moved.push(other(code, what));
        }
    };
    let (one, two) = (&old.source, &new.source);
    let policy = old.policy == new.policy;
    pin("candidate.policy_changed", "the policy", policy);
    pin(
        "candidate.commit_moved",
        "the commit",
        one.commit == two.commit && one.tree == two.tree,
    );
    if !policy {
        // Another policy looks at other files, so nothing can be said of the rest.
        return moved;
    }
    let mut pin = |code: &str, what: &str, same: bool| {
        if !same {
            moved.push(other(code, what));
        }
    };
    let tag = (&one.tag_object, &one.tag_commit) == (&two.tag_object, &two.tag_commit);
    pin(
        "candidate.tag_moved",
        "the tag",
        tag && old.release.tag == new.release.tag,
    );
    pin(
        "candidate.repository_changed",
        "the repository",
        one.uri == two.uri,
    );
    pin(
        "candidate.branch_changed",
        "the branch",
        one.branch == two.branch,
    );
    let clean = (one.dirty, &one.dirty_paths) == (two.dirty, &two.dirty_paths);
    pin(
        "candidate.dirt_changed",
        "what the tree has beyond the commit",
        clean,
    );
    files(
        &mut moved,
        "candidate.artifact_changed",
        (&old.artifacts, &new.artifacts),
    );
    files(
        &mut moved,
        "candidate.evidence_changed",
        (&old.evidence, &new.evidence),
    );
    moved
}

fn files(moved: &mut Vec<Finding>, code: &str, (old, new): (&[Identity], &[Identity])) {
    let by_path = |files: &[Identity]| -> BTreeMap<_, _> {
        files
            .iter()
            .map(|file| (file.path.clone(), file.clone()))
            .collect()
    };
    let (old, new) = (by_path(old), by_path(new));
    let paths: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for path in paths {
        let what = match (old.get(path), new.get(path)) {
            (Some(one), Some(two)) if one == two => continue,
            (Some(_), Some(_)) => "has other bytes than in the report",
            (Some(_), None) => "is in the report and is not there, or cannot be relied on",
            (None, _) => "is there and is not in the report",
        };
        moved.push(
            Finding::new(code, format!("`{path}` {what}"))
                .at(path)
                .help("restore the file, or run `relkit candidate` again"),
        );
    }
}

fn tool_note(report: &Tool, running: &Tool) -> Option<Finding> {
    (report != running).then(|| {
        let text = format!(
            "the report was made by {} {} (`{}`), this is {} {} (`{}`)",
            report.name,
            report.version,
            report.sha256.short(),
            running.name,
            running.version,
            running.sha256.short()
        );
        let mut note = Finding::new("candidate.tool_changed", text)
            .help("publish with the relkit that judged, or run `relkit candidate` again");
        note.class = Class::Permanent;
        note
    })
}

/// The JSON pointer of the first difference.
fn difference(one: &Value, two: &Value, at: &str) -> Option<String> {
    match (one, two) {
        (Value::Object(one), Value::Object(two)) => {
            let names: std::collections::BTreeSet<_> = one.keys().chain(two.keys()).collect();
            names.into_iter().find_map(|name| {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                match (one.get(name), two.get(name)) {
                    (Some(one), Some(two)) => difference(one, two, &at),
                    _ => Some(at),
                }
            })
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            let pairs = one.iter().zip(two).enumerate();
            pairs
                .into_iter()
                .find_map(|(n, (one, two))| difference(one, two, &format!("{at}/{n}")))
        }
        _ => (json::render(one) != json::render(two)).then(|| at.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{File, FileProblem, fixture};

    /// The codes of what has moved since `bytes` were made; nothing else may have been answered.
    fn moved(bytes: &[u8], facts: &Facts) -> Vec<String> {
        let report = Report::read(bytes).unwrap();
        match check(&report, facts).sameness {
            Sameness::Moved(found) => found.into_iter().map(|finding| finding.code).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn dirt_that_changes_under_an_assessment_is_no_forgery() {
        let mut facts = fixture::ready();
        facts.source.dirty.push(fixture::path("Cargo.toml"));
        let bytes = evaluate(&facts).bytes();
        facts.version_sites[0].text = "9.9.9".to_owned();
        let found = moved(&bytes, &facts);
        assert_eq!(found, ["candidate.tree_changed", "version.mismatch"]);
    }

    #[test]
    fn a_refused_file_that_changes_is_no_forgery() {
        let mut facts = fixture::ready();
        let path = fixture::path("eval/metrics.json");
        let refused = File::Refused(FileProblem::Symlink);
        facts.files.insert(path.clone(), refused);
        let bytes = evaluate(&facts).bytes();
        let refused = File::Refused(FileProblem::NotRegular);
        facts.files.insert(path, refused);
        let found = moved(&bytes, &facts);
        assert_eq!(found, ["candidate.tree_changed", "file.not_regular"]);
    }
}

//! Properties of the whole: what is bound, and that nothing that is bound can change unseen.

use serde_json::Value;

use super::*;
use crate::config::Config;

fn sealed(report: &[u8], facts: &Facts) -> bool {
    let Ok(report) = Report::read(report) else {
        return false;
    };
    let comparison = compare::check(&report, facts);
    Ready::seal(&report, fixture::path("r.json"), &comparison).is_ok()
}

fn codes(report: &[u8], facts: &Facts) -> Vec<String> {
    let report = Report::read(report).unwrap();
    match compare::check(&report, facts).sameness {
        Sameness::Moved(found) => found.into_iter().map(|finding| finding.code).collect(),
        Sameness::Forged(finding) => vec![finding.code],
        same => vec![format!("{same:?}")],
    }
}

#[test]
fn equal_facts_give_equal_bytes_and_the_twin_is_sealed() {
    let facts = fixture::ready();
    let bytes = evaluate(&facts).bytes();
    assert_eq!(bytes, evaluate(&facts.clone()).bytes());
    assert!(sealed(&bytes, &facts));
    // What is not asked for does not count: another checkout, another file.
    let mut twin = facts.clone();
    fixture::put(&mut twin, "notes.txt", b"x");
    assert!(sealed(&bytes, &twin));
    let report = Report::read(&bytes).unwrap();
    let ready = Ready::seal(
        &report,
        fixture::path("r.json"),
        &compare::check(&report, &facts),
    )
    .unwrap();
    assert_eq!((ready.name(), ready.tag()), ("demo", "v0.2.0-rc1"));
    assert_eq!(ready.version().to_string(), "0.2.0-rc1");
    assert_eq!(ready.artifacts().len(), 2);
    assert_eq!(ready.commit(), facts.source.commit);
    assert_eq!(ready.report().sha256, Digest::of(&bytes));
}

#[test]
fn a_report_of_another_time_regenerates_at_its_own() {
    let facts = fixture::ready();
    let bytes = evaluate(&facts).bytes();
    let mut later = facts;
    later.generated_at = "2031-01-01T00:00:00.5Z".parse().unwrap();
    assert!(sealed(&bytes, &later));
    assert!(
        String::from_utf8(evaluate(&later).bytes())
            .unwrap()
            .contains("\"2031-01-01T00:00:00Z\"")
    );
}

#[test]
fn no_byte_of_a_bound_file_can_change() {
    let facts = fixture::ready();
    let bytes = evaluate(&facts).bytes();
    let bound: Vec<_> = evaluate(&facts).statement().predicate.evidence.clone();
    let artifacts: Vec<_> = facts.artifacts().cloned().collect();
    let mut flips = 0;
    for identity in bound.iter().chain(&artifacts) {
        let content = facts.file(&identity.path).unwrap().content.clone().unwrap();
        for n in 0..content.len() {
            let mut changed = content.clone();
            changed[n] ^= 1;
            let mut facts = facts.clone();
            fixture::put(&mut facts, identity.path.as_str(), &changed);
            assert!(!sealed(&bytes, &facts), "{} {n}", identity.path);
            flips += 1;
        }
        let mut facts = facts.clone();
        facts.files.remove(&identity.path);
        assert!(!sealed(&bytes, &facts), "{}", identity.path);
        facts
            .files
            .insert(identity.path.clone(), File::Refused(FileProblem::Symlink));
        assert!(!sealed(&bytes, &facts), "{}", identity.path);
    }
    assert_eq!(bound.len(), 4);
    assert!(flips > 300);
}

#[test]
fn no_byte_of_the_policy_can_change() {
    let facts = fixture::ready();
    let bytes = evaluate(&facts).bytes();
    for n in 0..fixture::POLICY.len() {
        let mut changed = fixture::POLICY.as_bytes().to_vec();
        changed[n] ^= 1;
        let mut facts = facts.clone();
        facts.policy.identity = Identity::of(fixture::path("relkit.toml"), &changed);
        assert!(!sealed(&bytes, &facts), "{n}");
        if let Some(config) = String::from_utf8(changed)
            .ok()
            .and_then(|text| Config::parse(&text).ok())
        {
            facts.policy.config = config;
            assert!(!sealed(&bytes, &facts), "{n}");
        }
    }
}

/// Every value of `value` that has no values in it, changed one at a time.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(name, value)| {
                leaves(
                    value,
                    &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                    found,
                )
            });
        }
        Value::Array(items) if !items.is_empty() => {
            items
                .iter()
                .enumerate()
                .for_each(|(n, value)| leaves(value, &format!("{at}/{n}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

fn changes(leaf: &Value) -> Vec<Value> {
    match leaf {
        Value::String(text) => {
            let mut last = text.clone();
            let digit = last.pop().map_or('x', |c| if c == '0' { '1' } else { '0' });
            last.push(digit);
            vec![
                last.into(),
                format!("{text}x").into(),
                "".into(),
                Value::Null,
            ]
        }
        Value::Bool(value) => vec![(!value).into(), "true".into(), 1.into(), Value::Null],
        Value::Number(number) => vec![
            (number.as_u64().unwrap() + 1).into(),
            (-1).into(),
            Value::Null,
        ],
        _ => vec![1.into(), "x".into(), Value::Null],
    }
}

#[test]
fn no_leaf_of_the_report_can_change() {
    let facts = fixture::ready();
    let value = evaluate(&facts).value();
    let mut found = Vec::new();
    leaves(&value, "", &mut found);
    assert!(found.len() > 100, "{}", found.len());
    for pointer in &found {
        for change in changes(value.pointer(pointer).unwrap()) {
            let mut forged = value.clone();
            *forged.pointer_mut(pointer).unwrap() = change.clone();
            assert!(
                !sealed(&json::render(&forged), &facts),
                "{pointer} {change}"
            );
        }
        let mut cut = value.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match cut.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.remove(&name.replace("~1", "/"))),
            Value::Array(items) => drop(items.remove(name.parse().unwrap())),
            _ => unreachable!(),
        }
        assert!(!sealed(&json::render(&cut), &facts), "{pointer}");
    }
    let mut forged = value.clone();
    forged["predicate"]["generated_by"] = "relkit candidate".into();
    assert!(sealed(&json::render(&forged), &facts), "the twin");
}

#[test]
fn what_moved_on_is_told_from_what_was_forged() {
    let facts = fixture::ready();
    let bytes = evaluate(&facts).bytes();
    let with = |change: &dyn Fn(&mut Facts)| {
        let mut facts = facts.clone();
        change(&mut facts);
        codes(&bytes, &facts)
    };
    assert_eq!(
        with(&|f| fixture::put(f, "dist/demo-0.2.0rc1.tar.gz", b"x")),
        ["candidate.artifact_changed"]
    );
    assert_eq!(
        with(&|f| fixture::put(f, "dist/new", b"x")),
        ["candidate.artifact_changed"]
    );
    assert_eq!(
        with(&|f| fixture::put(f, "eval/run.json", b"{}")),
        ["candidate.evidence_changed"]
    );
    assert_eq!(
        with(&|f| f.policy.identity = Identity::of(fixture::path("relkit.toml"), b"")),
        ["candidate.policy_changed"]
    );
    assert_eq!(
        with(&|f| f.source.commit = "9".repeat(40)),
        ["candidate.commit_moved"]
    );
    assert_eq!(
        with(&|f| f.source.tree = "9".repeat(40)),
        ["candidate.commit_moved"]
    );
    assert_eq!(
        with(&|f| f.source.tag_object = Some("9".repeat(40))),
        ["candidate.tag_moved"]
    );
    assert_eq!(
        with(&|f| f.source.tag_commit = None),
        ["candidate.tag_moved"]
    );
    assert_eq!(
        with(&|f| f.source.uri = Some("git+https://evil.example/demo".to_owned())),
        ["candidate.repository_changed"]
    );
    assert_eq!(
        with(&|f| f.source.branch = None),
        ["candidate.branch_changed"]
    );
    assert_eq!(
        with(&|f| f.source.dirty.push(fixture::path("x"))),
        ["candidate.dirt_changed"]
    );
    assert_eq!(with(&|f| f.version_sites.clear()), ["report.forged"]);
    assert_eq!(
        with(&|f| f.tool.sha256 = Digest::of(b"sdist")),
        ["candidate.tool_among_artifacts"]
    );
    let mut forged = evaluate(&facts).value();
    forged["predicate"]["readiness"]
        .as_array_mut()
        .unwrap()
        .remove(1);
    assert_eq!(codes(&json::render(&forged), &facts), ["report.forged"]);
}

#[test]
fn another_relkit_may_check_but_not_seal() {
    let facts = fixture::ready();
    let bytes = evaluate(&facts).bytes();
    let report = Report::read(&bytes).unwrap();
    let mut other = facts;
    other.tool.sha256 = Digest::of(b"another build");
    let comparison = compare::check(&report, &other);
    assert_eq!(comparison.sameness, Sameness::Same);
    assert_eq!(comparison.notes[0].code, "candidate.tool_changed");
    let refused = Ready::seal(&report, fixture::path("r.json"), &comparison).unwrap_err();
    assert_eq!(refused[0].code, "candidate.tool_changed");
}

#[test]
fn an_assessment_and_a_rehearsal_compare_but_are_never_sealed() {
    for mode in [Mode::Release, Mode::Rehearsal] {
        let mut facts = fixture::ready();
        facts.mode = mode;
        if mode == Mode::Release {
            facts.source.tag_commit = None;
        }
        let candidate = evaluate(&facts);
        assert!(
            candidate
                .statement()
                .predicate_type
                .ends_with("/release-assessment/v1")
        );
        let report = Report::read(&candidate.bytes()).unwrap();
        let comparison = compare::check(&report, &facts);
        assert!(comparison.is_same());
        let refused = Ready::seal(&report, fixture::path("r.json"), &comparison).unwrap_err();
        assert_eq!(refused[0].code, "candidate.not_ready");
    }
}

#[test]
fn a_comparison_seals_only_its_own_report() {
    let facts = fixture::ready();
    let report = Report::read(&evaluate(&facts).bytes()).unwrap();
    let comparison = compare::check(&report, &facts);
    let mut later = facts;
    later.generated_at = "2026-06-02T00:00:00Z".parse().unwrap();
    let other = Report::read(&evaluate(&later).bytes()).unwrap();
    let refused = Ready::seal(&other, fixture::path("r.json"), &comparison).unwrap_err();
    assert_eq!(refused[0].code, "candidate.other_report");
}

#[test]
fn a_newer_minor_is_the_same_where_it_is_known() {
    let facts = fixture::ready();
    let mut value = evaluate(&facts).value();
    value["predicate"]["schema_version"] = "1.9.0".into();
    value["predicate"]["later"] = "x".into();
    let bytes = json::render(&value);
    assert_eq!(codes(&bytes, &facts), ["SameWhereKnown"]);
    assert!(!sealed(&bytes, &facts));
    value["predicate"]["readiness"][0]["message"] = "other".into();
    assert_eq!(codes(&json::render(&value), &facts), ["report.forged"]);
}

#[test]
fn dirt_that_changes_under_an_assessment_is_no_forgery() {
    let mut facts = fixture::ready();
    facts.source.dirty.push(fixture::path("Cargo.toml"));
    let bytes = evaluate(&facts).bytes();
    facts.version_sites[0].text = "9.9.9".to_owned();
    assert_eq!(codes(&bytes, &facts), ["candidate.tree_changed"]);
}

#[test]
fn content_that_is_not_what_was_hashed_is_an_error() {
    let mut facts = fixture::ready();
    let path = fixture::path("eval/metrics.json");
    let Some(File::Taken(taken)) = facts.files.get_mut(&path) else {
        panic!("a file")
    };
    taken.identity.sha256 = Digest::of(b"something else");
    assert_eq!(
        fixture::codes(&fixture::row("quality", &facts)),
        ["file.changed"]
    );
}

#[test]
fn an_optional_row_warns_and_a_row_that_does_not_apply_is_no_pass() {
    let facts = fixture::with_row("file = \"COPYING\"\nrequired = false");
    let candidate = evaluate(&facts);
    assert!(candidate.is_ready());
    let rows = &candidate.statement().predicate.readiness;
    let row = |name: &str| rows.iter().find(|row| row.code == name).unwrap();
    assert_eq!(
        (
            row("extra").ok,
            row("extra").warnings.len(),
            row("extra").blockers.len()
        ),
        (false, 1, 0)
    );
    assert_eq!(
        (row("stable").ok, row("stable").status),
        (false, Status::Skipped)
    );
    assert!(!row("stable").message.is_empty());
}

#[test]
fn every_kind_has_a_summary_and_a_row_that_went_red() {
    let names: Vec<_> = rows::KINDS.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(names, Kind::NAMES);
    assert!(rows::KINDS.iter().all(|(_, summary)| !summary.is_empty()));
}

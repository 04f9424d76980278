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
    match compare::check(&report, facts).sameness().clone() {
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
                );
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
    assert_eq!(
        with(&|f| f.release.tag = "v9.9.9".to_owned()),
        ["candidate.tag_moved"]
    );
    let mut smuggled = evaluate(&facts).value();
    smuggled["predicate"]["later"] = "a field that this version does not have".into();
    assert_eq!(codes(&json::render(&smuggled), &facts), ["report.forged"]);
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
    assert_eq!(*comparison.sameness(), Sameness::Same);
    assert_eq!(comparison.notes()[0].code, "candidate.tool_changed");
    let refused = Ready::seal(&report, fixture::path("r.json"), &comparison).unwrap_err();
    assert_eq!(refused[0].code, "candidate.tool_changed");
}

#[test]
fn another_relkit_may_have_worded_it_otherwise_but_not_decided_otherwise() {
    let facts = fixture::ready();
    let mut other = facts.clone();
    other.tool.version = "0.9.0".to_owned();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut value = evaluate(&facts).value();
        change(&mut value["predicate"]);
        let report = Report::read(&json::render(&value)).unwrap();
        assert!(!sealed(report.bytes(), &facts));
        assert!(!sealed(report.bytes(), &other));
        codes(report.bytes(), &other)
    };
    let worded = with(&|p| p["readiness"][1]["message"] = "all is well".into());
    assert_eq!(worded, ["SameWhereKnown"]);
    for change in [
        &(|p: &mut Value| p["readiness"][1]["status"] = "skipped".into()) as &dyn Fn(&mut Value),
        &|p| p["readiness"][1]["ok"] = false.into(),
        &|p| p["readiness"][1]["required"] = false.into(),
        &|p| p["readiness"][2]["issue_refs"] = serde_json::json!([]),
        &|p| drop(p["readiness"].as_array_mut().unwrap().pop()),
        &|p| p["generated_by"] = "hand".into(),
    ] {
        assert_eq!(with(change), ["report.forged"]);
    }
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

/// A report binds no time from outside: another one in it regenerates. A signature binds it.
fn only_the_time_differs(one: &[u8], other: &[u8]) -> bool {
    let timeless = |bytes: &[u8]| {
        let mut value = json::parse(bytes).unwrap();
        value["predicate"]["generated_at"] = Value::Null;
        value
    };
    timeless(one) == timeless(other)
}

/// Readers of foreign bytes answer or refuse; they do not stop the program.
#[test]
fn no_reader_panics_on_mangled_bytes() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let facts = fixture::ready();
    let report = evaluate(&facts).bytes();
    let tests = facts
        .file(&fixture::path("reports/pytest.xml"))
        .unwrap()
        .content
        .clone()
        .unwrap();
    let line = b"eval/a.json#/x/*/y all_or_none(a, b)".to_vec();
    for seed in [&report, &tests, &fixture::POLICY.as_bytes().to_vec(), &line] {
        for _ in 0..500 {
            let mut bytes = seed.clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..bytes.len().max(1));
                match random.u8(..3) {
                    _ if bytes.is_empty() => {}
                    0 => bytes[at] = random.u8(..),
                    1 => drop(bytes.remove(at)),
                    _ => bytes.truncate(at + 1),
                }
            }
            let text = String::from_utf8_lossy(&bytes);
            assert!(!sealed(&bytes, &facts) || only_the_time_differs(&bytes, &report));
            let _ = crate::junit::count(&bytes[..]);
            let _ = Config::from_bytes(&bytes);
            let _ = json::exact::Node::parse(&bytes);
            let _ = config::assertion::Assertion::parse(&text, config::assertion::Dialect::Pointer);
        }
    }
}

#[test]
fn the_claim_boundary_is_bound_and_copied() {
    let pinned = Digest::of(b"do as you like");
    let policy = fixture::POLICY.replace(
        "[gate.outputs]",
        &format!(
            "claim_boundary = {{ path = \"LICENSE\", sha256 = \"{pinned}\" }}\n[gate.outputs]"
        ),
    );
    let mut facts = fixture::under(&policy);
    let candidate = evaluate(&facts);
    assert!(candidate.is_ready());
    let predicate = &candidate.statement().predicate;
    assert_eq!(predicate.claim_boundary.as_deref(), Some("do as you like"));
    assert!(predicate.evidence.iter().any(|file| file.sha256 == pinned));
    fixture::put(&mut facts, "LICENSE", b"do as you must");
    let weakened = evaluate(&facts);
    assert_eq!(weakened.blockers()[0].code, "candidate.claim_boundary");
    assert_eq!(weakened.statement().predicate.claim_boundary, None);
}

#[test]
fn the_branch_stands_in_the_report_only_where_a_row_asks() {
    let source = |policy: &str| {
        evaluate(&fixture::under(policy))
            .statement()
            .predicate
            .source
            .clone()
    };
    assert_eq!(source(fixture::POLICY).branch.as_deref(), Some("main"));
    let silent = fixture::POLICY.replace("branch = [\"main\", \"release/*\"]", "");
    assert_eq!(source(&silent).branch, None);
}

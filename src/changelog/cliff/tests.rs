//! What the engine gives for small histories.

use super::*;
use crate::changelog::history::{Commit, Tag};

/// A line of commits, oldest first; a name after `@` tags one.
fn history(messages: &[&str]) -> History {
    let mut history = History::default();
    for (index, message) in messages.iter().enumerate() {
        let (message, tag) = message.split_once('@').unwrap_or((message, ""));
        let id = |number: usize| format!("{number:040x}");
        let mut commit = Commit {
            id: id(index + 1),
            message: message.to_owned(),
            ..Commit::default()
        };
        commit.committer.timestamp = 1_700_000_000;
        if index > 0 {
            commit.parents.push(id(index));
        }
        if !tag.is_empty() {
            history.tags.push(Tag {
                name: tag.to_owned(),
                commit: commit.id.clone(),
                message: None,
                timestamp: 1_700_000_000,
            });
        }
        history.commits.insert(0, commit);
    }
    history
}

fn rendered(config: &str, history: &History) -> String {
    let config: Cliff = config.parse().unwrap();
    render(&config, history, &Options::default()).unwrap()
}

#[test]
fn the_own_configuration_gives_a_changelog() {
    let history = history(&[
        "feat: one",
        "release: v0.1.0@v0.1.0",
        "fix(core): two\n\nbody",
        "not conventional",
        "chore: three",
    ]);
    assert_eq!(
        rendered(TEMPLATE, &history),
        "# Changelog\n\nAll notable changes to this project are documented in this file.\n\n\
         ## [Unreleased]\n\n### Fixed\n\n- two\n\n### Chore\n\n- three\n\n\
         ## [0.1.0] - 2023-11-14\n\n### Added\n\n- one\n\n\n"
    );
    let config: Cliff = TEMPLATE.parse().unwrap();
    let tagged = Options {
        tag: Some("v0.2.0-rc1".to_owned()),
        strip: Strip::All,
        now: 1_800_000_000,
        ..Options::default()
    };
    let text = render(&config, &history, &tagged).unwrap();
    assert!(text.starts_with("## [0.2.0-rc1] - 2027-01-15\n"), "{text}");
}

#[test]
fn the_embedded_default_is_valid() {
    let text = render(
        &Cliff::default(),
        &history(&["feat: one"]),
        &Options::default(),
    )
    .unwrap();
    assert_eq!(text, "## [unreleased]\n\n### 🚀 Features\n\n- One\n");
}

#[test]
fn entries_are_grouped_by_the_parsers() {
    let history = history(&[
        "fix: two",
        "feat(x): one\n\nmore",
        "feat: zero",
        "release: no",
        "ci: run",
    ]);
    let entries = entries(&TEMPLATE.parse().unwrap(), &history).unwrap();
    let groups: Vec<_> = entries
        .groups
        .iter()
        .map(|group| (group.title.as_str(), group.bullets.join(", ")))
        .collect();
    assert_eq!(
        groups,
        [
            ("Added", "zero, one".to_owned()),
            ("CI", "run".to_owned()),
            ("Fixed", "two".to_owned())
        ]
    );
    assert!(
        entries
            .header
            .is_some_and(|header| header.starts_with("# Changelog"))
    );
}

#[test]
fn a_bad_configuration_is_an_error_with_a_code() {
    use miette::Diagnostic as _;
    let one = history(&["feat: one", "unconventional"]);
    for (config, code) in [
        ("[changelog", "changelog.config"),
        ("changelog = 1", "changelog.config"),
        ("[git]\ncommit_parsers = 'x'", "changelog.config"),
        ("[git]\nsplit_commits = 'perhaps'", "changelog.config"),
        ("[git]\nlimit_commits = -1", "changelog.config"),
        (
            "[git]\ncommit_parsers = [{ message = '(' }]",
            "changelog.pattern",
        ),
        ("[git]\ntag_pattern = '['", "changelog.pattern"),
        ("[changelog]\nbody = '{% if'", "changelog.template"),
        ("[changelog]\nbody = '{{ nothing }}'", "changelog.template"),
        (
            "[changelog]\nbody = '{{ version | no_such_filter }}'",
            "changelog.template",
        ),
        (
            "[changelog]\nheader = '{{ nothing }}'",
            "changelog.template",
        ),
        (
            "[changelog]\nbody = '{{ 1 | upper_first }}'",
            "changelog.template",
        ),
        (
            "[git]\nrequire_conventional = true",
            "changelog.unconventional",
        ),
        (
            "[git]\ncommit_parsers = []\nfail_on_unmatched_commit = true",
            "changelog.unmatched",
        ),
    ] {
        let result = config
            .parse::<Cliff>()
            .and_then(|config| render(&config, &one, &Options::default()));
        let error = result.expect_err(config);
        assert_eq!(error.code().unwrap().to_string(), code, "{config}");
        assert!(error.help().is_some(), "{config}");
    }
    for tolerated in [
        "[bump]\nx = 1\n[git]\nnew_key = true",
        "[remote.github]\nowner = 'a'\nrepo = 'b'",
    ] {
        assert!(tolerated.parse::<Cliff>().is_ok(), "{tolerated}");
    }
}

#[test]
fn a_command_is_not_run() {
    let config = "[changelog]\nbody = '{{ commits | length }}'\n[git]\ncommit_preprocessors = [{ pattern = '.*', replace_command = 'false' }]";
    assert_eq!(rendered(config, &history(&["feat: one"])), "1");
}

#[test]
fn wrong_clocks_leave_each_tag_its_own_commit() {
    let mut history = history(&["feat: one@v1", "feat: two", "feat: three@v2"]);
    // The second release claims to be older than the first.
    history.tags.reverse();
    let config =
        "[changelog]\nbody = '{{ version }}:{% for c in commits %}{{ c.message }},{% endfor %} '";
    assert_eq!(rendered(config, &history), "v2:two,three,v1:one,");
}

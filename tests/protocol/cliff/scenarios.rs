//! One repository a situation, each with this repository's own `cliff.toml`, with none, and with a
//! configuration that prints everything a template can see.

use relkit::changelog::{
    cliff::{Options, Strip},
    history::Selection,
};

use crate::oracle::{History, OWN, Repository};

/// Prints the whole context.
const DUMP: &str = "
[changelog]
header = 'H {{ __tera_context }}'
body = '''B {{ __tera_context }}
'''
footer = 'F {{ __tera_context }}'
trim = false
[git]
filter_unconventional = false
";

#[track_caller]
fn all(name: &str, repository: &Repository) {
    let selections = [
        Selection::All,
        Selection::Unreleased,
        Selection::Latest,
        Selection::Current,
    ];
    for selection in selections {
        for tag in [None, Some("v9.0.0-rc1".to_owned())] {
            let options = Options {
                selection: selection.clone(),
                tag,
                ..now()
            };
            for config in [Some(OWN), None, Some(DUMP)] {
                // A name for the unreleased takes the clock into a dump.
                if config != Some(DUMP) || options.tag.is_none() {
                    repository.same(name, config, &options);
                }
            }
        }
    }
}

/// The clock, as git-cliff reads it: only its day is ever printed.
fn now() -> Options {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Options {
        now: i64::try_from(now.unwrap().as_secs()).unwrap(),
        ..Options::default()
    }
}

#[test]
fn a_line_of_releases() {
    let mut history = History::new();
    history
        .commit("feat: one")
        .commit("fix(core): two")
        .tag("v0.1.0")
        .commit("feat!: three\n\nwhat it is about\n\nRefs: #12")
        .commit("release: v0.2.0-rc1")
        .tag("v0.2.0-rc1")
        .commit("fix: four\n\nBREAKING CHANGE: all of it")
        .tag("v0.2.0-rc2")
        .commit("chore(deps): five")
        .tag("v0.2.0")
        .commit("perf: six");
    let repository = history.build();
    all("line", &repository);
    let text = repository.same("line", Some(OWN), &now());
    assert!(
        text.contains("## [0.2.0-rc2] - 2023-11-14\n\n### Fixed\n\n- four\n"),
        "{text}"
    );
    for range in [
        "v0.1.0..v0.2.0",
        "v0.2.0-rc1..",
        "HEAD~2..HEAD",
        "v0.1.0..nowhere",
        "..v0.1.0",
    ] {
        let options = Options {
            selection: Selection::Range(range.to_owned()),
            ..now()
        };
        repository.same(range, Some(OWN), &options);
        repository.same(range, Some(DUMP), &options);
    }
    for strip in [Strip::Header, Strip::Footer, Strip::All] {
        let options = Options { strip, ..now() };
        repository.same("strip", Some(OWN), &options);
    }
}

#[test]
fn merges_and_side_branches() {
    let mut history = History::new();
    let root = history.commit_on("main", "feat: root", &[]);
    history.tag("v1.0.0");
    let side = history.commit_on("side", "fix: side one", &[root]);
    let side = history.commit_on("side", "fix: side two", &[side]);
    let main = history.commit_on("main", "feat: main one", &[root]);
    history.tag_at("v1.0.1", side);
    let main = history.commit_on("main", "feat: main two", &[main]);
    history.tag_at("v1.1.0", main);
    let merge = history.commit_on("main", "Merge branch 'side'", &[main, side]);
    let last = history.commit_on("main", "feat: after", &[merge]);
    history.tag_at("v1.2.0", last);
    history.commit_on("main", "docs: unreleased", &[last]);
    history.commit_on("lost", "feat: never merged", &[root]);
    history.tag("v7.0.0");
    all("merges", &history.build());
}

#[test]
fn several_tags_on_a_commit_and_tags_of_other_kinds() {
    let mut history = History::new();
    history
        .commit("feat: one")
        .tag("v0.1.0")
        .tag("v0.1.1")
        .tag("nightly");
    history.light("v0.1.0-light", 1);
    history.commit("feat: two").commit("feat: three");
    history.light("v0.2.0", 3);
    all("tags", &history.build());
}

#[test]
fn no_tag_at_all() {
    let mut history = History::new();
    history
        .commit("feat: one")
        .commit("nothing conventional")
        .commit("fix: two");
    all("no tags", &history.build());
}

#[test]
fn nothing_to_say() {
    let mut history = History::new();
    history.commit("nothing conventional");
    all("nothing", &history.build());
    history
        .tag("v1.0.0")
        .commit("release: v1.0.0")
        .tag("v1.0.1");
    all("nothing, tagged", &history.build());
}

#[test]
fn messages_of_all_kinds() {
    let mut history = History::new();
    history
        .commit("feat: carriage\r\n\r\nreturns in\r\nthe body\r\n")
        .commit("fix(ünï): größe der 🚀 <b>ändern</b> & \"mehr\"")
        .commit("FEAT: upper case type")
        .commit("feat : a space before the colon")
        .commit("feat:no space after it")
        .commit("feat(a, b): two scopes\n\n- item one\n- item two\n\nFixes #1\nCloses: #2")
        .commit("Merge pull request #7 from x/y\n\nfeat: titled by the merge")
        .commit("\n\n  fix: white space around  \n\n\n")
        .commit("wip")
        .commit("feat(x)!: breaks\n\nBREAKING-CHANGE: in\nseveral lines\n\nReviewed-by: Z")
        .commit("revert: one thing\n\nThis reverts commit 1234567.")
        .commit("fix: a * b _c_ `d` {{ e }} {% f %}")
        .tag("v1.0.0");
    all("messages", &history.build());
}

#[test]
fn a_remote_names_owner_and_repository() {
    let config = "
[changelog]
header = '{{ remote.github.owner }}/{{ remote.github.repo }}'
body = '{{ remote.github.owner }}/{{ remote.github.repo }} {{ remote.gitlab.owner }}'
";
    let mut history = History::new();
    history.commit("feat: one");
    for url in [
        "https://github.com/own/repo.git",
        "git@github.com:own/repo.git",
        "https://gitlab.com/a/b/c",
        "ssh://git@example.org:22/own/repo",
        "/srv/own/repo",
    ] {
        let repository = history.build();
        repository.git(&["remote", "add", "origin", url]);
        repository.same(url, Some(config), &now());
        repository.git(&["config", "branch.main.remote", "origin"]);
        repository.git(&["config", "branch.main.merge", "refs/heads/main"]);
        repository.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
        repository.same(url, Some(config), &now());
    }
}

#[test]
fn the_configurations_that_git_cliff_brings() {
    let mut history = History::new();
    history
        .commit("feat(core): one (#1)\n\nbody of one\n\nRefs: #2")
        .commit("fix(ui)!: two\n\nBREAKING CHANGE: it breaks\nSigned-off-by: Ann <ann@example.org>")
        .tag("v0.1.0")
        .commit("chore(release): prepare for 0.2.0")
        .commit("doc: three")
        .commit("not conventional at all (#12)")
        .commit("Merge pull request #7 from a/b\n\nfeat: four")
        .commit("feat(core): add five\n\nremove: a line\nfix: another")
        .tag("v0.2.0-rc.1")
        .tag("v0.2.0")
        .commit("style: six")
        .commit("perf(db): seven, security\n\nsecurity matters")
        .tag("v0.3.0")
        .commit("Remove eight")
        .commit("Added nine");
    for remote in ["", "https://github.com/own/repo.git"] {
        let repository = history.build();
        if !remote.is_empty() {
            repository.git(&["remote", "add", "origin", remote]);
            repository.git(&["config", "branch.main.remote", "origin"]);
            repository.git(&["config", "branch.main.merge", "refs/heads/main"]);
            repository.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
        }
        for name in [
            "azure-devops-keepachangelog",
            "cocogitto",
            "detailed",
            "github-keepachangelog",
            "github",
            "gitlab-keepachangelog",
            "gitlab",
            "keepachangelog",
            "minimal",
            "scoped",
            "scopesorted",
            "statistics",
            "unconventional",
        ] {
            let config = repository.shipped(name);
            for selection in [
                Selection::All,
                Selection::Unreleased,
                Selection::Latest,
                Selection::Range("v0.1.0..v0.3.0".to_owned()),
            ] {
                let options = Options { selection, ..now() };
                let text = repository.same(name, Some(&config), &options);
                // Both may not just refuse.
                assert!(text.contains('#'), "{name}: {text}");
            }
        }
    }
}

//! Random histories, configurations and selections. A failure names its seed.

use std::fmt::Write as _;

use fastrand::Rng;
use relkit::changelog::{
    cliff::{Options, Strip},
    history::Selection,
};

use crate::oracle::{History, OWN, Repository};

const MESSAGES: &[&str] = &[
    "feat: plain",
    "feat(core): scoped",
    "fix: broken thing",
    "fix(ui)!: breaking fix",
    "feat: with body\n\nsome security body\nsecond line\n\nRefs: #12",
    "docs: words",
    "chore: things",
    "chore(deps): bump",
    "chore(release): prepare for 1",
    "release: v1",
    "ci: run",
    "perf(db): faster\n\nBREAKING CHANGE: slower",
    "unconventional",
    "Unconventional with body\n\nfeat: inner line\nfix(x): another",
    "Merge branch 'x'",
    "refactor: <b>bold</b> & co (#33)",
    "test: größe 🚀",
    "revert: it",
    "style: spaces  \n",
    "feat: crlf\r\n\r\nbody\r\n",
];

const BODIES: &[&str] = &[
    "{{ __tera_context }}\n",
    "## {{ version }} {{ timestamp }} {{ previous.version }} {{ commit_id }}\n{% for c in commits %}- {{ c.message }} {{ c.group }} {{ c.scope }}\n{% endfor %}\n",
    "{% for g, cs in commits | group_by(attribute=\"group\") %}### {{ g | striptags | trim | upper_first }}\n  {% for c in cs | unique(attribute=\"message\") %}- {{ c.message | split(pat=\"\\n\") | first | trim }} ({{ c.id | truncate(length=7, end=\"\") }})\n  {% endfor %}{% endfor %}\n",
    "{% for s in commits | commit_groups(groups=commit_parsers_groups) %}{{ s.group }}: {{ s.commits | length }}\n{% endfor %}{{ statistics | json_encode }}",
    "{%- macro link(c) -%}[{{ c.id }}]{%- endmacro -%}\n{% for c in commits %}{{ self::link(c=c) }}{% for l in c.links %}<{{ l.href }} {{ l.text }}>{% endfor %}{{ c.raw_message | replace_regex(from=\"[aeiou]\", to=\"_\") }}\n{% endfor %}",
    "{% if previous %}{{ previous.commit_id }}..{{ commit_id }} {{ previous.commits | length }}{% endif %}{{ message | default(value=\"none\") }}\n",
];

const PARSERS: &[&str] = &[
    "",
    "{ message = '^feat', group = 'Features' }, { message = '^fix', group = '<!-- 0 -->Fixes' }",
    "{ message = '^chore', skip = true }, { message = '.*', group = 'All', default_scope = 'general' }",
    "{ body = 'security', group = 'Security' }, { footer = '^Refs', scope = 'ref' }, { message = '^(\\w+)\\((\\w+)\\)', group = '$1 of $2', scope = 'in-$2' }",
    "{ field = 'author.name', pattern = 'Ann', group = 'Ann' }",
    "{ field = 'breaking', pattern = 'true', group = 'Breaking' }, { field = 'scope', pattern = 'core|ui', skip = true }",
    "{ message = '^feat', body = 'body', group = 'Both' }, { message = '^(?i)unconventional', group = 'Un' }, { message = '', skip = true }",
    "{ field = 'body', pattern = 'line', group = 'Lines' }",
    "{ message = '^.*breaking', skip = true }",
];

const TAG_PATTERNS: &[&str] = &["v[0-9].*", "rc", "^v1", ""];

/// How the clocks of a history ran.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clock {
    Right,
    /// Jumping back and forth. Not together with `topo_order_commits = false`: git-cliff's walk by
    /// time then gives some commits to releases that do not contain them, which is not copied.
    Jumping,
}

fn history(random: &mut Rng, clock: Clock) -> History {
    let mut history = History::new();
    let mut tips: Vec<usize> = Vec::new();
    let count = random.usize(1..25);
    for number in 1..=count {
        if clock == Clock::Jumping && random.u8(..) < 40 {
            history.at(1_700_000_000 + random.i64(0..400_000));
        }
        let message = MESSAGES[random.usize(..MESSAGES.len())];
        let message = message.replacen(' ', &format!(" {number} "), 1);
        let parents: Vec<usize> = match (tips.len(), random.u8(..)) {
            (0, _) => Vec::new(),
            (1, _) | (_, ..120) => vec![tips[random.usize(..tips.len())]],
            (many, _) => {
                let first = random.usize(..many);
                let second = (first + random.usize(1..many)) % many;
                vec![tips[first], tips[second]]
            }
        };
        let branch = if random.u8(..) < 60 && number > 1 {
            "side"
        } else {
            "main"
        };
        let mark = history.commit_on(branch, &message, &parents);
        if random.u8(..) < 150 || branch == "main" {
            tips.retain(|tip| !parents.contains(tip));
        }
        tips.push(mark);
    }
    // Whatever is open is merged, mostly.
    if random.bool() && tips.len() > 1 {
        history.commit_on("main", "Merge the rest", &tips);
    } else {
        history.commit_on("main", "feat: last", &[*tips.last().unwrap()]);
    }
    let tags = random.usize(..6);
    for number in 0..tags {
        let mark = random.usize(1..=history.marks());
        let (major, minor) = (random.u8(..3), random.u8(..9));
        let name = match random.u8(..4) {
            0 => format!("v{major}.{minor}.0-rc{number}"),
            1 => format!("{major}.{minor}.{number}"),
            _ => format!("v{major}.{minor}.{number}"),
        };
        if random.bool() {
            history.tag_at(&name, mark);
        } else {
            history.light(&name, mark);
        }
    }
    history
}

fn config(random: &mut Rng, clock: Clock) -> Option<String> {
    match random.u8(..10) {
        0 => return None,
        1 => return Some(OWN.to_owned()),
        _ => {}
    }
    let mut text = "[changelog]\n".to_owned();
    let body = BODIES[random.usize(..BODIES.len())];
    let _ = writeln!(text, "body = '''\n{body}'''");
    if random.bool() {
        text += "header = '''\n# Title\n\n'''\n";
    }
    if random.bool() {
        text += "footer = '''\nThe end: {{ releases | length }}\n'''\n";
    }
    if random.bool() {
        text += "postprocessors = [{ pattern = 'feat', replace = 'FEAT' }, { pattern = '(\\d)\\.(\\d)', replace = '$2.$1' }]\n";
    }
    for key in ["trim", "render_always"] {
        flag(random, &mut text, key);
    }
    text += "[git]\n";
    for key in [
        "conventional_commits",
        "filter_unconventional",
        "split_commits",
        "filter_commits",
        "protect_breaking_commits",
        "topo_order",
        "use_branch_tags",
    ] {
        flag(random, &mut text, key);
    }
    if clock == Clock::Right {
        flag(random, &mut text, "topo_order_commits");
    }
    for key in ["require_conventional", "fail_on_unmatched_commit"] {
        if random.u8(..20) == 0 {
            let _ = writeln!(text, "{key} = true");
        }
    }
    if random.bool() {
        let parsers = PARSERS[random.usize(..PARSERS.len())];
        let _ = writeln!(text, "commit_parsers = [{parsers}]");
    }
    if random.bool() {
        text += "commit_preprocessors = [{ pattern = 'Unconventional', replace = 'feat(un): it' }, { pattern = ' *$', replace = '' }]\n";
    }
    if random.bool() {
        text += "link_parsers = [{ pattern = '#(\\d+)', href = 'https://x/$1' }, { pattern = '(\\w+)ing', text = '$1', href = 'y/$1' }]\n";
    }
    for key in ["tag_pattern", "skip_tags", "ignore_tags", "count_tags"] {
        if random.u8(..4) == 0 {
            let pattern = TAG_PATTERNS[random.usize(..TAG_PATTERNS.len())];
            let _ = writeln!(text, "{key} = '{pattern}'");
        }
    }
    if random.u8(..6) == 0 {
        let _ = writeln!(text, "limit_commits = {}", random.u8(..12));
    }
    if random.bool() {
        let word = if random.bool() { "newest" } else { "oldest" };
        let _ = writeln!(text, "sort_commits = '{word}'");
    }
    Some(text)
}

fn flag(random: &mut Rng, text: &mut String, key: &str) {
    if random.bool() {
        let _ = writeln!(text, "{key} = {}", random.bool());
    }
}

fn options(random: &mut Rng) -> Options {
    let selection = match random.u8(..8) {
        0 => Selection::Unreleased,
        1 => Selection::Latest,
        2 => Selection::Current,
        3 => Selection::Range(format!("HEAD~{}..HEAD", random.u8(..6))),
        _ => Selection::All,
    };
    let strip = match random.u8(..8) {
        0 => Strip::Header,
        1 => Strip::Footer,
        2 => Strip::All,
        _ => Strip::Nothing,
    };
    Options {
        selection,
        strip,
        ..Options::default()
    }
}

#[test]
fn random_repositories() {
    let number = |name: &str, or: u64| {
        let text = std::env::var(name).ok();
        text.map_or(or, |text| text.parse().unwrap())
    };
    let (first, count) = (number("CLIFF_SEED", 1), number("CLIFF_SEEDS", 60));
    let (mut rounds, mut printed) = (0, 0);
    for seed in first..first + count {
        let mut random = Rng::with_seed(seed);
        let clock = if random.bool() {
            Clock::Right
        } else {
            Clock::Jumping
        };
        let repository: Repository = history(&mut random, clock).build();
        for round in 0..4 {
            let (config, mut options) = (config(&mut random, clock), options(&mut random));
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            options.now = i64::try_from(now.unwrap().as_secs()).unwrap();
            let name = format!("seed {seed}, round {round}");
            let text = repository.same(&name, config.as_deref(), &options);
            rounds += 1;
            printed += u32::from(text.trim().len() > 1);
        }
    }
    println!("{printed} of {rounds} rounds printed something");
    assert!(printed * 2 > rounds, "most rounds must print something");
}

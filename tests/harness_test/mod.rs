//! The harness on trial: each way in which a case can be wrong must turn it red.
//!
//! Each row is a folder written on the spot and run against the real binary; only `ok` may pass.

use std::{fs, path::Path};

use libtest_mimic::{Failed, Trial};

use crate::{RELKIT, harness};

/// Files of a case, and what the complaint must hold; nothing for a case that passes.
type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    Option<&'static str>,
);

/// A run that changes nothing and says anything.
const CALM: &str = "args = ['--version']\ntree = 'unchanged'\n";
const ANYTHING: (&str, &str) = ("stdout", "...\n");

const ROWS: &[Row] = &[
    (
        "ok",
        &[
            ("case.toml", CALM),
            ANYTHING,
            ("in/a", "1\n"),
            ("out/a", "1\n"),
        ],
        None,
    ),
    (
        "ok_with_everything",
        &[
            (
                "case.toml",
                "git = ['tag -a v1 -m \"one two\"', \"commit --allow-empty -q -m 'feat: x'\"]\n\
                 write = { 'n/b' = 'new' }\nlog = ['feat: x', 'start']\ntags = ['v1']\n\
                 absent = ['c']\n[[step]]\nargs = ['--version']\n\
                 [[step]]\nremove = ['n/b']\nargs = ['--version']",
            ),
            (
                "stdout",
                "$ relkit --version\n...\n$ relkit --version\n...\n",
            ),
            ("stderr", "$ relkit --version\n$ relkit --version\n"),
            ("in/_gitignore", "/x/\n"),
            ("out/_gitignore", "/x/\n"),
        ],
        None,
    ),
    (
        "ok_with_bases",
        &[
            (
                "case.toml",
                "base = ['polyglot', 'wheel']\nargs = ['--version']\nlog = ['start']",
            ),
            ANYTHING,
            ("in/relkit.toml", "# other\n"),
            ("out/relkit.toml", "# other\n"),
            ("out/_gitignore", "/dist/\n/.relkit/out/\n"),
        ],
        None,
    ),
    (
        "stdout",
        &[("case.toml", CALM), ("stdout", "never this\n")],
        Some("never this"),
    ),
    (
        "stderr",
        &[("case.toml", CALM), ANYTHING, ("stderr", "never this\n")],
        Some("never this"),
    ),
    (
        "status",
        &[("case.toml", "args = ['--version']\nstatus = 77"), ANYTHING],
        Some("not 77"),
    ),
    (
        "file",
        &[
            ("case.toml", CALM),
            ANYTHING,
            ("in/a", "1\n"),
            ("out/a", "other\n"),
        ],
        Some("other"),
    ),
    (
        "line_end",
        &[
            ("case.toml", CALM),
            ANYTHING,
            ("in/a", "1\r\n"),
            ("out/a", "1\n"),
        ],
        Some("line ends"),
    ),
    (
        "missing",
        &[("case.toml", CALM), ANYTHING, ("out/b", "1\n")],
        Some("`b`"),
    ),
    (
        "absent",
        &[
            ("case.toml", "args = ['--version']\nabsent = ['a']"),
            ANYTHING,
            ("in/a", ""),
        ],
        Some("`a` exists"),
    ),
    (
        "log",
        &[
            ("case.toml", "args = ['--version']\nlog = ['other']"),
            ANYTHING,
        ],
        Some("git log"),
    ),
    (
        "tags",
        &[
            ("case.toml", "args = ['--version']\ntags = ['v1']"),
            ANYTHING,
        ],
        Some("git tag"),
    ),
    (
        "tree",
        &[
            (
                "case.toml",
                "tree = 'unchanged'\n[[step]]\nargs = ['--version']\nwrite = { b = 'x' }",
            ),
            ANYTHING,
        ],
        Some("`root/b` changed"),
    ),
    (
        "refs",
        &[
            (
                "case.toml",
                "tree = 'unchanged'\n[[step]]\nargs = ['--version']\ngit = ['tag v1']",
            ),
            ANYTHING,
        ],
        Some("(refs)"),
    ),
    (
        "unknown_key",
        &[("case.toml", "args = []\nstatu = 1")],
        Some("unknown field `statu`"),
    ),
    (
        "nothing_to_do",
        &[("case.toml", "status = 1")],
        Some("either `args`"),
    ),
];

/// One test a row.
pub(crate) fn trials() -> Vec<Trial> {
    let trial = |row: &'static Row| Trial::test(format!("harness/{}", row.0), || judge(row));
    ROWS.iter().map(trial).collect()
}

fn judge((name, files, complaint): &Row) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    for (path, text) in *files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        fs::write(path, text)?;
    }
    let result = harness::run(dir.path(), Path::new(RELKIT), harness::Mode::Verify);
    match (result, complaint) {
        (Ok(()), None) => Ok(()),
        (Err(said), Some(part)) if said.contains(part) => Ok(()),
        (result, _) => Err(format!("`{name}` gave {result:?}").into()),
    }
}

//! A repository made by `git fast-import`, and both programs run on it.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use camino::Utf8Path;
use relkit::{
    changelog::{
        cliff::{self, Cliff, Options, Strip},
        history::Selection,
    },
    world,
};
use tempfile::TempDir;

/// The configuration at this repository's root.
pub(crate) const OWN: &str = cliff::TEMPLATE;

/// A repository under construction: a stream for `git fast-import`.
#[derive(Default)]
pub(crate) struct History {
    stream: String,
    time: i64,
    marks: usize,
}

impl History {
    pub(crate) fn new() -> Self {
        Self {
            time: 1_700_000_000,
            ..Self::default()
        }
    }

    /// Moves the clock of the next commits.
    pub(crate) fn at(&mut self, time: i64) -> &mut Self {
        self.time = time;
        self
    }

    /// A commit on `branch` with the marks of its parents.
    pub(crate) fn commit_on(&mut self, branch: &str, message: &str, parents: &[usize]) -> usize {
        self.time += 100;
        self.marks += 1;
        let _ = write!(
            self.stream,
            "commit refs/heads/{branch}\nmark :{}\nauthor Ann <ann@example.org> {} +0000\n\
             committer Bob <bob@example.org> {} +0000\ndata {}\n{message}\n",
            self.marks,
            self.time,
            self.time + 7,
            message.len(),
        );
        for (index, parent) in parents.iter().enumerate() {
            let word = if index == 0 { "from" } else { "merge" };
            let _ = writeln!(self.stream, "{word} :{parent}");
        }
        self.stream.push('\n');
        self.marks
    }

    /// A commit on `main` after the last one.
    pub(crate) fn commit(&mut self, message: &str) -> &mut Self {
        let parents: Vec<usize> = (self.marks > 0).then_some(self.marks).into_iter().collect();
        self.commit_on("main", message, &parents);
        self
    }

    /// An annotated tag on the commit `mark`.
    pub(crate) fn tag_at(&mut self, name: &str, mark: usize) -> &mut Self {
        let message = format!("about {name}\n\nmore");
        let _ = write!(
            self.stream,
            "tag {name}\nfrom :{mark}\ntagger Tim <tim@example.org> {} +0000\ndata {}\n{message}\n",
            self.time + 11,
            message.len(),
        );
        self
    }

    /// An annotated tag on the last commit.
    pub(crate) fn tag(&mut self, name: &str) -> &mut Self {
        self.tag_at(name, self.marks)
    }

    /// A lightweight tag on the commit `mark`.
    pub(crate) fn light(&mut self, name: &str, mark: usize) -> &mut Self {
        let _ = write!(self.stream, "reset refs/tags/{name}\nfrom :{mark}\n\n");
        self
    }

    pub(crate) fn marks(&self) -> usize {
        self.marks
    }

    pub(crate) fn build(&self) -> Repository {
        let dir = TempDir::new().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let git = |arguments: &[&str], input: &str| {
            let mut child = program(Path::new("git"), &root)
                .args(arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            child
                .stdin
                .take()
                .unwrap()
                .write_all(input.as_bytes())
                .unwrap();
            assert!(child.wait().unwrap().success(), "git {arguments:?}");
        };
        git(&["init", "-q", "-b", "main"], "");
        git(&["fast-import", "--quiet", "--force"], &self.stream);
        Repository { _dir: dir, root }
    }
}

pub(crate) struct Repository {
    _dir: TempDir,
    root: PathBuf,
}

fn program(path: &Path, root: &Path) -> Command {
    let mut command = Command::new(path);
    command
        .current_dir(root)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", root)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

fn git_cliff() -> PathBuf {
    let parts = std::env::var_os("RELKIT_PARTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/parts"),
        PathBuf::from,
    );
    let path = parts.join("python/bin/git-cliff");
    assert!(
        path.exists(),
        "git-cliff is missing: run `cargo xtask test`, which provides it"
    );
    path
}

fn arguments(options: &Options) -> Vec<String> {
    let mut arguments = Vec::new();
    match &options.selection {
        Selection::All => {}
        Selection::Range(range) => arguments.push(range.clone()),
        Selection::Unreleased => arguments.push("--unreleased".to_owned()),
        Selection::Latest => arguments.push("--latest".to_owned()),
        Selection::Current => arguments.push("--current".to_owned()),
    }
    if let Some(tag) = &options.tag {
        arguments.extend(["--tag".to_owned(), tag.clone()]);
    }
    let strip = match options.strip {
        Strip::Nothing => return arguments,
        Strip::Header => "header",
        Strip::Footer => "footer",
        Strip::All => "all",
    };
    arguments.extend(["--strip".to_owned(), strip.to_owned()]);
    arguments
}

impl Repository {
    pub(crate) fn git(&self, arguments: &[&str]) {
        let status = program(Path::new("git"), &self.root)
            .args(arguments)
            .status()
            .unwrap();
        assert!(status.success(), "git {arguments:?}");
    }

    /// A configuration that git-cliff brings with it.
    pub(crate) fn shipped(&self, name: &str) -> String {
        let file = self.root.join("cliff.toml");
        let made = program(&git_cliff(), &self.root)
            .args(["--init", name])
            .output()
            .unwrap();
        assert!(made.status.success(), "{name}");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        text
    }

    /// What git-cliff prints, or `None` when it refuses.
    fn theirs(&self, config: Option<&str>, options: &Options) -> Option<String> {
        let mut command = program(&git_cliff(), &self.root);
        command.arg("--offline");
        let file = self.root.join(".git/config-of-the-test.toml");
        if let Some(config) = config {
            std::fs::write(&file, config).unwrap();
            command.arg("--config").arg(&file);
        }
        let output = command.args(arguments(options)).output().unwrap();
        output
            .status
            .success()
            .then(|| String::from_utf8(output.stdout).unwrap())
            // Without a template, it says so and ends well.
            .filter(|_| !String::from_utf8_lossy(&output.stderr).contains("ERROR"))
    }

    fn ours(&self, config: Option<&str>, options: &Options) -> Result<String, String> {
        let config: Cliff = match config {
            Some(config) => config
                .parse()
                .map_err(|e: cliff::CliffError| e.to_string())?,
            None => Cliff::default(),
        };
        let root = Utf8Path::from_path(&self.root).unwrap();
        let git = world::git::Git::discover(root).map_err(|error| error.to_string())?;
        let history = world::history::read(&git, &config.query(options))
            .map_err(|error| error.to_string())?;
        cliff::render(&config, &history, options).map_err(|error| error.to_string())
    }

    /// Both print the same, or both refuse.
    #[track_caller]
    pub(crate) fn same(&self, name: &str, config: Option<&str>, options: &Options) -> String {
        let (ours, theirs) = (self.ours(config, options), self.theirs(config, options));
        let shown = config.unwrap_or("(no cliff.toml)");
        match (ours, theirs) {
            (Ok(ours), Some(theirs)) if ours == theirs => ours,
            (Err(_), None) => String::new(),
            (ours, theirs) => {
                if let Ok(kept) = std::env::var("CLIFF_KEEP") {
                    let _ = Command::new("cp")
                        .arg("-r")
                        .arg(&self.root)
                        .arg(kept)
                        .status();
                }
                let theirs = theirs.unwrap_or_else(|| "(refuses)".to_owned());
                let ours = ours.unwrap_or_else(|error| format!("(refuses: {error})"));
                panic!(
                    "{name}, {options:?}\n=== configuration\n{shown}\n{}",
                    difference(&theirs, &ours)
                )
            }
        }
    }
}

/// The lines around the first difference.
fn difference(theirs: &str, ours: &str) -> String {
    let same = theirs
        .split('\n')
        .zip(ours.split('\n'))
        .take_while(|(a, b)| a == b);
    let from = same.count().saturating_sub(3);
    let part = |text: &str| {
        let lines: Vec<_> = text.split('\n').skip(from).take(12).collect();
        format!("from line {}: {:#?}", from + 1, lines)
    };
    format!(
        "=== git-cliff\n{}\n=== relkit\n{}",
        part(theirs),
        part(ours)
    )
}
